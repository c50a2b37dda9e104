// The loop as a picture (after Sutton & Barto, figure 3.1): agent, environment, and what flows between them.

const LIT = [["state", "agent"], ["agent"], ["action", "environment"], ["reward", "state", "environment"], ["agent"], ["again"]];
const ARROWS = {
  action: "M250 27 H280 V149 H255",
  state: "M50 161 H14 V17 H45",
  reward: "M50 139 H32 V39 H45",
  again: "M134 88 a16 16 0 1 1 32 0 M166 88 l-5 -6 M166 88 l6 -5",
};

function svg(tag, attributes, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

class Diagram {
  constructor() {
    this.parts = {};
    this.values = Object.fromEntries(["state", "reward", "action"].map((name) => [name, el("b", {}, "–")]));
    this.clock = svg("text", { x: 150, y: 113, class: "clock" });
    this.node = el(
      "div",
      { class: "diagram", "aria-hidden": "true" },
      el("div", { class: "flow in" }, this.label("state", "state"), this.label("reward", "reward")),
      this.draw(),
      el("div", { class: "flow out" }, this.label("action", "action")),
    );
  }

  label(name, text) {
    return el("div", { class: `what what-${name}` }, text, this.values[name]);
  }

  draw() {
    const head = svg("marker", { id: "head", viewBox: "0 0 8 8", refX: 5, refY: 4, markerWidth: 5, markerHeight: 5, orient: "auto" });
    head.append(svg("path", { d: "M0 0 L8 4 L0 8 z", class: "head" }));
    const boxes = [
      ["agent", 4, "Agent"],
      ["environment", 126, "Environment"],
    ].map(([name, y, text]) => this.box(name, y, text));
    const arrows = Object.entries(ARROWS).map(([name, d]) => this.arrow(name, d));
    return svg("svg", { viewBox: "0 0 300 176", class: "loop-picture" }, svg("defs", {}, head), ...arrows, ...boxes, this.clock);
  }

  box(name, y, text) {
    const group = svg("g", { class: `box ${name}` });
    group.append(svg("rect", { x: 50, y, width: 200, height: 46, rx: 10 }));
    const word = svg("text", { x: 150, y: y + 23 });
    word.textContent = text;
    group.append(word);
    this.parts[name] = group;
    return group;
  }

  arrow(name, d) {
    const path = svg("path", { d, class: `flow-line flow-${name}` });
    if (name !== "again") path.setAttribute("marker-end", "url(#head)");
    this.parts[name] = path;
    return path;
  }

  /** Lights the parts a phase is about; `values` are {state, reward, action} as text, `t` the step. */
  show(phase, values, t) {
    for (const name in this.parts) this.parts[name].classList.toggle("lit", LIT[phase].includes(name));
    for (const name in this.values) {
      setText(this.values[name], values[name].replace(/ (?=\d)/g, "\u00a0")); // a number stays with its word
      this.values[name].classList.toggle("long", values[name].length > 22);
      this.values[name].parentElement.classList.toggle("lit", LIT[phase].includes(name));
    }
    setText(this.clock, `t = ${grouped(t)}`);
  }
}
