"""What is said of a strategy once it has traded: how it did for its risk, what it paid, and how sure that is."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from rl.markets.wealth import check_cost
from rl.mdp import Floats, Ints

YEAR = 252
"""Trading days."""
BLOCK, DRAWS = 20, 1000


def sharpe(rewards: Floats) -> float:
    """Returns the annualised Sharpe ratio of daily log returns (D,): mean over standard deviation, times sqrt(252).

    NaN where they never vary: a strategy that stayed out took no risk, and has no ratio (Sharpe, 1994; no interest).
    """
    spread = float(np.std(rewards, ddof=1)) if len(rewards) > 1 else 0.0
    return float(np.mean(rewards)) / spread * YEAR**0.5 if spread > 1e-12 else float("nan")


def drawdown(rewards: Floats) -> float:
    """Returns the deepest fall of wealth from an earlier height, as a share of that height, for log returns (D,)."""
    level = np.concatenate([[0.0], np.cumsum(rewards)])
    return float(-np.expm1(np.min(level - np.maximum.accumulate(level))))


def turnover(positions: Floats, before: float = 0.0) -> float:
    """Returns what is traded on an average day, as a share of wealth, for positions (D,)."""
    return float(np.abs(np.diff(positions, prepend=before)).mean())


def costs_paid(positions: Floats, cost: float, before: float = 0.0) -> float:
    """Returns the share of final wealth that trading has cost, for positions (D,): 0 where nothing was traded."""
    check_cost(cost)
    return float(-np.expm1(np.log1p(-cost * np.abs(np.diff(positions, prepend=before))).sum()))


def block_interval(daily: Floats, measure: Callable[[Floats], float], seed: int, block: int = BLOCK,
                   draws: int = DRAWS, level: float = 0.95) -> tuple[float, float]:
    """Returns an interval for a measure of days (D,) that hang together: a circular block bootstrap.

    Days are drawn ``block`` at a time, the last followed by the first (Politis & Romano, 1992), so that what one day
    says of the next is kept within a block. ``measure`` takes days (D,). Draws on which it is NaN are left out.
    """
    days = len(daily)
    size = min(block, days)
    starts = np.random.default_rng(seed).integers(0, days, (draws, -(-days // size)))
    picked = ((starts[:, :, None] + np.arange(size)) % days).reshape(draws, -1)[:, :days]
    found = np.array([measure(row) for row in daily[picked]])
    tail = 50 * (1 - level)
    low, high = np.nanpercentile(found, [tail, 100 - tail]) if np.isfinite(found).any() else (np.nan, np.nan)
    return float(low), float(high)


def brier(chance: Floats, happened: Floats) -> float:
    """Returns the Brier score of forecasts (N,) of what happened, 0 or 1 each: 0 is perfect, .25 says nothing.

    (Brier, 1950)
    """
    return float(np.mean((np.asarray(chance) - np.asarray(happened)) ** 2))


class Calibration(NamedTuple):
    """Forecasts in bins of equal width, those that hold any: what was said, what happened, and how often."""

    said: Floats  # (B,) mean forecast
    happened: Floats  # (B,) share of times it came true
    size: Ints  # (B,) how many


def calibration(chance: Floats, happened: Floats, bins: int = 10) -> Calibration:
    """Sorts forecasts (N,), chances from 0 to 1, into bins: a calibrated forecaster is as often right as it says."""
    place = np.minimum((np.asarray(chance) * bins).astype(np.int64), bins - 1)
    count = np.bincount(place, minlength=bins)
    sums = (np.bincount(place, weights, bins)[count > 0] for weights in (chance, np.asarray(happened, np.float64)))
    said, true = (total / count[count > 0] for total in sums)
    return Calibration(said, true, count[count > 0])
