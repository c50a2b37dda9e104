"""Traders that learn nothing: the ones every learner has to be compared with."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from rl.agents.base import Agent, Token
from rl.dice import ACTION, uniform
from rl.jit import jit
from rl.knob import choice, knob
from rl.markets.trading import FLAT, LONG, MarketModel, day_of, first_sight, seen_on, trade
from rl.mdp import Floats, Ints
from rl.planning import action_values, greedy_policy, value_iteration
from rl.policies import drawn
from rl.tape import RUNNING, ending, write_chance, write_episode, write_step

HOLD, CASH, RANDOM, BEST = "buy and hold", "stay flat", "at random", "optimum"
RULES = (HOLD, CASH, RANDOM, BEST)


@jit
def rule_loop(model, seed, memory, clock, tape, stop_step, stop_episode, gamma):
    """Acts by a policy that stays as it is."""
    pi, visits = memory.pi, memory.visits
    t, s, episode, k = clock.counts
    ret = clock.ret[0]
    while t < stop_step and episode < stop_episode:
        day = day_of(model, seed, episode, k)
        s = seen_on(model, day, s)
        a = drawn(pi[s], uniform(seed, t, ACTION))
        r, earned, s_next = trade(model, day, s, a, gamma)
        visits[s, a] += 1
        ret += earned
        ended = ending(model, False, k)
        write_step(tape, t, s, a, False, r, s_next, ended, np.nan, episode, k, ret)
        write_chance(tape, t, pi[s, a], np.nan)
        s, k = s_next, k + 1
        if ended != RUNNING:
            write_episode(tape, t, episode, k - 1, ret)
            episode, k, ret = episode + 1, 0, 0.0
            s = first_sight(model, seed, episode)
        t += 1
    clock.counts[:] = t, s, episode, k
    clock.ret[0] = ret


class Rule(NamedTuple):
    """The chances of the actions, and how often each was taken, both (S, 3)."""

    pi: Floats
    visits: Ints


@dataclass(frozen=True)
class FixedRule(Agent):
    """Buys and holds, stays out, throws dice, or does what is best under the law of the market.

    The law is exact where the market is one we made. Elsewhere it is counted on the days that are learned from, and the
    optimum is only that of those days.
    """

    rule: str = choice(HOLD, RULES, "What it does, day by day.")
    gamma: float = knob(0.9, 0.0, 0.999, "Discount by which the optimum is one.", 0.01)

    family = "market"
    slug = "trading_rule"
    title = "A fixed rule"
    order = 430
    source = "Sutton & Barto, chapter 4, for the optimum"
    learns = "pi"
    loop = staticmethod(rule_loop)
    update = staticmethod(drawn)
    equation = (Token("new", "π(S)", "chance"), Token("", "stays as it is"))

    def parameters(self) -> tuple[Any, ...]:
        return (self.gamma,)

    def new_memory(self, model: Any, seed: int) -> Any:
        shape = 3 * model.sights, 3
        return Rule(self.policy(model), np.zeros(shape, np.int64))

    def adopt(self, memory: Any, model: Any) -> None:
        memory.pi[:] = self.policy(model)

    def inherit(self, memory: Any, model: Any, seed: int) -> Any:
        return self.new_memory(model, seed)._replace(visits=memory.visits.copy())

    def policy(self, model: MarketModel) -> Floats:
        """Returns the chances of its actions, (S, 3)."""
        if self.rule == BEST:
            return greedy_policy(action_values(model.known, value_iteration(model.known, self.gamma), self.gamma))
        chances = {HOLD: np.eye(3)[LONG], CASH: np.eye(3)[FLAT], RANDOM: np.full(3, 1 / 3)}[self.rule]
        return np.tile(chances, (3 * model.sights, 1))

    @property
    def plans_by_law(self) -> bool:
        return self.rule == BEST

    @property
    def discount(self) -> float:
        return self.gamma
