// A market: the price of the last half year, what was held on each of its days, and what a reader said of them. Beneath
// that today's text, the reader's opinion of it, and of what was done.

const SPAN = 126; // days in sight
const MARGIN = { left: 46, right: 12, top: 14, bottom: 18 }; // px
const RIBBON = 14; // px, of what was held, and half of it of what was said
const HELD = ["short", "flat", "long"];
const DAY = 86400000; // ms

/** A day's date as text, or its number where there are no dates. */
const dayName = (dates, day) => (dates ? new Date(dates[day] * DAY).toISOString().slice(0, 10) : `day ${grouped(day)}`);

/** Numbers from -1 to 1 that came in a byte each, so many parts to 1; NaN where there is none. */
const opened = (packed, parts) => Float32Array.from(unpack(packed), (byte) => (byte === 255 ? NaN : byte / parts - 1));

const signedText = (x, digits = 2) => `${x > 0 ? "+" : ""}${minus(x.toFixed(digits))}`;

class Market {
  constructor() {
    this.canvas = el("canvas", { role: "img" });
    this.ctx = this.canvas.getContext("2d");
    this.facts = el("div", { class: "market-facts" });
    this.news = el("div", { class: "market-text" });
    this.said = el("div", { class: "market-said" });
    this.judged = el("div", { class: "market-said" });
    this.badge = el("div", { class: "market-badge" });
    const below = [this.facts, this.news, this.said, this.judged, this.badge];
    this.node = el("div", { class: "market-world", tabindex: "0" }, this.canvas, ...below);
  }

  load({ world, run }, colours) {
    Object.assign(this, { colours, due: 0 });
    const key = JSON.stringify([world.name, world.reader, world.price.data.length, run]);
    if (key === this.key) return;
    this.key = key;
    this.world = world;
    for (const name of ["price", "text"]) this[name] = unpack(world[name]);
    Object.assign(this, { score: opened(world.score, 100), opinion: opened(world.opinion, 1) });
    this.dates = world.dates && unpack(world.dates);
    setText(this.badge, world.badge);
  }

  layout(width, height) {
    const ratio = window.devicePixelRatio || 1;
    const high = Math.max(170, Math.min(height - 120, 0.5 * width));
    if (width === this.width && high === this.height && ratio === this.ratio) return;
    Object.assign(this, { width, height: high, ratio });
    Object.assign(this.canvas.style, { width: `${width}px`, height: `${high}px` });
    Object.assign(this.canvas, { width: Math.round(width * ratio), height: Math.round(high * ratio) });
  }

  draw(tape, look) {
    const days = this.walked(tape);
    const day = days.now;
    this.scale(Math.max(0, day - SPAN), day);
    this.ctx.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    this.ctx.clearRect(0, 0, this.width, this.height);
    this.drawAxes(day);
    this.drawRibbons(days);
    this.drawPrice(days);
    const now = performance.now();
    if (look.fast && now < this.due) return;
    this.due = now + SLOW_TEXT;
    this.write(tape, days);
  }

  /** The days of this year so far, as far as they are in the buffer: {now, from, held: [[day, position], ...]}. */
  walked(tape) {
    const dayAt = (t) => tape.moments.day.data[t - tape.t0];
    const over = tape.last("ended") && !tape.anew;
    const now = over ? dayAt(tape.t - 1) + 1 : dayAt(tape.t);
    const held = [];
    const last = tape.t - (over || !tape.last("ended") ? 1 : 0);
    const begun = last === tape.t; // a year that has just begun
    for (let u = tape.t - 1; !begun && u >= tape.t0 && now - dayAt(u) <= SPAN; u--) {
      if (u < tape.t - 1 && tape.steps.ended[u - tape.t0]) break;
      held.push([dayAt(u), (tape.steps.next_state[u - tape.t0] % 3) - 1]);
    }
    return { now, held, begun };
  }

  /** Fits the prices of some days into the canvas. */
  scale(first, last) {
    const seen = this.price.subarray(first, last + 1);
    let [low, high] = [Infinity, -Infinity];
    for (const x of seen) [low, high] = [Math.min(low, x), Math.max(high, x)];
    const room = Math.max(high - low, high * 0.01) * 0.06;
    Object.assign(this, { first, low: low - room, high: high + room });
    this.floor = this.height - MARGIN.bottom - 1.5 * RIBBON - 8;
  }

  x(day) {
    return MARGIN.left + ((day - this.first) / (SPAN + 1)) * (this.width - MARGIN.left - MARGIN.right);
  }

  y(price) {
    return MARGIN.top + ((this.high - price) / (this.high - this.low)) * (this.floor - MARGIN.top);
  }

