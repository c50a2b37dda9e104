"""Planning against linear algebra, against every policy there is, and against worlds solved on paper."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rl import evaluation, planning
from rl.envs.cliff_walking import CliffWalking
from rl.envs.grid_world import GridWorld
from rl.mdp import from_table
from rl.planning import (
    action_values,
    finite_horizon_value,
    greedy_policy,
    optimal_actions,
    policy_values,
    start_value,
    value_iteration,
)

INF = float("inf")
discounts = st.sampled_from([0.0, 0.1, 0.5, 0.9, 0.99, 0.9999]) | st.floats(0, 0.999)


@st.composite
def mdps(draw, most_states=8, ending=0.0):
    """Random tables; every outcome list ends the episode with at least the chance ``ending``."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n_states, n_actions, n_outcomes = (draw(st.integers(1, most)) for most in (most_states, 3, 3))

    def outcomes():
        chances = (1 - ending) * rng.dirichlet(np.ones(n_outcomes))
        listed = [(p, int(rng.integers(n_states)), rng.normal(), bool(rng.random() < 0.2)) for p in chances]
        return [*listed, (ending, 0, rng.normal(), True)]

    table = [[outcomes() for _ in range(n_actions)] for _ in range(n_states)]
    return from_table(table, np.ones(n_states) / n_states)


def exact(mdp, policy, gamma):
    """Values of a policy by a linear solve: v = r + gamma P v."""
    n_states, n_actions, n_outcomes = mdp.cdf.shape
    chain, reward = np.zeros((n_states, n_states)), np.zeros(n_states)
    for s, a, k in product(range(n_states), range(n_actions), range(n_outcomes)):
        p = policy[s, a] * mdp.probability[s, a, k]
        reward[s] += p * mdp.reward[s, a, k]
        chain[s, mdp.next_state[s, a, k]] += 0.0 if mdp.terminal[s, a, k] else p
    return np.linalg.solve(np.eye(n_states) - gamma * chain, reward)


def random_policy(mdp, seed):
    return np.random.default_rng(seed).dirichlet(np.ones(mdp.cdf.shape[1]), len(mdp.cdf))


@given(mdps(), discounts, st.integers(0, 99), st.booleans())
def test_policy_values_solve_the_bellman_equations(mdp, gamma, seed, greedy):
    policy = random_policy(mdp, seed)
    policy = greedy_policy(policy) if greedy else policy
    assert policy_values(mdp, policy, gamma) == pytest.approx(exact(mdp, policy, gamma), rel=1e-10, abs=1e-10)


@given(mdps(ending=0.05), st.integers(0, 99))
def test_policy_values_need_no_discount_where_episodes_end(mdp, seed):
    policy = random_policy(mdp, seed)
    assert policy_values(mdp, policy, 1.0) == pytest.approx(exact(mdp, policy, 1.0), rel=1e-10, abs=1e-10)


@pytest.mark.parametrize("cost", [1e-9, 1e9], ids=["sweeping", "solving"])
@given(mdps(ending=0.05), discounts | st.just(1.0), st.integers(0, 99))
@settings(max_examples=30)
def test_sweeping_and_solving_agree(cost, mdp, gamma, seed):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(evaluation, "SWEEP_COST", cost)
        policy = random_policy(mdp, seed)
        assert policy_values(mdp, policy, gamma) == pytest.approx(exact(mdp, policy, gamma), rel=1e-9, abs=1e-9)


@given(mdps(most_states=4, ending=0.05), discounts | st.just(1.0))
@settings(max_examples=60)
def test_the_optimum_is_the_best_of_all_policies(mdp, gamma):
    policies = product(range(mdp.cdf.shape[1]), repeat=len(mdp.cdf))
    values = np.array([exact(mdp, np.eye(mdp.cdf.shape[1])[list(actions)], gamma) for actions in policies])
    assert value_iteration(mdp, gamma) == pytest.approx(values.max(axis=0), rel=1e-10, abs=1e-10)


