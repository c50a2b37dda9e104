"""Tabular n-step SARSA: a value is updated n steps later, when so many rewards are known."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from rl.agents.base import Token
from rl.agents.control.base import Control
from rl.agents.control.sarsa import OPEN
from rl.dice import START, WORLD, uniform
from rl.jit import jit
from rl.knob import knob
from rl.mdp import Floats, Ints, TabularMDP, act, start_state
from rl.policies import epsilon_greedy, scheduled, step_size
from rl.tape import ending, write_episode, write_step, write_update
from rl.updates import RING, move_estimate, n_step_return

MOST_STEPS = 100


class LastSteps(NamedTuple):
    """A Q-table, and the steps whose values wait to be updated: step i is at i modulo RING, which holds a few more."""

    q: Floats
    visits: Ints
    updates: Ints  # (S, A) how often each value was updated, which is later than its action is taken
    states: Ints  # (RING,)
    actions: Ints  # (RING,)
    rewards: Floats  # (RING,)
    waiting: Ints  # (1,) how many of them wait
    chosen: Ints  # (2,) the action for the step to come, or OPEN, and whether it explores


@jit
def n_step_sarsa_loop(mdp, seed, memory, clock, tape, stop_step, stop_episode,
                      gamma, alpha_first, alpha_last, alpha_schedule, epsilon_first, epsilon_last, schedule, span, n):
    """Learns from n rewards and the value of the action then taken (S&B section 7.2, box on p. 147).

    At the end of an episode all that wait are updated, the oldest first; the log names the last.
    """
    q, visits, updates, states, actions, rewards = memory[:6]
    t, s, episode, k = clock.counts
    ret = clock.ret[0]
    waiting, a, explored = memory.waiting[0], memory.chosen[0], memory.chosen[1] != 0
    epsilon = scheduled(schedule, epsilon_first, epsilon_last, span, episode)
    while t < stop_step and episode < stop_episode:
        waiting = 0 if k == 0 else waiting
        if k == 0 or a == OPEN:
            a, explored = epsilon_greedy(q, s, epsilon, seed, t)
        r, s_next, terminal = act(mdp, s, a, uniform(seed, t, WORLD))
        a_next, explores_next = epsilon_greedy(q, s_next, epsilon, seed, t + 1)
        visits[s, a] += 1
        states[t % RING], actions[t % RING], rewards[t % RING] = s, a, r
        states[(t + 1) % RING], actions[(t + 1) % RING] = s_next, a_next
        waiting += 1
        ret += r
        ended = ending(mdp, terminal, k)
        write_step(tape, t, s, a, explored, r, s_next, ended, epsilon, episode, k, ret)
        while waiting >= n or (ended and waiting > 0):
            first = t + 1 - waiting
            last = min(first + n, t + 1)
            beyond = 0.0 if terminal and last == t + 1 else q[states[last % RING], actions[last % RING]]
            target = n_step_return(rewards, first, last, gamma, beyond)
            s_then, a_then = states[first % RING], actions[first % RING]
            updates[s_then, a_then] += 1
            alpha = step_size(alpha_schedule, alpha_first, alpha_last, span, episode, updates[s_then, a_then])
            old = q[s_then, a_then]
            move_estimate(q, s_then, a_then, target, alpha)
            write_update(tape, t, s_then, a_then, old, target, q[s_then, a_then], alpha)
            waiting -= 1
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
    memory.waiting[0] = waiting
    memory.chosen[:] = a, int(explored)


@dataclass(frozen=True)
class ManySteps(Control):
    """Base of the agents that wait n steps. A smaller n lets those that waited too long catch up at once."""

    n: int = knob(4, 1, MOST_STEPS, "How many rewards are waited for before a value is updated. 1 updates at once.", 1)

    updates_many = True

    def parameters(self) -> tuple[Any, ...]:
        return *super().parameters(), self.n

    def new_memory(self, model: TabularMDP, seed: int) -> Any:
        q, visits = super().new_memory(model, seed)
        ring = np.zeros(RING, np.int64)
        return LastSteps(q, visits, np.zeros_like(visits), ring, ring.copy(), np.zeros(RING), np.zeros(1, np.int64),
                         np.array([OPEN, 0], np.int64))

    def work(self, model: TabularMDP) -> float:
        return 1 + self.n / 6

    def inherit(self, memory: Any, model: TabularMDP, seed: int) -> Any:
        mine = super().inherit(memory, model, seed)
        return mine._replace(updates=mine.visits.copy())

    def adopt(self, memory: Any, model: TabularMDP) -> None:
        super().adopt(memory, model)
        memory.chosen[:] = OPEN, 0


@dataclass(frozen=True)
class NStepSarsa(ManySteps):
    """n-step SARSA with epsilon-greedy exploration. After an edit, what was chosen ahead is chosen anew."""

    slug = "nsarsa"
    title = "n-step SARSA"
    order = 50
    source = "Sutton & Barto, section 7.2"
    loop = staticmethod(n_step_sarsa_loop)
    update = staticmethod(move_estimate)
    equation = (
        Token("new", "Q(Sτ,Aτ)", "new"), Token("", "←"), Token("old", "Q(Sτ,Aτ)", "old"), Token("", "+"),
        Token("", "α", "alpha"), Token("", "["), Token("target", "G", "target"), Token("", "−"),
        Token("old", "Q(Sτ,Aτ)", "old"), Token("", "]"),
    )
