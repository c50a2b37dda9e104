"""What this is, in one screen, and the way in."""

import streamlit as st

from pages.parts import lesson
from pages.parts.catalogue import catalogue
from pages.parts.seat import live_stage, seat
from rl.agents.q_learning import QLearning
from rl.envs.grid_world import GridWorld
from rl.link import View
from rl.timeline import Timeline

PAGE = {"title": "Home", "icon": ":material/home:", "order": 0}
PRESET = View(Timeline(GridWorld(), QLearning(alpha=0.5, epsilon=0.2), 3), 900, 900)
POINTS = {
    "Every number is there": "The update you see is the update that ran: its reward, its target, its error, in the "
                             "same colours on the map, in the equation and in the curves.",
    "Time is a place": "Play, pause, step back, jump. Move ε at step 412 and the run branches there. The link in your "
                       "address bar is the save file.",
    "The truth is on the page": "The worlds are small enough to be solved exactly, so you see how far the agent is "
                                "from the best there is, and never only one lucky seed.",
}


def welcome() -> None:
    """Says what this is, and leads into the lessons."""
    st.markdown("## See reinforcement learning happen")
    st.markdown(
        "An agent acts in a world, gets a reward, and changes its mind a little. Here you can watch it do so **one "
        "step at a time**, go **back**, change a setting **in mid-run**, and see what a hundred others would have done."
    )
    for page in catalogue():
        if page.title != PAGE["title"]:
            st.page_link(page.file, label=f"**Start with {page.title}**", icon=page.icon)
    st.markdown(
        "**In class:** put a run on the projector, hand out its link, and ask what will happen when ε goes to 0. All "
        "see the same run, since all luck comes from its seed. It needs no account, and stores nothing about a learner."
    )


@st.fragment
def glimpse() -> None:
    """Shows an agent at work."""
    live_stage(seat("home", PRESET), "home", bare=True)
    st.caption("An agent learning, live. In each cell, what it expects of going left, right, up and down.")


lesson.begin()
left, right = st.columns([9, 11], gap="large")
with left:
    welcome()
with right:
    glimpse()
for column, (title, words) in zip(st.columns(3), POINTS.items(), strict=True):
    column.markdown(f"#### {title}\n{words}")
