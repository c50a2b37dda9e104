// A world that is filmed: a picture of every moment, rendered by the server.

class Film {
  constructor() {
    this.aside = true;
    this.image = el("img", { class: "film", alt: "The world as it is now" });
    this.title = el("div", { class: "state-name" });
    this.node = el("div", { class: "film-world", tabindex: "0" }, this.image, this.title);
  }

  load(data) {
    this.states = data.states;
    Object.assign(this, { still: data.still, until: data.t1 });
  }

  layout(width, height) {
    this.node.style.width = `${width}px`;
    this.image.style.maxHeight = `${height - 30}px`;
  }

  draw(tape) {
    setText(this.title, this.states[tape.place()] ?? "");
    const landed = tape.note(tape.t - 1)?.after;
    const next = tape.note(tape.t)?.frame ?? (tape.t === this.until ? this.still : null);
    const frame = tape.anew && tape.last("ended") ? (next ?? landed) : (landed ?? next);
    if (frame && frame !== this.shown) this.image.src = this.shown = frame;
  }
}
