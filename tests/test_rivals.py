"""Others on the same seed: the best policy earns what the exact solution says, a random one what averages say."""

import numpy as np
import pytest

from rl.agents.control.q_learning import QLearning
from rl.dice import ACTION, START, WORLD, uniform
from rl.envs.blackjack import Blackjack
from rl.envs.cart_pole import CartPole
from rl.envs.cliff_walking import CliffWalking
from rl.envs.frozen_lake import FrozenLake
from rl.envs.grid_world import GridWorld
from rl.envs.taxi import Taxi
from rl.mdp import act, start_state
from rl.rivals import PATIENCE, rivals
from rl.timeline import Timeline
from rl.truth import solution
from tests.strategies import TableWorld

ALL = ["the best policy", "Q-learning", "acting at random"]


def returns(env, gamma, seed, episodes):
    return {rival.name: rival.returns for rival in rivals(env, gamma, seed, episodes)}


def won_within(env, q, steps):
    """Chance to have won after so many steps of acting greedily on ``q``, from the start, by exact sweeps."""
    mdp, best = env.mdp, q >= q.max(axis=1, keepdims=True) - 1e-9
    chance = mdp.probability * (best / best.sum(axis=1, keepdims=True))[:, :, None]
    value = np.zeros(len(q))
    for _ in range(steps):
        value = (chance * (mdp.reward + np.where(mdp.terminal, 0.0, value[mdp.next_state]))).sum(axis=(1, 2))
    return mdp.start @ value


@pytest.mark.parametrize("gamma", [1.0, 0.99])
def test_the_best_policy_wins_on_the_ice_as_often_as_it_can(gamma):
    """It wins .7402 of the time within FrozenLake-v1's 100 steps; who counts the steps left could win .7442.

    At gamma 1 actions that put the goal off tie with those that go there: taking them would win only .5295.
    """
    exact = won_within(FrozenLake(), solution(FrozenLake(), 0.99).q, 100)
    assert exact == pytest.approx(0.7402, abs=1e-4) and exact < 0.7442
    wins = np.concatenate([returns(FrozenLake(), gamma, seed, 240)["the best policy"] for seed in range(10)])
    assert len(wins) == 2400
    assert wins.mean() == pytest.approx(exact, abs=3.5 * np.sqrt(exact * (1 - exact) / 2400))


def test_the_best_policy_walks_along_the_cliff():
    assert returns(CliffWalking(), 1.0, 5, 20)["the best policy"].tolist() == [-13.0] * 20


def test_the_best_policy_earns_the_value_of_the_start_in_a_taxi():
    found = returns(Taxi(), 1.0, 2, 400)["the best policy"]
    assert found.mean() == pytest.approx(solution(Taxi(), 1.0).start, abs=3.5 * found.std() / 20)


def test_the_best_policy_loses_as_little_as_can_be_at_blackjack():
    found = np.concatenate([returns(Blackjack(), 1.0, seed, 4000)["the best policy"] for seed in (0, 1)])
    assert found.mean() == pytest.approx(solution(Blackjack(), 1.0).start, abs=3.5 * found.std() / np.sqrt(8000))


def test_acting_at_random_is_the_walk_of_the_same_dice():
    env, seed, expected = Taxi(), 4, []
    s, k, ret, t = start_state(env.mdp, uniform(seed, 0, START)), 0, 0.0, 0
    while len(expected) < 30:
        r, s, over = act(env.mdp, s, int(uniform(seed, t, ACTION) * 6), uniform(seed, t, WORLD))
        t, k, ret = t + 1, k + 1, ret + r
        if over or k == env.mdp.horizon:
            expected.append(ret)
            s, k, ret = start_state(env.mdp, uniform(seed, len(expected), START)), 0, 0.0
    assert returns(env, 0.99, seed, 30)["acting at random"].tolist() == expected
    assert len(set(expected)) > 10


def test_the_learner_is_the_one_of_the_other_pages():
    learner = Timeline(CliffWalking(), QLearning(alpha=0.5, epsilon=0.1, gamma=0.9), 7)
    t = learner.after_episodes(0, 25)
    assert np.array_equal(returns(CliffWalking(), 0.9, 7, 25)["Q-learning"], learner.episodes(t).ret)


def test_the_same_seed_gives_the_same_returns_and_more_episodes_keep_the_first():
    one, again, longer, other = (returns(FrozenLake(), 0.99, *args) for args in ((3, 20), (3, 20), (3, 40), (4, 40)))
    for name in ALL:
        assert np.array_equal(one[name], again[name])
        assert np.array_equal(one[name], longer[name][:20])
    assert any(not np.array_equal(longer[name], other[name]) for name in ALL)


def test_all_three_play_so_many_episodes_in_this_order():
    found = rivals(GridWorld(), 0.99, 1, 7)
    assert [(rival.name, len(rival.returns)) for rival in found] == [(name, 7) for name in ALL]


def test_patience_ends_with_an_episode_that_never_ends():
    """The one state pays for staying: the best policy stays, and finishes nothing."""
    stay = TableWorld(((((1.0, 0, 1.0, False),), ((1.0, 0, 0.0, True),)),))
    found = returns(stay, 0.9, 0, 5)
    assert len(found["the best policy"]) == 0 and len(found["acting at random"]) == 5
    assert PATIENCE < 1e5


def test_where_no_optimum_is_finite_there_is_no_best_policy():
    forever = TableWorld(((((1.0, 0, 1.0, False),), ((1.0, 0, 0.0, True),)),))
    assert list(returns(forever, 1.0, 0, 5)) == ALL[1:]


def test_on_a_pole_only_learners_are_known_and_chance_lasts_as_long_as_it_does_anywhere():
    """A random policy on CartPole-v1 lasts 22.8 steps on average, give or take 12 (sampled)."""
    found = returns(CartPole(), 0.99, 0, 800)
    assert list(found) == ALL[1:]
    chance = found["acting at random"]
    assert len(chance) == 800 and chance.mean() == pytest.approx(22.5, abs=3.5 * chance.std() / np.sqrt(800))
