"""Figures of a deep Q-network's training: what its falling loss hides."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from rl.deep_study import Diagnostics
from rl.figures.curves import Mark, draw_marks, thinned
from rl.figures.theme import ACCENT, EXPLORE, GREY, ROLES, figure, tint
from rl.mdp import Floats

STEP = "environment step"
SAYS = {
    "Overestimation": "What the net expects of an episode's start, max Q(s₀,a), and what greedy episodes then truly "
                      "get, discounted: between the two lines lies the over-estimation.",
    "Loss": "The greedy return above, the loss of the last batch and its mean TD error below. A falling loss is not "
            "learning: the net may agree with itself, and be wrong.",
    "Gradient": "The length of the gradient, before it is cut to the longest that is allowed.",
    "Gap": "How much better the best action is than the second best, on average over stored states: a small error of "
           "the net turns the policy where the gap is small.",
    "Doomed": "States right before an ending, the same at all moments: what the net makes of them, and what they are "
              "truly worth.",
    "Endings": "The share of terminal transitions in the replay memory: where it falls to nothing, nothing keeps the "
               "net from forgetting how episodes end.",
    "Drift": "How far the target net is from the net that learns.",
    "Truth": "How far max Q is from V*, and in what share of the states the greedy action is an optimal one.",
}
"""What there is to draw, and a sentence about it."""
SINGLE = {"Gradient": ("norm", "gradient norm", 1.0), "Gap": ("gap", "action gap", 1.0),
          "Endings": ("endings", "terminal transitions (%)", 100.0), "Drift": ("drift", "|θ − θ⁻| / |θ|  (%)", 100.0)}
"""Column, name on the axis, and factor of those that are a single line."""
COLOURS = {"Gradient": ROLES["target"], "Gap": ROLES["old"], "Endings": EXPLORE, "Drift": ACCENT}
HEIGHT, TALL = 260, 380


def kinds(d: Diagnostics) -> list[str]:
    """Lists what there is to draw of a run: only a table has a known truth."""
    return [what for what in SAYS if what != "Truth" or np.isfinite(d.truth_error).any()]


def diagnostics_figure(d: Diagnostics, what: str, marks: Sequence[Mark] = (), now: float | None = None) -> go.Figure:
    """Draws one of SAYS over the steps, with edits marked, and the moment shown. Raises KeyError for any other."""
    several = {"Overestimation": _overestimation, "Loss": _loss, "Doomed": _doomed, "Truth": _truth}
    chart = several[what](d) if what in several else _single(d, what)
    chart.update_layout(legend={"traceorder": "normal"})
    _mark(chart, d, marks, now)
    return chart


def _mark(chart: go.Figure, d: Diagnostics, marks: Sequence[Mark], now: float | None) -> None:
    """Draws edits and the moment shown, through all that is one above the other."""
    if marks or now is not None:
        draw_marks(chart, list(marks), float(d.moments[-1]) if now is None else now)
        chart.update_shapes(yref="paper")


def greedy_figure(d: Diagnostics, threshold: float | None = None, marks: Sequence[Mark] = (),
                  now: float | None = None) -> go.Figure:
    """Draws the mean return of greedy episodes, with the worst and the best, and from where on a world is solved."""
    chart, known = figure(STEP, "greedy return", 300), _known(d.greedy)
    x, edge = d.moments[known], {"width": 0, "color": ROLES["reward"]}
    around = {"mode": "lines", "line": edge, "hoverinfo": "skip"}
    chart.add_scatter(x=x, y=d.low[known], showlegend=False, **around)
    chart.add_scatter(x=x, y=d.high[known], fill="tonexty", fillcolor=tint(ROLES["reward"], 0.18),
                      name="worst to best of 10", **around)
    _line(chart, d, d.greedy, "mean of 10 greedy episodes", ROLES["reward"])
    chart.update_layout(legend={"traceorder": "normal"})
    _mark(chart, d, marks, now)
    if threshold is not None:
        words = {"text": f"{threshold:g}: solved".replace("-", "−"), "font": {"size": 10}, "xanchor": "left"}
        chart.add_hline(threshold, line={"color": GREY, "dash": "dash", "width": 1.5}, annotation=words,
                        annotation_position="top left")
    return chart


def _overestimation(d: Diagnostics) -> go.Figure:
    """Draws what greedy episodes get and what was expected; the area between is filled."""
    chart = figure(STEP, "discounted return", 320)
    _line(chart, d, d.returned, "greedy episodes got", ROLES["reward"])
    _line(chart, d, d.start_value, "max Q at their starts", ROLES["old"], fill="tonexty",
          fillcolor=tint(ROLES["old"], 0.14))
    _line(chart, d, d.value, "max Q, stored states", ROLES["target"], line={"dash": "dot", "width": 1.8})
    return chart


def _loss(d: Diagnostics) -> go.Figure:
    """Draws the greedy return in the upper half; below it, on a log axis, the loss and the TD error."""
    chart = figure(STEP, "greedy return", TALL)
    _line(chart, d, d.greedy, "greedy return", ROLES["reward"])
    below: dict[str, Any] = {"yaxis": "y2"}
    _line(chart, d, _positive(d.loss), "loss of the batch", ROLES["target"], **below)
    _line(chart, d, _positive(d.error), "|TD error|", ROLES["old"], line={"dash": "dot", "width": 2}, **below)
    chart.update_layout(
        yaxis={"domain": [0.55, 1.0]}, hoversubplots="axis",
        yaxis2={**chart.layout.yaxis.to_plotly_json(), "domain": [0.0, 0.45], "anchor": "x",
                "title": {"text": "loss, |error|", "standoff": 6}, **_logarithmic(np.append(d.loss, d.error))})
    chart.update_xaxes(anchor="y2")
    return chart


def _doomed(d: Diagnostics) -> go.Figure:
    chart = figure(STEP, "Q", HEIGHT)
    _line(chart, d, d.doomed, "what the net says", ROLES["old"])
    _line(chart, d, d.doomed_truth, "the truth", ROLES["reward"], mode="lines", line={"dash": "dash", "width": 2})
    return chart


def _truth(d: Diagnostics) -> go.Figure:
    """Draws the share of optimal actions in the upper half, and the error of the values below."""
    chart = figure(STEP, "optimal (%)", TALL)
    _line(chart, d, 100.0 * d.optimal, "states with an optimal greedy action", ROLES["new"])
    _line(chart, d, d.truth_error, "error of max Q", ROLES["target"], yaxis="y2")
    chart.update_layout(
        yaxis={"domain": [0.55, 1.0], "range": [0, 104]}, hoversubplots="axis",
        yaxis2={**chart.layout.yaxis.to_plotly_json(), "domain": [0.0, 0.45], "anchor": "x", "range": None,
                "rangemode": "tozero", "title": {"text": "RMS error", "standoff": 6}})
    chart.update_xaxes(anchor="y2")
    return chart


def _single(d: Diagnostics, what: str) -> go.Figure:
    column, title, factor = SINGLE[what]
    values = factor * getattr(d, column)
    chart = figure(STEP, title, HEIGHT)
    _line(chart, d, _positive(values) if what == "Gradient" else values, title, COLOURS[what], showlegend=False)
    chart.update_yaxes(**(_logarithmic(values) if what == "Gradient" else {"rangemode": "tozero"}))
    return chart


def _line(chart: go.Figure, d: Diagnostics, y: Floats, name: str, colour: str, **look: Any) -> None:
    """Adds a column, thinned, where it is a number; ``look`` goes to plotly."""
    known = _known(y)
    at = known[thinned(len(known))]
    line = {"color": colour, "width": 2.2, **look.pop("line", {})}
    few = {"mode": "lines+markers", "marker": {"size": 4, "color": colour}, "hovertemplate": "%{y:.4~g}"}
    chart.add_scatter(x=d.moments[at], y=y[at], name=name, line=line, **{**few, **look})


def _known(values: Floats) -> np.ndarray:
    return np.flatnonzero(np.isfinite(values))


def _positive(values: Floats) -> Floats:
    """Leaves out what a log axis has no place for."""
    return np.where(values > 0, values, np.nan)


def _logarithmic(values: Floats) -> dict[str, Any]:
    """Says how a logarithmic axis is: with ticks at 1, 2 and 5 where there are few powers of ten."""
    seen = np.log10(values[np.isfinite(values) & (values > 0)])
    decades = float(np.ptp(seen)) if len(seen) else 1.0
    return {"type": "log", "exponentformat": "power", "dtick": "D2" if decades < 1.5 else 1 + int(decades / 5)}
