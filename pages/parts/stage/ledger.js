// Every update that built one entry of the table of values, newest first.

const COLUMNS = {
  false: ["step", "reward", "target", "error", "new value"],
  true: ["step", "reward", "followed", "δ", "new θ"], // of a policy
};

class Ledger {
  constructor({ onClose, onJump }) {
    this.onJump = onJump;
    this.title = el("h4");
    this.count = el("span", { class: "faint" });
    this.body = el("tbody");
    this.heading = el("tr");
    const close = el(
      "button",
      { type: "button", class: "plain", "aria-label": "Close", title: "Close", onclick: onClose },
      icon(ICON.close),
    );
    this.node = el(
      "section",
      { class: "panel ledger", hidden: true, "aria-label": "Ledger" },
      el("header", {}, el("div", {}, this.title, this.count), close),
      el("div", { class: "port" }, el("table", {}, el("thead", {}, this.heading), this.body)),
    );
  }

  load({ ledger, states, actions, width, learns }) {
    setHidden(this.node, !ledger);
    const key = JSON.stringify([ledger, learns]);
    if (!ledger || key === this.key) return;
    this.key = key;
    const policy = learns === "pi";
    const symbol = policy ? "θ" : "Q";
    const state = states[ledger.state];
    const entry = width > 1 ? `${symbol}(${state}, ${actions[ledger.action].name})` : `V(${state})`;
    this.heading.replaceChildren(...COLUMNS[policy].map((name) => el("th", { scope: "col" }, name)));
    setText(this.title, `Every update that built ${entry}`);
    const part =
      ledger.shown < ledger.total
        ? `the last ${grouped(ledger.shown)} of ${plural(ledger.total, "update")}`
        : plural(ledger.total, "update");
    setText(this.count, ledger.total ? part : "Never updated so far.");
    this.body.replaceChildren(...ledger.rows.map((row) => this.makeRow(row)));
  }

  makeRow([t, reward, target, error, value]) {
    const jump = el(
      "button",
      { type: "button", class: "link", title: "Go to this step", onclick: () => this.onJump(t) },
      grouped(t),
    );
    const numbers = [
      [reward, "reward"],
      [target, "target"],
      [error, "error"],
      [value, "new"],
    ];
    const row = el("tr", {}, el("td", {}, jump), ...numbers.map(([x, role]) => el("td", { class: role }, fmt(x))));
    row.moment = t;
    return row;
  }

  /** Marks the update at the playhead, and those that are still to come. */
  draw(tape) {
    if (this.node.hidden) return;
    for (const row of this.body.rows) {
      row.classList.toggle("now", row.moment === tape.t);
      row.classList.toggle("later", row.moment > tape.t);
    }
  }
}
