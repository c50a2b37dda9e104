// A plotly figure that is updated in place.

const loaded = {}; // one promise for each address the library was asked from

function library(path) {
  if (window.Plotly) return Promise.resolve(window.Plotly);
  loaded[path] ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL(path, document.baseURI).href;
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => {
      delete loaded[path]; // so that the next redraw tries again
      reject(new Error("plotly.js did not load"));
    };
    document.head.append(script);
  });
  return loaded[path];
}

const colour = (node, name) => getComputedStyle(node).getPropertyValue(name).trim();

/** Gives a figure the page's own text colour and font; everything else it brings along. */
function dressed(figure, node) {
  const { layout, data } = figure;
  const font = { ...layout.font, color: colour(node, "--st-text-color"), family: colour(node, "--st-font") };
  const hoverlabel = { bgcolor: colour(node, "--st-secondary-background-color"), font: { color: font.color } };
  return { data, layout: { ...layout, template: {}, autosize: true, font, hoverlabel } };
}

function holder(parent, height) {
  let node = parent.querySelector(".stepwise-plot");
  if (!node) {
    node = document.createElement("div");
    node.className = "stepwise-plot";
    node.setAttribute("role", "figure");
    parent.append(node);
  }
  node.style.minHeight = `${height}px`; // keeps its place while the library is on its way
  return node;
}

/** What a clicked point carries: a text, or a list whose first entry is one. */
function carried({ points }) {
  const found = points.map((point) => [point.customdata].flat()[0]).find((text) => typeof text === "string" && text);
  return found ?? null;
}

function listen(node, send) {
  node.send = send; // the newest: each rerun brings its own
  if (node.listens) return;
  node.listens = true;
  node.on("plotly_click", (event) => carried(event) !== null && node.send("point", carried(event)));
}

export default function ({ data, parentElement, setTriggerValue }) {
  const figure = JSON.parse(data.figure);
  const node = holder(parentElement, figure.layout.height);
  node.setAttribute("aria-label", data.alt);
  library(data.library)
    .then((Plotly) => {
      const { data: traces, layout } = dressed(figure, node);
      return node.isConnected && Plotly.react(node, traces, layout, data.config);
    })
    .then((drawn) => drawn && data.clickable && listen(node, setTriggerValue))
    .catch(() => {
      if (!node.firstChild) node.textContent = "The chart could not be loaded: check the connection, then go on.";
    });
  return () => setTimeout(() => node.isConnected || window.Plotly?.purge(node), 0);
}
