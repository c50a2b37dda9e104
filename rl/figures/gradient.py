"""Figures of the policy gradient: the true arrow, the samples around it, and the objective beneath."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from rl.figures.theme import ACCENT, COUNTS, GREY, ROLES, figure
from rl.gradient_cloud import Cloud
from rl.landscape import Plane
from rl.mdp import Floats

LOOKS = (("no baseline", ROLES["reward"], "circle"), ("with baseline", ROLES["old"], "diamond"))
"""Name, colour and mark of the samples without a baseline and with one."""
MOST_DOTS, MOST_BARS = 200, 12
LEVELS = 14
WIDTH = 10.0
"""Degrees a bar of angles is wide."""


def components_figure(without: Cloud, with_baseline: Cloud, names: Sequence[str]) -> go.Figure:
    """Draws the exact gradient's components as bars, and the means of both clouds with a standard deviation.

    ``names`` are those of the P components. Of many the largest are drawn, and none that is always 0.
    """
    chart = figure("", "component of the gradient")
    size = np.abs(without.exact) + without.spread
    at = np.sort(np.argsort(-size, kind="stable")[: min(MOST_BARS, np.count_nonzero(size))])
    x = [names[i] for i in at]
    chart.add_bar(x=x, y=without.exact[at], name="exact", marker={"color": ACCENT, "opacity": 0.75},
                  hovertemplate="%{y:.4g}")
    for (name, colour, symbol), cloud in zip(LOOKS, (without, with_baseline), strict=True):
        chart.add_scatter(x=x, y=cloud.mean[at], mode="markers", name=name, hovertemplate="%{y:.4g}",
                          marker={"color": colour, "symbol": symbol, "size": 9},
                          error_y={"type": "data", "array": cloud.spread[at], "thickness": 1.5, "width": 4},
                          offsetgroup=name)
    chart.update_layout(scattermode="group", scattergap=0.6)
    chart.update_xaxes(type="category")
    return chart


def plane_figure(found: Plane, clouds: Sequence[Cloud], alpha: float) -> go.Figure:
    """Draws the objective around a policy, the exact step of ``alpha``, and where samples would lead.

    ``clouds`` are the samples without a baseline and, if there is a second, with one.
    """
    chart = figure("θ moved along the exact gradient", "θ moved across it", 380)
    level = np.where(np.isfinite(found.worth), found.worth, np.nan)
    chart.add_contour(x=found.right, y=found.up, z=level, colorscale=COUNTS, opacity=0.6, line={"width": 0.5},
                      contours=_levels(level), autocontour=False, hovertemplate="J = %{z:.3~g}<extra></extra>",
                      colorbar={"title": {"text": "J", "side": "right"}, "thickness": 12, "tickformat": ".3~g"})
    for (name, colour, symbol), cloud in zip(LOOKS, clouds, strict=False):
        _draw_dots(chart, alpha * cloud.samples[:MOST_DOTS] @ found.axes.T, name, colour, symbol)
        _draw_mean(chart, alpha * cloud.mean @ found.axes.T, name, colour)
    if len(clouds):
        _draw_arrow(chart, alpha * clouds[0].exact @ found.axes.T)
    chart.update_layout(hovermode="closest")
    chart.update_xaxes(range=[found.right[0], found.right[-1]], rangemode="normal")
    chart.update_yaxes(range=[found.up[0], found.up[-1]])
    return chart


def _levels(level: Floats) -> dict[str, float]:
    """Chooses contours for the better half of a plane: an abyss in a corner would leave no others."""
    seen = level[~np.isnan(level)]
    low, high = (float(np.quantile(seen, 0.5)), float(seen.max())) if len(seen) else (0.0, 1.0)
    return {"start": low, "end": high, "size": max((high - low) / LEVELS, 1e-12)}


def _draw_dots(chart: go.Figure, places: Floats, name: str, colour: str, symbol: str) -> None:
    """Draws samples where they would lead; in the legend their mark stands without its translucence."""
    look = {"color": colour, "symbol": symbol, "size": 5}
    known: dict[str, Any] = {"mode": "markers", "name": f"samples, {name}", "legendgroup": name}
    chart.add_scatter(x=[None], y=[None], marker=look, **known)
    chart.add_scatter(x=places[:, 0], y=places[:, 1], marker={**look, "opacity": 0.55}, showlegend=False,
                      hovertemplate="a sample<extra></extra>", **known)


def _draw_mean(chart: go.Figure, place: Floats, name: str, colour: str) -> None:
    ring = {"color": colour, "symbol": "circle-open", "size": 15, "line": {"width": 3}}
    chart.add_scatter(x=place[:1], y=place[1:], mode="markers", name=f"mean, {name}", marker=ring, legendgroup=name,
                      showlegend=False, hovertemplate=f"mean of the samples, {name}<extra></extra>")


def _draw_arrow(chart: go.Figure, place: Floats) -> None:
    """Draws the exact step, from the policy to ``place``."""
    chart.add_scatter(x=[0.0, place[0]], y=[0.0, place[1]], mode="lines+markers", name="exact gradient",
                      line={"color": ACCENT, "width": 3.5}, hovertemplate="the exact step<extra></extra>",
                      marker={"symbol": ["circle", "arrow"], "size": [8, 16], "angleref": "previous", "color": ACCENT})


def angles_figure(without: Cloud, with_baseline: Cloud) -> go.Figure:
    """Draws how many samples point how far away from the exact gradient, without a baseline and with one.

    A sample that is 0 points nowhere and is left out.
    """
    chart = figure("degrees between a sample and the exact gradient", "share of the samples")
    edges = np.arange(0.0, 180.0 + WIDTH, WIDTH)
    for (name, colour, _), cloud in zip(LOOKS, (without, with_baseline), strict=True):
        angles = cloud.angles[~np.isnan(cloud.angles)]
        share = np.histogram(angles, edges)[0] / max(1, len(cloud.angles))
        chart.add_bar(x=edges[:-1] + WIDTH / 2, y=share, name=name, marker={"color": colour},
                      hovertemplate="%{y:.0%} around %{x:.0f}°")
    chart.add_vline(x=90.0, line={"color": GREY, "dash": "dash", "width": 1})
    chart.update_xaxes(range=[0, 180], dtick=30)
    chart.update_yaxes(tickformat=".0%")
    return chart
