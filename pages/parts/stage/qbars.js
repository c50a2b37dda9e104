// What a net says of each action of the state a body is in: bars from 0 on one scale, the target net's values as ticks.

class ValueBars {
  constructor() {
    this.head = el("span");
    this.list = el("div", { class: "q-list" });
    const help = "What the net says each action is worth; the tick is what the target net says";
    const tick = el("span", { class: "faint" }, el("i", { class: "q-tick sample" }), " target net");
    this.node = el("div", { class: "q-bars", hidden: true }, el("div", { class: "q-head", title: help }, this.head, tick), this.list);
  }

  load(actions) {
    this.rows = actions.map(({ name }) => makeValueBar(name));
    this.list.replaceChildren(...this.rows.map(({ node }) => node));
  }

  draw(tape, colours) {
    const [q, target] = [tape.moment("q"), tape.moment("target")];
    const { low, high } = this.scale(tape);
    const best = bestOf(q);
    const share = (x) => clamp((x - low) / (high - low), 0, 1);
    const range = { signed: true, max: Math.max(-low, high) };
    this.rows.forEach((row, a) => {
      const [from, to] = [share(0), share(q[a])].sort((x, y) => x - y);
      row.fill.style.left = `${100 * from}%`;
      row.fill.style.width = `${100 * (to - from)}%`;
      row.fill.style.background = rgb(colours.of(q[a], range));
      row.tick.style.left = `${100 * share(target[a])}%`;
      row.zero.style.left = `${100 * share(0)}%`;
      row.node.classList.toggle("greedy", best.includes(a));
      setText(row.number, fmt(q[a]));
      const says = `${fmt(q[a])}, by the target net ${fmt(target[a])}${best.includes(a) ? ", the best" : ""}`;
      if (row.node.title !== says) row.node.title = says;
      setText(row.said, best.includes(a) ? "best" : "");
    });
    const next = tape.last("ended") && !tape.anew;
    setText(this.head, next ? "Q(s, a) where the next episode starts" : "Q(s, a) of this state");
  }

  /** From the least to the largest value in the buffer, 0 included, in round numbers. */
  scale({ moments: { q, target } }) {
    if (q.data === this.known) return this.ends;
    let [low, high] = [0, 0];
    for (const { data } of [q, target])
      for (const x of data) {
        if (x < low) low = x;
        if (x > high) high = x;
      }
    this.known = q.data;
    this.ends = { low: low && -niceMax(-low), high: high || !low ? niceMax(high) : 0 };
    return this.ends;
  }
}

function makeValueBar(name) {
  const [fill, tick, zero] = [el("i", { class: "q-fill" }), el("i", { class: "q-tick" }), el("i", { class: "q-zero" })];
  const [number, said] = [el("span", { class: "share" }), el("span", { class: "unseen" })];
  const track = el("span", { class: "q-track" }, zero, fill, tick);
  const node = el("div", { class: "q-row" }, el("span", {}, name), track, number, said);
  return { node, fill, tick, zero, number, said };
}
