"""What the tasks on deep Q-networks say is true of the runs they open."""

import pytest

from rl.lessons.dqn import LESSON
from rl.lessons.dqn_checks import runs
from rl.lessons.lesson import Attempt
from rl.link import from_query_string

TASKS = {task.slug: task for task in LESSON.tasks}


def values(slug, which):
    """Of the last batch, in each of the seeds."""
    return [float(run.memory.report[3]) for run in runs(Attempt(*from_query_string(getattr(TASKS[slug], which))))]


@pytest.mark.slow
def test_values_without_endings_climb_and_with_them_they_do_not():
    assert min(values("d.endings", "query")) > 60 and max(values("d.endings", "solved")) < 45


@pytest.mark.slow
def test_values_that_are_their_own_targets_pass_what_is_possible():
    assert min(values("d.target", "query")) > 100
