"""Random numbers by position: the die of step t is known without rolling the ones before it.

A number depends only on (seed, t, stream), as in the counter-based generators of Salmon et al. (2011, "Parallel random
numbers: as easy as 1, 2, 3"); the mixing is that of SplitMix64 (Steele, Lea & Flood, 2014). So any moment of a run can
be recomputed, two agents on one seed meet the same world, and a branch of a run differs only by what was changed.
"""

from rl.jit import jit, u64

WORLD, EXPLORE, ACTION, TIE, START = 1, 2, 3, 4, 5
"""Streams: the world's luck, whether to explore, the random action, the choice among ties, an episode's start."""

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
