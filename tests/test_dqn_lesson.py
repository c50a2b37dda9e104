"""What the tasks on deep Q-networks say is true of the runs they open."""

from dataclasses import replace

import pytest

from rl.lessons.dqn import LESSON
from rl.lessons.dqn_checks import learner, learners
from rl.lessons.lesson import Attempt
from rl.link import from_query_string

TASKS = {task.slug: task for task in LESSON.tasks}


def values(slug, which):
    """Of the last batch, in each of the seeds."""
    return [one.batch for one in learners(Attempt(*from_query_string(getattr(TASKS[slug], which))))]


@pytest.mark.slow
def test_values_without_endings_climb_and_with_them_they_do_not():
    assert min(values("d.endings", "query")) > 60 and max(values("d.endings", "solved")) < 45


@pytest.mark.slow
def test_values_that_are_their_own_targets_pass_what_is_possible():
    assert min(values("d.target", "query")) > 100


@pytest.mark.slow
def test_a_net_that_could_do_it_loses_it_by_learning_on_and_a_smaller_step_keeps_it():
    before, after, solved = (lasts(*which) for which in (("query", 0), ("query", 8000), ("solved", 8000)))
    assert min(before) == 500 and sum(value < 475 for value in after) >= 4 and min(solved) >= 475


def lasts(which, steps):
    """Of greedy episodes, in each of the seeds."""
    timeline = from_query_string(getattr(TASKS["d.collapse"], which)).timeline
    return [learner(timeline.env, timeline.agent, steps, seed).lasts for seed in range(5)]


@pytest.mark.slow
def test_who_acts_at_random_expects_more_than_there_can_be_with_double_dqn_too():
    timeline = from_query_string(TASKS["d.watching"].query).timeline
    for double in ("off", "on"):
        agent = replace(timeline.agent, double=double)
        assert learner(timeline.env, agent, 8000, 0).expects > 110 > 1 / (1 - agent.gamma)
