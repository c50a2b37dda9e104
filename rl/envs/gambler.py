"""The gambler's problem: how much to stake on the next toss of a coin."""

from dataclasses import dataclass

import numpy as np

from rl.envs.base import Action, Env, Picture
from rl.knob import knob
from rl.mdp import Outcome, TabularMDP, from_table

COLS = 10  # of the picture


@dataclass(frozen=True)
class Gambler(Env):
    """The gambler's problem (S&B example 4.3). A state is the capital; it ends at nothing or at the goal.

    A stake is at most what the gambler has, and what is left to the goal; to stake nothing changes nothing, and is no
    action here. Episodes start with any capital in between with equal chance.
    """

    p_heads: float = knob(0.4, 0.0, 1.0, "Chance that the coin comes up heads, and the stake is won.", 0.01,
                          label="chance of heads")
    goal: int = knob(100, 2, 200, "The capital at which the gambler has won.", 1)

    slug = "gambler"
    title = "Gambler's problem"
    order = 110
    idea = "Reach the goal by staking money on tosses of a coin. The only reward is 1, at the goal."
    front = ("p_heads",)

    @property
    def actions(self) -> tuple[Action, ...]:
        return tuple(Action(f"stake {stake}", short=str(stake)) for stake in range(1, self.goal // 2 + 1))

    def build(self) -> TabularMDP:
        between = [[self._toss(s, stake) for stake in range(1, min(s, self.goal - s) + 1)] for s in range(1, self.goal)]
        broke, rich = ([[(1.0, s, 0.0, True)]] * (self.goal // 2) for s in (0, self.goal))
        start = np.r_[0.0, np.full(self.goal - 1, 1 / (self.goal - 1)), 0.0]
        return from_table([broke, *between, rich], start)

    def _toss(self, capital: int, stake: int) -> list[Outcome]:
        won, lost = capital + stake, capital - stake
        rich = won == self.goal
        return [(self.p_heads, won, float(rich), rich), (1 - self.p_heads, lost, 0.0, lost == 0)]

    def picture(self) -> Picture:
        """Draws ten capitals a row, with the tens at the left and the units above them."""
        rows = self.goal // COLS + 1
        shown = np.full((rows + 1, COLS + 1), -1, np.int64)
        capital = np.arange(rows * COLS)
        shown[1:, 1:] = np.where(capital <= self.goal, capital, -1).reshape(rows, COLS)
        kinds = {-1: " ", 0: "H", self.goal: "G"}
        cells = "".join(kinds.get(s, ".") for s in shown.ravel().tolist())
        units = [(1 + unit, f"+{unit}", f"capitals that end in {unit}") for unit in range(COLS)]
        tens = [((1 + row) * (COLS + 1), str(row * COLS), f"a capital of {row * COLS} and more") for row in range(rows)]
        return Picture(rows + 1, COLS + 1, cells, shown.reshape(1, -1), tags=((*units, *tens),))

    def state_name(self, s: int) -> str:
        return f"capital {s}"

    def tells(self, s: int, a: int, k: int) -> str:
        return "Tails: the stake is lost." if k else "Heads: the stake is won."
