// Paints what stands in a cell beside values: goal, pit, cliff and wall, and the labels.

const ICONS = new Set(["G", "H", "C", "#"]);

/** Writes centred text in the fill that is set. */
function writeText(ctx, font, text, x, y, size, bold = false) {
  ctx.font = `${bold ? 700 : 400} ${size}px ${font}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillText(text, x, y + size * 0.06);
}

class ThingPainter {
  constructor(ctx, colours) {
    Object.assign(this, { ctx, colours });
  }

  /** A cell without values: goal, pit, cliff, wall, or any other absorbing state. */
  paint(box, cell) {
    const { colours, ctx } = this;
    const [x, y] = [box.x + box.size / 2, box.y + box.size / 2];
    const tint =
      { G: colours.signed[STEPS], H: colours.text, C: colours.signed[0], "#": colours.text }[cell.char] ?? colours.text;
    const floor = cell.bare && (cell.char === "." || cell.char === "S");
    const strength = cell.fog ? 0.28 : cell.char === "#" ? 0.45 : floor ? 0.02 : 0.14;
    ctx.fillStyle = rgb(blend(colours.background, tint, strength));
    ctx.fillRect(box.x, box.y, box.size, box.size);
    const ink = rgb(blend(colours.background, tint, colours.dark ? 0.95 : 0.85));
    const hole = colours.dark ? "#05070a" : "#20242e";
    if (cell.char === "G") drawGoal(ctx, x, y, box.size, ink);
    if (cell.char === "H") drawPit(ctx, x, y, box.size, rgb(blend(colours.background, colours.text, 0.4)), hole);
    if (cell.char === "C") drawCliff(ctx, x, y, box.size, ink);
    if (cell.char === "#" && box.size >= 16) drawWall(ctx, box.x, box.y, box.size, rgba(colours.background, 0.6));
  }

  /** Start mark, tag letters and the reward, where there is room for them. */
  paintLabels(box, cell) {
    const { ctx, colours } = this;
    if (box.size < 22) return;
    if (cell.char === " ") return drawHeading(ctx, box, cell.tags.join(" "), colours);
    const ink = cell.solid || !cell.tried ? colours.text : [80, 86, 100];
    if (cell.char === "S") this.chip("S", box.x + box.size * 0.13, box.y + box.size * 0.13, box.size);
    cell.tags.forEach((text, i) =>
      this.chip(text, box.x + box.size * (0.14 + i * 0.24), box.y + box.size * 0.14, box.size, true),
    );
    if (cell.reward === undefined) return;
    ctx.fillStyle = rgba(ink, 0.95);
    const text = (cell.reward > 0 ? "+" : "") + fmtSetting(cell.reward);
    const size = clamp(box.size * 0.13, 8, 12);
    if (cell.solid) writeText(ctx, colours.font, text, box.x + box.size / 2, box.y + box.size * 0.88, size);
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
    writeText(ctx, colours.font, text, x, y, height * 0.72, true);
  }
}
