"""What is shown of a sweep, made anew only where there is something new, and seldom where that takes long."""

import time
from collections.abc import Callable, Hashable
from typing import Any, NamedTuple

from rl.experiments.results import Results
from rl.experiments.sweep import RUNNING, WAITING, Sweep

SHARE = 0.2
"""Of the time while a sweep runs, at most so much goes into drawing."""


class Drawn(NamedTuple):
    """Something that was made of results."""

    thing: Any
    far: tuple[int, int]  # how far the sweep was: runs, and conditions that cannot be run
    at: float
    seconds: float  # it took


class Shelf:
    """Figures of one sweep, by what they show."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.sweep: Sweep | None = None
        self.things: dict[Hashable, Drawn] = {}

    def get(self, what: Hashable, sweep: Sweep, make: Callable[[Results], Any]) -> Any:
        """Returns what ``make`` makes of the results so far, or what it made of them lately."""
        if sweep is not self.sweep:
            self.sweep, self.things = sweep, {}
        old, begun, progress = self.things.get(what), self.clock(), sweep.progress()
        if old is not None:
            early = progress.state in (RUNNING, WAITING) and begun < old.at + old.seconds * (1 / SHARE - 1)
            if early or old.far == (progress.done, len(sweep.errors)):
                return old.thing
        found = sweep.snapshot()
        thing, end = make(found), self.clock()
        self.things[what] = Drawn(thing, (int(found.done.sum()), len(found.errors)), end, end - begun)
        return thing
