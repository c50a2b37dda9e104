// The pointer over the world: a tooltip, the ledger of what is clicked, and the brush of the editor.

function listenToWorld(stage) {
  const { grid } = stage;
  const listen = (type, act) => grid.node.addEventListener(type, act);
  listen("pointermove", (event) => movePointer(stage, event));
  listen("pointerleave", () => leaveWorld(stage));
  listen("pointerdown", (event) => pressPointer(stage, event));
  listen("click", (event) => clickWorld(stage, event));
  stage.bars.list.addEventListener("click", (event) => clickBar(stage, event));
}

function movePointer(stage, event) {
  const { grid, editor, player } = stage;
  const hit = grid.hit(event);
  if (editor.open) return paintUnder(stage, event, hit);
  grid.hover = hit && hit.cell;
  grid.sheets.showTip(hit ? grid.describeCell(hit, player.tape, stage.view) : "", hit?.x, hit?.y);
  stage.wake();
}

function paintUnder({ editor, grid }, event, hit) {
  if (event.buttons === 1 && hit && hit.cell !== grid.map.cursor) editor.paint(hit.cell);
}

function pressPointer({ editor, grid }, event) {
  const hit = editor.open && event.button === 0 ? grid.hit(event) : null;
  if (!hit) return;
  grid.node.setPointerCapture(event.pointerId);
  editor.paint(hit.cell);
}

function leaveWorld(stage) {
  stage.grid.hover = null;
  stage.grid.sheets.showTip("");
  stage.wake();
}

/** Opens the ledger: of the wedge under the pointer where wedges are shown, else of the greedy action. */
function clickWorld({ grid, editor, player, post, view }, event) {
  const hit = editor.open ? null : grid.hit(event);
  if (!hit || hit.state < 0 || grid.terminal[hit.state]) return;
  const greedy = bestOf(player.tape.row(player.tape.q, hit.state))[0];
  post.push("cell", { state: hit.state, action: view === "values" ? hit.action : greedy });
}

function clickBar({ bars, post }, event) {
  const node = event.target.closest(".bar");
  const action = bars.rows.findIndex((row) => row.node === node);
  if (action >= 0 && !bars.terminal[bars.state]) post.push("cell", { state: bars.state, action });
}
