"""The maximisation-bias MDP against its description and the published curve of Q-learning."""

import numpy as np
import pytest

from rl.agents import AGENTS
from rl.agents.control.q_learning import QLearning
from rl.envs.maximisation_bias import LEFT_END, RIGHT_END, A, B, MaximisationBias, normal_rewards
from rl.planning import action_values, policy_values, value_iteration
from rl.timeline import Timeline
from rl.trials import run_trials


def test_the_rewards_have_the_mean_and_the_variance_of_the_book():
    rewards = MaximisationBias().mdp.reward[B, 3]
    assert rewards.mean() == pytest.approx(-0.1, abs=1e-14) and rewards.var() == pytest.approx(1, abs=1e-12)
    assert np.allclose(MaximisationBias().mdp.probability[B, 3], 0.01)


def test_the_rewards_are_spread_like_normal_ones():
    """Of a normal sample .6827 lie within 1 and .9545 within 2; the mean distance from 0 is sqrt(2 / pi)."""
    rewards = normal_rewards()
    assert np.array_equal(rewards, -rewards[::-1]) and (np.diff(rewards) > 0).all()
    assert [np.mean(np.abs(rewards) < edge) for edge in (1, 2)] == pytest.approx([0.6827, 0.9545], abs=0.015)
    assert np.abs(rewards).mean() == pytest.approx(np.sqrt(2 / np.pi), abs=0.01)


def test_left_leads_to_b_and_right_to_the_end_and_both_pay_nothing():
    mdp = MaximisationBias().mdp
    assert mdp.start.tolist() == [1, 0, 0, 0]
    assert mdp.next_state[A, :2, 0].tolist() == [B, RIGHT_END] and mdp.terminal[A, :2, 0].tolist() == [False, True]
    assert (mdp.reward[A] == 0).all()
    assert (mdp.next_state[B] == LEFT_END).all() and mdp.terminal[B].all()
    assert mdp.absorbing.tolist() == [False, False, True, True]


@pytest.mark.parametrize(("n", "missing"), [(1, [2, 1, 2, 2]), (2, [2, 2, 2, 2]), (10, [2, 10, 10, 10])])
def test_a_has_two_actions_and_b_as_many_as_one_likes(n, missing):
    env = MaximisationBias(actions_in_b=n)
    there = np.ones(env.shape, bool) if env.mdp.missing.size == 0 else ~env.mdp.missing
    assert there.sum(axis=1).tolist() == missing and len(env.actions) == env.shape[1]


def test_the_best_is_to_go_right_which_is_worth_nothing():
    mdp = MaximisationBias().mdp
    q = action_values(mdp, value_iteration(mdp, 1.0), 1.0)
    assert q[A, :2] == pytest.approx([-0.1, 0.0]) and np.isneginf(q[A, 2:]).all()
    assert q[B] == pytest.approx([-0.1] * 10)
    five_percent = np.vstack([np.r_[0.05, 0.95, np.zeros(8)], np.full((3, 10), 0.1)])
    assert policy_values(mdp, five_percent, 1.0)[A] == pytest.approx(-0.005)


def left_taken(agent, runs):
    """How often 'left' was taken in each of 300 episodes: an episode that goes left has two steps."""
    return (run_trials(Timeline(MaximisationBias(), agent), range(runs), 300).lengths == 2).mean(axis=0)


def test_q_learning_goes_left_as_often_as_in_figure_6_5():
    """Peak of 94 % near episode 18 and 12.3 % at episode 300, over 10,000 runs; of 2,000 the standard error of a share
    is at most 1.1 points, and the peak, chosen among neighbours, lies a little higher."""
    left = left_taken(QLearning(alpha=0.1, epsilon=0.1, gamma=1.0), 2000)
    assert left.max() == pytest.approx(0.94, abs=0.02)
    assert 10 <= left.argmax() + 1 <= 28
    assert left[290:].mean() == pytest.approx(0.123, abs=0.015)


def test_double_q_learning_goes_left_as_often_as_in_figure_6_5():
    """Peak of 50 % (in the first episodes, when everything is tied) and 7.0 % at episode 300."""
    left = left_taken(AGENTS["doubleq"](alpha=0.1, epsilon=0.1, gamma=1.0), 2000)
    assert left.max() == pytest.approx(0.50, abs=0.03)
    assert left[290:].mean() == pytest.approx(0.070, abs=0.012)


def test_a_reward_is_told_in_words():
    env = MaximisationBias()
    assert env.tells(B, 0, 0) == f"It pays −{-env.mdp.reward[B, 0, 0]:.2f}." and env.tells(A, 0, 0) == ""
