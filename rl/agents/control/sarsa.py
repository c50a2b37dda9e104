"""Tabular SARSA: on-policy temporal-difference control."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from rl.agents.base import Token
from rl.agents.control.base import Control
from rl.dice import START, WORLD, uniform
from rl.jit import jit
from rl.mdp import Floats, Ints, TabularMDP, act, start_state
from rl.policies import epsilon_greedy, scheduled, step_size
from rl.tape import ending, write_episode, write_step, write_update
from rl.updates import sarsa

OPEN = -1
"""In the place of an action: none was chosen ahead."""


class ChosenAhead(NamedTuple):
    """A Q-table, and the action that is already chosen for the step to come."""

    q: Floats
    visits: Ints
    chosen: Ints  # (2,) the action, or OPEN, and whether it explores


@jit
def sarsa_loop(mdp, seed, memory, clock, tape, stop_step, stop_episode,
               gamma, alpha_first, alpha_last, alpha_schedule, epsilon_first, epsilon_last, schedule, span):
    """Learns the value of acting epsilon-greedily, exploration included (S&B section 6.4, box on p. 130)."""
    q, visits = memory.q, memory.visits
    t, s, episode, k = clock.counts
    ret = clock.ret[0]
    a, explored = memory.chosen[0], memory.chosen[1] != 0
    epsilon = scheduled(schedule, epsilon_first, epsilon_last, span, episode)
    while t < stop_step and episode < stop_episode:
        if k == 0 or a == OPEN:
            a, explored = epsilon_greedy(q, s, epsilon, seed, t)
        r, s_next, terminal = act(mdp, s, a, uniform(seed, t, WORLD))
        a_next, explores_next = epsilon_greedy(q, s_next, epsilon, seed, t + 1)
        discount = 0.0 if terminal else gamma
        visits[s, a] += 1
        alpha = step_size(alpha_schedule, alpha_first, alpha_last, span, episode, visits[s, a])
        old = q[s, a]
        error = sarsa(q, s, a, r, discount, s_next, a_next, alpha)
        ret += r
        ended = ending(mdp, terminal, k)
        write_step(tape, t, s, a, explored, r, s_next, ended, epsilon, episode, k, ret)
        write_update(tape, t, s, a, old, old + error, q[s, a], alpha)
        if ended:
            write_episode(tape, t, episode, k, ret)
            episode, k, ret = episode + 1, 0, 0.0
            s = start_state(mdp, uniform(seed, episode, START))
            epsilon = scheduled(schedule, epsilon_first, epsilon_last, span, episode)
        else:
            s, k = s_next, k + 1
            a, explored = a_next, explores_next
        t += 1
    clock.counts[:] = t, s, episode, k
    clock.ret[0] = ret
    memory.chosen[:] = a, int(explored)


@dataclass(frozen=True)
class Sarsa(Control):
    """SARSA with epsilon-greedy exploration. After an edit, what was chosen ahead is chosen anew."""

    slug = "sarsa"
    title = "SARSA"
    order = 20
    source = "Rummery & Niranjan (1994); Sutton & Barto, section 6.4"
    loop = staticmethod(sarsa_loop)
    update = staticmethod(sarsa)
    equation = (
        Token("new", "Q(S,A)", "new"), Token("", "←"), Token("old", "Q(S,A)", "old"), Token("", "+"),
        Token("", "α", "alpha"), Token("", "["), Token("reward", "R", "reward"), Token("", "+"),
        Token("", "γ", "gamma"), Token("target", "Q(S′,A′)", "bootstrap"), Token("", "−"),
        Token("old", "Q(S,A)", "old"), Token("", "]"),
    )

    def new_memory(self, model: TabularMDP, seed: int) -> Any:
        q, visits = super().new_memory(model, seed)
        return ChosenAhead(q, visits, np.array([OPEN, 0], np.int64))

    def adopt(self, memory: Any, model: TabularMDP) -> None:
        super().adopt(memory, model)
        memory.chosen[:] = OPEN, 0
