// Two canvases on top of each other: one for the cells, repainted where they change, one for what moves.

const MAX_CELL = 104; // px

class Sheets {
  constructor(label) {
    this.base = el("canvas", { "aria-hidden": "true" });
    this.over = el("canvas", { "aria-hidden": "true" });
    this.tip = el("div", { class: "tip", hidden: true });
    this.node = el(
      "div",
      { class: "sheets", tabindex: "0", role: "application", "aria-label": label },
      this.base,
      this.over,
      this.tip,
    );
    this.under = this.base.getContext("2d", { alpha: false });
    this.top = this.over.getContext("2d");
  }

  /** Sizes both to the grid in device pixels; returns false when nothing changed. */
  fit(rows, cols, width, height) {
    const ratio = window.devicePixelRatio || 1;
    const size = Math.max(4, Math.floor(Math.min(width / cols, height / rows, MAX_CELL)));
    const key = [rows, cols, size, ratio].join();
    if (key === this.key) return false;
    Object.assign(this, { key, size, ratio, width: size * cols + 1, height: size * rows + 1 });
    this.node.style.width = `${this.width}px`;
    this.node.style.height = `${this.height}px`;
    for (const [canvas, pen] of [
      [this.base, this.under],
      [this.over, this.top],
    ]) {
      canvas.width = Math.round(this.width * ratio);
      canvas.height = Math.round(this.height * ratio);
      pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    }
    return true;
  }

  /** Fills the lower sheet: its last pixel row and column close the grid. */
  fill(style) {
    this.under.fillStyle = style;
    this.under.fillRect(0, 0, this.width, this.height);
  }

  clearTop() {
    this.top.clearRect(0, 0, this.width, this.height);
  }

  /** Position of a pointer event in the sheets' own pixels. */
  point(event) {
    const frame = this.base.getBoundingClientRect();
    return { x: event.clientX - frame.left, y: event.clientY - frame.top };
  }

  showTip(text, x, y) {
    setHidden(this.tip, !text);
    if (!text) return;
    setText(this.tip, text);
    const half = this.tip.offsetWidth / 2;
    this.tip.style.left = `${clamp(x, half, Math.max(half, this.width - half))}px`;
    this.tip.style.top = `${y}px`;
    this.tip.classList.toggle("below", y < 60);
  }
}
