// Paints one cell of the world: its values and its greedy actions.

const NUMBER_FROM = 38; // px: the smallest cell in which a number can be read
const NUMBERS_FROM = 48; // px: the same for one number an action
const MOST_DISCS = 6; // in a row: more of them cannot be told apart, so the cell shows its best alone
const NUMBERS_BESIDE_DISCS_FROM = 92; // px: the same where discs take the centre

const isTied = (cell) => cell.best.length === cell.row.length && cell.row.length > 1;

class CellPainter {
  constructor(ctx, colours, actions, ratio) {
    Object.assign(this, { ctx, colours, actions, wedges: makeWedges(actions) });
    this.things = new ThingPainter(ctx, colours);
    this.still = actions.map((a, i) => (a.dx || a.dy ? -1 : i)).filter((i) => i >= 0);
    this.moving = this.still.length < actions.length;
    this.crowded = this.still.length > MOST_DISCS;
    this.numbersFrom = this.still.length ? NUMBERS_BESIDE_DISCS_FROM : NUMBERS_FROM;
    this.reach = this.still.length ? 0.335 : 0.265; // of the numbers at the sides, clear of discs in the centre
    this.hatch = makeHatch(ctx, rgb(colours.background), rgba(colours.text, 0.16), ratio);
    this.veil = makeHatch(ctx, "transparent", rgba(colours.background, 0.4), ratio);
    this.chances = new ChancePainter(ctx, colours, actions, this);
    this.gap = rgba(colours.background, 0.85);
    this.quiet = rgba(colours.text, 0.5);
  }

  /** Paints a cell; `box` is {x, y, size} of its top left corner, `cell` what there is to know about it. */
  paint(box, cell, look) {
    const { ctx } = this;
    ctx.save();
    ctx.beginPath();
    ctx.rect(box.x, box.y, box.size, box.size);
    ctx.clip();
    if (cell.solid) this.things.paint(box, cell);
    else if (!cell.tried) this.fillBox(box, this.hatch);
    else if (look.chances && !this.crowded) this.chances.paint(box, cell);
    else if (look.whole || this.crowded) this.paintWhole(box, cell, look);
    else this.paintValues(box, cell, look.range);
    this.things.paintLabels(box, cell);
    ctx.strokeStyle = rgba(this.colours.text, box.size < 16 ? 0.08 : 0.16);
    ctx.lineWidth = 1;
    ctx.strokeRect(box.x + 0.5, box.y + 0.5, box.size, box.size);
    ctx.restore();
  }

  fillBox({ x, y, size }, style) {
    this.ctx.fillStyle = style;
    this.ctx.fillRect(x, y, size, size);
  }

  /** One wedge an action, coloured by its value. */
  paintValues(box, cell, range) {
    const { ctx } = this;
    const [x, y] = [box.x + box.size / 2, box.y + box.size / 2];
    if (!this.moving) this.fillBox(box, rgb(this.colours.background));
    this.wedges.forEach((wedge, a) => {
      if (!wedge) return;
      tracePolygon(ctx, wedge.points, x, y, box.size);
      ctx.fillStyle = cell.visits[a] ? rgb(this.colours.of(cell.row[a], range)) : this.hatch;
      ctx.fill();
      if (cell.guessed?.[a]) {
        ctx.fillStyle = this.veil;
        ctx.fill();
      }
      ctx.strokeStyle = this.gap;
      ctx.lineWidth = box.size > 20 ? 1 : 0.5;
      ctx.stroke();
    });
    this.still.forEach((a, i) => this.paintDisc(x, y, box.size, a, i, cell, range));
    if (box.size >= this.numbersFrom) this.paintNumbers(x, y, box.size, cell, range);
    else if (this.still.length) this.paintHeads(x, y, box.size, cell, range);
    else if (this.moving) this.paintArrows(x, y, box.size, cell, this.ink(cell.value, range));
  }

