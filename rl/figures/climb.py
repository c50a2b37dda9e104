"""What a policy is worth after every update of its preferences, under the best there is."""

import numpy as np
import plotly.graph_objects as go

from rl.figures.curves import Mark, draw_marks, thinned
from rl.figures.theme import GREY, ROLES, figure
from rl.mdp import Floats

SAME = 1e-6
"""Two policies whose values differ by less than this share of them are equally good."""


def climb_figure(worth: Floats, optimum: float, shared: float, marks: list[Mark], now: float) -> go.Figure:
    """Draws what the policy is worth at each moment, (t + 1,), with edits marked and a line at the moment shown.

    ``optimum`` is what the best policy of all is worth, ``shared`` the best that is the same in every state (NaN: is
    not drawn). What is not finite is left out.
    """
    chart = figure("update", "J: value of the start")
    at = thinned(len(worth))
    ends = np.array([0, max(1, len(worth) - 1)])
    for level, name, dash in ((optimum, "best policy", "dash"), (shared, "best that sees nothing", "dot")):
        if np.isfinite(level) and (level is optimum or level < optimum - SAME * max(1.0, abs(optimum))):
            chart.add_scatter(x=ends, y=[level, level], mode="lines", name=name, hovertemplate="%{y:.4g}",
                              line={"color": GREY, "dash": dash, "width": 2})
    seen = np.where(np.isfinite(worth), worth, np.nan)[at]
    chart.add_scatter(x=at, y=seen, mode="lines", name="your policy", hovertemplate="%{y:.4g}",
                      line={"color": ROLES["new"], "width": 2.5})
    draw_marks(chart, marks, now)
    return chart
