"""What a k-armed bandit pays: true means that come from the seed, and luck that belongs to the step, not to the arm."""

import math
from typing import NamedTuple

from rl.dice import ARM, DRIFT, WORLD, normal, uniform
from rl.jit import jit
from rl.mdp import Floats, Ints

REWARDS = ("Gaussian", "Bernoulli")
GAUSSIAN, BERNOULLI = 0, 1


class BanditModel(NamedTuple):
    """A bandit as a loop plays it: numbers only, since the true means come from the seed."""

    arms: int
    rewards: int  # GAUSSIAN: mean + N(0, 1); BERNOULLI: 1 with a chance of the mean, else 0
    drift: float  # standard deviation of the step each mean takes after every pull
    level: float  # Gaussian means are N(level, spread^2); Bernoulli ones U(0, 1)
    spread: float


class Arms(NamedTuple):
    """What is known of the arms, and what is true of them."""

    q: Floats  # (1, k) estimates
    visits: Ints  # (1, k) pulls
    value: Floats  # (k,) the true means as they are now; no agent looks at them
    preference: Floats  # (k,) of a gradient bandit
    baseline: Floats  # (1,) average of all rewards so far, kept by a gradient bandit
    total: Floats  # (k,) sum of the rewards of each arm
    rewards: Ints  # (1,) GAUSSIAN or BERNOULLI


@jit
def first_values(model, seed, value):
    """Writes the true means at the start into ``value``, (k,)."""
    for a in range(value.shape[0]):
        if model.rewards == BERNOULLI:
            value[a] = uniform(seed, 0, ARM + a)
        else:
            value[a] = model.level + model.spread * normal(seed, 0, ARM + a)


@jit
def payout(model, mean, seed, t):
    """Returns what an arm of this true mean pays at step ``t``. The luck is the step's: any other arm has the same."""
    if model.rewards == BERNOULLI:
        return 1.0 if uniform(seed, t, WORLD) < mean else 0.0
    return mean + normal(seed, t, WORLD)


@jit
def drift(model, value, seed, t):
    """Moves every true mean by its own normal step, pulled or not; a chance bounces back from 0 and from 1."""
    if model.drift > 0.0:
        for a in range(value.shape[0]):
            value[a] += model.drift * normal(seed, t, DRIFT + a)
            if model.rewards == BERNOULLI:
                folded = value[a] - 2.0 * math.floor(value[a] / 2.0)
                value[a] = min(folded, 2.0 - folded)
