"""Predictions judged: what counts as right, and where a wrong one probably came from, against sums done by hand."""

import numpy as np
import pytest

from rl.agents.control.q_learning import QLearning
from rl.agents.human import Human
from rl.envs.frozen_lake import FrozenLake
from rl.guesses import Guess, is_near, judge, score, values_of
from rl.timeline import Timeline
from tests.strategies import TableWorld

ONE = TableWorld(((((1.0, 1, 2.0, False),),), (((1.0, 0, 5.0, True),),)))
RUN = Timeline(ONE, QLearning(alpha=0.5, gamma=0.9), 0)
"""One action, two states: 0 pays 2 and leads to 1, which pays 5 and ends the episode.

Q(0) = 0, then 0 + .5 (2 + .9 * 0 - 0) = 1; Q(1) = 2.5. Then 1 + .5 (2 + .9 * 2.5 - 1) = 2.625, target 4.25; and so on.
"""


def test_a_value_worked_out_by_hand_is_right_and_the_sum_is_shown():
    assert judge(RUN, 2, "value", 2.625) == Guess(2, "value", 2.625, 2.625, True, "Right: 1 + 0.5 × (4.25 − 1) = 2.62.")
    assert judge(RUN, 1, "value", 2.5).right and judge(RUN, 3, "value", 3.75).right


@pytest.mark.parametrize(("said", "truth", "near"), [
    (2.625, 2.625, True), (2.75, 2.625, True), (2.49, 2.625, False), (2.77, 2.625, False), (0.0, 0.006, True),
    (0.0, 0.0061, False), (-0.1, 0.1, False), (-1.04, -1, True), (-1.06, -1, False), (0.0, 0.0, True)])
def test_near_is_a_twentieth_or_two_decimals(said, truth, near):
    assert is_near(said, truth) is near


@pytest.mark.parametrize(("said", "words"), [
    (4.25, "the target itself"),
    (1.0, "the old value"),
    (2.0, "the reward; Q also counts what is still to come"),
    (1 + 0.5 * 4.25, "adds α times the target"),
    (1 - 0.5 * 3.25, "the wrong direction"),
    (1 + 0.5 * (2 - 1), "leaves out what is ahead"),
])
def test_each_slip_is_named(said, words):
    guess = judge(RUN, 2, "value", said)
    assert not guess.right and guess.says.startswith("Not quite: 1 + 0.5 × (4.25 − 1) = 2.62. ")
    assert words in guess.says


def test_a_wrong_value_of_no_known_kind_gets_the_sum_alone():
    assert judge(RUN, 2, "value", 77.0).says == "Not quite: 1 + 0.5 × (4.25 − 1) = 2.62."


def test_a_negative_old_value_is_subtracted_in_brackets():
    down = Timeline(TableWorld(((((1.0, 0, -1.0, False),),),)), QLearning(alpha=0.5, gamma=0.0), 0)
    assert judge(down, 1, "value", -0.75).says == "Right: −0.5 + 0.5 × (−1 − (−0.5)) = −0.75."


def test_a_negative_target_needs_no_brackets():
    down = Timeline(TableWorld(((((1.0, 0, -1.0, False),),),)), QLearning(alpha=0.5, gamma=0.0), 0)
    assert judge(down, 0, "value", -0.5).says == "Right: 0 + 0.5 × (−1 − 0) = −0.5."


def test_the_settings_are_those_of_the_step():
    run = RUN.edited(2, alpha=1.0)
    assert judge(run, 2, "value", 4.25).right
    assert judge(run, 1, "value", 2.5).right


def test_the_greedy_action_after_the_update_is_right():
    world = TableWorld(((((1.0, 0, -1.0, False),), ((1.0, 0, 1.0, False),)),))
    run = Timeline(world, QLearning(alpha=0.5, gamma=0.0, epsilon=0.0), 1)
    log = run.steps(0, 2)
    t = int(np.flatnonzero(log.action == 1)[0])
    guess = judge(run, t, "action", 1)
    low = number_of(run, t, 0)
    assert guess == Guess(t, "action", 1, 1, True, f"Right: the values are now 0 {low}, 1 0.5.")
    assert judge(run, t, "action", 0).says == f"Not so: the values are now 0 {low}, 1 0.5."


def number_of(run, t, action):
    return f"{run.at(t + 1).memory.q[0, action]:.3g}".replace("-", "−")


def test_any_of_the_actions_that_tie_is_right():
    run = Timeline(FrozenLake(), QLearning(), 3)
    for action in range(4):
        guess = judge(run, 0, "action", action)
        assert guess.right and guess.says.endswith("4 actions tie.")
    up_is_worse = Timeline(TableWorld(((((1.0, 0, -1.0, False),), ((1.0, 0, 0.0, False),), ((1.0, 0, 0.0, False),)),)),
                           Human(moves="0"), 3)
    assert [judge(up_is_worse, 0, "action", a).right for a in range(3) if a] == [True, True]
    assert not judge(up_is_worse, 0, "action", 0).right


@pytest.mark.parametrize(("t", "question", "said"), [
    (0, "value", float("nan")), (0, "value", float("inf")), (0, "action", -float("inf")), (0, "action", 4),
    (0, "action", -1), (0, "action", 1.5), (3, "value", 0.0), (10**9, "value", 0.0), (-1, "value", 0.0),
    (0, "what?", 0.0)])
def test_what_cannot_be_judged_is_refused_in_a_sentence(t, question, said):
    with pytest.raises(ValueError, match=r"^(a prediction is|there is no such) [^.]*\.$"):
        judge(Timeline(FrozenLake(), Human(moves="121"), 3), t, question, said)


def test_right_ones_and_all_are_counted():
    guesses = [judge(RUN, 2, "value", x) for x in (2.625, 9.0, 2.6)]
    assert score(guesses) == (2, 3) and score([]) == (0, 0)


def test_only_values_go_into_the_calibration():
    guesses = [judge(RUN, 2, "value", 9.0), judge(RUN, 0, "action", 0), judge(RUN, 0, "value", 1.0)]
    said, truth = values_of(guesses)
    assert (said.tolist(), truth.tolist()) == ([9.0, 1.0], [2.625, 1.0])
    assert [len(column) for column in values_of([])] == [0, 0]
