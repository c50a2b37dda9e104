"""SARSA, Expected SARSA and Double Q-learning: by hand, against their boxes, and where they are the same."""

import numpy as np
import pytest

from rl.agents.control.double_q import DoubleQ
from rl.agents.control.expected_sarsa import ExpectedSarsa
from rl.agents.control.q_learning import QLearning
from rl.agents.control.sarsa import Sarsa
from rl.dice import COIN, uniform
from rl.envs.frozen_lake import FrozenLake
from rl.envs.grid_world import GridWorld
from rl.tape import TERMINATED, TRUNCATED
from rl.timeline import Timeline
from rl.updates import double_q, expected_sarsa, expected_value, sarsa
from tests.agents import textbook
from tests.agents.worlds import SETTINGS, WORLDS, way
from tests.strategies import same

BOXES = {Sarsa: textbook.sarsa, ExpectedSarsa: textbook.expected_sarsa, DoubleQ: textbook.double_q}
every_kind = pytest.mark.parametrize("kind", BOXES, ids=lambda kind: kind.slug)


def table() -> np.ndarray:
    return np.array([[1.0, 2.0], [3.0, -4.0], [-5.0, -np.inf]])


@pytest.mark.parametrize(("r", "discount", "s_next", "a_next", "alpha", "error", "new"), [
    (1.0, 0.5, 1, 1, 0.5, -3.0, 0.5),  # 1 - 2 - 2 = -3; 2 - 1.5
    (1.0, 0.5, 1, 0, 0.5, 0.5, 2.25),  # the better action: as Q-learning
    (1.0, 0.0, 1, 1, 0.5, -1.0, 1.5),  # termination
    (0.0, 1.0, 0, 1, 0.5, 0.0, 2.0),  # bootstraps from itself
])
def test_sarsa_moves_towards_the_value_of_the_next_action(r, discount, s_next, a_next, alpha, error, new):
    q, expected = table(), table()
    expected[0, 1] = new
    assert sarsa(q, 0, 1, r, discount, s_next, a_next, alpha) == error
    assert np.array_equal(q, expected)


@pytest.mark.parametrize(("s", "epsilon", "expected"), [
    (1, 0.0, 3.0), (1, 1.0, -0.5), (1, 0.5, 1.25),  # half of 3, half of the mean -.5
    (2, 0.0, -5.0), (2, 0.5, -5.0), (2, 1.0, -5.0),  # the other action is missing
])
def test_the_expected_value_weighs_actions_as_the_policy_does(s, epsilon, expected):
    assert expected_value(table(), s, epsilon) == expected


def test_expected_sarsa_moves_towards_the_expected_value():
    q = table()
    assert expected_sarsa(q, 0, 1, 1.0, 0.5, 1, 0.5, 0.5) == 1 + 0.5 * 1.25 - 2
    assert q[0].tolist() == [1.0, 2 - 0.1875]


def test_double_q_asks_the_other_table_about_its_own_best_action():
    q, other = table(), np.array([[7.0, 7.0], [0.5, 9.0], [7.0, 7.0]])
    assert double_q(q, other, 0, 1, 1.0, 0.5, 1, 0, 0.5) == 1 + 0.5 * 0.5 - 2  # not 9, which the other likes best
    assert q[0].tolist() == [1.0, 1.625] and other[0].tolist() == [7.0, 7.0]


@pytest.mark.parametrize("kind", [Sarsa, ExpectedSarsa], ids=lambda kind: kind.slug)
def test_a_way_of_two_steps_by_hand(kind):
    log = Timeline(way(1, 2), kind(alpha=0.5, gamma=0.5)).steps(0, 6)
    assert log.ended.tolist() == [0, TERMINATED] * 3
    assert log.target.tolist() == [1.0, 2.0, 1.5, 2.0, 1.75, 2.0]  # 1 + .5 * (0, 1, 1.5)
    assert log.new.tolist() == [0.5, 1.0, 1.0, 1.5, 1.375, 1.75]


