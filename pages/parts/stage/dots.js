// Paints the dots of a replay memory, pixel by pixel: tens of thousands of them in a few milliseconds.

const LARGEST_DOT = 14; // px, with the gap beside it
const RINGED = 3.5; // px, the least radius of what is lit
const COLOURINGS = [
  ["error", "TD error", "How far its value was from its target, when that was last seen"],
  ["age", "age", "How long ago it was stored"],
  ["reward", "reward", "What was paid for it"],
  ["ended", "ended", "Whether the episode went on"],
];
const SPREAD = 0.98; // of the errors fit into their scale: the few largest have its last colour

/** One colour as a pixel of the canvas. */
const pixel = ([r, g, b]) => ((255 << 24) | (Math.round(b) << 16) | (Math.round(g) << 8) | Math.round(r)) >>> 0;

/** What colours a transition: {shades, of(item) -> its shade, low, high}; or {shades, of, names} where these are few. */
function colouring(kind, { items, ring, t }, colours) {
  if (kind === "ended") return { ...endColours(colours), of: (i) => items.ended[i] };
  if (kind === "age") return ageColours({ items, ring, t }, colours);
  if (kind === "reward") return rewardColours(items, colours);
  const max = niceMax(largestButFew(items.error));
  const of = (i) => Math.min(STEPS, Math.round((STEPS * items.error[i]) / max));
  return { shades: colours.count, of, low: "0", high: fmt(max) };
}

function endColours(colours) {
  const [over, cut] = [colours.palette.explore, colours.palette.old].map(parseColour);
  return { shades: [blend(colours.background, colours.text, 0.3), over, cut], names: ["went on", "ended", "cut short"] };
}

/** The newest are the strongest; the oldest that is there decides on the scale. */
function ageColours({ items, ring, t }, colours) {
  let oldest = t;
  for (const i of ring) if (i >= 0 && items.born[i] < oldest) oldest = items.born[i];
  const max = Math.max(1, t - oldest);
  const of = (i) => Math.max(0, Math.round(STEPS * (1 - (t - items.born[i]) / max)));
  return { shades: colours.count, of, low: `${plural(max, "step")} ago`, high: "now" };
}

function rewardColours(items, colours) {
  let [low, high] = [0, 0];
  for (const x of items.reward) {
    if (x < low) low = x;
    if (x > high) high = x;
  }
  const max = Math.max(-low, high) || 1;
  const of = (i) => Math.round(STEPS * clamp(0.5 + items.reward[i] / (2 * max), 0, 1));
  return { shades: colours.signed, of, low: fmt(-max), high: fmt(max) };
}

/** The size that all but a few errors have at most, as far as a sample tells. */
function largestButFew(errors) {
  const apart = Math.max(1, Math.floor(errors.length / 2000));
  const sample = errors.filter((_, i) => i % apart === 0).sort();
  return sample.length ? sample[Math.floor(SPREAD * (sample.length - 1))] : 0;
}

class Dots {
  constructor() {
    this.under = el("canvas", { "aria-hidden": "true" });
    this.over = el("canvas", { role: "img", tabindex: "0" });
    this.paper = this.under.getContext("2d", { alpha: false });
    this.pen = this.over.getContext("2d");
  }

