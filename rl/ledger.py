"""Every update that built one entry of the Q-table, found by replaying the steps in which it changed."""

from operator import itemgetter
from typing import NamedTuple

import numpy as np

from rl.changes import changes, shown_tables
from rl.run import Run
from rl.tape import StepLog, cut, each, joined
from rl.timeline import Timeline

BLOCK = 2**14
SMALL_BLOCK, FARTHEST, FARTHEST_UNLISTED = 2**9, 2**12, 2**10
"""Where a step changes many entries each has to be looked into: in smaller blocks, and not so far back; even less far
where a world is slow to play."""


class Ledger(NamedTuple):
    """The newest updates of Q(s, a), newest first, and how many there were in all, as far as was looked."""

    total: int
    steps: list[int]  # when
    log: StepLog  # what; the target is NaN where the update was not the one its step is about


def ledger(timeline: Timeline, t: int, s: int, a: int, most: int = 200) -> Ledger:
    """Looks back from moment ``t`` for the updates of Q(s, a), at most the newest ``most`` of them."""
    if timeline.settings(t).agent.updates_many:
        return _changed(timeline, t, s, a, most)
    return _named(timeline, t, s, a, most)


def _named(timeline: Timeline, t: int, s: int, a: int, most: int) -> Ledger:
    """Looks for the steps whose log names the entry.

    Blocks of steps in which the entry was not visited are passed over, so a long run is no slower than a busy entry.
    """
    total = left = _visits(timeline, t, s, a)
    steps: list[int] = []
    logs: list[StepLog] = [timeline.steps(0, 0)]
    stop = t
    while left and len(steps) < most:
        start = (stop - 1) // BLOCK * BLOCK
        before = _visits(timeline, start, s, a)
        if before < left:
            log = timeline.steps(start, stop)
            rows = np.flatnonzero((log.updated_state == s) & (log.updated_action == a))[::-1]
            steps += (rows + start).tolist()
            logs.append(each(log, itemgetter(rows)))
        left, stop = before, start
    return Ledger(total, steps[:most], cut(joined(logs), 0, most))


def _visits(timeline: Timeline, t: int, s: int, a: int) -> int:
    visits = timeline.at(t).memory.visits
    return int(visits[s] if visits.ndim == 1 else visits[s, a])


def _changed(timeline: Timeline, t: int, s: int, a: int, most: int) -> Ledger:
    """Looks for the steps in which the entry changed, by playing the last few thousand of them again."""
    steps: list[int] = []
    logs: list[StepLog] = [timeline.steps(0, 0)]
    stop, first = t, max(0, t - (FARTHEST if timeline.settings(t).env.listed else FARTHEST_UNLISTED))
    while stop > first and len(steps) < most:
        start = max(first, stop - SMALL_BLOCK)
        rows, log = _changes_of(timeline, start, stop, s, a)
        steps += (rows[::-1] + start).tolist()
        logs.append(each(log, itemgetter(slice(None, None, -1))))
        stop = start
    return Ledger(len(steps), steps[:most], cut(joined(logs), 0, most))


def _changes_of(timeline: Timeline, start: int, stop: int, s: int, a: int) -> tuple[np.ndarray, StepLog]:
    found = changes(timeline, start, stop)
    places = np.flatnonzero(found.entry == _entry(timeline.at(start), s, a))
    rows = np.searchsorted(found.first, places, side="right") - 1
    log = each(timeline.steps(start, stop), itemgetter(rows))
    named = (log.updated_state == s) & (log.updated_action == a)
    changed = {"old": found.was[places], "new": found.now[places], "target": np.where(named, log.target, np.nan)}
    return rows, StepLog(**(log._asdict() | changed))  # a log counts its rows: `_replace` takes them for columns


def _entry(run: Run, s: int, a: int) -> int:
    """Finds the number of an entry among all that a stage shows; of a policy it is the preference that is updated."""
    names = shown_tables(run.agent)
    place = names.index("theta") if run.agent.learns == "pi" and "theta" in names else 0
    *before, table = (getattr(run.memory, name) for name in names[: place + 1])
    return sum(other.size for other in before) + (s if table.ndim == 1 else s * table.shape[1] + a)
