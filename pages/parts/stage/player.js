// The playhead: plays, steps and jumps over the buffer, and asks for more before it runs out.

const AHEAD = 1.5; // seconds of playback that should always be buffered
const AHEAD_PAUSED = 16; // steps, for a learner who steps by hand
const NEAR = 1000; // steps beyond the buffer that are worth waiting for chunk by chunk
const SETTLE = 150; // ms after the last movement until the server hears where we are
const GLIDE_UNTIL = 8; // steps a second: faster, the agent jumps
const REASK = 3000; // ms

class Player {
  constructor(post, wake) {
    Object.assign(this, { post, wake, playing: false, speed: 8, goal: null, carry: 0, glide: null, asked: -1 });
    this.tape = null;
    this.twin = null; // the tape of a second run, moved along
    this.calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  }

  get t() {
    return this.tape.t;
  }

  /** Takes a chunk; the playhead stays where it is unless the server placed it. */
  load(data) {
    const chunk = [data.run, data.t0, data.t1, data.stamp, nameOfTwin(data)].join();
    if (chunk === this.chunk) return;
    this.chunk = chunk;
    this.last = data.last;
    const wish = this.wish(data);
    this.takeSteps(data);
    if (data.stamp !== this.stamp) this.obey(data);
    this.stamp = data.stamp;
    if (wish !== null) this.go(wish);
  }

  /** Where the learner wants to be by now: clicks made while a jump was under way count on top of it. */
  wish(data) {
    if (!this.tape || data.line !== this.line) return null;
    if (this.post.answered(data.ack) === "jump") return this.goal ?? this.t;
    return this.placedBy(data) ? null : this.goal;
  }

  placedBy({ stamp, at }) {
    return stamp !== this.stamp && at !== null;
  }

  takeSteps(data) {
    const same = this.tape && data.run === this.run;
    this.border = data.border ? data.t1 : null;
    if (same && this.extend(data)) return;
    const t = this.tape ? this.t : data.t;
    this.goal = null;
    Object.assign(this, { run: data.run, line: data.line });
    this.tape = new Tape(data);
    this.twin = hasTwin(data) ? new Tape(data.beside) : null;
    this.twinName = nameOfTwin(data);
    this.asked = this.crossed = -1;
    this.glide = null;
    this.seek(t);
  }

  /** Adds a chunk to the tapes; tells whether it fits on to both. */
  extend(data) {
    if (!hasTwin(data)) this.twin = null;
    else if (nameOfTwin(data) !== this.twinName || !this.twin?.append(data.beside)) return false;
    return this.tape.append(data);
  }

  /** Moves the playhead of all there is to see. */
  seek(t) {
    this.tape.seek(t);
    this.twin?.seek(this.t);
  }

  obey({ at, playing }) {
    if (at !== null) {
      this.goal = null;
      this.seek(at);
      this.glide = null;
    }
    if (playing !== null) this.playing = playing;
    this.told = this.standing;
    this.carry = 0;
  }

  toggle() {
    this.playing = !this.playing;
    this.carry = this.playing ? 1 : 0; // the first step is taken at once: a press is answered
    if (this.playing) this.post.push("at"); // the server must know that time goes on without it
    else this.settle();
    this.wake();
  }

  pause() {
    if (this.playing) this.toggle();
  }

  step(by) {
    this.playing = false;
    const from = this.t;
    this.go((this.goal ?? this.t) + by);
    if (this.t === from + 1) this.startGlide(140);
  }

  /** Goes to a moment: at once inside the buffer, else as soon as the server has sent it. */
  go(t) {
    const wanted = clamp(t, 0, this.last);
    this.goal = this.tape.holds(wanted) ? null : wanted;
    this.glide = null;
    this.post.forget("jump");
    if (this.goal === null || this.isNear(wanted)) this.seek(wanted);
    if (this.goal === null) this.settle();
    else if (!this.isNear(wanted)) this.post.push("jump", { to: wanted });
    this.keepAhead();
    this.wake();
  }

  isNear(t) {
    return t > this.tape.t1 && t - this.tape.t1 < NEAR;
  }

  /** Goes to the next or previous end of an episode; the server finds it when it is not buffered. */
  episode(by) {
    const found = by > 0 ? this.tape.nextEnd(this.t) : this.tape.previousEnd(this.t);
    if (found === null || this.goal !== null) this.skip(by);
    else this.go(found);
  }

  /** Lets the server find the end of the n-th episode from here, or from where the playhead is on its way to. */
  skip(n) {
    this.post.push("episodes", { n, t: this.goal ?? this.t });
  }

  settle() {
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.tell(), SETTLE);
  }

  tell() {
    if (this.told !== this.standing) this.post.push("at");
  }

  /** What the server should know; every event tells it. */
  get standing() {
    return `${this.t},${this.playing}`;
  }

  /** Plays for some milliseconds. */
  tick(ms, now) {
    if (!this.playing || this.goal !== null) return; // on its way somewhere: it plays from there
    if (this.pacer?.tick(ms)) return this.keepAhead(now);
    this.carry += (ms / 1000) * this.speed;
    const steps = Math.floor(this.carry);
    this.carry -= steps;
    if (steps > 0) this.advance(steps, now);
    this.keepAhead(now);
  }

  advance(steps, now) {
    const from = this.t;
    this.seek(from + steps);
    if (this.t === from) return;
    this.glide = null;
    if (this.speed <= GLIDE_UNTIL) this.startGlide(Math.min(260, 700 / this.speed), now);
  }

  startGlide(length, now = performance.now()) {
    if (!this.calm.matches) this.glide = { start: now, length };
  }

  /** How much of the last step's glide is done, 0 to 1. */
  part(now) {
    if (!this.glide) return 1;
    const part = clamp((now - this.glide.start) / this.glide.length, 0, 1);
    if (part === 1) this.glide = null;
    return part;
  }

  keepAhead(now = performance.now()) {
    const wanted = this.playing ? Math.max(AHEAD * this.speed, AHEAD_PAUSED) : AHEAD_PAUSED;
    const { t, t1 } = this.tape;
    if (t === this.last) return;
    const crosses = t === t1 && this.border === t1; // the map was repainted here: what follows is another picture
    if (crosses && this.crossed !== t1) {
      this.crossed = t1;
      this.post.push("more", { from: t1 });
      return;
    }
    const stale = this.asked === t1 && now - this.askedAt > REASK && this.post.idle();
    if (t1 - t >= wanted || (this.asked === t1 && !stale)) return;
    Object.assign(this, { asked: t1, askedAt: now });
    this.post.push("more", { from: t1 });
  }

  stop() {
    clearTimeout(this.settling);
    this.playing = false;
  }
}
