// What each step changed in the tables: all that the server lists; or, where a step changes one value only, what its
// log names; or, where it changes them all, the values of each moment. The entries of the tables are numbered through,
// one table behind the other: values, visits, and the others.

const MOST_LISTED = 1000000; // changes kept: where steps change many entries, fewer of them are kept

/** Everything each step changed: several updates, traces, planning, visits. */
class ListedChanges {
  constructor(packed) {
    for (const [name, column] of Object.entries(packed)) this[name] = unpack(column);
  }

  /** Adds the changes of further steps: the first `skip` of them are known, and the oldest `drop` are forgotten. */
  append(packed, drop, skip) {
    const more = new ListedChanges(packed);
    const [start, known, end] = [this.first[drop], more.first[skip], this.first.at(-1)];
    this.first = joined(
      this.first.subarray(drop).map((x) => x - start),
      more.first.subarray(skip + 1).map((x) => x - known + end - start),
    );
    for (const name of ["entry", "was", "now"])
      this[name] = joined(this[name].subarray(start), more[name].subarray(known));
  }

  /** How many of the oldest steps make the list too long. */
  surplus() {
    const beyond = this.entry.length - MOST_LISTED;
    return beyond > 0 ? this.first.findIndex((x) => x >= beyond) : 0;
  }

  /** How many entries the steps from one to another changed. */
  count(from, to) {
    return this.first[to] - this.first[from];
  }

  redo(i, values) {
    for (let k = this.first[i]; k < this.first[i + 1]; k++) values[this.entry[k]] = this.now[k];
  }

  undo(i, values) {
    for (let k = this.first[i]; k < this.first[i + 1]; k++) values[this.entry[k]] = this.was[k];
  }

  /** Calls `visit` with each entry that step i changed, and its number before. */
  each(i, visit) {
    for (let k = this.first[i]; k < this.first[i + 1]; k++) visit(this.entry[k], this.was[k]);
  }

  /** Calls `visit` with all entries changed from step i on, and their new numbers. */
  eachNew(i, visit) {
    for (let k = this.first[i]; k < this.entry.length; k++) visit(this.entry[k], this.now[k]);
  }
}

/** The one value that each step's log names, and the visit it counts. */
class NamedChanges {
  constructor(tape) {
    this.tape = tape;
  }

  append() {} // the tape's steps say it all

  surplus() {
    return 0;
  }

  count(from, to) {
    return to - from;
  }

  redo(i, values) {
    this.put(i, values, this.tape.steps.new, 1);
  }

  undo(i, values) {
    this.put(i, values, this.tape.steps.old, -1);
  }

  put(i, values, column, count) {
    const { steps, width, size } = this.tape;
    const entry = this.entry(i);
    if (entry >= 0) values[entry] = column[i];
    values[size + steps.state[i] * width + (width > 1 ? steps.action[i] : 0)] += count;
  }

  /** The value that step i updated, -1 where it updated none. */
  entry(i) {
    const { steps, width } = this.tape;
    return entryOf(steps.updated_state[i], steps.updated_action[i], width);
  }

  each(i, visit) {
    const { steps, width, size } = this.tape;
    const entry = this.entry(i);
    if (entry >= 0) visit(entry, steps.old[i]);
    visit(size + steps.state[i] * width, NaN);
  }

  eachNew(i, visit) {
    for (; i < this.tape.steps.new.length; i++) visit(0, this.tape.steps.new[i]);
  }
}

/** The values of every moment as a whole, the row `q` of its numbers; and the visit that each step's log names. */
class WholeChanges {
  constructor(tape) {
    this.tape = tape;
    this.whole = true;
  }

  append() {} // the tape's moments say it all

  surplus() {
    return 0;
  }

  count(from, to) {
    return to > from ? Infinity : 0;
  }

  redo(i, values) {
    this.put(i, i + 1, values, 1);
  }

  undo(i, values) {
    this.put(i, i, values, -1);
  }

  /** Puts the values of moment m into place, and the visit of step i on or off. */
  put(i, m, values, count) {
    const { steps, width, size } = this.tape;
    values.set(this.row(m), 0);
    values[size + steps.state[i] * width + steps.action[i]] += count;
  }

  row(m) {
    const { width, data } = this.tape.moments.q;
    return data.subarray(m * width, (m + 1) * width);
  }

  /** Calls `visit` with each value there is, and its number before step i. */
  each(i, visit) {
    this.row(i).forEach((x, entry) => visit(entry, x));
  }

  /** Calls `visit` with the least and the largest value from step i on: so much decides on a scale. */
  eachNew(i, visit) {
    let [low, high] = [Infinity, -Infinity];
    const { width, data } = this.tape.moments.q;
    for (let k = i * width; k < data.length; k++) {
      if (data[k] > high) high = data[k];
      if (data[k] < low && data[k] > -Infinity) low = data[k];
    }
    visit(0, low);
    visit(0, high);
  }
}

/** Which of the three a chunk comes with. */
const changesOf = ({ changes, moments }) => (changes ? ListedChanges : moments?.q ? WholeChanges : NamedChanges);

/** The number of a state's and action's value in the table of values; -1 where no state is meant. */
function entryOf(state, action, width) {
  return state < 0 ? -1 : state * width + (width > 1 ? action : 0);
}

function joined(a, b) {
  const both = new a.constructor(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
