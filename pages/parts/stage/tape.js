// The buffer: steps t0..t1, and the Q-table as it is at the playhead t. Beside the steps a chunk may bring `moments`,
// rows of numbers for each of the moments t0..t1, and `notes`, whatever there is to say about each step.

const KEEP = 60000; // steps; older ones are dropped, the server can compute them again
const MANY = 4000; // steps at once after which it is cheaper to repaint everything

class Tape {
  constructor(data) {
    this.actions = data.n_actions;
    this.t = this.t0 = data.t0;
    this.t1 = data.t1;
    this.clock = data.clock;
    this.begins = data.begins;
    this.q = unpack(data.q);
    this.visits = unpack(data.visits);
    this.steps = {};
    for (const [name, packed] of Object.entries(data.steps)) this.steps[name] = unpack(packed);
    this.moments = {};
    for (const [name, rows] of Object.entries(data.moments ?? {}))
      this.moments[name] = { width: rows.width, data: unpack(rows) };
    this.notes = data.notes ?? [];
    this.withheld = false;
    this.anew = false; // whether a new episode's start is shown rather than where the last one ended
    this.changed = new Set();
    this.all = true;
    this.peak = 0;
    this.negative = false;
    this.survey(this.q);
    this.survey(this.steps.new);
  }

  /** Remembers the span of values seen, for the colour scale when the exact values are not known. */
  survey(values) {
    for (const x of values) {
      if (x < 0) this.negative = true;
      if (Math.abs(x) > this.peak) this.peak = Math.abs(x);
    }
  }

  holds(t) {
    return t >= this.t0 && t <= this.t1;
  }

  /** Adds what a chunk has beyond the buffer's end; tells whether it fits on. */
  append(data) {
    if (data.t0 > this.t1 || data.t0 < this.t0) return false;
    const skip = this.t1 - data.t0;
    const fresh = data.t1 - this.t1;
    if (fresh <= 0) return true;
    const drop = clamp(this.t1 + fresh - this.t0 - KEEP, 0, this.t - this.t0);
    for (const [name, packed] of Object.entries(data.steps)) {
      this.steps[name] = joined(this.steps[name].subarray(drop), unpack(packed).subarray(skip));
    }
    for (const [name, rows] of Object.entries(data.moments ?? {})) {
      const { width, data: old } = this.moments[name];
      this.moments[name].data = joined(old.subarray(drop * width), unpack(rows).subarray((skip + 1) * width));
    }
    this.notes = [...this.notes.slice(drop), ...(data.notes ?? []).slice(skip)];
    this.survey(this.steps.new.subarray(this.t1 - this.t0 - drop));
    this.t0 += drop;
    this.t1 = data.t1;
    this.begins = data.begins;
    return true;
  }

  /** Moves the playhead, doing or undoing one update a step. */
  seek(t) {
    this.reveal();
    this.anew = false;
    const target = clamp(t, this.t0, this.t1);
    if (Math.abs(target - this.t) > MANY) this.all = true;
    while (this.t < target) this.apply(this.t++ - this.t0, this.steps.new, 1);
    while (this.t > target) this.apply(--this.t - this.t0, this.steps.old, -1);
  }

  apply(i, values, count) {
    const state = this.steps.state[i];
    const entry = state * this.actions + this.steps.action[i];
    this.q[entry] = values[i];
    this.visits[entry] += count;
    if (!this.all) this.changed.add(state);
  }

  /** Takes the last step's update back for now: the agent has moved, but not learned from it yet. */
  withhold() {
    const i = this.t - 1 - this.t0;
    if (this.withheld || i < 0) return;
    this.apply(i, this.steps.old, -1);
    this.withheld = true;
  }

  /** Undoes `withhold`. */
  reveal() {
    if (!this.withheld) return;
    this.withheld = false;
    this.apply(this.t - 1 - this.t0, this.steps.new, 1);
  }

  /** The row of numbers for this moment. */
  moment(name) {
    const { width, data } = this.moments[name];
    return data.subarray((this.t - this.t0) * width, (this.t - this.t0 + 1) * width);
  }

  /** What there is to say about the step from moment t on; undefined where it is not in the buffer. */
  note(t) {
    return this.notes[t - this.t0];
  }

  /** States changed since the last call, or null for "all of them". */
  takeChanged() {
    const changed = this.all ? null : this.changed;
    this.changed = new Set();
    this.all = false;
    return changed;
  }

  /** A column's value in the step that led to the playhead; undefined at the buffer's start. */
  last(column) {
    return this.steps[column]?.[this.t - 1 - this.t0];
  }

  /** All columns of the step that led to the playhead, or null at the buffer's start. */
  lastStep() {
    return this.stepAt(this.t);
  }

  /** All columns of the step that led to moment t, or null when it is not in the buffer. */
  stepAt(t) {
    const i = t - 1 - this.t0;
    if (i < 0 || i >= this.t1 - this.t0) return null;
    const step = {};
    for (const name in this.steps) step[name] = this.steps[name][i];
    return step;
  }

  /** Where the agent is: where its last step led, or where its next one begins. */
  place() {
    return this.t > this.t0 && !this.anew ? this.last("next_state") : this.begin();
  }

  /** Where the next step begins: after an episode's end that is the new start. */
  begin() {
    return this.steps.state[this.t - this.t0] ?? this.begins;
  }

  /** The state whose values are of interest: where the agent is, or, after an episode's end, where it last acted. */
  scene() {
    return this.last("ended") && !this.anew ? this.last("state") : this.place();
  }

  row(values, state) {
    return values.subarray(state * this.actions, (state + 1) * this.actions);
  }

  tried(state) {
    return this.row(this.visits, state).some((n) => n > 0);
  }

  nextEnd(t) {
    for (let u = t + 1; u <= this.t1; u++) if (this.steps.ended[u - 1 - this.t0]) return u;
    return null;
  }

  previousEnd(t) {
    for (let u = t - 1; u > this.t0; u--) if (this.steps.ended[u - 1 - this.t0]) return u;
    return this.t0 === 0 && t > 0 ? 0 : null;
  }
}

function joined(a, b) {
  const both = new a.constructor(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
