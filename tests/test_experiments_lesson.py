"""What the tasks on experiments say is true of the sweeps they ask for."""

import pytest

from rl.agents.control.sarsa import Sarsa
from rl.knob import carried
from rl.lessons.experiments import EPISODES, LESSON, mean_returns
from rl.lessons.lesson import Attempt
from rl.link import from_query_string

TASKS = {task.slug: task for task in LESSON.tasks}


@pytest.mark.parametrize(("slug", "knob", "value", "done"), [
    ("x.explore", "epsilon", 0.1, False), ("x.explore", "epsilon", 0.5, False), ("x.explore", "epsilon", 0.8, True),
    ("x.explore", "epsilon", 1.0, False), ("x.step", "alpha", 0.02, False), ("x.step", "alpha", 0.2, True),
    ("x.step", "alpha", 0.5, False)])
def test_the_curve_over_a_setting_has_its_top_in_between(slug, knob, value, done):
    run, t, end = from_query_string(TASKS[slug].query)
    assert TASKS[slug].check(Attempt(run.edited(0, **{knob: value}), t, end)).done == done


def test_sarsa_earns_more_at_first_and_in_some_seeds_q_learning_does():
    run = from_query_string(TASKS["x.seed"].query).timeline
    q, sarsa = (mean_returns(run.edited(0, agent=agent), EPISODES) for agent in (run.agent, carried(run.agent, Sarsa)))
    assert sarsa.mean() > q.mean() + 5 and 1 <= (q > sarsa).sum() <= 8
