"""Reading tables, and playing them."""

import gymnasium
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rl.dice import START, WORLD, uniform
from rl.envs.frozen_lake import FrozenLake
from rl.envs.grid_world import GridWorld
from rl.mdp import act, from_gymnasium, from_table, start_state

ONE = np.array([1.0])
LISTED = [name for name, spec in gymnasium.registry.items() if "toy_text" in str(spec.entry_point)]


def test_a_table_becomes_arrays_padded_with_impossible_outcomes():
    table = [[[(0.25, 1, 2.0, False), (0.75, 0, -1.0, True)]], [[(1.0, 1, 0.0, True)]]]
    mdp = from_table(table, np.array([0.5, 0.5]), 9)
    assert mdp.cdf.tolist() == [[[0.25, 1.0]], [[1.0, 1.0]]]
    assert mdp.probability.tolist() == [[[0.25, 0.75]], [[1.0, 0.0]]]
    assert mdp.next_state.tolist() == [[[1, 0]], [[1, 0]]]
    assert mdp.reward.tolist() == [[[2.0, -1.0]], [[0.0, 0.0]]]
    assert mdp.terminal.tolist() == [[[False, True]], [[True, False]]]
    assert mdp.start.tolist() == [0.5, 0.5]
    assert mdp.horizon == 9


@pytest.mark.parametrize("listed", [
    [(0.5, 0, 0.0, False)], [(0.6, 0, 0.0, False), (0.6, 0, 0.0, True)], [(1.5, 0, 0.0, False), (-0.5, 0, 0.0, True)]])
def test_probabilities_that_do_not_sum_to_one_are_refused(listed):
    with pytest.raises(ValueError, match="sum to one"):
        from_table([[listed]], ONE)


@pytest.mark.parametrize("start", [[0.5], [1.5], [np.nan]])
def test_a_start_distribution_that_does_not_sum_to_one_is_refused(start):
    with pytest.raises(ValueError, match="sum to one"):
        from_table([[[(1.0, 0, 0.0, True)]]], np.array(start))


@pytest.mark.parametrize("s_next", [-1, 1])
def test_a_state_that_does_not_exist_is_refused(s_next):
    with pytest.raises(ValueError, match="does not exist"):
        from_table([[[(1.0, s_next, 0.0, True)]]], ONE)


@pytest.mark.parametrize("name", LISTED)
def test_every_toy_text_with_a_table_is_read(name):
    env = gymnasium.make(name)
    if not hasattr(env.unwrapped, "P"):
        with pytest.raises(ValueError, match="has no transition table P"):
            from_gymnasium(env)
        return
    mdp = from_gymnasium(env)
    assert mdp.cdf.shape[:2] == (env.observation_space.n, env.action_space.n)
    assert np.allclose(mdp.probability.sum(2), 1)
    assert mdp.horizon == (env.spec.max_episode_steps or 0)


@pytest.mark.parametrize("name", ["Blackjack-v1", "CartPole-v1"])
def test_an_environment_without_a_table_is_refused_by_name(name):
    with pytest.raises(ValueError, match=name[:-3]):
        from_gymnasium(gymnasium.make(name))


def test_an_unregistered_environment_without_a_start_distribution_is_reset_and_counted():
    class Coin(gymnasium.Env):
        def __init__(self):
            self.P = {s: {0: [(1.0, s, 0.0, True)]} for s in range(2)}

        def reset(self, *, seed=None, options=None):
            super().reset(seed=seed)
            return int(self.np_random.random() < 0.3), {}

    mdp = from_gymnasium(Coin())
    assert mdp.start == pytest.approx([0.7, 0.3], abs=0.075)
    assert mdp.horizon == 0


def test_absorbing_means_every_possible_outcome_stays_and_ends():
    stay, leave, goes_on = (1.0, 0, 0.0, True), (1.0, 1, 0.0, True), (1.0, 0, 0.0, False)
    second = [[(1.0, 1, 0.0, True)], [(1.0, 1, 0.0, True)]]
    for first, expected in ([[stay], [stay]], True), ([[stay], [leave]], False), ([[stay], [goes_on]], False):
        assert from_table([first, second], np.array([1.0, 0.0])).absorbing.tolist() == [expected, True]


def test_spare_outcomes_do_not_hide_an_absorbing_state():
    mixed = [[[(0.5, 0, 0.0, False), (0.5, 1, 0.0, True)]], [[(1.0, 1, 0.0, True)]]]
    assert from_table(mixed, np.array([1.0, 0.0])).absorbing.tolist() == [False, True]


@pytest.mark.parametrize(("luck", "outcome"), [
    (0.0, (1.0, 0, False)), (0.249, (1.0, 0, False)), (0.25, (2.0, 1, True)), (1 - 2**-53, (2.0, 1, True))])
def test_luck_picks_the_outcome_at_the_boundary_exactly(luck, outcome):
    mdp = from_table([[[(0.25, 0, 1.0, False), (0.75, 1, 2.0, True)]], [[(1.0, 1, 0.0, True)]]], np.array([1.0, 0.0]))
    assert act(mdp, 0, 0, luck) == outcome


@pytest.mark.parametrize("mdp", [FrozenLake().mdp, GridWorld(map="S.G/.H.", slip=0.3).mdp], ids=["lake", "grid"])
def test_outcomes_come_as_often_as_the_table_says(mdp):
    n, s, a = 20_000, 1, 2
    expected = np.bincount(mdp.next_state[s, a], mdp.probability[s, a], len(mdp.cdf))
    seen = np.bincount([act(mdp, s, a, uniform(7, t, WORLD))[1] for t in range(n)], minlength=len(mdp.cdf)) / n
    assert seen == pytest.approx(expected, abs=5 * 0.5 / n**0.5)
    assert (seen[expected == 0] == 0).all()


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 3), min_size=1, max_size=40).filter(any), st.floats(0, 1, exclude_max=True))
def test_an_episode_starts_in_the_first_state_whose_cumulative_probability_exceeds_luck(weights, luck):
    start = np.array(weights) / sum(weights)
    table = [[[(1.0, s, 0.0, True)]] for s in range(len(start))]
    mdp = from_table(table, start)
    s = start_state(mdp, luck)
    assert s == np.flatnonzero(mdp.start_cdf > luck)[0]
    assert weights[s] > 0


def test_episodes_start_as_often_as_they_should():
    mdp, n = GridWorld(map="S.S/SG.").mdp, 9000
    seen = np.bincount([start_state(mdp, uniform(1, t, START)) for t in range(n)], minlength=6) / n
    assert seen == pytest.approx([1 / 3, 0, 1 / 3, 1 / 3, 0, 0], abs=0.025)
