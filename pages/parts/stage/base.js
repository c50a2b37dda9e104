// Small things every other file uses: elements, packed arrays, numbers as text.

const ARRAYS = { f8: Float64Array, f4: Float32Array, i4: Int32Array, u2: Uint16Array, u1: Uint8Array };
const SVG = "http://www.w3.org/2000/svg";

/** Makes an element; text goes in as text, never as HTML. */
function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== null && value !== false) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

/** Makes an icon of stroked paths in a 24 x 24 box. */
function icon(path, filled = false) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.toggle("filled", filled);
  const shape = document.createElementNS(SVG, "path");
  shape.setAttribute("d", path);
  svg.append(shape);
  return svg;
}

function unpack({ type, data }) {
  const text = atob(data);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return new ARRAYS[type](bytes.buffer);
}

/** Sets text only when it differs: a write to the DOM costs a layout even when nothing changes. */
function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function setHidden(node, hidden) {
  if (node.hidden !== hidden) node.hidden = hidden;
}

const clamp = (x, low, high) => Math.min(high, Math.max(low, x));

const minus = (text) => text.replace("-", "\u2212");

/** Writes a number with about three digits that matter; whole numbers stay whole. */
function fmt(x) {
  if (!Number.isFinite(x)) return "\u2013";
  const size = Math.abs(x);
  if (size >= 100000) return minus(x.toExponential(1));
  if (Math.abs(x - Math.round(x)) < 1e-6) return minus(String(Math.round(x)));
  if (size < 0.001) return minus(x.toExponential(0));
  return minus(x.toFixed(size < 10 ? 3 : size < 100 ? 2 : 1));
}

/** Writes a setting such as alpha: without the zeros that only line up columns. */
const fmtSetting = (x) => (Number.isFinite(x) ? minus(String(Number(x.toPrecision(3)))) : "\u2013");

/** Writes a number as briefly as a small cell needs: ".53", "−12", "0". */
function brief(x) {
  const size = Math.abs(x);
  if (size < 0.005) return "0";
  const text = x.toFixed(size < 0.995 ? 2 : size < 9.95 ? 1 : 0);
  return minus(text.replace(/^(-?)0\./, "$1.").replace(/\.0$/, ""));
}

/** Writes a chance: two decimals, and more where it is nearly 0 or 1, which it never quite is unless it is. */
function fmtChance(x) {
  if (!Number.isFinite(x)) return "\u2013";
  const rare = Math.min(x, 1 - x);
  if (rare <= 0) return String(Math.round(x));
  return rare < 0.001 ? (x < 0.5 ? "<0.001" : ">0.999") : x.toFixed(rare < 0.01 ? 4 : 2);
}

/** Writes a chance in per cent, never quite 0 or 100 of them where it is not. */
function percent(x) {
  const rare = Math.min(x, 1 - x);
  if (rare > 0 && rare < 5e-4) return x < 0.5 ? "less than 0.1 %" : "more than 99.9 %";
  return `${Number((100 * x).toFixed(rare < 0.01 ? 1 : 0))} %`;
}

const grouped = (n) => n.toLocaleString("en-US");

const plural = (n, word) => `${grouped(n)} ${word}${n === 1 ? "" : "s"}`;

/** What a state's values are called: by the actions, or, where there is one for the whole state, V. */
const entryNames = ({ width, actions }) => (width > 1 ? actions.map((action) => action.name) : ["V"]);

/** Indices of the highest of `row`'s entries: more than one when they tie, or all but (`tie`, relative to 1 or more). */
function bestOf(row, tie = 0) {
  let best = 0;
  for (let i = 1; i < row.length; i++) if (row[i] > row[best]) best = i;
  const least = row[best] - tie * Math.max(1, Math.abs(row[best]));
  return Array.from(row.keys()).filter((i) => row[i] === row[best] || row[i] >= least);
}
