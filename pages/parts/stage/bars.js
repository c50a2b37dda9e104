// A world without a grid: the current state in words, and its actions' values as bars from zero.

class Bars {
  constructor() {
    this.aside = true;
    this.title = el("div", { class: "state-name" });
    this.list = el("div", { class: "bars" });
    this.node = el(
      "div",
      { class: "bar-world", tabindex: "0", "aria-label": "The current state and the values of its actions" },
      this.title,
      this.list,
    );
  }

  load(data, colours) {
    this.states = data.states;
    this.terminal = unpack(data.terminal);
    this.colours = colours;
    const names = entryNames(data);
    this.policy = data.learns === "pi";
    const key = JSON.stringify([names, this.policy]);
    if (key === this.key) return;
    this.key = key;
    this.rows = names.map((name) => this.makeRow(name));
    this.list.replaceChildren(...this.rows.map((row) => row.node));
  }

  makeRow(name) {
    const fill = el("i");
    const number = el("span", { class: "bar-number" });
    const node = el(
      "button",
      { type: "button", class: "bar", title: `Every update of ${this.policy ? "the preference for " : ""}“${name}” here` },
      el("span", { class: "bar-name" }, name),
      el("span", { class: "bar-track" }, fill),
      number,
    );
    return { node, fill, number };
  }

  layout() {}

  draw(tape, look) {
    this.state = tape.scene();
    setText(this.title, this.states[this.state] ?? "");
    const q = tape.row(tape.q, this.state);
    const visits = tape.row(tape.visits, this.state);
    const best = bestOf(q);
    const over = this.terminal[this.state] > 0;
    const row = look.row(this.state);
    const shown = Array.from(q, (_, a) => row[row.length > 1 ? a : 0]);
    const chances = look.chances;
    const longest = chances ? 1 : niceMax(Math.max(...shown.filter(Number.isFinite).map(Math.abs))); // within this one state
    this.rows.forEach((row, a) =>
      this.drawRow(row, shown[a], look.range, {
        longest,
        tried: this.policy || look.guesses ? Number.isFinite(shown[a]) : visits[a] > 0,
        missing: this.policy || q[a] === -Infinity,
        chances,
        greedy: !over && q.length > 1 && (look.guesses || visits.some((n) => n > 0)) && best.includes(a),
      }),
    );
    this.markUpdated(tape, look.outline);
  }

  drawRow({ node, fill, number }, value, range, { tried, missing, greedy, longest, chances }) {
    const share = Number.isFinite(value) ? value / longest : 0;
    const zero = range.signed ? 0.5 : 0;
    const width = Math.abs(share) * (range.signed ? 0.5 : 1);
    fill.style.left = `${100 * (share < 0 ? zero - width : zero)}%`;
    fill.style.width = `${100 * width}%`;
    fill.style.background = rgb(this.colours.of(value, range));
    node.classList.toggle("untried", !tried);
    node.classList.toggle("greedy", greedy);
    node.classList.toggle("signed", range.signed);
    setText(number, tried ? (chances ? fmtChance(value) : fmt(value)) : missing ? "not possible" : "never tried");
  }

  markUpdated(tape, outline) {
    const named = tape.updated();
    const others = outline ? tape.updatedToo() : [];
    this.rows.forEach(({ node }, a) => {
      const entry = entryOf(this.state, a, tape.width);
      node.classList.toggle("updated", entry === named);
      node.classList.toggle("updated-too", others.includes(entry));
    });
  }
}
