"""Explore or exploit: arms that pay differently, and the question which to pull."""

import streamlit as st

from pages.parts import lesson
from pages.parts.bandits.charts import curves
from pages.parts.bandits.compare import compare
from pages.parts.bandits.controls import controls, modes
from pages.parts.bandits.player import COMPARE, ArmsPlayer, arms_player
from pages.parts.seat import live_stage
from rl.agents.bandits.epsilon_greedy import EpsilonGreedy
from rl.envs.testbed import Testbed
from rl.lessons.bandits import LESSON
from rl.link import View
from rl.timeline import Timeline

PAGE = {"title": "Explore or exploit", "icon": ":material/casino:", "order": 20}
PRESET = View(Timeline(Testbed(), EpsilonGreedy(), 2), 60, 60)


def seat() -> ArmsPlayer:
    """Returns this session's player of this page."""
    if "bandits.player" not in st.session_state:
        st.session_state["bandits.player"] = arms_player(st.query_params.to_dict(), PRESET)
    return st.session_state["bandits.player"]  # type: ignore[no-any-return]


@st.fragment
def lab() -> None:
    """What changes as arms are pulled: the stage, its knobs and its curves, or the comparison."""
    me = seat()
    modes(me)
    if me.mode == COMPARE:
        compare(me)
        return
    left, right = st.columns([11, 9], gap="medium")
    with right:
        controls(me)
        curves(me)
    with left:
        live_stage(me, "bandits")


def more() -> None:
    """What to try, the code, and what to take away."""
    me = seat()
    tabs = {
        "Try this": lambda: lesson.tasks(LESSON, me),
        "The loop in code": lambda: lesson.code(type(me.agent)),
        "Take it with you": lambda: lesson.take_away(me),
    }
    for tab, show in zip(st.tabs(list(tabs), key="bandits.more", on_change="rerun"), tabs.values(), strict=True):
        if tab.open:
            with tab:
                show()


lesson.heading(LESSON)
lab()
more()
