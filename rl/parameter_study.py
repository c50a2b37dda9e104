"""How good each bandit algorithm is for every setting of its parameter (S&B Figure 2.6)."""

from typing import NamedTuple

import numpy as np

from rl.agents.bandits.base import Bandit
from rl.agents.bandits.epsilon_greedy import EpsilonGreedy
from rl.agents.bandits.gradient import Gradient
from rl.agents.bandits.greedy import Optimistic
from rl.agents.bandits.ucb import UCB
from rl.bandit_study import Study
from rl.envs.testbed import Testbed
from rl.mdp import Floats

Swept = dict[str, dict[float, Bandit]]


class Sweep(NamedTuple):
    """Average reward over all steps by parameter, the curve of one algorithm; each (p,)."""

    symbol: str
    parameter: Floats
    reward: Floats
    error: Floats  # standard error; NaN with fewer than two runs


SYMBOLS = {"ε-greedy": "ε", "gradient": "α", "UCB": "c", "optimistic": "Q₀"}


def powers_of_two(first: int, last: int) -> list[float]:
    """Lists 2^first to 2^last."""
    return [2.0**power for power in range(first, last + 1)]


def figure_2_6() -> Swept:
    """The algorithms and the ranges of their parameters in S&B Figure 2.6."""
    return {
        "ε-greedy": {x: EpsilonGreedy(epsilon=x) for x in powers_of_two(-7, -2)},
        "gradient": {x: Gradient(alpha=x) for x in powers_of_two(-5, 2)},
        "UCB": {x: UCB(c=x) for x in powers_of_two(-4, 2)},
        "optimistic": {x: Optimistic(initial=x, alpha=0.1) for x in powers_of_two(-2, 2)},
    }


class ParameterStudy:
    """A study of many settings, in slices. It shares its runs with every `Study` of the same bandits."""

    def __init__(self, testbed: Testbed, runs: int = 2000, steps: int = 1000, same_arms: bool = False, seed: int = 0,
                 threads: int = 1, swept: Swept | None = None) -> None:
        self.swept = swept or figure_2_6()
        agents = tuple(agent for settings in self.swept.values() for agent in settings.values())
        self.study = Study(testbed, agents, runs, steps, same_arms, seed, threads)

    @property
    def progress(self) -> float:
        """How much is done, from 0 to 1."""
        return self.study.progress

    def advance(self, seconds: float) -> bool:
        """Works for about so long. Returns whether all is done."""
        return self.study.advance(seconds)

    def results(self) -> dict[str, Sweep]:
        """Returns the curve of every algorithm, over the runs so far."""
        return {name: self._sweep(name, settings) for name, settings in self.swept.items()}

    def _sweep(self, name: str, settings: dict[float, Bandit]) -> Sweep:
        results = [self.study.result(agent) for agent in settings.values()]
        reward, error = (np.array([getattr(r, key) for r in results]) for key in ("average", "average_error"))
        return Sweep(SYMBOLS.get(name, name), np.array(list(settings)), reward, error)
