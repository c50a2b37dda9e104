"""A learner's own prices: a CSV with a column of dates and one or more of prices, checked line by line."""

import csv
import io
import math

import numpy as np

from rl.markets.series import Series

MOST_BYTES, MOST_DAYS, MOST_COLUMNS = 5_000_000, 20_000, 50
FEWEST_DAYS = 400
"""As many as it takes to look back, to learn, and to be judged."""
LONGEST_GAP = 30
"""Days without a price after which something is missing: exchanges close for a week or two at most."""
LONGEST_NAME = 40
SEPARATORS = (",", ";", "\t")


def read_csv(data: bytes) -> list[Series]:
    """Reads a file: a header, dates as 2024-01-31 in the first column, oldest first, prices in the others.

    Raises ValueError with one sentence that names the line and says what to do.
    """
    rows = _rows(_text(data))
    names = _names(rows[0])
    dates = _dates(rows)
    return [Series(name, dates.copy(), _prices(rows, i)) for i, name in enumerate(names, 1)]


def _text(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        raise ValueError(f"The file has {len(data) / 1e6:.0f} MB; {MOST_BYTES / 1e6:.0f} are the most. Leave out "
                         "columns or years.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("The file is no text in UTF-8: save it as “CSV UTF-8”.") from None


def _rows(text: str) -> list[list[str]]:
    """Splits a text into rows of as many cells as its header has; empty lines at the end are passed over."""
    head = text.split("\n", 1)[0]
    separator = max(SEPARATORS, key=head.count)
    try:
        rows = list(csv.reader(io.StringIO(text.rstrip(), newline=""), delimiter=separator, strict=True))
    except csv.Error:
        raise ValueError("The file is no CSV: its quotes do not match. Save it as CSV again.") from None
    if len(rows) - 1 > MOST_DAYS:
        raise ValueError(f"The file has {len(rows) - 1:,} lines of prices; {MOST_DAYS:,} are the most.")
    if len(rows) - 1 < FEWEST_DAYS:
        raise ValueError(f"The file has {max(0, len(rows) - 1):,} lines of prices; at least {FEWEST_DAYS} are needed, "
                         "to learn from some and be judged by others.")
    for number, row in enumerate(rows, 1):
        if len(row) != len(rows[0]):
            raise ValueError(f"Line {number:,} has {len(row)} cells, and the header {len(rows[0])}: make them equal.")
    return rows


def _names(header: list[str]) -> list[str]:
    names = [name.strip()[:LONGEST_NAME] for name in header[1:]]
    if not names:
        raise ValueError("The file has one column only: the first is for dates, the second for prices.")
    if len(names) > MOST_COLUMNS:
        raise ValueError(f"The file has {len(names)} columns of prices; {MOST_COLUMNS} are the most.")
    if "" in names or len(set(names)) < len(names):
        raise ValueError("Each column of prices needs a name of its own in the first line.")
    return names


def _dates(rows: list[list[str]]) -> np.ndarray:
    found = np.array([_date(row[0], number) for number, row in enumerate(rows[1:], 2)], "datetime64[D]")
    steps = np.diff(found).astype(np.int64)
    if (steps <= 0).any():
        line = int(np.argmax(steps <= 0)) + 3
        raise ValueError(f"Line {line:,} is not later than the line before it: sort the file by date, each date once.")
    if (steps > LONGEST_GAP).any():
        line = int(np.argmax(steps > LONGEST_GAP)) + 3
        raise ValueError(f"Before line {line:,} there are {steps.max()} days without a price: fill the gap, or take "
                         "the part after it.")
    return found


def _date(cell: str, line: int) -> np.datetime64:
    cell = cell.strip()
    try:
        if len(cell) != 10 or not cell.isascii():
            raise ValueError
        found = np.datetime64(cell, "D")
        if np.isnat(found):
            raise ValueError
        return found
    except ValueError:
        raise ValueError(f"Line {line:,} begins with {cell[:20]!r}, which is no date such as 2024-01-31.") from None


def _prices(rows: list[list[str]], column: int) -> np.ndarray:
    found = np.array([_price(row[column], number) for number, row in enumerate(rows[1:], 2)], np.float64)
    doubled = found[1:] >= 2 * found[:-1]
    if doubled.any():
        raise ValueError(f"Line {int(np.argmax(doubled)) + 3:,} has a price at least twice that of the line before: "
                         "whoever was short would lose everything. Correct it, or adjust for splits.")
    return found


def _price(cell: str, line: int) -> float:
    try:
        found = float(cell) if "_" not in cell else math.nan
    except ValueError:
        found = math.nan
    if not 1e-6 <= found <= 1e9:  # NaN is neither
        raise ValueError(f"Line {line:,} has {cell.strip()[:20]!r} for a price: it must be a number above 0, written "
                         "as 12.34.")
    return found
