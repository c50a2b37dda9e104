"""With a reader against without: many seeds of each, always judged by days that nobody learned from."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from rl.agents.base import Agent
from rl.agents.market.rule import HOLD, FixedRule
from rl.envs.trading import Trading
from rl.markets import shelf
from rl.markets.backtest import Backtest, backtest, greedy
from rl.mdp import Floats
from rl.run import Run, advance, begin

SEEDS, YEARS = 20, 400


class Arm(NamedTuple):
    """One of the things compared: a name, the world with its reader, and who trades."""

    name: str
    world: Trading
    agent: Agent


class Outcome(NamedTuple):
    """What one seed came to on the test days, costs paid, nothing shaped."""

    log_wealth: float
    sharpe: float  # 0 for one who stayed out: no risk taken, nothing earned
    drawdown: float
    turnover: float
    costs: float
    over_hold: float  # log wealth beyond buy-and-hold's on the same days


def with_seed(arm: Arm, seed: int) -> Arm:
    """Gives every seed a path of its own, where the market is one we made; all arms of a seed meet the same one."""
    return arm._replace(world=replace(arm.world, draw=seed)) if arm.world.market in shelf.MADE else arm


def test_days(world: Trading) -> tuple[int, int]:
    """Returns the first test day, and the one after the last that can be held to the next close."""
    return world.path.split, len(world.path)


def chances_of(memory: Any, agent: Agent) -> Floats:
    """Returns how an agent acts once it stops learning, (S, 3): greedily by values, or by its policy."""
    return np.asarray(memory.pi) if agent.learns == "pi" else greedy(memory.q)


def judged(world: Trading, agent: Agent, memory: Any, seed: int, days: tuple[int, int] | None = None) -> Backtest:
    """Goes through the test days, or others, once with what was learned."""
    return backtest(world.model, chances_of(memory, agent), days or test_days(world), seed)


@lru_cache(maxsize=256)
def held(world: Trading) -> Backtest:
    """Buys on the first test day and holds."""
    bare = replace(world, use="not at all")
    agent = FixedRule(rule=HOLD)
    return judged(bare, agent, agent.new_memory(bare.model, 0), 0)


def trained(arm: Arm, seed: int, years: int) -> Run:
    """Lets an arm learn for so many years from a seed."""
    run = begin(arm.world, arm.agent, seed)
    advance(run, arm.world.model.horizon * years)
    return run


@lru_cache(maxsize=4096)
def outcome(arm: Arm, seed: int, years: int) -> Outcome:
    """Goes through the test days with what an arm has learned from a seed."""
    arm = with_seed(arm, seed)
    found = judged(arm.world, arm.agent, trained(arm, seed, years).memory, seed)
    sharpe = found.sharpe
    return Outcome(found.log_wealth, 0.0 if np.isnan(sharpe) else sharpe, found.drawdown, found.turnover, found.costs,
                   found.log_wealth - held(arm.world).log_wealth)


@dataclass
class TradingStudy:
    """A study under way: work on it in slices, and look at what there is."""

    arms: tuple[Arm, ...]
    seeds: int = SEEDS
    years: int = YEARS
    found: dict[tuple[int, int], Outcome] = field(default_factory=dict)  # by seed and arm

    @property
    def progress(self) -> float:
        """How much of it is done, from 0 to 1."""
        return len(self.found) / (self.seeds * len(self.arms)) if self.arms else 1.0

    def advance(self, seconds: float) -> None:
        """Works for so long, or a single run where that takes longer; all arms of a seed come before the next seed."""
        end = time.monotonic() + seconds
        for place in ((seed, i) for seed in range(self.seeds) for i in range(len(self.arms))):
            if place not in self.found:
                self.found[place] = outcome(self.arms[place[1]], place[0], self.years)
                if time.monotonic() > end:
                    return

    def of(self, arm: int) -> list[Outcome]:
        """Returns what the seeds of an arm came to, in their order."""
        return [self.found[place] for place in sorted(self.found) if place[1] == arm]


def column(outcomes: Sequence[Outcome], name: str) -> Floats:
    """Returns one number of every outcome."""
    return np.array([getattr(one, name) for one in outcomes], np.float64)


def share_above(outcomes: Sequence[Outcome]) -> float:
    """Returns the share of seeds that did better than buying and holding."""
    return float(np.mean(column(outcomes, "over_hold") > 0)) if outcomes else float("nan")