@given(mdps(ending=0.01), discounts | st.just(1.0))
@settings(max_examples=40)
def test_policy_iteration_finds_the_same_optimum(mdp, gamma):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(planning, "SWEEPS", 0)
        assert value_iteration(mdp, gamma) == pytest.approx(planned(mdp, gamma), rel=1e-8, abs=1e-8)


def planned(mdp, gamma):
    """Optimal values by ten thousand plain sweeps."""
    v = np.zeros(len(mdp.cdf))
    for _ in range(10_000 if gamma > 0.99 else 3000):
        v = (mdp.probability * (mdp.reward + gamma * np.where(mdp.terminal, 0, v[mdp.next_state]))).sum(2).max(1)
    return v


@given(mdps(), discounts)
def test_optimal_values_are_their_own_backup(mdp, gamma):
    v = value_iteration(mdp, gamma)
    assert action_values(mdp, v, gamma).max(axis=1) == pytest.approx(v, rel=1e-10, abs=1e-10)


@given(mdps(), discounts)
def test_acting_greedily_on_optimal_values_is_optimal(mdp, gamma):
    v = value_iteration(mdp, gamma)
    best = optimal_actions(action_values(mdp, v, gamma))
    assert policy_values(mdp, best / best.sum(1, keepdims=True), gamma) == pytest.approx(v, rel=1e-5, abs=1e-5)


def chain(*rewards):
    """State i pays rewards[i] and leads to i + 1; the last one ends."""
    n = len(rewards)
    return from_table([[[(1.0, min(i + 1, n - 1), r, i == n - 1)]] for i, r in enumerate(rewards)], np.eye(n)[0])


@pytest.mark.parametrize(("gamma", "expected"), [(0.0, [1, 2, 4]), (0.5, [1 + 1 + 1, 2 + 2, 4]), (1.0, [7, 6, 4])])
def test_a_chain_on_paper(gamma, expected):
    mdp = chain(1.0, 2.0, 4.0)
    assert value_iteration(mdp, gamma).tolist() == expected
    assert policy_values(mdp, np.ones((3, 1)), gamma).tolist() == pytest.approx(expected)
    assert start_value(mdp, np.array(expected, float)) == expected[0]


def lone(*rewards):
    """State 0 pays rewards[0] and stays, 1 may do so too or end with 5; 2 may go to 0 for free or end with -1."""
    return from_table([
        [[(1.0, 0, rewards[0], False)]] * 2, [[(1.0, 1, rewards[0], False)], [(1.0, 1, 5.0, True)]],
        [[(1.0, 0, 0.0, False)], [(1.0, 2, -1.0, True)]]], np.ones(3) / 3)


@pytest.mark.parametrize(("reward", "expected"), [(0.1, [INF, INF, INF]), (-0.1, [-INF, 5, -1]), (0.0, [0, 5, 0])])
def test_what_never_ends_is_infinite_or_nothing_and_never_a_large_number(reward, expected):
    mdp = lone(reward)
    assert value_iteration(mdp, 1.0).tolist() == expected
    stay = np.tile([1.0, 0.0], (3, 1))
    assert policy_values(mdp, stay, 1.0).tolist() == ([reward * INF] * 3 if reward else [0, 0, 0])
    leave = np.tile([0.0, 1.0], (3, 1))
    assert policy_values(mdp, leave, 1.0).tolist() == [reward * INF if reward else 0, 5, -1]


def test_a_small_chance_of_an_endless_cost_is_an_endless_cost():
    trap = [[[(0.999, 0, 1.0, True), (0.001, 1, 0.0, False)]], [[(1.0, 1, -1.0, False)]], [[(1.0, 2, 3.0, True)]]]
    mdp = from_table(trap, np.ones(3) / 3)
    assert value_iteration(mdp, 1.0).tolist() == policy_values(mdp, np.ones((3, 1)), 1.0).tolist() == [-INF, -INF, 3]


