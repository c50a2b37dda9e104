"""Deep Q-learning learns, and unlearns again: what its defaults reach under seeds that were not chosen.

The figures over ten seeds come from ``python -m tests.bench deep``. Here are a few of
them, each the same every time: a change that makes these worse has changed the arithmetic.
"""

from dataclasses import replace

import numpy as np
import pytest

from rl.agents.dqn import DQN
from rl.deep_greedy import greedy_episodes
from rl.deep_presets import GRID, PRESETS
from rl.envs.cart import Cart
from rl.envs.mountain_car import MountainCar
from rl.run import advance, begin
from rl.truth import greedy_start_value, is_greedy_optimal, solution

SOLVED = 475.0


def checkpoints(world, agent, seed, every, steps):
    """Returns the average return of greedy episodes every so many steps."""
    run, found = begin(world, agent, seed), []
    for stop in range(every, steps + 1, every):
        advance(run, stop)
        found.append(greedy_episodes(run, 20).returned.mean())
    return np.array(found)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1])
def test_cart_pole_is_reached_and_lost_again_within_60000_steps(seed):
    returns = checkpoints(Cart(), DQN(), seed, 5000, 60_000)
    first = np.flatnonzero(returns >= SOLVED)[0]
    assert returns[0] < SOLVED and returns[first:].min() < 400


@pytest.mark.slow
def test_the_greedy_policy_of_most_nets_is_optimal_in_the_grid():
    """The others have a state or two in which two ways are all but equally good."""
    found = []
    for seed in range(4):
        run = begin(GRID, PRESETS["grid"], seed)
        advance(run, 8000)
        found.append(is_greedy_optimal(GRID, run.agent.discount, run.memory.q))
    assert sum(found) >= 3


@pytest.mark.slow
def test_what_is_learned_in_the_grid_is_near_what_is_true():
    run = begin(GRID, PRESETS["grid"], 2)
    advance(run, 8000)
    true = solution(GRID, run.agent.discount)
    assert greedy_start_value(GRID, run.agent.discount, run.memory.q) == pytest.approx(true.v[0], abs=1e-9)
    assert np.abs(run.memory.q.max(axis=1) - true.v)[run.memory.visits.sum(axis=1) > 500].max() < 0.1


@pytest.mark.slow
def test_mountain_car_is_learned_by_tanh_units_and_not_by_relu_units():
    preset = PRESETS["mountaincar"]
    learned = checkpoints(MountainCar(), preset, 2, 10_000, 30_000)
    stuck = checkpoints(MountainCar(), replace(preset, activation="relu"), 2, 10_000, 30_000)
    assert learned[0] == stuck[0] == -200 and learned.max() > -150 and stuck.max() == -200
