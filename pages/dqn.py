"""Deep Q-networks: a net in the place of the table, a memory to learn from again, and why it sometimes collapses."""

import streamlit as st

from pages.parts import lesson
from pages.parts.controls import controls
from pages.parts.dqn.ahead import ahead, places
from pages.parts.dqn.charts import charts
from pages.parts.dqn.harm import harms
from pages.parts.dqn.places import FRONT, GROUPS, TABLE
from pages.parts.dqn.player import DqnPlayer
from pages.parts.seat import live_stage, seat
from rl.lessons.dqn import LESSON

PAGE = {"title": "Deep Q-networks", "icon": ":material/neurology:", "order": 50}
PRESET = TABLE.preset


@st.fragment
def lab() -> None:
    """The stage, its knobs and its curves: all that changes as the run goes on."""
    me = seat("dqn", PRESET, DqnPlayer)
    places(me)
    left, right = st.columns([11, 9], gap="medium")
    with right:
        controls(me, FRONT, groups=GROUPS, world=False)
        harms(me)
        charts(me)
    with left:
        live_stage(me, "dqn")
        ahead(me)


lesson.heading(LESSON)
lab()
lesson.below(LESSON, seat("dqn", PRESET, DqnPlayer))
