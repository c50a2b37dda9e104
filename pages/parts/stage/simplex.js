// The policies over three actions as the points of a triangle, with what they are worth beneath.

const BANDS = 14; // shades of worth
const MUTED = 0.42; // how far they fade into the background, so that what lies on them stands out

/** How many points of a triangular grid come before row i, of rows m + 1, m, ... 1 long. */
const rowStart = (i, m) => i * (m + 1) - (i * (i - 1)) / 2;

/** The worth at a policy (p, q, ...) between the grid's points; not finite where one of those around it is not. */
function worthAt(p, q, m, worth) {
  const [a, b] = [clamp(p * m, 0, m), clamp(q * m, 0, m)];
  const [i, j] = [Math.floor(a), Math.floor(b)];
  const [u, v] = [a - i, b - j];
  const upper = u + v > 1;
  let sum = 0;
  for (const [di, dj, weight] of upper
    ? [[1, 1, u + v - 1], [0, 1, 1 - u], [1, 0, 1 - v]]
    : [[0, 0, 1 - u - v], [1, 0, u], [0, 1, v]]) {
    if (weight > 1e-9) sum += weight * worth[rowStart(i + di, m) + j + dj];
  }
  return sum;
}

class Simplex {
  constructor(colours) {
    Object.assign(this, { colours, paper: document.createElement("canvas") });
  }

  load({ world, names, worth }) {
    Object.assign(this, { world, names, worth, m: world.grid });
  }

  /** Fits the triangle into a box: the first action's corner left, the second's right, the third's at the top. */
  fit(width, height, ratio) {
    const [side, top, foot] = [Math.min(width - 16, (height - 44) / 0.866), 20, 22];
    const [left, low] = [(width - side) / 2, Math.min(height - foot, top + 0.866 * side)];
    this.corners = [[left, low], [left + side, low], [width / 2, low - 0.866 * side]];
    Object.assign(this, { width, height, ratio, side });
    this.paint();
  }

  /** Where a policy lies. */
  at(p) {
    const [a, b, c] = this.corners;
    return { x: p[0] * a[0] + p[1] * b[0] + p[2] * c[0], y: p[0] * a[1] + p[1] * b[1] + p[2] * c[1] };
  }

  /** Where a sample lies, their mean, and an arrow's tip: among the policies themselves. */
  spot(p) {
    return this.at(p);
  }

  meanSpot(p) {
    return this.at(p);
  }

  tip(p) {
    return this.at(p);
  }

  /** The policy at a place, or null outside. */
  policyAt(x, y) {
    const [[left, low], , [, top]] = this.corners;
    const third = (low - y) / (low - top);
    const second = (x - left) / this.side - third / 2;
    const p = [1 - second - third, second, third];
    return p.every((chance) => chance > -0.012) ? p.map((chance) => clamp(chance, 0, 1)) : null;
  }

  worthOf([p, q]) {
    return worthAt(p, q, this.m, this.worth);
  }

  trace(ctx) {
    tracePolygon(ctx, this.corners, 0, 0, 1);
  }

  /** Paints what never changes: contours, the edge, the corners' names. */
  paint() {
    const { paper, width, height, ratio, colours } = this;
    Object.assign(paper, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
    const ctx = paper.getContext("2d");
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.trace(ctx);
    ctx.fillStyle = makeHatch(ctx, rgb(colours.background), rgba(colours.text, 0.25), ratio);
    ctx.fill();
    this.contours(ctx);
    this.trace(ctx);
    ctx.strokeStyle = rgb(blend(colours.background, colours.text, 0.55));
    ctx.lineWidth = 1.5;
    ctx.lineJoin = "round";
    ctx.stroke();
    this.nameCorners(ctx);
  }

  nameCorners(ctx) {
    ctx.fillStyle = rgb(this.colours.text);
    this.names.forEach((name, a) => this.nameCorner(ctx, name, a));
  }

  nameCorner(ctx, name, a) {
    const [x, y] = this.corners[a];
    const half = Math.min(80, ctx.measureText(name).width / 2 + 8);
    writeText(ctx, this.colours.font, name, clamp(x, half, this.width - half), a === 2 ? y - 11 : y + 13, 13, true);
  }

  /** One shade for each band of worth, pixel by pixel, and a thin line between two bands. */
  contours(ctx) {
    const { ratio } = this;
    const [[left, low], [right], [, top]] = this.corners;
    const [wide, high] = [Math.ceil((right - left) * ratio), Math.ceil((low - top) * ratio)];
    const image = ctx.createImageData(wide, high);
    const shades = bandShades(this.colours);
    const above = new Int16Array(wide).fill(-1);
    for (let row = 0; row < high; row++) {
      let before = -1;
      for (let col = 0; col < wide; col++) {
        const band = this.bandAt(1 - (row + 0.5) / high, (col + 0.5) / wide);
        const border = [before, above[col]].some((other) => other >= 0 && other !== band);
        if (band >= 0) image.data.set(border ? shades[band].line : shades[band].fill, 4 * (row * wide + col));
        before = above[col] = band;
      }
    }
    const sheet = document.createElement("canvas");
    Object.assign(sheet, { width: wide, height: high });
    sheet.getContext("2d").putImageData(image, 0, 0);
    ctx.drawImage(sheet, left, top, right - left, low - top);
  }

  /** The band of worth at a part of the triangle's height and width; -1 outside, and where no episode ends. */
  bandAt(third, across) {
    const second = across - third / 2;
    const first = 1 - second - third;
    if (first < 0 || second < 0) return -1;
    const worth = worthAt(first, second, this.m, this.worth);
    return Number.isFinite(worth) ? bandOf(worth, this.world) : -1;
  }
}

function bandOf(worth, { low, high }) {
  return clamp(Math.floor((BANDS * (worth - low)) / (high - low || 1)), 0, BANDS - 1);
}

/** The shade of each band as pixels, and that of its border. */
function bandShades(colours) {
  return Array.from({ length: BANDS }, (_, band) => {
    const shade = blend(colours.count[Math.round((STEPS * (band + 0.5)) / BANDS)], colours.background, MUTED);
    return { shade, fill: [...shade, 255], line: [...blend(shade, colours.text, 0.18), 255] };
  });
}
