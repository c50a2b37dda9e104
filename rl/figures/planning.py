"""Figures of planning: how fast it closes in, the values of all states, and the set of best actions."""

from collections.abc import Collection

import numpy as np
import plotly.graph_objects as go

from rl.convergence import Convergence
from rl.envs.base import Action
from rl.figures.curves import Mark, thinned
from rl.figures.theme import ACCENT, GREY, ROLES, figure
from rl.mdp import Bools, Floats

LEAST = 1e-12
"""Below this an error is rounding, and drawn as this: a log axis has no 0."""


def convergence_figure(found: Convergence, now: float) -> go.Figure:
    """Draws the error and the change of each sweep on a log axis, under the bound gamma^k."""
    chart = figure("sweep", "largest error of a value")
    at = thinned(len(found.sweep))
    for y, name, colour, dash in ((found.bound, "bound γᵏ × first error", GREY, "dash"),
                                  (found.change, "change in the sweep", ROLES["old"], "dot"),
                                  (found.error, "error", ROLES["target"], "solid")):
        if np.isnan(y).all():
            continue
        shown = np.where(np.isnan(y), np.nan, np.maximum(y, LEAST))[at]
        chart.add_scatter(x=found.sweep[at], y=shown, mode="lines+markers" if len(at) < 40 else "lines", name=name,
                          line={"color": colour, "dash": dash, "width": 2.2}, marker={"size": 4},
                          hovertemplate="%{y:.3g}")
    chart.update_yaxes(type="log", exponentformat="power")
    good = first_optimal(found)
    _draw_marks(chart, [] if good is None else [Mark(good, "policy optimal from here")], now)
    return chart


def first_optimal(found: Convergence) -> float | None:
    """Returns the first sweep after which the greedy policy is optimal and stays so; None if it is not at the end."""
    if not found.optimal[-1]:
        return None
    wrong = np.flatnonzero(~found.optimal)
    return float(found.sweep[wrong[-1] + 1]) if len(wrong) else float(found.sweep[0])


def _draw_marks(chart: go.Figure, marks: list[Mark], now: float) -> None:
    line, here = {"type": "line", "yref": "paper", "y0": 0, "y1": 1}, {"color": ACCENT, "width": 1}
    green = {"color": ROLES["new"], "width": 2, "dash": "dot"}
    shapes = [{**line, "x0": x, "x1": x, "line": style} for x, style in [(now, here), *((m.x, green) for m in marks)]]
    words = [{"x": m.x, "y": 1, "yref": "paper", "text": m.text, "showarrow": False, "xanchor": "left",
              "yanchor": "top", "font": {"size": 11, "color": ROLES["new"]}} for m in marks]
    chart.update_layout(shapes=shapes, annotations=words)


def values_figure(v: Floats, truth: Floats, names: list[str], shown: Bools) -> go.Figure:
    """Draws the value of every state there is to back up, and what it should be."""
    chart = figure("state", "value")
    at = np.flatnonzero(shown)
    at = at[thinned(len(at))]
    text = [names[s] for s in at]
    chart.add_scatter(x=at, y=truth[at], mode="lines", name="exact", text=text, hovertemplate="%{text}: %{y:.4g}",
                      line={"color": GREY, "dash": "dash", "width": 2})
    chart.add_scatter(x=at, y=v[at], mode="lines+markers" if len(at) < 60 else "lines", name="now", text=text,
                      hovertemplate="%{y:.4g}", line={"color": ROLES["new"], "width": 2.2}, marker={"size": 5})
    return chart


def actions_figure(best: Bools, names: list[str], actions: Collection[Action]) -> go.Figure:
    """Draws the set of best actions of every state, (S, A): a dot for each that ties for the best.

    Actions that are numbers, such as stakes, stand at their number; others one above the other.
    """
    chart = figure("state", "best actions")
    s, a = np.nonzero(best)
    words = [action.name for action in actions]
    text = [f"{names[i]}: {words[j]}" for i, j in zip(s, a, strict=True)]
    are_numbers = all(action.short.lstrip("-").isdigit() for action in actions)
    heights = np.array([int(action.short) for action in actions]) if are_numbers else np.arange(len(actions))
    chart.add_scatter(x=s, y=heights[a], mode="markers", text=text, hovertemplate="%{text}<extra></extra>",
                      showlegend=False, marker={"size": 5, "color": ROLES["new"], "symbol": "square"})
    if len(actions) <= 12:
        chart.update_yaxes(tickvals=heights.tolist(), ticktext=words)
    chart.update_layout(hovermode="closest")
    return chart
