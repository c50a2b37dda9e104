// Transitions of a replay memory as columns: unpacked, joined, and one of them in words.

const FIELDS = ["kept", "after", "action", "ended", "steps", "reward", "born", "error"];

/** Unpacks transitions; `numbers` are those of a state: what a body's consists of, or 1 where states are numbered. */
function readTransitions(packed, numbers) {
  const { n } = packed;
  const found = { n, numbers, born: readBorn(packed), error: readSizes(packed.error) };
  Object.assign(found, readCoded(packed.coded));
  if (!packed.lone) {
    found.kept = Float32Array.from(unpack(packed.kept));
    found.after = Float32Array.from(unpack(packed.after));
    return found;
  }
  found.kept = readScaled(packed.kept, n);
  found.after = readAfter(packed, found);
  return found;
}

function readBorn({ born, since, n }) {
  const all = new Int32Array(n);
  unpack(since).forEach((x, i) => (all[i] = i ? all[i - 1] + x : born));
  return all;
}

/** What there are few different kinds of: the kinds, and which each is; or all of them where they are many. */
function readCoded({ kinds, which }) {
  const index = which && unpack(which);
  const columns = Object.entries(kinds).map(([name, packed]) => [name, unpack(packed)]);
  return Object.fromEntries(columns.map(([name, known]) => [name, index ? Float32Array.from(index, (k) => known[k]) : known]));
}

/** Numbers in a byte each, from the least to the largest of their column. */
function readScaled({ low, high, data }, n) {
  const [found, bytes, across] = [new Float32Array(n * low.length), unpack(data), low.length];
  for (let k = 0; k < found.length; k++) found[k] = low[k % across] + ((high[k % across] - low[k % across]) * bytes[k]) / 255;
  return found;
}

/** Sizes of errors, the small ones finer. */
const readSizes = ({ top, data }) => Float32Array.from(unpack(data), (byte) => top * (byte / 255) ** 2);

/** What came after each: told, or what was seen at the beginning of a later one. */
function readAfter({ lone, after }, { n, numbers, kept, born, steps }) {
  const [alone, told] = [unpack(lone), readScaled(after, unpack(lone).length)];
  const found = new Float32Array(n * numbers);
  for (let i = 0, j = 0, k = 0; i < n; i++) {
    if (alone[k] === i) {
      found.set(told.subarray(k * numbers, (k + 1) * numbers), i * numbers);
      k++;
      continue;
    }
    while (born[j] < born[i] + steps[i]) j++;
    found.set(kept.subarray(j * numbers, (j + 1) * numbers), i * numbers);
  }
  return found;
}

/** Adds transitions to others, from the `start`-th on. */
function joinTransitions(one, other, start) {
  const both = { n: one.n + other.n - start, numbers: one.numbers };
  for (const name of FIELDS) {
    const across = name === "kept" || name === "after" ? one.numbers : 1;
    both[name] = joined(one[name], other[name].subarray(start * across));
  }
  return both;
}

/** A transition in words, a line for each part: where it was, what it did, what came of it, and what is known of it. */
function sayTransition({ items, variables, t }, i, { states, actions }) {
  const state = (rows) => (variables.length ? sayBody(rows, i, variables) : states[rows[i]] || `state ${rows[i]}`);
  const [ended, steps] = [items.ended[i], items.steps[i]];
  const paid = steps > 1 ? `rewards of ${steps} steps ${fmt(items.reward[i])}` : `reward ${fmt(items.reward[i])}`;
  const over = ["", "; there the episode ended", "; there it was cut short by the time limit"][ended];
  const age = t - items.born[i] - steps;
  return [
    state(items.kept),
    `${actions[items.action[i]].name}: ${paid}`,
    `then ${state(items.after)}${over}`,
    `${age ? `stored ${plural(age, "step")} ago` : "just stored"} · |TD error| ${fmt(Number(items.error[i].toPrecision(2)))}`,
  ];
}

const sayBody = (rows, i, variables) =>
  variables.map(({ name, unit, high }, k) => `${name} ${sayNumber(rows[i * variables.length + k], high)}${unit && unit[0] !== "°" ? " " : ""}${unit}`).join(", ");

/** A number with as many decimals as its range is worth. */
const sayNumber = (x, high) => minus(x.toFixed(high < 0.5 ? 3 : high < 5 ? 2 : high < 50 ? 1 : 0)).replace(/^\u2212(0\.?0*)$/, "$1");
