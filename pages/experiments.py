"""The laboratory: many seeds, swept settings, and how sure one can be of what came out."""

import streamlit as st

from pages.parts import lesson
from pages.parts.control.player import KINDS, ControlPlayer
from pages.parts.controls import controls
from pages.parts.escape import plain
from pages.parts.experiments.book import book
from pages.parts.experiments.form import form
from pages.parts.experiments.lab import Lab
from pages.parts.experiments.results import results
from pages.parts.seat import live_stage, seat
from rl.agents.control.sarsa import Sarsa
from rl.envs.cliff_walking import CliffWalking
from rl.experiments.saved import LONGEST
from rl.lessons.experiments import LESSON
from rl.link import View, from_query_string
from rl.timeline import Timeline

PAGE = {"title": "Experiments", "icon": ":material/science:", "order": 80}
PRESET = View(Timeline(CliffWalking(), Sarsa(alpha=0.5, gamma=1.0), 0), 3000, 3000)
FRONT = ["epsilon", "alpha", "gamma"]
OWN, BOOK = MODES = ("Your experiment", "Reproduce the book")


def bench() -> Lab:
    """Returns this session's bench."""
    return st.session_state.setdefault("experiments.lab", Lab())


def show_run(query: str) -> None:
    """Puts a run behind a point on the stage."""
    me = seat("experiments", PRESET, ControlPlayer)
    me.open(from_query_string(query))
    me.playing = me.autoplay = False
    st.session_state["lab.clicked"] = True


def load(lab: Lab) -> None:
    """Offers to load an experiment from a file."""
    with st.popover("Load", icon=":material/upload_file:", width="stretch", help="An experiment saved as JSON"):
        file = st.file_uploader("experiment", type=["json"], key="lab.file", max_upload_size=1,
                                help="A configuration saved under “Files”.")
    if file is not None and file.file_id != lab.loaded:
        lab.loaded = file.file_id
        lab.load(file.getvalue()[: 4 * LONGEST + 1].decode("utf-8", "replace"))
        st.rerun()


@st.fragment
def settings(lab: Lab) -> None:
    """What is chosen, and the buttons."""
    form(lab)
    run, file = st.columns(2)
    if run.button("Run", key="lab.run", icon=":material/play_arrow:", width="stretch", type="primary",
                  on_click=lab.run, help="Runs every condition from every seed."):
        st.rerun()
    with file:
        load(lab)
    if lab.note:
        st.warning(plain(lab.note))


@st.fragment
def charts(lab: Lab) -> None:
    """How the experiment stands; a clicked point is shown on the stage, which is no part of this."""
    if st.session_state.pop("lab.clicked", False):
        st.rerun()
    results(lab, show_run)


@st.fragment
def stage() -> None:
    """The run behind a point."""
    st.markdown("**The run behind a point**, or any other: nothing is drawn above that cannot be looked at here.")
    me = seat("experiments", PRESET, ControlPlayer)
    left, right = st.columns([11, 9], gap="medium")
    with right:
        controls(me, FRONT, KINDS)
    with left:
        live_stage(me, "experiments")


lesson.heading(LESSON)
lab = bench()
mode = st.segmented_control("mode", MODES, default=OWN, key="lab.mode", label_visibility="collapsed",
                            help="Make an experiment of your own, or the book's figures again.")
if mode == BOOK:
    book(lab)
else:
    left, right = st.columns([7, 4], gap="medium")
    with right:
        settings(lab)
    with left:
        charts(lab)
    stage()
lesson.below(LESSON, seat("experiments", PRESET, ControlPlayer))
