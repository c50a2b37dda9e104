"""How a net's weights move against a slope: plain steps, Adam, and the norm that a slope is cut to."""

import math

import numpy as np

from rl.jit import jit, jit_apart

BETA_1, BETA_2 = np.float32(0.9), np.float32(0.999)
"""How slowly Adam forgets slopes, and their squares; as published, and so is the 1e-8 below."""
TINY = np.float32(1e-20)
"""Below this a moment is nothing: numbers near the smallest there are take a hundred times as long."""
ZERO, ONE = np.float32(0.0), np.float32(1.0)


@jit
def clip(slope, most):
    """Shrinks a slope to the norm ``most`` where it is longer. Returns its norm before."""
    total = 0.0
    for i in range(len(slope)):
        total += np.float64(slope[i]) * np.float64(slope[i])
    norm = math.sqrt(total)
    if norm > most:
        share = np.float32(most / norm)
        for i in range(len(slope)):
            slope[i] *= share
    return norm


@jit
def sgd(net, slope, alpha):
    """net -= alpha slope (Robbins & Monro, 1951)."""
    rate = np.float32(alpha)
    for i in range(len(net)):
        net[i] -= rate * slope[i]


@jit
def adam(net, slope, mean, square, decay, alpha):
    """Takes a step of Adam (Kingma & Ba, 2015, algorithm 1, in the order of computation of its section 2).

    ``decay`` (2,) holds beta_1 and beta_2 to the power of the steps so far, 1 and 1 before the first.
    """
    decay[0] *= 0.9
    decay[1] *= 0.999
    unbiased = math.sqrt(1.0 - decay[1])
    rate, spare = np.float32(alpha * unbiased / (1.0 - decay[0])), np.float32(1e-8 * unbiased)
    for i in range(len(net)):
        m = BETA_1 * mean[i] + (ONE - BETA_1) * slope[i]
        v = BETA_2 * square[i] + (ONE - BETA_2) * (slope[i] * slope[i])
        mean[i] = m if abs(m) > TINY else ZERO
        square[i] = v if v > TINY else ZERO
        net[i] -= np.divide(rate * mean[i], np.sqrt(square[i]) + spare)  # "/" looks for zeros, one at a time


@jit_apart
def descend(net, slope, mean, square, decay, alpha, longest):
    """Cuts a slope to the norm ``longest`` and takes a step of Adam. Returns the norm it had.

    A slope that is infinite or no number says nothing: net and moments stay as they are, and 0 is returned.
    """
    norm = clip(slope, longest)
    if not math.isfinite(norm):
        return 0.0
    adam(net, slope, mean, square, decay, alpha)
    return norm
