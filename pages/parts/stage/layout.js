// Divides the width: what goes beside what, and how large the world may be.

const NARROW = 520; // px; below it everything stacks
const WIDE = 940; // px; from it on the Q-table stands beside the world
const ASIDE = 208; // px the status needs beside the world
const TALLEST = 372; // px of the world on a desktop: transport and equation stay on the same screen
const TALLEST_WITH_MEMORY = 268; // px where the replay memory is to be seen as well
const ABOVE = 40; // px the status takes above the world
const GAP = 20; // px between two worlds
const CAPTION = 24; // px over each of them
const TALL_PAIR = 400; // px of two worlds that are stacked on a desktop, captions included
const SHORT = 260; // px of each of them on a phone

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
  const height = narrow ? room : stage.memory.open ? TALLEST_WITH_MEMORY : TALLEST;
  stage.memory.fit(room, narrow);
  const two = Boolean(stage.beside.data);
  const beside = !narrow && !two && (world.aside ?? isLargerBeside(data.world, room, height));
  scene.classList.toggle("side", beside);
  node.classList.toggle("two", two);
  if (two) fitTwo(stage, room, narrow);
  else world.layout(beside ? room - ASIDE : room, height);
  return true;
}

/** Lays two worlds out side by side, or, where that makes the cells larger or the screen is narrow, stacked. */
function fitTwo({ world, beside, room: place, data }, width, narrow) {
  const row = { width: (width - GAP) / 2, height: TALLEST };
  const column = { width, height: narrow ? SHORT : TALL_PAIR / 2 };
  const stacked = narrow || Math.min(...[data.world, beside.data.world].map((grid) => gain(grid, column, row))) > 1.1;
  const { width: wide, height: high } = stacked ? column : row;
  place.classList.toggle("stacked", stacked);
  for (const one of [world, beside.world]) one.layout(wide, high - CAPTION);
}

/** How much larger a grid's cells are in one box than in another; 0 where there are none. */
function gain({ rows, cols }, one, other) {
  const cell = ({ width, height }) => Math.min(width / cols, (height - CAPTION) / rows);
  return rows ? cell(one) / cell(other) : 0;
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
