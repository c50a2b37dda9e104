"""Small experiments, and ways to run them, for the tests of the laboratory."""

import time
from collections.abc import Callable

import numpy as np

from rl.agents.control.q_learning import QLearning
from rl.envs.cliff_walking import CliffWalking
from rl.envs.frozen_lake import FrozenLake
from rl.experiments.config import Experiment
from rl.experiments.measures import EXACT, MEASURES
from rl.experiments.queue import Queue
from rl.experiments.results import Results
from rl.experiments.sweep import Sweep

SMALL = Experiment(
    (CliffWalking(), FrozenLake()), (QLearning(), QLearning(epsilon=0.3)), (("alpha", (0.1, 0.5, 1.0)),), 12, 5, 40,
    "online", -60.0, 10)
MINUTE = 60.0


def until(true: Callable[[], bool], seconds: float = MINUTE) -> None:
    """Waits for something to come about."""
    stop = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < stop, "it never came about"
        time.sleep(0.002)


def swept(experiment: Experiment, **options: object) -> Results:
    """Runs an experiment to its end, in a line of its own."""
    sweep = Sweep(experiment, line=Queue(1), **options)  # type: ignore[arg-type]
    sweep.start()
    assert sweep.wait(MINUTE)
    assert sweep.progress().state == "done", sweep.progress().sentence
    return sweep.snapshot()


def same(one: Results, other: Results) -> bool:
    """Tells whether all is equal to the last bit but the time it took."""
    exact = [list(MEASURES).index(name) for name in EXACT]
    pairs = ((one.returns, other.returns), (one.lengths, other.lengths), (one.done, other.done),
             (one.measured[:, :, exact], other.measured[:, :, exact]))
    return one.errors == other.errors and all(a.dtype == b.dtype and np.array_equal(a, b, equal_nan=True)
                                              if a.dtype != bool else np.array_equal(a, b) for a, b in pairs)
