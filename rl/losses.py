"""The heads of a net and their losses: the slope of each in what came out of the net, row by row.

Chances and losses are computed in double precision; only the slope that goes back into the net is single.
"""

import math

import numpy as np

from rl.jit import jit

LEAST = 1e-300
"""A chance is no smaller: it has a logarithm, and one can divide by it."""


@jit
def chances(out, row, chance):
    """Writes the softmax of a row of logits into ``chance`` (A,), each at least ``LEAST``."""
    best = np.float64(out[row, 0])
    for a in range(1, len(chance)):
        best = max(best, np.float64(out[row, a]))
    total = 0.0
    for a in range(len(chance)):
        chance[a] = math.exp(np.float64(out[row, a]) - best)
        total += chance[a]
    for a in range(len(chance)):
        chance[a] = max(chance[a] / total, LEAST)


@jit
def entropy(chance):
    """Returns the entropy of chances (A,) in nats."""
    total = 0.0
    for a in range(len(chance)):
        total -= chance[a] * math.log(chance[a]) if chance[a] > 0.0 else 0.0
    return total


@jit
def policy_slope(chance, a, weight, bonus, share, error, row):
    """Writes the slope of -share (weight ln pi(a) + bonus H(pi)) in the logits into ``error[row]``.

    With the advantage as ``weight`` this is the policy gradient of one step (Williams, 1992; S&B section 13.3): its
    direction is weight (1[b = a] - pi(b)). ``bonus`` keeps the policy from becoming certain too soon (Williams & Peng,
    1991).
    """
    spread = entropy(chance) if bonus != 0.0 else 0.0
    for b in range(len(chance)):
        push = weight * ((1.0 if b == a else 0.0) - chance[b])
        if bonus != 0.0 and chance[b] > 0.0:
            push -= bonus * chance[b] * (math.log(chance[b]) + spread)
        error[row, b] = np.float32(-share * push)


@jit
def clipped_weight(ratio, advantage, clip):
    """Returns the weight of ln pi(a) in the slope of min(ratio A, clip(ratio, 1 - c, 1 + c) A): ratio A, or 0.

    Where the policy has already moved the way the advantage points by more than ``clip``, PPO moves it no further
    (Schulman et al., 2017, eq. 7).
    """
    if (advantage > 0.0 and ratio > 1.0 + clip) or (advantage < 0.0 and ratio < 1.0 - clip):
        return 0.0
    return ratio * advantage


@jit
def value_slope(value, target, share, error, row):
    """Writes the slope of share (value - target)^2 / 2 in the value into ``error[row, 0]``."""
    error[row, 0] = np.float32(share * (value - target))
