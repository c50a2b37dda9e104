"""Figures of neural training: many seeds and yours, one episode step by step, and what updates say of themselves."""

import numpy as np
import plotly.graph_objects as go

from rl.episode_study import EpisodeStudy
from rl.figures.bandits import COLOURS
from rl.figures.curves import draw_band, thinned
from rl.figures.theme import ACCENT, EXPLORE, GREY, ROLES, figure, tint
from rl.gradient_noise import NoiseCurve
from rl.mdp import Bools, Floats, Ints
from rl.training import TrainingCurves
from rl.trials import band

SOLVED = 475.0
"""Mean return from which on CartPole-v1 counts as solved, as Gymnasium's registry has it."""
CURVES = {
    "entropy": "entropy (nats)", "clipped": "clipped (%)", "divergence": "KL divergence", "norm": "gradient norm",
    "value_error": "value error",
}
"""What there is to draw of training, and its name on the axis."""
LOGARITHMIC = ("divergence", "norm", "value_error")
EPISODE = "step of the episode"


def seeds_figure(steps: Floats, curves: Floats, own_steps: Floats, own_returns: Floats, done: int, total: int,
                 threshold: float | None = SOLVED) -> go.Figure:
    """Draws the interquartile mean of the seeds that are done, (n, m), with its bands, and your run before them."""
    chart = figure("environment step", "return", 340)
    if len(curves):
        draw_band(chart, steps, band(curves, "IQM"), f"IQM of {done if done == total else f'{done} of {total}'} seeds")
    at = thinned(len(own_steps))
    chart.add_scatter(x=own_steps[at], y=own_returns[at], mode="lines", name="your run", hovertemplate="%{y:.4g}",
                      line={"color": ROLES["reward"], "width": 2.5})
    if threshold is not None:
        words = {"text": f"{threshold:g}: solved".replace("-", "−"), "font": {"size": 10}, "xanchor": "left"}
        chart.add_hline(threshold, line={"color": GREY, "dash": "dash", "width": 1.5}, annotation=words,
                        annotation_position="top left")
    return chart


def actions_figure(study: EpisodeStudy) -> go.Figure:
    """Draws the chances of the actions along an episode, one on the other, and under each step the action taken."""
    chart, at = figure(EPISODE, "chance", 260), thinned(len(study.k))
    for a, name in enumerate(study.names):
        colour = COLOURS[a % len(COLOURS)]
        chart.add_scatter(x=study.k[at], y=study.chance[at, a], mode="lines", stackgroup="chances", name=name,
                          line={"width": 0, "color": colour}, fillcolor=tint(colour, 0.55), hovertemplate="%{y:.3f}")
    taken = study.action[at]
    dots = {"symbol": "line-ns", "size": 9, "line": {"width": 2, "color": [COLOURS[a % len(COLOURS)] for a in taken]}}
    chart.add_scatter(x=study.k[at], y=np.full(len(at), -0.06), mode="markers", marker=dots, showlegend=False,
                      text=[study.names[a] for a in taken], hovertemplate="taken: %{text}<extra></extra>")
    chart.update_yaxes(range=[-0.12, 1.0], tickvals=[0, 0.25, 0.5, 0.75, 1])
    return chart


def push_figure(study: EpisodeStudy) -> go.Figure:
    """Draws log-probability times advantage of each step as a bar, and the advantage as a line.

    A logarithm of a chance is below 0: where the advantage is above, the bar hangs down, and the update pulls it up.
    """
    chart, at = figure(EPISODE, "ln π × advantage", 280), thinned(len(study.k))
    for sign, name, colour in ((1, "made likelier", ROLES["new"]), (-1, "less likely", EXPLORE)):
        chosen = at[sign * study.advantage[at] > 0]
        chart.add_bar(x=study.k[chosen], y=study.push[chosen], name=name, hovertemplate="%{y:.3g}",
                      marker={"color": colour, "line": {"width": 0}})
    chart.add_scatter(x=study.k[at], y=study.advantage[at], mode="lines", name="advantage", hovertemplate="%{y:.3g}",
                      line={"color": ROLES["target"], "width": 1.5})
    chart.update_layout(bargap=0, barmode="relative")
    return chart


