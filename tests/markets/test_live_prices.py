"""Live prices are an extra: what they need is said in a sentence, and what comes is checked."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest

from rl.markets.live_prices import fetch


class Closes(np.ndarray):
    """As much of a pandas Series as is used."""

    def dropna(self):
        return self


def source(days=500, price=100.0, step=1):
    closes = np.full(days, price).view(Closes)
    dates = np.datetime64("2020-01-01") + step * np.arange(days)
    closes.index = SimpleNamespace(values=dates.astype("datetime64[ns]"))
    return SimpleNamespace(Ticker=lambda name: SimpleNamespace(history=lambda **how: {"Close": closes}))


def test_without_the_extra_it_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "yfinance", None)
    with pytest.raises(ValueError, match="pip install --group prices"):
        fetch("AAPL")


def test_prices_that_come_are_a_series(monkeypatch):
    monkeypatch.setitem(sys.modules, "yfinance", source())
    found = fetch(" aapl ")
    assert (found.name, len(found), str(found.dates[0])) == ("AAPL", 500, "2020-01-01")


@pytest.mark.parametrize("bad", [source(days=10), source(price=-1.0), source(step=-1), SimpleNamespace()],
                         ids=["few", "negative", "backwards", "broken"])
def test_prices_that_make_no_sense_are_refused(monkeypatch, bad):
    monkeypatch.setitem(sys.modules, "yfinance", bad)
    with pytest.raises(ValueError, match="Yahoo"):
        fetch("AAPL")


@pytest.mark.parametrize("bad", ["", "../etc", "A B", "AAPL?x=1", "x" * 40])
def test_a_ticker_that_is_none_is_refused_before_anybody_is_asked(bad):
    with pytest.raises(ValueError, match="ticker"):
        fetch(bad)
