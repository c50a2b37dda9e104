"""Days in a row: what the price does, what can be seen of it, and what there is to read about it."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from rl.markets.chain import Chain, stationary
from rl.markets.law import Law, law_of_chain
from rl.markets.notes import NOTES, note_numbers
from rl.markets.series import SPLIT, Dates, Series
from rl.mdp import Floats, Ints

TRAINING_DAYS, TEST_DAYS = 2520, 1260
"""Ten years to learn from, and five that nobody has seen."""
WARM_UP = 60
"""Days before the first that is traded: so much of the past is looked back at, at most."""


@dataclass(frozen=True, eq=False)
class Path:
    """D days in order, oldest first. Decision ``d`` is made at the close of day d, and held until the next close."""

    name: str
    price: Floats  # (D + 1,)
    text: Ints  # (D,) which of the texts is new or still talked of, -1 where there is nothing to read
    texts: tuple[str, ...]
    truth: Floats  # (D,) what a perfect reader of the day's text would say: -1, 0 or 1
    split: int  # the first test day
    state: Ints | None = None  # (D,) of a market made by us, where it can be seen
    names: tuple[str, ...] = ()  # of those states
    law: Law | None = None  # of those states
    dates: Dates | None = None  # (D + 1,)

    def __post_init__(self) -> None:
        if not WARM_UP < self.split < len(self.text):
            raise ValueError(f"{self.name} needs more than {WARM_UP} days before the test days, and some after.")

    def __len__(self) -> int:
        return len(self.text)

    @property
    def growth(self) -> Floats:
        """What the price earns from each close to the next, (D,), .01 for 1 %."""
        return np.asarray(self.price[1:] / self.price[:-1] - 1.0)


def prices_of(growth: Floats, first: float = 100.0) -> Floats:
    """Returns the prices (D + 1,) that growth (D,) makes of the first."""
    return np.asarray(first * np.cumprod(np.concatenate([[1.0], 1.0 + growth])))


def with_notes(name: str, price: Floats, split: int, **more: Any) -> Path:
    """Makes the path of prices (D + 1,) that are written about day by day in `NOTES`.

    A perfect reader would know the next day: with prices that have no memory that is looking ahead, not reading.
    """
    text = note_numbers(price)[:-1]
    return Path(name, price, text, NOTES, np.sign(np.diff(price)), split, **more)


def path_of_series(series: Series, day: str = SPLIT) -> Path:
    """Makes the path of real prices, cut at a date; a series that lies on one side of it is cut after two thirds."""
    split = int(np.searchsorted(series.dates, np.datetime64(day, "D")))
    if not WARM_UP + 300 < split < len(series) - 300:
        split = len(series) * 2 // 3
    return with_notes(series.name, series.prices.copy(), split, dates=series.dates)


def path_of_chain(name: str, chain: Chain, draw: int) -> Path:
    """Draws a path of a market whose law is known; another ``draw`` is another path of the same law."""
    luck = np.random.default_rng((draw, len(chain.names)))
    days = WARM_UP + TRAINING_DAYS + TEST_DAYS
    state = walk(chain.probability, stationary(chain), luck.random(days + 1))
    price = prices_of(chain.growth[state[:-1], state[1:]])
    return with_notes(name, price, WARM_UP + TRAINING_DAYS, state=state[:-1], names=chain.names,
                      law=law_of_chain(chain))


def walk(probability: Floats, start: Floats, luck: Floats) -> Ints:
    """Returns the states (D,) a chain goes through, one number in [0, 1) of luck (D,) for each."""
    rows, state = np.cumsum(probability, axis=1), np.empty(len(luck), np.int64)
    row = np.cumsum(start)
    for d, die in enumerate(luck):
        state[d] = min(int(np.searchsorted(row, die, side="right")), len(row) - 1)
        row = rows[state[d]]
    return state
