// Draws what moves over the world: the agent, its trail, the entries just updated, and the cursor.

const TRAIL = 12; // steps
const MOST_OUTLINED = 60; // entries that one step updated: more would hide the picture

class Agent {
  /** `boxOf` gives a state's cell, `isShown` tells whether its values are in sight: a cell may have several layers. */
  constructor(ctx, colours, { wedges, chances }, { boxOf, isShown }) {
    Object.assign(this, { ctx, colours, wedges, chances, boxOf, isShown });
  }

  centre(state) {
    const box = this.boxOf(state);
    return box && { x: box.x + box.size / 2, y: box.y + box.size / 2, size: box.size };
  }

  /** Draws everything for the tape's playhead; `part` is how much of the last step's glide is done, 0 to 1. */
  draw(tape, { part, outline, policy, ascends }) {
    const step = tape.lastStep();
    if (step && outline) this.outlines(tape, policy, ascends);
    if (ascends) return; // nobody goes anywhere
    this.trail(tape);
    const here = this.between(step, tape.place(), part);
    if (here) this.disc(here, step && step.explored > 0);
  }

  between(step, place, part) {
    const to = this.centre(place);
    const from = step && part < 1 ? this.centre(step.state) : null;
    if (!to || !from) return to;
    const eased = 1 - (1 - part) ** 3;
    return { x: from.x + (to.x - from.x) * eased, y: from.y + (to.y - from.y) * eased, size: to.size };
  }

  disc({ x, y, size }, explored) {
    const { ctx, colours } = this;
    const radius = Math.max(4.5, size * 0.15);
    if (explored) this.ring(x, y, radius + Math.max(3, size * 0.055), size);
    ctx.beginPath();
    ctx.arc(x, y, radius, 0, 2 * Math.PI);
    ctx.fillStyle = rgb(colours.agent);
    ctx.shadowColor = "rgba(0,0,0,.35)";
    ctx.shadowBlur = size * 0.07;
    ctx.fill();
    ctx.shadowColor = "transparent";
    ctx.strokeStyle = "#fff";
    ctx.lineWidth = Math.max(1, size * 0.03);
    ctx.stroke();
  }

  /** Marks a random action. */
  ring(x, y, radius, size) {
    const { ctx, colours } = this;
    for (const [style, width] of [
      [rgba(colours.background, 0.9), 0.085],
      [colours.ink("explore"), 0.05],
    ]) {
      ctx.beginPath();
      ctx.arc(x, y, radius, 0, 2 * Math.PI);
      ctx.strokeStyle = style;
      ctx.lineWidth = Math.max(1.5, size * width);
      ctx.stroke();
    }
  }

  /** Lines between the last steps of this episode; a jump (a fall, a new start) breaks the trail. */
  trail(tape) {
    for (let t = tape.t, age = 0; age < TRAIL; t--, age++) {
      const i = t - 1 - tape.t0;
      if (i < 0 || (age > 0 && tape.steps.ended[i])) return;
      this.segment(tape.steps.state[i], tape.steps.next_state[i], 1 - age / TRAIL);
    }
  }

  segment(from, to, strength) {
    const [a, b] = [this.centre(from), this.centre(to)];
    if (!a || !b || Math.abs(a.x - b.x) + Math.abs(a.y - b.y) > a.size * 2.1) return;
    const { ctx, colours } = this;
    ctx.beginPath();
    ctx.moveTo(a.x, a.y);
    ctx.lineTo(b.x, b.y);
    ctx.strokeStyle = rgba(colours.agent, 0.4 * strength);
    ctx.lineWidth = Math.max(1.5, a.size * 0.045 * strength);
    ctx.lineCap = "round";
    ctx.stroke();
  }

  /** Outlines the entry that the last step's error is about, and fainter the others it changed: of a policy, states. */
  outlines(tape, policy, ascends) {
    const others = ascends ? [] : tape.updatedToo(); // or everything
    const shown = policy ? firstOfStates(tape, others) : others;
    for (const entry of shown.slice(0, MOST_OUTLINED)) this.outline(tape, entry, "target", 0.6, policy, policy);
    this.outline(tape, tape.updated(), "new", 1, policy);
  }

  outline(tape, entry, role, strength, policy, whole = false) {
    const state = entry < 0 ? -1 : tape.stateOf(entry);
    const box = this.isShown(state) && this.centre(state);
    if (!box) return;
    const { ctx, colours } = this;
    this.trace(box, tape.width > 1 && !whole ? entry % tape.width : null, policy);
    ctx.lineJoin = "round";
    ctx.strokeStyle = rgba(colours.background, 0.9);
    ctx.lineWidth = strength * clamp(box.size * 0.07, 2, 5);
    ctx.stroke();
    ctx.strokeStyle = colours.ink(role);
    ctx.lineWidth = strength * clamp(box.size * 0.04, 1.2, 3);
    ctx.stroke();
  }

  /** Traces an action's wedge or disc, or, where the state is valued as a whole, its cell. */
  trace({ x, y, size }, action, policy) {
    const { ctx } = this;
    const wedge = this.wedges[action];
    if (wedge) return tracePolygon(ctx, wedge.points, x, y, size - 3);
    ctx.beginPath();
    if (action === null) ctx.rect(x - size / 2 + 2, y - size / 2 + 2, size - 3, size - 3);
    else if (policy) this.around(this.chances.seat(x, y, size, action));
    else ctx.arc(x, y, size * 0.27, 0, 2 * Math.PI);
  }

  around({ left, top, full }) {
    this.ctx.arc(left, top, full + 2, 0, 2 * Math.PI);
  }

  /** Frames the cell under the pointer or the keyboard's cursor. */
  frame(box) {
    const { ctx, colours } = this;
    ctx.strokeStyle = rgb(colours.text);
    ctx.lineWidth = 2;
    ctx.strokeRect(box.x + 1.5, box.y + 1.5, box.size - 2, box.size - 2);
  }
}

/** One entry of each state in which something changed, but not of the one that the step's error is about. */
function firstOfStates(tape, entries) {
  const found = new Map(entries.map((entry) => [tape.stateOf(entry), entry]));
  if (tape.updated() >= 0) found.delete(tape.stateOf(tape.updated()));
  return [...found.values()];
}
