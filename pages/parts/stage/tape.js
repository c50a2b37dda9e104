// The buffer: steps t0..t1, and the tables as they are at the playhead t. Beside the steps a chunk may bring `moments`,
// rows of numbers for each of the moments t0..t1, and `notes`, whatever there is to say about each step.

const KEEP = 60000; // steps; older ones are dropped, the server can compute them again
const MOST_NUMBERS = 8000000; // of the moments: where one has many, fewer of them are kept
const MANY = 4000; // changes at once after which it is cheaper to repaint everything

class Tape extends Tables {
  constructor(data) {
    super(data);
    this.t = this.t0 = data.t0;
    this.t1 = data.t1;
    this.clock = data.clock;
    this.begins = data.begins;
    this.steps = {};
    for (const [name, packed] of Object.entries(data.steps)) this.steps[name] = unpack(packed);
    this.changes = new (changesOf(data))(data.changes ?? this);
    this.moments = {};
    for (const [name, rows] of Object.entries(data.moments ?? {}))
      this.moments[name] = { width: rows.width, data: unpack(rows) };
    this.replay = data.replay ? new Replay(data.replay, data.t0) : null;
    this.notes = data.notes ?? [];
    this.withheld = false;
    this.anew = false; // whether a new episode's start is shown rather than where the last one ended
    this.changes.eachNew(0, (entry, x) => this.survey(entry, x));
  }

  holds(t) {
    return t >= this.t0 && t <= this.t1;
  }

  /** Adds what a chunk has beyond the buffer's end; tells whether it fits on. */
  append(data) {
    if (data.t0 > this.t1 || data.t0 < this.t0 || !this.isLike(data)) return false;
    const skip = this.t1 - data.t0;
    const fresh = data.t1 - this.t1;
    if (fresh <= 0) return true;
    const surplus = Math.max(this.t1 + fresh - this.t0 - this.most, this.changes.surplus());
    const drop = clamp(surplus, 0, Math.max(0, this.t - this.t0 - 1));
    for (const [name, packed] of Object.entries(data.steps)) {
      this.steps[name] = joined(this.steps[name].subarray(drop), unpack(packed).subarray(skip));
    }
    for (const [name, rows] of Object.entries(data.moments ?? {})) {
      const { width, data: old } = this.moments[name];
      this.moments[name].data = joined(old.subarray(drop * width), unpack(rows).subarray((skip + 1) * width));
    }
    this.changes.append(data.changes, drop, skip);
    this.replay?.append(data.replay, drop, skip);
    this.notes = [...this.notes.slice(drop), ...(data.notes ?? []).slice(skip)];
    this.changes.eachNew(this.t1 - this.t0 - drop, (entry, x) => this.survey(entry, x));
    this.t0 += drop;
    this.t1 = data.t1;
    this.begins = data.begins;
    return true;
  }

  /** How many steps are kept. */
  get most() {
    const across = Object.values(this.moments).reduce((sum, { width }) => sum + width, 2 * (this.replay?.width ?? 0));
    return Math.min(KEEP, Math.floor(MOST_NUMBERS / Math.max(1, across)));
  }

  /** Tells whether a chunk is of tables such as these, and says as much of what changed in them. */
  isLike(data) {
    const { tables, width, moments, replay } = data;
    const same = tables.map((table) => table.name).join() === [...this.parts.keys()].join() && width === this.width;
    const rows = Object.entries(moments ?? {}).every(([name, row]) => row.width === this.moments[name]?.width);
    return same && rows && this.changes instanceof changesOf(data) && replay?.batch.width === this.replay?.width;
  }

  /** Moves the playhead, doing or undoing what each step changed. */
  seek(t) {
    this.reveal();
    this.anew = false;
    const target = clamp(t, this.t0, this.t1);
    const [from, to] = [Math.min(target, this.t) - this.t0, Math.max(target, this.t) - this.t0];
    if (this.changes.count(from, to) > MANY) this.all = true;
    while (this.t < target) this.redo(this.t++ - this.t0);
    while (this.t > target) this.undo(--this.t - this.t0);
    this.replay?.seek(target);
  }

  redo(i) {
    this.changes.redo(i, this.values);
    this.mark(i);
  }

  undo(i) {
    this.changes.undo(i, this.values);
    this.mark(i);
  }

  /** Notes which states look different after step i was done or undone. */
  mark(i) {
    if (!this.all) this.changes.each(i, (entry) => this.changed.add(this.stateOf(entry)));
  }

  /** Takes the last step's update back for now: the agent has moved, but not learned from it yet. */
  withhold() {
    const i = this.t - 1 - this.t0;
    if (this.withheld || i < 0) return;
    this.undo(i);
    this.withheld = true;
  }

  /** Undoes `withhold`. */
  reveal() {
    if (!this.withheld) return;
    this.withheld = false;
    this.redo(this.t - 1 - this.t0);
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

  /** A state's row of values as it was before the step that led to the playhead: what the agent chose by. */
  rowBefore(state) {
    const row = Float64Array.from(this.row(this.q, state));
    this.eachUpdate((entry, was) => this.stateOf(entry) === state && (row[entry % this.width] = was));
    return row;
  }

  /** Calls `visit` with each entry of the values that the last step changed, and its number before. */
  eachUpdate(visit) {
    const i = this.t - 1 - this.t0;
    if (i >= 0) this.changes.each(i, (entry, was) => entry < this.size && visit(entry, was));
  }

  /** The entry of the values that the last step's error is about; -1 where it updated none. */
  updated() {
    const step = this.lastStep();
    return step ? entryOf(step.updated_state, step.updated_action, this.width) : -1;
  }

  /** The other entries of the values that the last step changed, unless all: by traces, in planning, an episode's. */
  updatedToo() {
    const [named, others] = [this.updated(), []];
    if (!this.withheld && !this.changes.whole) this.eachUpdate((entry) => entry !== named && others.push(entry));
    return others;
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
