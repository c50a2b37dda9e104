// Puts the parts together, and runs the playing loop.

const SLOW_TEXT = 80; // ms between two changes of numbers while playing too fast to read them
const READABLE = 30; // steps a second
const LATE = "Waiting for the server… your run is kept in the link.";

class Stage {
  constructor(mount) {
    this.post = new Post(
      () => this.envelope(),
      (late) => setHidden(this.late, !late),
    );
    this.player = new Player(this.post, () => this.wake());
    this.looks = new Looks();
    this.grid = new World();
    this.bars = new Bars();
    this.worlds = { grid: this.grid, table: this.bars, arms: new Arms(this), film: new Film(), body: new Body(this) };
    Object.assign(this.worlds, { landscape: new Landscape(this), market: new Market() });
    this.loop = new Loop(this);
    this.memory = new Memory(this);
    this.equation = new Equation();
    this.beside = new Beside(this);
    this.table = new Table((state, action) => this.post.push("cell", { state, action }));
    this.ledger = new Ledger({ onClose: () => this.post.push("close"), onJump: (t) => this.jump(t) });
    this.scrubber = new Scrubber((t) => this.jump(t));
    this.controls = new Controls(makeActs(this));
    this.status = new Status({ onView: (view) => this.show(view) });
    this.editor = new Editor(this.grid, {
      onOpen: () => this.player.pause(),
      onChange: () => this.wake(),
      onShow: (open) => this.node.classList.toggle("editing", open),
      onApply: (map) => this.post.push("map", map),
    });
    this.address = new Address(() => linkTo(this));
    this.build(mount);
    this.listen();
  }

  build(mount) {
    this.note = el("p", { class: "note", role: "status", hidden: true });
    this.late = el("p", { class: "note late", role: "status", hidden: true }, LATE);
    this.pane = new Pane("first");
    this.room = el("div", { class: "room" }, this.pane.node, this.beside.pane.node);
    this.status.node.append(this.editor.toggle);
    this.scene = el("div", { class: "scene" }, this.room, this.status.node);
    this.left = el(
      "div",
      { class: "left" },
      this.scene,
      this.loop.moves.node,
      this.editor.node,
      this.controls.node,
      this.scrubber.node,
      this.memory.node,
      this.equation.node,
    );
    this.right = el("div", { class: "right" }, this.loop.node, this.ledger.node, this.table.node);
    this.node = el("div", { class: "stage" }, this.note, this.left, this.right, this.late);
    mount.append(el("style", {}, STYLE), this.node);
    keepBright(mount);
  }

  listen() {
    this.keys = listenToKeys(this);
    listenToWorld(this);
    this.watcher = new ResizeObserver(() => this.resize());
    this.watcher.observe(this.node);
  }

  envelope() {
    const { t, playing, speed, run, stamp, standing } = this.player;
    this.player.told = standing;
    return { t, playing, speed, run, stamp, view: this.view };
  }

  /** Takes the data of a rerun of the page. */
  update({ data, setTriggerValue }) {
    const first = !this.data;
    this.data = data;
    if (first) this.begin(data);
    this.node.classList.toggle("bare", Boolean(data.bare));
    this.player.load(data);
    this.looks.load(data);
    this.loadParts(data);
    setHidden(this.note, !data.note);
    setText(this.note, data.note ?? "");
    this.answer(data.ask);
    this.post.hear(data.ack, (event) => setTriggerValue("event", event));
    this.resize();
    if (!first && data.opened !== this.opened) showOpened(this);
    this.opened = data.opened;
    this.frame(performance.now()); // in this very frame: a new run never shows the old world
  }

  begin({ view, speed }) {
    this.view = view ?? "values";
    this.player.speed = clamp(speed ?? 8, SLOWEST, FASTEST);
    this.table.node.open = this.node.clientWidth > NARROW;
  }

  loadParts(data) {
    const colours = new Colours(getComputedStyle(this.node), data.palette);
    if (colours.key !== this.colours?.key) this.paintTheme(colours);
    this.world = this.worlds[data.world.kind];
    this.node.dataset.world = data.world.kind;
    this.node.classList.toggle("ascends", Boolean(data.ascends));
    for (const part of [this.ledger, this.scrubber, this.controls]) part.load(data);
    this.status.load({ ...data, views: this.looks.views });
    this.world.load(data, this.colours);
    this.memory.load(data, this.colours);
    this.beside.load(data, this.colours);
    this.pane.show(this.world, this.beside.data?.beside.mine);
    this.equation.load(data, this.beside.another ? data.beside.mine : "");
    this.table.load(data, this.colours);
    this.editor.load(data);
    this.loop.load(data, this.colours);
  }

  paintTheme(colours) {
    this.colours = colours;
    for (const role of ["reward", "old", "target", "new", "explore"])
      this.node.style.setProperty(`--${role}`, colours.ink(role));
    this.node.style.colorScheme = colours.dark ? "dark" : "light";
  }

  /** Tells the server exactly where we are, once for each time it asks. */
  answer(ask) {
    if (typeof ask !== "number" || ask === this.answered) return;
    this.answered = ask;
    this.post.push("here", { ask }, true);
  }

  show(view) {
    this.view = view;
    this.wake();
  }

  jump(t) {
    this.player.playing = false;
    this.player.go(t);
  }

  resize() {
    if (!this.data || !fitScene(this)) return;
    this.wake();
  }

  wake() {
    this.textDue = 0;
    if (!this.waiting) this.waiting = requestAnimationFrame((now) => this.frame(now));
  }

  frame(now) {
    cancelAnimationFrame(this.waiting);
    this.waiting = 0;
    this.player.tick(clamp(now - (this.before ?? now), 0, 250), now);
    const part = this.player.part(now);
    this.draw(part, now);
    this.before = this.player.playing ? now : undefined;
    if (this.player.playing || part < 1) this.waiting = requestAnimationFrame((next) => this.frame(next));
  }

  draw(part, now) {
    const { playing, tape, speed } = this.player;
    const fast = playing && speed > READABLE;
    const look = paintWorlds(this, { part, fast, outline: !fast });
    this.memory.draw(tape);
    this.scrubber.draw(tape, this.player.goal ?? tape.t);
    if (fast && now < this.textDue) return;
    this.textDue = now + SLOW_TEXT;
    this.status.draw(tape);
    this.memory.write(tape, !playing);
    this.status.drawLegend(look, this.colours);
    this.controls.draw(playing, speed);
    this.loop.draw(tape);
    if (!this.data.bare) this.address.touch();
    this.equation.draw(tape, !playing);
    this.beside.say(!playing);
    this.table.draw(tape, look, true);
    this.ledger.draw(tape);
  }

  destroy() {
    cancelAnimationFrame(this.waiting);
    this.watcher.disconnect();
    this.keys.stop();
    this.player.stop();
    this.loop.phases.stop();
    this.address.stop();
    this.post.stop();
    this.node.previousSibling?.remove();
    this.node.remove();
  }
}
