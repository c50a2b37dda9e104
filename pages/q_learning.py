"""Q-learning, live: a world, a table, and every number that changes it."""

import streamlit as st

from pages.parts import lesson
from pages.parts.charts import curves
from pages.parts.controls import controls
from pages.parts.seat import live_stage, seat
from rl.agents.q_learning import QLearning
from rl.envs.frozen_lake import FrozenLake
from rl.lessons.q_learning import LESSON
from rl.link import View
from rl.timeline import Timeline

PAGE = {"title": "Q-learning", "icon": ":material/grid_on:", "order": 30}
PRESET = View(Timeline(FrozenLake(), QLearning(initial=0.5), 7), 1500, 1500)
FRONT = ["epsilon", "alpha", "gamma"]


@st.fragment
def lab() -> None:
    """The stage, its knobs and its curves: all that changes as the run goes on."""
    me = seat("q_learning", PRESET)
    left, right = st.columns([11, 9], gap="medium")
    with right:
        controls(me, FRONT)
        curves(me, "q_learning")
    with left:
        live_stage(me, "q_learning")


def more() -> None:
    """What to try, the code, and what to take away."""
    me = seat("q_learning", PRESET)
    tabs = {
        "Try this": lambda: lesson.tasks(LESSON, me),
        "The loop in code": lambda: lesson.code(QLearning),
        "Take it with you": lambda: lesson.take_away(me),
    }
    for tab, show in zip(st.tabs(list(tabs), key="q_learning.more", on_change="rerun"), tabs.values(), strict=True):
        if tab.open:
            with tab:
                show()


lesson.heading(LESSON)
lab()
more()
