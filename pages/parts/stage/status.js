// Where the run stands, which view is shown, and what its colours mean.

class Status {
  constructor({ onView }) {
    const names = ["episode", "step", "return", "ε"];
    this.facts = Object.fromEntries(names.map((name) => [name, el("dd", {}, "–")]));
    this.terms = Object.fromEntries(names.map((name) => [name, el("dt", {}, name)]));
    this.list = el("dl", { class: "facts" }, ...names.map((name) => el("div", {}, this.terms[name], this.facts[name])));
    this.views = new Choices("View", onView);
    this.scale = el("div", { class: "scale" });
    this.ends = ["", "", ""].map(() => el("span"));
    this.meaning = el("div", { class: "meaning" });
    this.untried = el("span");
    this.legend = el(
      "div",
      { class: "legend" },
      this.meaning,
      this.scale,
      el("div", { class: "ends" }, ...this.ends),
      el("div", { class: "hatched" }, el("i"), this.untried),
    );
    this.node = el("div", { class: "aside" }, this.list, this.views.node, this.legend);
  }

  /** Takes the views there are, whether it is states or actions that are tried, and what else things are called. */
  load({ views, width, names, learns, ascends }) {
    for (const [name, term] of Object.entries(this.terms)) setText(term, names?.[name] ?? (ascends && name === "return" ? "J" : name));
    for (const part of [this.facts.episode.parentElement, this.untried.parentElement]) setHidden(part, Boolean(ascends));
    setText(this.untried, names?.untried ?? (width > 1 && learns !== "pi" ? "never tried" : "never visited"));
    const key = JSON.stringify(views);
    if (key === this.key) return;
    this.key = key;
    this.views.load(views.map(({ name, title, says, off }) => [name, title, says, off]));
    this.legendKey = null;
  }

  draw(tape) {
    const step = tape.lastStep();
    const { episode, k, ret } = step ? { ...step, k: step.k + 1 } : tape.clock; // at the buffer's start
    setText(this.facts.episode, grouped(episode + 1));
    setText(this.facts.step, grouped(k));
    setText(this.facts.return, fmt(ret));
    const epsilon = step ? step.epsilon : (tape.steps.epsilon?.[0] ?? NaN);
    setText(this.facts["ε"], fmtSetting(epsilon));
    setHidden(this.facts["ε"].parentElement, !Number.isFinite(epsilon));
  }

  drawLegend(look, colours) {
    const key = look.key + colours.key;
    if (key === this.legendKey) return;
    this.legendKey = key;
    this.views.mark(look.view);
    const { range } = look;
    for (const node of [this.scale, this.ends[0].parentElement]) setHidden(node, look.view === "policy");
    setText(this.meaning, look.legend);
    this.meaning.title = look.legend;
    this.scale.style.background = `linear-gradient(to right, ${(range.signed ? colours.signed : colours.count)
      .filter((_, i) => i % 4 === 0)
      .map(rgb)
      .join(",")})`;
    setText(this.ends[0], range.signed ? fmt(-range.max) : "0");
    setText(this.ends[1], range.signed ? "0" : "");
    setText(this.ends[2], fmt(range.max));
  }
}
