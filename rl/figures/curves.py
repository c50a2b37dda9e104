"""Learning curves: your run over the band of many seeds, and the run against the exact optimum."""

from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from rl.figures.theme import ACCENT, GREY, ROLES, figure, tint
from rl.mdp import Floats, Ints
from rl.trials import Band, moving_average
from rl.truth import TruthCurves

POINTS = 400
"""A curve is drawn with at most about so many points: more cannot be seen, and would be slow to send."""
CLOSE = 0.035
"""Of the whole width: marks nearer than this have no room for two lines of text."""


class Mark(NamedTuple):
    """A vertical line in a curve, such as an edit."""

    x: float
    text: str


def thinned(n: int) -> np.ndarray:
    """Chooses at most about POINTS of n indices, the last one included."""
    return np.unique([*range(0, n, max(1, -(-n // POINTS))), max(0, n - 1)])[: n or 0]


def episode_curve(values: Floats, band: Band | None, window: int, name: str, marks: list[Mark],
                  now: float, seeds: int = 100) -> go.Figure:
    """Draws a quantity per episode, its moving average, and the same for many ``seeds`` behind it."""
    chart = _before(band, name, seeds)
    _draw_run(chart, values, window)
    draw_marks(chart, marks, now)
    return chart


def sampled_curve(at: Ints, values: Floats, band: Band | None, name: str, marks: list[Mark], now: float,
                  seeds: int = 100) -> go.Figure:
    """Draws a quantity of the episodes ``at`` alone (from 0, as many as values), and that of many ``seeds`` behind."""
    chart = _before(band, name, seeds)
    chart.add_scatter(x=at + 1, y=values, mode="lines", line={"color": ROLES["reward"], "width": 2.5}, name="your run",
                      hovertemplate="%{y:.3g}")
    draw_marks(chart, marks, now)
    return chart


def _before(band: Band | None, name: str, seeds: int) -> go.Figure:
    chart = figure("episode", name)
    if band is not None:
        draw_band(chart, np.arange(1, len(band.middle) + 1), band, f"{seeds} seeds: mean")
    return chart


def _draw_run(chart: go.Figure, values: Floats, window: int) -> None:
    at = thinned(len(values))
    if len(values) <= POINTS:
        dots = {"size": 3, "color": tint(GREY, 0.55)}
        chart.add_scatter(x=at + 1, y=values[at], mode="markers", marker=dots, showlegend=False, hoverinfo="skip")
    line = {"color": ROLES["reward"], "width": 2.5}
    smooth = moving_average(values, window) if len(values) else values
    label = f"your run (mean of {window})"
    chart.add_scatter(x=at + 1, y=smooth[at], mode="lines", line=line, name=label, hovertemplate="%{y:.3g}")


def draw_band(chart: go.Figure, x: Floats | Ints, band: Band, name: str) -> None:
    """Draws what many seeds come to over ``x``, its interval, and where most single seeds are."""
    at = thinned(len(band.middle))
    x = x[at]
    _fill_between(chart, x, band.few[at], band.most[at], 0.10, "8 of 10")
    _fill_between(chart, x, band.low[at], band.high[at], 0.30, "95 %")
    line = {"color": ACCENT, "width": 2}
    chart.add_scatter(x=x, y=band.middle[at], mode="lines", line=line, name=name,
                      hovertemplate="%{y:.3g}")


def _fill_between(chart: go.Figure, x: Floats | Ints, low: Floats, high: Floats, opacity: float, name: str) -> None:
    edge = {"width": 0, "color": tint(ACCENT, opacity)}
    chart.add_scatter(x=x, y=low, mode="lines", line=edge, showlegend=False, hoverinfo="skip")
    chart.add_scatter(x=x, y=high, mode="lines", line=edge, fill="tonexty", fillcolor=tint(ACCENT, opacity), name=name,
                      hoverinfo="skip")


def draw_marks(chart: go.Figure, marks: list[Mark], now: float) -> None:
    """Draws upright lines where knobs were moved, with what was changed, and one at the moment shown."""
    edit, here = {"color": GREY, "width": 1, "dash": "dot"}, {"color": tint(ROLES["new"], 0.9), "width": 1.5}
    lines = [*(_upright(mark.x, edit) for mark in marks), _upright(now, here)]
    words = [{"x": x, "y": 1, "yref": "paper", "text": text, "showarrow": False, "font": {"size": 10},
              "xanchor": "left", "yanchor": "top", "textangle": 90} for x, text in _apart(marks, now)]
    shapes, notes = chart.layout.shapes, chart.layout.annotations  # all at once: plotly checks each at every addition
    chart.update_layout(shapes=[*shapes, *lines], annotations=[*notes, *words])


def _apart(marks: list[Mark], now: float) -> list[tuple[float, str]]:
    """Places what is said of marks; of those that stand too close for two lines of text, in one."""
    told: list[tuple[float, str]] = []
    room = CLOSE * max([now, *(mark.x for mark in marks)])
    for mark in marks:
        if told and mark.x - told[-1][0] < room:
            told[-1] = told[-1][0], f"{told[-1][1]}; {mark.text}"
        else:
            told.append((mark.x, mark.text))
    return told


def _upright(x: float, line: dict[str, Any]) -> dict[str, Any]:
    return {"type": "line", "xref": "x", "yref": "y domain", "x0": x, "x1": x, "y0": 0, "y1": 1, "line": line}


def error_curve(truth: TruthCurves, marks: list[Mark], now: float) -> go.Figure:
    """Draws max |Q - Q*|, how wrong the worst value in the table is."""
    chart = figure("episode", "max |Q − Q*|")
    line = {"color": ROLES["target"], "width": 2.5}
    chart.add_scatter(x=truth.episode, y=truth.error, mode="lines", line=line, name="largest error of any value",
                      hovertemplate="%{y:.4g}")
    chart.update_yaxes(rangemode="tozero")
    draw_marks(chart, marks, now)
    return chart


def policy_curve(truth: TruthCurves, marks: list[Mark], now: float) -> go.Figure:
    """Draws what the greedy policy is truly worth from the start, under the best there is.

    A policy that never gets done, worth minus infinity, is left out of the line and marked below it.
    """
    chart = figure("episode", "value of the start")
    endless = np.isneginf(truth.policy)
    seen = np.where(np.isfinite(truth.policy), truth.policy, np.nan)
    chart.add_scatter(x=truth.episode, y=truth.optimum, mode="lines", name="optimal policy",
                      line={"color": GREY, "dash": "dash", "width": 2}, hovertemplate="%{y:.4g}")
    chart.add_scatter(x=truth.episode, y=seen, mode="lines", name="greedy policy", connectgaps=False,
                      line={"color": ROLES["new"], "width": 2.5, "shape": "hv"}, hovertemplate="%{y:.4g}")
    if endless.any():
        floor = np.nanmin(np.append(seen[~endless], truth.optimum)) if (~endless).any() else truth.optimum.min() - 1
        chart.add_scatter(x=truth.episode[endless], y=np.full(endless.sum(), floor), mode="markers", hoverinfo="name",
                          marker={"symbol": "x", "color": ROLES["new"]}, name="greedy policy never arrives (−∞)")
    draw_marks(chart, marks, now)
    return chart


def regret_curve(truth: TruthCurves, marks: list[Mark], now: float) -> go.Figure:
    """Draws the sum of V*(s) − Q*(s, a) over the steps taken: what they cost against an optimal agent."""
    chart = figure("episode", "regret so far")
    line = {"color": ROLES["old"], "width": 2.5}
    chart.add_scatter(x=truth.episode, y=truth.regret, mode="lines", line=line, name="cost of all mistakes so far",
                      hovertemplate="%{y:.4g}")
    chart.update_yaxes(rangemode="tozero")
    draw_marks(chart, marks, now)
    return chart
