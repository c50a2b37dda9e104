"""A minibatch in numbers: what the values of its transitions were, and what they should have been."""

import html

import numpy as np
import plotly.graph_objects as go

from rl.deep_batch import BatchStudy
from rl.figures.theme import EXPLORE, GREY, ROLES, figure, tint
from rl.mdp import Floats, Ints

MANY = 100
"""From so many transitions on the dots are smaller."""


def batch_figure(b: BatchStudy) -> go.Figure:
    """Draws each transition's value and its target, joined, from the one most below its target to the one most above.

    The errors are below as bars. Terminal transitions, whose targets are their rewards alone, are diamonds.
    """
    chart, order = figure("transitions, by TD error", "value", 420), np.argsort(-b.error, kind="stable")
    x, says = np.arange(1, len(order) + 1), [tells(b, int(i)) for i in order]
    on, over = np.flatnonzero(~b.terminal[order]), np.flatnonzero(b.terminal[order])
    size = 6 if len(order) < MANY else 4
    _draw_joins(chart, x, b.q[order], b.target[order])
    for y, at, name, colour, symbol in (
            (b.q, np.arange(len(x)), "Q(S,A), was", ROLES["old"], "circle-open"),
            (b.target, on, "target", ROLES["target"], "circle"),
            (b.target, over, "target, terminal", EXPLORE, "diamond")):
        chart.add_scatter(x=x[at], y=y[order][at], mode="markers", name=name, text=[says[i] for i in at],
                          hovertemplate="%{text}", marker={
                              "color": colour, "size": size + 3 * (symbol != "circle"), "symbol": symbol,
                              "line": {"width": 1.6 if symbol == "circle-open" else 0, "color": colour}})
    colours = np.where(b.terminal[order], EXPLORE, ROLES["target"])
    chart.add_bar(x=x, y=b.error[order], marker={"color": colours, "line": {"width": 0}}, yaxis="y2", text=says,
                  textposition="none", hovertemplate="%{text}", showlegend=False, name="error")
    _arrange(chart, len(order))
    return chart


def _arrange(chart: go.Figure, n: int) -> None:
    """Puts the values above and their errors below."""
    chart.update_layout(
        hovermode="closest", bargap=0.15, yaxis={"domain": [0.42, 1.0]},
        yaxis2={**chart.layout.yaxis.to_plotly_json(), "domain": [0.0, 0.34], "anchor": "x",
                "title": {"text": "TD error", "standoff": 6}})
    chart.update_xaxes(range=[0, n + 1], rangemode="normal", anchor="y2")


def _draw_joins(chart: go.Figure, x: Ints, low: Floats, high: Floats) -> None:
    """Draws a line from each value to its target, all in one."""
    y = np.stack([low, high, np.full(len(low), np.nan)], axis=1).ravel()
    chart.add_scatter(x=np.repeat(x, 3), y=y, mode="lines", line={"color": tint(GREY, 0.7), "width": 1.5},
                      showlegend=False, hoverinfo="skip")


def tells(b: BatchStudy, i: int) -> str:
    """Says all that is known of transition ``i``, line by line, as HTML."""
    ahead = "nothing ahead: terminal" if b.terminal[i] else f"ahead {b.ahead[i]:.4g} by {html.escape(b.best[i])}"
    steps = f" in {b.steps[i]} steps" if b.steps[i] > 1 else ""
    lines = [f"{html.escape(b.name[i])}: {html.escape(b.action[i])}", f"reward {b.reward[i]:.4g}{steps}, {ahead}",
             f"target {b.target[i]:.4g}, was {b.q[i]:.4g}, error {b.error[i]:+.3g}",
             f"weight {b.weight[i]:.3g}, {100 * b.share[i]:.3g} % of the loss",
             f"{b.age[i]:,} steps old, place {b.place[i]:,}"]
    return "<br>".join(lines).replace("-", "−") + "<extra></extra>"
