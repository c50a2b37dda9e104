"""What a reproduction is: something published, work in slices, and what came out beside what was published."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, NamedTuple

import numpy as np

from rl.bandit_study import in_threads
from rl.mdp import Floats
from rl.timeline import Timeline
from rl.trials import play

Job = Callable[[], Any]
AT_ONCE = 5
"""Seeds of one job: a fraction of a second."""


class Claim(NamedTuple):
    """One published number, and how near to it counts as the same."""

    name: str
    published: float
    tolerance: float
    how: str  # where the tolerance comes from


class Row(NamedTuple):
    """A claim with what was measured here."""

    name: str
    published: float
    tolerance: float
    measured: float
    holds: bool
    how: str


class Line(NamedTuple):
    """A line of a figure."""

    x: Floats
    y: Floats


class Mark(NamedTuple):
    """A published number where it stands in the figure."""

    x: float
    y: float
    tolerance: float


@dataclass(frozen=True)
class Drawing:
    """What a figure shows; `rl.figures.book` draws it."""

    x: str
    y: str
    lines: dict[str, Line]
    marks: tuple[Mark, ...] = ()
    log: bool = False  # whether x is
    low: float | None = None  # the smallest y that is seen at first, where lines fall far below


class Made(NamedTuple):
    """What came out: a number for each claim, in their order, and the figure."""

    measured: tuple[float, ...]
    drawing: Drawing


@dataclass(frozen=True)
class Reproduction:
    """Something the book shows that the engine can make again."""

    slug: str
    title: str
    source: str
    what: str  # is run, in one sentence
    claims: tuple[Claim, ...]
    jobs: Callable[[], Sequence[Job]] = field(repr=False)  # independent pieces of work
    made: Callable[[list[Any]], Made] = field(repr=False)  # of what the jobs returned, in their order

    def begin(self) -> "Making":
        """Gets ready to do it."""
        return Making(self)

    def rows(self, measured: Sequence[float]) -> list[Row]:
        """Holds what was measured against the claims."""
        return [Row(c.name, c.published, c.tolerance, m, abs(m - c.published) <= c.tolerance, c.how)
                for c, m in zip(self.claims, measured, strict=True)]


class Making:
    """A reproduction under way."""

    def __init__(self, of: Reproduction) -> None:
        self.of, self.jobs = of, list(of.jobs())
        self.found: list[Any] = [None] * len(self.jobs)
        self.next, self.ready, self.lock = 0, 0, Lock()
        self.result: Made | None = None

    @property
    def progress(self) -> float:
        """How much is done, from 0 to 1."""
        return 1.0 if self.result else self.ready / (len(self.jobs) + 1)

    def advance(self, seconds: float, threads: int = 1) -> bool:
        """Works for about so long. Returns whether all is done, and ``result`` there."""
        stop = time.perf_counter() + seconds
        in_threads(threads, lambda _: self._work(stop))
        if self.result is None and self.ready == len(self.jobs):
            self.result = self.of.made(self.found)
        return self.result is not None

    def _work(self, stop: float) -> None:
        while time.perf_counter() < stop:
            with self.lock:
                number, self.next = self.next, self.next + 1
            if number >= len(self.jobs):
                return
            self.found[number] = self.jobs[number]()
            with self.lock:
                self.ready += 1


def episodes_of(timelines: Sequence[Timeline], seeds: int, episodes: int) -> list[Job]:
    """Returns jobs that run each timeline from so many seeds; `joined` puts together what they return."""
    def job(timeline: Timeline, first: int) -> Job:
        block = range(first, min(first + AT_ONCE, seeds))
        return lambda: np.stack([play(timeline, seed, episodes)[1] for seed in block])

    return [job(timeline, first) for timeline in timelines for first in range(0, seeds, AT_ONCE)]


def joined(found: list[Any], timelines: int) -> list[Floats]:
    """Returns for every timeline what its jobs returned, one below the other."""
    each = len(found) // timelines
    return [np.concatenate(found[i * each : (i + 1) * each]) for i in range(timelines)]
