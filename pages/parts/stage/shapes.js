// Shapes drawn on the canvas: wedges of a cell, arrows, and the icons of goal, pit, cliff, wall and start.

const HALF_SQUARE = [
  [0.5, -0.5],
  [0.5, 0.5],
  [-0.5, 0.5],
  [-0.5, -0.5],
];

/** Where a ray from a unit cell's centre leaves the cell. */
function edgePoint(angle) {
  const [x, y] = [Math.cos(angle), Math.sin(angle)];
  const scale = 0.5 / Math.max(Math.abs(x), Math.abs(y));
  return [x * scale, y * scale];
}

const turn = (angle) => (angle + 4 * Math.PI) % (2 * Math.PI);

/** Splits a unit cell among the moving actions: each gets what lies nearest to its direction. */
function makeWedges(actions) {
  const moving = actions.map((a, index) => ({ index, angle: turn(Math.atan2(a.dy, a.dx)), still: !a.dx && !a.dy }));
  const sorted = moving.filter((a) => !a.still).sort((a, b) => a.angle - b.angle);
  const wedges = actions.map(() => null);
  sorted.forEach((action, i) => {
    const before = sorted.at(i - 1).angle;
    const after = sorted[(i + 1) % sorted.length].angle;
    const from = action.angle - (turn(action.angle - before) || 2 * Math.PI) / 2;
    const to = action.angle + (turn(after - action.angle) || 2 * Math.PI) / 2;
    wedges[action.index] = { points: wedgePoints(from, to), angle: action.angle };
  });
  return wedges;
}

function wedgePoints(from, to) {
  const span = to - from;
  const inside = HALF_SQUARE.map((point) => ({ point, offset: turn(Math.atan2(point[1], point[0]) - from) }))
    .filter(({ offset }) => offset > 1e-6 && offset < span - 1e-6)
    .sort((a, b) => a.offset - b.offset);
  const ends = span > 2 * Math.PI - 1e-6 ? [] : [edgePoint(from), edgePoint(to)];
  return ends.length ? [[0, 0], ends[0], ...inside.map((c) => c.point), ends[1]] : HALF_SQUARE;
}

function tracePolygon(ctx, points, x, y, size) {
  ctx.beginPath();
  points.forEach(([px, py], i) =>
    i ? ctx.lineTo(x + px * size, y + py * size) : ctx.moveTo(x + px * size, y + py * size),
  );
  ctx.closePath();
}

/** The label of a row or a column, in a cell a picture leaves blank for it. */
function drawHeading(ctx, { x, y, size }, text, colours) {
  ctx.font = `700 ${clamp(size * 0.36, 9, 15)}px ${colours.font}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillStyle = rgb(colours.text);
  ctx.fillText(text, x + size / 2, y + size * 0.54);
}

/** Fills an arrowhead with its tip at (x, y), pointing along `angle`. */
function drawHead(ctx, x, y, angle, length) {
  ctx.beginPath();
  ctx.moveTo(x, y);
  for (const side of [-1, 1]) {
    const back = angle + Math.PI + side * 0.62;
    ctx.lineTo(x + Math.cos(back) * length, y + Math.sin(back) * length);
  }
  ctx.closePath();
  ctx.fill();
}

/** Draws an arrow: a lone one through a cell's centre, one of several from the centre outwards. */
function drawArrow(ctx, centreX, centreY, angle, reach, width, alone) {
  const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
  const back = alone ? reach * 0.62 : 0;
  const [x, y] = [centreX - dx * back, centreY - dy * back];
  const length = alone ? reach * 1.35 : reach;
  const head = Math.max(length * 0.5, width * 2.2);
  ctx.lineWidth = width;
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(x + dx * (length - head * 0.6), y + dy * (length - head * 0.6));
  ctx.stroke();
  drawHead(ctx, x + dx * length, y + dy * length, angle, head);
}

/** A fill of thin slanted lines: "nothing is known here". */
function makeHatch(ctx, background, ink, ratio) {
  const tile = document.createElement("canvas");
  const side = Math.round(7 * ratio);
  tile.width = tile.height = side;
  const pen = tile.getContext("2d");
  pen.fillStyle = background;
  pen.fillRect(0, 0, side, side);
  pen.strokeStyle = ink;
  pen.lineWidth = ratio;
  for (const shift of [-side, 0, side]) {
    pen.beginPath();
    pen.moveTo(shift - 1, side + 1);
    pen.lineTo(shift + side + 1, -1);
    pen.stroke();
  }
  const pattern = ctx.createPattern(tile, "repeat");
  pattern.setTransform(new DOMMatrix().scale(1 / ratio));
  return pattern;
}

/** A flag on a pole. */
function drawGoal(ctx, x, y, size, ink) {
  ctx.strokeStyle = ctx.fillStyle = ink;
  ctx.lineWidth = Math.max(1.2, size * 0.045);
  ctx.beginPath();
  ctx.moveTo(x - size * 0.14, y + size * 0.26);
  ctx.lineTo(x - size * 0.14, y - size * 0.26);
  ctx.stroke();
  tracePolygon(
    ctx,
    [
      [-0.14, -0.26],
      [0.22, -0.13],
      [-0.14, 0.01],
    ],
    x,
    y,
    size,
  );
  ctx.fill();
}

/** A hole: a dark ellipse with a lit rim. */
function drawPit(ctx, x, y, size, rim, inside) {
  ctx.beginPath();
  ctx.ellipse(x, y + size * 0.02, size * 0.3, size * 0.21, 0, 0, 2 * Math.PI);
  ctx.fillStyle = rim;
  ctx.fill();
  ctx.beginPath();
  ctx.ellipse(x, y + size * 0.055, size * 0.26, size * 0.165, 0, 0, 2 * Math.PI);
  ctx.fillStyle = inside;
  ctx.fill();
}

/** Jagged teeth: a drop. */
function drawCliff(ctx, x, y, size, ink) {
  ctx.strokeStyle = ink;
  ctx.lineWidth = Math.max(1.2, size * 0.05);
  ctx.lineJoin = "round";
  for (const row of [-0.2, 0, 0.2]) {
    ctx.beginPath();
    for (let i = 0; i <= 6; i++) {
      const point = [x + (i / 6 - 0.5) * size * 0.7, y + (row + (i % 2 ? 0.06 : -0.06)) * size];
      i ? ctx.lineTo(...point) : ctx.moveTo(...point);
    }
    ctx.stroke();
  }
}

/** Two courses of bricks. */
function drawWall(ctx, left, top, size, ink) {
  ctx.strokeStyle = ink;
  ctx.lineWidth = Math.max(0.8, size * 0.025);
  ctx.beginPath();
  for (const [ax, ay, bx, by] of [
    [0, 0.33, 1, 0.33],
    [0, 0.67, 1, 0.67],
    [0.5, 0, 0.5, 0.33],
    [0.25, 0.33, 0.25, 0.67],
    [0.75, 0.33, 0.75, 0.67],
    [0.5, 0.67, 0.5, 1],
  ]) {
    ctx.moveTo(left + ax * size, top + ay * size);
    ctx.lineTo(left + bx * size, top + by * size);
  }
  ctx.stroke();
}
