// The update rule with this step's numbers in place, the error named, and the step in words.

const SETTINGS = new Set(["reward", "alpha", "gamma", "epsilon"]);
const NEARLY = 5e-4; // of the target: an error that rounds to nothing
const MORE = "Held against what was expected; more chances are those of other actions and states that changed as well";

class Equation {
  constructor() {
    this.caption = el("span", { class: "whose", hidden: true });
    this.name = el("span", { class: "rule" });
    this.tokens = el("div", { class: "tokens", role: "math" });
    this.error = el("span", { class: "error" });
    this.words = el("p", { class: "words" });
    this.live = el("div", { class: "unseen", "aria-live": "polite" });
    this.node = el(
      "section",
      { class: "equation", "aria-label": "The last update" },
      el("div", { class: "rule-row" }, el("span", {}, this.caption, this.name), this.error),
      this.tokens,
      this.words,
      this.live,
    );
  }

  /** Takes the rule; `caption` says whose it is where there are two. */
  load(data, caption = "") {
    this.data = data;
    setText(this.name, data.bold ?? "");
    setText(this.caption, caption);
    setHidden(this.caption, !caption);
    this.error.title = data.learns === "pi" && !data.ascends ? MORE : "";
    const key = JSON.stringify([data.equation, data.palette]);
    if (key === this.key) return;
    this.key = key;
    this.bootstraps = data.equation.some(({ column }) => column === "bootstrap"); // else there is no difference in time
    this.parts = data.equation.map((token) => this.makeToken(token, data.palette));
    this.tokens.replaceChildren(...this.parts.map((part) => part.node));
  }

  makeToken({ role, symbol, column }, palette) {
    const number = el("span", { class: "number" }, column ? "–" : symbol);
    const node = el(
      "span",
      { class: column ? "token quantity" : "token" },
      el("span", { class: "symbol" }, symbol),
      number,
    );
    if (palette[role]) node.style.setProperty("--role", `var(--${role})`);
    return { node, number, column, write: SETTINGS.has(column) ? fmtSetting : fmt };
  }

  draw(tape, speaking) {
    const step = tape.lastStep();
    const updated = tape.updated() >= 0;
    for (const { number, column, write } of this.parts) {
      if (column) setText(number, updated ? write(step[column]) : "–");
    }
    const error = updated ? this.sayError(step) : "no update in this step";
    setText(this.error, step ? [error, this.sayOthers(tape)].filter(Boolean).join(" · ") : "");
    const told = tape.note(tape.t - 1)?.why; // a world that says why by itself
    setText(this.words, step ? (told ?? sayStep(step, tape.rowBefore(step.state), this.data)) : this.sayNothing(tape));
    if (speaking) setText(this.live, `${this.caption.textContent} Step ${tape.t}. ${this.words.textContent}`);
  }

  /** How many values changed beside the one whose error is named; a net's differ as the body is elsewhere now. */
  sayOthers(tape) {
    const { ascends, learns, world } = this.data;
    const others = ascends || world.kind === "body" ? 0 : tape.updatedToo().length;
    if (!others) return "";
    return learns === "pi" ? `${grouped(others)} more chances` : `${plural(others, "more value")} changed`;
  }

  sayError({ target, old, baseline }) {
    if (this.data.ascends) return ""; // the words say what it led to
    if (this.data.learns === "pi") return this.sayAdvantage({ target, baseline, error: target - baseline });
    const error = target - old;
    if (this.data.names?.error) return `${this.data.names.error} ${error > 0 ? "+" : ""}${fmt(error)}`; // nobody expected anything
    const verdict =
      Math.abs(error) < NEARLY * Math.max(1, Math.abs(target))
        ? "as expected"
        : error > 0
          ? "better than expected"
          : "worse than expected";
    return `${this.bootstraps ? "TD error" : "error"} ${error > 0 ? "+" : ""}${fmt(error)}, ${verdict}`;
  }

  /** What followed, held against the baseline: that is what moves a preference, which has no target of its own. */
  sayAdvantage({ target, baseline, error }) {
    const symbol = (name) => this.data.equation.find(({ column }) => column === name)?.symbol;
    const [followed, held] = ["target", "baseline"].map(symbol);
    if (!held) return `δ = ${followed} = ${fmt(target)}`;
    const size = Math.max(Math.abs(target), Math.abs(baseline));
    const than = Math.abs(error) <= NEARLY * size ? "about" : error > 0 ? "more than" : "less than";
    const compared = `${followed ?? "target"} ${fmt(target)} is ${than} ${held} ${fmt(baseline)}`;
    return `δ = ${error > 0 ? "+" : ""}${fmt(error)}: ${compared}`;
  }

  sayNothing(tape) {
    return tape.t === 0
      ? this.data.start ?? "Nothing has happened yet: press play, or take one step."
      : "Take a step to see the next update.";
  }
}
