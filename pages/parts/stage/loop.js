// The panel of the agent-environment loop: the picture, the six phases, and what the one that is shown handles.

class Loop {
  constructor(stage) {
    this.stage = stage;
    this.phases = new Phases(stage);
    this.diagram = new Diagram();
    this.chips = PHASES.map(([name, help], i) => this.chip(name, help, i));
    this.says = el("p", { class: "says" });
    this.shown = el("div", { class: "shown" });
    this.live = el("div", { class: "unseen", "aria-live": "polite" });
    this.forecast = new Forecast(stage, this.phases);
    this.moves = new Moves(stage);
    this.node = el(
      "section",
      { class: "loop", hidden: true, "aria-label": "The agent-environment loop" },
      this.diagram.node,
      el("div", { class: "phase-row" }, this.button("‹", "Back by a phase (arrow up)", () => this.press(-1), "flat earlier"),
        el("ol", { class: "chips" }, ...this.chips),
        this.button("Next ›", "On by a phase (arrow down)", () => this.press(1), "flat strong later")),
      el("div", { class: "detail" }, this.says, this.shown, this.forecast.node),
      this.live,
    );
  }

  button(text, help, act, kind) {
    const node = textButton(text, help, act, kind);
    if (text.length < 2) node.setAttribute("aria-label", help);
    return node;
  }

  chip(name, help, i) {
    const act = () => this.goTo(i);
    return el("li", {}, el("button", { type: "button", class: "chip", title: help, onclick: act }, `${i + 1} ${name}`));
  }

  load(data, colours) {
    this.data = data;
    this.colours = colours;
    this.phases.load(data);
    setHidden(this.node, !this.phases.on);
    setHidden(this.moves.node, true);
    this.stage.node.classList.toggle("looping", this.phases.on);
    this.stage.node.dataset.mode = data.loop?.mode ?? "";
    this.stage.node.classList.toggle("fogged", Boolean(data.loop?.fog));
    if (!this.phases.on) return;
    this.node.style.setProperty("--rows", data.actions.length); // room for the longest phase: nothing below it jumps
    this.forecast.load(data);
    this.moves.load(data);
    setHidden(this.moves.node, data.loop.mode !== "play");
    const home = this.node.querySelector(".detail");
    const { equation } = this.stage;
    if (equation.node.parentElement !== home) home.append(equation.node);
    this.key_ = null;
  }

  press(by) {
    this.stage.player.pause();
    if (by > 0) this.phases.next();
    else this.phases.back();
  }

  /** Goes on until a phase is reached, or cannot go on. */
  goTo(phase) {
    this.stage.player.pause();
    for (let i = 0; i < PHASES.length && this.phases.at !== phase; i++) if (!this.phases.next()) return;
  }

  key(event) {
    if (!this.phases.on || event.ctrlKey || event.metaKey || event.altKey || typesText(event.target, event.key)) return false;
    if (this.data.loop.mode === "play" && this.moves.key(event)) return true;
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) this.press(by);
    return Boolean(by);
  }

  draw(tape) {
    if (!this.phases.on) return;
    this.phases.follow();
    const { at } = this.phases;
    const note = this.phases.note();
    const key = [at, tape.t, Boolean(note), this.phases.asks(), this.data.run, this.colours.key].join();
    if (key === this.key_) return;
    this.key_ = key;
    this.chips.forEach((chip, i) => chip.firstChild.setAttribute("aria-current", i === at ? "step" : "false"));
    const person = this.data.loop.mode === "play";
    const waits = person && at <= CHOOSE;
    const step = at <= CHOOSE ? null : tape.lastStep();
    this.diagram.show(at, this.values(tape, step, at), tape.t - (at > CHOOSE ? 1 : 0));
    const asks = this.phases.asks();
    setText(this.says, asks ? this.forecast.question(step, note) : waits ? this.invite(tape, at) : (note?.says[at] ?? ""));
    this.shown.replaceChildren(...this.pictures(at, note, step, waits, tape));
    setHidden(this.stage.equation.node, at !== UPDATE || asks);
    this.forecast.show(asks, at === UPDATE ? this.data.loop.guesses[tape.t - 1] : null);
    if (!this.stage.player.playing) setText(this.live, `${PHASES[at][0]}. ${this.says.textContent}`);
  }

  /** What flows along the arrows; a step's own, or, before there is one, only the state. */
  values(tape, step, at) {
    const { states, actions } = this.data;
    if (!step) return { state: states[tape.begin()] ?? "–", reward: "–", action: at === OBSERVE ? "–" : "?" };
    const arrived = at >= RECEIVE;
    return {
      state: states[arrived ? step.next_state : step.state] ?? "–",
      reward: arrived ? fmt(step.reward) : "–",
      action: actions[step.action].name,
    };
  }

  invite(tape, at) {
    const place = this.data.states[tape.begin()];
    return at === OBSERVE ? `You see: ${place}.` : `You see: ${place}. What do you do?`;
  }

  pictures(at, note, step, waits, tape) {
    if (at === CHOOSE && waits) return [choiceTable(this.data.actions, Array.from(tape.row(tape.q, tape.begin())), [], -1)];
    if (!note) return [];
    if (at === CHOOSE) {
      const { action } = tape.stepAt(tape.t + 1) ?? { action: -1 };
      return [choiceTable(this.data.actions, note.row, note.chances, action), dice(note.choice)];
    }
    if (at === ACT) return [dice(note.luck)];
    if (at === RECEIVE) return [el("div", { class: "paid" }, fmt(step.reward))];
    return [];
  }
}

/** Each action with its value and its chance; the chosen one marked. */
function choiceTable(actions, row, chances, chosen) {
  const lines = actions.map(({ name }, a) => {
    const part = el("i");
    part.style.width = `${100 * (chances[a] ?? 0)}%`;
    return el(
      "div",
      { class: `option${a === chosen ? " chosen" : ""}` },
      el("span", {}, name),
      el("span", { class: "value" }, fmt(row[a])),
      ...(chances.length ? [el("span", { class: "chance" }, part), el("span", { class: "share" }, `${Number((100 * chances[a]).toFixed(1))} %`)] : []),
    );
  });
  const names = ["action", "Q(S,a)", ...(chances.length ? ["chance", ""] : [])];
  return el("div", { class: `options${chances.length ? "" : " short"}` }, ...names.map((name) => el("span", { class: "faint" }, name)), ...lines);
}

/** Two decimals, never rounded up: 0.0996 is below an epsilon of 0.1, and is to look so. */
const shownRoll = (roll) => (Math.floor(100 * roll) / 100).toFixed(2);

const dice = (rolls) => el("div", { class: "dice" }, ...rolls.map(dieBar));

/** A roll between 0 and 1 over the parts it could fall into. */
function dieBar({ asks, roll, parts, hit }) {
  const bars = parts.map(([length, text], i) => {
    const part = el("span", { class: `part${i === hit ? " hit" : ""}`, title: `${text}: ${Math.round(100 * length)} %` }, length > 0.11 ? text : "");
    part.style.flexGrow = length;
    return part;
  });
  const pin = el("i", { class: "pin" });
  pin.style.left = `${100 * roll}%`;
  return el(
    "div",
    { class: "die", role: "img", "aria-label": `${asks} The die shows ${shownRoll(roll)}: ${parts[hit][1]}.` },
    el("span", { class: "faint" }, asks, el("b", {}, shownRoll(roll))),
    el("div", { class: "parts" }, ...bars, pin),
  );
}
