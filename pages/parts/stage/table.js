// The whole table of values: only the rows in sight exist, so that a thousand states cost no more than ten.

const ROW = 26; // px
const TALL_ROW = 38; // px, for names that need two lines
const FEW = 7; // actions whose names have room beside each other
const LONG_NAME = 26; // letters
const FOLLOW_FAST = 400; // ms between two scrolls while playing fast: a table that jumps each frame cannot be read

class Table {
  constructor(onCell) {
    this.head = el("div", { class: "row head", role: "row" });
    this.space = el("div", { class: "space" });
    this.port = el(
      "div",
      { class: "port", tabindex: "0", role: "table", "aria-label": "Q-table" },
      this.head,
      this.space,
    );
    this.count = el("span", { class: "faint" });
    this.title = el("span");
    this.node = el("details", { class: "panel table" }, el("summary", {}, this.title, " ", this.count), this.port);
    this.rows = [];
    this.followed = 0;
    this.port.addEventListener("scroll", () => this.tape && this.draw(this.tape, this.look, false));
    this.space.addEventListener("click", ({ target }) => this.click(target, onCell));
    this.node.addEventListener("toggle", () => this.tape && this.draw(this.tape, this.look, true));
  }

  click(target, onCell) {
    const cell = target.closest?.(".entry");
    if (cell) onCell(cell.state, cell.action);
  }

  load(data, colours) {
    this.colours = colours;
    this.states = data.states;
    this.terminal = unpack(data.terminal);
    this.policy = data.learns === "pi";
    const key = JSON.stringify([data.actions, data.n_states, data.width, this.policy]);
    if (key === this.key) return;
    this.key = key;
    this.names = entryNames(data);
    const long = data.states.some((name) => name.length > LONG_NAME);
    this.node.classList.toggle("long", long);
    this.height = long ? TALL_ROW : ROW;
    this.node.style.setProperty("--actions", this.names.length);
    this.space.style.height = `${data.n_states * this.height}px`;
    setText(this.title, data.names?.table ?? (this.policy ? "Policy" : data.width > 1 ? "Q-table" : "Values"));
    this.port.ariaLabel = this.title.textContent;
    const across = data.width > 1 ? ` × ${plural(data.width, "action")}` : "";
    setText(this.count, plural(data.n_states, "state") + across);
    this.head.replaceChildren(
      el("span", { role: "columnheader" }, "state"),
      ...this.names.map((name, a) => this.makeHead(name, data.actions[a]?.short)),
    );
    this.rows = [];
    this.space.replaceChildren();
  }

  /** The head of a column; of many actions only what there is room for, the name in its title. */
  makeHead(name, short) {
    const head = el("span", { role: "columnheader" }, short && this.names.length > FEW ? short : name);
    head.title = name;
    return head;
  }

  /** Draws the rows in sight; `follow` scrolls the current state into them. */
  draw(tape, look, follow) {
    Object.assign(this, { tape, look });
    if (!this.node.open) return;
    const height = this.port.clientHeight - ROW;
    if (follow) this.follow(tape.place(), height);
    const first = Math.max(0, Math.floor(this.port.scrollTop / this.height) - 1);
    const shown = Math.min(Math.ceil(height / this.height) + 3, this.states.length);
    while (this.rows.length < shown) this.addRow();
    const here = { place: tape.place(), named: tape.updated(), others: new Set(look.outline && !look.ascends ? tape.updatedToo() : []) };
    this.rows.forEach((row, i) => this.drawRow(row, i < shown ? first + i : this.states.length, here));
  }

  /** Keeps a state in view, unless the reader is busy with the table. */
  follow(state, height) {
    const now = performance.now();
    if (this.port.matches(":hover") || (this.look.fast && now - this.followed < FOLLOW_FAST)) return;
    const top = state * this.height;
    const { scrollTop } = this.port;
    if (top >= scrollTop && top + this.height <= scrollTop + height) return;
    this.followed = now;
    this.port.scrollTop = top - height / 2;
  }

  addRow() {
    const name = el("span", { class: "state", role: "rowheader" });
    const cells = this.names.map((_, action) => {
      const cell = el("button", { type: "button", class: "entry", tabindex: "-1", role: "cell" });
      cell.action = action;
      return cell;
    });
    const node = el("div", { class: "row", role: "row" }, name, ...cells);
    this.rows.push({ node, name, cells, top: -1 });
    this.space.append(node);
  }

  drawRow(row, state, { place, named, others }) {
    setHidden(row.node, state >= this.states.length);
    if (row.node.hidden) return;
    if (row.top !== state) row.node.style.transform = `translateY(${state * this.height}px)`;
    row.top = state;
    setText(row.name, this.states[state]);
    row.name.title = this.states[state];
    row.node.classList.toggle("here", state === place);
    const q = this.tape.row(this.tape.q, state);
    const visits = this.tape.row(this.tape.visits, state);
    const ranked = this.policy || this.look.guesses || visits.some((n) => n > 0) ? bestOf(q) : [];
    const best = ranked.length < q.length ? ranked : [];
    row.cells.forEach((cell, a) => {
      const entry = entryOf(state, a, q.length);
      const changed = entry === named ? " changed" : others.has(entry) ? " changed-too" : "";
      this.drawCell(cell, state, { value: q[a], visits: visits[a], greedy: best.includes(a), changed });
    });
  }

  drawCell(cell, state, { value, visits, greedy, changed }) {
    cell.state = state;
    const over = this.terminal[state] > 0;
    const known = visits > 0 || this.policy || (this.look.guesses && Number.isFinite(value));
    setText(cell, over ? "" : this.policy ? fmtChance(value) : fmt(value));
    const title = over ? "absorbing state" : known ? `${plural(visits, "visit")}: show the updates` : "never tried";
    if (cell.title !== title) cell.title = title;
    const kind = `entry${greedy ? " greedy" : ""}${known || over ? "" : " untried"}${changed}`;
    if (cell.className !== kind) cell.className = kind;
    const tint =
      known && !over && this.look.valueRange
        ? rgba(this.colours.of(value, this.look.valueRange), this.colours.dark ? 0.55 : 0.4)
        : "";
    if (cell.tint !== tint) cell.style.setProperty("--tint", tint || "transparent");
    cell.tint = tint;
  }
}
