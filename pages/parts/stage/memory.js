// The panel of the replay memory: every stored transition a dot, the batch of each step lit up, and each in words.

const LAYOUTS = [["ring", "in order of arrival"], ["where", "where it happened"]];
const [PAPER, PAPER_NARROW] = [118, 170]; // px of its height

class Memory {
  constructor(stage) {
    Object.assign(this, { stage, point: null, walked: -1, layout: "ring", kind: "error", across: 0, up: 1 });
    this.dots = new Dots();
    this.kept = el("span", { class: "faint" });
    this.caption = el("p", { class: "drawn" });
    this.tip = el("div", { class: "tip lines", hidden: true });
    this.live = el("div", { class: "unseen", "aria-live": "polite" });
    this.legend = el("span", { class: "dot-legend" });
    this.makeSelects();
    this.sheet = el("div", { class: "dot-sheet" }, this.dots.under, this.dots.over, this.tip);
    const tools = [this.selects.layout, this.selects.up, this.selects.across, this.selects.kind].map(({ node }) => node);
    this.node = el(
      "details",
      { class: "panel memory", open: true, hidden: true },
      el("summary", {}, "Replay memory ", this.kept, this.legend),
      el("div", { class: "dot-tools" }, ...tools),
      this.sheet,
      this.caption,
      this.live,
    );
    this.listen();
  }

  makeSelects() {
    const make = (name, label, take) => {
      const select = el("select", { "aria-label": label, onchange: () => this.choose(name, take(select.value)) });
      return { select, node: el("label", {}, el("span", {}, label), select) };
    };
    const text = (value) => value;
    this.selects = {
      layout: make("layout", "dots", text), up: make("up", "up", Number), across: make("across", "across", Number),
      kind: make("kind", "colour", text),
    };
    fillSelect(this.selects.layout.select, LAYOUTS);
    fillSelect(this.selects.kind.select, COLOURINGS);
  }

  /** Takes a choice; two axes are never the same. */
  choose(name, value) {
    const other = { up: "across", across: "up" }[name];
    if (other && this[other] === value) this[other] = this[name];
    this[name] = value;
    this.showChoices();
    this.stage.wake();
  }

  showChoices() {
    for (const [name, { select }] of Object.entries(this.selects)) select.value = String(this[name]);
    const axes = this.layout === "where" && this.variables.length > 1;
    for (const name of ["up", "across"]) setHidden(this.selects[name].node, !axes);
  }

  listen() {
    const { over } = this.dots;
    const point = (event) => {
      this.point = event && [event.offsetX, event.offsetY];
      this.walked = -1;
      this.stage.wake();
    };
    for (const type of ["pointermove", "pointerdown"]) over.addEventListener(type, point);
    over.addEventListener("pointerleave", () => point(null));
    over.addEventListener("blur", () => point(null));
    over.addEventListener("keydown", (event) => this.key(event));
    this.node.addEventListener("toggle", () => this.stage.resize());
  }

