// Painting the map: a copy of it is changed here, and handed over when it is to be used.

const REWARD = { char: null, name: "Reward" };

class Editor {
  /** `world` is painted on; `onShow` hears of opening and closing, `onChange` of strokes, `onApply` gets the map. */
  constructor(world, { onOpen, onShow, onChange, onApply }) {
    Object.assign(this, { world, onOpen, onShow, onChange, onApply });
    this.toggle = textButton(
      "Edit the map",
      "Paint another world",
      () => (this.open ? this.close() : this.start()),
      "flat edit",
    );
    this.palette = new Choices("Brush", (index) => this.choose(index));
    this.amount = el("input", { type: "number", step: "0.1", value: "1", "aria-label": "Reward to paint" });
    this.hint = el(
      "p",
      { class: "faint" },
      "Click or drag over the cells, or move with the arrow keys and paint with Enter.",
    );
    this.node = el(
      "section",
      { class: "panel editor", hidden: true, "aria-label": "Map editor" },
      el("div", { class: "brushes" }, this.palette.node, this.amount),
      this.hint,
      this.makeButtons(),
    );
    this.open = false;
  }

  makeButtons() {
    return el(
      "div",
      { class: "group" },
      textButton(
        "Use it: keep what was learned",
        "The agent stays as it is and meets a changed world",
        () => this.apply(true),
        "flat strong",
      ),
      textButton("Use it: start over", "Forgets everything that was learned", () => this.apply(false), "flat warn"),
      textButton("Cancel", "Leave the world as it is", () => this.close()),
    );
  }

  load({ world, brushes, run }) {
    setHidden(this.toggle, !world.editable);
    if (this.open && (run !== this.run || !this.world.map)) this.close();
    this.run = run;
    const known = JSON.stringify(brushes);
    if (known === this.known) return;
    this.known = known;
    this.brushes = [...(brushes ?? []), REWARD];
    this.palette.load(this.brushes.map(({ name }, i) => [i, name, `Paint: ${name}`, false]));
    this.choose(0);
  }

  choose(index) {
    this.brush = this.brushes[index];
    this.palette.mark(index);
    setHidden(this.amount, this.brush !== REWARD);
  }

  start() {
    this.onOpen();
    const { cells, rewards } = this.world.world;
    this.world.map = { cells: [...cells], rewards: new Map(rewards ?? []), cursor: 0 };
    this.show(true);
  }

  close() {
    this.world.map = null;
    this.show(false);
  }

  show(open) {
    this.open = open;
    this.onShow(open);
    setHidden(this.node, !open);
    this.toggle.setAttribute("aria-expanded", String(open));
    this.world.dirty = true;
    this.onChange();
  }

  paint(cell) {
    const { map } = this.world;
    map.cursor = cell;
    if (this.brush === REWARD) this.paintReward(map, cell);
    else this.paintChar(map, cell, this.brush.char);
    this.world.dirty = true;
    this.onChange();
  }

  paintReward(map, cell) {
    const amount = Number(this.amount.value);
    if (amount) map.rewards.set(cell, amount);
    else map.rewards.delete(cell);
  }

  /** A map has one start: painting it moves it. */
  paintChar(map, cell, char) {
    if (char === "S") map.cells = map.cells.map((old) => (old === "S" ? "." : old));
    map.cells[cell] = char;
  }

  key(event) {
    const {
      map,
      world: { rows, cols },
    } = this.world;
    const moves = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -cols, ArrowDown: cols };
    if (event.key === "Enter" || event.key === " ") this.paint(map.cursor);
    else if (event.key === "Escape") this.close();
    else if (event.key in moves) this.moveCursor(map, moves[event.key], rows * cols, cols);
    else return false;
    return true;
  }

  moveCursor(map, by, area, cols) {
    const next = map.cursor + by;
    const wraps = Math.abs(by) === 1 && Math.floor(next / cols) !== Math.floor(map.cursor / cols);
    if (next >= 0 && next < area && !wraps) map.cursor = next;
    this.onChange();
  }

  apply(keep) {
    const { cells, rewards } = this.world.map;
    this.onApply({ cells: cells.join(""), rewards: [...rewards], keep });
  }
}
