"""The difference of two loops is what one must take out and put in to get from one to the other."""

from itertools import pairwise

import pytest

from rl.agents import AGENTS
from rl.agents.control.base import Control
from rl.agents.control.expected_sarsa import ExpectedSarsa
from rl.agents.control.q_learning import QLearning
from rl.code_difference import difference, loop_lines
from rl.jit import source_function

KINDS = [kind for kind in AGENTS.values() if issubclass(kind, Control) and kind.family == "tabular"]


def lines(kind):
    return loop_lines(source_function(kind.loop))


def between(mine, other):
    return difference(source_function(mine.loop), source_function(other.loop))


@pytest.mark.parametrize(("mine", "other"), list(pairwise(KINDS)), ids=lambda kind: kind.slug)
def test_it_leads_from_one_loop_to_the_other(mine, other):
    found = between(mine, other)
    assert [line for mark, line in found if mark != "-"] == lines(mine)
    assert [line for mark, line in found if mark != "+"] == lines(other)


def test_a_loop_differs_from_itself_in_nothing():
    assert {mark for mark, _ in between(QLearning, QLearning)} == {" "}


def test_expected_sarsa_differs_from_q_learning_in_its_target_alone():
    changed = [line.strip() for mark, line in between(ExpectedSarsa, QLearning) if mark != " "]
    assert len(changed) == 2 and all(line.startswith("error = ") for line in changed)
