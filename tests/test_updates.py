"""The textbook lines, against numbers worked out by hand."""

import numpy as np
import pytest

from rl.updates import best_value, q_learning


def table() -> np.ndarray:
    return np.array([[1.0, 2.0], [3.0, -4.0], [-5.0, -6.0]])


@pytest.mark.parametrize(("s", "expected"), [(0, 2.0), (1, 3.0), (2, -5.0)])
def test_the_best_value_is_the_largest_of_a_row(s, expected):
    assert best_value(table(), s) == expected


@pytest.mark.parametrize(("r", "discount", "s_next", "alpha", "error", "new"), [
    (1.0, 0.5, 1, 0.5, 1.0 + 0.5 * 3.0 - 2.0, 2.25),  # 1 + 1.5 - 2 = .5; 2 + .25
    (1.0, 0.0, 1, 0.5, -1.0, 1.5),  # termination: nothing is added to the reward
    (-1.0, 1.0, 2, 0.25, -8.0, 0.0),  # -1 - 5 - 2 = -8; 2 - 2
    (1.0, 0.5, 1, 0.0, 0.5, 2.0),  # alpha 0 learns nothing
    (1.0, 0.5, 1, 1.0, 0.5, 2.5),  # alpha 1 jumps to the target
    (0.0, 1.0, 0, 0.5, 0.0, 2.0),  # bootstraps from itself: already consistent
])
def test_q_learning_moves_towards_the_target(r, discount, s_next, alpha, error, new):
    q, expected = table(), table()
    expected[0, 1] = new
    assert q_learning(q, 0, 1, r, discount, s_next, alpha) == error
    assert np.array_equal(q, expected)  # and no other entry is touched
