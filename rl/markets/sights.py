"""What an agent sees of a day: a bin of the past, and, where it may, what a reader says."""

from itertools import pairwise
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from rl.markets.notes import moved, trailing_spread
from rl.markets.paths import Path
from rl.mdp import Floats, Ints

OPINIONS = ("falls", "neither", "rises", "no answer")


class Sights(NamedTuple):
    """What is seen of each day, (D,), as a number below ``len(names)``."""

    number: Ints
    names: tuple[str, ...]


def seen(path: Path, look_back: int, bins: int, peek: bool = False) -> Sights:
    """Returns what can be seen of the market itself: its state where it has one that shows, its past moves elsewhere.

    Nothing after the close of day d goes into what is seen of day d, unless one may ``peek``: then the day that is
    being decided about is among the days looked back on.
    """
    if path.state is not None and not peek:
        return Sights(path.state, path.names)
    logs = np.log(path.price)
    move = moved(logs, trailing_spread(logs), look_back)
    return Sights(_binned(move[1:] if peek else move[:-1], bins), _bin_names(look_back, bins))


def _binned(move: Floats, bins: int) -> Ints:
    """Sorts moves in standard deviations into bins that are equally likely where prices have no memory."""
    return np.asarray(np.searchsorted(_edges(bins), move, side="right"), np.int64)


def _edges(bins: int) -> Floats:
    return np.array([NormalDist().inv_cdf(i / bins) for i in range(1, bins)], np.float64)


def _bin_names(look_back: int, bins: int) -> tuple[str, ...]:
    """Says what each bin holds."""
    over = "the last day" if look_back == 1 else f"the last {look_back} days"
    ends = [f"{edge:+.2f}".replace("-", "−") for edge in _edges(bins) + 0.0]
    if bins == 1:
        return ("anything",)
    if bins == 2:
        return f"fell over {over}", f"rose over {over}"
    middle = [f"{low} to {high} sd over {over}" for low, high in pairwise(ends)]
    return f"below {ends[0]} sd over {over}", *middle, f"above {ends[-1]} sd over {over}"


def with_opinion(sights: Sights, opinion: Floats) -> Sights:
    """Adds what a reader says (D,): sights ``opinion * bins + bin``. No answer is an observation of its own."""
    kind = np.where(np.isnan(opinion), OPINIONS.index("no answer"), np.nan_to_num(opinion) + 1).astype(np.int64)
    bins = len(sights.names)
    return Sights(kind * bins + sights.number, tuple(f"{name}; reader: {said}" for said in OPINIONS
                                                     for name in sights.names))
