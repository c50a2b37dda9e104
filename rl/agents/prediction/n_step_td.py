"""n-step TD: the value of a policy, from n rewards and an estimate of the rest."""

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from rl.agents.base import Token
from rl.agents.prediction.base import Prediction
from rl.dice import ACTION, START, WORLD, uniform
from rl.jit import jit
from rl.knob import knob
from rl.mdp import Floats, Ints, TabularMDP, act, start_state
from rl.policies import drawn, step_size
from rl.tape import ending, write_episode, write_step, write_update
from rl.updates import move_value, n_step_return

MOST = 512
"""The largest n, and so the most steps that ever wait for their update; a power of two."""


class NStepTable(NamedTuple):
    """A `VTable`, and the steps whose states wait to be updated: step i is at i modulo MOST."""

    v: Floats
    visits: Ints
    policy: Floats
    updates: Ints  # (S,) how often each value was updated, which is later than its state is left
    states: Ints  # (MOST,)
    rewards: Floats  # (MOST,)
    waiting: Ints  # (1,) how many of them wait


@jit
def n_step_td_loop(mdp, seed, memory, clock, tape, stop_step, stop_episode,
                   gamma, alpha_first, alpha_last, alpha_schedule, span, n):
    """Learns n steps late what the policy is worth (S&B section 7.1, box on p. 144).

    At the end of an episode all that wait are updated, the oldest first; the log names the last.
    """
    v, visits, policy, updates, states, rewards = memory[:6]
    t, s, episode, k = clock.counts
    ret = clock.ret[0]
    waiting = memory.waiting[0]
    while t < stop_step and episode < stop_episode:
        waiting = 0 if k == 0 else waiting
        a = drawn(policy[s], uniform(seed, t, ACTION))
        r, s_next, terminal = act(mdp, s, a, uniform(seed, t, WORLD))
        visits[s] += 1
        states[t % MOST], rewards[t % MOST] = s, r
        waiting += 1
        ret += r
        ended = ending(mdp, terminal, k)
        write_step(tape, t, s, a, False, r, s_next, ended, math.nan, episode, k, ret)
        while waiting >= n or (ended and waiting > 0):
            first = t + 1 - waiting
            last = min(first + n, t + 1)
            s_last = states[last % MOST] if last <= t else s_next
            beyond = 0.0 if terminal and last == t + 1 else v[s_last]
            target = n_step_return(rewards, first, last, gamma, beyond)
            s_then = states[first % MOST]
            updates[s_then] += 1
            alpha = step_size(alpha_schedule, alpha_first, alpha_last, span, episode, updates[s_then])
            old = v[s_then]
            move_value(v, s_then, target, alpha)
            write_update(tape, t, s_then, 0, old, target, v[s_then], alpha)
            waiting -= 1
        if ended:
            write_episode(tape, t, episode, k, ret)
            episode, k, ret = episode + 1, 0, 0.0
            s = start_state(mdp, uniform(seed, episode, START))
        else:
            s, k = s_next, k + 1
        t += 1
    clock.counts[:] = t, s, episode, k
    clock.ret[0] = ret
    memory.waiting[0] = waiting


@dataclass(frozen=True)
class NStepTD(Prediction):
    """n-step TD prediction."""

    n: int = knob(4, 1, MOST, "Rewards counted before the estimate of the rest. 1 is TD(0); as many as an episode has "
                  "steps is Monte Carlo.", 1, label="n")

    slug = "ntd"
    title = "n-step TD"
    order = 120
    source = "Sutton & Barto, section 7.1"
    loop = staticmethod(n_step_td_loop)
    update = staticmethod(move_value)
    updates_many = True
    equation = (
        Token("new", "V(Sτ)", "new"), Token("", "←"), Token("old", "V(Sτ)", "old"), Token("", "+"),
        Token("", "α", "alpha"), Token("", "["), Token("target", "G", "target"), Token("", "−"),
        Token("old", "V(Sτ)", "old"), Token("", "]"),
    )

    def parameters(self) -> tuple[Any, ...]:
        return *super().parameters(), self.n

    def new_memory(self, model: TabularMDP, seed: int) -> NStepTable:
        table = super().new_memory(model, seed)
        return NStepTable(table.v, table.visits, table.policy, np.zeros_like(table.visits), np.zeros(MOST, np.int64),
                          np.zeros(MOST), np.zeros(1, np.int64))

    def work(self, model: TabularMDP) -> float:
        return 1 + self.n / 50

    def updates(self, memory: Any) -> int:
        return int(memory.updates.sum())
