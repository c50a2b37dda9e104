// The axis of values that all arms share.

const GUTTER = 42; // px for its numbers
const CEILING = 8; // px above it

class ArmAxis {
  constructor(ctx) {
    Object.assign(this, { ctx, low: 0, high: 0 });
  }

  load(bandit, colours, line) {
    if (line !== this.line) this.low = this.high = 0;
    Object.assign(this, { bandit, colours, line });
  }

  /** Where a value lies, in px from the top. */
  y(value) {
    return CEILING + ((this.high - value) / (this.high - this.low)) * (this.foot - CEILING);
  }

  /** Fits what the arms pay, and every estimate, above `foot` px; it grows at once and shrinks late. */
  fit({ q, value, visits, hand }, foot) {
    this.foot = foot;
    const { bernoulli, low, high } = this.bandit;
    const shown = Array.from(q).filter((_, arm) => !hand || visits[arm]);
    const pad = bernoulli ? 0.04 : 1.6;
    const bottom = Math.min(low, ...shown.map((x) => x - 0.3), ...Array.from(value, (x) => x - pad));
    const top = Math.max(high, ...shown.map((x) => x + 0.3), ...Array.from(value, (x) => x + pad));
    const whole = bernoulli && shown.every((x) => x >= 0 && x <= 1);
    const [floor, ceiling] = whole ? [-0.04, 1.04] : [Math.floor(bottom * 2) / 2, Math.ceil(top * 2) / 2];
    if (whole || floor < this.low || floor > this.low + 1) this.low = floor;
    if (whole || ceiling > this.high || ceiling < this.high - 1) this.high = ceiling;
  }

  draw(width) {
    const { ctx, colours } = this;
    const step = niceMax((this.high - this.low) / 6);
    for (let i = Math.ceil(this.low / step); i * step <= this.high; i++) {
      const y = Math.round(this.y(i * step));
      ctx.fillStyle = rgba(colours.text, i ? 0.09 : 0.3);
      ctx.fillRect(GUTTER, y, width - GUTTER, 1);
      this.label(minus(String(Number((i * step).toFixed(2)))), y);
    }
  }

  /** Writes something to the left of the arms. */
  label(text, y) {
    const { ctx, colours } = this;
    ctx.font = `${text.length > 4 ? 10 : 11}px ${colours.font}`;
    ctx.textAlign = "right";
    ctx.textBaseline = "middle";
    ctx.fillStyle = rgba(colours.text, 0.7);
    ctx.fillText(text, GUTTER - 6, y);
  }
}
