"""The curves of a prediction: how wrong the values are, what they are and should be, and the returns they predict."""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

import numpy as np
import streamlit as st

from pages.parts.branching.runs import on_screen
from pages.parts.charts import COST, curve, edit_marks, reach
from pages.parts.costs import SAYS, costs
from pages.parts.player import Player
from pages.parts.plot.plot import plot
from rl.envs.base import Env
from rl.figures.curves import episode_curve
from rl.figures.planning import values_figure
from rl.mdp import Floats
from rl.prediction_error import error_at, error_curves, is_finite
from rl.timeline import Timeline
from rl.trials import Band, band
from rl.truth import policy_truth, tabular

SEEDS = 100
MOST = 200
"""Episodes the band of seeds reaches at most."""
TABS = {
    "Error": "Root mean squared error over the states at the beginning of each episode: your run over a hundred seeds "
             "(0 to 99) of the same settings.",
    "Values": "What each state is thought to be worth now, and what it is worth exactly under this policy.",
    "Return": "Sum of rewards per episode. The policy does not learn, so this never gets better: only the prediction "
              "does.",
    COST: SAYS,
}
ENDLESS = "Under this policy reward or cost can go on for ever: no value is finite. Lower γ, or change the policy."
UNKNOWN = "This world has no table of transitions, so nobody knows what its states are truly worth."


def charts(me: Player) -> None:
    """Draws the chart whose tab is open, and says what it shows."""
    draw = {"Error": _error, "Values": _values, "Return": _return, COST: _cost}
    for tab, name in zip(st.tabs(list(TABS), key="prediction.charts", on_change="rerun"), TABS, strict=True):
        if tab.open:
            with tab:
                _drawn(me, draw[name])
                st.caption(TABS[name])


def _drawn(me: Player, draw: Callable[[Player], None]) -> None:
    if not isinstance(me.env, Env):
        st.info(UNKNOWN)
    elif is_finite(me.env, me.agent):
        draw(me)
    else:
        st.info(ENDLESS)


def _error(me: Player) -> None:
    ends = [0, *me.timeline.episodes(me.end).end.tolist()]
    values = np.array([error_at(me.timeline, end) for end in ends])
    marks, now = edit_marks(me.timeline), float(me.timeline.at(me.t).episode)
    shown = error_band(replace(me.timeline, seed=0, edits=()), min(MOST, reach(len(ends))))
    plot(episode_curve(values, shown, 1, "RMS error", marks, now), "prediction.error", TABS["Error"])


@lru_cache(maxsize=64)
def error_band(timeline: Timeline, episodes: int) -> Band | None:
    """Returns the band of the errors of a hundred seeds, as far as all of them have come."""
    errors: Floats = error_curves(timeline, range(SEEDS), episodes)
    done = int(np.isfinite(errors).all(axis=0).sum())
    return band(errors[:, :done]) if done else None


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
