"""What a handful of seeds says, and how surely.

After Agarwal et al. (2021), "Deep reinforcement learning at the edge of the statistical precipice".

A sample is stratified: a list of arrays, one for each environment, with a score for each run, (n,). A seed is a run.
Resamples are drawn within each environment, by a fixed seed, so the same runs always give the same interval. A run that
was never over has no score, NaN, and leaves no number where it is part of one; infinity is a score like any other.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from rl.mdp import Floats, Ints
from rl.trials import STATISTICS

RESAMPLES = 1000
LEVEL = 0.95
Strata = Sequence[Floats]


class Interval(NamedTuple):
    """A number with its percentile-bootstrap interval."""

    middle: float
    low: float
    high: float


class Profile(NamedTuple):
    """The share of runs that score above each tau, with a pointwise interval; each (t,)."""

    tau: Floats
    share: Floats
    low: Floats
    high: Floats


def interval(strata: Strata, statistic: str = "IQM", resamples: int = RESAMPLES, level: float = LEVEL) -> Interval:
    """Returns a statistic of all runs together, one of `rl.trials.STATISTICS`, with its stratified interval."""
    compute = STATISTICS[statistic]
    boot = np.concatenate([stratum[picks].T for stratum, picks in _picked(strata, resamples)])
    with np.errstate(invalid="ignore"):  # plus and minus infinity may meet
        return _interval(float(compute(np.concatenate(strata))), compute(boot), level)


def performance_profile(strata: Strata, taus: Floats, resamples: int = RESAMPLES, level: float = LEVEL) -> Profile:
    """Returns the share of runs with a score above each tau, environments weighed alike; an unfinished run has none."""
    shares, boots = [], []
    for stratum, picks in _picked(strata, resamples):
        above = (stratum[:, None] > taus).astype(np.float64)  # (n, t)
        shares.append(above.mean(axis=0))
        boots.append(_counts(picks, len(stratum)) @ above / len(stratum))
    tail = 50 * (1 - level)
    low, high = np.percentile(np.mean(boots, axis=0), [tail, 100 - tail], axis=0)
    return Profile(taus, np.mean(shares, axis=0), low, high)


def probability_of_improvement(ours: Strata, theirs: Strata, resamples: int = RESAMPLES,
                               level: float = LEVEL) -> Interval:
    """Returns the chance that a run of ours scores above one of theirs, ties counted half, environments weighed alike.

    This is the Mann-Whitney statistic U / (n m), averaged over environments (Agarwal et al., 2021, section 4.3).
    """
    both = list(zip(ours, theirs, strict=True))
    if any(np.isnan(scores).any() for pair in both for scores in pair):
        return Interval(np.nan, np.nan, np.nan)
    picks = [picks for _, picks in _picked([scores for pair in both for scores in pair], resamples)]
    boots = [[_above(x[i], y[j]) for i, j in zip(picks[2 * k], picks[2 * k + 1], strict=True)]
             for k, (x, y) in enumerate(both)]
    return _interval(float(np.mean([_above(x, y) for x, y in both])), np.mean(boots, axis=0), level)


def normalised(scores: Sequence[Floats]) -> list[Floats]:
    """Maps the finite scores of several conditions in one environment to [0, 1], so that environments can be joined.

    0 is the worst run of any of them, 1 the best; where all are alike they are all 1.
    """
    finite = np.concatenate([array[np.isfinite(array)] for array in scores])
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 0.0)
    span = high - low
    return [np.where(np.isfinite(array), (array - low) / span if span > 0 else 1.0, array) for array in scores]


def _above(x: Floats, y: Floats) -> float:
    """Returns the share of pairs with x above y, ties counted half, by sorting: thousands of runs are soon done."""
    ordered = np.sort(y)
    below, not_above = np.searchsorted(ordered, x, "left"), np.searchsorted(ordered, x, "right")
    return float((below + not_above).sum() / (2 * len(x) * len(y)))


def _picked(strata: Strata, resamples: int) -> Iterator[tuple[Floats, Ints]]:
    """Yields each stratum with the runs of its resamples, (resamples, n)."""
    dice = np.random.default_rng(0)
    for stratum in strata:
        yield stratum, dice.integers(len(stratum), size=(resamples, len(stratum)))


def _counts(picks: Ints, n: int) -> Floats:
    """Counts how often each run is in each resample, (resamples, n)."""
    return np.stack([np.bincount(row, minlength=n) for row in picks]).astype(np.float64)


def _interval(middle: float, boot: Floats, level: float) -> Interval:
    tail = 50 * (1 - level)
    if np.isfinite(boot).all():
        low, high = np.percentile(boot, [tail, 100 - tail])
    else:  # between a number and infinity there is nothing to interpolate
        low, high = np.percentile(boot, tail, method="lower"), np.percentile(boot, 100 - tail, method="higher")
    return Interval(middle, float(low), float(high))
