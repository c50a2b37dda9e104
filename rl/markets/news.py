"""A market moved by headlines: each carries a drift that decays, so it pays to read, and to read in time."""

from typing import NamedTuple

import numpy as np

from rl.markets.law import HELD, Law
from rl.markets.paths import TEST_DAYS, TRAINING_DAYS, WARM_UP, Path, prices_of
from rl.mdp import Floats, Ints

ARRIVAL = 0.15
"""Chance of a new headline on a day: one every 7 days or so. It takes the place of the one before."""
DRIFT, DECAY, OLD = 0.005, 0.75, 8
"""What a headline is worth on its first day, half a percent, and on each day after, until after 8 days it is old."""
NOISE = 0.012
"""What the price moves besides, up or down with equal chance: far more than any headline."""
AGES = ("today", "1 day old", *(f"{age} days old" for age in range(2, OLD)), "old")


class Headline(NamedTuple):
    """A headline and what its company's price does after it: 1 rises, -1 falls."""

    text: str
    truth: int


class Report(NamedTuple):
    """Something a reader may say: the opinion, and how likely it is given a headline that is good, or bad."""

    opinion: float  # -1, 0 or 1, NaN for no answer
    if_good: float
    if_bad: float


def drift(age: int | Ints) -> Floats:
    """Returns what a good headline of this age adds to a day's growth."""
    return np.where(np.asarray(age) < OLD, DRIFT * DECAY ** np.asarray(age, np.float64), 0.0)


def path_of_news(train: tuple[Headline, ...], test: tuple[Headline, ...], draw: int) -> Path:
    """Draws a path of the news world: ``train`` headlines are met on training days, the others on test days."""
    luck = np.random.default_rng((draw, 7))
    days, split = WARM_UP + TRAINING_DAYS + TEST_DAYS, WARM_UP + TRAINING_DAYS
    arrives = luck.random(days) < ARRIVAL
    arrives[[0, split]] = True
    picked = np.where(np.arange(days) < split, luck.integers(0, len(train), days),
                      len(train) + luck.integers(0, len(test), days))
    came = np.maximum.accumulate(np.where(arrives, np.arange(days), 0))
    text, age = picked[came], np.minimum(np.arange(days) - came, OLD)
    truth = np.array([headline.truth for headline in train + test], np.float64)[text]
    growth = truth * drift(age) + NOISE * np.where(luck.random(days) < 0.5, 1.0, -1.0)
    return Path("news", prices_of(growth), text, tuple(headline.text for headline in train + test), truth, split,
                state=age, names=AGES)


def law_of_news(reports: tuple[Report, ...]) -> Law:
    """Returns the law of the news world to one who sees a report and its headline's age: sights ``report * 9 + age``.

    Half of all headlines are good. With one report that says nothing, this is the world to one who cannot read.
    """
    ages, kinds = len(AGES), len(reports)
    good, bad = (np.array([0.5 * chance for chance in column]) for column in list(zip(*reports, strict=True))[1:])
    probability = np.zeros((kinds, ages, kinds, ages))
    probability[:, :, :, 0] = ARRIVAL * (good + bad)
    for age in range(ages):
        probability[np.arange(kinds), age, np.arange(kinds), min(age + 1, OLD)] += 1.0 - ARRIVAL
    chance_good = np.divide(good, good + bad, out=np.full(kinds, 0.5), where=good + bad > 0)
    up, down = _mean_log(1), _mean_log(-1)
    earned = chance_good[:, None, None] * up + (1 - chance_good)[:, None, None] * down
    opinion = np.repeat([report.opinion for report in reports], ages)
    stays = (1.0 - ARRIVAL) ** np.arange(ages)
    share = np.where(np.arange(ages) < OLD, ARRIVAL * stays, stays)
    return Law(probability.reshape(kinds * ages, -1), earned.reshape(kinds * ages, -1), opinion,
               ((good + bad)[:, None] * share).ravel(), True)


def _mean_log(truth: int) -> Floats:
    """Returns the mean log growth of each position at each age of a headline, (ages, 3)."""
    moves = truth * drift(np.arange(len(AGES)))[:, None] + np.array([NOISE, -NOISE])
    return np.asarray(np.log1p(HELD[None, :, None] * moves[:, None, :]).mean(axis=2))
