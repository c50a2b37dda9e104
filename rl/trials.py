"""The same run under many seeds: what to expect of an algorithm, instead of one lucky curve."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from rl.mdp import Floats
from rl.run import FOREVER, Run, advance, begin, changed
from rl.timeline import Timeline

PATIENCE = 200_000
"""Steps after which a seed gives up on finishing its episodes."""
MAX_WORK = 30_000_000
"""How many steps of Q-learning the seeds that are shown behind a run may take together, or other work instead."""
SLICE = 50_000
"""Steps between two chances to stop a run."""


@lru_cache(maxsize=1)
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=os.cpu_count() or 1, thread_name_prefix="trials")


def affordable(timeline: Timeline, seeds: int, patience: int, least: int = 10) -> tuple[int, int]:
    """Returns how many of so many seeds, and how much of the patience, are worth no more work than MAX_WORK.

    Fewer seeds first, but not below ``least``; then less patience.
    """
    share = MAX_WORK / (seeds * patience * timeline.work)
    if share >= 1:
        return seeds, patience
    few = min(seeds, max(least, int(seeds * share)))
    return few, int(min(patience, MAX_WORK / (few * timeline.work)))


class Trials(NamedTuple):
    """Results of n seeds over e episodes; NaN where a seed ran out of patience before an episode was over."""

    returns: Floats  # (n, e) undiscounted
    lengths: Floats  # (n, e) steps


def run_trials(timeline: Timeline, seeds: Iterable[int], episodes: int, patience: int = PATIENCE) -> Trials:
    """Runs a timeline's settings, edits included, from each of the seeds; the kernels leave the threads free."""
    def one(seed: int) -> Floats:
        return play(timeline, seed, episodes, patience)[1]

    rows = np.array(list(_threads().map(one, seeds)))
    return Trials(rows[:, 0], rows[:, 1])


def play(timeline: Timeline, seed: int, episodes: int, patience: int = PATIENCE,
         pause: Callable[[], None] = lambda: None) -> tuple[Run, Floats]:
    """Runs a timeline's settings from one seed; returns where it ended, and returns and lengths, (2, e).

    ``pause`` is called now and then: what it raises ends the run.
    """
    run = begin(timeline.env, timeline.agent, seed)
    result = np.full((2, episodes), np.nan)
    for edit in timeline.edits:
        if edit.step < patience and run.episode < episodes:
            _fill(result, run, edit.step, episodes, pause)
            run = changed(run, edit.env, edit.agent) if run.episode < episodes else run
    _fill(result, run, patience, episodes, pause)
    return run, result


def _fill(result: Floats, run: Run, stop: int, episodes: int, pause: Callable[[], None]) -> None:
    before = -1
    while before < run.step < stop and run.episode < episodes:
        if before >= 0:
            pause()
        before, first = run.step, run.episode
        log = advance(run, min(stop, before + SLICE), min(episodes, FOREVER), 0, episodes - first)[1]
        result[0, first : first + len(log)] = log.ret
        result[1, first : first + len(log)] = log.length


def mean(samples: Floats) -> Floats:
    """Averages over seeds, the first axis."""
    return np.asarray(samples.mean(axis=0))


def median(samples: Floats) -> Floats:
    """Takes the middle seed."""
    return np.asarray(np.median(samples, axis=0))


def interquartile_mean(samples: Floats) -> Floats:
    """Averages the middle half of the seeds (Agarwal et al., 2021): firmer than the mean, finer than the median.

    A quarter of the seeds is cut from each end; with n not a multiple of four, floor(n / 4) of them.
    """
    cut = len(samples) // 4
    middle = np.sort(samples, axis=0)[cut : len(samples) - cut].mean(axis=0)
    return np.where(np.isnan(samples).any(axis=0), np.nan, middle)  # an unfinished seed is not the best one


STATISTICS: dict[str, Callable[[Floats], Floats]] = {"mean": mean, "median": median, "IQM": interquartile_mean}


class Band(NamedTuple):
    """A statistic over seeds with its bootstrap interval, and the range that holds most single seeds; each (e,)."""

    middle: Floats
    low: Floats
    high: Floats
    few: Floats  # the 10th percentile of the seeds
    most: Floats  # the 90th


def band(samples: Floats, statistic: str = "mean", resamples: int = 200, level: float = 0.95) -> Band:
    """Returns a statistic of ``samples`` (n seeds, e episodes) with a percentile-bootstrap interval (Efron, 1979).

    Seeds are drawn with replacement, by a fixed seed, so the same runs always show the same band.
    """
    picks = np.random.default_rng(0).integers(len(samples), size=(resamples, len(samples)))
    compute = STATISTICS[statistic]
    boot = _mean_of_picks(samples, picks) if statistic == "mean" else np.array([compute(samples[p]) for p in picks])
    tail = 50 * (1 - level)
    low, high = np.percentile(boot, [tail, 100 - tail], axis=0)
    few, most = np.percentile(samples, [10, 90], axis=0)
    return Band(compute(samples), low, high, few, most)


def _mean_of_picks(samples: Floats, picks: np.ndarray) -> Floats:
    """Does for the mean what ``samples[p].mean(0)`` would, as one matrix product."""
    counts = np.stack([np.bincount(p, minlength=len(samples)) for p in picks])
    return np.asarray(counts @ samples / len(samples))


def moving_average(values: Floats, window: int) -> Floats:
    """Averages the last ``window`` values along the last axis; at the beginning, as many as there are."""
    total = np.cumsum(values, axis=-1)
    late = total.copy()
    late[..., window:] -= total[..., :-window]
    return np.asarray(late / np.minimum(np.arange(1, values.shape[-1] + 1), window))
