// Predicting an update before it is shown, and what became of the prediction.

class Forecast {
  constructor(stage, phases) {
    Object.assign(this, { stage, phases });
    this.input = el("input", { type: "number", step: "any", "aria-label": "The new value" });
    this.value = el(
      "form",
      { onsubmit: (event) => this.submit(event) },
      this.input,
      el("button", { type: "submit", class: "flat strong" }, "Predict"),
    );
    this.choices = el("div", { class: "moves" });
    this.form = el("div", { class: "forecast" }, this.value, this.choices, textButton("Show me", "See the update without a prediction", () => this.phases.waive()));
    this.verdict = el("p", { class: "verdict", role: "status", hidden: true });
    this.node = el("div", {}, this.form, this.verdict);
  }

  load({ loop, actions }) {
    const asksAction = loop.question === "action";
    setHidden(this.value, asksAction);
    setHidden(this.choices, !asksAction);
    const key = JSON.stringify(actions);
    if (key === this.key) return;
    this.key = key;
    this.choices.replaceChildren(
      ...actions.map(({ name }, a) => textButton(name, `${name} will look best`, () => this.say(a), "flat strong")),
    );
  }

  submit(event) {
    event.preventDefault();
    const said = this.input.valueAsNumber;
    if (Number.isFinite(said)) this.say(said);
    else this.input.focus();
  }

  say(said) {
    this.stage.post.push("guess", { step: this.stage.player.t - 1, said });
  }

  /** Asks for what is about to come, with all that is needed to work it out. */
  question(step, note) {
    const { states, actions, loop } = this.stage.data;
    const where = `Q(${states[step.updated_state]}; ${actions[step.updated_action].name})`;
    const ahead = step.ended === 1 ? "nothing comes after it" : `max Q(S′, a) = ${fmt(step.bootstrap)} and γ = ${fmtSetting(step.gamma)}`;
    const known = `${where} was ${fmt(step.old)}. The reward is ${fmt(step.reward)}, ${ahead}. The step size α is ${fmtSetting(step.alpha)}.`;
    return loop.question === "action"
      ? `${known} Which action will look best in this state after the update?`
      : `${known} What will it be now?`;
  }

  show(asks, verdict) {
    const fresh = asks && this.form.hidden;
    setHidden(this.form, !asks);
    setHidden(this.verdict, !verdict);
    if (fresh) this.input.value = "";
    if (fresh && this.stage.node.contains(this.stage.node.getRootNode().activeElement)) this.input.focus({ preventScroll: true });
    if (!verdict) return;
    this.verdict.classList.toggle("right-answer", verdict.right);
    setText(this.verdict, verdict.says);
  }
}
