"""A world in which the best of many guesses is too good to be true."""

from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np

from rl.envs.base import LEFT, RIGHT, Action, Env, Picture
from rl.knob import knob
from rl.mdp import Floats, Outcome, TabularMDP, from_table

A, B, LEFT_END, RIGHT_END = range(4)
NAMES = ("A", "B", "the left end", "the right end")
MOST = 20
REWARDS = 100


@dataclass(frozen=True)
class MaximisationBias(Env):
    """The MDP of S&B figure 6.5: from A right to the end, or left to B, whose every action ends with a random reward.

    Rewards in B are normal with variance 1, as a hundred equally likely numbers of exactly that mean and variance. A
    has the first two of the actions only.
    """

    actions_in_b: int = knob(10, 1, MOST, "How many actions there are in B. Each pays the same on average.", 1,
                             label="actions in B")
    mean: float = knob(-0.1, -2.0, 2.0, "What every action in B pays on average.", 0.05, label="mean reward in B")

    slug = "bias"
    title = "Maximisation bias"
    order = 70
    idea = "Going right pays nothing. Going left leads to B, which costs 0.1 on average and now and then looks good."
    front = ("actions_in_b",)

    @property
    def actions(self) -> tuple[Action, ...]:
        more = (Action(f"action {number}", short=str(number)) for number in range(3, self.actions_in_b + 1))
        return (LEFT, RIGHT, *more)

    def build(self) -> TabularMDP:
        in_b: list[Outcome] = [(1 / REWARDS, LEFT_END, self.mean + float(noise), True) for noise in normal_rewards()]
        in_a: list[list[Outcome]] = [[(1.0, B, 0.0, False)], [(1.0, RIGHT_END, 0.0, True)]]
        ends = [[[(1.0, end, 0.0, True)]] * len(self.actions) for end in (LEFT_END, RIGHT_END)]
        return from_table([in_a, [in_b] * self.actions_in_b, *ends], np.eye(len(NAMES))[A])

    def picture(self) -> Picture:
        return Picture(1, 4, "G.SG", np.array([[LEFT_END, B, A, RIGHT_END]]), tags=(((1, "B", ""), (2, "A", "")),))

    def state_name(self, s: int) -> str:
        return NAMES[s]

    def tells(self, s: int, a: int, k: int) -> str:
        return f"It pays {self.mdp.reward[s, a, k]:.2f}.".replace("-", "−") if s == B else ""


@lru_cache(maxsize=1)
def normal_rewards() -> Floats:
    """Lists equally likely numbers like standard normal ones, (REWARDS,): its quantiles, stretched to variance 1."""
    quantiles = np.array([NormalDist().inv_cdf((i + 0.5) / REWARDS) for i in range(REWARDS)])
    centred = (quantiles - quantiles[::-1]) / 2
    return np.asarray(centred / centred.std())
