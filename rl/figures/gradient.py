"""Figures of the policy gradient: the true arrow, the samples around it, and the objective beneath."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from rl.figures.theme import ACCENT, COUNTS, EXPLORE, GREY, ROLES, figure
from rl.gradient_cloud import Cloud
from rl.landscape import Landscape, Plane, Point
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
                      contours=_levels(level), autocontour=False, hovertemplate="J = %{z:.4g}<extra></extra>",
                      colorbar={"title": {"text": "J", "side": "right"}, "thickness": 12})
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
    dots = {"color": colour, "symbol": symbol, "size": 5, "opacity": 0.55}
    chart.add_scatter(x=places[:, 0], y=places[:, 1], mode="markers", name=f"samples, {name}", marker=dots,
                      legendgroup=name, hovertemplate="a sample<extra></extra>")


def _draw_mean(chart: go.Figure, place: Floats, name: str, colour: str) -> None:
    ring = {"color": colour, "symbol": "circle-open", "size": 15, "line": {"width": 3}}
    chart.add_scatter(x=place[:1], y=place[1:], mode="markers", name=f"mean, {name}", marker=ring, legendgroup=name,
                      showlegend=False, hovertemplate=f"mean of the samples, {name}<extra></extra>")


def _draw_arrow(chart: go.Figure, place: Floats) -> None:
    """Draws the exact step, from the policy to ``place``."""
    chart.add_scatter(x=[0.0, place[0]], y=[0.0, place[1]], mode="lines+markers", name="exact gradient",
                      line={"color": ACCENT, "width": 3.5}, hovertemplate="the exact step<extra></extra>",
                      marker={"symbol": ["circle", "arrow"], "size": [8, 16], "angleref": "previous", "color": ACCENT})


def corridor_figure(found: Landscape, now: Point, points: Sequence[Point], action: str) -> go.Figure:
    """Draws what a policy over two actions is worth by the chance of the second, and where this one stands.

    ``points`` are other policies worth marking, such as those of a greedy table.
    """
    chart, p = figure(f"chance of {action}", "J: value of the start"), found.points[:, 1]
    seen = np.isfinite(found.worth)
    chart.add_scatter(x=p[seen], y=found.worth[seen], mode="lines", name="J", hovertemplate="%{y:.2f}",
                      line={"color": GREY, "width": 2.5})
    best = Point(float(found.best[1]), found.top, "best policy")
    for point, colour, symbol in ((best, ROLES["target"], "star"), *((q, EXPLORE, "x") for q in points),
                                  (now, ROLES["new"], "circle")):
        if np.isfinite(point.worth):
            chart.add_scatter(x=[point.p], y=[point.worth], mode="markers", name=point.text,
                              marker={"color": colour, "symbol": symbol, "size": 12},
                              hovertemplate="%{x:.3f}: %{y:.2f}")
    worst = min([q.worth for q in (now, *points) if np.isfinite(q.worth)], default=found.top)
    span = max(found.top - worst, np.ptp(found.worth[seen]) / 50) if seen.any() else 1.0
    chart.update_layout(hovermode="closest")
    chart.update_xaxes(range=[0, 1], rangemode="normal")
    chart.update_yaxes(range=[found.top - 1.15 * span, found.top + 0.12 * span])
    return chart


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
