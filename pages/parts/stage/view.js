// What a view shows: the number behind each cell's colour, and the range of the colour scale.

function highest(values) {
  let high = -Infinity;
  for (const x of values) if (x > high) high = x;
  return high;
}

/** The largest size of a state's value, max over actions: single very bad actions do not wash out all the others. */
function valueSpan(q, actions, terminal) {
  let span = 0;
  for (let s = 0; s * actions < q.length; s++) {
    if (!terminal[s]) span = Math.max(span, Math.abs(highest(q.subarray(s * actions, (s + 1) * actions))));
  }
  return span;
}

/** Makes looks: everything the painters need to know about a view. */
class Looks {
  load({ q_star: exact, n_actions: actions, terminal }) {
    this.actions = actions;
    const key = JSON.stringify([exact, actions]);
    if (key === this.key) return;
    this.key = key;
    this.exact = exact && unpack(exact);
    this.span = exact ? valueSpan(this.exact, actions, unpack(terminal)) : 0;
    this.signed = exact ? this.exact.some((x) => x < 0) : false;
  }

  range(view, tape) {
    if (view === "visits") return { log: true, max: 2 ** Math.ceil(Math.log2(Math.max(8, highest(tape.visits) * 2))) };
    const max = niceMax(this.span || tape.peak);
    return { max, signed: view !== "error" && (this.signed || tape.negative) };
  }

  make(view, tape) {
    const range = this.range(view, tape);
    return {
      view,
      range,
      key: [view, range.max, range.signed].join(),
      valueRange: this.range("values", tape),
      valueOf: (q, visits, state) => this.ofState(view, q, visits, state),
      show: (q, visits, state, a) => this.ofAction(view, q, visits, state, a),
    };
  }

  ofState(view, q, visits, state) {
    if (view === "visits") return visits.reduce((sum, n) => sum + n, 0);
    if (view === "error") return Math.max(...q.map((_, a) => this.ofAction(view, q, visits, state, a)));
    return highest(q);
  }

  ofAction(view, q, visits, state, a) {
    if (view === "visits") return visits[a];
    return view === "error" ? Math.abs(q[a] - this.exact[state * this.actions + a]) : q[a];
  }
}
