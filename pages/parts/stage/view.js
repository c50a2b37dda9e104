// What a view shows: the numbers behind the colours, and the range of the colour scale.

const VIEWS = [
  ["values", "Values", "Q(s, a): a wedge for every action", "value Q(s, a)"],
  ["best", "Best", "The highest value in each state, max Q(s, a)", "best value in the state"],
  ["policy", "Policy", "Only the greedy actions", "arrows: greedy actions; ties have several"],
  ["visits", "Visits", "How often each state was visited", "visits (log scale)"],
  ["error", "Error", "How far the values are from the exact ones, |Q − Q*|", "error, |Q − Q*|"],
];
const VIEWS_OF_STATES = [
  ["values", "Values", "V(s): what each state is worth under the policy", "value V(s)"],
  ["visits", "Visits", "How often each state was visited", "visits (log scale)"],
  ["error", "Error", "How far the values are from the exact ones, |V − vπ|", "error, |V − vπ|"],
];
const VIEWS_OF_POLICIES = [
  ["policy", "Policy", "π(a|s): how likely each action is", "the larger, the likelier"],
  ["visits", "Visits", "How often each state was visited", "visits (log scale)"],
];
const LOG_FROM = 8; // counts beyond which a scale is logarithmic

function highest(values) {
  let high = -Infinity;
  for (const x of values) if (x > high) high = x;
  return high;
}

/** The largest size of a state's value, max over actions: single very bad actions do not wash out all the others. */
function valueSpan(values, width, terminal) {
  let span = 0;
  for (let s = 0; s * width < values.length; s++) {
    const best = terminal[s] ? 0 : Math.abs(highest(values.subarray(s * width, (s + 1) * width)));
    if (Number.isFinite(best)) span = Math.max(span, best);
  }
  return span;
}

/** A logarithmic scale up to a power of two: it moves seldom. */
const logRange = (peak) => ({ log: true, max: 2 ** Math.ceil(Math.log2(Math.max(LOG_FROM, peak))) });

/** Makes looks: everything the painters need to know about a view. */
class Looks {
  load({ q_star: exact, width, n_states: states, terminal, tables, learns, ascends, names }) {
    this.width = width;
    this.guesses = Boolean(names?.guesses);
    this.policy = learns === "pi";
    this.ascends = Boolean(ascends);
    const key = JSON.stringify([exact, width, states, tables, learns]);
    if (key === this.key) return;
    this.key = key;
    const known = exact && unpack(exact);
    this.exact = known && known.length === states * width ? known : null; // of the same kind as the values
    this.span = this.exact ? valueSpan(this.exact, width, unpack(terminal)) : 0;
    this.signed = this.exact ? this.exact.some((x) => x < 0 && x > -Infinity) : false;
    this.extras = new Map(tables.slice(2).map((table) => [table.name, table]));
    this.views = this.list();
  }

  /** Lists the views there are: {name, title, says, legend, off}; the agent's own tables come last. */
  list() {
    const views = this.policy ? VIEWS_OF_POLICIES : this.width > 1 ? VIEWS : VIEWS_OF_STATES;
    const usual = views.map(([name, title, says, legend]) => ({
      name, title, says, legend, off: name === "error" && !this.exact,
    }));
    const own = [...this.extras.values()];
    return [...usual, ...own.map(({ name, title, says }) => ({ name, title, says, legend: says, off: false }))];
  }

  /** The view as it can be shown here: a wish that makes no sense is passed over. */
  fit(wish) {
    const view = this.views.find(({ name, off }) => name === wish && !off);
    return view ?? this.views[0];
  }

  range(name, tape) {
    const own = this.extras.get(name);
    if (own && this.policy && own.kind !== "count") return ownRange(tape.part(name), own, this.ascends && tape.table(name));
    if (own) return own.kind === "count" ? countRange(tape.part(name).peak) : this.rangeOf(tape, tape.part(name));
    if (name === "visits") return logRange(highest(tape.visits) * 2);
    const range = this.rangeOf(tape, null);
    return name === "error" ? { ...range, signed: false } : range;
  }

  /** The range of the values, wide enough for another table. */
  rangeOf(tape, other) {
    if (this.policy) return { max: 1, signed: false };
    const mine = tape.partOf(0);
    const known = this.span || mine.peak;
    const peak = Math.max(known, other?.peak ?? 0);
    return { max: niceMax(peak), signed: this.signed || mine.negative || Boolean(other?.negative) };
  }

  make(wish, tape) {
    const { name: view, title, legend } = this.fit(wish);
    const own = this.extras.get(view) ?? null;
    return keyed({
      view,
      title,
      legend,
      own,
      policy: this.policy,
      ascends: this.ascends,
      chances: this.policy && view === "policy",
      guesses: this.guesses && view !== "visits" && !own, // values that were never told, but follow from others
      whole: this.isWhole(view), // a cell has one colour
      arrows: this.width > 1 && !own,
      range: this.range(view, tape),
      valueRange: this.range("values", tape),
      row: (state) => this.row(view, tape, state),
      sum: (row) => (view === "visits" ? row.reduce((sum, n) => sum + n, 0) : highest(row)),
    });
  }

  isWhole(view) {
    const own = this.extras.get(view);
    return this.width === 1 || (own ? own.kind === "state" : view !== (this.policy ? "policy" : "values"));
  }

  /** A state's numbers in a view, one for each value it has. */
  row(view, tape, state) {
    if (view === "visits") return tape.row(tape.visits, state);
    if (this.extras.has(view)) return tape.row(tape.table(view), state);
    const values = tape.row(tape.q, state);
    return view === "error" ? values.map((x, a) => this.miss(x, state * this.width + a)) : values;
  }

  miss(value, entry) {
    const miss = Math.abs(value - this.exact[entry]);
    return Number.isFinite(miss) ? miss : 0; // an action that is missing in both
  }
}

/** Names what decides how all cells look. */
const keyed = (look) => ({ ...look, key: [look.view, look.range.max, look.range.signed, look.range.log].join() });

const countRange = (peak) => (peak >= LOG_FROM ? logRange(peak) : { max: niceMax(peak) });

/** The range of what is behind a policy: on either side of 0 where it is of actions; `now` where only that is to fit. */
function ownRange({ peak, negative }, { kind }, now) {
  const sizes = now ? now.filter(Number.isFinite).map(Math.abs) : [peak];
  return { max: niceMax(highest(sizes)), signed: kind !== "state" || negative };
}

/** Gives two looks at the same kind of numbers one scale, so that their colours can be compared. */
function onOneScale(one, other) {
  if (one.view !== other.view || one.range.log !== other.range.log) return [one, other];
  const wider = (a, b) => ({ ...a, max: Math.max(a.max, b.max), signed: a.signed || b.signed });
  const range = wider(one.range, other.range);
  const valueRange = wider(one.valueRange, other.valueRange);
  return [one, other].map((look) => keyed({ ...look, range, valueRange }));
}
