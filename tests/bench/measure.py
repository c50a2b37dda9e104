"""How measurements are taken, and the row each becomes."""

import time
from collections.abc import Callable
from statistics import median
from typing import NamedTuple

Clock = Callable[[], float]


class Row(NamedTuple):
    """One line of the table. ``met`` is None where nothing was promised."""

    name: str
    measured: str
    target: str = ""
    met: bool | None = None


def at_least(name: str, value: float, target: float, unit: str = "x", detail: str = "") -> Row:
    """Makes the row of a number that should be high."""
    return Row(name, f"{value:.3g} {unit}{detail}", f">= {target:g} {unit}", value >= target)


def below(name: str, value: float, target: float, unit: str, detail: str = "") -> Row:
    """Makes the row of a number that should be low."""
    return Row(name, f"{value:.3g} {unit}{detail}", f"< {target:g} {unit}", value < target)


def seconds(work: Callable[[], object], clock: Clock = time.perf_counter) -> float:
    """Times one call."""
    start = clock()
    work()
    return clock() - start


def interleaved(repeats: int, *works: Callable[[], object], clock: Clock = time.process_time) -> list[float]:
    """Times each of ``works`` in turn, again and again, and returns the median of each.

    What is compared meets the same weather this way. CPU time by default, since other processes share the machine.
    """
    times = [[seconds(work, clock) for work in works] for _ in range(repeats)]
    return [median(column) for column in zip(*times, strict=True)]
