// The policies over two actions as the points of a curve: to the right the second one's chance, upwards their worth.

const SHELF = 38; // px below the axis, where the samples lie
const LEFT = 46; // px for the numbers of the axis
const OUTER = 0.05; // of the axis at either end need not be in sight
const TICKS = [0, 0.25, 0.5, 0.75, 1];

class Curve {
  constructor(colours) {
    Object.assign(this, { colours, paper: document.createElement("canvas"), shelved: true });
  }

  load({ world, names, worth }) {
    Object.assign(this, { world, names, worth });
    const edge = Math.ceil(OUTER * (worth.length - 1)); // towards its ends the curve may fall for ever
    const inner = worth.slice(edge, worth.length - edge).filter(Number.isFinite);
    const depth = 1.2 * (world.high - Math.min(world.high, ...inner));
    const room = 0.06 * Math.min(depth, world.high - world.low) || 1;
    [this.low, this.high] = [Math.max(world.low, world.high - depth) - room, world.high + room];
  }

  fit(width, height, ratio) {
    const floor = height - 38 - SHELF;
    Object.assign(this, { width, height, ratio, top: 8, floor, left: LEFT, right: width - 14 });
    this.paint();
  }

  x(chance) {
    return this.left + chance * (this.right - this.left);
  }

  y(worth) {
    return this.floor - ((worth - this.low) / (this.high - this.low)) * (this.floor - this.top);
  }

  /** Where a policy lies: on the curve, or, where it is worth too little for the picture, at its foot. */
  at(p) {
    const worth = this.worthOf(p);
    return { x: this.x(p[1]), y: clamp(Number.isFinite(worth) ? this.y(worth) : this.floor, this.top, this.floor) };
  }

  /** Where the i-th sample lies: on a shelf below the axis, where they can be told apart. */
  spot(p, i) {
    return { x: this.x(p[1]), y: this.floor + 12 + (((i * 0.618) % 1) * (SHELF - 20)) };
  }

  /** Where their mean lies, and where an arrow to a policy ends that starts from height y: it points along the axis. */
  meanSpot(p) {
    return { x: this.x(p[1]), y: this.floor + 2 + SHELF / 2 };
  }

  tip(p, y) {
    return { x: this.x(p[1]), y };
  }

  /** Outlines where there are policies. */
  trace(ctx) {
    ctx.beginPath();
    ctx.rect(this.left, 0, this.right - this.left, this.height);
  }

  policyAt(x, y) {
    const chance = (x - this.left) / (this.right - this.left);
    if (chance < -0.02 || chance > 1.02 || y < 0 || y > this.floor + SHELF) return null;
    return [1 - clamp(chance, 0, 1), clamp(chance, 0, 1)];
  }

  worthOf(p) {
    const place = clamp(p[1], 0, 1) * (this.worth.length - 1);
    const i = Math.min(Math.floor(place), this.worth.length - 2);
    const part = place - i;
    if (part < 1e-9) return this.worth[i];
    return part > 1 - 1e-9 ? this.worth[i + 1] : this.worth[i] + part * (this.worth[i + 1] - this.worth[i]);
  }

  paint() {
    const { paper, width, height, ratio, colours } = this;
    Object.assign(paper, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
    const ctx = paper.getContext("2d");
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.axes(ctx);
    ctx.save();
    ctx.beginPath();
    ctx.rect(this.left, this.top, this.right - this.left, this.floor - this.top);
    ctx.clip();
    this.line(ctx);
    ctx.restore();
    ctx.fillStyle = rgba(colours.text, 0.05);
    ctx.fillRect(this.left, this.floor + 4, this.right - this.left, SHELF - 4);
    const seen = this.worth.map((worth) => worth > this.low);
    const ends = [[0, seen.indexOf(true), 16], [this.worth.length - 1, seen.lastIndexOf(true), -16]];
    for (const [end, foot, inwards] of ends)
      if (!Number.isFinite(this.worth[end])) this.fall(ctx, this.x(foot / (this.worth.length - 1)) + inwards);
  }

  axes(ctx) {
    const { colours } = this;
    const step = niceMax((this.high - this.low) / 6);
    ctx.fillStyle = rgba(colours.text, 0.7);
    for (let i = Math.ceil(this.low / step); i * step <= this.high; i++) {
      const y = Math.round(this.y(i * step));
      ctx.fillStyle = rgba(colours.text, 0.09);
      ctx.fillRect(this.left, y, this.right - this.left, 1);
      this.label(ctx, minus(String(Number((i * step).toFixed(3)))), this.left - 6, y, "right");
    }
    const below = this.floor + SHELF;
    for (const tick of TICKS) this.label(ctx, String(tick), this.x(tick), below + 10, "center");
    this.label(ctx, `chance of “${this.names[1]}”`, (this.left + this.right) / 2, below + 27, "center");
    this.label(ctx, "J", 10, this.top + 8, "left");
    ctx.fillStyle = rgba(colours.text, 0.4);
    ctx.fillRect(this.left, Math.round(this.floor), this.right - this.left, 1);
  }

  label(ctx, text, x, y, align) {
    const { colours } = this;
    ctx.font = `12px ${colours.font}`;
    ctx.textAlign = align;
    ctx.textBaseline = "middle";
    ctx.fillStyle = rgba(colours.text, 0.7);
    ctx.fillText(text, x, y);
  }

  line(ctx) {
    ctx.beginPath();
    this.worth.forEach((worth, i) => {
      const y = Number.isFinite(worth) ? this.y(worth) : 4 * this.floor;
      ctx.lineTo(this.x(i / (this.worth.length - 1)), Math.min(y, 4 * this.floor));
    });
    ctx.strokeStyle = rgba(this.colours.text, 0.6);
    ctx.lineWidth = 2.5;
    ctx.lineJoin = "round";
    ctx.stroke();
  }

  /** Says that at an end of the axis the worth falls out of the picture, for ever. */
  fall(ctx, x) {
    const { colours } = this;
    ctx.fillStyle = rgba(colours.text, 0.75);
    drawHead(ctx, x, this.floor - 4, Math.PI / 2, 8);
    writeText(ctx, colours.font, "\u2212∞", x, this.floor - 22, 13);
  }
}
