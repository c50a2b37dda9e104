"""Curves of a learned policy against the exact solution: what it is worth, how sure it is, how wrong its critic."""

import numpy as np
import plotly.graph_objects as go

from rl.figures.curves import Mark, draw_marks
from rl.figures.theme import ACCENT, GREY, ROLES, figure
from rl.mdp import Floats
from rl.policy_truth import PolicyCurves


def worth_curve(truth: PolicyCurves, marks: list[Mark], now: float) -> go.Figure:
    """Draws what the policy is truly worth from the start, chances and all, under the best there is.

    A policy that never gets done, worth minus infinity, is left out of the line and marked below it. Where the agent is
    blind there is a second line: the best that can be done without seeing.
    """
    chart = figure("episode", "value of the start")
    best = [(truth.optimum, "optimal policy", GREY, "dash"), (truth.blind, "best blind policy", ACCENT, "dot")]
    for y, name, colour, dash in best:
        if np.isfinite(y).any():
            chart.add_scatter(x=truth.episode, y=_finite(y), mode="lines", name=name, hovertemplate="%{y:.4g}",
                              line={"color": colour, "dash": dash, "width": 2})
    seen, endless = _finite(truth.worth), np.isneginf(truth.worth)
    _line(chart, truth.episode, seen, "policy now", ROLES["new"])
    if endless.any():
        known = np.concatenate([seen, *(_finite(y) for y, *_ in best)])
        floor = np.nanmin(known) if np.isfinite(known).any() else 0.0
        chart.add_scatter(x=truth.episode[endless], y=np.full(endless.sum(), floor), mode="markers", hoverinfo="name",
                          marker={"symbol": "x", "color": ROLES["new"]}, name="policy never arrives (−∞)")
    draw_marks(chart, marks, now)
    return chart


def critic_curve(truth: PolicyCurves, marks: list[Mark], now: float) -> go.Figure:
    """Draws max |V − v_π|, how far the worst value is from what the policy of that moment is truly worth."""
    chart = figure("episode", "max |V − v_π|")
    _line(chart, truth.episode, _finite(truth.critic), "largest error of the critic", ROLES["target"])
    chart.update_yaxes(rangemode="tozero")
    draw_marks(chart, marks, now)
    return chart


def entropy_curve(truth: PolicyCurves, marks: list[Mark], now: float) -> go.Figure:
    """Draws the mean entropy of the policy over its steps: 0 where it leaves nothing to chance."""
    chart = figure("episode", "entropy (nats)")
    _line(chart, truth.episode, truth.entropy, "entropy of the policy", ROLES["old"])
    chart.update_yaxes(rangemode="tozero")
    draw_marks(chart, marks, now)
    return chart


def _finite(values: Floats) -> Floats:
    return np.where(np.isfinite(values), values, np.nan)


def _line(chart: go.Figure, x: Floats, y: Floats, name: str, colour: str) -> None:
    chart.add_scatter(x=x, y=y, mode="lines", line={"color": colour, "width": 2.5}, name=name,
                      hovertemplate="%{y:.4g}")
