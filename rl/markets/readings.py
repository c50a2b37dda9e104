"""What readers say of texts: recorded answers, and the controls without which no comparison means anything."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from rl.markets.news import Report
from rl.markets.paths import Path
from rl.mdp import Floats, Ints

NEUTRAL = 0.1
"""Scores nearer to 0 than this are taken for neither good nor bad."""
Reader = Callable[[str], float]
"""Gives a text's score from -1, falls, to 1, rises; NaN where it has no answer."""


class Reading(NamedTuple):
    """What is said of each day's text, (D,): the score, and the opinion it is taken for: -1, 0, 1 or NaN."""

    score: Floats
    opinion: Floats


def opinion_of(score: Floats) -> Floats:
    """Rounds scores to -1, 0 and 1; no answer stays no answer."""
    return np.where(np.abs(score) < NEUTRAL, 0.0, np.sign(score))


def scores_of(reader: Reader, texts: tuple[str, ...]) -> Floats:
    """Returns what a reader says of texts, (N,)."""
    return np.array([reader(text) for text in texts], np.float64)


def read(path: Path, scores: Floats) -> Reading:
    """Lays the scores of a path's texts (N,) along its days; where there is nothing to read there is no answer."""
    score = np.where(path.text >= 0, scores[path.text], np.nan)
    return Reading(score, opinion_of(score))


def perfect(path: Path) -> Reading:
    """Says what is true: the one reader that cannot be had."""
    score = np.where(path.text >= 0, path.truth, np.nan)
    return Reading(score, opinion_of(score))


def inverted(reading: Reading) -> Reading:
    """Says the opposite of what another says: it knows as much."""
    return Reading(-reading.score, -reading.opinion)


def placebo(path: Path, scores: Floats, seed: int) -> Reading:
    """Gives another reader's scores (N,) to the wrong texts: as many good and bad words, and nothing known."""
    luck = np.random.default_rng((seed, 11))
    shuffled = scores.copy()
    for part in parts(path):
        shuffled[part] = scores[luck.permutation(part)]
    return read(path, shuffled)


def right_so_often(path: Path, accuracy: float, seed: int) -> Reading:
    """Is right about a text with a chance of ``accuracy``, and wrong otherwise; always the same of the same text.

    Where texts say nothing for sure, as notes on a price do, it is right about so many days instead.
    """
    luck = np.random.default_rng((seed, 13))
    one_truth = all(len(set(path.truth[path.text == text])) < 2 for text in np.unique(path.text))
    right = luck.random(len(path.texts))[path.text] if one_truth else luck.random(len(path))
    score = np.where(path.text >= 0, np.where(right < accuracy, 1.0, -1.0) * path.truth, np.nan)
    return Reading(score, opinion_of(score))


def remembering(path: Path, until: int) -> Reading:
    """Knows what happened before day ``until``, and nothing of what came after: a model asked about its own past."""
    knows = np.arange(len(path)) < until
    score = np.where(knows, path.truth, 0.0)
    return Reading(score, score.copy())


def parts(path: Path) -> tuple[Ints, ...]:
    """Returns which texts occur on training days, and which only on test days."""
    early = np.unique(path.text[: path.split])
    late = np.setdiff1d(np.unique(path.text[path.split:]), early)
    return early[early >= 0], late[late >= 0]


def reports(scores: Mapping[int, list[float]]) -> tuple[Report, ...]:
    """Counts how often each opinion is given to good headlines (key 1) and to bad ones (key -1): a confusion matrix."""
    shares = {truth: opinion_of(np.asarray(said)) for truth, said in scores.items()}
    kinds = (-1.0, 0.0, 1.0, float("nan"))
    return tuple(Report(kind, _share(shares[1], kind), _share(shares[-1], kind)) for kind in kinds)


def _share(said: Floats, kind: float) -> float:
    return float(np.mean(np.isnan(said) if np.isnan(kind) else said == kind))
