"""REINFORCE that trades: a softmax over short, flat and long for all that is seen."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from rl.agents.policy.base import fade, policy_step
from rl.agents.policy.reinforce import Episode, Reinforce, credit, forget, note
from rl.dice import ACTION, uniform
from rl.jit import jit
from rl.knob import knob
from rl.markets.trading import day_of, first_sight, seen_on, trade
from rl.policies import drawn, softmax_policies
from rl.tape import RUNNING, ending, write_chance, write_episode, write_step, write_update
from rl.updates import climb


@jit
def trading_reinforce_loop(model, seed, memory, clock, tape, stop_step, stop_episode, gamma, alpha, blind):
    """Learns at the end of each year from what followed each decision, as `reinforce_loop` does where states are known.

    What it learns from may be shaped, the return that is logged never is.
    """
    pi, visits, theta, slope = memory.pi, memory.visits, memory.theta, memory.slope
    n, (weight, credited) = memory.first[0], memory.sums
    t, s, episode, k = clock.counts
    ret = clock.ret[0]
    while t < stop_step and episode < stop_episode:
        if k == 0:
            n, weight, credited = forget(memory, n), 1.0, 0.0
        day = day_of(model, seed, episode, k)
        s = seen_on(model, day, s)
        a = drawn(pi[s], uniform(seed, t, ACTION))
        r, earned, s_next = trade(model, day, s, a, gamma)
        visits[s, a] += 1
        chance = pi[s, a]
        n = note(memory, 0 if blind else s, s, a, n, credited)
        credited += weight * r
        weight = fade(weight, gamma)
        ret += earned
        ended = ending(model, False, k)
        write_step(tape, t, s, a, False, r, s_next, ended, math.nan, episode, k, ret)
        write_chance(tape, t, chance, math.nan)
        s, k = s_next, k + 1
        if ended != RUNNING:
            s, a = memory.first[1], memory.first[2]
            old = theta[s, a]
            for i in range(n):
                credit(memory, memory.met[i], credited)
                climb(theta, pi, memory.met[i], slope, alpha, blind)
            write_update(tape, t, s, a, old, credited, theta[s, a], alpha)
            write_chance(tape, t, chance, 0.0)
            write_episode(tape, t, episode, k - 1, ret)
            episode, k, ret = episode + 1, 0, 0.0
            s = first_sight(model, seed, episode)
        t += 1
    memory.first[0], memory.sums[:] = n, (weight, credited)
    clock.counts[:] = t, s, episode, k
    clock.ret[0] = ret


@dataclass(frozen=True)
class TradingReinforce(Reinforce):
    """REINFORCE that trades. Its return is the log of what a year made of wealth, nothing discounted."""

    alpha: float = policy_step(0.5)
    gamma: float = knob(1.0, 0.0, 1.0, "Discount: how much the future counts. With less than 1 the first days of a "
                        "year are all that is learned from.", 0.01)

    family = "market"
    slug = "trading_reinforce"
    title = "REINFORCE that trades"
    short = "REINFORCE"
    order = 420
    loop: ClassVar[Callable[..., None]] = staticmethod(trading_reinforce_loop)

    def new_memory(self, model: Any, seed: int) -> Any:
        states, like = 3 * model.sights, np.zeros_like
        pi = np.full((states, 3), 1 / 3)
        met, listed = np.zeros((2, states), np.int64)
        return Episode(pi, np.zeros((states, 3), np.int64), like(pi), np.zeros(3), like(pi), like(pi), met, listed,
                       np.zeros(3, np.int64), np.array([1.0, 0.0]))

    def adopt(self, memory: Any, model: Any) -> None:
        """One just blinded goes by the preferences it has where it was most."""
        if self.sees == "nothing":
            memory.theta[:] = memory.theta[memory.visits.sum(axis=1).argmax()]
        softmax_policies(memory.pi, memory.theta)

    def work(self, model: Any) -> float:
        return 1.5 + (0.3 * model.sights if self.sees == "nothing" else 0.0)
