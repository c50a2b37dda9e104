"""Branches: where two runs part, and a tree that survives a link and whatever is done to it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rl.agents.control.monte_carlo import MonteCarlo
from rl.agents.control.q_learning import QLearning
from rl.agents.control.sarsa import Sarsa
from rl.branches import MOST, Tree, agents_of, first_difference, read, same_until, spell, with_agent
from rl.envs.cliff_walking import CliffWalking
from rl.envs.frozen_lake import FrozenLake
from rl.link import BadLink, View
from rl.timeline import Timeline
from tests.strategies import same, timelines

RUN = Timeline(FrozenLake(), QLearning(alpha=0.5, initial=0.5), 3)


def slow_first(one, other, end, columns):
    for t in range(end):
        a, b = one.steps(t, t + 1), other.steps(t, t + 1)
        if not same([getattr(a, name) for name in columns], [getattr(b, name) for name in columns]):
            return t
    return None


@given(timelines(latest=200), st.integers(1, 250))
@settings(max_examples=25)
def test_the_first_difference_is_the_one_a_step_by_step_search_finds(run, t):
    other = run.edited(t, alpha=0.123, epsilon=0.9)
    found = first_difference(run, other, 300)
    columns = ("state", "action", "reward", "next_state", "ended")
    assert found.happened == slow_first(run, other, 300, columns)
    if found.learned is not None:
        assert found.learned >= t
        assert found.learned == slow_first(run, other, 300, ("updated_state", "updated_action", "old", "target", "new"))


def test_equal_runs_never_part():
    assert first_difference(RUN, RUN, 20_000) == (None, None)
    assert first_difference(RUN, RUN.edited(500, alpha=0.4), 500) == (None, None)


def test_two_algorithms_are_the_same_up_to_the_step_in_which_they_part():
    q, sarsa = (Timeline(CliffWalking(), kind(alpha=0.5, gamma=1.0), 1) for kind in (QLearning, Sarsa))
    learned, happened = first_difference(q, sarsa, 5000)
    assert learned is not None and happened is not None and learned <= happened
    assert same(q.steps(0, learned), sarsa.steps(0, learned))


def grown():
    tree = Tree().grown(View(RUN, 40, 90))
    first = tree.branches[0].key
    tree = tree.grown(View(RUN.edited(40, alpha=0.1), 40, 40), "α 0.5 → 0.1", first, 40)
    return tree.grown(View(RUN.edited(70, epsilon=0.5), 70, 80), "more; of it", tree.branches[1].key, 70)


def test_a_tree_lists_each_branch_behind_the_one_it_came_from():
    tree = grown().grown(View(RUN, 0, 0), "another")
    assert [(depth, branch.name) for depth, branch in tree.in_order()] == [
        (0, "Run 1"), (1, "α 0.5 → 0.1"), (2, "more; of it"), (0, "another")]


def test_throwing_a_branch_away_leaves_those_that_came_from_it():
    tree = grown().without(2)
    assert [(depth, branch.key) for depth, branch in tree.in_order()] == [(0, 1), (1, 3)]
    with pytest.raises(KeyError):
        tree[2]


def test_a_name_is_one_short_line_and_never_empty():
    tree = grown().renamed(1, "  a\nlong   name " + "x" * 99).renamed(2, " \n ")
    assert tree[1].name == ("a long name " + "x" * 99)[:40] and tree[2].name == "α 0.5 → 0.1"


def test_a_tree_that_is_full_says_so_and_keeps_what_it_has():
    tree = Tree()
    for _ in range(MOST):
        tree = tree.grown(View(RUN, 0, 0))
    with pytest.raises(ValueError, match="throw one away first"):
        tree.grown(View(RUN, 0, 0))


def test_a_tree_is_read_as_it_was_spelled():
    tree = grown().renamed(3, "more of it")
    assert read(spell(tree)) == tree and read("") == Tree()


def test_a_tree_too_long_for_a_link_is_left_out():
    tree = Tree()
    long = RUN
    for step in range(1, 90):
        long = long.edited(step, alpha=step / 100)
    for _ in range(MOST):
        tree = tree.grown(View(long, 0, 0))
    assert spell(tree) == ""


@pytest.mark.parametrize("text", [
    "x", "1;;0;a", "1;;0;a;v=1&env=moon", "1;;0;a;v=1\n1;;0;b;v=1", ";;;;", "-1;;0;a;v=1", "1;;x;a;v=1", "²;;0;a;v=1",
    "1;;99999999999;a;v=1", "1;;0;a;v=1\n2;" + "9" * 4400 + ";0;b;v=7", "1;;0;a;v=1&agent=q,alpha:7"])
def test_a_tree_nobody_spelled_is_refused_in_a_sentence(text):
    if text == "1;;0;a":  # a run that says nothing is the usual one
        assert read(text).branches[0].name == "a"
        return
    with pytest.raises(BadLink, match=r"\w+"):
        read(text)


@pytest.mark.parametrize("parent", ["7", "9" * 4400, "²", "-1", "2"])
def test_a_parent_that_is_not_there_is_no_parent(parent):
    assert read(f"2;{parent};5;a;v=1")[2].parent is None


def test_another_algorithm_takes_over_every_edit_and_leaves_what_is_as_it_comes():
    run = RUN.edited(100, epsilon=0.9).edited(200, env=FrozenLake(success=0.8))
    twin = with_agent(run, MonteCarlo)
    assert [type(agent) for agent in agents_of(View(twin, 0, 0))] == [MonteCarlo] * 3
    assert [edit.agent.epsilon for edit in twin.edits] == [0.9, 0.9] and twin.edits[1].env == FrozenLake(success=0.8)
    assert (twin.agent.alpha, twin.agent.alpha_schedule) == (0.5, "1/n")  # set, and not set


def test_two_runs_share_what_lies_before_their_first_different_edit():
    run = RUN.edited(100, epsilon=0.9)
    assert same_until(run, run.edited(300, alpha=0.1), 300) and not same_until(run, run.edited(300, alpha=0.1), 301)
    assert not same_until(run, Timeline(FrozenLake(), QLearning(), 4), 1)
