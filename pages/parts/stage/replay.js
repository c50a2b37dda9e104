// A replay memory as it is at the playhead: which transition is in which place of its ring. What each step stored is
// done and undone, and so is what its batch told of errors. A transition stays in `items` when its place is taken.

const NOWHERE = 65535; // in a batch: no place

class Replay {
  constructor(packed, t0) {
    const { capacity, variables, pair, bytes, batch, start, held } = packed;
    Object.assign(this, { t: t0, t0, variables, pair, bytes, width: batch.width, filled: 0, endings: 0, nexts: [] });
    this.items = readTransitions(held, Math.max(1, variables.length));
    this.ring = new Int32Array(capacity).fill(-1);
    for (let i = 0; i < held.n; i++) this.swap((start + i) % capacity, i);
    this.next = (start + held.n) % capacity;
    this.first = new Int32Array(1);
    this.place = new Uint16Array(0);
    this.before = new Int32Array(0); // what was in the place of each
    this.lead = held.n; // the item of the first that is in `place`
    this.rules = [];
    this.batch = { places: new Uint16Array(0), errors: new Float32Array(0), was: new Float32Array(0) };
    this.add(packed, -1, t0 - 1);
  }

  /** Adds what a chunk has beyond the buffer's end; the oldest `drop` steps are forgotten, `skip` of its are known. */
  append(packed, drop, skip) {
    const [gone, end] = [this.first[drop], this.t0 + this.first.length - 1];
    this.first = this.first.subarray(drop).map((x) => x - gone);
    this.place = this.place.subarray(gone);
    this.before = this.before.subarray(gone);
    this.lead += gone;
    this.t0 += drop;
    for (const [name, rows] of Object.entries(this.batch)) this.batch[name] = rows.subarray(drop * this.width);
    this.add(packed, skip, end);
  }

  /** Adds the steps of a chunk from the `skip`-th on, and its batches and rules of the moments after `end`. */
  add(packed, skip, end) {
    const [first, place] = [unpack(packed.first), unpack(packed.place)];
    const [known, total] = [first[Math.max(0, skip)], this.place.length];
    this.first = joined(this.first, first.subarray(Math.max(0, skip) + 1).map((x) => x - known + total));
    this.place = joined(this.place, Uint16Array.from(place.subarray(known)));
    this.before = joined(this.before, new Int32Array(place.length - known));
    this.items = joinTransitions(this.items, readTransitions(packed.stored, this.items.numbers), known);
    const rows = (skip + 1) * this.width;
    const fresh = { places: unpack(packed.batch.places), errors: readSizes(packed.batch.errors) };
    fresh.was = new Float32Array(fresh.errors.length);
    for (const [name, more] of Object.entries(fresh)) this.batch[name] = joined(this.batch[name], more.subarray(rows));
    this.rules.push(...packed.rules.filter(({ moment }) => moment > end));
  }

  seek(t) {
    while (this.t < t) this.redo(this.t++ - this.t0);
    while (this.t > t) this.undo(--this.t - this.t0);
  }

  redo(i) {
    this.nexts[this.t0 + i] = this.next;
    for (let e = this.first[i]; e < this.first[i + 1]; e++) {
      this.before[e] = this.swap(this.place[e], this.lead + e);
      this.next = (this.place[e] + 1) % this.ring.length;
    }
    const rule = this.ruleAt(this.t0 + i + 1);
    if (rule) this.layOut(rule);
    this.learn(i + 1);
  }

  undo(i) {
    this.unlearn(i + 1);
    const rule = this.ruleAt(this.t0 + i + 1);
    if (rule) Object.assign(this, rule.before);
    for (let e = this.first[i + 1] - 1; e >= this.first[i]; e--) this.swap(this.place[e], this.before[e]);
    this.next = this.nexts[this.t0 + i];
  }

  /** Puts a transition, or none (-1), into a place; returns what was there. */
  swap(place, item) {
    const old = this.ring[place];
    this.count(old, -1);
    this.count(item, 1);
    this.ring[place] = item;
    return old;
  }

  count(item, by) {
    if (item < 0) return;
    this.filled += by;
    if (this.items.ended[item] === 1) this.endings += by;
  }

  /** The edit of a moment, or undefined. */
  ruleAt(moment) {
    return this.rules.find((rule) => rule.moment === moment && moment > this.t0);
  }

  /** The settings in force in the step from moment t on. */
  ruleOf(t) {
    return this.rules.findLast(({ moment }) => moment <= t);
  }

  /** Lays the memory out anew, oldest first: its newest move on, without terminal ones where those are to go. */
  layOut(rule) {
    const { ring, next, filled, endings } = this;
    rule.before = { ring, next, filled, endings };
    const stay = this.inOrder().filter((item) => rule.endings || this.items.ended[item] !== 1).slice(-rule.capacity);
    Object.assign(this, { ring: new Int32Array(rule.capacity).fill(-1), filled: 0, endings: 0 });
    stay.forEach((item, place) => this.swap(place, item));
    this.next = stay.length % rule.capacity;
  }

  /** All that are kept, oldest first. */
  inOrder() {
    const { ring, next, filled } = this;
    return Int32Array.from({ length: filled }, (_, i) => ring[(next - filled + i + ring.length) % ring.length]);
  }

  /** Takes over what the batch of moment m of the buffer told of errors. */
  learn(m) {
    const { places, errors, was } = this.batch;
    for (let k = m * this.width; k < (m + 1) * this.width && places[k] !== NOWHERE; k++) {
      const item = this.ring[places[k]];
      was[k] = this.items.error[item];
      this.items.error[item] = errors[k];
    }
  }

  unlearn(m) {
    const { places, was } = this.batch;
    for (let k = (m + 1) * this.width - 1; k >= m * this.width; k--)
      if (places[k] !== NOWHERE) this.items.error[this.ring[places[k]]] = was[k];
  }

  /** The places that the last step's batch was drawn from; some maybe twice. */
  picked() {
    const row = (this.t - this.t0) * this.width;
    const places = this.batch.places.subarray(row, row + this.width);
    const end = places.indexOf(NOWHERE);
    return end < 0 ? places : places.subarray(0, end);
  }

  /** The places that the last step has written to, the newest first. */
  newest() {
    const { ring, next, filled, items } = this;
    const found = [];
    for (let i = 1; i <= filled; i++) {
      const place = (next - i + ring.length) % ring.length;
      if (items.born[ring[place]] + items.steps[ring[place]] !== this.t) break;
      found.push(place);
    }
    return found;
  }
}
