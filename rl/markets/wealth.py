"""What a position makes of wealth, costs included. The reward is its log: rewards add up to the log of wealth."""

import math
from typing import Any

import numpy as np

from rl.jit import jit
from rl.mdp import Floats

SHORT, FLAT, LONG = 0, 1, 2
"""The actions: which position to hold from today's close to tomorrow's."""
POSITIONS = (-1, 0, 1)
"""The share of wealth each of them puts into the market."""
DEAREST = 0.5
"""Costs are below this: turning from short to long could take all there is otherwise."""


@jit
def log_growth(before, after, growth, cost):
    """Returns log(W'/W) of going from position ``before`` to ``after`` and holding it while the price grows.

    W' = W (1 - cost |after - before|) (1 + after * growth); positions are shares of wealth in [-1, 1], ``growth`` is
    the return of the price, .01 for 1 %, and ``cost`` the share of what is traded that is lost.
    """
    return math.log1p(-cost * abs(after - before)) + math.log1p(after * growth)


def check_cost(cost: float) -> None:
    """Raises ValueError with a sentence where a cost is none."""
    if not 0.0 <= cost < DEAREST:
        raise ValueError(f"The cost of a trade must be from 0 to below {DEAREST:g} of what is traded; got {cost:g}.")


def rewards(positions: Any, returns: Any, cost: float, before: float = 0.0) -> Floats:
    """Returns the rewards of holding ``positions`` (D,) while the price earns ``returns`` (D,), position by position.

    ``before`` is the position held at first. Raises ValueError where wealth would not stay above zero.
    """
    check_cost(cost)
    held, earned = np.asarray(positions, np.float64), np.asarray(returns, np.float64)
    if held.shape != earned.shape:
        raise ValueError(f"There are {held.size} positions for {earned.size} returns: one is needed for each.")
    if not (1.0 + held * earned > 0.0).all():
        raise ValueError("A position loses all there is on one day: take a smaller one, or prices that move less.")
    traded = np.abs(np.diff(held, prepend=before))
    return np.asarray(np.log1p(-cost * traded) + np.log1p(held * earned))


def wealth_path(positions: Any, returns: Any, cost: float, before: float = 0.0) -> Floats:
    """Returns wealth before the first day and after each, (D + 1,), beginning with 1. Raises as `rewards` does."""
    return np.exp(np.concatenate([[0.0], np.cumsum(rewards(positions, returns, cost, before))]))
