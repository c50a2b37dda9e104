"""The curves of a prediction: how wrong the values are, what they are and should be, and the returns they predict."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
import streamlit as st

from pages.parts.branching.runs import on_screen
from pages.parts.charts import COST, curve, edit_marks, effort, is_known, reach
from pages.parts.costs import SAYS, costs
from pages.parts.player import Player
from pages.parts.plot.plot import plot
from rl.figures.curves import sampled_curve
from rl.figures.planning import values_figure
from rl.mdp import Floats, Ints
from rl.prediction_error import error_at, error_curves, is_finite, predicting
from rl.timeline import Timeline
from rl.trials import Band, band
from rl.truth import moments, policy_truth, tabular

MOST, POINTS = 200, 400
"""Episodes the band of seeds reaches at most; and of how many the error of the run is computed at most."""
TABS = {
    "Error": "Root mean squared error over the states at the beginning of each episode: your run over {seeds} seeds "
             "(from 0 on) of the same settings.",
    "Values": "What each state is thought to be worth now, and what it is worth exactly under this policy.",
    "Return": "Sum of rewards per episode. The policy does not learn, so this never gets better: only the prediction "
              "does.",
    COST: SAYS,
}
ENDLESS = "Under this policy reward or cost can go on for ever: no value is finite. Lower γ, or change the policy."
UNKNOWN = "This world has no table of transitions, so nobody knows what its states are truly worth."
TRUTHS = ("Error", "Values")
"""What holds a run against the exact values of its policy."""


def charts(me: Player) -> None:
    """Draws the chart whose tab is open, and says what it shows."""
    draw = {"Error": _error, "Values": _values, "Return": _return, COST: _cost}
    for tab, name in zip(st.tabs(list(TABS), key="prediction.charts", on_change="rerun"), TABS, strict=True):
        if tab.open:
            with tab:
                why = lacking(me.timeline, me.t) if name in TRUTHS else None
                if why:
                    st.info(why)
                else:
                    draw[name](me)
                st.caption(says(name, me.timeline))


def says(name: str, timeline: Timeline) -> str:
    """Says what a chart shows."""
    return TABS[name].format(seeds=effort(_as_begun(timeline))[0])


def _as_begun(timeline: Timeline) -> Timeline:
    return replace(timeline, seed=0, edits=())


def lacking(timeline: Timeline, t: int) -> str | None:
    """Says why nobody knows what the states are truly worth at moment ``t``; None where it is known."""
    if not is_known(timeline):
        return UNKNOWN
    _, env, agent = timeline.settings(t)
    try:
        return None if is_finite(tabular(env), predicting(agent)) else ENDLESS
    except ValueError as error:
        return str(error)


def _error(me: Player) -> None:
    marks, now = edit_marks(me.timeline), float(me.timeline.at(me.t).episode)
    at, values = errors(me.timeline, me.end)
    begun = _as_begun(me.timeline)
    shown = error_band(begun, min(MOST, reach(int(at[-1]) + 1)))
    chart = sampled_curve(at, values, shown, "RMS error", marks, now, effort(begun)[0])
    plot(chart, "prediction.error", says("Error", me.timeline))


def errors(timeline: Timeline, end: int) -> tuple[Ints, Floats]:
    """Returns some episodes of a run up to moment ``end``, the next one last, and the errors as each began."""
    ends = np.append(0, timeline.episodes(end).end)
    at = np.array(moments(len(ends) - 1, POINTS))
    return at, np.array([error_at(timeline, int(step)) for step in ends[at]])


@lru_cache(maxsize=64)
def error_band(timeline: Timeline, episodes: int) -> Band | None:
    """Returns the band of the errors of many seeds, as far as all of them have come."""
    seeds, patience = effort(timeline)
    found: Floats = error_curves(timeline, range(seeds), episodes, patience)
    done = int(np.isfinite(found).all(axis=0).sum())
    return band(found[:, :done]) if done else None


def _values(me: Player) -> None:
    run = me.timeline.at(me.t)
    env = tabular(run.env)
    names = [env.state_name(s) for s in range(len(run.memory.v))]
    truth = policy_truth(env, run.agent)
    plot(values_figure(run.memory.v, truth, names, env.mdp.visitable), "prediction.values", TABS["Values"])


def _cost(me: Player) -> None:
    costs(me, on_screen(me), "prediction", 10)


def _return(me: Player) -> None:
    chart = curve("Return", me.timeline, me.t, me.end)
    assert chart is not None
    plot(chart, "prediction.return", TABS["Return"])
