"""Gymnasium's Taxi: fetch a passenger and bring them where they want to go."""

from dataclasses import dataclass

import gymnasium
import numpy as np
from gymnasium.envs.toy_text.taxi import MAP

from rl.envs.base import DOWN, LEFT, RIGHT, UP, Action, Env, Picture, cell_name
from rl.knob import choice
from rl.mdp import TabularMDP, from_gymnasium

SIDE = 5
STANDS = (("Red", 0), ("Green", 4), ("Yellow", 20), ("Blue", 23))  # name and cell, in Gymnasium's order
ABOARD = len(STANDS)
LAYERS = (ABOARD + 1) * len(STANDS)

Tag = tuple[int, str, str]


@dataclass(frozen=True)
class Taxi(Env):
    """Taxi-v4 with its time limit of 200 steps (Dietterich, 2000). A layer is where the passenger is and wants to go.

    Gymnasium's fickle passenger is left out: whether they may still change their mind is no part of the state, so with
    them it is no longer an MDP over these states.
    """

    rainy: str = choice("no", ("no", "yes"), "Whether it rains: a move then goes as meant with a chance of 80 % and "
                        "to either side with 10 % each.")

    slug = "taxi"
    title = "Taxi"
    order = 30
    idea = "Pick the passenger up, drop them where they want to go: 20. A step costs 1, a wrong pick-up or drop-off 10."
    actions = (DOWN, UP, RIGHT, LEFT, Action("pick up"), Action("drop off"))
    front = ("rainy",)

    def build(self) -> TabularMDP:
        return from_gymnasium(gymnasium.make("Taxi-v4", is_rainy=self.rainy == "yes"))

    def picture(self) -> Picture:
        state_at = np.arange(SIDE * SIDE)[None, :] * LAYERS + np.arange(LAYERS)[:, None]
        tags = tuple(_tags(*divmod(layer, len(STANDS))) for layer in range(LAYERS))
        return Picture(SIDE, SIDE, "." * SIDE * SIDE, state_at, bars=_bars(), tags=tags)

    def state_name(self, s: int) -> str:
        cell, layer = divmod(s, LAYERS)
        passenger, destination = divmod(layer, len(STANDS))
        where = "aboard" if passenger == ABOARD else STANDS[passenger][0]
        return f"{cell_name(cell, SIDE)}; passenger {where} → {STANDS[destination][0]}"


def _bars() -> tuple[tuple[int, int], ...]:
    """Reads the thin walls off Gymnasium's map, whose row r + 1 shows the border right of column c at 2 c + 2."""
    places = [(r, c) for r in range(SIDE) for c in range(SIDE - 1) if MAP[r + 1][2 * c + 2] == "|"]
    return tuple((r * SIDE + c, r * SIDE + c + 1) for r, c in places)


def _tags(passenger: int, destination: int) -> tuple[Tag, ...]:
    stands: list[Tag] = [(cell, name[0], f"{name}, a stand") for name, cell in STANDS]
    if passenger != ABOARD:
        stands.append((STANDS[passenger][1], "P", "the passenger waits here"))
    return (*stands, (STANDS[destination][1], "D", "the passenger wants to go here"))
