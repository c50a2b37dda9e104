// The grid world: which cell holds which state, what must be repainted, and what lies under the pointer.

class World {
  constructor() {
    this.sheets = new Sheets("The world. Space plays and pauses, left and right step.");
    this.node = this.sheets.node;
    this.hover = null;
    this.paintedLayer = -1;
    this.dirty = true;
  }

  /** Takes the description of the world; cheap when it is the one already shown. */
  load(data, colours) {
    this.ascends = data.ascends;
    this.cover(data.loop?.fog ?? null);
    const key = JSON.stringify(data.world) + JSON.stringify(data.actions) + data.run;
    if (key !== this.key) this.describe(data, key);
    if (colours !== this.colours) this.tools = null;
    this.colours = colours;
  }

  /** Takes which states a person in fog has seen; null where there is no fog. */
  cover(seen) {
    const key = JSON.stringify(seen);
    if (key !== this.fogKey) this.dirty = true;
    this.fogKey = key;
    this.seen = seen && new Set(seen);
  }

  describe({ world, actions, terminal, states }, key) {
    Object.assign(this, { key, world, actions, states, terminal: unpack(terminal), tools: null });
    this.area = world.rows * world.cols;
    this.stateAt = unpack(world.state_at);
    this.spot = new Map();
    this.stateAt.forEach((state, i) => state >= 0 && this.spot.set(state, i));
    this.rewards = new Map(world.rewards ?? []);
    this.layer = 0;
    this.map = null;
  }

  /** Fits the canvas into a box and makes the painters anew when size or colours changed. */
  layout(width, height) {
    const resized = this.sheets.fit(this.world.rows, this.world.cols, width, height);
    if (!resized && this.tools) return;
    const { under, top, ratio } = this.sheets;
    const cell = new CellPainter(under, this.colours, this.actions, ratio);
    const where = { boxOf: (state) => this.boxOf(state), isShown: (state) => this.isShown(state) };
    this.tools = { cell, agent: new Agent(top, this.colours, cell, where) };
    this.dirty = true;
  }

  box(index) {
    const { size } = this.sheets;
    return { x: (index % this.world.cols) * size, y: Math.floor(index / this.world.cols) * size, size };
  }

  boxOf(state) {
    const i = this.spot.get(state);
    return i === undefined ? null : this.box(i % this.area);
  }

  /** Whether a state's values are in sight, and not those of another layer. */
  isShown(state) {
    const i = this.spot.get(state);
    return i !== undefined && Math.floor(i / this.area) === this.layer;
  }

  /** Repaints what changed. `look` is one of `Looks`, with {part, outline, changed}; `changed` is null for everything. */
  draw(tape, look) {
    const place = this.spot.get(tape.scene());
    if (place !== undefined) this.layer = Math.floor(place / this.area);
    const { changed } = look;
    const all = this.dirty || changed === null || this.layer !== this.paintedLayer || look.key !== this.paintedLook;
    if (all) this.paintAll(tape, look);
    else for (const state of changed) this.paintState(state, tape, look);
    this.drawTop(tape, look);
  }

  paintAll(tape, look) {
    this.sheets.fill(rgb(this.colours.edge));
    for (let i = 0; i < this.area; i++) this.paintIndex(i, tape, look);
    this.drawBars();
    Object.assign(this, { dirty: false, paintedLayer: this.layer, paintedLook: look.key });
  }

  paintState(state, tape, look) {
    if (!this.isShown(state)) return;
    this.paintIndex(this.spot.get(state) % this.area, tape, look);
    if (this.world.bars?.length) this.drawBars();
  }

  paintIndex(i, tape, look) {
    const cell = this.map ? this.bareCell(i) : this.cellAt(i, tape, look);
    this.tools.cell.paint(this.box(i), cell, look);
  }

  stateIn(i) {
    return this.stateAt[this.layer * this.area + i];
  }

  cellAt(i, tape, look) {
    const char = this.world.cells[i];
    const state = this.stateIn(i);
    if (this.seen && !this.seen.has(state)) return { fog: true, solid: true, tags: [] };
    const labels = { char, reward: this.rewards.get(i), tags: this.tagsAt(i).map((tag) => tag[1]) };
    const bare = state < 0 || this.terminal[state];
    if (bare || char === "C" || char === "#") return { ...labels, solid: bare || ICONS.has(char), tried: false };
    return { ...labels, ...this.learnedAt(state, tape, look) };
  }