def test_gains_and_costs_in_turn_are_weighed():
    def circle(gain, cost):
        mdp = from_table([[[(1.0, 1, gain, False)]], [[(1.0, 0, cost, False)]]], np.array([1.0, 0.0]))
        return policy_values(mdp, np.ones((2, 1)), 1.0).tolist()

    assert circle(1.0, -0.9) == [INF, INF]
    assert circle(0.9, -1.0) == [-INF, -INF]
    assert np.isfinite(circle(1.0, -1.0)).all()


def test_paying_once_before_resting_for_ever_is_finite():
    mdp = from_table([[[(1.0, 1, -3.0, False)]], [[(1.0, 1, 0.0, False)]]], np.array([1.0, 0.0]))
    assert policy_values(mdp, np.ones((2, 1)), 1.0).tolist() == value_iteration(mdp, 1.0).tolist() == [-3.0, 0.0]


@pytest.mark.parametrize("gamma", [0.99999, 0.999999999])
def test_a_discount_near_one_is_still_finite(gamma):
    up = np.tile([1.0, 0.0, 0.0, 0.0], (48, 1))  # for ever at -1 a step
    assert policy_values(CliffWalking().mdp, up, gamma)[0] == pytest.approx(-1 / (1 - gamma), rel=1e-6)
    assert value_iteration(CliffWalking().mdp, gamma)[36] == pytest.approx(-(1 - gamma**13) / (1 - gamma), rel=1e-6)


def test_a_slow_walk_has_its_long_but_finite_way_home():
    # A random walk on 0..n, reflected at n, ends at 0: from i it takes i (2 n + 1 - i) steps.
    n = 300
    table = [[[(0.5, max(i - 1, 0), -1.0, i == 0), (0.5, min(i + 1, n - 1), -1.0, False)]] for i in range(n)]
    i = np.arange(1, n + 1)
    expected = -i * (2 * n + 1 - i)
    mdp = from_table(table, np.eye(n)[0])
    assert policy_values(mdp, np.ones((n, 1)), 1.0) == pytest.approx(expected, rel=1e-9)
    assert value_iteration(mdp, 1.0) == pytest.approx(expected, rel=1e-9)


def test_a_room_without_a_door_does_not_spoil_the_rest():
    v = value_iteration(GridWorld(map="S.G#./...##").mdp, 1.0)
    assert v[4] == -INF
    assert v[:3].tolist() == pytest.approx([0.92, 0.96, 0.0])


@pytest.mark.parametrize(("q", "expected"), [
    ([1.0, 1.0 + 1e-12, 0.5], [True, True, False]), ([1.0, 1.0 + 1e-6, 0.5], [False, True, False]),
    ([1e6, 1e6 + 1e-4, 0.0], [True, True, False]),
    ([-1e6, -1e6 - 1.0, -2e6], [True, False, False]), ([0, 0, 0], [True] * 3)])
def test_optimal_actions_are_all_that_are_as_good_as_the_best(q, expected):
    assert optimal_actions(np.array([q], float)).tolist() == [expected]


@pytest.mark.parametrize(("q", "expected"), [
    ([1, 0, 1], [0.5, 0, 0.5]), ([0, 0, 1], [0, 0, 1]), ([2, 2, 2], [1 / 3] * 3)])
def test_a_greedy_policy_shares_ties(q, expected):
    assert greedy_policy(np.array([q], float)).tolist() == [expected]


def test_the_start_is_averaged_over_where_episodes_start():
    mdp = from_table([[[(1.0, s, 0.0, True)]] for s in range(3)], np.array([0.25, 0.75, 0.0]))
    assert start_value(mdp, np.array([4.0, 8.0, -INF])) == 7.0


@pytest.mark.parametrize(("steps", "expected"), [
    (0, [0, 0, 0]), (1, [1, 2, 4]), (2, [3, 6, 4]), (3, [7, 6, 4]), (9, [7, 6, 4])])
def test_a_finite_horizon_counts_only_the_steps_there_are(steps, expected):
    assert finite_horizon_value(chain(1.0, 2.0, 4.0), steps).tolist() == expected


def test_a_finite_horizon_is_discounted_too():
    assert finite_horizon_value(chain(1.0, 2.0, 4.0), 2, 0.5).tolist() == [2, 4, 4]