def test_double_q_on_the_way_of_two_steps_by_hand():
    timeline = Timeline(way(1, 2), DoubleQ(alpha=0.5, gamma=0.5), 4)
    log, tables = timeline.steps(0, 40), np.zeros((2, 3))
    for t in range(40):
        i = 0 if uniform(4, t, COIN) < 0.5 else 1
        target = 2.0 if t % 2 else 1 + 0.5 * tables[1 - i, 1]
        assert (log.old[t], log.target[t]) == (tables[i, t % 2], target)
        tables[i, t % 2] += 0.5 * (target - tables[i, t % 2])
        assert log.new[t] == tables[i, t % 2]
    memory = timeline.at(40).memory
    assert np.array_equal(memory.q[:, 0], tables.mean(axis=0))
    assert np.array_equal([memory.q1[:, 0], memory.q2[:, 0]], tables)
    assert (memory.n1 + memory.n2).tolist() == memory.visits.tolist() == [[20], [20], [0]]
    assert 10 < memory.n1.sum() < 30


@every_kind
def test_truncation_still_bootstraps(kind):
    log = Timeline(way(1, 1, loops=True, horizon=2), kind(alpha=1.0, gamma=0.5, initial=4.0)).steps(0, 2)
    assert log.ended.tolist() == [0, TRUNCATED]
    assert log.target.tolist() == ([3.0, 2.5] if kind is not DoubleQ else [3.0, log.target[1]])  # 1 + .5 * 3
    assert log.target[1] in (2.5, 3.0)  # 3 where the table asked had not learned yet


@every_kind
@pytest.mark.parametrize("settings", SETTINGS, ids=("usual", "eager", "averages"))
@pytest.mark.parametrize("env", WORLDS, ids=lambda env: env.slug)
def test_it_is_the_book_s_box(kind, env, settings):
    textbook.assert_like_the_book(BOXES[kind], env, kind(**settings))


def test_expected_sarsa_without_exploration_is_q_learning():
    env = GridWorld(slip=0.2)
    runs = [Timeline(env, kind(epsilon=0.0, initial=1.0), 5).steps(0, 3000) for kind in (QLearning, ExpectedSarsa)]
    assert same(*runs)


def test_sarsa_takes_at_a_step_what_q_learning_would_with_the_same_table():
    q_learning, on_policy = (Timeline(FrozenLake(), kind(alpha=0.0, epsilon=0.4)).steps(0, 2000) for kind in
                             (QLearning, Sarsa))
    assert q_learning.action.tolist() == on_policy.action.tolist()
    assert q_learning.explored.tolist() == on_policy.explored.tolist()


def test_sarsa_bootstraps_from_the_action_it_takes_next():
    timeline = Timeline(FrozenLake(), Sarsa(epsilon=0.5, alpha=0.5, initial=0.3, gamma=0.9), 2)
    log = timeline.steps(0, 300)
    for t in np.flatnonzero(log.ended[:-1] == 0):
        q = timeline.at(int(t)).memory.q
        expected = log.reward[t] + 0.9 * q[log.state[t + 1], log.action[t + 1]]
        assert log.target[t] == pytest.approx(expected, abs=1e-15)


def test_a_moved_knob_holds_from_the_very_next_step():
    for t in range(1, 60):  # the action was chosen ahead, exploring
        log = Timeline(FrozenLake(), Sarsa(epsilon=1.0), 2).edited(t, epsilon=0.0).steps(t, t + 10)
        assert not log.explored.any()


def test_double_q_takes_over_what_another_learned_for_both_tables():
    timeline = Timeline(FrozenLake(), QLearning(alpha=0.5, epsilon=0.9), 1).edited(500, agent=DoubleQ())
    before, after = Timeline(FrozenLake(), QLearning(alpha=0.5, epsilon=0.9), 1).at(500).memory, timeline.at(500).memory
    assert all(np.array_equal(before.q, q) for q in (after.q, after.q1, after.q2))
    assert np.array_equal(before.visits, after.n1 + after.n2)
    assert timeline.edited(600, agent=Sarsa()).at(600).memory.q.tolist() == timeline.at(600).memory.q.tolist()


def test_optimism_switched_on_late_reaches_both_tables():
    memory = Timeline(FrozenLake(), DoubleQ(), 1).edited(20, initial=3.0).at(20).memory
    untried = memory.visits[:15] == 0
    assert untried.any() and not untried.all()
    for q in (memory.q, memory.q1, memory.q2):
        assert ((q[:15] == 3.0) | ~untried | (q[:15] == 0)).all() and (q[0][memory.visits[0] == 0] == 3.0).all()
