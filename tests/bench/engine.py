"""How long the engine lets a learner wait: a hundred seeds, any moment of a long run, and planning."""

from statistics import median

import numpy as np

from rl.agents.control.q_learning import QLearning
from rl.envs.base import Env
from rl.envs.cliff_walking import CliffWalking
from rl.envs.frozen_lake import FrozenLake
from rl.envs.taxi import Taxi
from rl.mdp import TabularMDP
from rl.planning import value_iteration
from rl.timeline import Timeline
from rl.trials import run_trials
from tests.bench.measure import Row, below, seconds

SEEDS, EPISODES = 100, 500
LONG, VISITS, COLD_VISITS = 1_000_000, 50, 5
SIDE, GAMMA, TOLERANCE = 200, 0.99, 1e-8


def hundred_seeds() -> list[Row]:
    """Times the runs behind one band of a figure, on all cores."""
    timeline = Timeline(CliffWalking(), QLearning())
    run_trials(timeline, range(2), 1)
    times = [seconds(lambda: run_trials(timeline, range(SEEDS), EPISODES)) for _ in range(7)]
    return [below(f"{SEEDS} seeds x {EPISODES} episodes of CliffWalking", median(times), 0.2, "s")]


def moments() -> list[Row]:
    """Times going to random moments of a long run, when it is new and once it was visited."""
    return [row for env in (FrozenLake(), Taxi()) for row in _moments(env)]


def _moments(env: Env) -> list[Row]:
    Timeline(env, QLearning()).at(1)
    steps = np.random.default_rng(0).integers(LONG, size=VISITS).tolist()
    cold = [seconds(lambda seed=seed: Timeline(env, QLearning(), seed).at(LONG)) for seed in range(1, COLD_VISITS + 1)]
    timeline = Timeline(env, QLearning(), 1)
    warm = [1000 * seconds(lambda step=step: timeline.at(step)) for step in steps]
    return [
        below(f"a moment of a visited {LONG:,}-step run, {env.title}: median of {VISITS}", median(warm), 10, "ms"),
        below(f"a moment of a visited {LONG:,}-step run, {env.title}: worst of {VISITS}", max(warm), 10, "ms"),
        Row(f"its last moment on the first visit, {env.title}", f"{1000 * median(cold):.3g} ms"),
    ]


def planning() -> list[Row]:
    """Times value iteration on a world larger than the page allows."""
    mdp = open_grid(SIDE)
    value_iteration(mdp, 0.5)
    times = [seconds(lambda: value_iteration(mdp, GAMMA, TOLERANCE)) for _ in range(5)]
    return [Row(f"value iteration, {SIDE} x {SIDE} slippery grid to {TOLERANCE:g}", f"{median(times):.3g} s")]


def open_grid(side: int) -> TabularMDP:
    """Builds an empty square that slips to either side with a chance of a tenth; one corner pays 1 and ends."""
    row, col = np.divmod(np.arange(side * side), side)
    moves = ((0, -1), (1, 0), (0, 1), (-1, 0))
    to = [np.clip(row + dy, 0, side - 1) * side + np.clip(col + dx, 0, side - 1) for dy, dx in moves]
    turned = (np.arange(4)[:, None] + [0, -1, 1]) % 4
    next_state = np.ascontiguousarray(np.stack(to, axis=1)[:, turned])
    next_state[-1] = side * side - 1
    terminal = next_state == side * side - 1
    reward = np.where(terminal, 1.0, 0.0)
    reward[-1] = 0.0
    cdf = np.tile([0.8, 0.9, 1.0], (side * side, 4, 1))
    arrays = (cdf, next_state, reward, terminal, np.ones(side * side))
    for array in arrays:
        array.flags.writeable = False  # as every environment's are: another type would be compiled anew
    return TabularMDP(*arrays, 0)
