"""What the lesson on the loop claims is true of its runs."""

from dataclasses import replace

import numpy as np
import pytest

from rl.lessons.lesson import Attempt
from rl.lessons.loop import LESSON, learned_at_random
from rl.link import from_query_string
from rl.tape import TERMINATED, TRUNCATED
from rl.truth import solution

TASKS = {task.slug: task for task in LESSON.tasks}


def run_of(slug, moves=None):
    run = from_query_string(TASKS[slug].query).timeline
    return run if moves is None else replace(run, agent=replace(run.agent, moves=moves))


def test_each_walk_to_the_goal_carries_the_value_one_cell_back():
    run = run_of("loop.worth", "2222" * 4)
    valued = [np.flatnonzero(run.at(4 * walk).memory.q.max(axis=1) > 0).tolist() for walk in range(5)]
    assert valued == [[], [3], [2, 3], [1, 2, 3], [0, 1, 2, 3]]
    assert run.steps(0, 4).reward.tolist() == [0, 0, 0, 1]


def test_in_the_fog_one_goal_is_three_steps_to_the_left_and_ten_times_as_much_is_to_the_right():
    known, found = (run_of("loop.fog", moves) for moves in ("000", "00022222"))
    assert known.episodes(3).ret.tolist() == [1] and found.episodes(8).ret.tolist() == [1, 10]


def test_on_the_ice_the_best_policy_walks_into_walls():
    env = run_of("loop.ice").env
    best = solution(env, 0.99).q[0].argmax()
    assert env.success == 1 / 3 and env.actions[best].name == "left"  # from the upper left corner


def test_time_that_is_up_looks_ahead_and_a_goal_does_not():
    run, t, _ = from_query_string(TASKS["loop.time"].query)
    log = run.steps(t - 1, t + 20)  # it opens right after a walk that reached the goal; the next but one does not
    assert log.ended[log.ended > 0].tolist() == [TERMINATED, TERMINATED, TRUNCATED]
    ahead = log.target - log.reward
    assert (ahead[log.ended == TERMINATED] == 0).all() and (ahead[log.ended == TRUNCATED] != 0).all()


def test_no_way_to_the_flag_is_shorter_than_seven_steps():
    run = run_of("loop.ways")
    assert solution(run.env, 1.0).start == pytest.approx(6 * -0.1 + run.steps(6, 7).reward[0])


@pytest.mark.parametrize("alpha", [0.05, 0.1, 0.5, 1.0])
def test_acting_at_random_it_learns_the_best_way_in_three_hundred_episodes_and_earns_no_more(alpha):
    run, t, _ = from_query_string(TASKS["loop.random"].query)
    run = run.edited(t, alpha=alpha)
    end = run.after_episodes(t, 300)
    assert learned_at_random(Attempt(run, end, end)).done
    assert run.episodes(end).ret[-100:].mean() < -3
