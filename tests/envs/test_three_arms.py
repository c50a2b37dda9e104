"""The three arms: one pull an episode, which pays its mean plus or minus the spread."""

import numpy as np
import pytest

from rl.agents.control.q_learning import QLearning
from rl.envs.three_arms import ThreeArms
from rl.planning import action_values, value_iteration
from rl.timeline import Timeline
from tests.envs.outcomes import outcomes

MDP = ThreeArms().mdp


def test_a_pull_pays_the_mean_plus_or_minus_the_spread_and_ends():
    mdp = ThreeArms(mean_1=0.5, mean_2=-1.0, mean_3=2.0, spread=0.25).mdp
    for a, mean in enumerate((0.5, -1.0, 2.0)):
        assert outcomes(mdp, 0, a) == {(1, mean + 0.25, True): 0.5, (1, mean - 0.25, True): 0.5}


def test_an_arm_is_worth_its_mean_and_the_end_nothing():
    q = action_values(MDP, value_iteration(MDP, 1.0), 1.0)
    assert q[0] == pytest.approx([0.5, 1.0, 0.0]) and q[1].tolist() == [0, 0, 0]
    assert MDP.absorbing.tolist() == [False, True] and MDP.visitable.tolist() == [True, False]


def test_arms_that_all_pay_nothing_are_still_a_choice():
    assert ThreeArms(mean_1=0.0, mean_2=0.0, spread=0.0).mdp.absorbing.tolist() == [False, True]


def test_rewards_have_the_mean_and_the_deviation_they_should():
    log = Timeline(ThreeArms(spread=2.0), QLearning(epsilon=1.0), 3).steps(0, 30_000)
    assert (log.ended == 1).all() and (log.state == 0).all()
    for a, mean in enumerate((0.5, 1.0, 0.0)):
        rewards = log.reward[log.action == a]
        assert abs(rewards.mean() - mean) < 5 * 2 / np.sqrt(len(rewards))
        assert rewards.std() == pytest.approx(2, abs=0.01)


def test_what_a_pull_paid_is_said_in_words():
    world = ThreeArms(mean_3=-0.5)
    assert [world.tells(0, 2, k) for k in (0, 1)] == ["It pays 0.5.", "It pays −1.5."]
    assert world.tells(1, 0, 0) == "" and [world.state_name(s) for s in (0, 1)] == ["before the arms", "the end"]