  /** What was learned about a state, as a view shows it: its numbers, which were tried, and the best of them. */
  learnedAt(state, tape, look) {
    const row = look.row(state);
    const visits = tape.row(tape.visits, state);
    if (look.policy && !look.whole) return this.preferredAt(row, visits, look);
    const sparse = look.own?.kind === "count"; // most of its numbers are 0, and none of them is best
    const best = sparse || row.length === 1 ? [] : bestOf(look.own ? row : tape.row(tape.q, state), this.world.tie);
    const known = look.guesses ? tape.row(tape.q, state).map((x) => (Number.isFinite(x) ? 1 : 0)) : visits;
    const guessed = look.guesses ? Array.from(visits, (n) => n === 0) : null;
    return { row, visits: known, guessed, sparse, best, tried: known.some((n) => n > 0), value: look.sum(row) };
  }

  /** What a policy does in a state, or the numbers behind it: they are known, visited or not. */
  preferredAt(row, visits, { own, ascends }) {
    const known = row.map((x) => (Number.isFinite(x) ? 1 : 0));
    const sparse = own !== null && row.filter((x) => x !== 0).length <= 1; // as a trace is: none of it is best
    const visited = ascends || visits.some((n) => n > 0);
    return { row, visits: known, sparse, best: sparse ? [] : bestOf(row), tried: true, visited, value: highest(row) };
  }

  /** A cell while the map is edited: what it is, not what was learned there. */
  bareCell(i) {
    const char = this.map.cells[i];
    return { char, reward: this.map.rewards.get(i), tags: [], solid: true, bare: true };
  }

  tagsAt(i) {
    return (this.world.tags?.[this.layer] ?? []).filter((tag) => tag[0] === i);
  }

  /** Thin walls between neighbouring cells. */
  drawBars() {
    const { under } = this.sheets;
    under.strokeStyle = rgb(this.colours.text);
    under.lineCap = "round";
    under.lineWidth = clamp(this.sheets.size * 0.07, 2, 6);
    for (const [a, b] of this.seen ? [] : (this.world.bars ?? [])) {
      const [from, to] = [this.box(a), this.box(b)];
      const [x, y] = [Math.max(from.x, to.x), Math.max(from.y, to.y)];
      const across = from.y === to.y;
      under.beginPath();
      under.moveTo(x + (across ? 0 : 3), y + (across ? 3 : 0));
      under.lineTo(x + (across ? 0 : from.size - 3), y + (across ? from.size - 3 : 0));
      under.stroke();
    }
  }

  drawTop(tape, look) {
    this.sheets.clearTop();
    if (!this.map) this.tools.agent.draw(tape, look);
    const framed = this.map ? this.map.cursor : this.hover;
    if (framed !== null && framed < this.area) this.tools.agent.frame(this.box(framed));
  }

  /** The cell, state and action under the pointer, or null; the action is -1 where a cell has no wedges. */
  hit(event) {
    const { x, y } = this.sheets.point(event);
    const { size } = this.sheets;
    const [col, row] = [Math.floor(x / size), Math.floor(y / size)];
    if (col < 0 || row < 0 || col >= this.world.cols || row >= this.world.rows) return null;
    const cell = row * this.world.cols + col;
    const action = this.actionAt(x / size - col - 0.5, y / size - row - 0.5);
    return { cell, state: this.stateIn(cell), action, x: (col + 0.5) * size, y: row * size };
  }

  /** Of the actions, the one that a point in a unit cell belongs to. */
  actionAt(x, y) {
    const { still, wedges } = this.tools.cell;
    if (still.length === wedges.length || (still.length && Math.hypot(x, y) < 0.22))
      return still[clamp(Math.floor((x / 0.44 + 0.5) * still.length), 0, still.length - 1)];
    const angle = turn(Math.atan2(y, x));
    const away = wedges.map((w) => (w ? Math.abs(turn(angle - w.angle + Math.PI) - Math.PI) : Infinity));
    return away.indexOf(Math.min(...away));
  }
}
