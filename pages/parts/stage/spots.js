// Where the dots of a replay memory lie: in the order in which they came, or where what they tell of happened. Of each
// layout: `x` and `y` of a place and the transition in it, in device pixels, and how wide a `dot` is.

const ROOM = 0.5; // of the paper is for dots, where they lie anywhere
const [SMALLEST, WIDEST] = [2, 5]; // px of such dots
const LABELS = 11; // px of the letters

/** A grid of places, row by row, as the ring has them; its cells may be a pixel wider or higher than they are long. */
function ringSpots(capacity, wide, high, ratio, colours) {
  const { w, h } = cellFor(capacity, wide, high, Math.floor(LARGEST_DOT * ratio));
  const across = Math.floor(wide / w);
  const [left, top] = [(wide - Math.min(across, capacity) * w) >> 1, (high - Math.ceil(capacity / across) * h) >> 1];
  return {
    dot: [w - gapIn(w), h - gapIn(h)],
    x: (place) => left + (place % across) * w,
    y: (place) => top + Math.floor(place / across) * h,
    empty: pixel(blend(colours.background, colours.text, 0.08)),
  };
}

/** The largest cell, in whole pixels, of which so many have room. */
function cellFor(capacity, wide, high, largest) {
  let best = { w: 1, h: 1 };
  for (let w = 1; w <= largest; w++)
    for (let h = Math.max(1, w - 1); h <= Math.min(largest, w + 1); h++) {
      const fits = Math.floor(wide / w) * Math.floor(high / h) >= capacity;
      if (fits && w * h > best.w * best.h) best = { w, h };
    }
  return best;
}

const gapIn = (cell) => (cell > 2 ? Math.max(1, Math.round(cell / 6)) : 0);

/** Over two numbers of a body; what is beyond their ranges lies at the edge. */
function bodySpots({ items, variables, ring }, [across, up], wide, high, ratio) {
  const dot = dotFor(ring.length, wide * high, ratio);
  const part = (item, k) => {
    const { low, high: top } = variables[k];
    return clamp((items.kept[item * variables.length + k] - low) / (top - low), 0, 1);
  };
  return {
    dot: [dot, dot],
    x: (_, item) => Math.round(part(item, across) * (wide - dot)),
    y: (_, item) => Math.round((1 - part(item, up)) * (high - dot)),
    drawOn: (paper, dots) => drawAxes(paper, dots, variables[across], variables[up]),
  };
}

/** In its cell of the map, somewhere; where there is no map, above the number of its state. */
function cellSpots({ items, ring }, { world, states }, wide, high, ratio) {
  const dot = dotFor(ring.length, wide * high, ratio);
  const onMap = world.kind === "grid";
  const grid = onMap ? world : { rows: 1, cols: states.length, cells: "" };
  const [cell, tall] = [Math.min(wide / grid.cols, (3 * high) / grid.rows), high / grid.rows];
  const left = (wide - cell * grid.cols) / 2;
  const at = Int32Array.from(states, (_, s) => (onMap ? spotOf(s, world) % (grid.rows * grid.cols) : s));
  const inset = Math.min(2 * ratio, tall / 8);
  const within = (i, seed, room) => inset + anywhere(2 * items.born[i] + seed) * Math.max(0, room - dot - 2 * inset);
  return {
    dot: [dot, dot],
    x: (_, i) => Math.floor(left + (at[items.kept[i]] % grid.cols) * cell + within(i, 0, cell)),
    y: (_, i) => Math.floor(Math.floor(at[items.kept[i]] / grid.cols) * tall + within(i, 1, tall)),
    ground: ({ pixels, colours }) => groundCells(pixels, grid, { wide, left, cell, tall }, colours),
    drawOn: (paper, { colours }) => nameCells(paper, grid, { left, cell, tall }, ratio, colours),
  };
}

/** A number from 0 to 1 that looks random, and is always the same for the same seed. */
function anywhere(seed) {
  let x = Math.imul(seed ^ (seed >>> 16), 0x45d9f3b);
  x = Math.imul(x ^ (x >>> 16), 0x45d9f3b);
  return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32;
}

/** As wide as there is room for that many. */
const dotFor = (n, area, ratio) => Math.round(clamp(Math.sqrt((ROOM * area) / n), SMALLEST * ratio, WIDEST * ratio));

/** Draws the map beneath: lines between the cells, walls filled. */
function groundCells(pixels, { rows, cols, cells }, { wide, left, cell, tall }, colours) {
  const [line, wall] = [0.12, 0.25].map((part) => pixel(blend(colours.background, colours.text, part)));
  const fill = (x0, x1, y0, y1, colour) => {
    for (let y = Math.floor(y0); y < Math.floor(y1); y++) pixels.fill(colour, y * wide + Math.floor(x0), y * wide + Math.floor(x1));
  };
  for (let i = 0; i < cells.length; i++) {
    const [x, y] = [left + (i % cols) * cell, Math.floor(i / cols) * tall];
    if (cells[i] === "#") fill(x, x + cell, y, y + tall, wall);
    fill(x, x + 1, y, y + tall, line);
    fill(x, x + cell, y, y + 1, line);
  }
  fill(left + cols * cell - 1, left + cols * cell, 0, rows * tall, line);
}

/** Writes its letter into the corner of each cell that is a start, a goal or a pit. */
function nameCells(paper, { cols, cells }, { left, cell, tall }, ratio, colours) {
  Object.assign(paper, { font: `600 ${9 * ratio}px ${colours.font}`, textAlign: "right", fillStyle: rgb(colours.text) });
  for (let i = 0; i < cells.length; i++)
    if ("SGH".includes(cells[i]))
      paper.fillText(cells[i], left + ((i % cols) + 1) * cell - 2 * ratio, Math.floor(i / cols) * tall + 9 * ratio);
}

/** Names the axes in the corners, and says how far they go. */
function drawAxes(paper, { wide, high, ratio, colours }, across, up) {
  paper.setTransform(ratio, 0, 0, ratio, 0, 0);
  paper.font = `${LABELS}px ${colours.font}`;
  const end = ({ unit }, x) => `${sayNumber(x, Math.abs(x))}${unit && unit[0] !== "°" ? " " : ""}${unit}`;
  const write = (text, x, y, align) => {
    paper.textAlign = align;
    Object.assign(paper, { lineWidth: 3, lineJoin: "round", strokeStyle: rgba(colours.background, 0.85) });
    paper.strokeText(text, x, y);
    paper.fillStyle = rgb(colours.text);
    paper.fillText(text, x, y);
  };
  write(`↑ ${up.name}, to ${end(up, up.high)}`, 4, LABELS + 2, "left");
  write(`${up.name} ${end(up, up.low)}, ${across.name} ${end(across, across.low)}`, 4, high - 5, "left");
  write(`${across.name}, to ${end(across, across.high)} →`, wide - 4, high - 5, "right");
  paper.setTransform(1, 0, 0, 1, 0, 0);
}
