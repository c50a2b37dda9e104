"""Looks into the net: what it makes of two variables, its weights and units, and the batch it learned from last."""

from typing import Any

import numpy as np
import streamlit as st

from pages.parts.dqn.player import DqnPlayer
from pages.parts.knobs import show
from pages.parts.plot.plot import plot
from rl.deep_batch import BatchStudy, batch_of
from rl.deep_net import picture
from rl.deep_surface import first, surface, variables
from rl.figures.deep_batch import batch_figure
from rl.figures.deep_net import net_figure
from rl.figures.deep_surface import ACTION, VALUE, surface_figure

MAPS = {VALUE: "max Q", ACTION: "action"}
SURFACE = ("What the net makes of the body at this moment, were two of its variables others. The line is where this "
           "episode has been. Held as it is: {}.")
NET = ("The net of this moment, from left to right: what it sees, and for each layer its weights (a column for an "
       "input, a row for a unit) and what its units do now. Crossed units say the same whatever is seen.")
BATCH = ("The batch of step {step:,}, gradient step {update:,}: what the values were, and the targets y they were "
         "moved towards. {ended} of {n} are terminal: their target is the reward alone.")
NUMBERS = {name: st.column_config.NumberColumn(format="%.3f") for name in
           ("reward", "Q(S,A)", "target y", "error", "weight")}
NO_BATCH = "No gradient step was made in the last step: it learns from step {warmup:,} on, every {every} steps."


def values(me: DqnPlayer) -> None:
    """Draws what the net makes of any two variables of a body."""
    slug, names = me.env.slug, [one.name for one in variables(me.env)]
    across, up, what = st.columns(3, vertical_alignment="bottom")
    with across:
        x = _variable(f"dqn.x.{slug}", "across", names, first(me.env)[0])
    with up:
        others = [name for name in names if name != x]
        y = _variable(f"dqn.y.{slug}", "up", others, next(one for one in (*first(me.env)[::-1], *names) if one != x))
    with what:
        which = st.segmented_control("colours", list(MAPS), default=VALUE, key="dqn.map", required=True,
                                     format_func=MAPS.__getitem__, help="What they say: how good the best action is, "
                                     "or which one it is.")
    found = surface(me.timeline, me.t, x, y)
    words = SURFACE.format(", ".join(found.held) or "nothing else")
    plot(surface_figure(found, which), "dqn.surface", words)
    st.caption(words)


def _variable(key: str, label: str, names: list[str], usual: str) -> str:
    if st.session_state.get(key, usual) not in names:
        show(key, usual)
    index = names.index(st.session_state.get(key, usual))
    return str(st.selectbox(label, names, index, key=key, help="One of the numbers that say where the body is."))


def network(me: DqnPlayer) -> None:
    """Draws the net of this moment."""
    plot(net_figure(picture(me.timeline, me.t)), "dqn.net", NET)
    st.caption(NET)


def batch(me: DqnPlayer) -> None:
    """Draws the minibatch of the last step, and lists it in numbers."""
    found = batch_of(me.timeline, me.t)
    if found is None:
        st.info(NO_BATCH.format(warmup=me.agent.warmup, every=me.agent.every))
        return
    words = BATCH.format(step=found.step, update=found.update, n=len(found.q), ended=int(found.terminal.sum()))
    st.caption(words)
    st.dataframe(numbers(found), hide_index=True, height=230, key="dqn.batch", column_config=NUMBERS)
    plot(batch_figure(found), "dqn.batch.chart", words)


def numbers(found: BatchStudy) -> dict[str, list[object]]:
    """Lays a batch out as the columns of a table, the largest errors first."""
    columns: dict[str, Any] = {
        "state": found.name, "action": found.action, "reward": found.reward, "next": found.after_name,
        "Q(S,A)": found.q, "target y": found.target, "error": found.error, "weight": found.weight,
        "ended": found.ended, "age": found.age}
    order = np.argsort(-np.abs(found.error), kind="stable")
    return {name: np.asarray(column)[order].tolist() for name, column in columns.items()}
