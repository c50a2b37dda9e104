"""Q-learning, live: a world, a table, and every number that changes it."""

import streamlit as st

from pages.parts import charts, controls, events, lesson
from pages.parts.player import Player, open_player
from pages.parts.stage.stage import stage
from rl.agents.q_learning import QLearning
from rl.envs.frozen_lake import FrozenLake
from rl.lessons.q_learning import LESSON
from rl.link import View
from rl.timeline import Timeline

PAGE = {"title": "Q-learning", "icon": ":material/grid_on:", "order": 30}
PRESET = View(Timeline(FrozenLake(), QLearning(initial=0.5), 7), 1500, 1500)
FRONT = ["epsilon", "alpha", "gamma"]


def player() -> Player:
    """Returns this session's seat, taken on the first visit."""
    if "q_learning" not in st.session_state:
        st.session_state["q_learning"] = open_player(st.query_params.to_dict(), PRESET)
    return st.session_state["q_learning"]  # type: ignore[no-any-return]


def listen() -> None:
    """Hears an event of the stage before the page is drawn."""
    if event := st.session_state["q_stage"].get("event"):
        events.hear(player(), event)


@st.fragment
def lab() -> None:
    """The stage, its knobs and its curves: all that changes as the run goes on."""
    me = player()
    left, right = st.columns([11, 9], gap="medium")
    with right:
        controls.controls(me, FRONT)
        charts.curves(me, "q")
    with left:
        stage(me.data(), "q_stage", listen)


def more() -> None:
    """What to try, the code, and what to take away."""
    names = ["Try this", "The loop in code", "Take it with you"]
    draw = [lambda: lesson.tasks(LESSON, player()), lambda: lesson.code(QLearning), lambda: lesson.take_away(player())]
    for tab, show in zip(st.tabs(names, key="q_more", on_change="rerun"), draw, strict=True):
        if tab.open:
            with tab:
                show()


lesson.heading(LESSON)
lab()
more()
