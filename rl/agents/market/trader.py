"""A person who trades: their positions, learned from as an agent would."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from rl.agents.human import Human, check_moves
from rl.agents.market.q_learning import new_trading_table
from rl.jit import jit
from rl.markets.trading import day_of, first_sight, seen_on, trade
from rl.tape import RUNNING, ending, write_episode, write_step, write_update
from rl.updates import q_learning


@jit
def trader_loop(model, seed, memory, clock, tape, stop_step, stop_episode, moves, alpha, gamma):
    """Takes a person's positions, and updates the table after each as Q-learning does."""
    q, visits = memory.q, memory.visits
    t, s, episode, k = clock.counts
    ret = clock.ret[0]
    while t < stop_step and t < len(moves) and episode < stop_episode:
        day = day_of(model, seed, episode, k)
        s, a = seen_on(model, day, s), moves[t]
        r, earned, s_next = trade(model, day, s, a, gamma)
        old = q[s, a]
        error = q_learning(q, s, a, r, gamma, s_next, alpha)
        visits[s, a] += 1
        ret += earned
        ended = ending(model, False, k)
        write_step(tape, t, s, a, False, r, s_next, ended, np.nan, episode, k, ret)
        write_update(tape, t, s, a, old, old + error, q[s, a], alpha)
        s, k = s_next, k + 1
        if ended != RUNNING:
            write_episode(tape, t, episode, k - 1, ret)
            episode, k, ret = episode + 1, 0, 0.0
            s = first_sight(model, seed, episode)
        t += 1
    clock.counts[:] = t, s, episode, k
    clock.ret[0] = ret


@dataclass(frozen=True)
class Trader(Human):
    """A person who chooses what to hold. The run lasts as long as they do."""

    family = "market"
    slug = "trader"
    order = 930
    loop: ClassVar[Callable[..., None]] = staticmethod(trader_loop)

    def new_memory(self, model: Any, seed: int) -> Any:
        check_moves(self.moves, 3)
        return new_trading_table(model, 0.0)
