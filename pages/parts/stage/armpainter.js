// Paints the arms: columns on one axis of values, the chances below them.

const STRIP = 34; // px for the chances
const RECENT = 60; // rewards that are still seen
const SCORES = new Set(["upper bound", "sample"]); // that are values: they have a place on the axis

class ArmPainter {
  constructor(canvas) {
    this.canvas = canvas;
    this.ctx = canvas.getContext("2d");
    this.axis = new ArmAxis(this.ctx);
  }

  load({ bandit, n_actions: count, palette, line }, colours) {
    this.axis.load(bandit, colours, line);
    Object.assign(this, { bandit, count, colours, hatch: null });
    this.inks = Object.fromEntries(["reward", "new", "explore"].map((role) => [role, colours.ink(role)]));
    this.inks.accent = rgb(colours.dark ? blend(parseColour(palette.accent), [255, 255, 255], 0.3) : parseColour(palette.accent));
  }

  fit(width, height) {
    const ratio = window.devicePixelRatio || 1;
    const key = [width, height, ratio].join();
    if (key === this.size) return;
    Object.assign(this, { size: key, width, height, ratio, hatch: null });
    Object.assign(this.canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    this.ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  get column() {
    return (this.width - GUTTER) / this.count;
  }

  centre(arm) {
    return GUTTER + (arm + 0.5) * this.column;
  }

  armAt(x) {
    const arm = Math.floor((x - GUTTER) / this.column);
    return x >= GUTTER && arm < this.count ? arm : -1;
  }

  y(value) {
    return this.axis.y(value);
  }

  draw(seen, { truth, hover, part, tape }) {
    this.foot = this.height - (seen.hand ? 6 : STRIP + 8);
    this.axis.fit(seen, this.foot);
    this.ctx.clearRect(0, 0, this.width, this.height);
    this.hatch ||= makeHatch(this.ctx, rgb(this.colours.background), rgba(this.colours.text, 0.13), this.ratio);
    for (let arm = 0; arm < this.count; arm++) this.back(arm, seen, hover);
    this.axis.draw(this.width);
    if (!seen.hand) this.axis.label("chance", this.height - STRIP / 2);
    if (truth) for (let arm = 0; arm < this.count; arm++) this.spread(arm, seen.value[arm]);
    this.recent(tape);
    for (let arm = 0; arm < this.count; arm++) this.belief(arm, seen);
    if (truth) for (let arm = 0; arm < this.count; arm++) this.mean(arm, seen.value[arm]);
    if (seen.step) this.last(seen.step, part);
  }

  back(arm, { visits, step }, hover) {
    const { ctx, colours, column } = this;
    const x = GUTTER + arm * column;
    if (!visits[arm]) ctx.fillStyle = this.hatch;
    else ctx.fillStyle = rgba(colours.text, 0.035);
    ctx.fillRect(x + 1, 8, column - 2, this.foot - 8);
    if (arm !== hover && arm !== step?.action) return;
    ctx.fillStyle = rgba(colours.text, 0.07);
    ctx.fillRect(x + 1, 8, column - 2, this.foot - 8);
  }

  /** How an arm's rewards spread: a bell, or how much of the column 1 is paid in. */
  spread(arm, mean) {
    const { ctx, colours, column } = this;
    const x = this.centre(arm);
    ctx.fillStyle = rgba(colours.text, 0.13);
    if (this.bandit.bernoulli) return ctx.fillRect(x - column * 0.38, this.y(mean), column * 0.76, this.y(0) - this.y(mean));
    ctx.beginPath();
    for (const side of [1, -1])
      for (let i = -14; i <= 14; i++) {
        const z = (side * i) / 5;
        ctx.lineTo(x + side * column * 0.44 * Math.exp((-z * z) / 2), clamp(this.y(mean + z), 8, this.foot));
      }
    ctx.fill();
  }

  mean(arm, mean) {
    const [x, half] = [this.centre(arm), this.column * 0.4];
    this.ctx.fillStyle = rgb(this.colours.text);
    this.ctx.fillRect(x - half, this.y(mean) - 1, half * 2, 2);
  }

  /** The rewards of the last pulls, the older the fainter. */
  recent(tape) {
    const { ctx } = this;
    ctx.fillStyle = this.inks.reward;
    for (let age = 1; age < RECENT; age++) {
      const i = tape.t - 1 - age - tape.t0;
      if (i < 0) break;
      ctx.globalAlpha = 0.5 * (1 - age / RECENT);
      const wobble = ((((i + tape.t0) * 0.618) % 1) - 0.5) * 0.5;
      this.dot(this.centre(tape.steps.action[i]) + wobble * this.column, tape.steps.reward[i], 2);
    }
    ctx.globalAlpha = 1;
  }

  dot(x, value, radius) {
    this.ctx.beginPath();
    this.ctx.arc(x, clamp(this.y(value), 5, this.foot), radius, 0, 2 * Math.PI);
    this.ctx.fill();
  }

  belief(arm, seen) {
    const x = this.centre(arm);
    if (Number.isFinite(seen.chance[arm])) this.chance(x, seen.chance[arm]);
    if (seen.visits[arm] || (!seen.hand && Number.isFinite(seen.width[arm]))) this.interval(x, seen.q[arm], seen.width[arm]);
    if (seen.visits[arm] || !seen.hand) this.estimate(x, seen.q[arm], seen.visits[arm] > 0);
    if (SCORES.has(this.bandit.score)) this.score(x, seen.score[arm]);
  }

  interval(x, q, width) {
    const { ctx } = this;
    const [top, bottom] = [clamp(this.y(q + width), 8, this.foot), clamp(this.y(q - width), 8, this.foot)];
    const cap = clamp(this.column * 0.14, 2, 6);
    ctx.fillStyle = this.inks.new;
    ctx.fillRect(x - 1, top, 2, bottom - top);
    if (q + width < this.axis.high) ctx.fillRect(x - cap, top - 1, cap * 2, 2);
    if (q - width > this.axis.low) ctx.fillRect(x - cap, bottom - 1, cap * 2, 2);
  }

  /** The estimate; hollow where it is only what the agent began with. */
  estimate(x, q, known) {
    const { ctx } = this;
    const radius = clamp(this.column * 0.13, 3, 6);
    ctx.fillStyle = known ? this.inks.new : rgb(this.colours.background);
    this.dot(x, q, radius);
    ctx.lineWidth = known ? 1.5 : 2;
    ctx.strokeStyle = known ? rgb(this.colours.background) : this.inks.new;
    ctx.stroke();
  }

  /** What the algorithm goes by: a pointer from above; beyond the axis it lies at its edge. */
  score(x, score) {
    const { ctx } = this;
    const size = clamp(this.column * 0.16, 4, 7);
    ctx.fillStyle = this.inks.accent;
    const y = clamp(this.y(score), 12, this.foot);
    ctx.beginPath();
    for (const [dx, dy] of this.bandit.score === "sample" ? DIAMOND : POINTER) ctx.lineTo(x + dx * size, y + dy * size);
    ctx.fill();
    ctx.font = `600 12px ${this.colours.font}`;
    ctx.textAlign = "center";
    if (score === Infinity) ctx.fillText("∞", x, y + 13);
  }

  chance(x, chance) {
    const { ctx, column } = this;
    const [half, height] = [column * 0.34, (STRIP - 8) * chance];
    ctx.fillStyle = rgba(this.colours.text, 0.07);
    ctx.fillRect(x - half, this.height - STRIP + 6, half * 2, STRIP - 8);
    ctx.fillStyle = this.inks.accent;
    ctx.fillRect(x - half, this.height - 2 - height, half * 2, height);
  }

  /** The last pull: its column framed, its reward falling to where it belongs. */
  last({ action, reward, explored }, part) {
    const { ctx, column } = this;
    const x = GUTTER + action * column;
    ctx.strokeStyle = explored ? this.inks.explore : this.inks.accent;
    ctx.lineWidth = 2;
    ctx.strokeRect(x + 2, 9, column - 4, this.foot - 10);
    const [from, to] = [-8, clamp(this.y(reward), 5, this.foot)];
    const y = from + (to - from) * part * part;
    const radius = clamp(column * 0.15, 4, 7);
    ctx.beginPath();
    ctx.arc(x + column * 0.76, y, radius, 0, 2 * Math.PI);
    ctx.fillStyle = this.inks.reward;
    ctx.fill();
    ctx.strokeStyle = rgb(this.colours.background);
    ctx.lineWidth = 1.5;
    ctx.stroke();
  }
}

const POINTER = [[-1, -1.3], [1, -1.3], [0, 0]];
const DIAMOND = [[0, -1], [1, 0], [0, 1], [-1, 0]];
