"""What frames a page: its title and idea, what to try, the code that runs, and what can be taken away."""

import inspect
from collections.abc import Callable
from typing import Any

import streamlit as st

from pages.parts.catalogue import through_the_menu
from pages.parts.player import Player
from rl import export
from rl.agents.base import Agent
from rl.jit import source_function
from rl.lessons.lesson import Lesson, Task
from rl.link import from_query_string
from rl.standalone import standalone

COMPACT = """<style>
.stMainBlockContainer { padding: 3.6rem 2rem 3rem; max-width: 1500px; }
@media (max-width: 640px) { .stMainBlockContainer { padding: 3.6rem .8rem 2rem; } }
</style>"""


def begin() -> None:
    """Does what comes first on every page: inside the app, over the whole width, with little above."""
    through_the_menu()
    st.html(COMPACT)


def heading(lesson: Lesson) -> None:
    """Opens a page: its name and its idea in one line."""
    begin()
    st.markdown(f"**{lesson.title}.** {lesson.idea}")


def tasks(lesson: Lesson, me: Player) -> None:
    """Lists what to try; each opens its run on the stage."""
    for pair in zip(lesson.tasks[::2], [*lesson.tasks[1::2], None], strict=False):
        for column, task in zip(st.columns(2), pair, strict=True):
            if task is not None:
                _task(column, task, me)


def _task(place: Any, task: Task, me: Player) -> None:
    with place.container(border=True, height="stretch"):
        st.markdown(f"**{task.title}**  \n{task.do}")
        st.markdown(f":material/visibility: {task.notice}")
        st.button("Open this run", key=f"task.{task.title}", icon=":material/play_arrow:",
                  on_click=lambda: me.open(from_query_string(task.query)))


def code(agent: type[Agent]) -> None:
    """Shows the loop that is running, from its own source."""
    file = agent.__module__.replace(".", "/")
    st.markdown(f"The very lines that run on this page, from `{file}.py`. {agent.source}.")
    st.code(inspect.getsource(source_function(agent.loop)), language="python")
    st.markdown("The update it calls, from `rl/updates.py`:")
    st.code(inspect.getsource(source_function(agent.update)), language="python")


def take_away(me: Player) -> None:
    """Offers the run as files and as a script; each is made when it is asked for."""
    st.markdown("Your run up to its furthest step. The script needs only numpy and gymnasium, and repeats it exactly.")
    with st.container(horizontal=True):
        _download("Python script", "stepwise_run.py", lambda: standalone(me.timeline, me.end))
        _download("Episodes (CSV)", "episodes.csv", lambda: export.episodes_csv(me.timeline, me.end))
        _download("Steps (CSV)", "steps.csv", lambda: export.steps_csv(me.timeline, me.end))
        _download("Q-table (npz)", "q_table.npz", lambda: export.tables_npz(me.timeline, me.t))
    st.caption(f"Of a long run the steps file holds the newest {export.MOST_ROWS:,}.")


def _download(label: str, file: str, make: Callable[[], str | bytes]) -> None:
    st.download_button(label, make, file, on_click="ignore", icon=":material/download:")
