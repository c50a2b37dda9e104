"""A market that comes back: its price strays from what it is worth, the farther the less."""

import numpy as np

from rl.markets.chain import Chain

FARTHEST = 4
"""Steps of a percent that the price may be off."""
PULL = 0.11
"""How much less likely each step away makes another one."""
MOVE = 0.01


def mean_reversion(pull: float = PULL, move: float = MOVE) -> Chain:
    """Makes the chain of a price that is -4 to 4 steps off: it moves a step up with probability 1/2 - pull * steps.

    At either end it can only come back (Ehrenfest & Ehrenfest's urn, 1907, with a free slope).
    """
    off = np.arange(-FARTHEST, FARTHEST + 1)
    up = np.clip(0.5 - pull * off, 0.0, 1.0)
    up[0], up[-1] = 1.0, 0.0
    n = len(off)
    probability, growth = np.zeros((2, n, n))
    for i in range(n):
        for j, chance, sign in ((i + 1, up[i], 1.0), (i - 1, 1.0 - up[i], -1.0)):
            if 0 <= j < n:
                probability[i, j], growth[i, j] = chance, sign * move
    return Chain(tuple(map(_name, off.tolist())), probability, growth)


def _name(off: int) -> str:
    if off == 0:
        return "at its worth"
    return f"{abs(off)} % {'below' if off < 0 else 'above'} its worth"
