"""The agent-environment loop, phase by phase: watched, acted in, or predicted."""

import streamlit as st

from pages.parts import lesson
from pages.parts.loop.beside import beside
from pages.parts.loop.modes import choices
from pages.parts.loop.player import LoopPlayer
from pages.parts.seat import live_stage, seat
from rl.agents.control.q_learning import QLearning
from rl.envs.grid_world import GridWorld
from rl.lessons.loop import LESSON
from rl.link import View
from rl.timeline import Timeline

PAGE = {"title": "The loop", "icon": ":material/autorenew:", "order": 10}
PRESET = View(Timeline(GridWorld(), QLearning(alpha=0.5, epsilon=0.1), 3), 900, 900)

STYLE = """<style>
@media (max-width: 640px) {  /* what is chosen says it: the loop itself belongs on the first screen */
  .st-key-loop-choices :is(.stSelectbox, .stButtonGroup) [data-testid="stWidgetLabel"] { display: none; }
}
</style>"""


@st.fragment
def lab() -> None:
    """The stage with its picture of the loop, what there is to choose, and what belongs to the choice."""
    me = seat("loop", PRESET, LoopPlayer)
    choices(me)
    live_stage(me, "loop")
    beside(me)


lesson.heading(LESSON)
st.html(STYLE)
lab()
lesson.below(LESSON, seat("loop", PRESET, LoopPlayer))
