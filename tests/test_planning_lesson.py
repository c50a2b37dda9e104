"""What the tasks on planning say is true of the runs they open."""

import numpy as np
import pytest

from rl.convergence import convergence, is_optimal_everywhere
from rl.lessons.lesson import Attempt
from rl.lessons.planning import LESSON
from rl.lessons.planning_checks import best_first, exact_by_hand, exact_in_three_sweeps, off, round_the_bridge
from rl.link import from_query_string
from rl.planning import policy_values
from rl.truth import solution

TASKS = {task.slug: task for task in LESSON.tasks}


def opened(slug, **knobs):
    run, t, _ = from_query_string(TASKS[slug].query)
    return run.edited(0, **knobs) if knobs else run, t


def sweeps(run, n):
    """How far the values are off at the end of each of the first n sweeps, and where all arrows are right."""
    found = convergence(run, run.after_episodes(0, n))
    return found.error, set(np.flatnonzero(found.optimal).tolist())


@pytest.mark.parametrize("sequence", ["forwards", "backwards"])
def test_synchronous_backups_carry_the_value_one_cell_a_sweep_in_any_order(sequence):
    run, _ = opened("p.order", sequence=sequence)
    valued = [int((run.at(run.after_episodes(0, n)).memory.v > 0).sum()) for n in range(1, 11)]
    assert sweeps(run, 9)[0] == pytest.approx([0.9**k for k in range(9)] + [0])
    assert valued[0] == 2 and valued == sorted(valued) and valued[8] == valued[9] == 25


def test_in_place_the_order_decides():
    run, _ = opened("p.order", backups="in place", sequence="backwards")
    assert exact_in_three_sweeps(Attempt(run, 25, 25)).done
    slow = run.edited(0, sequence="forwards")
    assert not exact_in_three_sweeps(Attempt(slow, 75, 75)).done and sweeps(slow, 3)[0][3] == pytest.approx(0.9**3)


def test_the_policy_is_right_with_values_off_by_more_than_five_and_then_wrong_again():
    error, right = sweeps(opened("p.policy")[0], 40)
    assert error == pytest.approx(error[0] * 0.9 ** np.arange(41))
    assert min(right) == 14 and error[14] > 5 and {16, 17, 18, 21}.isdisjoint(right) and set(range(29, 41)) <= right


def test_the_policy_greedy_on_random_values_is_optimal_after_three_sweeps_as_in_figure_4_1():
    run, _ = opened("p.random")
    error, right = sweeps(run, 150)
    assert min(right) == 3 and set(range(3, 151)) <= right
    assert error[3] == pytest.approx(19) and error[99] > 0.1 > error[110]
    assert run.at(run.after_episodes(0, 400)).memory.v.min() == pytest.approx(-22, abs=1e-3)  # figure 4.1, k = infinity


@pytest.mark.parametrize(("clicks", "done"), [
    ("10.9.8.4.0", True), ("7.3.2.1.0", True), ("10.6.5.1.0", True),  # along a best way, from its end
    ("0.4.8.9.10", False), ("10.9.8.4", False), ("10.10.9.8.4.0", False)])
def test_five_clicks_along_one_best_way_are_enough_and_the_fewest(clicks, done):
    run, _ = opened("p.hand", clicks=clicks)
    assert exact_by_hand(Attempt(run, run.last, run.last)).done == done


def test_below_a_gamma_of_080_the_near_goal_is_the_better_one():
    run = opened("p.gamma")[0].at(0)
    assert [best_first(run, gamma) for gamma in (0.5, 0.8, 0.81, 0.95)] == [{0}, {0}, {2}, {2}]
    assert pytest.approx(0.80, abs=0.005) == (1 / 3) ** (1 / 5)  # gamma^1 = 3 gamma^6


def test_another_first_policy_leads_to_another_optimal_policy_with_the_same_values_in_a_few_improvements():
    found = []
    for first in (2, 1):
        run = opened("p.ties", first=first)[0].at(680)
        v = policy_values(run.env.mdp, run.memory.policy, 0.9)
        assert v == pytest.approx(solution(run.env, 0.9).v) and (run.memory.policy.max(axis=1) == 1).all()
        found.append(int(run.memory.policy[0].argmax()))
        assert 0 < (opened("p.ties", first=first)[0].episodes(680).ret[3::4] > 0).sum() <= 5
    assert found == [1, 2]


@pytest.mark.parametrize(("slip", "round_it"), [(0.0, False), (0.02, False), (0.03, True), (0.05, True)])
def test_from_a_slip_of_003_on_the_long_way_is_better(slip, round_it):
    text = TASKS["p.bridge"].query.replace("&agent", f",slip:{slip}&agent")
    shown = Attempt(*from_query_string(text))
    run = shown.timeline.at(shown.t)
    assert round_the_bridge(shown).done == round_it == (best_first(run, 0.99) != {2})
    assert off(run) < 0.01 and is_optimal_everywhere(run.env, 0.99, run.memory)
