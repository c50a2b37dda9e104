"""The curves of a bandit run: yours and an algorithm's on the same arms."""

import math

import plotly.graph_objects as go
import streamlit as st

from pages.parts.bandits.player import ArmsPlayer
from pages.parts.plot.plot import plot
from rl.bandits import RunCurves, run_curves
from rl.bounds import lai_robbins
from rl.envs.base import World
from rl.envs.testbed import Testbed
from rl.figures.bandits import run_figure
from rl.figures.theme import ROLES, tint

TABS = {"Reward": "reward", "Best arm": "optimal", "Regret": "regret"}
SAYS = {
    "reward": "The average of all rewards so far.",
    "optimal": "Of all pulls so far, how many were of the arm that is truly best. Nobody who plays knows this.",
    "regret": "What all pulls so far have cost: the best arm's true mean less that of the arm pulled, added up.",
}
LONG = 100
"""Pulls from which on it makes sense to look at what holds in the long run."""


def curves(me: ArmsPlayer) -> None:
    """Draws the curve whose tab is open, and says in a line what it shows."""
    tabs = st.tabs(list(TABS), key="bandits.curves", on_change="rerun")
    for tab, (name, measure) in zip(tabs, TABS.items(), strict=True):
        if tab.open:
            with tab:
                _show(me, name, measure)
                st.caption(f"{SAYS[measure]}{lowest(me.env, me.timeline.seed) if measure == 'regret' else ''}")


def _show(me: ArmsPlayer, name: str, measure: str) -> None:
    if me.is_hand and not me.mine:
        st.info(f"Pull an arm: your curve appears here, and beside it that of {me.rival.agent.title} on the same arms.",
                icon=":material/touch_app:")
    else:
        plot(chart(me, measure), f"bandits.{name}", SAYS[measure])


def runs(me: ArmsPlayer) -> dict[str, RunCurves]:
    """Returns the runs to be drawn by name: the one shown first, then the other kind's on the same arms."""
    mine, shown = me.mine, {}
    if not me.is_hand:
        shown[me.rival.agent.title] = run_curves(me.rival, me.end)
    if mine:
        shown["you, by hand"] = run_curves(mine, mine.last)
    if me.is_hand and mine:
        shown[me.rival.agent.title] = run_curves(me.rival, mine.last)
    return {name: run for name, run in shown.items() if len(run.step)}


def chart(me: ArmsPlayer, measure: str) -> go.Figure:
    """Draws one measure of all runs on these arms, with a line at the moment shown."""
    shown = runs(me)
    long = any(run.step[-1] >= LONG for run in shown.values())
    figure = run_figure(shown, measure, bound(me.env, me.timeline.seed) if long else None)
    figure.update_layout(height=270, showlegend=True)
    if 0 < me.t < me.end:
        figure.add_vline(x=me.t, line={"color": tint(ROLES["new"], 0.9), "width": 1.5})
    return figure


def bound(env: World, seed: int) -> float | None:
    """Returns C of Lai and Robbins' line C ln t, None where there is none."""
    found = lai_robbins(env, seed) if isinstance(env, Testbed) else math.nan
    return found if math.isfinite(found) and found > 0 else None


def lowest(env: World, seed: int) -> str:
    """Says in a sentence what is known about the least regret there can be."""
    if isinstance(env, Testbed) and env.drift > 0:
        return " Lai and Robbins' lower bound holds for arms that stay as they are; these drift."
    c = bound(env, seed)
    if c is None:
        return " All arms pay alike, so nothing can be lost."
    return f" In the long run what is good on every bandit loses at least {c:.3g}·ln t here (Lai & Robbins)."
