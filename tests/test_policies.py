"""Choosing actions: the best, ties, exploration, and schedules."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rl.dice import ACTION, EXPLORE, TIE, uniform
from rl.policies import CONSTANT, EXPONENTIAL, LINEAR, SCHEDULES, epsilon_greedy, greedy, nth_of_equal, scheduled

ROLLS = 30_000


def shares(q, seed=0):
    """How often each action of state 0 is chosen greedily."""
    chosen = [greedy(np.array([q], float), 0, seed, t) for t in range(ROLLS)]
    return np.bincount(chosen, minlength=len(q)) / ROLLS


def near(share):
    return pytest.approx(share, abs=5 * np.sqrt(share * (1 - share) / ROLLS) + 1e-12)


@pytest.mark.parametrize(("q", "action"), [([1, 0, 0], 0), ([0, 1, 0], 1), ([-3, -2, -1], 2), ([5], 0)])
def test_a_single_best_action_is_always_chosen(q, action):
    assert {greedy(np.array([q], float), 0, seed, t) for seed in range(5) for t in range(40)} == {action}


@pytest.mark.parametrize(("q", "expected"), [
    ([0, 0], [1 / 2, 1 / 2]), ([0, 0, 0, 0], [1 / 4] * 4), ([1, 0, 1], [1 / 2, 0, 1 / 2]),
    ([-1, 2, 2, 2], [0, 1 / 3, 1 / 3, 1 / 3]), ([0, 0, 1, 1], [0, 0, 1 / 2, 1 / 2]), ([0.0, -0.0], [1 / 2, 1 / 2])])
def test_tied_actions_are_equally_likely(q, expected):
    assert shares(q).tolist() == [near(share) for share in expected]


def test_a_tie_is_decided_by_its_own_stream():
    q = np.zeros((1, 7))
    assert [greedy(q, 0, 3, t) for t in range(200)] == [int(7 * uniform(3, t, TIE)) for t in range(200)]


@pytest.mark.parametrize(("value", "n", "expected"), [(2, 0, 1), (2, 1, 3), (2, 2, 4), (0, 0, 0), (1, 0, 2)])
def test_the_nth_of_equal_actions_is_counted_from_zero(value, n, expected):
    assert nth_of_equal(np.array([[9, 9, 9, 9, 9], [0, 2, 1, 2, 2]], float), 1, value, n) == expected


@pytest.mark.parametrize("epsilon", [0.0, 0.1, 0.5, 1.0])
def test_epsilon_greedy_explores_that_often_and_evenly(epsilon):
    q = np.array([[0.0, 0.0, 1.0, 0.0]])
    chosen = [epsilon_greedy(q, 0, epsilon, 7, t) for t in range(ROLLS)]
    actions, explored = (np.array(column) for column in zip(*chosen, strict=True))
    assert explored.mean() == near(epsilon)
    assert (np.bincount(actions, minlength=4) / ROLLS).tolist() == [
        near(epsilon / 4), near(epsilon / 4), near(1 - 0.75 * epsilon), near(epsilon / 4)]
    assert (actions[~explored] == 2).all()


@given(st.integers(0, 2**31 - 1), st.integers(0, 10**7), st.floats(0, 1), st.integers(1, 9))
def test_epsilon_greedy_uses_one_stream_to_explore_and_one_to_choose(seed, t, epsilon, n_actions):
    action, explored = epsilon_greedy(np.eye(1, n_actions), 0, epsilon, seed, t)
    assert explored == (uniform(seed, t, EXPLORE) < epsilon)
    assert action == (int(n_actions * uniform(seed, t, ACTION)) if explored else 0)


@pytest.mark.parametrize(("schedule", "episode", "expected"), [
    (CONSTANT, 0, 0.9), (CONSTANT, 50, 0.9), (CONSTANT, 10**6, 0.9),
    (LINEAR, 0, 0.9), (LINEAR, 25, 0.7), (LINEAR, 50, 0.5), (LINEAR, 100, 0.1), (LINEAR, 101, 0.1),
    (LINEAR, 10**6, 0.1),
    (EXPONENTIAL, 0, 0.9), (EXPONENTIAL, 50, 0.1 + 0.8 / 2**0.5), (EXPONENTIAL, 100, 0.5), (EXPONENTIAL, 200, 0.3),
    (EXPONENTIAL, 300, 0.2), (EXPONENTIAL, 10**6, 0.1)])
def test_schedules_fall_as_they_say(schedule, episode, expected):
    assert scheduled(schedule, 0.9, 0.1, 100, episode) == pytest.approx(expected, abs=1e-12)


def test_schedules_are_numbered_in_the_order_of_their_names():
    assert [SCHEDULES.index(name) for name in ("constant", "linear", "exponential")] == [CONSTANT, LINEAR, EXPONENTIAL]
