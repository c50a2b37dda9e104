// Paints what moves over a landscape of policies: the path, the policy, the exact step and the steps along samples.

const MOST_JOINTS = 800; // of the path
const SHORT_ARROW = 26; // px: a shorter one is continued by a faint line, so that its direction is seen
const RAY = 46; // px
const DOT = 2.3; // px, the radius of a sample's
const HEAP = 2; // px: samples nearer than about that are one dot

class LandPainter {
  constructor(canvas) {
    this.canvas = canvas;
    this.ctx = canvas.getContext("2d");
  }

  load(data, colours) {
    const { world } = data;
    const key = JSON.stringify([world, colours.key]);
    if (key === this.key) return;
    Object.assign(this, { key, world, colours, size: null });
    this.ground = new (world.actions === 3 ? Simplex : Curve)(colours);
    this.ground.load({ world, names: world.names, worth: Array.from(unpack(world.worth)) });
    this.inks = Object.fromEntries(["new", "reward", "old"].map((role) => [role, colours.ink(role)]));
    this.inks.accent = rgb(colours.dark ? blend(colours.agent, [255, 255, 255], 0.3) : colours.agent);
    this.halo = rgba(colours.background, 0.9);
  }

  fit(width, height) {
    const ratio = window.devicePixelRatio || 1;
    const key = [width, height, ratio].join();
    if (key === this.size) return;
    Object.assign(this, { size: key, width, height });
    Object.assign(this.canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
    Object.assign(this.canvas.style, { width: `${width}px`, height: `${height}px` });
    this.ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.ground.fit(width, height, ratio);
  }

  /** Draws a moment: `seen` has the policy and, where they are known, the arrow's tip, the path and the clouds. */
  draw({ pi, arrow, path, clouds }) {
    const { ctx, ground, width, height } = this;
    ctx.clearRect(0, 0, width, height);
    ctx.drawImage(ground.paper, 0, 0, width, height);
    for (const mark of this.world.marks ?? []) this.mark(mark);
    this.path(path, pi);
    for (const { dots, role } of clouds) this.cloud(dots, this.inks[role], pi.length);
    ground.nameCorners?.(ctx); // a heap of samples may lie on one
    this.disc(ground.at(pi), 7.5, this.inks.new, 2);
    for (const { mean, role } of clouds) if (mean) this.ring(ground.meanSpot(mean), this.inks[role]);
    if (arrow) this.arrow(ground.at(pi), arrow);
    if (this.world.best) this.star(ground.at(this.world.best));
  }

  disc({ x, y }, radius, ink, edge) {
    const { ctx } = this;
    ctx.beginPath();
    ctx.arc(x, y, radius, 0, 2 * Math.PI);
    ctx.fillStyle = ink;
    ctx.fill();
    ctx.lineWidth = edge;
    ctx.strokeStyle = this.halo;
    ctx.stroke();
  }

  ring({ x, y }, ink) {
    const { ctx } = this;
    for (const [style, width] of [[this.halo, 4.5], [ink, 2.5]]) {
      ctx.beginPath();
      ctx.arc(x, y, 5.5, 0, 2 * Math.PI);
      ctx.strokeStyle = style;
      ctx.lineWidth = width;
      ctx.stroke();
    }
  }

  /** A policy worth a name. */
  mark({ p, text }) {
    const { ctx, colours, ground, width } = this;
    const { x, y: foot } = ground.at(p);
    const y = foot - 10; // clear of an axis
    this.disc({ x, y: foot }, 4, rgb(blend(colours.background, colours.text, 0.6)), 1.5);
    ctx.font = `12px ${colours.font}`;
    const left = x + 8 + ctx.measureText(text).width > width;
    ctx.textAlign = left ? "right" : "left";
    ctx.textBaseline = "middle";
    ctx.lineJoin = "round";
    ctx.strokeStyle = this.halo;
    ctx.lineWidth = 3;
    ctx.strokeText(text, x + (left ? -8 : 8), y);
    ctx.fillStyle = rgb(colours.text);
    ctx.fillText(text, x + (left ? -8 : 8), y);
  }

  /** The way the policy has come, `path` being its rows of chances up to now, as far as they are in the buffer. */
  path({ rows, from }, pi) {
    const { ctx, ground } = this;
    const width = pi.length;
    const count = rows.length / width;
    const stride = Math.ceil(count / MOST_JOINTS);
    ctx.beginPath();
    for (let i = (stride - (from % stride)) % stride; i < count; i += stride) {
      const { x, y } = ground.at(rows.subarray(i * width, (i + 1) * width));
      ctx.lineTo(x, y);
    }
    const { x, y } = ground.at(pi);
    ctx.lineTo(x, y);
    ctx.lineJoin = "round";
    for (const [style, thick] of [[this.halo, 4], [this.inks.new, 2]]) {
      ctx.strokeStyle = style;
      ctx.lineWidth = thick;
      ctx.stroke();
    }
  }

  /** The samples; those that lie together are one dot with their number for area. */
  cloud(dots, ink, width) {
    const { ctx, ground } = this;
    const spots = [];
    for (let i = 0; (i + 1) * width <= dots.length; i++) {
      if (!Number.isNaN(dots[i * width])) spots.push(ground.spot(dots.subarray(i * width, (i + 1) * width), i));
    }
    ctx.fillStyle = ink;
    ctx.strokeStyle = this.halo;
    ctx.lineWidth = 0.75;
    ctx.globalAlpha = 0.75;
    for (const { x, y, count } of ground.shelved ? spots : heap(spots)) {
      ctx.beginPath();
      ctx.arc(x, y, DOT * Math.sqrt(count ?? 1), 0, 2 * Math.PI);
      ctx.fill();
      ctx.stroke();
    }
    ctx.globalAlpha = 1;
  }

  /** The step along the exact gradient, as long as it is. */
  arrow(from, p) {
    const to = this.ground.tip(p, from.y);
    const length = Math.hypot(to.x - from.x, to.y - from.y);
    if (!(length > 0.05)) return;
    const angle = Math.atan2(to.y - from.y, to.x - from.x);
    const along = (far) => [from.x + Math.cos(angle) * far, from.y + Math.sin(angle) * far];
    if (length < SHORT_ARROW) this.ray(from, along(RAY));
    const head = clamp(length * 0.7, 4, 12);
    this.stroke(from, along(Math.max(0, length - head * 0.6)), 3.2, []);
    this.ctx.fillStyle = this.inks.accent;
    drawHead(this.ctx, ...along(length), angle, head);
  }

  /** Shows where an arrow points that is too short to tell, as far as there are policies. */
  ray(from, to) {
    this.ctx.save();
    this.ground.trace(this.ctx);
    this.ctx.clip();
    this.stroke(from, to, 1.5, [3, 4]);
    this.ctx.restore();
  }

  stroke(from, to, width, dashes) {
    const { ctx } = this;
    ctx.setLineDash(dashes);
    for (const [style, thick] of [[this.halo, width + 2], [this.inks.accent, width]]) {
      ctx.beginPath();
      ctx.moveTo(from.x, from.y);
      ctx.lineTo(...to);
      ctx.strokeStyle = style;
      ctx.lineWidth = thick;
      ctx.stroke();
    }
    ctx.setLineDash([]);
  }

  star({ x, y }) {
    const { ctx, colours } = this;
    ctx.beginPath();
    for (let i = 0; i < 10; i++) {
      const [radius, angle] = [i % 2 ? 3 : 7.5, (i * Math.PI) / 5 - Math.PI / 2];
      ctx.lineTo(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
    }
    ctx.closePath();
    ctx.lineJoin = "round";
    ctx.strokeStyle = this.halo;
    ctx.lineWidth = 2.5;
    ctx.stroke();
    ctx.fillStyle = rgb(colours.text);
    ctx.fill();
  }
}

/** Puts spots that coincide together: where they lie on average and how many they are, the most first. */
function heap(spots) {
  const heaps = new Map();
  for (const { x, y } of spots) {
    const key = [x, y].map((place) => Math.round(place / HEAP)).join();
    const { count, ...sum } = heaps.get(key) ?? { count: 0, x: 0, y: 0 };
    heaps.set(key, { count: count + 1, x: sum.x + x, y: sum.y + y });
  }
  const found = Array.from(heaps.values(), ({ count, x, y }) => ({ count, x: x / count, y: y / count }));
  return found.sort((a, b) => b.count - a.count);
}
