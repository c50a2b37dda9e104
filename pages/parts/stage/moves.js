// A person in the agent's place: a button for every action, and the keys that do the same.

const TOWARDS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const SIGNS = { "-1,0": "←", "1,0": "→", "0,-1": "↑", "0,1": "↓" };

class Moves {
  constructor(stage) {
    this.stage = stage;
    this.node = el("div", { class: "moves", role: "group", "aria-label": "Your move", hidden: true });
  }

  load({ actions }) {
    const key = JSON.stringify(actions);
    if (key === this.key_) return;
    this.key_ = key;
    this.actions = actions;
    this.node.replaceChildren(...actions.map((action, a) => this.makeButton(action, a)));
  }

  makeButton({ name, dx, dy }, a) {
    const sign = SIGNS[[dx, dy].join()] ?? String(a + 1);
    return el(
      "button",
      { type: "button", class: "flat strong", title: `${name} (key ${sign})`, onclick: () => this.make(a) },
      el("kbd", {}, sign),
      ` ${name}`,
    );
  }

  make(action) {
    this.stage.post.push("move", { action });
  }

  /** Makes the move a key stands for: an arrow, or the action's number. */
  key({ key }) {
    const [dx, dy] = TOWARDS[key] ?? [0, 0];
    const byArrow = dx || dy ? this.actions.findIndex((action) => action.dx === dx && action.dy === dy) : -1;
    const a = byArrow >= 0 ? byArrow : Number(key) - 1;
    if (!(a >= 0 && a < this.actions.length)) return key in TOWARDS; // an arrow never scrolls the page or the run here
    this.make(a);
    return true;
  }
}
