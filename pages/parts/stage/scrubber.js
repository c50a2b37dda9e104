// The scrubber: the whole run as a line, with what is buffered, the edits, and a thumb at the playhead.

class Scrubber {
  constructor(onGo) {
    this.buffered = el("i", { class: "buffered" });
    this.done = el("i", { class: "done" });
    this.ticks = el("div", { class: "ticks" });
    this.range = el("input", { type: "range", min: "0", step: "1", "aria-label": "Step of the run" });
    this.label = el("output", { class: "moment" });
    this.parting = el("span", { class: "parting", title: "They differ from here", onclick: () => onGo(this.differs) });
    const help = "Go to the first step at which the two runs differ";
    this.partingLink = textButton("", help, () => onGo(this.differs), "link");
    this.node = el(
      "div",
      { class: "scrubber" },
      el("div", { class: "track" }, el("div", { class: "line" }, this.buffered, this.done), this.range, this.ticks),
      this.partingLink,
      this.label,
    );
    this.end = 0;
    this.range.addEventListener("input", () => onGo(Number(this.range.value)));
    this.range.addEventListener("pointerdown", () => (this.held = true));
    for (const type of ["pointerup", "pointercancel", "blur"])
      this.range.addEventListener(type, () => (this.held = false));
  }

  load({ run, end, marks, differs }) {
    if (run !== this.run) this.end = 0;
    this.run = run;
    this.end = Math.max(this.end, end, 1);
    const key = JSON.stringify([marks, differs]);
    if (key === this.key) return;
    this.key = key;
    this.loadParting(differs ?? null);
    this.marks = marks.map(({ t, text }) => ({ t, node: el("span", { title: `Step ${grouped(t)}: ${text}` }) }));
    if (this.differs !== null) this.marks.push({ t: this.differs, node: this.parting });
    this.ticks.replaceChildren(...this.marks.map((mark) => mark.node));
  }

  /** Takes the first step in which two runs differ, or null; the moment after it shows the difference. */
  loadParting(step) {
    this.differs = step === null ? null : step + 1;
    setHidden(this.partingLink, step === null);
    if (step !== null) setText(this.partingLink, `first difference: step ${grouped(this.differs)}`);
  }

  /** Shows moment t of the run; the line does not grow while the thumb is held. */
  draw(tape, t) {
    if (!this.held) this.end = Math.max(this.end, t);
    const percent = (x) => `${(100 * clamp(x / this.end, 0, 1)).toFixed(2)}%`;
    this.range.max = String(this.end);
    if (Number(this.range.value) !== t) this.range.value = String(t);
    this.buffered.style.left = percent(tape.t0);
    this.buffered.style.right = `calc(100% - ${percent(tape.t1)})`;
    this.done.style.width = percent(t);
    for (const mark of this.marks) mark.node.style.left = percent(mark.t);
    setHidden(this.parting, this.differs > this.end);
    setText(
      this.label,
      t < this.end && this.end > 1 ? `step ${grouped(t)} of ${grouped(this.end)}` : `step ${grouped(t)}`,
    );
  }
}
