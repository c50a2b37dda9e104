"""Tabular Double Q-learning: one table picks the best action, the other says what it is worth."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from rl.agents.base import Table, Token
from rl.agents.control.base import Control
from rl.dice import COIN, COIN_TIE, START, WORLD, uniform
from rl.jit import jit
from rl.mdp import Floats, Ints, TabularMDP, act, start_state
from rl.policies import epsilon_greedy, greedy, scheduled, step_size
from rl.tape import ending, write_episode, write_step, write_update
from rl.updates import double_q


class TwoTables(NamedTuple):
    """Two Q-tables and the mean of both, by which the agent acts; each (S, A)."""

    q: Floats
    visits: Ints
    q1: Floats
    q2: Floats
    n1: Ints  # updates of q1
    n2: Ints


@jit
def double_q_loop(mdp, seed, memory, clock, tape, stop_step, stop_episode,
                  gamma, alpha_first, alpha_last, alpha_schedule, epsilon_first, epsilon_last, schedule, span):
    """Learns two tables, a coin deciding which, while acting epsilon-greedily on both (S&B section 6.7, p. 136)."""
    q, visits, q1, q2, n1, n2 = memory
    t, s, episode, k = clock.counts
    ret = clock.ret[0]
    epsilon = scheduled(schedule, epsilon_first, epsilon_last, span, episode)
    while t < stop_step and episode < stop_episode:
        a, explored = epsilon_greedy(q, s, epsilon, seed, t)
        r, s_next, terminal = act(mdp, s, a, uniform(seed, t, WORLD))
        discount = 0.0 if terminal else gamma
        visits[s, a] += 1
        mine, other, n = (q1, q2, n1) if uniform(seed, t, COIN) < 0.5 else (q2, q1, n2)
        n[s, a] += 1
        alpha = step_size(alpha_schedule, alpha_first, alpha_last, span, episode, n[s, a])
        old = mine[s, a]
        error = double_q(mine, other, s, a, r, discount, s_next, greedy(mine, s_next, seed, t, COIN_TIE), alpha)
        q[s, a] = 0.5 * (q1[s, a] + q2[s, a])
        ret += r
        ended = ending(mdp, terminal, k)
        write_step(tape, t, s, a, explored, r, s_next, ended, epsilon, episode, k, ret)
        write_update(tape, t, s, a, old, old + error, mine[s, a], alpha)
        if ended:
            write_episode(tape, t, episode, k, ret)
            episode, k, ret = episode + 1, 0, 0.0
            s = start_state(mdp, uniform(seed, episode, START))
            epsilon = scheduled(schedule, epsilon_first, epsilon_last, span, episode)
        else:
            s, k = s_next, k + 1
        t += 1
    clock.counts[:] = t, s, episode, k
    clock.ret[0] = ret


@dataclass(frozen=True)
class DoubleQ(Control):
    """Double Q-learning with epsilon-greedy exploration. A step's log is about the table that the coin chose."""

    slug = "doubleq"
    title = "Double Q-learning"
    order = 40
    source = "van Hasselt (2010); Sutton & Barto, section 6.7"
    loop = staticmethod(double_q_loop)
    update = staticmethod(double_q)
    updates_many = True
    tables = (
        Table("q1", "Q₁", "The first of the two tables: heads, it learns from what the second says.", "value"),
        Table("q2", "Q₂", "The second of the two tables: tails, it learns from what the first says.", "value"),
    )
    equation = (
        Token("new", "Q₁(S,A)", "new"), Token("", "←"), Token("old", "Q₁(S,A)", "old"), Token("", "+"),
        Token("", "α", "alpha"), Token("", "["), Token("reward", "R", "reward"), Token("", "+"),
        Token("", "γ", "gamma"), Token("target", "Q₂(S′, argmax Q₁(S′,a))", "bootstrap"), Token("", "−"),
        Token("old", "Q₁(S,A)", "old"), Token("", "]  (or 1 ↔ 2)"),
    )

    def new_memory(self, model: TabularMDP, seed: int) -> Any:
        q, visits = super().new_memory(model, seed)
        return TwoTables(q, visits, q.copy(), q.copy(), np.zeros_like(visits), np.zeros_like(visits))

    def inherit(self, memory: Any, model: TabularMDP, seed: int) -> Any:
        """Makes both tables what the other agent's was, each with half of its updates."""
        mine = super().inherit(memory, model, seed)
        half = mine.visits // 2
        return mine._replace(q1=mine.q.copy(), q2=mine.q.copy(), n1=mine.visits - half, n2=half)

    def adopt(self, memory: Any, model: TabularMDP) -> None:
        super().adopt(memory, model)
        for table in (memory.q1, memory.q2):
            np.copyto(table, memory.q, where=memory.visits == 0)
