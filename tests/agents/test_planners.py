"""Dynamic programming as a run: backups by hand, the book's tables, the theorem, and the edges."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rl import convergence as module
from rl.agents.control.q_learning import QLearning
from rl.agents.planning.base import BACKUPS
from rl.agents.planning.policy_evaluation import PolicyEvaluation
from rl.agents.planning.policy_iteration import PolicyIteration
from rl.agents.planning.value_iteration import ValueIteration
from rl.branches import first_difference
from rl.convergence import convergence, is_optimal_everywhere, settled, settling, truth_of
from rl.envs.car_rental import CarRental
from rl.envs.gambler import Gambler
from rl.envs.grid_world import GridWorld
from rl.envs.maximisation_bias import MaximisationBias
from rl.planning import action_values, policy_values, value_iteration
from rl.timeline import Timeline
from tests.strategies import grids, rates

CORRIDOR = GridWorld(map="S...G", step_reward=0.0)
PLANNERS = (ValueIteration, PolicyIteration, PolicyEvaluation)
BOOK = GridWorld(map="G.../.S../..../...G", step_reward=-1.0, goal_reward=0.0)  # S&B example 4.1


def after(env, agent, sweeps, seed=0):
    run = Timeline(env, agent, seed)
    return run.at(run.after_episodes(0, sweeps))


def test_a_synchronous_sweep_carries_the_value_one_cell():
    found = [after(CORRIDOR, ValueIteration(gamma=0.5), k).memory.v.tolist() for k in range(5)]
    assert found == [[0, 0, 0, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0.5, 1, 0], [0, 0.25, 0.5, 1, 0],
                     [0.125, 0.25, 0.5, 1, 0]]


def test_in_place_and_backwards_one_sweep_does_it_all():
    backwards = ValueIteration(gamma=0.5, backups="in place", sequence="backwards")
    assert after(CORRIDOR, backwards, 1).memory.v.tolist() == [0.125, 0.25, 0.5, 1, 0]
    forwards = ValueIteration(gamma=0.5, backups="in place")
    assert after(CORRIDOR, forwards, 1).memory.v.tolist() == [0, 0, 0, 1, 0]


def test_each_step_backs_up_one_state_and_its_log_says_so():
    log = Timeline(CORRIDOR, ValueIteration(gamma=0.5)).steps(0, 8)
    assert log.state.tolist() == log.updated_state.tolist() == [0, 1, 2, 3] * 2
    assert log.episode.tolist() == [0] * 4 + [1] * 4 and log.k.tolist() == [0, 1, 2, 3] * 2
    assert log.new.tolist() == [0, 0, 0, 1, 0, 0, 0.5, 1] and log.old.tolist() == [0] * 7 + [1]
    assert log.ret.tolist() == [0, 0, 0, 1, 0, 0, 0.5, 0.5]  # the largest change so far in the sweep
    episodes = Timeline(CORRIDOR, ValueIteration(gamma=0.5)).episodes(8)
    assert episodes.ret.tolist() == [1, 0.5] and episodes.length.tolist() == [4, 4]


@pytest.mark.parametrize(("k", "row"), [
    (1, [0, -1, -1, -1]), (2, [0, -1.75, -2, -2]), (3, [0, -2.4375, -2.9375, -3]), (10, [0, -6.138, -8.352, -8.967])])
def test_evaluating_the_random_policy_gives_the_tables_of_figure_4_1(k, row):
    assert after(BOOK, PolicyEvaluation(gamma=1.0), k).memory.v[:4] == pytest.approx(row, abs=6e-4)


def test_the_greedy_policy_of_figure_4_1_is_optimal_after_three_sweeps_and_its_values_after_hundreds():
    run = Timeline(BOOK, PolicyEvaluation(gamma=1.0))
    found = convergence(run, run.after_episodes(0, 150))
    assert found.optimal.tolist()[:6] == [False, False, False, True, True, True] and found.optimal[3:].all()
    assert found.error[3] > 15 and found.error[150] < 0.05
    v = run.at(settled(run)).memory.v
    assert v[:4] == pytest.approx([0, -14, -20, -22], abs=1e-4)


@given(grids(), rates, st.integers(0, 25))
@settings(max_examples=40)
def test_synchronous_sweeps_are_those_of_the_textbook_and_shrink_the_error_by_gamma(env, gamma, sweeps):
    v = np.zeros(len(env.mdp.cdf))
    for _ in range(sweeps):
        v = np.where(env.mdp.absorbing, 0.0, action_values(env.mdp, v, gamma).max(axis=1))
    run = after(env, ValueIteration(gamma=gamma), sweeps)
    assert run.memory.v == pytest.approx(v, abs=1e-9)
    if gamma < 0.99:
        error = np.abs(run.memory.v - value_iteration(env.mdp, gamma))[~env.mdp.absorbing].max()
        first = np.abs(value_iteration(env.mdp, gamma))[~env.mdp.absorbing].max()
        assert error <= gamma**sweeps * first + 1e-7


@pytest.mark.parametrize("agent", [
    ValueIteration(), ValueIteration(backups="in place"), ValueIteration(backups="in place", sequence="at random"),
    PolicyIteration(), PolicyIteration(sweeps=0), PolicyIteration(sweeps=1, backups="in place", first=2)], ids=repr)
def test_all_ways_lead_to_the_same_optimum(agent):
    env = GridWorld(slip=0.3)
    run = Timeline(env, agent)
    memory = run.at(run.after_episodes(0, 400)).memory
    assert memory.v == pytest.approx(value_iteration(env.mdp, 0.9), abs=1e-5)
    assert is_optimal_everywhere(env, 0.9, memory)


def test_policy_evaluation_finds_the_value_of_acting_at_random():
    env, agent = GridWorld(slip=0.3), PolicyEvaluation()
    random = np.full(env.mdp.cdf.shape[:2], 0.25)
    assert truth_of(env, agent) == pytest.approx(policy_values(env.mdp, random, 0.9))
    run = Timeline(env, agent)
    assert run.at(settled(run)).memory.v == pytest.approx(truth_of(env, agent), abs=1e-6)


def test_by_hand_only_the_clicked_states_are_backed_up():
    hand = Timeline(CORRIDOR, ValueIteration(gamma=0.5, backups="in place", sequence="by hand", clicks="3.2.1.0"))
    assert hand.last == 4 and hand.steps(0, 99).state.tolist() == [3, 2, 1, 0]
    assert hand.at(4).memory.v.tolist() == [0.125, 0.25, 0.5, 1, 0]


@pytest.mark.parametrize(("clicks", "says"), [
    ("1.x", "numbers joined by dots"), ("-1", "numbers joined by dots"), ("1..2", "numbers joined by dots"),
    (".".join(["1"] * 2001), "at most 2,000"), ("²", "numbers joined by dots")])
def test_clicks_that_are_none_are_refused_in_a_sentence(clicks, says):
    with pytest.raises(ValueError, match=says):
        ValueIteration(clicks=clicks)


def test_a_state_that_is_not_there_is_refused_in_a_sentence():
    with pytest.raises(ValueError, match="a state was clicked that this world does not have"):
        Timeline(CORRIDOR, ValueIteration(sequence="by hand", clicks="5")).at(0)


def test_actions_that_are_missing_are_never_best():
    run = after(MaximisationBias(), PolicyIteration(sweeps=0, first=4), 20)
    assert (run.memory.q[0, 2:] == -np.inf).all() and run.memory.policy[0].argmax() == 1
    assert run.memory.v[0] == 0 and run.memory.v[1] == pytest.approx(-0.09, abs=0.011)


def test_the_gambler_is_solved_in_as_many_states_as_there_are():
    run = Timeline(Gambler(), ValueIteration(gamma=1.0, backups="in place"))
    v = run.at(settled(run)).memory.v
    assert [v[s] for s in (25, 50, 75)] == pytest.approx([0.16, 0.4, 0.64], abs=1e-7)  # S&B example 4.3


@pytest.mark.slow
def test_policy_iteration_rents_cars_as_in_figure_4_2():
    """Four changes from "move none"; the last policy moves up to five cars one way and four the other."""
    run = Timeline(CarRental(), PolicyIteration(gamma=0.9, sweeps=0, first=5, backups="in place"))
    memory = run.at(settled(run)).memory
    moves = memory.policy.argmax(axis=1).reshape(21, 21) - 5
    assert (moves.min(), moves.max()) == (-4, 5)
    ends, improves = run.episodes(settled(run)), run.steps(0, settled(run)).explored
    changed = ends.ret[improves[ends.end - 1]].astype(int).tolist()
    assert changed[-1] == 0 and len([n for n in changed if n]) == 4


def test_a_wall_painted_in_mid_run_is_passed_over_from_then_on():
    before, after_it = (GridWorld(map=drawing, step_reward=0.0) for drawing in ("S../..G", "S.#/..G"))
    run = Timeline(before, ValueIteration(gamma=0.5)).edited(7, after_it)
    assert 2 in run.steps(0, 7).state and 2 not in run.steps(7, 60).state
    assert run.at(60).memory.v.tolist() == [0.25, 0.5, 0, 0.5, 1, 0]


def test_another_discount_in_mid_run_leads_to_its_own_values():
    run = Timeline(CORRIDOR, ValueIteration(gamma=0.5)).edited(40, gamma=0.9)
    assert run.at(200).memory.v == pytest.approx([0.729, 0.81, 0.9, 1, 0])


def test_a_planner_hands_nothing_to_a_learner_it_never_met():
    run = Timeline(CORRIDOR, QLearning())
    with pytest.raises(ValueError, match="start over"):
        run.edited(10, agent=ValueIteration())
    assert first_difference(run, Timeline(CORRIDOR, QLearning()), 500) == (None, None)


@pytest.mark.parametrize("kind", PLANNERS)
def test_where_no_value_is_finite_there_is_no_truth(kind):
    endless = Timeline(GridWorld(step_reward=1.0), kind(gamma=1.0))
    found = convergence(endless, 200)
    assert found is None or kind is PolicyEvaluation


WHOLE = st.builds(ValueIteration, gamma=st.sampled_from([0.3, 0.8, 0.95]), backups=st.sampled_from(BACKUPS),
                  sequence=st.sampled_from(["forwards", "backwards"])) | st.builds(
    PolicyEvaluation, gamma=st.sampled_from([0.5, 0.9]), backups=st.sampled_from(BACKUPS))


@given(grids(), grids(), WHOLE, WHOLE, WHOLE, st.integers(1, 150), st.integers(1, 150))
@settings(max_examples=40)
def test_the_error_keeps_to_the_bound_whatever_was_edited_in_the_middle_of_sweeps(env, other, one, two, three, t, more):
    run = Timeline(env, one).edited(t, other, two).edited(t + more, agent=three)
    found = convergence(run, 400)
    assert np.isfinite(found.bound).all() and (found.error <= found.bound * (1 + 1e-9) + 1e-7).all()


def test_the_bound_begins_anew_at_an_edit_from_the_error_then_by_the_discount_then():
    n, world = int((~GridWorld().mdp.absorbing).sum()), GridWorld()
    run = Timeline(world, ValueIteration(gamma=0.99)).edited(10 * n, gamma=0.5)
    found = convergence(run, 14 * n)
    error = [np.abs(run.at(t).memory.v - truth_of(world, ValueIteration(gamma=gamma))).max()
             for t, gamma in ((0, 0.99), (10 * n, 0.5))]
    assert found.bound == pytest.approx([*(0.99**k * error[0] for k in range(10)),
                                         *(0.5**k * error[1] for k in range(5))])
    assert found.error[10] > 0.5**10 * found.error[0]  # which is no bound any more
    assert found.error[9] == pytest.approx(  # each against the truth of its own time
        np.abs(run.at(9 * n).memory.v - truth_of(world, ValueIteration(gamma=0.99))).max())


def test_there_is_no_bound_while_sweeps_may_leave_states_out_and_one_again_after():
    run = Timeline(CORRIDOR, ValueIteration(gamma=0.5, sequence="at random")).edited(8, sequence="forwards")
    found = convergence(run, 20)
    assert np.isnan(found.bound).tolist() == [True, True, False, False, False, False]
    assert (found.error <= found.bound)[2:].all()


def test_what_takes_too_much_work_to_settle_is_given_up_and_said_to_be_so(monkeypatch):
    slow = Timeline(CarRental(), ValueIteration(gamma=0.99))
    assert int(module.MAX_WORK / slow.work) * CarRental().mdp.cdf[0].size < 1.2e9  # outcomes, 2e-9 s each
    monkeypatch.setattr(module, "MAX_WORK", module.MAX_WORK / 20)
    assert settling(slow) == (int(module.MAX_WORK / slow.work), False)
    assert settling(Timeline(CORRIDOR, ValueIteration())).still


def test_planning_settles_after_the_last_edit():
    run = Timeline(CORRIDOR, ValueIteration(gamma=0.5)).edited(4000, gamma=0.9)
    assert settled(run) > 4000 and run.at(settled(run)).memory.v == pytest.approx([0.729, 0.81, 0.9, 1, 0])
    by_hand = Timeline(CORRIDOR, ValueIteration(sequence="by hand", clicks="3.2"))
    assert settling(by_hand) == (2, False)


def test_a_sweep_that_goes_on_from_the_values_of_the_last_one_may_spoil_what_was_right():
    # V* is .729, .81, .9, 1. In place and backwards all of it is right but for state 0, which is so from the start;
    # then state 0 is backed up from the values before the sweep: .9 * .729.
    agent = ValueIteration(gamma=0.9, initial=0.729, backups="in place", sequence="backwards")
    found = convergence(Timeline(CORRIDOR, agent).edited(3, backups="synchronous"), 12)
    assert found.error == pytest.approx([0.271, 0.0729, 0, 0], abs=1e-12)
    assert found.bound == pytest.approx([0.271, 0.271, 0.271 * 0.9, 0.271 * 0.81])
