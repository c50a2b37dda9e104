"""The short corridor against S&B example 13.1."""

import numpy as np
import pytest

from rl.envs.short_corridor import ShortCorridor
from rl.planning import policy_values, value_iteration

MDP = ShortCorridor().mdp


def blind(right):
    """The value of the start to somebody who cannot tell the states apart and goes right with this chance."""
    return policy_values(MDP, np.tile([1 - right, right], (4, 1)), 1.0)[0]


@pytest.mark.parametrize(("right", "expected"), [
    (2 - np.sqrt(2), -(6 + 4 * np.sqrt(2))), (2 - np.sqrt(2), -11.657), (0.95, -44.21), (0.05, -82.11)])
def test_a_blind_policy_is_worth_what_the_book_says(right, expected):
    assert blind(right) == pytest.approx(expected, abs=5e-3)


def test_the_best_blind_policy_goes_right_with_2_minus_sqrt_2():
    chances = np.linspace(0.01, 0.99, 99)
    assert chances[np.argmax([blind(p) for p in chances])] == pytest.approx(0.59)
    assert max(blind(p) for p in chances) < blind(2 - np.sqrt(2))


def test_always_left_or_always_right_never_ends():
    assert blind(0.0) == blind(1.0) == -np.inf


def test_who_tells_the_states_apart_needs_three_steps():
    assert value_iteration(MDP, 1.0).tolist() == [-3, -2, -1, 0]
    assert MDP.next_state[:3, :, 0].tolist() == [[0, 1], [2, 0], [1, 3]]  # left and right of each
    assert MDP.terminal[:3, :, 0].tolist() == [[False, False], [False, False], [False, True]]
    assert MDP.horizon == 1000 and MDP.start.tolist() == [1, 0, 0, 0]


def test_the_picture_shows_where_the_moves_are_swapped():
    picture = ShortCorridor().picture()
    assert picture.cells == "S..G" and picture.tags[0][0][:2] == (1, "⇄")
    assert [ShortCorridor().state_name(s) for s in range(4)] == ["cell 1", "cell 2", "cell 3", "the goal"]
