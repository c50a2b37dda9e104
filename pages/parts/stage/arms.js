// The arms of a bandit: what each truly pays, what the agent believes, and how sure it is. By hand, they are pulled here.

const DROP = 260; // ms a reward takes to fall
const ROOMY = 25; // px of a column: below it numbers stand upright

class Arms {
  constructor(stage) {
    Object.assign(this, { aside: false, stage, open: {}, count: 0, hover: -1, drop: null });
    this.facts = Object.fromEntries(["pulls", "average reward", "best arm", "regret"].map((name) => [name, el("dd")]));
    this.reveal = el("input", { type: "checkbox", role: "switch", onchange: () => this.show(this.reveal.checked) });
    this.canvas = el("canvas", { "aria-hidden": "true" });
    this.tip = el("div", { class: "tip", hidden: true });
    this.row = el("div", { class: "arm-row" });
    this.legend = el("div", { class: "arm-legend" });
    this.painter = new ArmPainter(this.canvas);
    this.node = el(
      "div",
      { class: "arms", tabindex: "0", role: "group", "aria-label": "The arms. Space plays and pauses, arrows step." },
      this.makeHead(),
      el("div", { class: "sheet" }, this.canvas, this.tip),
      this.row,
      this.legend,
    );
    this.calm = window.matchMedia("(prefers-reduced-motion: reduce)");
    this.listen();
  }

  makeHead() {
    const list = Object.entries(this.facts).map(([name, value]) => el("div", {}, el("dt", {}, name), value));
    const help = "What each arm truly pays: nobody who plays knows it";
    const toggle = el("label", { class: "reveal", title: help }, this.reveal, "show the true values");
    return el("div", { class: "arm-head" }, el("dl", { class: "facts" }, ...list), toggle);
  }

  listen() {
    const on = (type, act) => this.canvas.addEventListener(type, act);
    on("pointermove", (event) => this.point(this.painter.armAt(event.offsetX)));
    on("pointerleave", () => this.point(-1));
    on("click", (event) => this.pull(this.painter.armAt(event.offsetX)));
  }

  load(data, colours) {
    Object.assign(this, { data, colours, bandit: data.bandit });
    const { hand, score } = data.bandit;
    this.node.classList.toggle("by-hand", hand);
    this.reveal.checked = this.truth;
    const key = JSON.stringify([data.line, data.bandit, colours.key]);
    if (data.n_actions !== this.count) this.makeRow(data.n_actions);
    if (key === this.key) return;
    this.key = key;
    this.painter.load(data, colours);
    this.node.style.setProperty("--agent", this.painter.inks.accent);
    for (const button of this.buttons) button.disabled = !hand;
    this.legend.replaceChildren(...legendOf(hand, score, this.truth));
  }

  /** Whether the true values are shown: by hand only when asked for. */
  get truth() {
    return this.open[this.bandit.hand] ?? !this.bandit.hand;
  }

  show(open) {
    this.open[this.bandit.hand] = open;
    this.legend.replaceChildren(...legendOf(this.bandit.hand, this.bandit.score, open));
    this.stage.wake();
  }

  makeRow(count) {
    this.count = count;
    this.buttons = Array.from({ length: count }, (_, arm) => {
      const [star, pulls] = [el("i", { class: "star" }), el("span")];
      const node = el("button", { type: "button", onclick: () => this.pull(arm) }, star, el("b", {}, String(arm + 1)), pulls);
      return Object.assign(node, { star, pulls });
    });
    this.row.replaceChildren(...this.buttons);
  }

  layout(width, height) {
    this.painter.fit(width, Math.max(190, Math.min(height - 100, 290)));
    this.row.classList.toggle("tight", width / this.count < ROOMY + 3);
    this.node.style.width = `${width}px`;
  }

  pull(arm) {
    if (!this.bandit.hand || arm < 0 || arm >= this.count) return;
    this.stage.player.pause();
    this.stage.post.push("pull", { arm });
  }

  typed({ key, target, ctrlKey, metaKey, altKey }) {
    const typed = target.tagName === "INPUT" && target.type !== "range" && target.type !== "checkbox";
    if (!this.bandit.hand || typed || ctrlKey || metaKey || altKey || !/^[0-9]$/.test(key)) return false;
    this.pull(key === "0" ? 9 : Number(key) - 1);
    return true;
  }

