// The arms of a bandit: what each truly pays, what the agent believes, and how sure it is.

class Arms {
  constructor(post) {
    this.aside = false;
    this.post = post;
    this.node = el("div", { class: "arms", tabindex: "0" });
  }

  load(data, colours) {
    Object.assign(this, { data, colours });
  }

  layout() {}

  draw(tape) {
    tape.takeChanged();
  }
}
