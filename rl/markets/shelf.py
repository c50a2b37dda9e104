"""The markets there are to trade: those we made, the shipped prices, and files that were opened here."""

from collections import OrderedDict
from functools import lru_cache
from hashlib import sha256
from threading import Lock

from rl.markets.chain import Chain, planted_edge
from rl.markets.headlines import headlines
from rl.markets.news import path_of_news
from rl.markets.paths import Path, path_of_chain, path_of_series
from rl.markets.regimes import path_of_regimes
from rl.markets.reversion import mean_reversion
from rl.markets.series import Series, shipped

EDGE, MOVE = 0.6, 0.01
WITH_EDGE, REVERSION, REGIMES, WALK, NEWS = "planted edge", "mean reversion", "regimes", "random walk", "news"
MADE = (NEWS, WITH_EDGE, REVERSION, REGIMES, WALK)
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
    if market == NEWS:
        return path_of_news(headlines("train"), headlines("test"), draw)
    if market == REGIMES:
        return path_of_regimes(draw)
    if market in MADE:
        return path_of_chain(market, chain_of(market), draw)
    if market in REAL:
        return path_of_series(shipped()[market])
    return path_of_series(_opened_series(market))


def chain_of(market: str) -> Chain:
    """Returns the chain of a market that has one."""
    if market == REVERSION:
        return mean_reversion()
    return planted_edge(EDGE if market == WITH_EDGE else 0.5, MOVE)


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
