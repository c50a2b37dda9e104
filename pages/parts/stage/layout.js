// Divides the width: what goes beside what, and how large the world may be.

const NARROW = 520; // px; below it everything stacks
const WIDE = 940; // px; from it on the Q-table stands beside the world
const ASIDE = 208; // px the status needs beside the world
const TALLEST = 372; // px of the world on a desktop: transport and equation stay on the same screen
const ABOVE = 40; // px the status takes above the world

/** Lays the stage out for its present width; returns false while it has none. */
function fitScene(stage) {
  const { node, left, scene, world, data } = stage;
  const width = node.clientWidth;
  if (!width) return false;
  const narrow = width < NARROW;
  node.classList.toggle("narrow", narrow);
  node.classList.toggle("wide", width >= WIDE);
  placeLoop(stage, narrow);
  const room = left.clientWidth;
  const height = narrow ? room : TALLEST;
  const beside = !narrow && (world.aside ?? isLargerBeside(data.world, room, height));
  scene.classList.toggle("side", beside);
  world.layout(beside ? room - ASIDE : room, height);
  return true;
}

/** On a phone the picture of the loop follows the world at once: its phases would go by out of sight. */
function placeLoop({ left, right, loop, controls }, narrow) {
  const home = narrow ? left : right;
  if (loop.node.parentElement !== home) home.insertBefore(loop.node, narrow ? controls.node : right.firstChild);
}

/** Brings a run that was opened elsewhere on the page into sight, and its keys to hand. */
function showOpened({ node, world }) {
  if (node.getBoundingClientRect().top < 0) node.scrollIntoView({ behavior: "smooth", block: "center" });
  world.node.focus({ preventScroll: true });
}

/** Undoes Streamlit's fading of what awaits a rerun: the stage plays on meanwhile, and is never out of date. */
function keepBright(mount) {
  const frame = (mount.host ?? mount).closest?.('[data-testid="stElementContainer"]');
  frame?.style.setProperty("opacity", "1", "important");
}

/** Tells whether the status should stand beside the world: where that costs the cells little or nothing. */
function isLargerBeside({ rows, cols }, room, height) {
  const beside = Math.min((room - ASIDE) / cols, height / rows);
  const below = Math.min(room / cols, (height - ABOVE) / rows);
  return beside >= below * 0.9;
}
