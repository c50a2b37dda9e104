"""The random walk: states in a row, an end on either side, and nothing to decide."""

from dataclasses import dataclass

import numpy as np

from rl.envs.base import LEFT, RIGHT, Env, Picture, single_layer
from rl.knob import knob
from rl.mdp import Outcome, TabularMDP, from_table

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class RandomWalk(Env):
    """States in a row between two ends (S&B examples 6.2 and 7.1); every episode starts in the middle.

    It is a walk at random for whoever goes left and right with equal chance: under that policy the five states of
    example 6.2 are worth 1/6 to 5/6. The two ends are states of their own, from which no episode goes on.
    """

    states: int = knob(5, 2, 99, "How many states lie between the two ends.", 1)
    left_reward: float = knob(0.0, -10.0, 10.0, "Reward for coming to the left end. The 19 states of the book's "
                              "example 7.1 go with -1.", 0.5)
    right_reward: float = knob(1.0, -10.0, 10.0, "Reward for coming to the right end.", 0.5)

    slug = "walk"
    title = "Random walk"
    order = 80
    idea = "Nothing to win by choosing: what is each state worth to somebody who goes left and right at random?"
    actions = (LEFT, RIGHT)
    front = ("states",)

    def build(self) -> TabularMDP:
        right = self.states + 1
        between = [[self._outcomes(s - 1), self._outcomes(s + 1)] for s in range(1, right)]
        ends = [[[(1.0, s, 0.0, True)]] * 2 for s in (0, right)]
        return from_table([ends[0], *between, ends[1]], np.eye(right + 1)[right // 2])

    def _outcomes(self, s: int) -> list[Outcome]:
        """Lists the one outcome of stepping to state ``s``."""
        pays = {0: self.left_reward, self.states + 1: self.right_reward}
        return [(1.0, s, pays.get(s, 0.0), s in pays)]

    def picture(self) -> Picture:
        right = self.states + 1
        cells = ["G", *"." * self.states, "G"]
        cells[right // 2] = "S"
        rewards = tuple((s, pay) for s, pay in ((0, self.left_reward), (right, self.right_reward)) if pay)
        return Picture(1, right + 1, "".join(cells), single_layer(1, right + 1), rewards)

    def state_name(self, s: int) -> str:
        if s in (0, self.states + 1):
            return "the left end" if s == 0 else "the right end"
        return LETTERS[s - 1] if self.states <= len(LETTERS) else f"state {s}"
