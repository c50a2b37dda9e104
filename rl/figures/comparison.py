"""Agents held against each other: performance profiles and the probability of improvement (Agarwal et al., 2021)."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from rl.experiments.groups import best_of_each, by_agent
from rl.experiments.measures import MEASURES
from rl.experiments.results import Results
from rl.experiments.statistics import Interval, performance_profile, probability_of_improvement
from rl.figures.bandits import line_style
from rl.figures.theme import GREY, figure, tint
from rl.mdp import Floats

HEIGHT = 360
MOST_PAIRS = 15


def profile_figure(results: Results, measure: str, conditions: Sequence[int] | None = None) -> go.Figure:
    """Draws for every agent the share of its runs that do better than tau, with pointwise 95 % bands.

    ``conditions`` are those of `best_of_each` unless given. With several worlds scores are brought to [0, 1] in each.
    """
    groups = by_agent(results, list(conditions or best_of_each(results, measure)), measure)
    sign = 1.0 if MEASURES[measure].more_is_better or _joined(groups) else -1.0
    name = f"{MEASURES[measure].title}{', worst 0 to best 1' if _joined(groups) else ''}"
    chart = figure(f"τ: {name}", f"share of runs {'above' if sign > 0 else 'below'} τ", HEIGHT)
    taus = _taus([scores for strata in groups.values() for scores in strata])
    for number, (agent, strata) in enumerate(groups.items()):
        found, style = performance_profile(strata, taus), line_style(number)
        x = sign * found.tau
        fill_between(chart, x, found.low, found.high, style["color"], agent)
        chart.add_scatter(x=x, y=found.share, mode="lines", line=style | {"shape": "hv"}, name=agent, legendgroup=agent,
                          hovertemplate="%{y:.0%}")
    chart.update_yaxes(range=[0, 1.02], tickformat=".0%")
    chart.update_xaxes(rangemode="normal")
    return chart


def _joined(groups: dict[str, list[Floats]]) -> bool:
    return any(len(strata) > 1 for strata in groups.values())


def _taus(all_scores: Sequence[Floats]) -> Floats:
    finite = np.concatenate([np.zeros(0), *(found[np.isfinite(found)] for found in all_scores)])
    return np.linspace(finite.min(), finite.max(), 201) if len(finite) else np.zeros(1)


def improvement_figure(results: Results, measure: str, conditions: Sequence[int] | None = None) -> go.Figure:
    """Draws for every two agents the chance that a run of the first does better, with its 95 % interval."""
    groups = by_agent(results, list(conditions or best_of_each(results, measure)), measure)
    names = list(groups)
    pairs = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :]][:MOST_PAIRS]
    found = [probability_of_improvement(groups[a], groups[b]) for a, b in pairs]
    chart = figure("chance that a run of the first does better", "", max(200, 90 + 34 * len(pairs)))
    bars = error_bars(found) | {"thickness": 2}
    chart.add_scatter(x=[one.middle for one in found], y=[f"{a}<br>over {b}" for a, b in pairs], mode="markers",
                      error_x=bars, marker={"size": 9, "color": line_style(0)["color"]}, showlegend=False,
                      hovertemplate="%{x:.0%}<extra></extra>")
    chart.add_vline(x=0.5, line={"color": GREY, "dash": "dash", "width": 1})
    chart.update_layout(hovermode="closest")
    chart.update_xaxes(range=[-0.02, 1.02], tickformat=".0%")
    chart.update_yaxes(type="category", autorange="reversed")
    return chart


def error_bars(found: Sequence[Interval]) -> dict[str, Any]:
    """Describes intervals to plotly, those that end at infinity without a bar."""
    up, down = (np.array([high - middle for middle, _, high in found]), np.array([m - low for m, low, _ in found]))
    finite = np.isfinite(up) & np.isfinite(down)
    return {"type": "data", "symmetric": False, "array": np.where(finite, up, 0.0), "thickness": 1, "width": 3,
            "arrayminus": np.where(finite, down, 0.0)}


def fill_between(chart: go.Figure, x: Floats, low: Floats, high: Floats, colour: str, group: str) -> None:
    """Draws a band where it is finite; a click on the line's name in the legend hides it too."""
    known = np.isfinite(low) & np.isfinite(high)
    if known.any():
        x, low, high = x[known], low[known], high[known]
        chart.add_scatter(x=np.append(x, x[::-1]), y=np.append(high, low[::-1]), mode="lines", fill="toself",
                          line={"width": 0}, fillcolor=tint(colour, 0.18), legendgroup=group, showlegend=False,
                          hoverinfo="skip")
