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
    this.frames = data.frames ?? [];
    this.first = data.t0;
  }

  layout(width, height) {
    this.node.style.width = `${width}px`;
    this.image.style.maxHeight = `${height - 30}px`;
  }

  draw(tape) {
    tape.takeChanged();
    setText(this.title, this.states[tape.place()] ?? "");
    const frame = tape.note(tape.t - 1)?.after ?? tape.note(tape.t)?.frame;
    if (frame && frame !== this.shown) this.image.src = this.shown = frame;
  }
}
