"""What a handful of seeds says, and how surely.

After Agarwal et al. (2021), "Deep reinforcement learning at the edge of the statistical precipice".

A sample is stratified: a list of arrays, one for each environment, with a score for each run, (n,). A seed is a run.
Resamples are drawn within each environment, by a fixed seed, so the same runs always give the same interval. A run that
was never over has no score, NaN, and leaves no number where it is part of one; infinity is a score like any other.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from rl.experiments.resampling import Counts, counted, enough, resampled
from rl.mdp import Floats
from rl.trials import STATISTICS

RESAMPLES, RESAMPLES_A_POINT = 1000, 200
LEVEL = 0.95
Strata = Sequence[Floats]


class Interval(NamedTuple):
    """A number with its percentile-bootstrap interval."""

    middle: float
    low: float
    high: float


class Around(NamedTuple):
    """A curve with its pointwise percentile-bootstrap interval; each (p,)."""

    middle: Floats
    low: Floats
    high: Floats


class Profile(NamedTuple):
    """The share of runs that score above each tau, with a pointwise interval; each (t,)."""

    tau: Floats
    share: Floats
    low: Floats
    high: Floats


def interval(strata: Strata, statistic: str = "IQM", resamples: int = RESAMPLES, level: float = LEVEL) -> Interval:
    """Returns a statistic of all runs together, one of `rl.trials.STATISTICS`, with its stratified interval."""
    boot = np.concatenate(list(_drawn(strata, resamples)), axis=1)
    everything = np.concatenate(strata)
    with np.errstate(invalid="ignore"):  # plus and minus infinity may meet
        middle = float(STATISTICS[statistic](everything))
    return _interval(middle, resampled(everything[:, None], boot, statistic)[:, 0], level)


def curve_interval(curves: Floats, statistic: str = "IQM", resamples: int = RESAMPLES_A_POINT,
                   level: float = LEVEL) -> Around:
    """Returns a statistic of curves, (n, p), point by point, with its interval; the same resamples at every point."""
    counts = next(_drawn([curves], resamples))
    tail = 50 * (1 - level)
    low, high = np.percentile(resampled(curves, counts, statistic), [tail, 100 - tail], axis=0)
    return Around(STATISTICS[statistic](curves), low, high)


def performance_profile(strata: Strata, taus: Floats, resamples: int = RESAMPLES, level: float = LEVEL) -> Profile:
    """Returns the share of runs with a score above each tau, environments weighed alike; an unfinished run has none."""
    shares, boots = [], []
    for stratum, counts in zip(strata, _drawn(strata, resamples), strict=True):
        above = (stratum[:, None] > taus).astype(np.float64)  # (n, t)
        shares.append(above.mean(axis=0))
        boots.append(counts.astype(np.float64) @ above / len(stratum))
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
    drawn = list(_drawn([scores for pair in both for scores in pair], resamples))
    boots = [_shares_above(x, y, drawn[2 * k], drawn[2 * k + 1]) for k, (x, y) in enumerate(both)]
    once = [_shares_above(x, y, *(np.ones((1, len(z)), np.int32) for z in (x, y)))[0] for x, y in both]
    return _interval(float(np.mean(once)), np.mean(boots, axis=0), level)


def normalised(scores: Sequence[Floats]) -> list[Floats]:
    """Maps the finite scores of several conditions in one environment to [0, 1], so that environments can be joined.

    0 is the worst run of any of them, 1 the best; where all are alike they are all 1.
    """
    finite = np.concatenate([array[np.isfinite(array)] for array in scores])
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 0.0)
    span = high - low
    return [np.where(np.isfinite(array), (array - low) / span if span > 0 else 1.0, array) for array in scores]


def _shares_above(x: Floats, y: Floats, xs: Counts, ys: Counts) -> Floats:
    """Returns the share of pairs with x above y, ties counted half, in each resample, (resamples,).

    ``xs`` (resamples, n) and ``ys`` (resamples, m) say how often each run was drawn; sorting is done once for all.
    """
    order = np.argsort(y)
    below, not_above = (np.searchsorted(y[order], x, side) for side in ("left", "right"))
    shares = np.empty(len(xs))
    for i, (mine, theirs) in enumerate(zip(xs, ys[:, order], strict=True)):
        up_to = np.concatenate([[0], np.cumsum(theirs)])
        shares[i] = (mine * (up_to[below] + up_to[not_above])).sum() / (2 * len(x) * len(y))
    return shares


def _drawn(strata: Strata, resamples: int) -> Iterator[Counts]:
    """Yields for each stratum how often its runs are in each resample, (resamples, n)."""
    dice = np.random.default_rng(0)
    resamples = enough(resamples, max(map(len, strata)))
    for stratum in strata:
        yield counted(dice.integers(len(stratum), size=(resamples, len(stratum))), len(stratum))


def _interval(middle: float, boot: Floats, level: float) -> Interval:
    tail = 50 * (1 - level)
    if np.isfinite(boot).all():
        low, high = np.percentile(boot, [tail, 100 - tail])
    else:  # between a number and infinity there is nothing to interpolate
        low, high = np.percentile(boot, tail, method="lower"), np.percentile(boot, 100 - tail, method="higher")
    return Interval(middle, float(low), float(high))
