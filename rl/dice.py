"""Random numbers by position: the die of step t is known without rolling the ones before it.

A number depends only on (seed, t, stream), as in the counter-based generators of Salmon et al. (2011, "Parallel random
numbers: as easy as 1, 2, 3"); the mixing is that of SplitMix64 (Steele, Lea & Flood, 2014). So any moment of a run can
be recomputed, two agents on one seed meet the same world, and a branch of a run differs only by what was changed.
"""

import math

from rl.jit import jit, u64

WORLD, EXPLORE, ACTION, TIE, START = 1, 2, 3, 4, 5
"""Streams: the world's luck, whether to explore, the random action, the choice among ties, an episode's start."""
COIN, COIN_TIE = 24, 25
"""Streams of Double Q-learning: which table learns, and which of its equally good actions the other one values."""
PLACE = 6
"""The state a planner backs up, where it goes through them at random."""
PLAN = 2**20
"""First stream of planning in the head, two a planning step: the state it imagines, and the action."""
WEIGHT = 2**21
"""First stream of a new net's weights, two: the policy's, and the critic's."""
SHUFFLE = 2**22
"""First stream of the order in which steps are learned from, one for each place in it."""
REPLAY = 2**23
"""First stream of which transitions are learned from again, one for each place in a batch."""
IMAGINED = 2**40
"""First stream of episodes that are played to estimate a gradient, three an episode: its start, actions, and luck."""
ARM, DRIFT, SAMPLE = 32, 64, 96
"""First streams of a bandit, one an arm: its true mean, how that drifts, and what an agent imagines it to be.

Under this ARM the first 2000 seeds are a typical lot of testbeds: their best of ten arms is worth 1.537 on average, and
1.539 is expected; a lot's standard deviation is .013.
"""
APART = 32
"""Streams between the numbers of one arm, where it takes several."""

MASK = 0xFFFFFFFFFFFFFFFF
MAX_SEED = 2**31 - 1


@jit
def mix(z):
    """Scrambles 64 bits so that neighbouring inputs give unrelated outputs (SplitMix64's finaliser)."""
    z = ((z ^ (z >> u64(30))) * u64(0xBF58476D1CE4E5B9)) & u64(MASK)
    z = ((z ^ (z >> u64(27))) * u64(0x94D049BB133111EB)) & u64(MASK)
    return z ^ (z >> u64(31))


@jit
def uniform(seed, t, stream):
    """Rolls the number in [0, 1) that belongs to step ``t`` of ``stream`` under ``seed`` (non-negative integers)."""
    place = u64(seed) * u64(0xD1342543DE82EF95) + u64(t) * u64(0x9E3779B97F4A7C15)
    z = mix((place + u64(stream) * u64(0xC2B2AE3D27D4EB4F)) & u64(MASK))
    return float(z >> u64(11)) * 2.0**-53


@jit
def normal(seed, t, stream):
    """Rolls the standard normal number that belongs to step ``t`` of ``stream`` under ``seed``."""
    return normal_quantile(max(uniform(seed, t, stream), 2.0**-54))


@jit
def beta(wins, losses, seed, t, stream):
    """Rolls a Beta(wins, losses) number, both at least 1, as X / (X + Y) of two gamma numbers."""
    x = gamma(wins, seed, t, stream)
    return x / (x + gamma(losses, seed, t, stream + 2 * APART))


@jit
def gamma(shape, seed, t, stream):
    """Rolls a gamma number of ``shape`` at least 1, by rejection (Marsaglia & Tsang, 2000)."""
    d = shape - 1.0 / 3.0
    c = 1.0 / math.sqrt(9.0 * d)
    while True:
        x = normal(seed, t, stream)
        v = 1.0 + c * x
        v = v * v * v
        die = 1.0 - uniform(seed, t, stream + APART)
        if die < 1.0 - 0.0331 * x * x * x * x:  # a squeeze that saves most logarithms; v is positive here
            return d * v
        if v > 0.0 and math.log(die) < 0.5 * x * x + d - d * v + d * math.log(v):
            return d * v
        stream += 4 * APART  # the two of a beta number take turns


@jit
def normal_quantile(p):
    """Returns the number a standard normal one is below with chance ``p``, 0 < p < 1, to 16 digits.

    Algorithm AS 241 (Wichura, 1988, "The percentage points of the normal distribution"), routine PPND16.
    """
    q = p - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        return q * _ratio_in_the_middle(r)
    r = math.sqrt(-math.log(p if q < 0.0 else 1.0 - p))
    x = _ratio_in_a_tail(r - 1.6) if r <= 5.0 else _ratio_far_out(r - 5.0)
    return -x if q < 0.0 else x


@jit
def _ratio_in_the_middle(r):
    above = (((((((2.5090809287301226727e3 * r + 3.3430575583588128105e4) * r + 6.7265770927008700853e4) * r
                + 4.5921953931549871457e4) * r + 1.3731693765509461125e4) * r + 1.9715909503065514427e3) * r
              + 1.3314166789178437745e2) * r + 3.3871328727963666080e0)
    below = (((((((5.2264952788528545610e3 * r + 2.8729085735721942674e4) * r + 3.9307895800092710610e4) * r
                + 2.1213794301586595867e4) * r + 5.3941960214247511077e3) * r + 6.8718700749205790830e2) * r
              + 4.2313330701600911252e1) * r + 1.0)
    return above / below


@jit
def _ratio_in_a_tail(r):
    above = (((((((7.74545014278341407640e-4 * r + 2.27238449892691845833e-2) * r + 2.41780725177450611770e-1) * r
                + 1.27045825245236838258e0) * r + 3.64784832476320460504e0) * r + 5.76949722146069140550e0) * r
              + 4.63033784615654529590e0) * r + 1.42343711074968357734e0)
    below = (((((((1.05075007164441684324e-9 * r + 5.47593808499534494600e-4) * r + 1.51986665636164571966e-2) * r
                + 1.48103976427480074590e-1) * r + 6.89767334985100004550e-1) * r + 1.67638483018380384940e0) * r
              + 2.05319162663775882187e0) * r + 1.0)
    return above / below


@jit
def _ratio_far_out(r):
    above = (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 1.24266094738807843860e-3) * r
                + 2.65321895265761230930e-2) * r + 2.96560571828504891230e-1) * r + 1.78482653991729133580e0) * r
              + 5.46378491116411436990e0) * r + 6.65790464350110377720e0)
    below = (((((((2.04426310338993978564e-15 * r + 1.42151175831644588870e-7) * r + 1.84631831751005468180e-5) * r
                + 7.86869131145613259100e-4) * r + 1.48753612908506148525e-2) * r + 1.36929880922735805310e-1) * r
              + 5.99832206555887937690e-1) * r + 1.0)
    return above / below


def shown(roll: float) -> str:
    """Writes a roll with two decimals, never rounded up: 0.0996 is below an epsilon of 0.1, and is to look so."""
    return f"{math.floor(100 * roll) / 100:.2f}"
