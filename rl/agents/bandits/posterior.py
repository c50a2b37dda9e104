"""How likely each arm is the best one, given what is known of all: the chance Thompson sampling pulls it with."""

import math

import numpy as np

from rl.arms import BERNOULLI
from rl.jit import jit

FAR = 8.0
"""Standard deviations away from its mean at which a density counts as nothing: it is 1e-14 of its height there."""
REACH, POINTS = 6.0, 49
"""Each posterior is looked at in so many places, up to so many standard deviations away."""


@jit
def chance_of_best(memory, mean, deviation, chance):
    """Writes the chance of each arm's posterior to be the largest into ``chance``: the sum of dF_a prod F_b, b != a."""
    k = chance.shape[0]
    bernoulli = memory.rewards[0] == BERNOULLI
    x = places(mean, deviation, bernoulli)
    below = np.empty((k, x.shape[0]))
    for a in range(k):
        wins = memory.total[a] if bernoulli else 0.0
        cumulate(bernoulli, wins, memory.visits[0, a] - wins, mean[a], deviation[a], x, below[a])
    chance[:] = 0.0
    before, others = np.zeros(k), np.empty(k)
    for i in range(1, x.shape[0]):
        all_others_below(below, i, others)
        for a in range(k):
            chance[a] += (below[a, i] - below[a, i - 1]) * 0.5 * (before[a] + others[a])
            before[a] = others[a]


@jit
def all_others_below(below, i, product):
    """Writes, for each arm, the chance that all the others lie below place ``i``: those before it times those after."""
    k, running = below.shape[0], 1.0
    for b in range(k):
        product[b] = running
        running *= below[b, i]
    running = 1.0
    for b in range(k - 1, -1, -1):
        product[b] *= running
        running *= below[b, i]


@jit
def places(mean, deviation, bernoulli):
    """Chooses where to look: densely around each arm's posterior, however narrow it is. Returns them in order."""
    x = np.empty(mean.shape[0] * POINTS)
    for a in range(mean.shape[0]):
        for i in range(POINTS):
            there = mean[a] + deviation[a] * REACH * (2.0 * i / (POINTS - 1) - 1.0)
            x[a * POINTS + i] = min(max(there, 0.0), 1.0) if bernoulli else there
    x.sort()
    return x


@jit
def cumulate(bernoulli, wins, losses, mean, deviation, x, below):
    """Writes the distribution function of one arm's posterior at the places ``x`` into ``below``, by trapezoids."""
    below[0], before = 0.0, density(bernoulli, wins, losses, mean, deviation, x[0])
    for i in range(1, x.shape[0]):
        here = density(bernoulli, wins, losses, mean, deviation, x[i])
        below[i] = below[i - 1] + (x[i] - x[i - 1]) * 0.5 * (before + here)
        before = here
    for i in range(x.shape[0]):
        below[i] /= below[x.shape[0] - 1]


@jit
def density(bernoulli, wins, losses, mean, deviation, x):
    """Returns the posterior's density, up to a factor, which keeps it about 1 around its mean."""
    if bernoulli:
        return math.exp(powers(wins, x, mean) + powers(losses, 1.0 - x, 1.0 - mean))
    z = (x - mean) / deviation
    return math.exp(-0.5 * z * z) if -FAR < z < FAR else 0.0


@jit
def powers(n, x, mean):
    """Returns ln (x / mean)^n, with 0^0 = 1."""
    if n == 0.0:
        return 0.0
    return n * math.log(x / mean) if x > 0.0 else -math.inf
