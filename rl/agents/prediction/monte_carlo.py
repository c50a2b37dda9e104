"""Monte Carlo prediction: the value of a policy as the average of what followed."""

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from rl.agents.base import Token
from rl.agents.prediction.base import Prediction
from rl.dice import ACTION, START, WORLD, uniform
from rl.jit import jit
from rl.knob import choice
from rl.mdp import Floats, Ints, TabularMDP, act, start_state
from rl.policies import AVERAGE, drawn, step_size
from rl.tape import ending, write_episode, write_step, write_update
from rl.updates import move_value

VISITS = ("first", "every")
FIRST, EVERY = 0, 1
FAINT = 1e-200
"""A weight below this is none: what follows are numbers with which a processor takes a hundred times as long."""


class ReturnTable(NamedTuple):
    """A `VTable`, and what each state will learn from this episode, kept up to date step by step.

    So an episode may be of any length, and takes no more room than there are states.
    """

    v: Floats
    visits: Ints
    policy: Floats
    updates: Ints  # (S,) how many returns each value has learned from
    met: Ints  # (S,) the states visited in this episode, in order
    seen: Ints  # (1,): how many they are
    times: Ints  # (S,) how many of its visits in this episode count
    share: Floats  # (S,) how much the return after the next of them is to count
    worth: Floats  # (S,) how much those after all of them count together
    collected: Floats  # (S,) discounted rewards after them, each as much as it counts
    weight: Floats  # (S,) how much the next reward adds to that


@jit
def note_visit(memory, s, n, mode, alpha):
    """Begins to collect the return after this visit to ``s``, if it counts. Returns how many states were visited.

    The returns of an episode are learned from last to first, so each counts 1 - alpha times as much as the one before.
    """
    if memory.times[s] == 0:
        memory.met[n], memory.share[s] = s, 1.0
        memory.worth[s] = memory.collected[s] = memory.weight[s] = 0.0
        n += 1
    elif mode == FIRST:
        return n
    memory.times[s] += 1
    memory.worth[s] += memory.share[s]
    memory.weight[s] += memory.share[s]
    memory.share[s] *= 1.0 - alpha
    return n


@jit
def collect(memory, n, r, gamma):
    """Adds a reward to the returns of the ``n`` states visited in this episode."""
    for i in range(n):
        s = memory.met[i]
        memory.collected[s] += memory.weight[s] * r
        memory.weight[s] = memory.weight[s] * gamma if memory.weight[s] > FAINT else 0.0


@jit
def monte_carlo_prediction_loop(mdp, seed, memory, clock, tape, stop_step, stop_episode,
                                gamma, alpha_first, alpha_last, alpha_schedule, span, mode):
    """Learns at the end of each episode from the returns after visits (S&B section 5.1, box on p. 92).

    An episode that a time limit cuts short is taken to go on as the state it reached is thought to be worth. The log
    names the state it began in, which is updated last.
    """
    v, visits, policy, updates = memory.v, memory.visits, memory.policy, memory.updates
    n = memory.seen[0]
    t, s, episode, k = clock.counts
    ret = clock.ret[0]
    while t < stop_step and episode < stop_episode:
        if k == 0:
            memory.times[:] = 0
            n = 0
        a = drawn(policy[s], uniform(seed, t, ACTION))
        r, s_next, terminal = act(mdp, s, a, uniform(seed, t, WORLD))
        visits[s] += 1
        alpha = step_size(alpha_schedule, alpha_first, alpha_last, span, episode, updates[s] + 1)
        n = note_visit(memory, s, n, mode, 0.0 if alpha_schedule == AVERAGE else alpha)
        collect(memory, n, r, gamma)
        ret += r
        ended = ending(mdp, terminal, k)
        write_step(tape, t, s, a, False, r, s_next, ended, math.nan, episode, k, ret)
        if ended:
            beyond = 0.0 if terminal else v[s_next]
            for i in range(n - 1, -1, -1):
                s = memory.met[i]
                target = (memory.collected[s] + memory.weight[s] * beyond) / memory.worth[s]
                updates[s] += memory.times[s]
                alpha = step_size(alpha_schedule, alpha_first, alpha_last, span, episode, updates[s])
                alpha = min(1.0, alpha * memory.worth[s])
                old = v[s]
                move_value(v, s, target, alpha)
                write_update(tape, t, s, 0, old, target, v[s], alpha)
            write_episode(tape, t, episode, k, ret)
            episode, k, ret = episode + 1, 0, 0.0
            s = start_state(mdp, uniform(seed, episode, START))
        else:
            s, k = s_next, k + 1
        t += 1
    memory.seen[0] = n
    clock.counts[:] = t, s, episode, k
    clock.ret[0] = ret


@dataclass(frozen=True)
class MonteCarloPrediction(Prediction):
    """Monte Carlo prediction."""

    visit: str = choice("first", VISITS, "Which visits to a state in an episode count: the first one, or every one. "
                        "Returns after later visits are part of those after earlier ones.", label="visits that count")

    slug = "mcp"
    title = "Monte Carlo"
    order = 140
    source = "Sutton & Barto, section 5.1"
    loop = staticmethod(monte_carlo_prediction_loop)
    update = staticmethod(move_value)
    updates_many = True
    equation = (
        Token("new", "V(S)", "new"), Token("", "←"), Token("old", "V(S)", "old"), Token("", "+"),
        Token("", "α", "alpha"), Token("", "["), Token("target", "G", "target"), Token("", "−"),
        Token("old", "V(S)", "old"), Token("", "]"),
    )

    def parameters(self) -> tuple[Any, ...]:
        return *super().parameters(), VISITS.index(self.visit)

    def new_memory(self, model: TabularMDP, seed: int) -> ReturnTable:
        table = super().new_memory(model, seed)
        updates, met, times = np.zeros((3, len(table.v)), np.int64)
        share, worth, collected, weight = np.zeros((4, len(table.v)))
        return ReturnTable(table.v, table.visits, table.policy, updates, met, np.zeros(1, np.int64), times, share,
                           worth, collected, weight)

    def work(self, model: TabularMDP) -> float:
        return 1 + len(model.cdf) / 50

    def updates(self, memory: Any) -> int:
        return int(memory.updates.sum())
