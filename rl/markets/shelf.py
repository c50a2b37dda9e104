"""The markets there are to trade: those we made, the shipped prices, and files that were opened here."""

from collections import OrderedDict
from functools import lru_cache
from hashlib import sha256
from threading import Lock

from rl.markets.chain import planted_edge
from rl.markets.headlines import headlines
from rl.markets.news import path_of_news
from rl.markets.paths import Path, path_of_chain, path_of_series
from rl.markets.series import Series, shipped

EDGE, MOVE = 0.6, 0.01
MADE = ("planted edge", "random walk", "news")
REAL = ("AAPL", "GOOG", "IBM", "MSFT")
MARKETS = MADE + REAL
OPENED = "file-"
MOST_FILES = 32

_opened: OrderedDict[str, Series] = OrderedDict()
_lock = Lock()


@lru_cache(maxsize=64)
def path(market: str, draw: int) -> Path:
    """Returns a market's path; ``draw`` picks another one of the same law, where it is one we made.

    Raises ValueError with a sentence where there is no such market.
    """
    if market == "news":
        return path_of_news(headlines("train"), headlines("test"), draw)
    if market in MADE:
        return path_of_chain(market, planted_edge(EDGE if market == "planted edge" else 0.5, MOVE), draw)
    if market in REAL:
        return path_of_series(shipped()[market])
    return path_of_series(_opened_series(market))


def put(series: Series) -> str:
    """Puts a series from somebody's file on the shelf; returns its name, which says what is in it and no more."""
    name = OPENED + sha256(series.dates.tobytes() + series.prices.tobytes()).hexdigest()[:16]
    with _lock:
        _opened[name] = series
        _opened.move_to_end(name)
        while len(_opened) > MOST_FILES:
            _opened.popitem(last=False)
    return name


def check(market: str) -> None:
    """Raises ValueError with a sentence where there is no such market."""
    if market not in MARKETS:
        _opened_series(market)


def _opened_series(market: str) -> Series:
    with _lock:
        found = _opened.get(market)
    if found is None and not market:
        raise ValueError("open a file of prices first, under “Open prices”.")
    if found is None and market.startswith(OPENED):
        raise ValueError("the prices of this market came from a file: open that file again.")
    if found is None:
        raise ValueError(f"there is no market called {market[:40]!r}; there are {', '.join(MARKETS)}.")
    return found
