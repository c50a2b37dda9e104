"""Ways to fool oneself with a backtest, each measured: what is told, and what comes of it on days nobody touched.

All results are medians of Sharpe ratios over seeds, costs paid unless they are what is left out.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from rl.agents.market.q_learning import TradingQLearning
from rl.envs.trading import Trading
from rl.markets import readers
from rl.markets.backtest import Backtest, backtest, greedy
from rl.trading_study import Arm, test_days, trained, with_seed

SEEDS, YEARS, MANY = range(20), 100, 500
PAPERS = ("AAPL", "GOOG", "IBM", "MSFT")
Q = TradingQLearning()
PLAIN = Trading(use="not at all")


class Shown(NamedTuple):
    """Two Sharpe ratios, what they are called, and a sentence."""

    told: float
    truth: float
    told_as: str
    truth_as: str
    says: str


def _sharpe(found: Backtest) -> float:
    """Returns the Sharpe ratio, 0 for one who stayed out."""
    return found.sharpe if found.held.any() else 0.0


def _medians(world: Trading, days: Sequence[tuple[Trading, tuple[int, int]]] = ()) -> list[list[float]]:
    """Lets 20 seeds learn in a world and returns their Sharpe ratios on given days of given worlds, a list for each."""
    found: list[list[float]] = [[] for _ in days]
    for seed in SEEDS:
        arm = with_seed(Arm("", world, Q), seed)
        memory = trained(arm, seed, YEARS).memory
        for row, (judge, span) in zip(found, days, strict=True):
            judge = with_seed(Arm("", judge, Q), seed).world
            row.append(_sharpe(backtest(judge.model, greedy(memory.q), span, seed)))
    return found


def _median(numbers: Sequence[float]) -> float:
    return float(np.median(numbers))


def look_ahead(on: bool) -> Shown:
    """Lets the agent see the day that it decides about, where there is nothing to see."""
    honest = replace(PLAIN, market="random walk", look_back=1, bins=2)
    seen = replace(honest, peek="yes" if on else "no")
    # without looking ahead the sight of the walk is its last move too: the states are the same two
    told, truth = _medians(seen, [(seen, test_days(seen)), (honest, test_days(honest))])
    return Shown(_median(told), _median(truth), "as told", "without tomorrow's price",
                 "A Sharpe ratio above 3 is nearly always a bug like this one.")


def no_costs(on: bool) -> Shown:
    """Leaves out the costs in a market whose next move is 60 % likely to be that of the last day's sign."""
    real = replace(PLAIN, market="planted edge", cost=0.004)
    free = replace(real, cost=0.0) if on else real
    told, truth = _medians(free, [(free, test_days(free)), (real, test_days(real))])
    return Shown(_median(told), _median(truth), "as told", "costs paid",
                 "The edge is real, and here a trade costs 0.4 %: whoever learned without costs trades too much.")


def too_many_states(on: bool) -> Shown:
    """Compares training days with test days, on four papers, where states are many."""
    worlds = [replace(PLAIN, market=paper, bins=50 if on else 3) for paper in PAPERS]
    rows = [_medians(world, [(world, world.days), (world, test_days(world))]) for world in worlds]
    told, truth = (_median([x for row in rows for x in row[i]]) for i in (0, 1))
    return Shown(told, truth, "training days", "test days",
                 "Four real papers. The more states, the better the past is learned by heart.")


def best_of_many(on: bool) -> Shown:
    """Takes the best of 500 policies made of dice on training days, or the middle one, and has it trade on."""
    told: list[float] = []
    truth: list[float] = []
    for paper in PAPERS:
        world = replace(PLAIN, market=paper, bins=5)
        luck = np.random.default_rng(5)
        policies = [greedy(luck.random(world.shape)) for _ in range(MANY)]
        early = [_sharpe(backtest(world.model, policy, world.days)) for policy in policies]
        pick = int(np.argmax(early)) if on else int(np.argsort(early)[MANY // 2])
        told.append(early[pick])
        truth.append(_sharpe(backtest(world.model, policies[pick], test_days(world))))
    return Shown(_median(told), _median(truth), "training days", "test days",
                 "Four real papers. None of the 500 has learned anything: who tries much shows luck.")


def one_seed(on: bool) -> Shown:
    """Shows the best of 20 seeds in a random walk, or the middle one; the truth is the same policy on another path."""
    world = replace(PLAIN, market="random walk", cost=0.0)
    told: list[float] = []
    truth: list[float] = []
    for seed in SEEDS:
        arm = with_seed(Arm("", world, Q), seed)
        policy = greedy(trained(arm, seed, YEARS).memory.q)
        for row, draw in ((told, seed), (truth, seed + 1000)):
            other = replace(world, draw=draw)
            row.append(_sharpe(backtest(other.model, policy, test_days(other), seed)))
    pick = int(np.argmax(told)) if on else int(np.argsort(told)[len(told) // 2])
    return Shown(told[pick], truth[pick], "test days", "another path",
                 "A random walk without costs: the best seed was lucky, and luck does not go on.")


def trained_on_the_test(on: bool) -> Shown:
    """Learns from the test days; the truth is the training days, which then nobody has touched."""
    worlds = [replace(PLAIN, market=paper, bins=20, period="test days" if on else "training days") for paper in PAPERS]
    rows = [_medians(world, [(world, test_days(world)), (world, (60, world.path.split))]) for world in worlds]
    told, other = (_median([x for row in rows for x in row[i]]) for i in (0, 1))
    return Shown(told, other, "test days", "the other days" if on else "training days",
                 "Four real papers. Whichever days were learned from look good; only the others count.")


def one_that_remembers(on: bool) -> Shown:
    """Follows a reader that knows the first half of the test days, or SmolLM2, which was told no names."""
    reader = readers.REMEMBERS if on else readers.MODEL
    rows: list[list[float]] = [[], []]
    for paper in PAPERS:
        world = replace(PLAIN, market=paper, reader=reader, use="observation")
        first, end = test_days(world)
        middle = (first + end) // 2
        for row, found in zip(rows, _medians(world, [(world, (first, middle)), (world, (middle, end))]), strict=True):
            row.extend(found)
    return Shown(_median(rows[0]), _median(rows[1]), "up to what it has read", "after that",
                 "Four real papers. What a model remembers it has not foreseen: judge it after its training ended.")
