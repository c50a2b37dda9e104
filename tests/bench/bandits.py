"""How fast bandits are pulled: against the usual code of the book, and the study of eight algorithms."""

import numpy as np

from rl import bandit_study
from rl.agents.bandits.base import Bandit
from rl.agents.bandits.epsilon_greedy import EpsilonGreedy
from rl.agents.bandits.gradient import Gradient
from rl.agents.bandits.greedy import Greedy, Optimistic
from rl.agents.bandits.softmax import Softmax
from rl.agents.bandits.ucb import UCB
from rl.bandit_study import Memory, Study
from rl.envs.testbed import Testbed
from tests.bench.measure import Row, at_least, below, interleaved

BED, AGENT = Testbed(), EpsilonGreedy()
RUNS, STEPS, BOOK_RUNS, REPEATS = 2000, 1000, 20, 5
EIGHT: tuple[Bandit, ...] = (
    Greedy(), AGENT, EpsilonGreedy(epsilon=1.0, schedule="exponential", span=50), Optimistic(), UCB(), Gradient(),
    Gradient(baseline="no"), Softmax())


def book(runs: int, steps: int, epsilon: float, rng: np.random.Generator, arms: int = 10) -> np.ndarray:
    """Plays epsilon-greedy as most people write it: numpy, one pull at a time. Returns rewards, (runs, steps)."""
    rewards = np.zeros((runs, steps))
    for run in range(runs):
        values, q, counts = rng.normal(size=arms), np.zeros(arms), np.zeros(arms)
        for step in range(steps):
            explore = rng.random() < epsilon
            arm = rng.integers(arms) if explore else rng.choice(np.flatnonzero(q == q.max()))
            reward = rng.normal(values[arm])
            counts[arm] += 1
            q[arm] += (reward - q[arm]) / counts[arm]
            rewards[run, step] = reward
    return rewards


def study(*agents: Bandit) -> None:
    """Makes a whole study, with nothing remembered of an earlier one."""
    bandit_study.remembered = Memory()
    while not Study(BED, agents, RUNS, STEPS).advance(60.0):
        pass


def pulls() -> list[Row]:
    """Compares pulls a CPU second with the book's code, and times the study of eight algorithms."""
    study(*EIGHT)
    rng = np.random.default_rng(0)
    mine, theirs, eight = interleaved(REPEATS, lambda: study(AGENT), lambda: book(BOOK_RUNS, STEPS, 0.1, rng),
                                      lambda: study(*EIGHT))
    ours, usual = RUNS * STEPS / mine, BOOK_RUNS * STEPS / theirs
    detail = f" ({ours / 1e6:.3g} M pulls/s : {usual / 1e3:.3g} thousand)"
    return [
        at_least("epsilon-greedy study, against the book's code", ours / usual, 100, detail=detail),
        below(f"{len(EIGHT)} algorithms x {RUNS:,} runs x {STEPS:,} steps, CPU", eight, 1.5, "s"),
    ]