def values_figure(study: EpisodeStudy) -> go.Figure:
    """Draws what the critic expected at each step, and the discounted return that really followed."""
    chart, at = figure(EPISODE, "value", 260), thinned(len(study.k))
    followed = "G and the critic's rest" if study.is_bootstrapped else "G, what followed"
    for y, name, colour, dash in ((study.returned, followed, ROLES["reward"], "solid"),
                                  (study.value, "V, expected", ROLES["old"], "dot")):
        chart.add_scatter(x=study.k[at], y=y[at], mode="lines", name=name, hovertemplate="%{y:.4g}",
                          line={"color": colour, "dash": dash, "width": 2.2})
    return chart


def ratio_figure(study: EpisodeStudy, clip: float | None) -> go.Figure:
    """Draws how much likelier each action is now than it was; the clip range is shaded, what PPO cuts off marked."""
    chart, at = figure(EPISODE, "π now / π then", 260), _chosen(study.clipped)
    chart.add_scatter(x=study.k[at], y=study.ratio[at], mode="lines", name="ratio", hovertemplate="%{y:.3f}",
                      line={"color": ROLES["new"], "width": 1.8})
    if clip is not None:
        cut = at[study.clipped[at]]
        chart.add_scatter(x=study.k[cut], y=study.ratio[cut], mode="markers", hoverinfo="name", showlegend=True,
                          name=f"clipped ({100 * study.clipped.mean():.3g} %)",
                          marker={"color": EXPLORE, "size": 6, "symbol": "x"})
        chart.add_hrect(1 - clip, 1 + clip, fillcolor=tint(ACCENT, 0.15), line={"width": 0}, layer="below")
    return chart


def _chosen(marked: Bools) -> Ints:
    """Chooses steps to be drawn as `thinned` does, and some of the marked ones for certain."""
    at, some = thinned(len(marked)), np.flatnonzero(marked)
    return at if len(at) == len(marked) else np.union1d(at, some[thinned(len(some))])


def training_figure(curves: TrainingCurves, which: str) -> go.Figure:
    """Draws one of CURVES over the steps. Raises KeyError for any other."""
    chart, at = figure("environment step", CURVES[which], 220), thinned(len(curves.step))
    y = getattr(curves, which)[at] * (100.0 if which == "clipped" else 1.0)
    y = _positive(y) if which in LOGARITHMIC else y
    chart.add_scatter(x=curves.step[at], y=y, mode="lines+markers", name=CURVES[which], showlegend=False,
                      marker={"size": 4}, line={"color": ROLES["target"], "width": 2}, hovertemplate="%{y:.3g}")
    if which in LOGARITHMIC:
        _log_axis(chart, y)
    else:
        chart.update_yaxes(rangemode="tozero")
    return chart


def noise_figure(noise: NoiseCurve) -> go.Figure:
    """Draws the variance of an episode's gradient with and without the baseline, on a log axis."""
    chart = figure("environment step", "variance of the gradient", 260)
    for y, name, style in ((noise.plain, "without baseline", {"color": ROLES["old"], "dash": "dot"}),
                           (noise.baseline, "with V as baseline", {"color": ROLES["new"]})):
        chart.add_scatter(x=noise.step, y=_positive(y), mode="lines+markers", name=name, marker={"size": 6},
                          line={**style, "width": 2.2}, hovertemplate="%{y:.3g}")
    _log_axis(chart, np.append(noise.plain, noise.baseline))
    return chart


def _log_axis(chart: go.Figure, values: Floats) -> None:
    """Makes the upright axis a logarithmic one, with ticks at 1, 2 and 5 where there are few powers of ten."""
    seen = values[values > 0]
    few = len(seen) > 0 and seen.max() < 100 * seen.min()
    chart.update_yaxes(type="log", exponentformat="power", nticks=6, dtick="D2" if few else None)


def _positive(values: Floats) -> Floats:
    """Leaves out what a log axis has no place for."""
    return np.where(values > 0, values, np.nan)
