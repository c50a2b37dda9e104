"""The headlines that come with the program: written for it, about companies that do not exist."""

import csv
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from rl.markets.news import Headline

FILE = Path(__file__).parent / "data" / "headlines.csv"
"""Half of them come in minimal pairs: nearly the same words, and the opposite news."""
TRAIN, TEST = "train", "test"


class Shipped(NamedTuple):
    """A headline, its news (1 good, -1 bad), the pair it belongs to ("" for none), and its part: train or test."""

    text: str
    truth: int
    pair: str
    split: str


@lru_cache(maxsize=1)
def all_headlines() -> tuple[Shipped, ...]:
    """Reads all of them. Pairs stay together, and the two parts share none."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(Shipped(row["text"], int(row["truth"]), row["pair"], row["split"]) for row in csv.DictReader(file))


@lru_cache(maxsize=2)
def headlines(split: str) -> tuple[Headline, ...]:
    """Returns those of one part: of ``TRAIN`` while an agent learns, of ``TEST`` to judge it by."""
    return tuple(Headline(one.text, one.truth) for one in all_headlines() if one.split == split)
