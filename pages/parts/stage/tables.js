// The tables as they are at one moment: an agent's values, its visits, and whatever else it shows, in one long vector.

class Tables {
  constructor({ width, values, tables }) {
    this.width = width; // values a state has: one for each action, or a single one
    this.values = unpack(values);
    this.parts = new Map(); // by name: where each table is, and how many numbers it has for a state
    const across = tables.map(({ kind }) => (kind === "state" ? 1 : width));
    this.states = this.values.length / across.reduce((sum, n) => sum + n, 0);
    let start = 0;
    tables.forEach(({ name }, i) => {
      const end = start + this.states * across[i];
      this.parts.set(name, { name, start, end, width: across[i], peak: 0, negative: false });
      start = end;
    });
    [this.q, this.visits] = [...this.parts.keys()].map((name) => this.table(name));
    this.size = this.q.length;
    this.changed = new Set();
    this.all = true;
    this.values.forEach((x, entry) => this.survey(entry, x));
  }

  /** One of the tables by its name: as the playhead moves, its numbers change. */
  table(name) {
    const { start, end } = this.parts.get(name);
    return this.values.subarray(start, end);
  }

  /** Where a table is in the vector; its `peak` is the largest size of its numbers in the buffer, for the colours. */
  part(name) {
    return this.parts.get(name);
  }

  partOf(entry) {
    for (const part of this.parts.values()) if (entry < part.end) return part;
  }

  survey(entry, x) {
    if (!Number.isFinite(x)) return; // an action that is missing, or a step without an update
    const part = this.partOf(entry);
    if (x < 0) part.negative = true;
    if (Math.abs(x) > part.peak) part.peak = Math.abs(x);
  }

  stateOf(entry) {
    const { start, width } = this.partOf(entry);
    return Math.floor((entry - start) / width);
  }

  /** A state's numbers of a table, one for each action, or a single one. */
  row(values, state) {
    const width = values.length / this.states;
    return values.subarray(state * width, (state + 1) * width);
  }

  /** States changed since the last call, or null for "all of them". */
  takeChanged() {
    const changed = this.all ? null : this.changed;
    this.changed = new Set();
    this.all = false;
    return changed;
  }
}
