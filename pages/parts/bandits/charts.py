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
DRIFTING = "No such bound is known for arms that drift."


def curves(me: ArmsPlayer) -> None:
    """Draws the curve whose tab is open, and says in a line what it shows."""
    for tab, (name, measure) in zip(st.tabs(list(TABS), key="bandits.curves", on_change="rerun"), TABS.items(), strict=True):
        if tab.open:
            with tab:
                plot(chart(me, measure), f"bandits.{name}", SAYS[measure])
                st.caption(f"{SAYS[measure]}{lowest(me.env, me.timeline.seed) if measure == 'regret' else ''}")


def runs(me: ArmsPlayer) -> dict[str, RunCurves]:
    """Returns the runs to be drawn by name: the one shown first, and the other kind's on the same arms if there is one."""
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
    figure = run_figure(runs(me), measure, bound(me.env, me.timeline.seed))
    figure.update_layout(height=270)
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
        return f" {DRIFTING}"
    c = bound(env, seed)
    if c is None:
        return " All arms pay alike, so nothing can be lost."
    return f" In the long run no algorithm that is good on every bandit loses less than {c:.3g}·ln t here (Lai & Robbins)."
