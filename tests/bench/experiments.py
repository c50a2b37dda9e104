"""How long an experiment takes: the sweep over step sizes that a learner would wait for."""

from statistics import median

from rl import truth
from rl.agents.control.expected_sarsa import ExpectedSarsa
from rl.agents.control.q_learning import QLearning
from rl.agents.control.sarsa import Sarsa
from rl.envs.cliff_walking import CliffWalking
from rl.experiments.config import Experiment
from rl.experiments.queue import Queue
from rl.experiments.sweep import Sweep
from tests.bench.measure import Row, below, seconds

SWEEP = Experiment(
    (CliffWalking(),), (Sarsa(gamma=1.0), ExpectedSarsa(gamma=1.0), QLearning(gamma=1.0)),
    (("alpha", tuple(i / 10 for i in range(1, 11))),), seeds=30, episodes=500)
REPEATS = 5


def swept() -> None:
    """Makes the whole sweep, with no policy's exact value remembered of an earlier one."""
    truth._policy_start_value.cache_clear()
    sweep = Sweep(SWEEP, Queue(1))
    sweep.start()
    sweep.wait()
    assert sweep.progress().state == "done", sweep.progress().sentence


def step_sizes() -> list[Row]:
    """Times the sweep of the book's example 6.6, all measures included, on all cores."""
    swept()
    name = "30 seeds x 10 step sizes x 3 agents x 500 episodes of CliffWalking"
    return [below(name, median(seconds(swept) for _ in range(REPEATS)), 5, "s")]
