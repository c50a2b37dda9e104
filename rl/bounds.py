"""What no algorithm can do better: the regret that learning the best arm must cost."""

import math

import numpy as np

from rl.arms import BERNOULLI, first_values
from rl.envs.testbed import Testbed
from rl.mdp import Floats


def true_means(testbed: Testbed, seed: int) -> Floats:
    """Returns the arms' true means at the start, (k,)."""
    value = np.zeros(testbed.arms)
    first_values(testbed.model, seed, value)
    return value


def lai_robbins(testbed: Testbed, seed: int) -> float:
    """Returns C of the bound that regret grows at least as C ln t in the long run (Lai & Robbins, 1985).

    It is the sum over the worse arms of gap / KL(arm, best), and holds for algorithms that are good on *every* bandit
    of the kind; early on, a run may well lie below. 0 where all arms are alike, NaN where they drift: there is no
    bound of this form. Its average over random arms is infinite (two arms may be next to equal), so it belongs to the
    arms of one seed.
    """
    if testbed.drift > 0.0:
        return math.nan
    divergence = bernoulli_divergence if testbed.model.rewards == BERNOULLI else gaussian_divergence
    value = true_means(testbed, seed).tolist()
    best = max(value)
    return sum(((best - v) / divergence(v, best) for v in value if v < best), 0.0)


def gaussian_divergence(mean: float, other: float) -> float:
    """The Kullback-Leibler divergence of N(mean, 1) from N(other, 1), in nats."""
    return (mean - other) ** 2 / 2.0


def bernoulli_divergence(p: float, q: float) -> float:
    """The Kullback-Leibler divergence of a chance ``p`` from a chance ``q``, in nats; 0 ln 0 is 0.

    At least 2 (p - q)^2 (Pinsker's inequality), which says more than the sum where the two are next to equal.
    """
    return max(_surprise(p, q) + _surprise(1.0 - p, 1.0 - q), 2.0 * (p - q) ** 2)


def _surprise(p: float, q: float) -> float:
    if p == 0.0:
        return 0.0
    return p * math.log(p / q) if q > 0.0 else math.inf
