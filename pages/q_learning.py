"""Q-learning, live: a world, a table, and every number that changes it."""

import streamlit as st

from pages.parts import charts, knobs
from pages.parts.player import Player, default_env, open_player
from pages.parts.stage.stage import stage
from rl.agents.q_learning import QLearning
from rl.envs import ENVS
from rl.envs.frozen_lake import FrozenLake
from rl.link import View
from rl.timeline import Timeline

PAGE = {"title": "Q-learning", "icon": ":material/grid_on:", "order": 30}
PRESET = View(Timeline(FrozenLake(), QLearning(epsilon=0.2, gamma=0.95), 7), 4000, 4000)


def player() -> Player:
    """Returns this session's seat, taken on the first visit."""
    if "q_learning" not in st.session_state:
        st.session_state["q_learning"] = open_player(st.query_params.to_dict(), PRESET)
    return st.session_state["q_learning"]  # type: ignore[no-any-return]


def listen() -> None:
    """Hears an event of the stage before the page is drawn."""
    event = st.session_state["q_stage"].get("event")
    if event:
        player().handle(event)


@st.fragment
def lab() -> None:
    left, right = st.columns([11, 9], gap="medium")
    with right:
        controls()
        curves()
    with left:
        stage(player().data(), "q_stage", listen)


def controls() -> None:
    me = player()
    columns = st.columns(2)
    with columns[0]:
        st.session_state["q_env"] = me.env.slug
        st.selectbox("environment", list(ENVS), format_func=lambda slug: ENVS[slug].title, key="q_env",
                     on_change=lambda: me.set(env=default_env(st.session_state["q_env"])))
    with columns[1]:
        knobs.knob_widgets("q", me.env, ["success"], lambda env: me.set(env=env))
    for names in (["epsilon", "alpha"], ["gamma", "initial"]):
        for column, name in zip(st.columns(2), names, strict=True):
            with column:
                knobs.knob_widgets("q", me.agent, [name], lambda agent: me.set(agent=agent))


def curves() -> None:
    me = player()
    tabs = st.tabs(list(charts.CURVES), key="q_curves", on_change="rerun")
    for tab, name in zip(tabs, charts.CURVES, strict=True):
        if tab.open:
            with tab:
                charts.show(charts.curve(name, me.timeline, me.t, me.end), f"q_chart_{name}", f"{name} per episode")


st.markdown("### Q-learning")
lab()
