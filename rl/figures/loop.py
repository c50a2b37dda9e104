"""Figures of the loop page: a person beside others in the same place, and predictions beside what came out."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from rl.figures.theme import ACCENT, EXPLORE, GREY, ROLES, figure
from rl.guesses import Guess, is_near, values_of
from rl.mdp import Floats
from rl.rivals import Rival

DASHES = {"the best policy": "dash", "Q-learning": "solid", "acting at random": "dot"}
SHADES = {"the best policy": ROLES["new"], "Q-learning": ACCENT, "acting at random": GREY}


def rivals_figure(mine: Floats, others: Sequence[Rival]) -> go.Figure:
    """Draws a person's return in each episode beside those of others on the same seed."""
    chart = figure("episode", "return of the episode", 260)
    for name, returns in others:
        line = {"color": SHADES[name], "width": 2, "dash": DASHES[name]}
        chart.add_scatter(x=np.arange(1, len(returns) + 1), y=returns, mode="lines+markers", name=name, line=line,
                          marker={"size": 5}, hovertemplate="%{y:.3g}")
    chart.add_scatter(x=np.arange(1, len(mine) + 1), y=mine, mode="lines+markers", name="you", marker={"size": 9},
                      line={"color": ROLES["reward"], "width": 3}, hovertemplate="%{y:.3g}")
    chart.update_xaxes(dtick=1 if len(mine) <= 12 else None)
    chart.update_yaxes(range=_in_sight(mine, [returns for _, returns in others]))
    return chart


def _in_sight(mine: Floats, others: Sequence[Floats]) -> list[float]:
    """Chooses what a chart shows: the person and what is not far below; somebody may be worse by thousands."""
    best = max(float(returns.max()) for returns in (mine, *others) if len(returns))
    worst = min(float(returns.min()) for returns in (mine, *others) if len(returns))
    span = max(best - float(mine.min()), abs(best) / 4, 0.1)
    return [max(worst, float(mine.min()) - 2 * span) - span / 5, best + span / 5]


def calibration_figure(guesses: Sequence[Guess]) -> go.Figure:
    """Draws predicted against actual values: on the diagonal they agree."""
    chart = figure("the value you said", "the value it became", 260)
    said, truth = values_of(guesses)
    ends = [float(min(said.min(), truth.min())), float(max(said.max(), truth.max()))] if len(said) else [0.0, 1.0]
    line = {"color": GREY, "dash": "dash", "width": 1.5}
    chart.add_scatter(x=ends, y=ends, mode="lines", line=line, name="as foretold", hoverinfo="skip")
    near = np.array([is_near(a, b) for a, b in zip(said, truth, strict=True)], bool)
    for right, name, colour, symbol in ((near, "right", ROLES["new"], "circle"), (~near, "not quite", EXPLORE, "x")):
        chart.add_scatter(x=said[right], y=truth[right], mode="markers", name=name,
                          marker={"color": colour, "size": 9, "symbol": symbol},
                          hovertemplate="said %{x:.3g}, became %{y:.3g}")
    chart.update_xaxes(rangemode="normal")
    return chart