  /** Up and down go through the batch of the last step, or, where there is none, through the newest. */
  key(event) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const { replay } = this.stage.player.tape;
    if (!by || !replay?.filled) return;
    event.preventDefault();
    const picked = replay.picked();
    const { ring, next, filled } = replay;
    const among = picked.length ? picked : Array.from({ length: filled }, (_, i) => (next - 1 - i + ring.length) % ring.length);
    const at = this.walkedAt === replay.t && this.walked >= 0 ? this.walked + by : 0;
    Object.assign(this, { point: null, walked: (at + among.length) % among.length, walkedAt: replay.t, among });
    const where = `${this.walked + 1} of ${among.length}${picked.length ? " in the batch" : ", the newest first"}`;
    setText(this.live, `${where}: ${sayTransition(replay, ring[among[this.walked]], this.data).join(". ")}`);
    this.stage.wake();
  }

  load(data, colours) {
    setHidden(this.node, !data.replay);
    this.colours = colours;
    if (!data.replay) return;
    this.data = data;
    const { variables, pair } = data.replay;
    const key = JSON.stringify([variables, pair]);
    if (key === this.key) return;
    Object.assign(this, { key, variables });
    [this.across, this.up] = pair.length ? pair : [0, 1];
    const names = variables.map(({ name }, k) => [String(k), name]);
    for (const name of ["up", "across"]) fillSelect(this.selects[name].select, names);
    this.showChoices();
  }

  /** Whether it takes room. */
  get open() {
    return !this.node.hidden && this.node.open;
  }

  fit(width, narrow) {
    if (this.open) this.dots.fit(Math.max(40, width - 2), narrow ? PAPER_NARROW : PAPER);
  }

  /** Paints the memory as it is at the playhead. */
  draw({ replay }) {
    if (!this.open || !replay) return;
    const { dots, colours, kind } = this;
    const spots = this.spotsOf(replay);
    dots.paint(replay, { kind, spots, colours, key: [this.spotKey, kind, colours.key].join() });
    const pointed = this.pointed(replay);
    dots.light(replay, { picked: replay.picked(), newest: replay.newest(), pointed });
    this.say(replay, pointed);
  }

  /** Where the dots lie; found out again when that may have changed. */
  spotsOf(replay) {
    const { layout, across, up, dots, data, colours } = this;
    const { width, height } = dots.under;
    const key = [layout, across, up, width, height, replay.ring.length, colours.key, data.run].join();
    if (key === this.spotKey && replay.items === this.items) return this.spots;
    Object.assign(this, { spotKey: key, items: replay.items });
    const size = [width, height, dots.ratio];
    if (layout === "ring") this.spots = ringSpots(replay.ring.length, ...size, colours);
    else this.spots = replay.variables.length ? bodySpots(replay, [across, up], ...size) : cellSpots(replay, data, ...size);
    return this.spots;
  }

  pointed(replay) {
    if (this.point) return this.dots.nearest(replay, ...this.point);
    return this.walked >= 0 && this.walkedAt === replay.t ? this.among[this.walked] : -1;
  }

  /** Tells about the dot that is pointed at. */
  say(replay, place) {
    setHidden(this.tip, place < 0);
    if (place < 0) return;
    const item = replay.ring[place];
    setText(this.tip, sayTransition(replay, item, this.data).join("\n"));
    const [[x, y], half] = [this.dots.middle(place, item), this.tip.offsetWidth / 2];
    this.tip.style.left = `${clamp(x, half, Math.max(half, this.dots.wide - half))}px`;
    this.tip.style.top = `${y}px`;
  }

  /** Says what is kept, and what the last step did with it. */
  write(tape, speaking) {
    const { replay } = tape;
    if (this.node.hidden || !replay) return;
    setText(this.kept, sayKept(replay));
    if (!this.open) return;
    const drawn = sayDrawn(tape);
    setText(this.caption, drawn);
    this.writeLegend();
    const label = `Replay memory: ${sayKept(replay)}. ${drawn} Up and down go through the batch.`;
    if (speaking && this.dots.over.ariaLabel !== label) this.dots.over.ariaLabel = label;
  }

  writeLegend() {
    const { shades, low, high, names } = this.dots.colouring;
    const key = [this.kind, low, high, this.colours.key].join();
    if (key === this.legendKey) return;
    this.legendKey = key;
    if (names) {
      this.legend.replaceChildren(...names.map((name, i) => el("span", { class: "end-mark" }, swatch(rgb(shades[i])), name)));
      return;
    }
    const bar = el("i", { class: "dot-scale" });
    bar.style.background = `linear-gradient(to right, ${shades.filter((_, i) => i % 4 === 0).map(rgb).join(",")})`;
    this.legend.replaceChildren(low, bar, high);
  }
}

function fillSelect(select, options) {
  select.replaceChildren(...options.map(([value, text, title]) => el("option", { value, title: title ?? "" }, text)));
}

function swatch(colour) {
  const mark = el("i");
  mark.style.background = colour;
  return mark;
}
