"""What a policy makes of days it goes through once, in order: nothing is learned, nothing is shaped."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from rl.dice import ACTION, uniform
from rl.jit import jit
from rl.markets import measures
from rl.markets.trading import FLAT, held_instead, seen_on
from rl.markets.wealth import rewards
from rl.mdp import Floats, Ints
from rl.policies import drawn


@jit
def go_through(model, chances, seed, first, held):
    """Writes the position held on each of ``held.size`` days from ``first`` on, beginning with cash."""
    s = FLAT
    for i in range(held.size):
        s = seen_on(model, first + i, s)
        a = drawn(chances[s], uniform(seed, i, ACTION))
        held[i] = held_instead(model, first + i, a - 1)
        s = held[i] + 1


@dataclass(frozen=True, eq=False)
class Backtest:
    """Positions (D,) and the log returns (D,) they earned, costs included."""

    held: Ints
    earned: Floats
    cost: float

    @property
    def log_wealth(self) -> float:
        """Returns the log of what wealth was multiplied with."""
        return float(self.earned.sum())

    @property
    def sharpe(self) -> float:
        return measures.sharpe(self.earned)

    @property
    def drawdown(self) -> float:
        return measures.drawdown(self.earned)

    @property
    def turnover(self) -> float:
        return measures.turnover(self.held.astype(np.float64))

    @property
    def costs(self) -> float:
        return measures.costs_paid(self.held.astype(np.float64), self.cost)


def backtest(model: Any, chances: Floats, days: tuple[int, int], seed: int = 0) -> Backtest:
    """Acts by the chances of actions (S, 3) on the days from the first to before the last, each once."""
    first, end = days
    held = np.zeros(end - first, np.int64)
    go_through(model, chances, seed, first, held)
    return Backtest(held, rewards(held, model.growth[first:end], model.cost), model.cost)


def greedy(q: Floats) -> Floats:
    """Returns the chances (S, 3) of one who acts by values: the best action, and what is held where it never was.

    Equal values share nothing here: short and long at once is a coin nobody wants tossed. The first to be best is
    taken, flat before short before long.
    """
    order = [1, 0, 2]
    best = np.array(order)[q[:, order].argmax(axis=1)]
    return np.asarray(np.eye(3)[best])
