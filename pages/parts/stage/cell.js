// Paints one cell of the world: its values, its greedy actions, its icon and its labels.

const NUMBERS_FROM = 42; // px: the smallest cell in which numbers can be read
const NUMBERS_BESIDE_DISCS_FROM = 92; // px: the same where discs take the centre
const ICONS = new Set(["G", "H", "C", "#"]);

const isTied = (cell) => cell.best.length === cell.q.length && cell.q.length > 1;

class CellPainter {
  constructor(ctx, colours, actions, ratio) {
    Object.assign(this, { ctx, colours, actions, wedges: makeWedges(actions) });
    this.still = actions.map((a, i) => (a.dx || a.dy ? -1 : i)).filter((i) => i >= 0);
    this.moving = this.still.length < actions.length;
    this.numbersFrom = this.still.length ? NUMBERS_BESIDE_DISCS_FROM : NUMBERS_FROM;
    this.reach = this.still.length ? 0.335 : 0.265; // of the numbers at the sides, clear of discs in the centre
    this.hatch = makeHatch(ctx, rgb(colours.background), rgba(colours.text, 0.16), ratio);
    this.gap = rgba(colours.background, 0.85);
    this.quiet = rgba(colours.text, 0.5);
  }

  /** Paints a cell; `box` is {x, y, size} of its top left corner, `cell` what there is to know about it. */
  paint(box, cell, view, range) {
    const { ctx } = this;
    ctx.save();
    ctx.beginPath();
    ctx.rect(box.x, box.y, box.size, box.size);
    ctx.clip();
    if (cell.solid) this.paintThing(box, cell);
    else if (!cell.tried) this.fillBox(box, this.hatch);
    else this.paintView(box, cell, view, range);
    this.paintLabels(box, cell);
    ctx.strokeStyle = rgba(this.colours.text, box.size < 16 ? 0.08 : 0.16);
    ctx.lineWidth = 1;
    ctx.strokeRect(box.x + 0.5, box.y + 0.5, box.size, box.size);
    ctx.restore();
  }

  fillBox({ x, y, size }, style) {
    this.ctx.fillStyle = style;
    this.ctx.fillRect(x, y, size, size);
  }

  paintView(box, cell, view, range) {
    if (view === "values") this.paintValues(box, cell, range);
    else this.paintWhole(box, cell, view, range);
  }

  /** One wedge an action, coloured by its value. */
  paintValues(box, cell, range) {
    const { ctx } = this;
    const [x, y] = [box.x + box.size / 2, box.y + box.size / 2];
    if (!this.moving) this.fillBox(box, rgb(this.colours.background));
    this.wedges.forEach((wedge, a) => {
      if (!wedge) return;
      tracePolygon(ctx, wedge.points, x, y, box.size);
      ctx.fillStyle = cell.visits[a] ? rgb(this.colours.of(cell.q[a], range)) : this.hatch;
      ctx.fill();
      ctx.strokeStyle = this.gap;
      ctx.lineWidth = box.size > 20 ? 1 : 0.5;
      ctx.stroke();
    });
    this.still.forEach((a, i) => this.paintDisc(x, y, box.size, a, i, cell, range));
    if (box.size >= this.numbersFrom) this.paintNumbers(x, y, box.size, cell, range);
    else if (this.moving) this.paintArrows(x, y, box.size, cell, this.ink(cell.value, range));
  }

  /** An action that does not move: a small disc in the centre, ringed when it is greedy. */
  paintDisc(x, y, size, a, i, cell, range) {
    const { ctx } = this;
    const radius = size * (this.still.length > 2 ? 0.07 : this.moving ? 0.105 : 0.21);
    const left = x + (i - (this.still.length - 1) / 2) * radius * 2.3;
    const fill = this.colours.of(cell.q[a], range);
    ctx.beginPath();
    ctx.arc(left, y, radius, 0, 2 * Math.PI);
    ctx.fillStyle = cell.visits[a] ? rgb(fill) : rgb(this.colours.background);
    ctx.fill();
    const greedy = cell.best.includes(a);
    ctx.strokeStyle = greedy ? rgb(this.colours.text) : rgba(this.colours.text, 0.3);
    ctx.lineWidth = greedy ? 2 : 1;
    ctx.stroke();
    if (radius < 6) return;
    ctx.fillStyle = cell.visits[a] ? rgb(this.colours.on(fill)) : this.quiet;
    this.write(this.actions[a].name[0].toUpperCase(), left, y, radius * 1.2, greedy);
  }

  /** Each action's number in its wedge; the greedy ones bold, with an arrowhead at the edge. */
  paintNumbers(x, y, size, cell, range) {
    const { ctx } = this;
    this.wedges.forEach((wedge, a) => {
      if (!wedge) return;
      const [dx, dy] = [Math.cos(wedge.angle), Math.sin(wedge.angle)];
      const greedy = cell.best.includes(a);
      ctx.fillStyle = cell.visits[a] ? this.ink(cell.q[a], range) : this.quiet;
      ctx.globalAlpha = this.certainty(cell);
      if (greedy) drawHead(ctx, x + dx * size * 0.478, y + dy * size * 0.478, wedge.angle, size * 0.085);
      ctx.globalAlpha = 1;
      if (!cell.visits[a]) return;
      this.write(
        brief(cell.q[a]),
        x + dx * size * this.reach,
        y + dy * size * 0.275,
        clamp(size * 0.14, 8.5, 13),
        greedy && !isTied(cell),
      );
    });
  }

