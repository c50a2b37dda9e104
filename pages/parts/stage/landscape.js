// A world of policies: every policy is a point, its worth the ground beneath, and learning a way up.

const ROOMY_LAND = 500; // px; from it on the numbers stand beside the picture
const BESIDE_LAND = 212; // px for them
const STILL = 1e-4; // of a chance: an arrow that moves none further has no direction
const CLOUDS = [
  ["cloud", "mean", "angle", "reward", "samples without a baseline"],
  ["cloudb", "meanb", "angleb", "old", "samples with a baseline"],
];

const OFF = "The mean of these samples points so many degrees away from the true gradient";

class Landscape {
  constructor(stage) {
    Object.assign(this, { aside: false, stage, point: null });
    stage.clouds ??= { cloud: true, cloudb: false }; // which are shown, in every picture alike
    this.canvas = el("canvas", { role: "img" });
    this.tip = el("div", { class: "tip", hidden: true });
    this.facts = Object.fromEntries(["J(π) now", "at the best"].map((name) => [name, el("dd")]));
    this.bars = el("div", { class: "land-bars" });
    this.toggles = CLOUDS.map(([name, , , role, text]) => this.makeToggle(name, role, text));
    this.legend = el("div", { class: "land-legend" });
    this.painter = new LandPainter(this.canvas);
    const toggles = this.toggles.map(({ node }) => node);
    const label = "The policies. Space plays and pauses, arrows step.";
    this.node = el(
      "div",
      { class: "landscape", tabindex: "0", role: "group", "aria-label": label },
      el("div", { class: "sheet" }, this.canvas, this.tip),
      el("div", { class: "land-side" }, this.makeFacts(), this.bars, ...toggles, this.legend),
    );
    this.listen();
  }

  makeFacts() {
    const list = Object.entries(this.facts).map(([name, value]) => el("div", {}, el("dt", {}, name), value));
    return el("dl", { class: "facts" }, ...list);
  }

  makeToggle(name, role, text) {
    const box = el("input", { type: "checkbox", onchange: () => this.show(name, box.checked) });
    const off = el("b", { title: OFF });
    const help = "One step along the gradient as each sampled batch of episodes has it, their mean ringed";
    const dot = el("i", { class: role });
    const node = el("label", { class: "samples", title: help }, box, dot, el("span", {}, text), off);
    return { node, box, off };
  }

  show(name, shown) {
    this.stage.clouds[name] = shown;
    this.stage.wake();
  }

  listen() {
    const point = (event) => {
      this.point = event && [event.offsetX, event.offsetY];
      this.stage.wake();
    };
    this.canvas.addEventListener("pointermove", point);
    this.canvas.addEventListener("pointerleave", () => point(null));
  }

  load(data, colours) {
    const { world, tables, moments } = data;
    const key = JSON.stringify([data.run, world, colours.key, Object.keys(moments ?? {}), tables.length]);
    if (key === this.key) return;
    Object.assign(this, { key, world });
    this.painter.load(data, colours);
    this.rows = world.names.map(makeLandBar);
    this.bars.replaceChildren(...this.rows.map(({ node }) => node));
    this.toggles.forEach(({ node }, i) => setHidden(node, !moments?.[CLOUDS[i][0]]));
    this.node.style.setProperty("--agent", this.painter.inks.accent);
    this.legend.replaceChildren(...landLegend(world, colours, this.painter.ground.worth));
  }

  layout(width, height) {
    const roomy = width >= ROOMY_LAND;
    this.node.classList.toggle("roomy", roomy);
    this.node.style.width = `${width}px`;
    const wide = roomy ? width - BESIDE_LAND - 16 : width;
    this.painter.fit(wide, roomy ? Math.min(height, 350) : Math.round(clamp(wide * 0.9, 200, 330)));
  }

  draw(tape, look) {
    if (!tape.moments.pi) return; // a run beside this one, of which that is not known
    const now = performance.now();
    const seen = this.look(tape, look.part);
    this.painter.draw(seen);
    this.rows.forEach(({ fill }, a) => (fill.style.transform = `scaleX(${clamp(seen.pi[a], 0, 1)})`));
    this.say();
    if (look.fast && now < this.due) return;
    this.due = now + SLOW_TEXT;
    this.write(tape, seen);
  }

  /** What there is to see at the playhead, or on the way there from the moment before. */
  look(tape, part) {
    const { clouds: shown } = this.stage;
    const at = (name) => (tape.moments[name] ? between(tape, name, part) : null);
    const pi = at("pi");
    const { data } = tape.moments.pi;
    const rows = data.subarray(0, (tape.t - tape.t0 + (part < 1 ? 0 : 1)) * pi.length);
    const clouds = CLOUDS.filter(([name]) => shown[name] && tape.moments[name]);
    return {
      pi,
      arrow: at("arrow"),
      path: { rows, from: tape.t0 },
      clouds: clouds.map(([name, mean, , role]) => ({ dots: at(name), mean: at(mean), role })),
    };
  }

