"""The curves of a run, drawn anew whenever the stage has asked for more steps or a knob has moved."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from pages.parts.branching.runs import on_screen
from pages.parts.costs import SAYS, costs
from pages.parts.player import Player
from pages.parts.plot.plot import plot
from pages.parts.scene import edit_text
from rl.envs.base import Env
from rl.figures.curves import Mark, episode_curve, error_curve, policy_curve, regret_curve
from rl.timeline import Timeline
from rl.trials import Band, affordable, band, moving_average, run_trials
from rl.truth import truth_curves

SEEDS, FEW_SEEDS = 100, 10
"""Seeds behind a band; few where a world is slow to play."""
EPISODES = (50, 100, 200, 400, 800, 1600)
"""The band reaches as far as the run, rounded up to one of these, so that it need not be redrawn as the run grows."""
PATIENCE = 100_000

CURVES = {
    "Return": "Sum of rewards per episode, exploration included: your run over {seeds} seeds (from 0 on) of the same "
              "settings, for the first 1,600 episodes at most.",
    "Length": "Steps per episode: your run over {seeds} seeds (from 0 on) of the same settings.",
    "Error": "The worst entry of the table: max |Q − Q*|, with Q* computed exactly from the model.",
    "Policy": "What acting greedily on the table is truly worth from the start, discounted, and the best there is.",
    "Regret": "What all choices so far have cost against an optimal agent: the sum of V*(s) − Q*(s, a).",
}


COST = "Cost"
TRUTHS = ("Error", "Policy", "Regret")
"""Curves that hold a run against the exact solution of its world."""
UNKNOWN = "This world has no table of transitions, so its optimum cannot be computed, nor how far there is to go."


def window(episodes: int) -> int:
    """Chooses over how many episodes the moving average goes: about a twentieth of what is shown."""
    return int(min(100, max(10, episodes // 20)))


def seed_band(timeline: Timeline, episodes: int, column: int) -> Band | None:
    """Returns the band of `seeds_of` seeds, up to the episode all of them have finished; None if there is none."""
    return bands(replace(timeline, seed=0), episodes)[column]  # the same whatever the seed of the run beside it


@lru_cache(maxsize=64)
def bands(timeline: Timeline, episodes: int) -> tuple[Band | None, ...]:
    """Returns the bands of the returns and of the lengths."""
    seeds, patience = effort(timeline)
    trials = run_trials(timeline, range(seeds), episodes, patience)
    done = int(np.isfinite(trials.returns).all(axis=0).sum())
    return tuple(band(moving_average(x[:, :done], window(episodes))) if done else None for x in trials)


def seeds_of(timeline: Timeline) -> int:
    """Returns how many seeds the bands of a run are made of."""
    return effort(timeline)[0]


def effort(timeline: Timeline) -> tuple[int, int]:
    """Returns how many seeds are behind a run, and after how many steps each gives up: fewer where steps are work."""
    seeds = SEEDS if timeline.env.listed else FEW_SEEDS
    return affordable(timeline, seeds, min(PATIENCE, timeline.env.patience), FEW_SEEDS)


def is_known(timeline: Timeline) -> bool:
    """Tells whether all worlds of a run have a table of transitions, so that there is a truth to hold it against."""
    return all(isinstance(env, Env) for env in (timeline.env, *(edit.env for edit in timeline.edits)))


def reach(episodes: int) -> int:
    """Rounds a number of episodes up to the next the band is computed for."""
    return next((n for n in EPISODES if n >= episodes), EPISODES[-1])


def edit_marks(timeline: Timeline) -> list[Mark]:
    """Places the edits of a run on an axis of episodes."""
    return [Mark(timeline.at(e.step).episode, edit_text(timeline, i)) for i, e in enumerate(timeline.edits)]


def curves(me: Player, prefix: str) -> None:
    """Draws the curve whose tab is open, and says in a line what it shows."""
    names = [*CURVES, COST]
    for tab, name in zip(st.tabs(names, key=f"{prefix}.curves", on_change="rerun"), names, strict=True):
        if tab.open:
            with tab:
                if name == COST:
                    _cost(me, prefix)
                elif name in TRUTHS and not is_known(me.timeline):
                    st.info(UNKNOWN)
                else:
                    says = CURVES[name].format(seeds=seeds_of(me.timeline))
                    _show(curve(name, me.timeline, me.t, me.end), f"{prefix}.{name}", says)


def _cost(me: Player, prefix: str) -> None:
    costs(me, on_screen(me), prefix, window(me.timeline.at(me.end).episode))
    st.caption(SAYS)


def _show(chart: go.Figure | None, key: str, says: str) -> None:
    if chart is None:
        st.info("At γ = 1 reward can be collected here for ever: there is no finite optimum. Lower γ.")
    else:
        plot(chart, key, says)
    st.caption(says)


def curve(name: str, timeline: Timeline, t: int, end: int) -> go.Figure | None:
    """Draws one of CURVES for a run up to moment ``end``, with a line at moment ``t``; None if no optimum is finite."""
    marks, now = edit_marks(timeline), float(timeline.at(t).episode)
    if name in ("Return", "Length"):
        return _over_seeds(name, timeline, end, marks, now)
    truth = truth_curves(timeline, end)
    if not np.isfinite(truth.optimum).all():
        return None
    return {"Error": error_curve, "Policy": policy_curve, "Regret": regret_curve}[name](truth, marks, now)


def _over_seeds(name: str, timeline: Timeline, end: int, marks: list[Mark], now: float) -> go.Figure:
    log = timeline.episodes(end)
    column = 0 if name == "Return" else 1
    span = reach(len(log) + 1)
    values = np.asarray(log[column], np.float64)
    label = "return of the episode" if column == 0 else "steps of the episode"
    band = seed_band(timeline, span, column)
    return episode_curve(values, band, window(span), label, marks, now, seeds_of(timeline))
