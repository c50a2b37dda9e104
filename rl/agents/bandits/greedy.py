"""Greedy pulls: epsilon-greedy that never explores, with and without an optimistic start."""

from dataclasses import dataclass

from rl.agents.bandits.base import Bandit
from rl.agents.bandits.epsilon_greedy import ALPHA_HELP, INITIAL_HELP, epsilon_greedy_bandit
from rl.knob import knob
from rl.policies import CONSTANT


@dataclass(frozen=True)
class Greedy(Bandit):
    """Always the arm that looks best: epsilon-greedy with epsilon 0."""

    alpha: float = knob(0.0, 0.0, 1.0, ALPHA_HELP, 0.01)
    initial: float = knob(0.0, -20.0, 20.0, INITIAL_HELP, 0.5)

    slug = "greedy"
    title = "Greedy"
    order = 100
    source = "Sutton & Barto, section 2.2"
    loop = staticmethod(epsilon_greedy_bandit)

    def parameters(self) -> tuple[float, ...]:
        return self.alpha, CONSTANT, 0.0, 0.0, 1

    @property
    def prior(self) -> float:
        return self.initial

    @property
    def step_size(self) -> float:
        return self.alpha


@dataclass(frozen=True)
class Optimistic(Greedy):
    """Greedy with a first estimate no arm can keep: it explores because it is disappointed (S&B section 2.6)."""

    alpha: float = knob(0.1, 0.0, 1.0, ALPHA_HELP, 0.01)
    initial: float = knob(5.0, -20.0, 20.0, INITIAL_HELP, 0.5)

    slug = "optimistic"
    title = "Optimistic start"
    order = 120
    source = "Sutton & Barto, section 2.6"
