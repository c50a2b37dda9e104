"""Q-learning where the world is continuous: the observation is rounded into bins, and a table learned over those."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np

from rl.agents.control.q_learning import QLearning
from rl.cart_pole import Bins, bin_of, push, set_up
from rl.jit import jit
from rl.knob import knob
from rl.mdp import Floats, Ints
from rl.policies import epsilon_greedy, scheduled, step_size
from rl.tape import ending, write_episode, write_step, write_update
from rl.updates import q_learning


@jit
def binned_q_learning_loop(bins, seed, memory, clock, tape, stop_step, stop_episode,
                           gamma, alpha_first, alpha_last, alpha_schedule, epsilon_first, epsilon_last, schedule, span):
    """Learns as Q-learning does, but sees only which bin the cart and the pole are in (Michie & Chambers, 1968)."""
    q, visits, body = memory.q, memory.visits, memory.body
    t, s, episode, k = clock.counts
    ret = clock.ret[0]
    epsilon = scheduled(schedule, epsilon_first, epsilon_last, span, episode)
    while t < stop_step and episode < stop_episode:
        a, explored = epsilon_greedy(q, s, epsilon, seed, t)
        terminal, r = push(body, a), 1.0
        s_next = bin_of(bins, body)
        discount = 0.0 if terminal else gamma
        visits[s, a] += 1
        alpha = step_size(alpha_schedule, alpha_first, alpha_last, span, episode, visits[s, a])
        old = q[s, a]
        error = q_learning(q, s, a, r, discount, s_next, alpha)
        ret += r
        ended = ending(bins, terminal, k)
        write_step(tape, t, s, a, explored, r, s_next, ended, epsilon, episode, k, ret)
        write_update(tape, t, s, a, old, old + error, q[s, a], alpha)
        if ended:
            write_episode(tape, t, episode, k, ret)
            episode, k, ret = episode + 1, 0, 0.0
            set_up(body, seed, episode)
            s = bin_of(bins, body)
            epsilon = scheduled(schedule, epsilon_first, epsilon_last, span, episode)
        else:
            s, k = s_next, k + 1
        t += 1
    clock.counts[:] = t, s, episode, k
    clock.ret[0] = ret


class BinnedTable(NamedTuple):
    """A Q-table over bins and how often each entry was updated, both (S, A), and the observation now, unrounded."""

    q: Floats
    visits: Ints
    body: Floats  # (4,)


def new_binned_table(bins: Bins, seed: int, initial: float) -> BinnedTable:
    """Makes a table of one value for all actions, with cart and pole where the first episode starts."""
    shape, body = (bins.states, 2), np.zeros(4)
    set_up(body, seed, 0)
    return BinnedTable(np.full(shape, float(initial)), np.zeros(shape, np.int64), body)


@dataclass(frozen=True)
class BinnedQLearning(QLearning):
    """Q-learning over bins of a continuous observation, with epsilon-greedy exploration."""

    alpha: float = knob(0.2, 0.0, 1.0, "Step size: how far each update moves the estimate towards its target.", 0.01)

    family = "cart pole"
    slug = "binned"
    title = "Q-learning over bins"
    order = 20
    source = "Watkins (1989); over bins as in Michie & Chambers (1968)"
    loop: ClassVar[Callable[..., None]] = staticmethod(binned_q_learning_loop)

    def new_memory(self, model: Any, seed: int) -> Any:
        return new_binned_table(model, seed, self.initial)

    def adopt(self, memory: Any, model: Any) -> None:
        """Gives what was never tried this agent's initial value: optimism can be switched on late."""
        memory.q[memory.visits == 0] = self.initial
