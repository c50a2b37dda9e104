// Draws what moves over the world: the agent, its trail, the entry just updated, and the cursor.

const TRAIL = 12; // steps

class Agent {
  constructor(ctx, colours, wedges, boxOf) {
    Object.assign(this, { ctx, colours, wedges, boxOf });
  }

  centre(state) {
    const box = this.boxOf(state);
    return box && { x: box.x + box.size / 2, y: box.y + box.size / 2, size: box.size };
  }

  /** Draws everything for the tape's playhead; `part` is how much of the last step's glide is done, 0 to 1. */
  draw(tape, part, outline) {
    const step = tape.lastStep();
    if (step && outline) this.outline(step);
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

  /** Outlines the entry that the last step updated. */
  outline({ state, action }) {
    const box = this.centre(state);
    if (!box) return;
    const wedge = this.wedges[action];
    const { ctx, colours } = this;
    if (wedge) tracePolygon(ctx, wedge.points, box.x, box.y, box.size - 3);
    else {
      ctx.beginPath();
      ctx.arc(box.x, box.y, box.size * 0.27, 0, 2 * Math.PI);
    }
    ctx.lineJoin = "round";
    ctx.strokeStyle = rgba(colours.background, 0.9);
    ctx.lineWidth = clamp(box.size * 0.07, 2, 5);
    ctx.stroke();
    ctx.strokeStyle = colours.ink("new");
    ctx.lineWidth = clamp(box.size * 0.04, 1.2, 3);
    ctx.stroke();
  }

  /** Frames the cell under the pointer or the keyboard's cursor. */
  frame(box) {
    const { ctx, colours } = this;
    ctx.strokeStyle = rgb(colours.text);
    ctx.lineWidth = 2;
    ctx.strokeRect(box.x + 1.5, box.y + 1.5, box.size - 2, box.size - 2);
  }
}
