"""What the planners have in common: which state is backed up next, from which values, and what they remember."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from rl.agents.base import NEVER, Agent, Table, new_table
from rl.dice import PLACE, uniform
from rl.evaluation import backup
from rl.jit import jit
from rl.knob import choice, knob, text
from rl.mdp import Floats, Ints, TabularMDP

SEQUENCES = ("forwards", "backwards", "at random", "by hand")
FORWARDS, BACKWARDS, AT_RANDOM, BY_HAND = range(4)
BACKUPS = ("in place", "synchronous")
SYNCHRONOUS = 1
MOST_CLICKS = 2000
REPLAYED, FEW = 10**7, 500
"""Outcomes that a replay may look at, and how many a backup may have without being called slow."""


class Plan(NamedTuple):
    """What a planner knows of S states and A actions."""

    q: Floats  # (S, A) what each action promised when its state was backed up last
    visits: Ints  # (S, A) how often that was
    v: Floats  # (S,)
    before: Floats  # (S,) the values as the last sweep left them
    policy: Floats  # (S, A) probabilities: what is evaluated, or was found best
    states: Ints  # (S,) first the n states that episodes go on from
    counts: Ints  # (3,) n; whether this sweep improves the policy; and how many sweeps have evaluated it
    change: Floats  # (1,) the largest change of a value in this sweep


@jit
def place(states, n, sequence, clicks, seed, t, k):
    """Returns which of ``n`` states step ``t``, the ``k``-th of its sweep, backs up."""
    if sequence == BY_HAND:
        return clicks[t]
    if sequence == AT_RANDOM:
        return states[int(uniform(seed, t, PLACE) * n)]
    return states[min(k, n - 1)] if sequence == FORWARDS else states[max(n - 1 - k, 0)]


@jit
def look_ahead(mdp, v, q, s, gamma):
    """Q(s,a) = E[r + gamma v(s')] for every action there is in ``s`` (S&B eq. 4.2). Returns the first best action."""
    best = 0
    for a in range(q.shape[1]):
        missing = mdp.missing.size > 0 and mdp.missing[s, a]
        q[s, a] = -np.inf if missing else backup(mdp, v, s, a, gamma)
        if q[s, a] > q[s, best]:
            best = a
    return best


@jit
def under_policy(q, policy, s):
    """Returns sum_a pi(a|s) Q(s, a)."""
    total = 0.0
    for a in range(q.shape[1]):
        if policy[s, a] > 0.0:
            total += policy[s, a] * q[s, a]
    return total


@jit
def end_sweep(memory):
    """Keeps the values as they are now, for the next sweep to be held against."""
    memory.before[:] = memory.v
    memory.change[0] = 0.0


@dataclass(frozen=True)
class Planner(Agent):
    """Base of the planners: the world's table is known, and nobody acts in it."""

    gamma: float = knob(0.9, 0.0, 1.0, "Discount: how much the future counts. Each sweep shrinks the error by this, or "
                        "more.", 0.01)
    backups: str = choice("synchronous", BACKUPS, "Whether a backup sees the values of the last sweep (synchronous) or "
                          "those of this one already (in place).")
    sequence: str = choice("forwards", SEQUENCES, "Which state comes next: row by row, any, or by hand: the cell you "
                           "click.", label="order of states")
    initial: float = knob(0.0, -20.0, 20.0, "Value of every state before the first backup.", 0.5)
    clicks: str = text("", "The states backed up by hand, numbers joined by dots.")

    updates_many = True
    tables = (Table("v", "State values", "V(s), one number a state: what the next backups look ahead to.", "state"),)

    def __post_init__(self) -> None:
        super().__post_init__()
        read_clicks(self.clicks)

    def parameters(self) -> tuple[Any, ...]:
        """Discount, where the values are read, and the order of states; a subclass adds its own behind them."""
        return self.gamma, BACKUPS.index(self.backups), SEQUENCES.index(self.sequence), read_clicks(self.clicks)

    def new_memory(self, model: TabularMDP, seed: int) -> Plan:
        table = new_table(model, self.initial)
        n_states, n_actions = table.q.shape
        plan = Plan(*table, np.zeros(n_states), np.zeros(n_states), np.isfinite(table.q) / n_actions,
                    np.zeros(n_states, np.int64), np.zeros(3, np.int64), np.zeros(1))
        plan.policy[:] /= plan.policy.sum(axis=1, keepdims=True)
        self.adopt(plan, model)
        return plan

    def adopt(self, memory: Plan, model: TabularMDP) -> None:
        """Finds the states to go through, and gives those never backed up this planner's initial value."""
        states = np.flatnonzero(~model.absorbing)
        if (read_clicks(self.clicks) >= len(memory.v)).any():
            raise ValueError("a state was clicked that this world does not have.")
        memory.states[: len(states)], memory.counts[0] = states, len(states)
        new = memory.visits.sum(axis=1) == 0
        memory.q[new] = new_table(model, self.initial).q[new]
        memory.q[model.absorbing] = 0.0
        memory.v[new | model.absorbing] = memory.q[new | model.absorbing].max(axis=1)
        memory.before[new | model.absorbing] = memory.v[new | model.absorbing]

    def updates(self, memory: Plan) -> int:
        """How many states were backed up so far."""
        return int(memory.visits[:, 0].sum())

    @property
    def looks_up(self) -> bool:
        return True

    def work(self, model: TabularMDP) -> float:
        """A backup looks at all outcomes of all actions."""
        return 2 + model.cdf[0].size / 40

    def stride(self, model: TabularMDP) -> int:
        return int(max(1, REPLAYED // model.cdf[0].size)) if model.cdf[0].size > FEW else 0

    @property
    def discount(self) -> float:
        return self.gamma

    @property
    def step_size(self) -> float:
        return 1.0

    @property
    def last_step(self) -> int:
        return len(read_clicks(self.clicks)) if self.sequence == "by hand" else NEVER


@lru_cache(maxsize=64)
def read_clicks(clicks: str) -> Ints:
    """Reads states joined by dots, (n,); the array is shared. Raises ValueError with a sentence if they are none."""
    words = clicks.split(".") if clicks else []
    if len(words) > MOST_CLICKS:
        raise ValueError(f"at most {MOST_CLICKS:,} states are backed up by hand: start over.")
    if not all(word.isascii() and word.isdigit() and len(word) < 7 for word in words):
        raise ValueError("states backed up by hand are numbers joined by dots.")
    return np.array([int(word) for word in words], np.int64)
