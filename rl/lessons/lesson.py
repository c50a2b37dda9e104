"""The shape of a lesson: an idea, and things to try that each open a run made for them."""

from typing import NamedTuple


class Task(NamedTuple):
    """Something to try: a run to open, what to do with it and what to notice."""

    title: str
    do: str
    notice: str
    query: str  # the run, as in a link


class Lesson(NamedTuple):
    """The words of a page."""

    title: str
    idea: str
    tasks: tuple[Task, ...]
