"""The random walk against its closed form: a gambler's ruin with a fair coin."""

import numpy as np
import pytest

from rl.envs.random_walk import RandomWalk
from rl.planning import policy_values


def values(walk, left=0.5):
    policy = np.tile([left, 1 - left], (walk.states + 2, 1))
    return policy_values(walk.mdp, policy, 1.0)


def test_the_states_of_example_6_2_are_worth_a_sixth_to_five_sixths():
    assert values(RandomWalk()) == pytest.approx(np.array([0, 1, 2, 3, 4, 5, 0]) / 6, abs=1e-9)


def test_the_states_of_example_7_1_are_worth_minus_nine_tenths_to_nine_tenths():
    walk = RandomWalk(states=19, left_reward=-1)
    assert values(walk)[1:-1] == pytest.approx(np.arange(-18, 20, 2) / 20, abs=1e-9)


@pytest.mark.parametrize("states", [2, 3, 8, 30, 99])
def test_any_number_of_states_is_worth_its_share_of_the_way(states):
    assert values(RandomWalk(states=states))[1:-1] == pytest.approx(np.arange(1, states + 1) / (states + 1), abs=1e-8)


@pytest.mark.parametrize("states", [5, 12])
def test_a_biased_walk_is_the_gamblers_ruin(states):
    """Feller (1968), chapter XIV: from i of n + 1 the right end is reached first with chance (1 - r^i) / (1 - r^(n+1)),
    where r is the odds of left."""
    odds, i = 0.6 / 0.4, np.arange(1, states + 1)
    assert values(RandomWalk(states=states), 0.6)[1:-1] == pytest.approx((1 - odds**i) / (1 - odds ** (states + 1)))


def test_an_episode_starts_in_the_middle_and_ends_at_either_end():
    mdp = RandomWalk().mdp
    assert mdp.start.tolist() == [0, 0, 0, 1, 0, 0, 0]
    assert mdp.absorbing.tolist() == [True] + [False] * 5 + [True]
    assert mdp.next_state[1, 0, 0] == 0 and mdp.terminal[1, 0, 0] and mdp.reward[1, 0, 0] == 0
    assert mdp.next_state[5, 1, 0] == 6 and mdp.terminal[5, 1, 0] and mdp.reward[5, 1, 0] == 1
    assert mdp.terminal.sum() == 2 + 4


def test_the_states_have_the_books_names():
    names = [RandomWalk().state_name(s) for s in range(7)]
    assert names == ["the left end", "A", "B", "C", "D", "E", "the right end"]
    assert RandomWalk(states=40).state_name(40) == "state 40"


def test_the_picture_says_what_the_ends_pay():
    assert RandomWalk().picture().cells == "G..S..G"
    assert RandomWalk().picture().rewards == ((6, 1.0),)
    assert RandomWalk(left_reward=-1).picture().rewards == ((0, -1.0), (6, 1.0))
