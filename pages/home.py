"""What this is, in one screen, and the way in."""

from pathlib import Path

import streamlit as st

from pages.parts import lesson
from pages.parts.catalogue import Entry, catalogue
from pages.parts.progress import progress
from pages.parts.seat import live_stage, seat
from rl.agents.control.q_learning import QLearning
from rl.envs.grid_world import GridWorld
from rl.lessons import lessons
from rl.lessons.glossary import linked
from rl.lessons.lesson import Lesson
from rl.link import View
from rl.timeline import Timeline

PAGE = {"title": "Home", "icon": ":material/home:", "order": 0}
PRESET = View(Timeline(GridWorld(), QLearning(alpha=0.5, epsilon=0.2), 3), 900, 900)
POINTS = {
    "Every number is there": "The update you see is the update that ran: its reward, its [[target]], its "
                             "[[TD error|error]], in the same colours on the map, in the equation and in the curves.",
    "Time is a place": "Play, pause, step back, jump. Move [[epsilon|ε]] at step 412 and the [[run]] branches there. "
                       "The link in your address bar is the save file.",
    "The truth is on the page": "Most worlds here are small enough to be solved exactly, so you see how far the agent "
                                "is from the best there is, and over many [[seeds]], never only one lucky one.",
}
CLASS = ("**In class:** put a run on the projector, hand out its link, and ask what will happen when ε goes to 0. All "
         "see the same run, since all luck comes from its [[seed]]; every task can be checked by the learner alone. "
         "It needs no account, and stores nothing about anybody: the ticks stay in each learner's own browser.")
FORGET = "Takes away the ticks that this browser keeps. Nothing else is stored."

STYLE = """<style>
.st-key-path [data-testid="stPageLink-NavLink"] { padding-left: 0; margin: 0; }
@media (max-width: 640px) { .st-key-start .stColumn:last-child { order: -1; } }  /* the live thing first */
</style>"""


def welcome() -> None:
    """Says what this is."""
    st.markdown("## See reinforcement learning happen")
    st.markdown(linked(
        "An [[agent]] acts in a [[world]], gets a [[reward]], and changes its mind a little. Here you watch it do so "
        "**one step at a time**, go **back**, change a setting **in mid-run**, and see what a hundred others would "
        "have done."))


@st.fragment
def path() -> None:
    """Lists the lessons in their order, with what each teaches, how long it takes and how far the learner is."""
    done = progress.done()
    stations = [(entry, lessons()[stem]) for entry in catalogue() if (stem := Path(entry.file).stem) in lessons()]
    for number, (entry, words) in enumerate(stations, start=1):
        _station(number, entry, words, done)
    if done:
        st.button("Forget my progress", key="progress.forget", icon=":material/delete:", type="tertiary", help=FORGET,
                  on_click=progress.forget)


def _station(number: int, entry: Entry, words: Lesson, done: set[str]) -> None:
    finished = sum(task.slug in done for task in words.tasks)
    tick = f"{lesson.TICK} " if finished == len(words.tasks) else ""
    with st.container(border=True, gap=None):
        st.page_link(entry.file, label=f"**{number}. {entry.title}**", icon=entry.icon)
        st.caption(f"{words.teaches}  \n{words.minutes} minutes · {tick}{finished} of {len(words.tasks)} tasks done")


@st.fragment
def glimpse() -> None:
    """Shows an agent at work."""
    live_stage(seat("home", PRESET), "home", bare=True)
    st.caption("An agent learning, live. In each cell, what it expects of going left, right, up and down.")


lesson.begin()
st.html(STYLE)
welcome()
with st.container(key="start"):
    left, right = st.columns([9, 11], gap="medium")
with left, st.container(key="path"):
    path()
with right:
    glimpse()
for column, (title, words) in zip(st.columns(3), POINTS.items(), strict=True):
    column.markdown(f"#### {title}\n{linked(words)}")
st.markdown(linked(CLASS))
