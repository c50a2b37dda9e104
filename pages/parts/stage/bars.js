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
    const key = JSON.stringify(data.actions);
    if (key === this.key) return;
    this.key = key;
    this.rows = data.actions.map((action) => this.makeRow(action));
    this.list.replaceChildren(...this.rows.map((row) => row.node));
  }

  makeRow({ name }) {
    const fill = el("i");
    const number = el("span", { class: "bar-number" });
    const node = el(
      "button",
      { type: "button", class: "bar", title: `Every update of “${name}” here` },
      el("span", { class: "bar-name" }, name),
      el("span", { class: "bar-track" }, fill),
      number,
    );
    return { node, fill, number };
  }

  layout() {}

  draw(tape, look) {
    tape.takeChanged();
    this.state = tape.scene();
    setText(this.title, this.states[this.state] ?? "");
    const q = tape.row(tape.q, this.state);
    const visits = tape.row(tape.visits, this.state);
    const best = bestOf(q);
    const over = this.terminal[this.state] > 0;
    const shown = Array.from(q, (_, a) => look.show(q, visits, this.state, a));
    const longest = niceMax(Math.max(...shown.map(Math.abs))); // lengths compare the actions of this one state

    this.rows.forEach((row, a) =>
      this.drawRow(row, shown[a], look.range, {
        longest,
        tried: visits[a] > 0,
        greedy: !over && visits.some((n) => n > 0) && best.includes(a),
      }),
    );
    this.markUpdated(tape.lastStep());
  }

  drawRow({ node, fill, number }, value, range, { tried, greedy, longest }) {
    const share = value / longest;
    const zero = range.signed ? 0.5 : 0;
    const width = Math.abs(share) * (range.signed ? 0.5 : 1);
    fill.style.left = `${100 * (share < 0 ? zero - width : zero)}%`;
    fill.style.width = `${100 * width}%`;
    fill.style.background = rgb(this.colours.of(value, range));
    node.classList.toggle("untried", !tried);
    node.classList.toggle("greedy", greedy);
    node.classList.toggle("signed", range.signed);
    setText(number, tried ? fmt(value) : "never tried");
  }

  markUpdated(step) {
    this.rows.forEach(({ node }, a) =>
      node.classList.toggle("updated", Boolean(step) && step.state === this.state && step.action === a),
    );
  }
}
