"""A person who balances the pole: their pushes, learned from as an agent would."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from rl.agents.binned_q_learning import new_binned_table
from rl.agents.human import Human, check_moves
from rl.cart_pole import bin_of, push, set_up
from rl.jit import jit
from rl.tape import ending, write_episode, write_step, write_update
from rl.updates import q_learning


@jit
def pilot_loop(bins, seed, memory, clock, tape, stop_step, stop_episode, moves, alpha, gamma):
    """Makes a person's pushes, and updates the table of bins after each as Q-learning does."""
    q, visits, body = memory.q, memory.visits, memory.body
    t, s, episode, k = clock.counts
    ret = clock.ret[0]
    while t < stop_step and t < len(moves) and episode < stop_episode:
        a = moves[t]
        terminal, r = push(body, a), 1.0
        s_next = bin_of(bins, body)
        discount = 0.0 if terminal else gamma
        old = q[s, a]
        error = q_learning(q, s, a, r, discount, s_next, alpha)
        visits[s, a] += 1
        ret += r
        ended = ending(bins, terminal, k)
        write_step(tape, t, s, a, False, r, s_next, ended, np.nan, episode, k, ret)
        write_update(tape, t, s, a, old, old + error, q[s, a], alpha)
        if ended:
            write_episode(tape, t, episode, k, ret)
            episode, k, ret = episode + 1, 0, 0.0
            set_up(body, seed, episode)
            s = bin_of(bins, body)
        else:
            s, k = s_next, k + 1
        t += 1
    clock.counts[:] = t, s, episode, k
    clock.ret[0] = ret


@dataclass(frozen=True)
class Pilot(Human):
    """A person who pushes the cart. The run lasts as long as they do."""

    family = "cart pole"
    slug = "pilot"
    order = 910
    loop: ClassVar[Callable[..., None]] = staticmethod(pilot_loop)

    def new_memory(self, model: Any, seed: int) -> Any:
        check_moves(self.moves, 2)
        return new_binned_table(model, seed, 0.0)