  write(text, x, y, size, bold = false) {
    const { ctx } = this;
    ctx.font = `${bold ? 700 : 400} ${size}px ${this.colours.font}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(text, x, y + size * 0.06);
  }

  ink(value, range) {
    return rgb(this.colours.on(this.colours.of(value, range)));
  }

  /** The whole cell in one colour, with arrows for the greedy actions. */
  paintWhole(box, cell, view, range) {
    const [x, y] = [box.x + box.size / 2, box.y + box.size / 2];
    const plain = view === "policy";
    this.fillBox(box, plain ? rgb(this.colours.background) : rgb(this.colours.of(cell.value, range)));
    const ink = plain ? rgb(this.colours.text) : this.ink(cell.value, range);
    const number = !plain && box.size >= NUMBERS_FROM;
    this.paintArrows(x, number ? y - box.size * 0.1 : y, box.size, cell, ink, plain ? 0.34 : 0.27);
    if (!number) return;
    this.ctx.fillStyle = ink;
    const text = view === "visits" ? grouped(cell.value) : brief(cell.value);
    this.write(text, x, y + box.size * 0.34, clamp(box.size * 0.15, 9, 13));
  }

  paintArrows(x, y, size, cell, ink, reach = 0.3) {
    const { ctx } = this;
    ctx.strokeStyle = ctx.fillStyle = ink;
    ctx.lineCap = "round";
    ctx.globalAlpha = this.certainty(cell);
    for (const a of cell.best) {
      const wedge = this.wedges[a];
      if (wedge) drawArrow(ctx, x, y, wedge.angle, size * reach, clamp(size * 0.035, 0.8, 2.6), cell.best.length === 1);
      else if (size >= 18) this.write(this.actions[a].name[0].toUpperCase(), x, y, size * 0.3, true);
    }
    ctx.globalAlpha = 1;
  }

  /** How boldly arrows are drawn: faint where every action looks the same, for such arrows say little. */
  certainty(cell) {
    return isTied(cell) ? 0.32 : 1;
  }

  /** A cell without values: goal, pit, cliff, wall, or any other absorbing state. */
  paintThing(box, cell) {
    const { colours, ctx } = this;
    const [x, y] = [box.x + box.size / 2, box.y + box.size / 2];
    const tint =
      { G: colours.signed[STEPS], H: colours.text, C: colours.signed[0], "#": colours.text }[cell.char] ?? colours.text;
    const floor = cell.bare && (cell.char === "." || cell.char === "S");
    const strength = cell.fog ? 0.28 : cell.char === "#" ? 0.45 : floor ? 0.02 : 0.14;
    this.fillBox(box, rgb(blend(colours.background, tint, strength)));
    const ink = rgb(blend(colours.background, tint, colours.dark ? 0.95 : 0.85));
    const hole = colours.dark ? "#05070a" : "#20242e";
    if (cell.char === "G") drawGoal(ctx, x, y, box.size, ink);
    if (cell.char === "H") drawPit(ctx, x, y, box.size, rgb(blend(colours.background, colours.text, 0.4)), hole);
    if (cell.char === "C") drawCliff(ctx, x, y, box.size, ink);
    if (cell.char === "#" && box.size >= 16) drawWall(ctx, box.x, box.y, box.size, rgba(colours.background, 0.6));
  }

  /** Start mark, tag letters and the reward, where there is room for them. */
  paintLabels(box, cell) {
    const { ctx } = this;
    if (box.size < 22) return;
    if (cell.char === " ") return drawHeading(ctx, box, cell.tags.join(" "), this.colours);
    const ink = cell.solid || !cell.tried ? this.colours.text : [80, 86, 100];
    if (cell.char === "S") this.chip("S", box.x + box.size * 0.13, box.y + box.size * 0.13, box.size);
    cell.tags.forEach((text, i) =>
      this.chip(text, box.x + box.size * (0.14 + i * 0.24), box.y + box.size * 0.14, box.size, true),
    );
    if (cell.reward === undefined) return;
    ctx.fillStyle = rgba(ink, 0.95);
    const text = (cell.reward > 0 ? "+" : "") + fmtSetting(cell.reward);
    if (cell.solid) this.write(text, box.x + box.size / 2, box.y + box.size * 0.88, clamp(box.size * 0.13, 8, 12));
    else this.chip(text, box.x + box.size * 0.86, box.y + box.size * 0.87, box.size);
  }

  /** A small label on a plate, readable on any colour. */
  chip(text, x, y, size, strong = false) {
    const { ctx, colours } = this;
    const height = clamp(size * 0.19, 10, 17);
    ctx.font = `700 ${height * 0.72}px ${colours.font}`;
    const width = Math.max(height, ctx.measureText(text).width + height * 0.5);
    ctx.fillStyle = strong ? rgb(colours.text) : rgba(colours.background, 0.88);
    ctx.beginPath();
    ctx.roundRect(x - width / 2, y - height / 2, width, height, height * 0.3);
    ctx.fill();
    ctx.fillStyle = strong ? rgb(colours.background) : rgb(colours.text);
    this.write(text, x, y, height * 0.72, true);
  }
}
