"""Learning curves of the book that Q-learning must reproduce, within four or five standard deviations of a batch.

S&B is Sutton & Barto, Reinforcement Learning: An Introduction, 2nd edition; the numbers were measured with independent
code (rl/ had no part in it).
"""

import numpy as np
import pytest

from rl.agents.control.q_learning import QLearning
from rl.envs.cliff_walking import CliffWalking
from rl.envs.frozen_lake import FrozenLake
from rl.envs.grid_presets import PRESETS
from rl.timeline import MAX_STEP, Timeline
from rl.trials import run_trials
from rl.truth import greedy_start_value, solution
from tests.strategies import TableWorld

CLIFF = Timeline(CliffWalking(), QLearning(alpha=0.5, epsilon=0.1, gamma=1.0))


@pytest.mark.slow
def test_q_learning_falls_off_the_cliff_as_often_as_in_the_book():
    # S&B example 6.6: the mean of episodes 400-500 over 50 runs. Batches of 50 runs spread by 1.0 around -50.0 (so do
    # those of a plain loop with numpy's generator); the published batch is at -50.3.
    batches = run_trials(CLIFF, range(2000), 500).returns[:, 400:].mean(axis=1).reshape(40, 50).mean(axis=1)
    assert batches.mean() == pytest.approx(-50.3, abs=4 / np.sqrt(40) + 0.25)
    assert batches.std() == pytest.approx(1.0, abs=4 / np.sqrt(2 * 40))
    assert np.abs(batches + 50.3).max() < 5


@pytest.mark.slow
def test_q_learning_finds_the_path_along_the_edge_in_every_run():
    for seed in range(50):
        run = Timeline(CLIFF.env, CLIFF.agent, seed)
        end = run.after_episodes(0, 500)
        assert greedy_start_value(run.env, 1.0, run.at(end).memory.q) == pytest.approx(-13, abs=1e-6), seed


@pytest.mark.slow
def test_the_maze_without_planning_takes_the_book_s_many_episodes():
    # S&B figure 8.2, n = 0: the mean length over 30 runs first gets to 20 steps near episode 28.
    maze = next(preset.world for preset in PRESETS if preset.name == "Maze")
    agent = QLearning(alpha=0.1, gamma=0.95, epsilon=0.1)
    lengths = run_trials(Timeline(maze, agent), range(600), 50).lengths
    assert lengths.min() == 14
    first = 1 + np.argmax(lengths.mean(axis=0) <= 20)
    assert first == pytest.approx(28, abs=3)
    assert lengths[:, 0].mean() > 500


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_q_learning_solves_the_slippery_lake(seed):
    # Watkins & Dayan (1992): with falling steps and every action tried for ever, Q-learning converges.
    run = Timeline(FrozenLake(), QLearning(alpha=0.1, epsilon=1.0), seed)
    for t, alpha in ((200_000, 0.01), (800_000, 0.002)):
        run = run.edited(t, alpha=alpha)
    q = run.at(MAX_STEP).memory.q
    assert np.abs(q - solution(run.env, 0.99).q)[run.env.mdp.visitable].max() < 0.05
    assert greedy_start_value(run.env, 0.99, q) == pytest.approx(0.54203, abs=2e-3)


def test_a_constant_step_size_is_an_unbiased_average_of_what_it_saw():
    # One state whose reward is 1 with chance .3: after long, Q has mean .3 and variance alpha / (2 - alpha) * .21.
    coin = TableWorld(((((0.3, 0, 1.0, True), (0.7, 0, 0.0, True)),),))
    q = np.array([Timeline(coin, QLearning(alpha=0.2), seed).at(100).memory.q[0, 0] for seed in range(4000)])
    variance = 0.2 / 1.8 * 0.21
    assert q.mean() == pytest.approx(0.3, abs=5 * np.sqrt(variance / 4000))
    assert q.var() == pytest.approx(variance, rel=0.12)


def test_the_largest_of_noisy_estimates_is_too_large():
    # S&B section 6.7: ten actions worth -.1 each, with spread 1, look better than they are while steps are large.
    noisy = tuple(((0.5, 1, 0.9, True), (0.5, 1, -1.1, True)) for _ in range(10))
    world = TableWorld((((((1.0, 1, 0.0, False),),) * 10), noisy), (1.0, 0.0))
    agent = QLearning(alpha=0.1, gamma=1.0, epsilon=1.0)
    ahead = np.array([Timeline(world, agent, seed).at(400).memory.q[1] for seed in range(200)])
    assert ahead.mean() == pytest.approx(-0.1, abs=0.05)
    assert ahead.max(axis=1).mean() > 0.15


def test_optimism_explores_without_any_epsilon():
    # S&B section 2.6: high first values make a greedy agent try everything; without them it keeps to what it found.
    world = TableWorld((tuple(((1.0, 0, reward, True),) for reward in (0.5, 0.2, 1.0, 0.1)),))

    def settled(first):
        agent = QLearning(epsilon=0.0, alpha=0.5, initial=first)
        runs = [Timeline(world, agent, seed).steps(55, 60) for seed in range(40)]
        return {action for log in runs for action in log.action.tolist()}

    assert settled(5.0) == {2}  # the best one
    assert settled(0.0) == {0, 1, 2, 3}  # whichever came first
