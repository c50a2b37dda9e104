"""The charts of an agent that learns a policy in a table: its returns over many seeds, and the exact truth of it."""

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from pages.parts.branching.runs import on_screen
from pages.parts.charts import COST, CURVES, UNKNOWN, curve, edit_marks, is_known, seeds_of, window
from pages.parts.costs import SAYS, costs
from pages.parts.player import Player
from pages.parts.plot.plot import plot
from rl.figures.policy import critic_curve, entropy_curve, worth_curve
from rl.policy_truth import policy_curves

ENDLESS = "At γ = 1 reward can be collected here for ever: there is no finite optimum. Lower γ."
TRUTHS = {
    "Policy": "What the policy is truly worth from the start, dice and all, computed exactly; and the best there is.",
    "Critic": "The worst value of the critic: max |V − vπ|, where vπ is the exact value of the policy as it is then.",
    "Entropy": "How undecided the policy is in the states it comes by, in nats: 0 when it is certain.",
}
TABS = (*TRUTHS, "Return", "Length", COST)


def charts(me: Player) -> None:
    """Draws the chart whose tab is open, and says what it shows."""
    for tab, name in zip(st.tabs(list(TABS), key="policy.table", on_change="rerun"), TABS, strict=True):
        if tab.open:
            with tab:
                _chart(me, name)


def _chart(me: Player, name: str) -> None:
    if name == COST:
        costs(me, on_screen(me), "policy", window(me.timeline.at(me.end).episode))
        st.caption(SAYS)
    elif name in TRUTHS:
        _truth(me, name)
    else:
        chart, says = curve(name, me.timeline, me.t, me.end), CURVES[name].format(seeds=seeds_of(me.timeline))
        assert chart is not None
        plot(chart, f"policy.{name}", says)
        st.caption(says)


def _truth(me: Player, name: str) -> None:
    if not is_known(me.timeline):
        st.info(UNKNOWN)
        return
    found, marks, now = policy_curves(me.timeline, me.end), edit_marks(me.timeline), float(me.timeline.at(me.t).episode)
    if name == "Policy" and not np.isfinite(found.optimum).all():
        st.info(ENDLESS)
    elif name == "Critic" and np.isnan(found.critic).all():
        st.info("This algorithm has no critic: it learns from returns alone.")
    else:
        draw = {"Policy": worth_curve, "Critic": critic_curve, "Entropy": entropy_curve}[name]
        chart: go.Figure = draw(found, marks, now)
        plot(chart, f"policy.{name}", TRUTHS[name])
        st.caption(TRUTHS[name])
