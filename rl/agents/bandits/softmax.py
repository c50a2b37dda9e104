"""Softmax pulls: the better an arm looks, the likelier it is."""

from dataclasses import dataclass

import numpy as np

from rl.agents.bandits.base import Bandit, learn, log_pull, pull
from rl.agents.bandits.epsilon_greedy import ALPHA_HELP
from rl.arms import Arms, drift
from rl.dice import ACTION, uniform
from rl.jit import jit
from rl.knob import knob
from rl.mdp import Floats
from rl.policies import drawn, softmax


@jit
def softmax_bandit(model, seed, memory, clock, tape, stop_step, stop_episode, alpha, temperature):
    """Draws the arm with a chance proportional to exp(Q / temperature) (Luce, 1959; S&B 1st ed., section 2.3)."""
    q, visits, value, total = memory.q, memory.visits, memory.value, memory.total
    chance = np.empty_like(value)
    t, ret = clock.counts[0], clock.ret[0]
    while t < stop_step and stop_episode > 0:
        best = softmax(q[0], temperature, chance)
        a = drawn(chance, uniform(seed, t, ACTION))
        explored = q[0, a] < best
        r = pull(model, value, visits, total, a, seed, t)
        old = learn(q, visits, a, r, alpha)
        drift(model, value, seed, t)
        ret += r
        log_pull(tape, t, a, explored, r, old, q[0, a], np.nan, ret)
        t += 1
    clock.counts[:] = t, 0, 0, t
    clock.ret[0] = ret


@dataclass(frozen=True)
class Softmax(Bandit):
    """Boltzmann exploration over the estimates. ``explored`` marks a pull of an arm that does not look best."""

    temperature: float = knob(0.3, 0.01, 10.0, "Temperature: high pulls all arms alike, low nearly always the one that "
                              "looks best.", 0.01, label="τ  temperature")
    alpha: float = knob(0.0, 0.0, 1.0, ALPHA_HELP, 0.01)

    slug = "softmax"
    title = "Softmax"
    order = 160
    source = "Luce (1959); Sutton & Barto (1998), section 2.3"
    loop = staticmethod(softmax_bandit)
    score_name = "chance"

    def parameters(self) -> tuple[float, ...]:
        return self.alpha, self.temperature

    @property
    def step_size(self) -> float:
        return self.alpha

    def scores(self, memory: Arms, seed: int, t: int) -> Floats:
        chance = np.empty_like(memory.value)
        softmax(memory.q[0], self.temperature, chance)
        return chance

    def chances(self, memory: Arms, seed: int, t: int) -> Floats:
        return self.scores(memory, seed, t)

    def why(self, memory: Arms, seed: int, t: int, action: int, explored: bool) -> str:
        return f"Softmax: {by_chance(self.scores(memory, seed, t), seed, t, action)}"


def by_chance(chance: Floats, seed: int, t: int, action: int) -> str:
    """Says how the die of step ``t`` fell on an arm."""
    below = float(chance[:action].sum())
    span = f"arm {action + 1}'s share of the line, {below:.3g} to {below + chance[action]:.3g}"
    return f"the die {uniform(seed, t, ACTION):.3g} fell into {span}: a chance of {100 * chance[action]:.3g} %."
