"""States that have fewer actions than others: nobody chooses what is not there, and nothing else changes."""

import gymnasium
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rl.agents import AGENTS
from rl.agents.control.q_learning import QLearning
from rl.agents.human import Human
from rl.dice import ACTION, uniform
from rl.envs.frozen_lake import FrozenLake
from rl.envs.maximisation_bias import A, B, MaximisationBias
from rl.mdp import ALL_THERE, from_gymnasium, from_table
from rl.phases import epsilon_greedy_chances, phases
from rl.planning import action_values, greedy_policy, optimal_actions, policy_values, value_iteration
from rl.policies import any_action, epsilon_greedy, possible
from rl.rivals import rivals
from rl.timeline import Timeline
from rl.truth import solution, truth_curves
from tests.strategies import seeds

END = (1.0, 1, 0.0, True)
SHORT = from_table([[[(1.0, 1, 3.0, True)], [(0.5, 1, 1.0, True), (0.5, 0, 0.0, False)]], [[END]] * 4], np.eye(2)[0])
BIAS = MaximisationBias()
HERE = -np.inf


def test_a_row_shorter_than_the_longest_lacks_the_actions_behind_it():
    assert SHORT.missing.tolist() == [[False, False, True, True], [False] * 4]
    assert all(np.array_equal(column[0, 2], column[0, 1]) for column in SHORT[:4])  # they do what the last one does
    assert from_table([[[END]], [[END]]], np.eye(2)[0]).missing is ALL_THERE


def test_what_is_missing_is_worth_minus_infinity_and_never_the_best():
    q = action_values(SHORT, np.array([4.0, 0.0]), 1.0)
    assert q[0].tolist() == [3.0, 2.5, -np.inf, -np.inf]
    assert optimal_actions(q)[0].tolist() == greedy_policy(q)[0].tolist() == [1, 0, 0, 0]
    assert value_iteration(SHORT, 1.0).tolist() == [3, 0]
    assert policy_values(SHORT, np.full((2, 4), 0.25), 0.5)[0] == pytest.approx((0.75 + 0.375) / (1 - 0.5 * 0.375))


def test_random_draws_count_only_what_is_there():
    q = np.array([[HERE, 2.0, HERE, 1.0, 0.0, HERE]])
    assert [int(any_action(q, 0, die)) for die in (0.0, 0.33, 0.34, 0.66, 0.67, 0.999999)] == [1, 1, 3, 3, 4, 4]


@given(st.integers(1, 12), st.floats(0, 1, exclude_max=True))
def test_where_nothing_is_missing_a_draw_is_what_it_always_was(n, die):
    assert any_action(np.zeros((1, n)), 0, die) == int(die * n)


def test_values_that_diverged_to_minus_infinity_do_not_crash_a_draw():
    assert [int(any_action(np.full((1, 4), HERE), 0, die)) for die in (0.0, 0.5, 0.99)] == [0, 2, 3]
    assert int(any_action(np.full((1, 4), np.nan), 0, 0.99)) == 3


def test_possible_falls_back_to_the_nearest_action_before():
    q = np.array([[0.0, HERE, 1.0, HERE, HERE]])
    assert [int(possible(q, 0, a)) for a in range(5)] == [0, 0, 2, 2, 2]


@given(seeds, st.integers(0, 10**6))
@settings(max_examples=200)
def test_an_explorer_takes_left_and_right_half_the_time_each(seed, t):
    q = AGENTS["q"]().new_memory(BIAS.mdp, seed).q
    action, explored = epsilon_greedy(q, A, 1.0, seed, t)
    assert explored and action == int(uniform(seed, t, ACTION) * 2)


ACTORS = [slug for slug, kind in AGENTS.items() if kind.family == "tabular" and not kind().looks_up]  # no planners


@pytest.mark.parametrize("slug", ACTORS)
def test_no_agent_takes_or_learns_what_is_missing(slug):
    agent = AGENTS[slug]() if slug != "human" else Human("0191" * 50)
    run = Timeline(BIAS, agent, 3)
    log, memory = run.steps(0, 2000), run.at(2000).memory
    assert log.action[log.state == A].max(initial=0) <= 1
    assert not any(np.isnan(np.asarray(array)).any() for array in memory)
    if agent.learns == "q":
        assert np.array_equal(np.isneginf(memory.q), BIAS.mdp.missing) and not memory.visits[BIAS.mdp.missing].any()
        assert not any(np.isinf(column).any() for column in (log.old, log.target, log.new))


@pytest.mark.parametrize("slug", [s for s in ACTORS if hasattr(AGENTS[s], "initial") and AGENTS[s].learns == "q"])
def test_optimism_switched_on_late_brings_nothing_that_is_missing(slug):
    run = Timeline(BIAS, AGENTS[slug](), 3).edited(5, initial=7.0).at(5)
    assert np.array_equal(np.isneginf(run.memory.q), BIAS.mdp.missing) and (run.memory.q == 7.0).any()


def test_truth_and_rivals_count_only_what_is_there():
    run = Timeline(BIAS, QLearning(gamma=1.0), 1)
    curves = truth_curves(run, 300)
    best = solution(BIAS, 1.0)
    there = [(s, a) for s in (A, B) for a in range(10) if not BIAS.mdp.missing[s, a]]
    assert curves.error[-1] == pytest.approx(max(abs(run.at(300).memory.q[sa] - best.q[sa]) for sa in there))
    assert np.isfinite(curves.regret).all() and (curves.optimum == 0).all()
    assert set(rivals(BIAS, 1.0, 0, 20)[0].returns) == {0.0}


def test_phases_share_epsilon_among_what_is_there():
    assert epsilon_greedy_chances(np.array([1.0, 0.0, HERE]), 0.2).tolist() == pytest.approx([0.9, 0.1, 0.0])
    steps = phases(Timeline(BIAS, QLearning(epsilon=1.0), 2), 0, 40)
    in_a = [step for step in steps if np.isneginf(step.row).any()]
    assert in_a and all([text for _, text in step.choice[1].parts] == ["left", "right"] for step in in_a)


def test_gymnasium_is_told_which_actions_there_are():
    env = gymnasium.make("stepwise/MaximisationBias-v0")
    assert env.reset(seed=1)[1]["action_mask"].tolist() == [1, 1] + [0] * 8
    assert env.step(0)[4]["action_mask"].tolist() == [1] * 10
    assert np.array_equal(from_gymnasium(env).missing, BIAS.mdp.missing)
    assert gymnasium.make("stepwise/FrozenLake-v0").reset(seed=1)[1] == {}
    assert FrozenLake().mdp.missing is ALL_THERE
