"""Every update that built one entry of the Q-table, found by replaying the steps in which it changed."""

from operator import itemgetter
from typing import NamedTuple

import numpy as np

from rl.tape import StepLog, cut, each, joined
from rl.timeline import Timeline

BLOCK = 2**14


class Ledger(NamedTuple):
    """The newest updates of Q(s, a), newest first, and how many there were in all."""

    total: int
    steps: list[int]  # when
    log: StepLog  # what


def ledger(timeline: Timeline, t: int, s: int, a: int, most: int = 200) -> Ledger:
    """Looks back from moment ``t`` for the updates of Q(s, a), at most the newest ``most`` of them.

    Blocks of steps in which the entry was not visited are passed over, so a long run is no slower than a busy entry.
    """
    total = left = int(timeline.at(t).memory.visits[s, a])
    steps: list[int] = []
    logs: list[StepLog] = [timeline.steps(0, 0)]
    stop = t
    while left and len(steps) < most:
        start = (stop - 1) // BLOCK * BLOCK
        before = int(timeline.at(start).memory.visits[s, a])
        if before < left:
            log = timeline.steps(start, stop)
            rows = np.flatnonzero((log.state == s) & (log.action == a))[::-1]
            steps += (rows + start).tolist()
            logs.append(each(log, itemgetter(rows)))
        left, stop = before, start
    return Ledger(total, steps[:most], cut(joined(logs), 0, most))
