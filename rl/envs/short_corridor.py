"""The short corridor: three states, in one of which left and right are swapped."""

from dataclasses import dataclass

import numpy as np

from rl.envs.base import LEFT, RIGHT, Env, Picture, single_layer
from rl.knob import knob
from rl.mdp import Outcome, TabularMDP, from_table

SWAPPED, GOAL = 1, 3


@dataclass(frozen=True)
class ShortCorridor(Env):
    """The corridor of S&B example 13.1: every step costs 1, and in the second state left goes right and right left.

    In the book the agent cannot tell the states apart, and goes right with chance 2 - √2 at best. Here a state is what
    it is; an agent that has no table of states can be blind to them.
    """

    horizon: int = knob(1000, 0, 10_000, "Time limit: steps after which an episode is cut short. 0 is no limit: always "
                        "left, or always right, then never ends.", 10)

    slug = "corridor"
    title = "Short corridor"
    order = 100
    idea = "Reach the goal in few steps: each costs 1. In the second cell left and right are swapped."
    actions = (LEFT, RIGHT)

    def build(self) -> TabularMDP:
        table = [[[_outcome(s, move.dx)] for move in self.actions] for s in range(GOAL)]
        return from_table([*table, [[(1.0, GOAL, 0.0, True)]] * 2], np.eye(GOAL + 1)[0], self.horizon)

    def picture(self) -> Picture:
        tags = (((SWAPPED, "⇄", "left and right are swapped here"),),)
        return Picture(1, GOAL + 1, "S..G", single_layer(1, GOAL + 1), tags=tags)

    def state_name(self, s: int) -> str:
        return "the goal" if s == GOAL else f"cell {s + 1}"


def _outcome(s: int, move: int) -> Outcome:
    s_next = max(0, s + (-move if s == SWAPPED else move))
    return 1.0, s_next, -1.0, s_next == GOAL