  point(arm) {
    this.hover = arm;
    this.stage.wake();
  }

  draw(tape, look) {
    const now = performance.now();
    const seen = this.look(tape);
    this.painter.draw(seen, { truth: this.truth, hover: this.hover, part: this.fall(tape, look, now), tape });
    if (look.fast && now < this.due) return;
    this.due = now + SLOW_TEXT;
    this.write(tape, seen);
    this.say(seen);
  }

  /** How far the last reward has fallen, 0 to 1. */
  fall(tape, { fast }, now) {
    if (tape.t === this.before + 1 && !fast && !this.calm.matches) this.drop = now;
    else if (tape.t !== this.before) this.drop = null;
    this.before = tape.t;
    if (this.drop === null) return 1;
    const part = clamp((now - this.drop) / DROP, 0, 1);
    if (part < 1) this.stage.wake();
    else this.drop = null;
    return part;
  }

  /** What there is to see at the playhead: what it goes by is that of the choice just made. */
  look(tape) {
    const { hand } = this.bandit;
    const chose = Math.max(tape.t - 1, tape.t0);
    const [value, width] = ["value", "width"].map((name) => tape.moment(name));
    const [score, chance] = ["score", "chance"].map((name) => momentOf(tape, name, chose));
    const best = highest(value);
    return { q: tape.q, visits: tape.visits, value, width, score, chance, best, hand, step: tape.lastStep() };
  }

  write(tape, { value, best, visits, step }) {
    const { t } = tape;
    const facts = [grouped(t), t && step ? fmt(step.ret / t) : "\u2013", `${t ? Math.round((100 * tape.moment("best")[0]) / t) : 0} %`];
    facts.push(fmt(Number(tape.moment("regret")[0].toPrecision(4))));
    Object.values(this.facts).forEach((node, i) => {
      setText(node, facts[i]);
      setHidden(node.parentElement, i > 1 && !this.truth);
    });
    this.buttons.forEach((button, arm) => {
      setText(button.star, this.truth && value[arm] === best ? "★" : "");
      setText(button.pulls, grouped(visits[arm]));
      button.classList.toggle("last", step?.action === arm);
      const label = this.describe(arm, tape);
      if (button.ariaLabel !== label) button.ariaLabel = label;
    });
  }

  describe(arm, tape) {
    const n = tape.visits[arm];
    const width = tape.moment("width")[arm];
    const known = n ? `estimate ${fmt(tape.q[arm])}${width < 1e9 ? ` ± ${brief(width)}` : ""}, ${plural(n, "pull")}` : "never pulled: unknown";
    const truth = this.truth ? `, truly ${fmt(Number(tape.moment("value")[arm].toPrecision(4)))}` : "";
    return `${this.bandit.hand ? "Pull arm" : "Arm"} ${arm + 1}: ${known}${truth}`;
  }

  say() {
    setHidden(this.tip, this.hover < 0);
    if (this.hover < 0) return;
    setText(this.tip, this.buttons[this.hover].ariaLabel);
    const half = this.tip.offsetWidth / 2;
    const { width } = this.painter;
    this.tip.style.left = `${clamp(this.painter.centre(this.hover), half, Math.max(half, width - half))}px`;
    this.tip.style.top = "34px";
  }
}

/** A row of a moment other than the playhead's. */
function momentOf(tape, name, t) {
  const { width, data } = tape.moments[name];
  return data.subarray((t - tape.t0) * width, (t - tape.t0 + 1) * width);
}

/** Names the marks; `score` is what the algorithm goes by. */
function legendOf(hand, score, truth) {
  const marks = [["estimate", "estimate ± 95 %"], ["reward", "rewards"]];
  if (truth) marks.unshift(["truth", "true value, and how rewards spread"]);
  if (SCORES.has(score)) marks.push([`score ${score}`, `${score} it chose by`]);
  if (!hand) marks.push(["chance", "chance of each arm"]);
  marks.push(["unknown", "never pulled"]);
  return marks.map(([kind, text]) => el("span", {}, el("i", { class: kind }), text));
}
