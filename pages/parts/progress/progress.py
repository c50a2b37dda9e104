"""Which tasks are done: known to the session, and kept by the learner's own browser from one visit to the next.

The browser tells what it holds once, when it knows more than the session; it is told of every task that is done. It
writes down the sum of both, so that two tabs do not undo each other. Without storage the ticks last for the session.
"""

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import streamlit as st

HERE = Path(__file__).parent
KEY = "progress"
SLUG = re.compile(r"[a-z0-9_.-]{1,40}")
MOST = 500
HIDDEN = f".st-key-{KEY} {{ position: absolute; height: 0; }}"
"""CSS that a page begins with, so that nothing moves when the browser's part comes."""


@dataclass
class Progress:
    """What one session knows."""

    done: set[str] = field(default_factory=set)
    session: str = field(default_factory=lambda: uuid4().hex)
    forgotten: int = 0  # how often the learner asked to forget
    forget: int = 0  # the request that the browser has not answered yet


def progress() -> Progress:
    """Returns this session's progress."""
    if "progress.known" not in st.session_state:
        st.session_state["progress.known"] = Progress()
    return st.session_state["progress.known"]  # type: ignore[no-any-return]


def done() -> set[str]:
    """Returns the slugs of the tasks that are done. To be called once a page, in the fragment that shows them: it
    alone is drawn again when the browser has told what it holds."""
    mine = progress()
    with st.container(key=KEY):
        renderer((HERE / "progress.js").read_text(encoding="utf-8"))(
            key="progress.keeper", on_event_change=heard,
            data={"session": mine.session, "done": sorted(mine.done), "forget": mine.forget})
    return set(mine.done)


def finish(slug: str) -> None:
    """Notes that a task is done."""
    progress().done.add(slug)


def forget() -> None:
    """Forgets everything, here and in the browser."""
    mine = progress()
    mine.done.clear()
    mine.forgotten += 1
    mine.forget = mine.forgotten


def heard() -> None:
    """Takes what the browser has to say; anything that makes no sense is passed over."""
    event = st.session_state["progress.keeper"].get("event")
    if isinstance(event, dict):
        take(progress(), event)


def take(mine: Progress, event: dict[str, Any]) -> None:
    """Adds what the browser holds, or notes that it has forgotten."""
    if event.get("forgot") == mine.forget:
        mine.forget = 0
    kept = event.get("kept")
    if isinstance(kept, list) and not mine.forget:
        slugs = [slug for slug in kept[:MOST] if isinstance(slug, str) and SLUG.fullmatch(slug)]
        mine.done.update(slugs[: MOST - len(mine.done)])


@cache
def renderer(js: str) -> Any:
    """Registers the component, once for every version of its file."""
    return st.components.v2.component("stepwise_progress", js=js)