  /** An action that does not move: a small disc in the centre, ringed when it is greedy. */
  paintDisc(x, y, size, a, i, cell, range) {
    const { ctx } = this;
    const radius = size * (this.still.length > 2 ? 0.07 : this.moving ? 0.105 : 0.21);
    const left = x + (i - (this.still.length - 1) / 2) * radius * 2.3;
    const fill = this.colours.of(cell.row[a], range);
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

  /** Arrowheads at the edges of the cell, for the greedy actions. */
  paintHeads(x, y, size, cell, range) {
    const { ctx } = this;
    ctx.globalAlpha = this.certainty(cell);
    for (const a of cell.best) {
      if (!this.wedges[a]) continue;
      const { angle } = this.wedges[a];
      ctx.fillStyle = cell.visits[a] ? this.ink(cell.row[a], range) : this.quiet;
      drawHead(ctx, x + Math.cos(angle) * size * 0.478, y + Math.sin(angle) * size * 0.478, angle, size * 0.085);
    }
    ctx.globalAlpha = 1;
  }

  /** Each action's number in its wedge; the greedy ones bold, with an arrowhead at the edge. */
  paintNumbers(x, y, size, cell, range) {
    const { ctx } = this;
    this.paintHeads(x, y, size, cell, range);
    this.wedges.forEach((wedge, a) => {
      if (!wedge || !cell.visits[a] || (cell.sparse && brief(cell.row[a]) === "0")) return;
      const [dx, dy] = [Math.cos(wedge.angle), Math.sin(wedge.angle)];
      const greedy = cell.best.includes(a);
      ctx.fillStyle = this.ink(cell.row[a], range);
      this.write(
        brief(cell.row[a]),
        x + dx * size * this.reach,
        y + dy * size * 0.275,
        clamp(size * 0.14, 8.5, 13),
        greedy && !isTied(cell),
      );
    });
  }

  write(text, x, y, size, bold) {
    writeText(this.ctx, this.colours.font, text, x, y, size, bold);
  }

  ink(value, range) {
    return rgb(this.colours.on(this.colours.of(value, range)));
  }

  /** The whole cell in one colour, with arrows for the greedy actions. */
  paintWhole(box, cell, { view, range, arrows }) {
    const [x, y] = [box.x + box.size / 2, box.y + box.size / 2];
    const plain = view === "policy";
    const back = plain ? this.backOf(cell) : this.colours.of(cell.value, range);
    this.fillBox(box, rgb(back));
    if (!plain && cell.guessed?.every(Boolean)) this.fillBox(box, this.veil);
    const ink = plain && !this.crowded ? rgb(this.colours.text) : rgb(this.colours.on(back));
    const number = !plain && box.size >= NUMBER_FROM;
    if (arrows) this.paintArrows(x, number ? y - box.size * 0.1 : y, box.size, cell, ink, plain ? 0.34 : 0.27);
    if (!number) return;
    this.ctx.fillStyle = ink;
    const text = view === "visits" ? grouped(cell.value) : brief(cell.value);
    if (cell.sparse && text === "0") return;
    this.write(text, x, y + box.size * 0.34, clamp(box.size * 0.15, 9, 13)); // below where the agent may stand
  }

  /** What a policy is drawn on: of many actions the best has a colour of its own, by its place among them. */
  backOf(cell) {
    const among = { max: this.actions.length - 1, signed: false };
    return this.crowded ? this.colours.of(cell.best[0] ?? 0, among) : this.colours.background;
  }

  paintArrows(x, y, size, cell, ink, reach = 0.3) {
    const { ctx } = this;
    ctx.strokeStyle = ctx.fillStyle = ink;
    ctx.lineCap = "round";
    ctx.globalAlpha = this.certainty(cell);
    for (const a of cell.best) {
      const wedge = this.wedges[a];
      if (wedge) drawArrow(ctx, x, y, wedge.angle, size * reach, clamp(size * 0.035, 0.8, 2.6), cell.best.length === 1);
    }
    const still = cell.best.filter((a) => !this.wedges[a]);
    if (still.length && size >= 18) this.write(this.labelOf(still), x, y, size * (this.crowded ? 0.36 : 0.3), true);
    ctx.globalAlpha = 1;
  }

  /** A letter or a number for actions that do not move; a plus where there are more of them than it names. */
  labelOf(still) {
    const { short, name } = this.actions[still[0]];
    return `${short || name[0].toUpperCase()}${still.length > 1 ? "+" : ""}`;
  }

  /** How boldly arrows are drawn: faint where every action looks the same, for such arrows say little. */
  certainty(cell) {
    return isTied(cell) ? 0.32 : 1;
  }
}
