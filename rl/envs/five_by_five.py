"""The 5×5 grid on which the book shows what values are: two states that pay, and edges that cost."""

from dataclasses import dataclass

import numpy as np

from rl.envs.base import DOWN, LEFT, RIGHT, UP, Action, Env, Picture, cell_name, single_layer
from rl.knob import knob
from rl.mdp import Outcome, TabularMDP, from_table

SIDE = 5
JUMPS = {1: (21, 10.0), 3: (13, 5.0)}  # from A and from B: where to, and what it pays
TAGS = ((1, "A", "A: any step from here leads to A′ and pays 10"), (21, "A′", "A′: where A leads"),
        (3, "B", "B: any step from here leads to B′ and pays 5"), (13, "B′", "B′: where B leads"))


@dataclass(frozen=True)
class FiveByFive(Env):
    """The grid of S&B examples 3.5 and 3.8, in which nothing ever ends: from A to A′ for 10, from B to B′ for 5.

    A step off the grid costs 1 and leads nowhere. Episodes start in any cell with equal chance, and are cut short.
    """

    horizon: int = knob(100, 0, 10_000, "Time limit: steps after which an episode is cut short, though nothing has "
                        "ended. 0 is no limit.", 10)

    slug = "five"
    title = "5×5 grid"
    order = 70
    idea = "Collect as much as you can, for ever: A pays 10 and B pays 5 to whoever leaves them. The edge costs 1."
    actions = (LEFT, DOWN, RIGHT, UP)

    def build(self) -> TabularMDP:
        table = [[[_outcome(s, move)] for move in self.actions] for s in range(SIDE * SIDE)]
        return from_table(table, np.full(SIDE * SIDE, 1 / SIDE**2), self.horizon)

    def picture(self) -> Picture:
        return Picture(SIDE, SIDE, "." * SIDE * SIDE, single_layer(SIDE, SIDE), tags=(TAGS,))

    def state_name(self, s: int) -> str:
        return cell_name(s, SIDE)


def _outcome(s: int, move: Action) -> Outcome:
    if s in JUMPS:
        return 1.0, *JUMPS[s], False
    row, col = s // SIDE + move.dy, s % SIDE + move.dx
    inside = 0 <= row < SIDE and 0 <= col < SIDE
    return 1.0, row * SIDE + col if inside else s, 0.0 if inside else -1.0, False
