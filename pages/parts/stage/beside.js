// A second picture beside the first, moved by the same playhead: the same run in another view, or another run.

class Pane {
  constructor(kind) {
    this.caption = el("figcaption");
    this.node = el("figure", { class: `pane ${kind}` }, this.caption);
  }

  show(world, caption) {
    if (world.node.parentElement !== this.node) this.node.replaceChildren(this.caption, world.node);
    this.title = caption;
    setHidden(this.caption, !caption);
    setText(this.caption, caption ?? "");
  }

  /** Adds to the caption how a run stands. */
  say(tape, ascends) {
    const step = tape.lastStep();
    const { episode, ret } = step ?? tape.clock;
    const stands = ascends ? `J ${fmt(ret)}` : `episode ${grouped(episode + 1)}, return ${fmt(ret)}`;
    setText(this.caption, `${this.title} · ${stands}`);
  }
}

class Beside {
  constructor(stage) {
    this.stage = stage;
    this.grid = new World();
    this.worlds = { grid: this.grid, table: new Bars(), landscape: new Landscape(stage) };
    this.looks = new Looks();
    this.equation = new Equation();
    this.pane = new Pane("second");
    pointAt(stage, this.grid, () => this.shown);
    const open = (event) => this.sameRun && clickWorld(stage, this.grid, this.shown, event);
    this.grid.node.addEventListener("click", open);
    this.data = null;
  }

  /** Takes what is beside the run; nothing, or a picture no second of which can be drawn, puts it away. */
  load(data, colours) {
    const whole = data.beside && { ...data, ...data.beside, loop: null };
    const kind = whole?.world.kind;
    this.data = this.worlds[kind] && this.worlds[data.world.kind] ? whole : null;
    setHidden(this.pane.node, !this.data);
    if (!this.data) return this.clear();
    this.sameRun = !data.beside.steps;
    this.world = this.worlds[kind];
    this.pane.show(this.world, data.beside.title);
    this.looks.load(whole);
    this.world.load(whole, colours);
    if (this.tape !== this.drawn) this.world.dirty = true; // what changed since it was last drawn is not known
    if (this.another) this.equation.load(whole, data.beside.title);
    if (this.another) this.stage.left.append(this.equation.node);
    else this.equation.node.remove();
  }

  clear() {
    this.drawn = null;
    this.pane.node.replaceChildren();
    this.equation.node.remove();
  }

  /** Whether another run is shown, and not this one in another view. */
  get another() {
    return Boolean(this.data) && !this.sameRun;
  }

  get tape() {
    const { tape, twin } = this.stage.player;
    return this.sameRun ? tape : twin;
  }

  look(view) {
    return this.looks.make(this.sameRun ? this.data.beside.view : view, this.tape);
  }

  draw(look) {
    this.drawn = this.tape;
    this.shown = { tape: this.tape, look };
    this.world.draw(this.tape, look);
  }

  /** Says how both runs stand, and what the last step of the other one did. */
  say(speaking) {
    if (!this.another) return;
    this.stage.pane.say(this.stage.player.tape, this.stage.data.ascends);
    this.pane.say(this.tape, this.data.ascends);
    this.equation.draw(this.tape, speaking);
  }
}

/** Paints a stage's world, and in the same frame what is beside it; returns the look of the world. */
function paintWorlds(stage, manner) {
  const { beside, looks, view, world, player } = stage;
  const { tape } = player;
  const mine = looks.make(view, tape);
  const [look, other] = beside.data ? onOneScale(mine, beside.look(view)) : [mine, null];
  Object.assign(look, manner, { changed: tape.takeChanged() });
  stage.shown = { tape, look };
  world.draw(tape, look);
  if (other) beside.draw(Object.assign(other, manner, { changed: beside.sameRun ? look.changed : beside.tape.takeChanged() }));
  return look;
}

/** Whether a second run is shown, with steps of its own. */
const hasTwin = ({ beside }) => Boolean(beside?.steps);

/** Tells second runs apart, so that one is not taken for the continuation of another. */
const nameOfTwin = (data) => (hasTwin(data) ? (data.beside.run ?? data.beside.title) : "");
