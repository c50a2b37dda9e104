// Paints what a policy does in a cell: an arrow for every action, as long as it is likely; discs for those that stay.

const SELDOM = 0.02; // a chance below which an action is not drawn
const CHANCES_FROM = 58; // px: the smallest cell in which the chances can be read as well
const CORNERS = [[-1, 1], [1, 1], [1, -1], [-1, -1]]; // where discs stand clear of the arrows

class ChancePainter {
  constructor(ctx, colours, actions, { wedges, still, hatch }) {
    Object.assign(this, { ctx, colours, actions, wedges, still, hatch });
    this.diagonal = wedges.some((wedge) => wedge && Math.abs(Math.sin(2 * wedge.angle)) > 0.1);
    this.moving = still.length < actions.length;
    this.tint = parseColour(colours.palette.new);
    this.ink = colours.ink("new");
  }

  paint(box, cell) {
    const [x, y] = [box.x + box.size / 2, box.y + box.size / 2];
    this.fill(box, cell);
    const numbers = box.size >= CHANCES_FROM && (!this.diagonal || box.size >= 1.4 * CHANCES_FROM);
    this.wedges.forEach((wedge, a) => wedge && this.arrow(x, y, box.size, wedge.angle, cell.row[a], numbers));
    for (const a of this.still) this.disc(this.seat(x, y, box.size, a), a, cell.row[a], numbers && box.size);
  }

  /** The cell itself: the surer the policy, the more of its colour; hatched faintly where it was never visited. */
  fill({ x, y, size }, { row, visited }) {
    const { ctx, colours } = this;
    const sure = (highest(row) - 1 / row.length) / (1 - 1 / row.length || 1);
    ctx.fillStyle = rgb(blend(colours.background, this.tint, (colours.dark ? 0.26 : 0.2) * clamp(sure, 0, 1)));
    ctx.fillRect(x, y, size, size);
    if (visited) return;
    ctx.globalAlpha = 0.45;
    ctx.fillStyle = this.hatch;
    ctx.fillRect(x, y, size, size);
    ctx.globalAlpha = 1;
  }

  /** An arrow from the centre; an action that is certain reaches the cell's edge. */
  arrow(x, y, size, angle, chance, numbers) {
    if (!(chance >= SELDOM)) return;
    const { ctx } = this;
    const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
    const length = size * 0.48 * chance;
    const head = Math.min(length * 0.6, clamp(size * 0.11, 3, 10));
    ctx.strokeStyle = ctx.fillStyle = this.ink;
    ctx.lineWidth = clamp(size * 0.045, 1, 3.2);
    ctx.lineCap = "butt";
    ctx.beginPath();
    ctx.moveTo(x, y);
    ctx.lineTo(x + dx * (length - head * 0.7), y + dy * (length - head * 0.7));
    ctx.stroke();
    drawHead(ctx, x + dx * length, y + dy * length, angle, head * 1.1);
    const [right, down] = [dx * 0.37 + Math.abs(dy) * 0.14, dy * 0.4 - Math.abs(dx) * 0.12]; // beside the shaft
    if (numbers) this.number(x + right * size, y + down * size, size, chance);
  }

  number(x, y, size, chance) {
    this.ctx.fillStyle = rgb(this.colours.text);
    writeText(this.ctx, this.colours.font, brief(chance), x, y, clamp(size * 0.125, 9, 13));
  }

  /** An action that does not move: a disc whose area is its chance, in the ring that it would fill if it were sure. */
  disc({ left, top, full }, a, chance, size) {
    const { ctx, colours } = this;
    if (this.moving && !(chance >= SELDOM)) return;
    const radius = full * Math.sqrt(Math.max(0, chance));
    ctx.strokeStyle = rgba(colours.text, 0.25);
    ctx.lineWidth = 1;
    ctx.beginPath();
    ctx.arc(left, top, full, 0, 2 * Math.PI);
    ctx.stroke();
    ctx.fillStyle = this.ink;
    ctx.beginPath();
    ctx.arc(left, top, radius, 0, 2 * Math.PI);
    ctx.fill();
    const { short, name } = this.actions[a];
    ctx.fillStyle = rgb(radius > 5 ? colours.on(parseColour(this.ink)) : colours.text);
    const letter = short || name[0].toUpperCase();
    if (full >= 9 || radius >= 5.5) writeText(ctx, colours.font, letter, left, top, clamp(full * 0.9, 8, 13), true);
    if (size && !this.moving) this.number(left, top + full + 9, size, chance);
  }

  /** Where a disc stands, and its full size: in a row where nothing moves, else in a corner, or between all arrows. */
  seat(x, y, size, a) {
    const i = this.still.indexOf(a);
    const full = size * (this.moving ? 0.1 : Math.min(0.3, 0.44 / this.still.length));
    if (!this.moving) return { left: x + (i - (this.still.length - 1) / 2) * full * 2.15, top: y, full };
    const [dx, dy] = this.diagonal ? [0, 0] : CORNERS[i % CORNERS.length];
    return { left: x + dx * size * 0.34, top: y + dy * size * 0.34, full };
  }
}