  fit(width, height) {
    const ratio = window.devicePixelRatio || 1;
    if (width === this.wide && height === this.high && ratio === this.ratio) return;
    Object.assign(this, { wide: width, high: height, ratio, key: null });
    for (const canvas of [this.under, this.over]) {
      Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
      Object.assign(canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
    }
    this.image = this.paper.createImageData(this.under.width, this.under.height);
    this.pixels = new Uint32Array(this.image.data.buffer);
  }

  /** Paints all dots, unless nothing has changed; `place` says where each of them is. */
  paint(replay, { kind, spots, colours, key }) {
    const now = [key, replay.t, replay.items.n, replay.ring.length].join();
    if (now === this.key && replay === this.replay) return;
    Object.assign(this, { key: now, replay, spots, colours });
    this.colouring = colouring(kind, replay, colours);
    this.shades = Uint32Array.from(this.colouring.shades, pixel);
    this.pixels.fill(pixel(colours.background));
    spots.ground?.(this);
    this.stamp = makeStamp(...spots.dot);
    this.paintAll(replay, spots);
    this.paper.putImageData(this.image, 0, 0);
    spots.drawOn?.(this.paper, this);
  }

  /** The oldest first: newer ones lie on top of them. */
  paintAll({ ring, next, filled }, spots) {
    const { shades, colouring } = this;
    const size = ring.length;
    if (spots.empty) for (let p = 0; p < size; p++) if (ring[p] < 0) this.dot(spots.x(p, -1), spots.y(p, -1), spots.empty);
    for (let k = 0, p = (next - filled + size) % size; k < filled; k++, p = p + 1 === size ? 0 : p + 1)
      this.dot(spots.x(p, ring[p]), spots.y(p, ring[p]), shades[colouring.of(ring[p])]);
  }

  dot(x, y, colour) {
    const { pixels, stamp } = this;
    const width = this.image.width;
    const start = y * width + x;
    for (let k = 0; k < stamp.length; k += 2) pixels[start + stamp[k + 1] * width + stamp[k]] = colour;
  }

  /** The middle of a dot, in CSS pixels. */
  middle(place, item) {
    const { x, y, dot } = this.spots;
    return [(x(place, item) + dot[0] / 2) / this.ratio, (y(place, item) + dot[1] / 2) / this.ratio];
  }

  /** Lights up the places of a batch, outlines the newest, and marks one that is looked at. */
  light(replay, { picked, newest, pointed }) {
    const { pen, ratio, colours, spots } = this;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, this.wide, this.high);
    const size = Math.max(...spots.dot) / ratio;
    for (const place of new Set(picked)) this.ring(place, replay.ring[place], Math.max(RINGED, size / 2 + 1.5));
    pen.strokeStyle = colours.ink("new");
    pen.lineWidth = 2;
    for (const place of newest) this.square(place, replay.ring[place], size + 4);
    pen.strokeStyle = rgb(colours.text);
    pen.lineWidth = 1.5;
    if (spots.empty) this.square(replay.next, -1, size + 3);
    if (pointed >= 0) this.square(pointed, replay.ring[pointed], size + 6);
  }

  ring(place, item, radius) {
    const { pen, colours } = this;
    const [x, y] = this.middle(place, item);
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.fillStyle = rgb(this.colouring.shades[this.colouring.of(item)]);
    pen.strokeStyle = colours.ink("target");
    pen.lineWidth = 1.5;
    pen.fill();
    pen.stroke();
  }

  square(place, item, size) {
    const [x, y] = this.middle(place, item);
    this.pen.strokeRect(x - size / 2, y - size / 2, size, size);
  }

  /** The place of the dot nearest to a point in CSS pixels, at most 10 px away; -1 where there is none. */
  nearest(replay, left, top) {
    let [found, least] = [-1, 100];
    const { ring } = replay;
    for (let p = 0; p < ring.length; p++) {
      if (ring[p] < 0) continue;
      const [x, y] = this.middle(p, ring[p]);
      const far = (x - left) ** 2 + (y - top) ** 2;
      if (far <= least) [found, least] = [p, far];
    }
    return found;
  }
}

/** The pixels of a dot, [x, y, x, y ...]: a disc where there is room for one. */
function makeStamp(wide, high) {
  const found = [];
  for (let y = 0; y < high; y++)
    for (let x = 0; x < wide; x++)
      if (wide < 4 || Math.hypot((2 * x + 1) / wide - 1, (2 * y + 1) / high - 1) <= 1) found.push(x, y);
  return Int8Array.from(found);
}
