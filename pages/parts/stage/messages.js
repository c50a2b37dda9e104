// The post to the server: one event at a time, in order, sent again when it seems lost.

const RESEND = 4000; // ms
const PATIENCE = 2500; // ms before the learner is told that the server is slow
const LATEST_ONLY = new Set(["at", "more", "jump"]);

class Post {
  /** `envelope` gives what every event carries; `onWait` hears whether the server is overdue. */
  constructor(envelope, onWait) {
    Object.assign(this, { envelope, onWait, seq: 0, queue: [], flight: null, timers: [] });
  }

  /** Takes the server's word on what it has handled, and this run's way to send. */
  hear(ack, send) {
    this.send = send;
    this.seq = Math.max(this.seq, ack);
    if (this.flight && ack >= this.flight.seq) this.landed();
    this.pump();
  }

  landed() {
    this.flight = null;
    this.timers.forEach(clearTimeout);
    this.onWait(false);
  }

  push(kind, extra = {}, first = false) {
    if (LATEST_ONLY.has(kind)) this.forget(kind);
    this.queue[first ? "unshift" : "push"]({ kind, extra });
    this.pump();
  }

  /** Takes back events of a kind that were not sent yet. */
  forget(kind) {
    this.queue = this.queue.filter((event) => event.kind !== kind);
  }

  /** The kind of the event under way that the server now says it has handled, or null. */
  answered(ack) {
    return this.flight && ack >= this.flight.seq ? this.flight.kind : null;
  }

  pump() {
    if (this.flight || !this.queue.length || !this.send) return;
    const { kind, extra } = this.queue.shift();
    this.flight = { ...this.envelope(), ...extra, kind, seq: ++this.seq };
    this.fly();
    this.timers.push(setTimeout(() => this.onWait(true), PATIENCE));
  }

  fly() {
    this.send(this.flight);
    this.timers = [setTimeout(() => this.fly(), RESEND)];
  }

  idle() {
    return !this.flight && !this.queue.length;
  }

  stop() {
    this.timers.forEach(clearTimeout);
    this.queue = [];
    this.send = null;
    this.flight = null;
  }
}
