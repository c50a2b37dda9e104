"""What a net makes of any two variables of a body, as a map, with the episode's path on it."""

from typing import Any

import numpy as np
import plotly.graph_objects as go

from rl.deep_surface import Surface
from rl.figures.bandits import COLOURS
from rl.figures.curves import thinned
from rl.figures.theme import COUNTS, DIVERGING, GREY, figure
from rl.mdp import Floats

VALUE, ACTION = MAPS = ("value", "action")
PATH, HALO = "#16181D", "rgba(255,255,255,0.75)"
"""A dark path with a light rim is seen on every colour of a map, in either theme."""
BOTH = 0.1
"""Values on either side of 0 are shown around it where the smaller side is at least this share of the larger one."""
RECENT = 40
"""Steps of the path that are drawn boldly; what lies before them is faint."""
APART = 0.5
"""Share of an axis: a path that jumps farther has gone round, as an angle does from 180° to −180°."""


def surface_figure(s: Surface, what: str = VALUE) -> go.Figure:
    """Draws the value or the greedy action over two variables, one of MAPS. Raises KeyError for any other."""
    chart = figure(s.x.title, s.y.title, 380)
    {VALUE: _draw_values, ACTION: _draw_actions}[what](chart, s)
    _draw_path(chart, s)
    chart.update_layout(hovermode="closest", legend={"itemclick": False, "itemdoubleclick": False})
    chart.update_xaxes(range=[s.x.low, s.x.high], rangemode="normal", showgrid=False, zeroline=False)
    chart.update_yaxes(range=[s.y.low, s.y.high], showgrid=False, zeroline=False)
    return chart


def _draw_values(chart: go.Figure, s: Surface) -> None:
    where = f"{s.x.name} %{{x:.3~g}} {s.x.unit}<br>{s.y.name} %{{y:.3~g}} {s.y.unit}<br>"
    names = np.array(s.names, dtype=object)[s.action]
    chart.add_heatmap(x=s.xs, y=s.ys, z=s.value, text=names, name="", **scale_of(s.value),
                      hovertemplate=where + "max Q = %{z:.4~g}, by %{text}<extra></extra>",
                      colorbar={"title": {"text": "max Q", "side": "right"}, "thickness": 12, "tickformat": ".3~g"})


def scale_of(values: Floats) -> dict[str, Any]:
    """Chooses colours for values: around 0 where there are many on both sides of it, else from light to dark."""
    seen = values[np.isfinite(values)]
    low, high = (float(seen.min()), float(seen.max())) if len(seen) else (0.0, 1.0)
    if low < 0 < high and min(-low, high) > BOTH * max(-low, high):
        most = max(-low, high)
        ends = [[0.0, DIVERGING["low"]], [0.5, DIVERGING["mid"]], [1.0, DIVERGING["high"]]]
        return {"colorscale": ends, "zmin": -most, "zmax": most}
    return {"colorscale": COUNTS, "zmin": low, "zmax": high if high > low else low + 1.0}


def _draw_actions(chart: go.Figure, s: Surface) -> None:
    """Draws a colour for each action; the legend names them."""
    n = len(s.names)
    steps = [[edge, COLOURS[a % len(COLOURS)]] for a in range(n) for edge in (a / n, (a + 1) / n)]
    where = f"{s.x.name} %{{x:.3~g}} {s.x.unit}<br>{s.y.name} %{{y:.3~g}} {s.y.unit}<br>"
    names = np.array(s.names, dtype=object)[s.action]
    chart.add_heatmap(x=s.xs, y=s.ys, z=s.action, text=names, customdata=s.value, colorscale=steps, zmin=-0.5,
                      zmax=n - 0.5, showscale=False, opacity=0.8, name="",
                      hovertemplate=where + "%{text}, Q = %{customdata:.4~g}<extra></extra>")
    for a, name in enumerate(s.names):
        square = {"symbol": "square", "size": 11, "color": COLOURS[a % len(COLOURS)], "opacity": 0.8}
        chart.add_scatter(x=[None], y=[None], mode="markers", marker=square, name=name)


def _draw_path(chart: go.Figure, s: Surface) -> None:
    """Draws where the episode has been, and where it is; the legend's line is seen in either theme."""
    last = max(0, len(s.trace) - RECENT - 1)
    for path, opacity in ((broken(s, s.trace[: last + 1]), 0.3), (broken(s, s.trace[last:]), 1.0)):
        for colour, width in ((HALO, 4.5), (PATH, 1.8)):
            chart.add_scatter(x=path[:, 0], y=path[:, 1], mode="lines", line={"color": colour, "width": width},
                              opacity=opacity, showlegend=False, hoverinfo="skip")
    chart.add_scatter(x=[None], y=[None], mode="lines", line={"color": GREY, "width": 2}, name="this episode")
    here = {"symbol": "circle", "size": 12, "color": PATH, "line": {"color": "white", "width": 2.5}}
    chart.add_scatter(x=s.trace[-1:, 0], y=s.trace[-1:, 1], mode="markers", marker=here, name="now",
                      hovertemplate=f"now: {s.x.name} %{{x:.3~g}} {s.x.unit}, {s.y.name} %{{y:.3~g}} {s.y.unit}"
                                    "<extra></extra>")


def broken(s: Surface, path: Floats) -> Floats:
    """Returns a path, (k, 2), thinned, with a gap wherever it goes round."""
    path = path[thinned(len(path))]
    span = np.array([s.x.high - s.x.low, s.y.high - s.y.low])
    round_ = np.flatnonzero((np.abs(np.diff(path, axis=0)) > APART * span).any(axis=1)) + 1
    return np.insert(path, round_, np.nan, axis=0)
