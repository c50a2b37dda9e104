"""Planning, live: the world's table is known, and its values are worked out sweep by sweep."""

from functools import partial

import streamlit as st

from pages.parts import lesson
from pages.parts.controls import controls
from pages.parts.planning.beside import charts, solve
from pages.parts.planning.player import KINDS, PlanningPlayer
from pages.parts.seat import live_stage, seat
from rl.agents.planning.value_iteration import ValueIteration
from rl.envs.grid_world import GridWorld
from rl.lessons.planning import LESSON
from rl.link import View
from rl.timeline import Timeline

PAGE = {"title": "Planning", "icon": ":material/map:", "order": 25}
PRESET = View(Timeline(GridWorld(slip=0.2), ValueIteration(), 0), 0, 0)
FRONT = ["gamma", "backups", "sequence"]


@st.fragment
def lab() -> None:
    """The stage, its knobs and its charts: all that changes as the sweeps go on."""
    me = seat("planning", PRESET, PlanningPlayer)
    left, right = st.columns([11, 9], gap="medium")
    with right:
        controls(me, FRONT, KINDS, partial(solve, me))
        charts(me)
    with left:
        live_stage(me, "planning")


lesson.heading(LESSON)
lab()
lesson.below(LESSON, seat("planning", PRESET, PlanningPlayer))
