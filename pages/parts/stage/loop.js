// The agent-environment loop as a picture, phase by phase.

class Loop {
  constructor(stage) {
    this.stage = stage;
    this.node = el("section", { class: "loop", hidden: true });
  }

  load(data) {}

  key() {
    return false;
  }

  draw() {}
}
