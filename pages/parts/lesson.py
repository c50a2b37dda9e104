"""What frames a page: its title and idea, what to try, the code that runs, and what can be taken away."""

from collections.abc import Callable
from urllib.parse import parse_qsl

import streamlit as st

from pages.parts.branching.runs import relatives
from pages.parts.catalogue import through_the_menu
from pages.parts.code import code
from pages.parts.player import Player
from pages.parts.progress import progress
from rl import export
from rl.lessons.checks import OTHER_RUN
from rl.lessons.glossary import linked
from rl.lessons.lesson import Attempt, Lesson, Task, Verdict
from rl.link import from_query_string
from rl.standalone import standalone

TICK = ":green[:material/check_circle:]"
PLAYS_ON = " The run plays on: pause it to have the moment you see checked."
COMPACT = f"""<style>
{progress.HIDDEN}
.stMainBlockContainer {{ padding: 3.6rem 2rem 3rem; max-width: 1500px; }}
@media (max-width: 640px) {{ .stMainBlockContainer {{ padding: 3.6rem .8rem 2rem; }} }}
</style>"""


def begin() -> None:
    """Does what comes first on every page: inside the app, over the whole width, with little above."""
    through_the_menu()
    st.html(COMPACT)


def heading(lesson: Lesson) -> None:
    """Opens a page: its name and its idea in one line."""
    begin()
    st.markdown(f"**{lesson.title}.** {linked(lesson.idea)}")


@st.fragment
def tasks(lesson: Lesson, me: Player) -> None:
    """Lists what to try; each opens its run on the stage, and gets a tick when the run shown does what it asks."""
    done = progress.done()
    for pair in zip(lesson.tasks[::2], [*lesson.tasks[1::2], None], strict=False):
        for column, task in zip(st.columns(2), pair, strict=True):
            if task is not None:
                with column.container(border=True, height="stretch"):
                    _task(task, me, task.slug in done)


def _task(task: Task, me: Player, done: bool) -> None:
    tick = f"{TICK} " if done else ""
    st.markdown(f"{tick}**{task.title}**  \n{linked(task.do)}")
    st.markdown(f":material/visibility: {linked(task.notice)}")
    st.markdown(f":material/flag: **Goal:** {linked(task.goal)}")
    with st.container(horizontal=True):
        opened = st.button("Open this run", key=f"task.{task.title}", icon=":material/play_arrow:",
                           on_click=_open, args=(task, me))
        st.button("Check my run", key=f"check.{task.slug}", icon=":material/rule:", on_click=_check, args=(task, me))
    if task.slug in _verdicts():
        st.markdown(_said(_verdicts()[task.slug], me))
    if opened:
        st.rerun()  # the stage is not part of this fragment


def _open(task: Task, me: Player) -> None:
    _verdicts().pop(task.slug, None)
    me.open(from_query_string(task.query))
    me.arrive(dict(parse_qsl(task.query)))
    me.playing = me.autoplay = False  # the moment a task begins at is to be seen


def _check(task: Task, me: Player) -> None:
    verdict = task.check(Attempt(me.timeline, me.t, me.end, getattr(me, "guesses", ())))
    _verdicts()[task.slug] = verdict
    if verdict.done:
        progress.finish(task.slug)


def _verdicts() -> dict[str, Verdict]:
    """What the checks have said in this session, by task."""
    return st.session_state.setdefault("lesson.verdicts", {})  # type: ignore[no-any-return]


def _said(verdict: Verdict, me: Player) -> str:
    if verdict.done:
        return f"{TICK} **Done.** {verdict.says}"
    later = PLAYS_ON if me.playing and verdict != OTHER_RUN else ""
    return f":orange[:material/pending:] **Not yet.** {verdict.says}{later}"


def below(lesson: Lesson, me: Player) -> None:
    """Shows what stands below every lab: what to try, the code that runs, and what can be taken away."""
    tabs: dict[str, Callable[[], None]] = {
        "Try this": lambda: tasks(lesson, me),
        "The loop in code": lambda: code(type(me.agent), relatives(me)),
        "Take it with you": lambda: take_away(me),
    }
    for tab, show in zip(st.tabs(list(tabs), key=f"{lesson.slug}.more", on_change="rerun"), tabs.values(), strict=True):
        if tab.open:
            with tab:
                show()


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
