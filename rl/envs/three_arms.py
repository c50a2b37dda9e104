"""Three arms and one pull: the smallest world in which there is something to prefer."""

from dataclasses import dataclass

import numpy as np

from rl.envs.base import Action, Env, Picture, single_layer
from rl.knob import knob
from rl.mdp import Outcome, TabularMDP, from_table

END = 1


@dataclass(frozen=True)
class ThreeArms(Env):
    """A bandit with three arms as a finite MDP: an episode is one pull, which pays a mean plus or minus a spread.

    Both come with equal chance, so the spread is the standard deviation of the reward.
    """

    mean_1: float = knob(0.5, -10.0, 10.0, "What arm 1 pays on average.", 0.1, label="mean of arm 1")
    mean_2: float = knob(1.0, -10.0, 10.0, "What arm 2 pays on average.", 0.1, label="mean of arm 2")
    mean_3: float = knob(0.0, -10.0, 10.0, "What arm 3 pays on average.", 0.1, label="mean of arm 3")
    spread: float = knob(1.0, 0.0, 10.0, "Luck: a pull pays this much more or less than the mean, with equal "
                         "chance.", 0.1)

    slug = "arms3"
    title = "Three arms"
    order = 105
    idea = "One pull an episode: find the arm that pays best on average."
    actions = tuple(Action(f"arm {number}", short=str(number)) for number in (1, 2, 3))
    front = ("spread",)

    def build(self) -> TabularMDP:
        arms = [self._outcomes(mean) for mean in (self.mean_1, self.mean_2, self.mean_3)]
        return from_table([arms, [[(1.0, END, 0.0, True)]] * len(arms)], np.eye(2)[0])

    def _outcomes(self, mean: float) -> list[Outcome]:
        """Lists what a pull may pay, the better first."""
        return [(0.5, END, mean + self.spread, True), (0.5, END, mean - self.spread, True)]

    def picture(self) -> Picture:
        return Picture(1, 2, "SG", single_layer(1, 2))

    def state_name(self, s: int) -> str:
        return "the end" if s == END else "before the arms"

    def tells(self, s: int, a: int, k: int) -> str:
        return "" if s == END else f"It pays {self.mdp.reward[s, a, k]:g}.".replace("-", "−")
