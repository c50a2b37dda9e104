"""Temporal-difference control, live: a world, a table, and every rule that learns to act in it."""

import streamlit as st

from pages.parts import lesson
from pages.parts.charts import curves
from pages.parts.control.player import KINDS, ControlPlayer
from pages.parts.controls import controls
from pages.parts.seat import live_stage, seat
from rl.agents.control.q_learning import QLearning
from rl.envs.frozen_lake import FrozenLake
from rl.lessons.q_learning import LESSON
from rl.link import View
from rl.timeline import Timeline

PAGE = {"title": "Q-learning and its family", "icon": ":material/grid_on:", "order": 30}
PRESET = View(Timeline(FrozenLake(), QLearning(initial=0.5), 7), 1500, 1500)
FRONT = ["epsilon", "alpha", "gamma"]


@st.fragment
def lab() -> None:
    """The stage, its knobs and its curves: all that changes as the run goes on."""
    me = seat("q_learning", PRESET, ControlPlayer)
    left, right = st.columns([11, 9], gap="medium")
    with right:
        controls(me, FRONT, KINDS)
        curves(me, "q_learning")
    with left:
        live_stage(me, "q_learning")


lesson.heading(LESSON)
lab()
lesson.below(LESSON, seat("q_learning", PRESET, ControlPlayer))
