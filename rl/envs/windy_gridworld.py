"""The windy gridworld: a wind blows upwards in the middle, and the way to the goal must allow for it."""

from dataclasses import dataclass

import numpy as np

from rl.envs.base import DOWN, LEFT, RIGHT, UP, Action, Env, Picture, cell_name
from rl.knob import choice, knob
from rl.mdp import Floats, Ints, Outcome, TabularMDP, from_table

WIND = (0, 0, 0, 1, 1, 1, 2, 2, 1, 0)  # cells a column
ROWS, COLS = 7, len(WIND)
START, GOAL = 3 * COLS, 3 * COLS + 7

FOUR = (LEFT, DOWN, RIGHT, UP)
DIAGONALS = (Action("down-left", -1, 1), Action("down-right", 1, 1), Action("up-right", 1, -1),
             Action("up-left", -1, -1))
MOVES = {"four": FOUR, "king": FOUR + DIAGONALS, "king and stay": (*FOUR, *DIAGONALS, Action("stay"))}
ARROWS = ("", "↑", "⇈")


@dataclass(frozen=True)
class WindyGridworld(Env):
    """The windy gridworld (S&B example 6.5), with king's moves (exercise 6.9) and gusts (exercise 6.10).

    The wind of the column that is left lifts the agent while it moves; no edge lets it out.
    """

    moves: str = choice("four", tuple(MOVES), "Which moves there are: along rows and columns, diagonally too as a "
                        "king at chess, or also staying where one is and being blown away.")
    wind: str = choice("steady", ("steady", "gusty"), "Gusty wind, where there is any, blows one cell less or one more "
                       "with a chance of a third each.")
    horizon: int = knob(0, 0, 10_000, "Time limit: steps after which an episode is cut short. 0 is no limit.", 10)

    slug = "windy"
    title = "Windy gridworld"
    order = 50
    idea = "Reach the goal in few steps: each costs 1. In the middle columns a wind blows you upwards."
    front = ("moves", "wind")

    @property
    def actions(self) -> tuple[Action, ...]:
        return MOVES[self.moves]

    def build(self) -> TabularMDP:
        table = [[self._outcomes(s, move) for move in self.actions] for s in range(ROWS * COLS)]
        return from_table(table, _at(START), self.horizon)

    def _outcomes(self, s: int, move: Action) -> list[Outcome]:
        """Lists where a move leads: first with the wind as it mostly is, then with a gust less and a gust more."""
        if s == GOAL:
            return [(1.0, GOAL, 0.0, True)]
        row, col = divmod(s, COLS)
        winds = [WIND[col] + gust for gust in ((0, -1, 1) if self.wind == "gusty" and WIND[col] else (0,))]
        ends = [_inside(row + move.dy - wind, col + move.dx) for wind in winds]
        return [(1 / len(ends), end, -1.0, end == GOAL) for end in ends]

    def picture(self) -> Picture:
        return _picture()

    def state_name(self, s: int) -> str:
        return cell_name(s, COLS)


def _at(s: int) -> Floats:
    return np.eye(ROWS * COLS)[s]


def _inside(row: int, col: int) -> int:
    """Returns the cell at a row and column, or the one at the edge nearest to them."""
    return min(max(row, 0), ROWS - 1) * COLS + min(max(col, 0), COLS - 1)


def _picture() -> Picture:
    """Draws the grid, and below it a row that says how strong the wind is in each column."""
    cells = ["."] * (ROWS * COLS) + [" "] * COLS
    cells[START], cells[GOAL] = "S", "G"
    tags = tuple((ROWS * COLS + col, ARROWS[wind], f"in this column the wind blows {wind} up")
                 for col, wind in enumerate(WIND) if wind)
    state_at: Ints = np.concatenate([np.arange(ROWS * COLS), np.full(COLS, -1)])[None, :]
    return Picture(ROWS + 1, COLS, "".join(cells), state_at, tags=(tags,))
