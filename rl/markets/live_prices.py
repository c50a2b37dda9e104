"""Today's prices, where the extra is installed: yfinance reads them off Yahoo's pages."""

import importlib
import re

import numpy as np

from rl.markets.csv_file import FEWEST_DAYS
from rl.markets.series import Series

MISSING = "Live prices need the package yfinance: `.venv/bin/pip install --group prices`, then start again."
TICKER = re.compile(r"[A-Z0-9][A-Z0-9.^=-]{0,14}")


def fetch(ticker: str, first: str = "2000-01-01") -> Series:
    """Returns the daily closes of a ticker since a day, adjusted for splits and dividends.

    Raises ValueError with a sentence for a ticker that is none or has too few days, and where the extra is missing or
    Yahoo does not answer.
    """
    ticker = ticker.strip().upper()
    if not TICKER.fullmatch(ticker):
        raise ValueError("A ticker is a few letters, digits, dots or dashes, as in AAPL or SAP.DE.")
    try:
        source = importlib.import_module("yfinance")
    except ImportError:
        raise ValueError(MISSING) from None
    try:
        closes = source.Ticker(ticker).history(start=first, auto_adjust=True)["Close"].dropna()
        dates, prices = closes.index.values.astype("datetime64[D]"), np.asarray(closes, np.float64)
    except Exception as wrong:  # noqa: BLE001 - somebody else's code on somebody else's pages
        raise ValueError(f"Yahoo gave no prices of {ticker} ({type(wrong).__name__}): try again later.") from None
    if len(prices) < FEWEST_DAYS or not (prices > 0).all() or (np.diff(dates).astype(np.int64) <= 0).any():
        raise ValueError(f"Yahoo has fewer than {FEWEST_DAYS} days of {ticker}, or days that make no sense.")
    return Series(ticker, dates, prices)
