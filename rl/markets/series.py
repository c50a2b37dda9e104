"""Prices as they were: daily closes with their dates, and where to cut them into a past and a future."""

import csv
import gzip
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rl.mdp import Floats

Dates = NDArray[np.datetime64]
FILE = Path(__file__).parent / "data" / "stocks_daily_2000_2013.csv.gz"
"""Its provenance is told beside it."""
SPLIT = "2009-01-01"
"""The first day that nobody may learn from."""


@dataclass(frozen=True, eq=False)
class Series:
    """The closing prices of one paper: ``dates`` and ``prices``, (D,), oldest first and read-only."""

    name: str
    dates: Dates
    prices: Floats

    def __post_init__(self) -> None:
        if len(self.dates) != len(self.prices):
            raise ValueError(f"{self.name} has {len(self.dates)} dates and {len(self.prices)} prices.")
        for array in (self.dates, self.prices):
            array.flags.writeable = False

    def __len__(self) -> int:
        return len(self.prices)

    @property
    def returns(self) -> Floats:
        """What the price earned from each day to the next, (D - 1,), .01 for 1 %."""
        return np.asarray(self.prices[1:] / self.prices[:-1] - 1.0)


@lru_cache(maxsize=1)
def shipped() -> dict[str, Series]:
    """Reads the four papers that come with the program, by name; days before a paper was traded are left out."""
    with gzip.open(FILE, "rt", encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    dates = np.array([row[0] for row in rows], "datetime64[D]")
    return {name: _column(name, dates, [row[i] for row in rows]) for i, name in enumerate(header) if i > 0}


def _column(name: str, dates: Dates, cells: list[str]) -> Series:
    traded = np.array([cell != "" for cell in cells])
    return Series(name, dates[traded], np.array([float(cell) for cell in cells if cell]))


def split(series: Series, day: str = SPLIT) -> tuple[Series, Series]:
    """Cuts a series in two: what came before ``day``, and what came from then on."""
    cut = int(np.searchsorted(series.dates, np.datetime64(day, "D")))
    return (Series(series.name, series.dates[:cut].copy(), series.prices[:cut].copy()),
            Series(series.name, series.dates[cut:].copy(), series.prices[cut:].copy()))
