"""Policy gradients at three scales: an exact arrow, a table of preferences, a neural network."""

import streamlit as st

from pages.parts import lesson
from pages.parts.controls import controls
from pages.parts.knobs import show
from pages.parts.policy.charts import charts
from pages.parts.policy.player import PolicyPlayer
from pages.parts.policy.scales import ARROW, SCALES
from pages.parts.seat import live_stage, seat
from rl.lessons.policy_gradient import LESSON

PAGE = {"title": "Policy gradients", "icon": ":material/north_east:", "order": 40}
PRESET = ARROW.preset


def scales(me: PolicyPlayer) -> None:
    """Draws the choice of the scale, and says what it shows."""
    key, names = "policy_gradient.scale", [scale.name for scale in SCALES]
    show(key, me.scale.name)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.segmented_control("scale", names, default=me.scale.name, key=key, required=True, width="content",
                             label_visibility="collapsed", help="Each of the three has a run of its own.",
                             format_func={scale.name: f"{scale.icon} {scale.name}" for scale in SCALES}.__getitem__,
                             on_change=lambda: me.choose_scale(st.session_state[key]))
        st.caption(me.scale.says)


@st.fragment
def lab() -> None:
    """The stage, its knobs and its curves: all that changes as the run goes on."""
    me = seat("policy_gradient", PRESET, PolicyPlayer)
    scales(me)
    left, right = st.columns([11, 9], gap="medium")
    with right:
        controls(me, list(me.scale.front), me.scale.kinds if len(me.scale.kinds) > 1 else ())
        charts(me)
    with left:
        live_stage(me, "policy_gradient")


lesson.heading(LESSON)
lab()
lesson.below(LESSON, seat("policy_gradient", PRESET, PolicyPlayer))
