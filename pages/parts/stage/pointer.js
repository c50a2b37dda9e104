// The pointer over a world: a tooltip, the ledger of what is clicked, and the brush of the editor.

/** Listens to the stage's own world. */
function listenToWorld(stage) {
  const { grid, bars } = stage;
  const listen = (type, act) => grid.node.addEventListener(type, act);
  pointAt(stage, grid, () => stage.shown);
  listen("pointermove", (event) => stage.editor.open && paintUnder(stage, event));
  listen("pointerdown", (event) => pressPointer(stage, event));
  listen("click", (event) => clickWorld(stage, grid, stage.shown, event));
  bars.list.addEventListener("click", (event) => clickBar(stage, bars, event));
}

/** Shows what is under the pointer; `shown` gives the {tape, look} that was drawn last. */
function pointAt(stage, grid, shown) {
  const point = (hit) => {
    const { tape, look } = shown();
    grid.hover = hit && hit.cell;
    grid.sheets.showTip(hit ? describeCell(grid, hit, tape, look) : "", hit?.x, hit?.y);
    stage.wake();
  };
  grid.node.addEventListener("pointermove", (event) => grid.map || point(grid.hit(event)));
  grid.node.addEventListener("pointerleave", () => point(null));
}

/** What a cell is, for the tooltip. */
function describeCell(world, { state, cell, action }, tape, look) {
  if (world.seen && !world.seen.has(state)) return "nobody knows";
  const tags = world.tagsAt(cell).map((tag) => tag[2]);
  const here = [state >= 0 ? world.states[state] : null, ...tags].filter(Boolean).join(" · ");
  if (state < 0 || world.terminal[state]) return here;
  const a = pointedAt(look, tape, state, action);
  if (look.policy) return [describeChance(world, tape, state, a, here), describeOwn(look, state, a)].join("");
  const name = tape.width > 1 ? world.actions[a].name : "V";
  const visits = tape.row(tape.visits, state)[a];
  const tried = visits ? plural(visits, "visit") : "never tried";
  const known = visits || look.guesses ? `${fmt(tape.row(tape.q, state)[a])} (${tried})` : tried;
  return `${here} · ${name} ${known}${describeOwn(look, state, a)}`;
}

/** How likely an action is, whether it was ever drawn or not. */
function describeChance(world, tape, state, a, here) {
  const visits = tape.row(tape.visits, state)[a];
  const known = `π(${world.actions[a].name} | ${here}) = ${fmtChance(tape.row(tape.q, state)[a])}`;
  if (world.ascends) return known;
  return `${known} · ${visits ? `drawn ${plural(visits, "time")}` : "never drawn"}`;
}

/** The number of the table that is looked at, where that is a further one. */
const describeOwn = ({ own, title, whole, row }, state, a) => (own ? ` · ${title}: ${fmt(row(state)[whole ? 0 : a])}` : "");

/** The action meant by a click or a pointer: the one under it where wedges are shown, else the greedy one. */
function pointedAt(look, tape, state, action) {
  if (tape.width === 1) return 0;
  return look.whole ? bestOf(tape.row(tape.q, state))[0] : action;
}

function paintUnder({ editor, grid }, event) {
  const hit = grid.hit(event);
  if (event.buttons === 1 && hit && hit.cell !== grid.map.cursor) editor.paint(hit.cell);
}

function pressPointer({ editor, grid }, event) {
  const hit = editor.open && event.button === 0 ? grid.hit(event) : null;
  if (!hit) return;
  grid.node.setPointerCapture(event.pointerId);
  editor.paint(hit.cell);
}

/** Opens the ledger of what is clicked. */
function clickWorld({ editor, post }, grid, { tape, look }, event) {
  const hit = editor.open ? null : grid.hit(event);
  if (!hit || hit.state < 0 || grid.terminal[hit.state]) return;
  post.push("cell", { state: hit.state, action: pointedAt(look, tape, hit.state, hit.action) });
}

function clickBar({ post }, bars, event) {
  const node = event.target.closest(".bar");
  const action = bars.rows.findIndex((row) => row.node === node);
  if (action >= 0 && !bars.terminal[bars.state]) post.push("cell", { state: bars.state, action });
}
