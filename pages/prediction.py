"""Prediction, live: what a policy is worth, learned from playing it."""

import streamlit as st

from pages.parts import lesson
from pages.parts.controls import controls
from pages.parts.prediction.charts import charts
from pages.parts.prediction.player import KINDS, PredictionPlayer
from pages.parts.seat import live_stage, seat
from rl.agents.prediction.td import TD
from rl.envs.random_walk import RandomWalk
from rl.lessons.prediction import LESSON
from rl.link import View
from rl.timeline import Timeline

PAGE = {"title": "Prediction", "icon": ":material/query_stats:", "order": 27}
PRESET = View(Timeline(RandomWalk(), TD(initial=0.5), 3), 300, 300)
FRONT = ["policy", "alpha", "gamma"]


@st.fragment
def lab() -> None:
    """The stage, its knobs and its curves: all that changes as the run goes on."""
    me = seat("prediction", PRESET, PredictionPlayer)
    left, right = st.columns([11, 9], gap="medium")
    with right:
        controls(me, FRONT, KINDS)
        charts(me)
    with left:
        live_stage(me, "prediction")


lesson.heading(LESSON)
lab()
lesson.below(LESSON, seat("prediction", PRESET, PredictionPlayer))
