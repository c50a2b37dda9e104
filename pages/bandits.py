"""Explore or exploit: arms that pay differently, and the question which to pull."""

import streamlit as st

from pages.parts import lesson
from pages.parts.bandits.charts import curves
from pages.parts.bandits.compare import compare
from pages.parts.bandits.comparison import from_query
from pages.parts.bandits.controls import controls, modes
from pages.parts.bandits.player import COMPARE, ArmsPlayer, arms_player
from pages.parts.bandits.sent import sentence
from pages.parts.seat import live_stage
from rl.agents.bandits.epsilon_greedy import EpsilonGreedy
from rl.envs.testbed import Testbed
from rl.lessons.bandits import LESSON
from rl.link import View
from rl.timeline import Timeline

PAGE = {"title": "Explore or exploit", "icon": ":material/casino:", "order": 20}
PRESET = View(Timeline(Testbed(), EpsilonGreedy(), 2), 60, 60)

STYLE = """<style>
@media (max-width: 640px) {  /* the three modes in one row */
  .st-key-bandits-mode [role="radiogroup"] { flex-wrap: nowrap; }
  .st-key-bandits-mode span:has(> [data-testid="stIconMaterial"]) { display: none; }
  .st-key-bandits-mode button { padding-inline: 4px; flex-basis: auto; }
}
</style>"""


def seat() -> ArmsPlayer:
    """Returns this session's player of this page."""
    if "bandits.player" not in st.session_state:
        query = st.query_params.to_dict()
        st.session_state["bandits.player"] = arms_player(query, PRESET)
        if "compare" in query:
            _compare(st.session_state["bandits.player"], query)
    return st.session_state["bandits.player"]  # type: ignore[no-any-return]


def _compare(me: ArmsPlayer, query: dict[str, str]) -> None:
    """Takes up the comparison of a link."""
    try:
        st.session_state["bandits.comparison"] = from_query(query)
    except ValueError as error:
        me.note = f"{sentence(error)} Here is the run alone."
    else:
        me.choose_mode(COMPARE)


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


lesson.heading(LESSON)
st.html(STYLE)
lab()
lesson.below(LESSON, seat())
