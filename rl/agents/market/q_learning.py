"""Q-learning and Expected SARSA on days in order: the table is over what is seen of a day, and what is held."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from rl.agents.base import QTable
from rl.agents.control.expected_sarsa import ExpectedSarsa
from rl.agents.control.q_learning import QLearning
from rl.jit import jit
from rl.knob import choice, knob
from rl.markets.trading import MarketModel, day_of, first_sight, seen_on, trade
from rl.policies import STEP_SCHEDULES, epsilon_greedy, scheduled, step_size
from rl.tape import RUNNING, ending, write_episode, write_step, write_update
from rl.updates import expected_sarsa, q_learning


@jit
def trading_loop(model, seed, memory, clock, tape, stop_step, stop_episode,
                 gamma, alpha_first, alpha_last, alpha_schedule, epsilon_first, epsilon_last, schedule, span, averages):
    """Learns while acting epsilon-greedily; what it learns from may be shaped, the return that is logged never is."""
    q, visits = memory.q, memory.visits
    t, s, episode, k = clock.counts
    ret = clock.ret[0]
    epsilon = scheduled(schedule, epsilon_first, epsilon_last, span, episode)
    while t < stop_step and episode < stop_episode:
        day = day_of(model, seed, episode, k)
        s = seen_on(model, day, s)
        a, explored = epsilon_greedy(q, s, epsilon, seed, t)
        r, earned, s_next = trade(model, day, s, a, gamma)
        visits[s, a] += 1
        alpha = step_size(alpha_schedule, alpha_first, alpha_last, span, episode, visits[s, a])
        old = q[s, a]
        if averages:
            error = expected_sarsa(q, s, a, r, gamma, s_next, epsilon, alpha)
        else:
            error = q_learning(q, s, a, r, gamma, s_next, alpha)
        ret += earned
        ended = ending(model, False, k)
        write_step(tape, t, s, a, explored, r, s_next, ended, epsilon, episode, k, ret)
        write_update(tape, t, s, a, old, old + error, q[s, a], alpha)
        s, k = s_next, k + 1
        if ended != RUNNING:
            write_episode(tape, t, episode, k - 1, ret)
            episode, k, ret = episode + 1, 0, 0.0
            s = first_sight(model, seed, episode)
            epsilon = scheduled(schedule, epsilon_first, epsilon_last, span, episode)
        t += 1
    clock.counts[:] = t, s, episode, k
    clock.ret[0] = ret


def new_trading_table(model: MarketModel, initial: float) -> QTable:
    """Makes a table of one value for all positions."""
    shape = 3 * model.sights, 3
    return QTable(np.full(shape, float(initial)), np.zeros(shape, np.int64))


@dataclass(frozen=True)
class TradingQLearning(QLearning):
    """Q-learning that trades. A day's return is mostly luck, so it averages: the n-th update counts 1/n."""

    gamma: float = knob(0.9, 0.0, 1.0, "Discount: how much the future counts. 0 sees only the next day.", 0.01)
    alpha_schedule: str = choice("1/n", STEP_SCHEDULES, "How the step size changes: over the episodes, or 1/n, the "
                                 "n-th update of an entry counting as much as each one before.")
    initial: float = knob(0.0, -1.0, 1.0, "Value given to actions never tried.", 0.01)

    family = "market"
    slug = "trading_q"
    title = "Q-learning that trades"
    short = "Q-learning"
    order = 400
    loop: ClassVar[Callable[..., None]] = staticmethod(trading_loop)

    def parameters(self) -> tuple[Any, ...]:
        return *super().parameters(), False

    def new_memory(self, model: Any, seed: int) -> Any:
        return new_trading_table(model, self.initial)

    def adopt(self, memory: Any, model: Any) -> None:
        """Gives what was never tried this agent's initial value."""
        memory.q[memory.visits == 0] = self.initial


@dataclass(frozen=True)
class TradingExpectedSarsa(TradingQLearning):
    """Expected SARSA that trades: it reckons with its own exploring, which costs money."""

    slug = "trading_esarsa"
    title = "Expected SARSA that trades"
    short = "Expected SARSA"
    order = 410
    source = ExpectedSarsa.source
    update: ClassVar[Callable[..., float]] = staticmethod(expected_sarsa)
    equation = ExpectedSarsa.equation

    def parameters(self) -> tuple[Any, ...]:
        return *QLearning.parameters(self), True
