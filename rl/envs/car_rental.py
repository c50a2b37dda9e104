"""Jack's car rental: move cars overnight to where they will be asked for."""

from dataclasses import dataclass
from functools import lru_cache
from math import exp, factorial

import numpy as np

from rl.envs.base import Action, Env, Picture
from rl.knob import choice, knob
from rl.mdp import Bools, Floats, Ints, TabularMDP, cumulative, frozen

REQUESTS, RETURNS = (3, 4), (3, 2)  # expected a day, at the first and the second location
RENT, MOVE = 10.0, 2.0
MOST_MOVED = 5
ROOM = 10  # cars a location can keep overnight before it has to pay for parking
MOVES = np.arange(-MOST_MOVED, MOST_MOVED + 1)  # from the first location to the second


@dataclass(frozen=True)
class CarRental(Env):
    """Jack's car rental (S&B example 4.2), with what exercise 4.7 adds. The book's discount is 0.9.

    A state is the cars at both locations in the evening. Requests and returns are Poisson numbers, none of them cut
    off: all that is asked for beyond the cars there are, or brought beyond ``cars``, counts as just that many. The days
    that lead to one next state are one outcome, whose reward is their expected one: exact for planning, and for
    learning in expectation. Episodes start with any numbers of cars, and are cut short.
    """

    cars: int = knob(20, 1, 20, "How many cars a location can hold. Any more are taken away.", 1)
    free_shuttle: str = choice("no", ("no", "yes"), "Whether an employee drives one car a night to the second location "
                               "for nothing.")
    parking: float = knob(0.0, 0.0, 10.0, "What it costs to keep more than 10 cars at a location overnight. The book's "
                          "exercise 4.7 asks 4.", 1.0, label="parking cost")
    horizon: int = knob(100, 0, 10_000, "Time limit: days after which an episode is cut short, though nothing has "
                        "ended. 0 is no limit.", 10)

    slug = "cars"
    title = "Jack's car rental"
    order = 120
    idea = "Rent out cars at two places. A rental pays 10, and it costs 2 to move a car overnight to the other place."
    actions = tuple(Action(f"move {abs(n)} to the {'2nd' if n > 0 else '1st'}" if n else "move none", short=str(n))
                    for n in MOVES)
    front = ("free_shuttle", "parking")

    @property
    def mdp(self) -> TabularMDP:
        return _built(self)

    def build(self) -> TabularMDP:
        here, there = np.divmod(np.arange((self.cars + 1) ** 2)[:, None], self.cars + 1)
        moved = np.clip(MOVES, -there, here)  # where there are fewer cars, as many as there are
        overnight = [np.minimum(cars, self.cars) for cars in (here - moved, there + moved)]
        (p_1, paid_1), (p_2, paid_2) = (_day(self.cars, *means) for means in zip(REQUESTS, RETURNS, strict=True))
        shape = (*moved.shape, len(here))
        probability = (p_1[overnight[0]][..., :, None] * p_2[overnight[1]][..., None, :]).reshape(shape)
        paid = (paid_1[overnight[0]][..., :, None] + paid_2[overnight[1]][..., None, :]).reshape(shape)
        paid -= self._cost(moved, overnight)[..., None]
        next_state = np.ascontiguousarray(np.broadcast_to(np.arange(len(here)), shape))
        missing: Bools = moved != MOVES
        return TabularMDP(cumulative(probability), next_state, paid, np.zeros(shape, np.bool_),
                          cumulative(np.full(len(here), 1 / len(here))), self.horizon, missing)

    def _cost(self, moved: Ints, overnight: list[Ints]) -> Floats:
        """Returns what a night costs, (S, A)."""
        driven = np.abs(moved) - (moved > 0) * (self.free_shuttle == "yes")
        return np.asarray(MOVE * driven + self.parking * sum(cars > ROOM for cars in overnight))

    def picture(self) -> Picture:
        """Draws the cars at the first location upwards and those at the second to the right, as figure 4.2 does."""
        side = self.cars + 1
        shown = np.full((side + 1, side + 1), -1, np.int64)
        shown[:-1, 1:] = np.arange(side**2).reshape(side, side)[::-1]
        cells = (" " + "." * side) * side + " " * (side + 1)
        first = [((self.cars - n) * (side + 1), str(n), f"{n} at the 1st location") for n in range(side)]
        second = [(side * (side + 1) + 1 + n, str(n), f"{n} at the 2nd location") for n in range(side)]
        return Picture(side + 1, side + 1, cells, shown.reshape(1, -1), tags=((*first, *second),))

    def state_name(self, s: int) -> str:
        here, there = divmod(s, self.cars + 1)
        return f"{here} at the 1st, {there} at the 2nd"


@lru_cache(maxsize=3)
def _built(env: CarRental) -> TabularMDP:
    """Remembers few: with 20 cars the arrays take 53 MB."""
    return frozen(env.build())


def _day(most: int, requests: float, returns: float) -> tuple[Floats, Floats]:
    """For a location with so many cars in the morning, (most + 1,), the chance of so many in the evening, and what a
    day that ends so pays on average, both (most + 1, most + 1)."""
    chance, paid = np.zeros((2, most + 1, most + 1))
    for cars in range(most + 1):
        for rented, p_rented in enumerate(_at_most(cars, requests)):
            left = cars - rented
            p = p_rented * _at_most(most - left, returns)
            chance[cars, left:] += p
            paid[cars, left:] += RENT * rented * p
    return chance, paid / chance


def _at_most(most: int, mean: float) -> Floats:
    """Chance of 0, 1, ... and of ``most`` or more of what comes at random, (most + 1,)."""
    chances = np.array([exp(-mean) * mean**n / factorial(n) for n in range(100)])
    return np.append(chances[:most], chances[most:].sum())
