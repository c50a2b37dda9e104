"""The gambler's problem against the book, and against bold play, which is optimal when the coin is unfair."""

import numpy as np
import pytest

from rl.agents.control.q_learning import QLearning
from rl.envs.gambler import Gambler
from rl.planning import action_values, optimal_actions, policy_values, value_iteration
from rl.timeline import Timeline


def stakes(env):
    """The set of optimal stakes for each capital."""
    best = optimal_actions(action_values(env.mdp, value_iteration(env.mdp, 1.0), 1.0))
    return {s: {a + 1 for a in np.flatnonzero(best[s])} for s in range(1, env.goal)}


def bold(capital, goal, p):
    """Dubins & Savage (1965): the chance to reach the goal for who always stakes all that helps."""
    if capital in (0, goal):
        return capital / goal
    return p * bold(2 * capital, goal, p) if 2 * capital <= goal else p + (1 - p) * bold(2 * capital - goal, goal, p)


def test_the_values_of_example_4_3():
    v = value_iteration(Gambler().mdp, 1.0)
    assert v[[25, 50, 75]] == pytest.approx([0.16, 0.40, 0.64], abs=1e-12)
    assert v[[1, 99]] == pytest.approx([0.002066, 0.964333], abs=5e-7)


@pytest.mark.parametrize(("goal", "p"), [(64, 0.4), (128, 0.25), (32, 0.49)])
def test_an_unfair_coin_is_best_played_boldly(goal, p):
    v = value_iteration(Gambler(p, goal).mdp, 1.0)
    assert v[1:-1] == pytest.approx([bold(s, goal, p) for s in range(1, goal)], abs=1e-9)
    assert all(min(s, goal - s) in best for s, best in stakes(Gambler(p, goal)).items())


def test_the_optimal_stakes_are_sets():
    best = stakes(Gambler())
    assert (best[50], best[25], best[75], best[51], best[12], best[13], best[15]) == (
        {50}, {25}, {25}, {1, 49}, {12}, {12, 13}, {10, 15})
    assert all(min(s, 100 - s) in best[s] and max(best[s]) <= min(s, 100 - s) for s in best)
    assert sum(len(several) > 1 for several in best.values()) > 50


def test_a_fair_coin_makes_every_stake_as_good_as_any_other():
    v = value_iteration(Gambler(0.5, 20).mdp, 1.0)
    assert v[1:-1] == pytest.approx(np.arange(1, 20) / 20, abs=1e-8)
    assert all(best == set(range(1, min(s, 20 - s) + 1)) for s, best in stakes(Gambler(0.5, 20)).items())


def test_a_coin_that_favours_the_gambler_is_best_played_timidly():
    """Feller (1968), chapter XIV: staking 1 of 20 at p = .55 wins with chance (1 - r^s) / (1 - r^20), r = q / p."""
    r, s = 0.45 / 0.55, np.arange(1, 20)
    env = Gambler(0.55, 20)
    assert value_iteration(env.mdp, 1.0)[1:-1] == pytest.approx((1 - r**s) / (1 - r**20), abs=1e-8)
    assert all(best == {1} for best in stakes(env).values())


def test_a_stake_is_no_more_than_there_is_or_is_needed():
    mdp = Gambler().mdp
    assert (~mdp.missing).sum(axis=1).tolist() == [50, *(min(s, 100 - s) for s in range(1, 100)), 50]
    assert (mdp.next_state[37, 20], mdp.reward[37, 20].sum(), mdp.terminal[37, 20].any()) == (
        pytest.approx([58, 16]), 0, False)
    assert mdp.next_state[50, 49].tolist() == [100, 0] and mdp.terminal[50, 49].all()
    assert mdp.reward[50, 49].tolist() == [1, 0]


def test_a_policy_of_ones_is_a_random_walk():
    mdp = Gambler(0.5, 10).mdp
    assert policy_values(mdp, np.eye(5)[np.zeros(11, int)], 1.0)[1:-1] == pytest.approx(np.arange(1, 10) / 10, abs=1e-8)


def test_a_learner_stakes_only_what_it_has():
    log = Timeline(Gambler(goal=12), QLearning(epsilon=1.0), 5).steps(0, 3000)
    assert (log.action + 1 <= np.minimum(log.state, 12 - log.state)).all()
    assert [len(set(log.action[log.state == s])) for s in range(1, 12)] == [1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1]


@pytest.mark.parametrize("goal", [2, 9, 10, 100, 200])
def test_ten_capitals_a_row(goal):
    picture = Gambler(goal=goal).picture()
    cells = {int(s): divmod(i, 11) for i, s in enumerate(picture.state_at[0]) if s >= 0}
    assert cells == {s: (1 + s // 10, 1 + s % 10) for s in range(goal + 1)}
    assert picture.cells.count("G") == picture.cells.count("H") == 1
    assert Gambler().state_name(37) == "capital 37"