  write(tape, { pi }) {
    const [worth] = tape.moment("worth");
    const best = this.world.best ? (this.world.top ?? this.world.high) : NaN;
    Object.values(this.facts).forEach((node, i) => setText(node, sayWorth([worth, best][i])));
    sayChances(pi).forEach((chance, a) => setText(this.rows[a].number, chance));
    const angles = this.anglesOf(tape);
    this.toggles.forEach(({ box, off }, i) => {
      box.checked = this.stage.clouds[CLOUDS[i][0]];
      const samples = tape.moments[CLOUDS[i][0]]?.width / pi.length;
      setText(off, Number.isFinite(angles[i]) ? `mean of ${samples}: ${angles[i].toFixed(0)}° off` : "");
    });
    const says = this.describe(tape.moment("pi"), worth, best, angles);
    if (this.canvas.ariaLabel !== says) this.canvas.ariaLabel = says;
  }

  /** How far the means of the clouds are off, in degrees; NaN where that says nothing: on a line, or at the top. */
  anglesOf(tape) {
    const [pi, arrow] = ["pi", "arrow"].map((name) => tape.moments[name] && tape.moment(name));
    const leads = arrow && pi.length > 2 && pi.some((chance, a) => Math.abs(arrow[a] - chance) > STILL);
    return CLOUDS.map(([, , angle]) => (leads && tape.moments[angle] ? tape.moment(angle)[0] : NaN));
  }

  /** The picture in words. */
  describe(pi, worth, best, angles) {
    const said = sayChances(pi);
    const chances = this.world.names.map((name, a) => `${name} ${said[a]}`).join(", ");
    const top = Number.isFinite(best) ? `, the best policy's ${sayWorth(best)}` : "";
    const off = angles.map((angle, i) => {
      const means = `The mean of the ${CLOUDS[i][4]} points`;
      return Number.isFinite(angle) && `${means} ${angle.toFixed(0)} degrees off the exact gradient.`;
    });
    return [`The policy: ${chances}. Its worth J is ${sayWorth(worth)}${top}.`, ...off.filter(Boolean)].join(" ");
  }

  /** The policy under the pointer, and what it is worth. */
  say() {
    const { ground, width } = this.painter;
    const p = this.point && ground.policyAt(...this.point);
    setHidden(this.tip, !p);
    if (!p) return;
    const worth = ground.worthOf(p);
    const told = Number.isFinite(worth) ? `≈ ${sayWorth(worth)}` : "= \u2212∞";
    setText(this.tip, `π = (${p.map(fmtChance).join(", ")}) · J ${told}`);
    const half = this.tip.offsetWidth / 2;
    this.tip.style.left = `${clamp(this.point[0], half, Math.max(half, width - half))}px`;
    this.tip.style.top = `${this.point[1] - 6}px`;
    this.tip.classList.toggle("below", this.point[1] < 40);
  }
}

/** A moment's row, or one on the way to it from the moment before. */
function between(tape, name, part) {
  const to = tape.moment(name);
  if (part >= 1 || tape.t <= tape.t0) return to;
  const from = momentOf(tape, name, tape.t - 1);
  const eased = 1 - (1 - part) ** 3;
  return to.map((x, i) => from[i] + eased * (x - from[i]));
}

/** Chances as text; none is 1 to the eye beside another that is not 0, however rare. */
function sayChances(pi) {
  const sure = pi.filter((chance) => chance > 0).length < 2;
  return Array.from(pi, (chance) => fmtChance(sure ? chance : Math.min(chance, 1 - 1e-9)));
}

function makeLandBar(name) {
  const [fill, number] = [el("i"), el("span", { class: "share" })];
  const track = el("span", { class: "land-track" }, fill);
  return { fill, number, node: el("div", { class: "land-bar" }, el("span", {}, name), track, number) };
}

/** Names the marks; the scale where there is one. */
function landLegend({ actions, best, low, high }, colours, worth) {
  const step = [["exact", "step along the exact gradient"], ["ray", "dashed: its direction"]];
  const marks = [["policy", "policy and its path"], ...step];
  if (best) marks.push(["best", "best policy"]);
  if (actions === 3 && worth.some((x) => !Number.isFinite(x))) marks.push(["unknown", "never ends: J = \u2212∞"]);
  const names = marks.map(([kind, text]) => el("span", {}, el("i", { class: kind }), text));
  if (actions !== 3) return names;
  const shades = bandShades(colours).map(({ shade }) => rgb(shade));
  const scale = el("span", { class: "land-scale" }, `J ${sayWorth(low)}`, el("i"), sayWorth(high));
  scale.querySelector("i").style.background = `linear-gradient(to right, ${shades.join(",")})`;
  return [...names, scale];
}
