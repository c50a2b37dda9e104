"""Upper confidence bounds: the arm that could still be the best."""

import math
from dataclasses import dataclass

import numpy as np

from rl.agents.bandits.base import Bandit, best_of, learn, log_pull, pull
from rl.agents.bandits.epsilon_greedy import ALPHA_HELP
from rl.arms import Arms, drift
from rl.jit import jit
from rl.knob import knob
from rl.mdp import Floats
from rl.policies import greedy, upper_bounds
from rl.updates import best_value


@jit
def ucb_bandit(model, seed, memory, clock, tape, stop_step, stop_episode, alpha, c):
    """Pulls the arm with the largest upper confidence bound (S&B section 2.7, eq. 2.10; Auer et al., 2002)."""
    q, visits, value, total = memory.q, memory.visits, memory.value, memory.total
    bound = np.empty_like(q)
    t, ret = clock.counts[0], clock.ret[0]
    while t < stop_step and stop_episode > 0:
        upper_bounds(q, visits, 0, c, t + 1, bound)
        a = greedy(bound, 0, seed, t)
        explored = q[0, a] < best_value(q, 0)
        r = pull(model, value, visits, total, a, seed, t)
        old = learn(q, visits, a, r, alpha)
        drift(model, value, seed, t)
        ret += r
        log_pull(tape, t, a, explored, r, old, q[0, a], np.nan, ret)
        t += 1
    clock.counts[:] = t, 0, 0, t
    clock.ret[0] = ret


@dataclass(frozen=True)
class UCB(Bandit):
    """Upper confidence bounds; every arm is pulled once first. ``explored`` marks a pull of one that looks worse."""

    c: float = knob(2.0, 0.0, 10.0, "Confidence: how much an arm gains by being uncertain. 0 is greedy after one pull "
                    "of each arm.", 0.1, label="c  confidence")
    alpha: float = knob(0.0, 0.0, 1.0, ALPHA_HELP, 0.01)

    slug = "ucb"
    title = "UCB"
    order = 130
    source = "Auer, Cesa-Bianchi & Fischer (2002); Sutton & Barto, section 2.7"
    loop = staticmethod(ucb_bandit)
    score_name = "upper bound"

    def parameters(self) -> tuple[float, ...]:
        return self.alpha, self.c

    @property
    def step_size(self) -> float:
        return self.alpha

    def scores(self, memory: Arms, seed: int, t: int) -> Floats:
        bound = np.empty_like(memory.q)
        upper_bounds(memory.q, memory.visits, 0, self.c, t + 1, bound)
        return bound[0]

    def why(self, memory: Arms, seed: int, t: int, action: int, explored: bool) -> str:
        bounds, arm = self.scores(memory, seed, t), action + 1
        if math.isinf(bounds[action]):
            left = int(np.isinf(bounds).sum())
            rest = "the last that was" if left == 1 else f"by a coin one of the {left}"
            return f"UCB: arm {arm} is {rest} never pulled, and could be anything: its upper bound is infinite."
        if (bounds == bounds.max()).sum() > 1:
            return f"UCB: {best_of(bounds, action, 'upper bound')}"
        q, n = memory.q[0, action], memory.visits[0, action]
        sum_ = f"{q:.2f} + {self.c:g}·√(ln {t + 1} / {n}) = {bounds[action]:.2f}"
        return f"UCB: arm {arm} has the highest upper bound, {sum_}."
