"""Learning held against the exact solution, the solution found by brute force."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from rl.agents.control.q_learning import QLearning
from rl.envs.cliff_walking import CliffWalking
from rl.envs.frozen_lake import FrozenLake
from rl.envs.grid_presets import PRESETS
from rl.envs.grid_world import GridWorld
from rl.planning import greedy_policy, policy_values
from rl.timeline import Timeline
from rl.truth import greedy_start_value, is_greedy_optimal, mistakes, moments, solution, truth_curves
from tests.strategies import timelines

LAKE = Timeline(FrozenLake(), QLearning(alpha=0.2, epsilon=0.3), 4).edited(700, alpha=0.05).edited(1500, epsilon=1.0)
COIN = next(preset.world for preset in PRESETS if preset.name == "A coin that comes back")


def brute_force(env, gamma):
    """Optimal action values by plain sweeps."""
    mdp, v = env.mdp, np.zeros(len(env.mdp.cdf))
    for _ in range(4000):
        q = (mdp.probability * (mdp.reward + gamma * np.where(mdp.terminal, 0, v[mdp.next_state]))).sum(2)
        v = q.max(1)
    return q


def played_out(env, gamma, q):
    """Value of acting greedily on ``q``, by plain sweeps over the chain it makes."""
    mdp, v = env.mdp, np.zeros(len(env.mdp.cdf))
    ties = q == q.max(1, keepdims=True)
    for _ in range(4000):
        ahead = (mdp.probability * (mdp.reward + gamma * np.where(mdp.terminal, 0, v[mdp.next_state]))).sum(2)
        v = (ahead * ties).sum(1) / ties.sum(1)
    return v[0]


def test_every_curve_is_what_brute_force_finds():
    best = brute_force(LAKE.env, 0.99)
    curves, live = truth_curves(LAKE, 2000, points=20), ~LAKE.env.mdp.absorbing
    assert curves.step[[0, -1]].tolist() == [0, 2000]
    for i, t in enumerate(curves.step.astype(int)):
        place, log = LAKE.at(t), LAKE.steps(0, t)
        gaps = (best.max(1, keepdims=True) - best)[log.state, log.action]
        assert curves.episode[i] == place.episode
        assert curves.error[i] == pytest.approx(np.abs(place.memory.q - best)[live].max(), abs=1e-8)
        assert curves.policy[i] == pytest.approx(played_out(LAKE.env, 0.99, place.memory.q), abs=1e-8)
        assert curves.optimum[i] == pytest.approx(best[0].max(), abs=1e-8)
        assert curves.regret[i] == pytest.approx(gaps.sum(), abs=1e-6)


@given(timelines(most_edits=2))
@settings(max_examples=25)
def test_regret_never_falls(run):
    curves = truth_curves(run, 2000, points=10)
    finite = np.isfinite(curves.regret)
    assert (np.diff(curves.regret[finite]) >= 0).all()
    policy, optimum = (column[np.isfinite(curves.optimum)] for column in (curves.policy, curves.optimum))
    assert (policy <= optimum + 1e-6 * np.maximum(1, np.abs(optimum))).all()


@pytest.mark.parametrize("env", [
    CliffWalking(), GridWorld(map="S...H/.#.../...#G", step_reward=-1.0)], ids=["cliff", "grid"])
def test_without_discount_regret_is_what_the_returns_fell_short(env):
    # Nothing here is left to luck, so V* - Q* telescopes: over an episode the gaps sum to V*(start) - return.
    run = Timeline(env, QLearning(alpha=0.5, gamma=1.0), 1)
    end, returns = int(run.episodes(5000).end[-1]), run.episodes(5000).ret
    curves = truth_curves(run, end)
    assert curves.regret[-1] == pytest.approx((curves.optimum[-1] - returns).sum())
    assert curves.error[-1] < curves.error[0]


def test_the_error_counts_only_states_an_agent_can_act_in():
    # The cliff's own cells have values in the table, but nobody ever stands there to learn them.
    run = Timeline(CliffWalking(), QLearning(alpha=1.0, gamma=1.0, epsilon=1.0), 0)
    visits = run.at(200_000).memory.visits
    assert 0 < (visits.sum(1) == 0).sum() <= 11
    assert truth_curves(run, 200_000, points=2).error[-1] == 0.0


@pytest.mark.parametrize("gamma", [1.0, 0.99])
def test_a_greedy_policy_that_never_arrives_is_worth_nothing_or_worse(gamma):
    q = np.zeros((48, 4))
    q[:, 0] = 1.0  # up, for ever
    expected = -np.inf if gamma == 1 else pytest.approx(-100.0)
    assert greedy_start_value(CliffWalking(), gamma, q) == expected
    assert not is_greedy_optimal(CliffWalking(), gamma, q)


def test_ties_in_the_table_are_shared():
    q = np.zeros((48, 4))
    random = policy_values(CliffWalking().mdp, np.full((48, 4), 0.25), 0.9)[36]
    assert greedy_start_value(CliffWalking(), 0.9, q) == pytest.approx(random)
    assert greedy_policy(q).tolist() == np.full((48, 4), 0.25).tolist()


def test_the_truth_follows_an_edit_of_the_world():
    run = Timeline(FrozenLake(), QLearning(), 0).edited(500, env=FrozenLake(success=1.0))
    curves = truth_curves(run, 1000, points=10)
    assert 500 in curves.step
    before, after = curves.optimum[curves.step < 500], curves.optimum[curves.step >= 500]
    assert before == pytest.approx(0.542025, abs=1e-6)
    assert after == pytest.approx(0.99**5)


def test_an_optimal_table_is_optimal_and_a_spoiled_one_is_not():
    env = FrozenLake()
    q = solution(env, 0.99).q.copy()
    assert is_greedy_optimal(env, 0.99, q)
    assert not mistakes(env, 0.99, q)[env.mdp.visitable].any()
    q[14, 2], q[6] = 9.0, 0.0  # state 14: right is not best; 6: left and right are equally good, down and up are not
    assert not is_greedy_optimal(env, 0.99, q)
    assert np.flatnonzero(mistakes(env, 0.99, q)).tolist() == [6, 14]


def test_where_reward_is_endless_nothing_is_called_a_mistake():
    best = solution(COIN, 1.0)
    assert not best.finite
    assert np.isnan(best.q).all()
    assert not mistakes(COIN, 1.0, np.zeros(best.q.shape)).any()
    curves = truth_curves(Timeline(COIN, QLearning(gamma=1.0)), 300, points=3)
    assert np.isnan(curves.error).all()
    assert (curves.optimum == np.inf).all()
    assert solution(COIN, 0.9).finite


def test_a_room_without_a_door_does_not_hide_the_truth():
    env = GridWorld(map="S.G#./...##")
    assert solution(env, 1.0).finite
    assert solution(env, 1.0).start == pytest.approx(0.92)
    assert truth_curves(Timeline(env, QLearning(gamma=1.0, epsilon=1.0, alpha=1.0)), 3000, points=2).error[-1] < 1e-12


@pytest.mark.parametrize("t", [0, 1, 99, 100, 101, 5000, 123_456])
def test_a_longer_run_is_looked_at_at_moments_looked_at_before(t):
    chosen = moments(t)
    assert chosen[-1] == t
    assert chosen == sorted(set(chosen)) if t else chosen == [0]
    assert len(chosen) <= 102
    earlier = set(moments(2 * t)[:-1])
    assert {m for m in earlier if m < t} <= set(chosen)


def test_branches_share_what_was_compared():
    assert truth_curves(LAKE, 600).error.tolist() == truth_curves(replace(LAKE, edits=()), 600).error.tolist()
