"""Eligibility traces: which actions led here, and how long ago. What SARSA(lambda) and Q(lambda) share."""

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from rl.agents.base import Table
from rl.agents.control.base import Control
from rl.agents.control.sarsa import OPEN
from rl.jit import jit
from rl.knob import choice, knob
from rl.mdp import Floats, Ints, TabularMDP
from rl.updates import FAINT

TRACES = ("replacing", "accumulating")


class Traces(NamedTuple):
    """A Q-table with a trace for each entry."""

    q: Floats
    visits: Ints
    trace: Floats  # (S, A)
    recent: Ints  # (S * A, 2) the states and actions whose trace is not 0, in its first rows
    counts: Ints  # (2,) how many they are, and how many values were updated so far
    chosen: Ints  # (2,) the action for the step to come, or OPEN, and whether it explores


@jit
def mark(trace, recent, n, s, a, replacing):
    """Adds 1 to the trace of (s, a), or sets it to 1. Returns how many pairs have a trace, which ``recent`` lists."""
    if trace[s, a] == 0.0:
        recent[n, 0], recent[n, 1] = s, a
        n += 1
    trace[s, a] = 1.0 if replacing else trace[s, a] + 1.0
    return n


@jit
def clear(trace, recent, n):
    """Sets the ``n`` traces that ``recent`` lists to 0. Returns how many are left: none."""
    for i in range(n):
        trace[recent[i, 0], recent[i, 1]] = 0.0
    return 0


@dataclass(frozen=True)
class Traced(Control):
    """Base of the agents with traces. Those of an episode are seen until the next begins."""

    lam: float = knob(0.9, 0.0, 1.0, "How much of its trace an action keeps from step to step, besides the discount. 0 "
                      "updates the last action only, 1 all of the episode.", 0.05, label="λ  trace decay")
    traces: str = choice("replacing", TRACES, "What another visit does to a trace: it replaces what is left, or "
                         "adds to it, which diverges where steps are large.")

    updates_many = True
    tables = (Table("trace", "Traces", "How much each action is held to account for what happens now."),)

    def parameters(self) -> tuple[Any, ...]:
        return *super().parameters(), self.lam, self.traces == "replacing"

    def new_memory(self, model: TabularMDP, seed: int) -> Any:
        q, visits = super().new_memory(model, seed)
        return Traces(q, visits, np.zeros(q.shape), np.zeros((q.size, 2), np.int64), np.zeros(2, np.int64),
                      np.array([OPEN, 0], np.int64))

    def inherit(self, memory: Any, model: TabularMDP, seed: int) -> Any:
        mine = super().inherit(memory, model, seed)
        mine.counts[1] = mine.visits.sum()
        return mine

    def adopt(self, memory: Any, model: TabularMDP) -> None:
        super().adopt(memory, model)
        memory.chosen[:] = OPEN, 0

    def work(self, model: TabularMDP) -> float:
        """Each step goes through all pairs with a trace: those of the last steps, as far as traces have not faded."""
        pairs, fade = model.cdf[..., 0].size, self.gamma * self.lam
        steps = math.log(FAINT) / math.log(fade) if 0 < fade < 1 else pairs * fade
        return 1 + min(steps, pairs) / 30

    def updates(self, memory: Any) -> int:
        return int(memory.counts[1])
