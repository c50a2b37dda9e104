"""Figures of the laboratory: learning curves, what they cost, sensitivity to a setting, and to two.

Every point that stands for runs carries, as ``customdata``, the query of the run in the middle of them.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from rl.experiments.groups import lines, scores, summed_up, value_of
from rl.experiments.measures import MEASURES
from rl.experiments.results import Results
from rl.experiments.statistics import Around, curve_interval, interval
from rl.experiments.table import typical_link
from rl.experiments.values import is_log_spaced
from rl.figures.bandits import line_style
from rl.figures.comparison import error_bars, fill_between
from rl.figures.theme import COUNTS, EXPLORE, figure
from rl.mdp import Floats
from rl.trials import moving_average

HEIGHT = 360
POINTS = 120
"""Points of a curve: each costs hundreds of resamples."""
FEW = 15
"""Percent of the points of curves that may be out of sight at first."""
COSTS = {"steps": "environment steps", "updates": "updates", "seconds": "computation time (s)"}
"""What learning is paid in."""


def learning_curves(results: Results, conditions: Sequence[int], statistic: str = "IQM", window: int = 1,
                    quantity: str = "returns") -> go.Figure:
    """Draws returns (or lengths) by episode: a statistic of the seeds done so far, with its 95 % bootstrap band.

    ``window`` points are averaged, of a stride of episodes each. A curve has a gap where a seed has not finished.
    """
    chart = figure("episode", "return" if quantity == "returns" else "steps in the episode", HEIGHT)
    at = _chosen(len(results.episode))
    for number, c in enumerate(conditions):
        curves = _smooth(results, c, window, quantity)[:, at]
        if len(curves):
            _draw_line(chart, results, c, number, results.episode[at], curve_interval(curves, statistic))
    chart.update_yaxes(range=_in_sight(chart, -1.0 if quantity == "lengths" else 1.0))
    return chart


def cost_figure(results: Results, conditions: Sequence[int], cost: str = "steps", statistic: str = "IQM",
                window: int = 1) -> go.Figure:
    """Draws returns by what they cost: one of COSTS, on average over the seeds, spread evenly over the steps."""
    chart, at = figure(COSTS[cost], "return", HEIGHT), _chosen(len(results.episode))
    ends: list[float] = []
    for number, c in enumerate(conditions):
        curves = _smooth(results, c, window, "returns")[:, at]
        if len(curves):
            spent = _spent(results, c, cost)[at]
            _draw_line(chart, results, c, number, spent, curve_interval(curves, statistic))
            ends.append(float(np.nanmax(spent, initial=0.0)))
    if ends and min(ends) > 0 and max(ends) > 20 * min(ends):
        chart.update_xaxes(type="log", rangemode="normal")
    chart.update_yaxes(range=_in_sight(chart, 1.0))
    return chart


def _smooth(results: Results, condition: int, window: int, quantity: str) -> Floats:
    curves = getattr(results, quantity)[condition, results.done[condition]].astype(np.float64)
    return moving_average(curves, window) if len(curves) else curves


def _spent(results: Results, condition: int, cost: str) -> Floats:
    """Returns what was spent by the end of each point of the curves, (p,)."""
    done, stride, episodes = results.done[condition], results.experiment.stride, results.experiment.episodes
    widths = np.diff(np.arange(0, episodes, stride), append=episodes)
    steps = np.cumsum(results.lengths[condition, done].mean(axis=0, dtype=np.float64) * widths)
    return np.asarray(steps * scores(results, condition, cost).sum() / scores(results, condition, "steps").sum())


def _chosen(n: int) -> Any:
    return np.unique(np.linspace(0, n - 1, min(n, POINTS)).astype(int))


def _draw_line(chart: go.Figure, results: Results, condition: int, number: int, x: Floats, found: Around) -> None:
    name, style = results.experiment.plan.conditions[condition].label, line_style(number)
    fill_between(chart, x, found.low, found.high, style["color"], name)
    link = typical_link(results, condition, results.experiment.measure)
    chart.add_scatter(x=x, y=found.middle, mode="lines", line=style, name=name, legendgroup=name,
                      hovertemplate="%{y:.4g}", customdata=[link] * len(x))


def _in_sight(chart: go.Figure, sign: float) -> list[float] | None:
    """Chooses what is seen at first: the best, and what most points of the lines reach; the worst may be far off.

    ``sign`` is 1 where more is better, else -1. None is all there is, where that is not much more.
    """
    y = sign * np.concatenate([[], *(np.asarray(trace.y, np.float64) for trace in chart.data if trace.name)])
    y = y[np.isfinite(y)]
    best, low = (y.max(), np.percentile(y, FEW)) if len(y) else (0.0, 0.0)
    if not low < best or y.min() > low - (best - low):
        return None
    ends = [sign * float(low - (best - low) / 4), sign * float(best + (best - low) / 10)]
    return sorted(ends)


def sensitivity_figure(results: Results, knob: str, measure: str, statistic: str = "IQM") -> go.Figure:
    """Draws a measure over one swept setting, a line for all that else differs, with 95 % intervals.

    The axis is logarithmic where the values are. What is infinite or unfinished is no point of a line, but a cross.
    """
    chart, conditions = figure(knob, MEASURES[measure].title, HEIGHT), results.experiment.plan.conditions
    crosses: list[Any] = []
    for number, (name, members) in enumerate(lines(results, knob).items()):
        members = [c for c in members if len(scores(results, c, measure))]
        found = [interval([scores(results, c, measure)], statistic) for c in members]
        x = [value_of(conditions[c], knob) for c in members]
        good = [np.isfinite(one.middle) for one in found]
        crosses += [value for value, fine in zip(x, good, strict=True) if not fine]
        chart.add_scatter(x=x, y=[one.middle if fine else None for one, fine in zip(found, good, strict=True)],
                          mode="lines+markers", line=line_style(number), name=name, hovertemplate="%{y:.4g}",
                          error_y=error_bars(found), customdata=[typical_link(results, c, measure) for c in members])
    if is_log_spaced(dict(results.experiment.grid).get(knob, ())):
        chart.update_xaxes(type="log")
    chart.update_xaxes(rangemode="normal")
    _draw_crosses(chart, crosses)
    return chart


def _draw_crosses(chart: go.Figure, at: list[Any]) -> None:
    """Marks below the lines where there is no finite number."""
    seen = [y for trace in chart.data for y in (trace.y if trace.y is not None else ()) if y is not None]
    if at:
        chart.add_scatter(x=at, y=[min(seen, default=0.0)] * len(at), mode="markers", name="no finite number",
                          marker={"symbol": "x", "color": EXPLORE, "size": 8}, hoverinfo="name")


def heatmap_figure(results: Results, across: str, upwards: str, measure: str, agent: str, world: str,
                   statistic: str = "IQM") -> go.Figure:
    """Draws a measure of one agent in one world over two swept settings; of further ones, their best values."""
    plan, swept = results.experiment.plan.conditions, dict(results.experiment.grid)
    sign = 1.0 if MEASURES[measure].more_is_better else -1.0
    best: dict[Any, tuple[float, int]] = {}
    for c, condition in enumerate(plan):
        values = dict(condition.values)
        number = summed_up(results, c, measure, statistic)
        if (condition.agent, condition.world) == (agent, world) and {across, upwards} <= set(values):
            place = values[across], values[upwards]
            if not np.isnan(number) and (place not in best or sign * number > sign * best[place][0]):
                best[place] = number, c
    cells = [[best.get((x, y)) for x in swept[across]] for y in swept[upwards]]
    chart = figure(across, upwards, HEIGHT)
    chart.add_heatmap(
        x=[f"{x}" for x in swept[across]], y=[f"{y}" for y in swept[upwards]],
        z=[[cell[0] if cell and np.isfinite(cell[0]) else None for cell in row] for row in cells],
        customdata=[[typical_link(results, cell[1], measure) if cell else "" for cell in row] for row in cells],
        colorscale=COUNTS if sign > 0 else COUNTS[::-1], hovertemplate="%{x}, %{y}: %{z:.4g}<extra></extra>",
        colorbar={"title": {"text": MEASURES[measure].title, "side": "right"}, "thickness": 12})
    chart.update_layout(hovermode="closest")
    chart.update_xaxes(type="category")
    chart.update_yaxes(type="category")
    return chart
