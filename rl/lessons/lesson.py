"""The shape of a lesson: an idea, and things to try that each open a run made for them and can be checked."""

from collections.abc import Callable
from typing import Any, NamedTuple

from rl.lessons.misconceptions import Misconception
from rl.timeline import Timeline


class Attempt(NamedTuple):
    """What a learner asks to have checked: a run, the moment shown, and the furthest moment reached."""

    timeline: Timeline
    t: int
    end: int
    guesses: tuple[Any, ...] = ()  # each with .t, .said and .right; only where a page asks for predictions


class Verdict(NamedTuple):
    """What a check finds; ``says`` is a sentence with the numbers it measured."""

    done: bool
    says: str


class Task(NamedTuple):
    """Something to try: a run to open, what to do with it, what to notice, and what gets the tick.

    Texts may hold [[glossary terms]]. ``check`` fails at ``query`` and passes at ``solved``; it never raises.
    """

    slug: str  # short and for ever, such as "q.backwards": progress is kept under it
    title: str
    do: str
    notice: str
    goal: str  # what gets the tick, one sentence
    misconception: Misconception
    query: str  # the run, as in a link
    check: Callable[[Attempt], Verdict]
    solved: str  # a run that passes, as in a link; for the tests alone
    guesses: tuple[Any, ...] = ()  # that it takes to pass there, where a page asks for predictions


class Lesson(NamedTuple):
    """The words of a page."""

    slug: str  # the name of its page
    title: str
    teaches: str  # one line
    minutes: int  # how long it takes, tasks included
    idea: str
    tasks: tuple[Task, ...]
