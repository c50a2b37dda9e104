"""The charts beside a deep Q-network, one tab each: only the open one is drawn."""

import streamlit as st

from pages.parts.branching.runs import on_screen
from pages.parts.charts import COST
from pages.parts.costs import cost_table
from pages.parts.dqn.net_charts import batch, network, values
from pages.parts.dqn.player import DqnPlayer
from pages.parts.dqn.training_charts import diagnostics, returns, truth
from pages.parts.dqn.variants import variants

SPENT = ("What learning has cost so far, measured on this server just now: steps in the world, gradient steps, "
         "computation, and what the agent keeps: nets, Adam's moments and the replay memory.")


def charts(me: DqnPlayer) -> None:
    """Draws the chart whose tab is open, and says what it shows."""
    known = {"Truth": truth} if me.is_listed else {"Values": values}
    draw = {"Return": returns, **known, "Variants": variants, "Batch": batch, "Network": network,
            "Diagnostics": diagnostics, COST: cost}
    key = f"dqn.charts.{'table' if me.is_listed else 'body'}"
    for tab, name in zip(st.tabs(list(draw), key=key, on_change="rerun"), draw, strict=True):
        if tab.open:
            with tab:
                draw[name](me)


def cost(me: DqnPlayer) -> None:
    """Lists what the runs on screen have cost."""
    st.markdown(cost_table(me, on_screen(me)))
    st.caption(SPENT)
