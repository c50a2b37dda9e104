"""Bandit curves: algorithms side by side, your run among others, and the choice of a parameter."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import plotly.graph_objects as go

from rl.bandit_study import Curve, Result
from rl.bandits import RunCurves
from rl.figures.curves import thinned
from rl.figures.theme import ACCENT, GREY, ROLES, figure, tint
from rl.mdp import Floats
from rl.parameter_study import Sweep

MEASURES = {"reward": "average reward", "optimal": "% optimal", "regret": "regret so far"}
"""What can be drawn, and its name on the axis."""
COLOURS = (ROLES["old"], ROLES["reward"], ROLES["new"], ROLES["target"], ACCENT, "#B8A100", "#8C564B", GREY)
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
"""Lines differ in colour and in dash: a dozen and more can be told apart without seeing colours."""
HEIGHT = 340
"""On a phone eight names take three lines of it."""


def line_style(number: int) -> dict[str, Any]:
    """The colour and dash of the n-th line, from 0, unlike that of any other up to the 24th."""
    return {"color": COLOURS[number % len(COLOURS)], "dash": DASHES[number % len(DASHES)], "width": 2}


def study_figure(results: Mapping[str, Result], measure: str, bound: float | None = None) -> go.Figure:
    """Draws each algorithm's mean over the runs with two standard errors to either side.

    ``measure`` is one of MEASURES. Raises KeyError for any other. Under the regret, the Lai-Robbins line ``bound``
    times ln t.
    """
    chart = figure("step", MEASURES[measure], HEIGHT)
    for number, (name, result) in enumerate(results.items()):
        _draw_curve(chart, name, number, getattr(result, measure), 100.0 if measure == "optimal" else 1.0)
    if measure == "regret" and bound is not None and np.isfinite(bound):
        _draw_bound(chart, bound, max((len(result.regret.mean) for result in results.values()), default=1))
    _finish(chart, measure)
    return chart


def _draw_curve(chart: go.Figure, name: str, number: int, curve: Curve, scale: float) -> None:
    at, style = thinned(len(curve.mean)), line_style(number)
    x, mean, error = at + 1, scale * curve.mean[at], 2.0 * scale * curve.error[at]
    if np.isfinite(error).any():
        around = {"x": np.append(x, x[::-1]), "y": np.append(mean + error, (mean - error)[::-1])}
        chart.add_scatter(**around, mode="lines", line={"width": 0}, fill="toself", showlegend=False, hoverinfo="skip",
                          fillcolor=tint(style["color"], 0.18), legendgroup=name)
    chart.add_scatter(x=x, y=mean, mode="lines", line=style, name=name, hovertemplate="%{y:.3g}", legendgroup=name)


def run_figure(runs: Mapping[str, RunCurves], measure: str, bound: float | None = None) -> go.Figure:
    """Draws single runs, the first one boldly; under the regret, the Lai-Robbins line ``bound`` times ln t.

    Raises KeyError for a measure that is not one of MEASURES.
    """
    chart = figure("step", MEASURES[measure], HEIGHT)
    for number, (name, run) in enumerate(runs.items()):
        y = getattr(run, measure) * (100.0 if measure == "optimal" else 1.0)
        style = line_style(number) | ({"width": 3} if number == 0 else {})
        chart.add_scatter(x=run.step, y=y, mode="lines", line=style, name=name, hovertemplate="%{y:.3g}")
    if measure == "regret" and bound is not None and np.isfinite(bound):
        _draw_bound(chart, bound, max((run.step.max(initial=1.0) for run in runs.values()), default=1.0))
    _finish(chart, measure)
    return chart


def _draw_bound(chart: go.Figure, bound: float, last: float) -> None:
    x: Floats = np.unique(np.geomspace(1.0, max(last, 1.0), 60))
    style = {"color": GREY, "dash": "dash", "width": 1.5}
    chart.add_scatter(x=x, y=bound * np.log(x), mode="lines", line=style, name="Lai–Robbins", hovertemplate="%{y:.3g}")


def _finish(chart: go.Figure, measure: str) -> None:
    if measure == "optimal":
        chart.update_yaxes(range=[0, 100])
    elif measure == "regret":
        chart.update_yaxes(rangemode="tozero")


def parameter_figure(sweeps: Mapping[str, Sweep]) -> go.Figure:
    """Draws the average reward by parameter, in powers of two (S&B Figure 2.6)."""
    chart = figure("parameter: " + ", ".join(sweep.symbol for sweep in sweeps.values()), "average reward")
    for number, (name, sweep) in enumerate(sweeps.items()):
        bars = {"type": "data", "array": 2.0 * np.nan_to_num(sweep.error), "thickness": 1, "width": 0}
        chart.add_scatter(x=sweep.parameter, y=sweep.reward, mode="lines+markers", line=line_style(number),
                          name=f"{name} ({sweep.symbol})", error_y=bars, hovertemplate="%{y:.3f}")
    ticks = sorted({float(x) for sweep in sweeps.values() for x in sweep.parameter})
    labels = [str(Fraction(x)) for x in ticks]
    chart.update_xaxes(type="log", tickvals=ticks, ticktext=labels, tickfont={"size": 10}, rangemode="normal")
    return chart
