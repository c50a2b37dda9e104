// Colours of values: a diverging scale for signed ones, a sequential one for counts and errors.

const STEPS = 64; // shades a scale is divided into: enough to look smooth, few enough to be cached

function parseColour(text) {
  const hex = text.trim().match(/^#([0-9a-f]{3,8})$/i);
  if (hex) return hexColour(hex[1]);
  const numbers = text.match(/[\d.]+/g);
  return numbers ? numbers.slice(0, 3).map(Number) : [128, 128, 128];
}

function hexColour(digits) {
  const long = digits.length < 6 ? [...digits].map((d) => d + d).join("") : digits;
  return [0, 2, 4].map((i) => parseInt(long.slice(i, i + 2), 16));
}

const rgb = (c) => `rgb(${c.map(Math.round).join(",")})`;

const rgba = (c, alpha) => `rgba(${c.map(Math.round).join(",")},${alpha})`;

const blend = (a, b, f) => a.map((x, i) => x + (b[i] - x) * f);

/** How bright a colour looks, 0 to 1 (relative luminance, without gamma: good enough to choose black or white). */
const brightness = ([r, g, b]) => (0.299 * r + 0.587 * g + 0.114 * b) / 255;

/** Makes the shades between some stops, evenly spaced. */
function ramp(stops) {
  const colours = stops.map(parseColour);
  return Array.from({ length: STEPS + 1 }, (_, i) => {
    const place = (i / STEPS) * (colours.length - 1);
    const below = Math.min(Math.floor(place), colours.length - 2);
    return blend(colours[below], colours[below + 1], place - below);
  });
}

/** The colours in force: the page's theme and the palette that came with the data. */
class Colours {
  constructor(style, palette) {
    const read = (name, fallback) => parseColour(style.getPropertyValue(name) || fallback);
    this.background = read("--st-background-color", "#fff");
    this.raised = read("--st-secondary-background-color", "#f0f2f6");
    this.text = read("--st-text-color", "#31333f");
    this.dark = brightness(this.background) < 0.5;
    this.primary = read("--st-primary-color", "#ff4b4b");
    this.font = style.getPropertyValue("--st-font") || "sans-serif";
    this.edge = blend(this.background, this.text, 0.16);
    this.palette = palette;
    this.key = [this.background, this.text, this.raised, this.primary, JSON.stringify(palette)].join();
    this.makeScales(palette);
  }

  makeScales(p) {
    this.signed = ramp([p.low, this.dark ? p.mid_dark : p.mid, p.high]);
    this.count = this.makeCount(p.count);
    this.agent = parseColour(p.accent);
  }

  /** Orders a sequential scale so that little looks like the background, in light and in dark. */
  makeCount(stops) {
    const byBrightness = stops.map(parseColour).sort((a, b) => brightness(b) - brightness(a));
    if (!this.dark) return ramp(byBrightness.map(rgb));
    const [deepest, ...lighter] = byBrightness.reverse();
    return ramp([blend(this.background, deepest, 0.4), deepest, ...lighter.slice(0, -1)].map(rgb));
  }

  /** A role's colour as ink: lightened on dark backgrounds, where it would be too dim to read. */
  ink(role) {
    const colour = parseColour(this.palette[role]);
    return rgb(this.dark ? blend(colour, [255, 255, 255], 0.38) : colour);
  }

  /** Shade of a value on a range {signed, max}. */
  of(value, range) {
    if (!Number.isFinite(value)) return this.background; // an action that is missing
    if (range.signed) return this.signed[Math.round(clamp(0.5 + value / (2 * range.max), 0, 1) * STEPS)];
    const part = range.log ? Math.log1p(value) / Math.log1p(range.max) : value / range.max;
    return this.count[Math.round(clamp(part, 0, 1) * STEPS)];
  }

  /** Ink that can be read on a fill. */
  on(fill) {
    return brightness(fill) > 0.55 ? [20, 24, 33] : [255, 255, 255];
  }
}

/** Rounds up to 1, 2 or 5 times a power of ten, so that a scale moves seldom. */
function niceMax(x) {
  if (!(x > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(x));
  return power * [1, 2, 5, 10].find((step) => step * power >= x * 0.999);
}
