"""Everything a step changed in what an agent remembers, found by looking before and after.

Most algorithms change one entry a step, and the step's log names it. Traces, planning, and returns that are known only
at the end change many at once; those are found here, so that no loop has to keep books for the stage.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from rl.agents.base import Agent
from rl.mdp import Floats, Ints
from rl.run import Run, one_by_one
from rl.timeline import Timeline


class Changes(NamedTuple):
    """What n steps changed; the entries of the tables are numbered through, one table behind the other."""

    first: Ints  # (n + 1,) where the changes of each step begin in the columns below
    entry: Ints
    was: Floats
    now: Floats


def shown_tables(agent: Agent) -> tuple[str, ...]:
    """Names the arrays of the memory that a stage shows: values, visits, and what else the agent has to show."""
    return agent.learns, "visits", *(table.name for table in agent.tables)


def stacked(run: Run) -> Floats:
    """Puts the tables a stage shows end to end, as numbers in full precision."""
    return np.concatenate([np.asarray(getattr(run.memory, name), np.float64).ravel()
                           for name in shown_tables(run.agent)])


def changes(timeline: Timeline, t0: int, t1: int) -> Changes:
    """Lists what the steps t0 to t1 - 1 changed, knobs moved on the way included.

    Where another algorithm takes over, what it finds is no change.
    """
    run = timeline.at(t0)
    before, found = stacked(run), []
    t1 = min(t1, timeline.last)
    cuts = [t0, *(edit.step for edit in timeline.edits if t0 < edit.step < t1), t1]
    for start, stop in pairwise(cuts):
        run, kind = timeline.at(start), type(run.agent)
        before = before if type(run.agent) is kind else stacked(run)  # another algorithm has other tables
        for _ in one_by_one(run, stop):
            after = stacked(run)
            entries = np.flatnonzero(before.view(np.int64) != after.view(np.int64))  # bit for bit: NaN is no change
            found.append((entries, before[entries], after[entries]))
            before = after
    first = np.cumsum([0, *(len(entries) for entries, _, _ in found)])
    entry, was, now = (np.concatenate([np.zeros(0), *column]) for column in zip(*found, strict=True)) if found else (
        np.zeros(0), np.zeros(0), np.zeros(0))
    return Changes(np.asarray(first, np.int64), entry.astype(np.int64), was, now)
