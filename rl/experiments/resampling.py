"""What resampled runs come to: mean, median and IQM are means of what is left when both ends are cut.

The runs are sorted once and not once a resample, so thousands of them are resampled while somebody waits.
"""

import numpy as np
from numpy.typing import NDArray

from rl.jit import jit
from rl.mdp import Floats, Ints

Counts = NDArray[np.int32]
MANY, FEWEST = 300, 100
"""Runs from which on there are fewer resamples, and how few there are at the least."""


def enough(resamples: int, n: int) -> int:
    """Returns how many resamples of n runs are drawn: fewer of thousands, whose interval is small and costs most."""
    return min(resamples, max(FEWEST, resamples // 5, resamples * MANY // n))


def counted(picks: Ints, n: int) -> Counts:
    """Counts how often each of n runs is in each resample, (resamples, n)."""
    return np.stack([np.bincount(row, minlength=n) for row in picks]).astype(np.int32)


def resampled(samples: Floats, counts: Counts, statistic: str) -> Floats:
    """Returns a statistic of `rl.trials.STATISTICS` of every resample, (r, p), of ``samples`` (n, p).

    It is NaN where a NaN was drawn, and where plus and minus infinity meet.
    """
    columns = np.ascontiguousarray(samples.T, np.float64)
    order = columns.argsort(axis=1)
    n, found = len(samples), np.empty((len(counts), len(columns)))
    cut = {"mean": 0, "median": (n - 1) // 2, "IQM": n // 4}[statistic]
    known = n - np.isnan(columns).sum(axis=1)
    _trimmed_means(np.take_along_axis(columns, order, axis=1), order, known, counts, cut, found)
    return found


@jit
def _trimmed_means(ordered, order, known, counts, cut, found):
    """Fills ``found`` (r, p) with the means of resamples without their ``cut`` smallest and largest values."""
    for p in range(len(ordered)):
        for r in range(len(counts)):
            found[r, p] = _trimmed_mean(ordered[p], order[p], known[p], counts[r], cut)


@jit
def _trimmed_mean(ordered, order, known, count, cut):
    """Averages a resample: ``order`` (n,) lists the runs from the smallest, ``count`` (n,) how often each is in it."""
    total, rank, last = 0.0, 0, len(order) - cut
    for i in range(known, len(order)):
        if count[order[i]] > 0:
            return np.nan
    for i in range(known):
        before, rank = rank, rank + count[order[i]]
        inside = min(rank, last) - max(before, cut)
        if inside > 0:
            total += inside * ordered[i]
    return total / (last - cut)
