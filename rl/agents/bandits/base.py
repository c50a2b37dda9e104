"""What every bandit algorithm has in common: what it knows of the arms, and saying why it pulled one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from rl.agents.base import Agent, Token
from rl.arms import BERNOULLI, Arms, BanditModel, first_values, payout
from rl.jit import jit
from rl.mdp import Floats
from rl.tape import RUNNING, write_step, write_update
from rl.updates import move_estimate

Z95 = 1.959963984540054
"""Standard errors to either side of an estimate that hold 95 % of a normal distribution."""

ESTIMATE_RULE = (
    Token("new", "Q(A)", "new"), Token("", "←"), Token("old", "Q(A)", "old"), Token("", "+"), Token("", "α", "alpha"),
    Token("", "["), Token("reward", "R", "reward"), Token("", "−"), Token("old", "Q(A)", "old"), Token("", "]"),
)


@jit
def pull(model, value, visits, total, a, seed, t):
    """Pulls arm ``a`` at step ``t``, counts it, and returns the reward.

    The loops hand arrays on one by one, and to functions that do not branch: numba counts the holders of an array at
    every branch, which would cost more than the pull itself.
    """
    r = payout(model, value[a], seed, t)
    visits[0, a] += 1
    total[a] += r
    return r


@jit
def step_of(alpha, n):
    """Returns the step size for the n-th reward of an arm: ``alpha``, or 1/n where that is 0."""
    return alpha if alpha > 0.0 else 1.0 / n


@jit
def learn(q, visits, a, r, alpha):
    """Moves the estimate of arm ``a`` towards its reward, by 1/n where ``alpha`` is 0. Returns the old estimate."""
    old = q[0, a]
    move_estimate(q, 0, a, r, step_of(alpha, visits[0, a]))
    return old


@jit
def log_pull(tape, t, a, explored, r, old, new, epsilon, ret):
    """Logs a pull: one state, and an episode that never ends."""
    write_step(tape, t, 0, a, explored, r, 0, RUNNING, epsilon, 0, t, ret)
    write_update(tape, t, 0, a, old, r, new, (new - old) / (r - old) if r != old else 0.0)


@dataclass(frozen=True)
class Bandit(Agent):
    """Base of the bandit algorithms. ``memory`` is `Arms`; step ``t`` counts from 0."""

    family = "bandit"
    update: ClassVar[Callable[..., float]] = staticmethod(move_estimate)
    equation: ClassVar[tuple[Token, ...]] = ESTIMATE_RULE
    score_name: ClassVar[str] = "estimate"  # what `scores` are: estimate, chance, upper bound or sample

    @property
    def prior(self) -> float:
        """The estimate of an arm that was never pulled."""
        return 0.0

    def new_memory(self, model: BanditModel, seed: int) -> Arms:
        value, k = np.zeros(model.arms), model.arms
        first_values(model, seed, value)
        return Arms(np.full((1, k), self.prior), np.zeros((1, k), np.int64), value, np.zeros(k), np.zeros(1),
                    np.zeros(k), np.array([model.rewards], np.int64))

    def adopt(self, memory: Arms, model: BanditModel) -> None:
        """Gives what was never pulled this agent's first estimate; one that averages takes the true averages over."""
        tried = memory.visits > 0
        memory.q[~tried] = self.prior
        if not self.step_size > 0.0:
            average = memory.total / np.maximum(memory.visits, 1)
            other = tried & (np.abs(memory.q - average) > 1e-9)  # what is an average already keeps its last bits
            memory.q[other] = average[other]

    def scores(self, memory: Arms, seed: int, t: int) -> Floats:
        """The very numbers it decides by at step ``t``, (k,)."""
        return memory.q[0].copy()

    def chances(self, memory: Arms, seed: int, t: int) -> Floats:
        """The probability of each arm at step ``t`` before the dice are rolled, (k,)."""
        return among_best(self.scores(memory, seed, t))

    def widths(self, memory: Arms) -> Floats:
        """Half the width of a 95 % interval of each estimate, (k,); infinite where an arm was never pulled.

        A constant step size weighs the n rewards unequally, which leaves alpha / (2 - alpha) (1 - (1 - alpha)^2n) of
        the variance of one. The pull of the first estimate, and of drift, is bias and not in it.
        """
        n, alpha = memory.visits[0], self.step_size
        share = alpha / (2.0 - alpha) * (1.0 - (1.0 - alpha) ** (2.0 * n)) if alpha > 0.0 else 1.0 / np.maximum(n, 1)
        return np.where(n > 0, Z95 * noise(memory) * np.sqrt(share), np.inf)

    def why(self, memory: Arms, seed: int, t: int, action: int, explored: bool) -> str:
        """Says in one sentence why ``action`` was chosen at step ``t``."""
        return f"{self.title}: {best_of(memory.q[0], action, 'estimate')}"


def noise(memory: Arms) -> Floats:
    """The standard deviation of one reward of each arm, (k,): 1, or what the successes say of a Bernoulli arm.

    Two successes and two failures are added (Agresti & Coull, 1998), so that three of three is no certainty.
    """
    if memory.rewards[0] != BERNOULLI:
        return np.ones(len(memory.total))
    p = (memory.total + 2.0) / (memory.visits[0] + 4.0)
    return np.asarray(np.sqrt(p * (1.0 - p)))


def among_best(scores: Floats) -> Floats:
    """The chances of a choice that is greedy and breaks ties at random, (k,)."""
    best = scores == scores.max()
    return np.asarray(best / best.sum())


def best_of(scores: Floats, action: int, what: str) -> str:
    """Says how the largest score, ties named, became the choice."""
    ties = int((scores == scores.max()).sum())
    if ties == 1:
        return f"arm {action + 1} has the highest {what}, {scores[action]:.3g}."
    others = "all arms" if ties == len(scores) else f"{ties} arms"
    return f"{others} tie for the highest {what}, {scores[action]:.3g}; a coin chose arm {action + 1}."
