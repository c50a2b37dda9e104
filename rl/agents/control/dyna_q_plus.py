"""Dyna-Q+: what was not tried for long is imagined to be a little better than it was."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from rl.agents.control.dyna_q import DynaQ, remember
from rl.dice import PLAN, START, WORLD, uniform
from rl.jit import jit
from rl.knob import knob
from rl.mdp import TabularMDP, act, start_state
from rl.policies import any_action, epsilon_greedy, scheduled, step_size
from rl.tape import ending, write_episode, write_step, write_update
from rl.updates import q_learning


@jit
def dyna_q_plus_loop(mdp, seed, memory, clock, tape, stop_step, stop_episode,
                     gamma, alpha_first, alpha_last, alpha_schedule, epsilon_first, epsilon_last, schedule, span,
                     planning, kappa):
    """Learns as Dyna-Q does, and in the head adds kappa sqrt(tau) to each reward (S&B section 8.3; Sutton, 1990).

    Tau is how many steps ago an action was tried. One never tried is imagined too: to change nothing, and pay nothing.
    """
    q, visits, updates = memory.q, memory.visits, memory.updates
    t, s, episode, k = clock.counts
    ret = clock.ret[0]
    epsilon = scheduled(schedule, epsilon_first, epsilon_last, span, episode)
    while t < stop_step and episode < stop_episode:
        a, explored = epsilon_greedy(q, s, epsilon, seed, t)
        r, s_next, terminal = act(mdp, s, a, uniform(seed, t, WORLD))
        discount = 0.0 if terminal else gamma
        visits[s, a] += 1
        updates[s, a] += 1
        alpha = step_size(alpha_schedule, alpha_first, alpha_last, span, episode, updates[s, a])
        old = q[s, a]
        error = q_learning(q, s, a, r, discount, s_next, alpha)
        ret += r
        ended = ending(mdp, terminal, k)
        write_step(tape, t, s, a, explored, r, s_next, ended, epsilon, episode, k, ret)
        write_update(tape, t, s, a, old, old + error, q[s, a], alpha)
        remember(memory, s, a, r, s_next, terminal, t)
        for i in range(planning):
            s_then = memory.met[int(uniform(seed, t, PLAN + 2 * i) * memory.counts[0])]
            a_then = any_action(q, s_then, uniform(seed, t, PLAN + 2 * i + 1))
            updates[s_then, a_then] += 1
            alpha = step_size(alpha_schedule, alpha_first, alpha_last, span, episode, updates[s_then, a_then])
            discount = 0.0 if memory.model_terminal[s_then, a_then] else gamma
            bonus = kappa * math.sqrt(t + 1 - memory.last_tried[s_then, a_then])
            q_learning(q, s_then, a_then, memory.model_reward[s_then, a_then] + bonus, discount,
                       memory.model_next[s_then, a_then], alpha)
        memory.counts[1] += planning
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
class DynaQPlus(DynaQ):
    """Dyna-Q that grows curious about what it has not tried for long."""

    kappa: float = knob(0.001, 0.0, 1.0, "Bonus for what was not tried for long: this times the square root of the "
                        "steps since.", 0.001, label="κ  curiosity")

    slug = "dynaplus"
    title = "Dyna-Q+"
    order = 105
    source = "Sutton (1990); Sutton & Barto, section 8.3"
    loop: ClassVar[Callable[..., None]] = staticmethod(dyna_q_plus_loop)

    def parameters(self) -> tuple[Any, ...]:
        return *super().parameters(), self.kappa

    def work(self, model: TabularMDP) -> float:
        return 1 + self.planning / 2
