"""What can be said about a price in words: a note of its last week and month, as an analyst would be handed it."""

import numpy as np

from rl.mdp import Floats, Ints

WEEK, MONTH, QUARTER = 5, 21, 60
MOVES = ("fell sharply", "fell", "hardly moved", "rose", "rose sharply")
EDGES = np.array([-1.25, -0.35, 0.35, 1.25])
"""Between those moves, in standard deviations of what a time so long usually brings."""
NOTES = tuple(f"Company A's share price {week} this week, after it {month} over the month." for month in MOVES
              for week in MOVES)


def note_numbers(price: Floats) -> Ints:
    """Returns which of `NOTES` is true at each close (D,); -1 on the first days, of which too little is known.

    Nothing later than the close of day d goes into note d.
    """
    logs = np.log(price)
    spread = trailing_spread(logs)
    week, month = (np.searchsorted(EDGES, moved(logs, spread, days), side="right") for days in (WEEK, MONTH))
    numbers = len(MOVES) * month + week
    numbers[:QUARTER] = -1
    return np.asarray(numbers, np.int64)


def moved(logs: Floats, spread: Floats, days: int) -> Floats:
    """Returns how far log prices (D,) moved over the last ``days`` days, in standard deviations of such a move."""
    change = np.zeros(len(logs))
    change[days:] = logs[days:] - logs[:-days]
    return np.asarray(np.divide(change, spread * np.sqrt(days), out=np.zeros(len(logs)), where=spread > 0))


def trailing_spread(logs: Floats, days: int = QUARTER) -> Floats:
    """Returns the root mean square of the last ``days`` daily moves, (D,); of all there are where these are fewer."""
    squares = np.concatenate([[0.0], np.cumsum(np.diff(logs) ** 2)])
    last = np.arange(len(logs))
    first = np.maximum(0, last - days)
    return np.asarray(np.sqrt((squares[last] - squares[first]) / np.maximum(1, last - first)))
