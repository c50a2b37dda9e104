// A world that is a body: a picture of it, and beneath that the chances by which the last action was drawn, and what the
// critic expected.

const VEIL = "rgba(0, 0, 0, 0.22)"; // over the picture in a dark theme: white does not glare then
const CHANCE_ROW = 24; // px of a row beneath the picture
const LEAST_PICTURE = 150; // px

/** The body when a part of a step is done, 0 to 1; an angle may have gone round meanwhile, as its speeds tell. */
function bodyBetween(from, to, part, { seconds, angles }) {
  const body = Array.from(to, (x, i) => from[i] + part * (x - from[i]));
  for (const [i, speed] of angles) {
    const turned = to[i] - from[i];
    const expected = (seconds * (from[speed] + to[speed])) / 2;
    const whole = 2 * Math.PI * Math.round((expected - turned) / (2 * Math.PI));
    body[i] = from[i] + part * (turned + whole);
  }
  return body;
}

class Body {
  constructor(stage) {
    Object.assign(this, { aside: true, stage, width: 0 });
    this.canvas = el("canvas", { role: "img" });
    this.pen = new Pen(this.canvas);
    this.list = el("div", { class: "chances" });
    this.value = el("b");
    const critic = "What the critic expected from there on, before it learned from the step";
    this.critic = el("div", { class: "critic", title: critic, hidden: true }, "V(s) ", this.value);
    this.values = new ValueBars();
    const beneath = [this.list, this.critic, this.values.node];
    this.node = el("div", { class: "body-world", tabindex: "0" }, this.canvas, ...beneath);
  }

  load({ world, actions, run, moments }, colours) {
    if (run !== this.run) setHidden(this.critic, true);
    Object.assign(this, { kind: BODIES[world.body], colours, dark: colours.dark, run, valued: Boolean(moments.q) });
    setHidden(this.list, this.valued);
    setHidden(this.values.node, !this.valued);
    const key = JSON.stringify([world, actions]);
    if (key === this.key) return;
    Object.assign(this, { key, width: 0 });
    this.rows = actions.map(({ name }) => makeChance(name));
    this.list.replaceChildren(...this.rows.map(({ node }) => node));
    this.values.load(actions);
  }

  /** Fits the picture into a box, the rows beneath it too; it is never larger than Gymnasium's. */
  layout(width, height) {
    const { kind, canvas, rows } = this;
    const ratio = window.devicePixelRatio || 1;
    const room = Math.max(LEAST_PICTURE, height - CHANCE_ROW * (rows.length + 1));
    const wide = Math.floor(Math.min(width, kind.width, (room * kind.width) / kind.height));
    const high = Math.round((wide * kind.height) / kind.width);
    this.node.style.width = `${width}px`;
    if (wide === this.width && ratio === this.ratio) return;
    Object.assign(this, { width: wide, ratio });
    Object.assign(canvas.style, { width: `${wide}px`, height: `${high}px` });
    Object.assign(canvas, { width: Math.round(wide * ratio), height: Math.round(high * ratio) });
  }

  draw(tape, look) {
    const { kind, pen } = this;
    const body = this.bodyNow(tape, look);
    pen.begin(kind.width, kind.height, this.canvas.width / kind.width);
    kind.draw(pen, body);
    if (this.dark) pen.fill(VEIL);
    const now = performance.now();
    if (look.fast && now < this.due) return;
    this.due = now + SLOW_TEXT;
    this.write(tape);
  }

  /** Where the body is on its way through the last step. */
  bodyNow(tape, look) {
    const next = tape.moment("body");
    if (tape.t <= tape.t0 || (tape.anew && tape.last("ended"))) return next;
    const from = momentOf(tape, "body", tape.t - 1);
    return bodyBetween(from, tape.moment("landed"), this.partOf(tape, look), this.kind);
  }

  /** How much of the last step is shown: as it plays a body moves on evenly, until it is time for the next step. */
  partOf(tape, { part }) {
    const { playing, calm, carry, pacer } = this.stage.player;
    return playing && !calm.matches && !pacer && tape.t < tape.t1 ? clamp(carry, 0, 1) : part;
  }

  write(tape) {
    if (this.valued) this.values.draw(tape, this.colours);
    else this.writeChances(tape);
    const says = this.kind.say(tape.anew ? tape.moment("body") : tape.moment("landed"));
    if (this.canvas.ariaLabel !== says) this.canvas.ariaLabel = says;
  }

  writeChances(tape) {
    const [chance, [value], action] = [tape.moment("chance"), tape.moment("value"), tape.last("action")];
    this.rows.forEach((row, a) => {
      const known = Number.isFinite(chance[a]);
      row.fill.style.width = known ? `${100 * chance[a]}%` : "0";
      setText(row.number, known ? `${(100 * chance[a]).toFixed(1)} %` : "–");
      row.node.classList.toggle("chosen", a === action);
      setText(row.chosen, a === action ? "chosen" : "");
    });
    if (Number.isFinite(value)) setHidden(this.critic, false); // from then on it stays: nothing below it jumps
    setText(this.value, fmt(value));
  }
}

function makeChance(name) {
  const [fill, number, chosen] = [el("i"), el("span", { class: "share" }), el("span", { class: "unseen" })];
  const track = el("span", { class: "chance" }, fill);
  return { fill, number, chosen, node: el("div", { class: "chance-row" }, el("span", {}, name), track, number, chosen) };
}
