// The six phases of a step, and which of them is shown. While the playhead stands at t these follow one another: act,
// receive, update and repeat of the step that led to t, then observe and choose of the next one.

const PHASES = [
  ["Observe", "What state is this?"],
  ["Choose", "Among the available actions"],
  ["Act", "The environment answers"],
  ["Receive", "The reward and the next state"],
  ["Update", "The estimate moves towards its target"],
  ["Repeat", "From the new state"],
];
const [OBSERVE, CHOOSE, ACT, RECEIVE, UPDATE, REPEAT] = PHASES.keys();
const PACE = 2; // steps a second: up to here each phase is shown by itself while playing
const RUSH = 280; // ms a phase lasts after a move of one's own

class Phases {
  constructor(stage) {
    Object.assign(this, { stage, at: OBSERVE, t: null, on: false, carry: 0, waived: -1, made: 0 });
  }

  get player() {
    return this.stage.player;
  }

  load({ loop, run }) {
    this.on = Boolean(loop);
    this.loop = loop ?? { guesses: {} };
    this.player.pacer = this.on ? this : null;
    if (!this.on) return;
    if (run !== this.run) this.t = null; // another run: what was shown of the last one is over
    this.run = run;
    this.follow();
    if (this.loop.made !== this.made) this.replay();
    this.made = this.loop.made;
    if (this.player.tape.withheld && !this.hides()) this.player.tape.reveal();
  }

  /** Keeps up with a playhead that was moved by other means. */
  follow() {
    const { tape } = this.player;
    if (tape.t === this.t) return;
    this.t = tape.t;
    const person = this.loop.mode === "play";
    this.show(person ? CHOOSE : tape.lastStep() ? UPDATE : OBSERVE);
    this.carry = 0;
  }

  /** Shows the phases of the person's own move quickly, one after the other. */
  replay() {
    clearTimeout(this.timer);
    if (!this.player.tape.lastStep()) return;
    this.show(ACT);
    this.player.startGlide(220);
    const on = () => {
      if (this.at === CHOOSE) return;
      this.next();
      this.timer = setTimeout(on, RUSH);
    };
    this.timer = setTimeout(on, RUSH);
  }

  show(phase) {
    this.at = phase;
    this.player.tape.anew = phase <= CHOOSE;
    if (this.hides()) this.player.tape.withhold();
    else this.player.tape.reveal();
    this.stage.wake();
  }

  /** Whether the update of the last step is not to be seen yet. */
  hides() {
    return this.at === ACT || this.at === RECEIVE || this.asks();
  }

  /** Whether the learner is to predict this very update first. */
  asks() {
    const step = this.player.t - 1;
    return this.at === UPDATE && this.loop.mode === "predict" && !this.loop.guesses[step] && this.waived !== step;
  }

  waive() {
    this.waived = this.player.t - 1;
    this.show(UPDATE);
  }

  /** Goes on by a phase; false where that has to wait: for a person's choice, a prediction, or the server. */
  next() {
    if (this.asks()) return false;
    if (this.at === CHOOSE) return this.step();
    this.show((this.at + 1) % PHASES.length);
    return true;
  }

  step() {
    const { player } = this;
    if (player.t >= player.tape.t1) {
      player.keepAhead();
      return false;
    }
    player.seek(player.t + 1);
    this.t = player.t;
    this.show(ACT);
    player.startGlide(260);
    if (!player.playing) player.settle();
    player.keepAhead();
    return true;
  }

  back() {
    clearTimeout(this.timer);
    if (this.at === ACT) {
      this.player.go(this.player.t - 1);
      this.t = this.player.t;
      this.show(CHOOSE);
    } else if (this.at !== OBSERVE) this.show(this.at - 1);
    else if (this.player.tape.lastStep()) this.show(REPEAT);
    else this.player.go(this.player.t - 1);
  }

  /** Plays by phases as long as that is slow enough to be read; tells whether it did. */
  tick(ms) {
    if (!this.on || this.player.speed > PACE) return false;
    this.carry += (ms / 1000) * this.player.speed * PHASES.length;
    if (this.carry < 1) return true;
    this.carry = 0;
    if (!this.next() && this.asks()) this.player.pause();
    return true;
  }

  /** What there is to say about the step whose phase is shown, or undefined while it is not known. */
  note() {
    const { tape, t } = this.player;
    return tape.note(this.at <= CHOOSE ? t : t - 1);
  }

  stop() {
    clearTimeout(this.timer);
  }
}
