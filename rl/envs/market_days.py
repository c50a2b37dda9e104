"""A market's days as plain numbers: what a script of a run takes along in place of files and readers."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from rl.envs.base import World
from rl.markets.law import Law, decisions
from rl.markets.trading import ADJUSTMENT, UNUSED, MarketModel, first_sight
from rl.mdp import TabularMDP

Rows = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class MarketDays(World):
    """The numbers of a `MarketModel`; a reader's missing answer is None. The law is () where nobody plans by it."""

    sight: tuple[int, ...]
    growth: tuple[float, ...]
    opinion: tuple[float | None, ...]
    use: int
    weight: float
    cost: float
    horizon: int
    first: int
    starts: int
    sights: int
    law: tuple[Rows, Rows, tuple[float | None, ...]] | tuple[()] = ()  # probability, earned, opinion

    family = "market"

    @property
    def model(self) -> MarketModel:
        return _model(self)

    def first_state(self, seed: int, episode: int) -> int:
        return int(first_sight(self.model, seed, episode))

    def fits(self, other: World) -> bool:
        return True


@lru_cache(maxsize=8)
def _model(days: MarketDays) -> MarketModel:
    numbers = days.use, days.weight, days.cost, days.horizon, days.first, days.starts, days.sights
    return MarketModel(np.array(days.sight, np.int64), np.array(days.growth), _numbers(days.opinion), *numbers,
                       _known(days))


def _known(days: MarketDays) -> TabularMDP:
    if not days.law:
        nothing = np.ones((0, 3, 1))
        return TabularMDP(nothing, nothing.astype(np.int64), nothing, nothing > 1, np.ones(0), 0)
    probability, earned, opinion = days.law
    law = Law(np.array(probability), np.array(earned), _numbers(opinion), np.full(days.sights, 1.0 / days.sights), True)
    mixed = days.use if days.use == ADJUSTMENT else UNUSED
    return decisions(law, days.cost, mixed, days.weight, horizon=days.horizon)


def _numbers(values: tuple[float | None, ...]) -> np.ndarray:
    return np.array([np.nan if value is None else value for value in values])


def days_of(model: MarketModel, law: Law | None) -> MarketDays:
    """Writes a model out, with the law it is planned by if there is one."""
    rows = law and (_rows(law.probability), _rows(law.earned), _values(law.opinion))
    return MarketDays(tuple(model.sight.tolist()), tuple(model.growth.tolist()), _values(model.opinion), model.use,
                      model.weight, model.cost, model.horizon, model.first, model.starts, model.sights, rows or ())


def _rows(array: np.ndarray) -> Rows:
    return tuple(map(tuple, array.tolist()))


def _values(array: np.ndarray) -> tuple[float | None, ...]:
    return tuple(None if value != value else value for value in array.tolist())