  drawAxes(day) {
    const { ctx, colours } = this;
    ctx.font = `11px ${colours.font}`;
    ctx.fillStyle = rgba(colours.text, 0.65);
    ctx.textAlign = "right";
    for (const price of [this.low + 0.1 * (this.high - this.low), this.high - 0.1 * (this.high - this.low)]) {
      ctx.fillText(brief(price), MARGIN.left - 6, this.y(price) + 4);
      this.line(MARGIN.left, this.y(price), this.width - MARGIN.right, this.y(price), rgba(colours.text, 0.1));
    }
    ctx.textAlign = "left";
    ctx.fillText(dayName(this.dates, this.first), MARGIN.left, this.height - 4);
    ctx.textAlign = "right";
    if (day > this.first + 40) ctx.fillText(dayName(this.dates, day), this.x(day), this.height - 4);
  }

  line(x0, y0, x1, y1, style) {
    const { ctx } = this;
    Object.assign(ctx, { strokeStyle: style, lineWidth: 1 });
    ctx.beginPath();
    ctx.moveTo(x0, y0);
    ctx.lineTo(x1, y1);
    ctx.stroke();
  }

  /** A colour of what is held or said: as low values, the background's edge, as high values; null for no answer. */
  ink(position) {
    if (!Number.isFinite(position)) return null;
    const { signed, edge } = this.colours;
    return rgb(position > 0 ? signed[STEPS - 6] : position < 0 ? signed[6] : edge);
  }

  drawRibbons({ now, held }) {
    const width = this.x(this.first + 1) - this.x(this.first);
    const top = this.floor + 6;
    for (const [day, position] of held) this.block(this.x(day), top, width, RIBBON, this.ink(position));
    for (let day = this.first; day <= Math.min(now, this.opinion.length - 1); day++)
      this.block(this.x(day), top + RIBBON + 3, width, RIBBON / 2, this.ink(this.opinion[day]));
    Object.assign(this.ctx, { fillStyle: rgba(this.colours.text, 0.65), textAlign: "right" });
    this.ctx.fillText("held", MARGIN.left - 6, top + 11);
    this.ctx.fillText("reader", MARGIN.left - 6, top + RIBBON + 10);
  }

  block(x, y, width, height, style) {
    if (style === null) return;
    this.ctx.fillStyle = style;
    this.ctx.fillRect(x, y, width + 0.5, height);
  }

  drawPrice({ now, held }) {
    const { ctx, colours } = this;
    const start = held.length ? held[held.length - 1][0] : now;
    for (const [from, to, alpha] of [[this.first, start, 0.35], [start, now, 1]]) {
      Object.assign(ctx, { strokeStyle: rgba(colours.text, alpha), lineWidth: 1.6, lineJoin: "round" });
      ctx.beginPath();
      for (let day = from; day <= to; day++) ctx.lineTo(this.x(day), this.y(this.price[day]));
      ctx.stroke();
    }
    const position = held.length ? held[0][1] : 0;
    ctx.beginPath();
    ctx.arc(this.x(now), this.y(this.price[now]), 5, 0, 2 * Math.PI);
    Object.assign(ctx, { fillStyle: this.ink(position), strokeStyle: rgb(colours.text) });
    ctx.fill();
    ctx.stroke();
  }

  write(tape, { now, held, begun }) {
    const ret = begun || !held.length ? 0 : tape.last("ret");
    const position = held.length ? held[0][1] : 0;
    setText(this.facts, `${dayName(this.dates, now)} · ${HELD[position + 1]} · wealth ${fmt(Math.exp(ret))} since the year began`);
    const text = this.textOf(now);
    setText(this.news, text ? `“${text}”` : "Nothing to read today.");
    setText(this.said, `Reader: ${this.sayOpinion(now)}`);
    setText(this.judged, this.sayAction(held));
    const says = `${this.facts.textContent}. ${this.news.textContent} ${this.said.textContent}`;
    if (this.canvas.ariaLabel !== says) this.canvas.ariaLabel = says;
  }

  textOf(day) {
    return this.world.texts[this.text[day]] ?? "";
  }

  sayOpinion(day) {
    const score = this.score[day];
    if (!Number.isFinite(score)) return "no answer, which is an observation of its own";
    return `${signedText(score)}, so the price ${["falls", "does neither", "rises"][this.opinion[day] + 1]}`;
  }

  /** What the reader thinks of the last thing done: right as far as it goes with its opinion. */
  sayAction(held) {
    if (!held.length) return "Of the action: nothing was done yet.";
    const [day, position] = held[0];
    const score = this.score[day];
    const what = `Of the action, ${HELD[position + 1]} from ${dayName(this.dates, day)} on: `;
    return Number.isFinite(score) ? `${what}${signedText(score * position)}` : `${what}no answer`;
  }
}
