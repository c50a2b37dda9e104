// The transport: buttons, speed, fast forward, and the keys that do the same.

const SLOWEST = 0.2; // steps a second
const FASTEST = 2000;
const NOTCHES = 100; // of the speed slider, on a logarithmic scale
const SKIPS = [10, 100, 1000]; // episodes

const speedAt = (notch, fastest) => {
  const exact = SLOWEST * (fastest / SLOWEST) ** (notch / NOTCHES);
  return exact < 10 ? Number(exact.toPrecision(1)) : Number(exact.toPrecision(2));
};

const notchOf = (speed, fastest) =>
  Math.round((NOTCHES * Math.log(speed / SLOWEST)) / Math.log(fastest / SLOWEST));

class Controls {
  /** `acts` has a function for everything that can be pressed. */
  constructor(acts) {
    this.acts = acts;
    this.play = iconButton("play", "Play (space)", acts.toggle, "round play");
    this.speed = el("input", { type: "range", min: "0", max: String(NOTCHES), "aria-label": "Speed" });
    this.speed.addEventListener("input", () => acts.speed(speedAt(Number(this.speed.value), this.fastest)));
    this.speedText = el("output");
    this.link = iconButton("link", "Copy a link to this very step", () => this.copy(), "round quiet");
    this.said = el("span", { class: "said", role: "status" });
    this.node = el(
      "div",
      { class: "transport", role: "toolbar", "aria-label": "Playback" },
      this.makeSteps(),
      this.makeSpeed(),
      this.makeSkips(),
      this.makeRun(),
    );
    this.playing = false;
    this.fastest = FASTEST;
  }

  makeSteps() {
    const { acts } = this;
    return el(
      "div",
      { class: "group" },
      iconButton("restart", "Start over, with the same luck", acts.restart, "round quiet"),
      iconButton("episodeBack", "Back to the episode's end before (shift + left)", () => acts.episode(-1)),
      iconButton("back", "One step back (left)", () => acts.step(-1)),
      this.play,
      iconButton("step", "One step (right)", () => acts.step(1)),
      iconButton("episodeForward", "On to the episode's end (shift + right)", () => acts.episode(1)),
    );
  }

  makeSpeed() {
    return el("label", { class: "speed", title: "Speed of playing" }, this.speedText, this.speed);
  }

  makeSkips() {
    this.skips = SKIPS.map((n) => textButton(`+${grouped(n)}`, "", () => this.acts.skip(n)));
    this.skipped = el("span");
    return el(
      "div",
      { class: "skips", role: "group", "aria-label": "Fast forward" },
      this.skipped,
      el("div", { class: "group" }, ...this.skips),
    );
  }

  /** Takes how fast this page plays, and names what is skipped: episodes, or pulls where there are none. */
  load({ world, fastest, names, ascends }) {
    this.fastest = fastest ?? FASTEST;
    const unit = world.kind === "arms" ? "pulls" : ascends ? "steps" : `${names?.episode ?? "episode"}s`;
    setText(this.skipped, `skip ${unit}`);
    this.skips.forEach((button, i) => (button.title = `Learn on for ${grouped(SKIPS[i])} ${unit}`));
  }

  makeRun() {
    const seed = iconButton("seed", "Another seed: the same agent with other luck", this.acts.seed, "round quiet");
    return el("div", { class: "group run" }, seed, this.link, this.said);
  }

  async copy() {
    const done = await copyText(this.acts.link());
    setText(this.said, done ? "Link copied" : "Copying is blocked");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => setText(this.said, ""), 1800);
  }

  draw(playing, speed) {
    if (playing !== this.playing) {
      this.playing = playing;
      const help = playing ? "Pause (space)" : "Play (space)";
      this.play.replaceChildren(icon(ICON[playing ? "pause" : "play"], true));
      this.play.title = help;
      this.play.setAttribute("aria-label", help);
    }
    const notch = String(notchOf(speed, this.fastest));
    if (this.speed.value !== notch && speedAt(Number(this.speed.value), this.fastest) !== speed) this.speed.value = notch;
    setText(this.speedText, `${speed < 1 ? speed : grouped(speed)} ${speed === 1 ? "step" : "steps"}/s`);
  }

  /** Does what a key means; tells whether it meant anything. */
  key(event) {
    const act = keyAct(event, this.acts);
    if (!act || typesText(event.target, event.key)) return false;
    act();
    return true;
  }
}

function keyAct({ key, shiftKey, ctrlKey, metaKey, altKey }, acts) {
  if (ctrlKey || metaKey || altKey) return null;
  const move = shiftKey ? acts.episode : acts.step;
  return { " ": acts.toggle, ArrowLeft: () => move(-1), ArrowRight: () => move(1), Home: acts.home, End: acts.end }[
    key
  ];
}

/** Tells whether a control needs a key itself: a slider its arrows, a button the space bar. */
function typesText(target, key) {
  const tag = target.tagName;
  if (tag === "BUTTON" || tag === "SUMMARY") return key === " ";
  if (target.type === "range") return key !== " ";
  return tag === "INPUT" || tag === "SELECT" || tag === "TEXTAREA";
}
