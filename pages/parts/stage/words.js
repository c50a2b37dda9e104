// Says a step in words: how the action was chosen, what the world did, and whether the episode ended.

/** One or two short sentences about a step; `before` is the state's row of values as it was when it acted. */
function sayStep(step, before, data) {
  if (data.ascends) return sayAscent(step);
  const choice = sayHow(step, before, data);
  return [choice, sayMove(step, data), sayEnd(step, data)].filter(Boolean).join(" ");
}

/** How the action was chosen: drawn by its chance, by values, or by a policy that is fixed. */
function sayHow(step, before, { learns, width, actions }) {
  if (learns === "pi") return `It drew ${actions[step.action].name}, a chance of ${percent(step.chance)}.`;
  return width > 1 ? sayChoice(step, before, actions) : sayDraw(step, actions);
}

/** A step of the policy itself, up the slope of what it is worth, and not one in the world. */
function sayAscent(step) {
  const { reward: before, ret: after } = step;
  if (step.new === step.old) return "This step is 0: the policy stays as it is."; // it names what it changed most
  const change = after - before;
  if (!Number.isFinite(change)) return `The policy has moved; it is worth ${sayWorth(after)}.`;
  const [from, to] = [before, after].map(sayWorth);
  if (from === to) return `The policy has moved: its worth J hardly changed, it is ${to}.`;
  const little = Math.abs(change) < NEARLY * Math.max(1, Math.abs(after));
  const way = little ? "hardly changed" : change > 0 ? "rose" : "fell";
  return `The policy has moved: its worth J ${way}, from ${from} to ${to}.`;
}

/** What a policy is worth, as text. */
function sayWorth(worth) {
  if (worth === -Infinity) return "\u2212∞";
  const size = Math.abs(worth);
  if (size < 1e5 || !(size < 1e12)) return fmt(worth);
  const [unit, name] = size < 999.95e3 ? [1, ""] : size < 999.95e6 ? [1e6, " million"] : [1e9, " billion"];
  return minus(unit > 1 ? (worth / unit).toFixed(1) + name : grouped(Math.round(worth)));
}

function sayChoice(step, before, actions) {
  const name = actions[step.action].name;
  if (step.explored) return `It explored: a random action, ${name}.`;
  const best = bestOf(before);
  if (!best.includes(step.action)) return `It chose ${name}.`;
  if (best.length > 1) return `${capital(countWord(best.length))} actions tied; it picked ${name} by chance.`;
  return `Greedy: ${name} looked best (${fmt(before[step.action])}).`;
}

/** Where states are valued the policy is fixed: it does not choose by values. */
const sayDraw = (step, actions) => `The policy chose ${actions[step.action].name}.`;

const countWord = (n) => ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"][n] ?? String(n);

const capital = (text) => text[0].toUpperCase() + text.slice(1);

/** What the world did, when it is worth a word: on a grid a move that went as meant is not. */
function sayMove(step, data) {
  const { world, actions } = data;
  if (world.kind === "body") return "";
  if (world.kind !== "grid") return step.ended === 1 ? "" : sayPlace(step, data);
  const [from, to] = [step.state, step.next_state].map((state) => placeOf(state, data));
  if (!from || !to) return "";
  if (fell(step, to, world)) return "It fell off the cliff.";
  const meant = actions[step.action];
  const moved = { dx: to.col - from.col, dy: to.row - from.row };
  if (!meant.dx && !meant.dy) return "";
  if (moved.dx === meant.dx && moved.dy === meant.dy) return "";
  return moved.dx || moved.dy ? sayDetour(moved, meant, data) : sayBump(from, meant, world);
}

/** Tells whether a step went over the cliff: only that costs so much and leads back to the start. */
function fell({ reward, ended }, to, { cliff, cells, cols }) {
  return cliff !== null && !ended && Math.abs(reward - cliff) < 1e-3 && cells[to.row * cols + to.col] === "S";
}

function sayPlace(step, { states }) {
  return step.state === step.next_state ? "Nothing changed." : `Now: ${states[step.next_state]}.`;
}

/** Row and column of a state; a state of several layers has one cell. */
function placeOf(state, { world }) {
  const i = spotOf(state, world);
  if (i < 0) return null;
  const cell = i % (world.rows * world.cols);
  return { row: Math.floor(cell / world.cols), col: cell % world.cols };
}

const spots = new WeakMap(); // a world's states by cell: unpacked once

function spotOf(state, world) {
  if (!spots.has(world)) spots.set(world, unpack(world.state_at));
  return spots.get(world).indexOf(state);
}

/** The char of the cell an action aims at, or null beyond the edge. */
function aim({ row, col }, { dx, dy }, world) {
  const [r, c] = [row + dy, col + dx];
  return r < 0 || c < 0 || r >= world.rows || c >= world.cols ? null : world.cells[r * world.cols + c];
}

function sayBump(from, meant, world) {
  const target = aim(from, meant, world);
  if (target === null) return "It bumped into the edge and stayed.";
  const here = from.row * world.cols + from.col;
  const there = here + meant.dy * world.cols + meant.dx;
  const barred = (world.bars ?? []).some(([a, b]) => (a === here && b === there) || (a === there && b === here));
  return target === "#" || barred ? "It bumped into a wall and stayed." : "It slipped to a side it could not go, and stayed.";
}

function sayDetour(moved, meant, { actions }) {
  const went = actions.find((a) => a.dx === moved.dx && a.dy === moved.dy);
  if (went && moved.dx === -meant.dx && moved.dy === -meant.dy) return `It went ${went.name}.`; // swapped, perhaps
  return went ? `It slipped: meant ${meant.name}, went ${went.name}.` : "It was moved elsewhere.";
}

function sayEnd(step, data) {
  if (step.ended === 2) return sayCut(data);
  if (step.ended !== 1) return "";
  const place = data.world.kind === "grid" ? placeOf(step.next_state, data) : null;
  const char = place && data.world.cells[place.row * data.world.cols + place.col];
  const why = { G: "goal reached", H: "it fell into a hole", C: "it fell off the cliff" }[char];
  return `The episode ended${why ? `: ${why}` : ""}.${looksAhead(data) ? " Nothing comes after it, so γ counts as 0 here." : ""}`;
}

/** Whether what an update aims at has a part that only a value stands for; values of a table always may. */
const looksAhead = ({ learns, equation }) => learns !== "pi" || equation.some(({ column }) => column === "bootstrap");

function sayCut(data) {
  if (looksAhead(data)) return "Time limit: the episode stops here but the future still counts (bootstraps).";
  return "Time limit: the episode stops here, and what was seen of it is its return.";
}
