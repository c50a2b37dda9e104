"""Softmax, entropy, the policy gradient and PPO's clip, on numbers worked out by hand."""

import math

import numpy as np
import pytest

from rl.jit import COMPILED, plain
from rl.losses import chances, clipped_weight, entropy, policy_slope, value_slope
from tests.neural import reference
from tests.strategies import same


def softmax(*logits):
    chance = np.zeros(len(logits))
    chances(np.array([logits], np.float32), 0, chance)
    return chance


def slope(chance, a, weight, bonus, share):
    error = np.full((2, len(chance) + 1), 7, np.float32)
    policy_slope(np.array(chance), a, weight, bonus, share, error, 1)
    assert (error[0] == 7).all() and error[1, -1] == 7
    return error[1, :-1]


@pytest.mark.parametrize(("logits", "expected"), [
    ((0.0, math.log(3)), (0.25, 0.75)), ((5.0, 5.0), (0.5, 0.5)), ((7.0, 7.0, 7.0), (1 / 3, 1 / 3, 1 / 3)),
    ((math.log(2), 0.0, math.log(5)), (0.25, 0.125, 0.625)), ((1000.0, 0.0), (1, 0)), ((-1000.0, 1000.0), (0, 1))])
def test_the_softmax_of_logits(logits, expected):
    assert softmax(*logits) == pytest.approx(expected, abs=1e-7) and softmax(*logits).sum() == pytest.approx(1)


def test_no_chance_is_nothing():
    for f in (chances, plain(chances)):
        chance = np.zeros(3)
        f(np.array([[800.0, -800.0, 0.0]], np.float32), 0, chance)
        assert chance.tolist() == [1.0, 1e-300, 1e-300] and np.isfinite(np.log(chance)).all()


@pytest.mark.parametrize(("chance", "nats"), [
    ((0.5, 0.5), math.log(2)), ((1 / 3,) * 3, math.log(3)), ((1.0, 0.0), 0.0), ((0.25, 0.75), 0.5623351446188083)])
def test_the_entropy_in_nats(chance, nats):
    assert entropy(np.array(chance)) == pytest.approx(nats)


def test_the_policy_gradient_of_a_step_by_hand():
    """pi = (.25, .75), advantage 2, action 0: grad of 2 ln pi(0) is 2 (1 - .25, -.75); a share of a half, downhill."""
    assert slope((0.25, 0.75), 0, 2.0, 0.0, 0.5).tolist() == [-0.75, 0.75]
    assert slope((0.25, 0.75), 1, -1.0, 0.0, 1.0).tolist() == [-0.25, 0.25]
    assert slope((0.25, 0.25, 0.5), 2, 4.0, 0.0, 1.0).tolist() == [1, 1, -2]


def test_the_bonus_points_to_the_middle_and_is_nothing_there_and_where_all_is_certain():
    """Of H in the logits: -pi (ln pi + H), here -.25 (ln .25 + .5623) = .20599, and as much the other way."""
    assert slope((0.25, 0.75), 0, 0.0, 1.0, 1.0) == pytest.approx([-0.2059898, 0.2059898], rel=1e-6)
    assert slope((0.5, 0.5), 0, 0.0, 1.0, 1.0) == pytest.approx([0, 0], abs=1e-8)
    assert slope((1.0, 0.0), 0, 0.0, 1.0, 1.0).tolist() == [0, 0]


@pytest.mark.parametrize("bonus", [0.0, 0.1])
def test_the_slope_in_the_logits_is_that_of_finite_differences(bonus):
    logits, a, weight, share = np.array([0.3, -1.2, 0.8]), 1, -1.7, 0.25
    def loss(z):
        pi = np.exp(z) / np.exp(z).sum()
        return -share * (weight * np.log(pi[a]) - bonus * (pi * np.log(pi)).sum())

    pi = np.exp(logits) / np.exp(logits).sum()
    assert slope(pi, a, weight, bonus, share) == pytest.approx(reference.differences(loss, logits), rel=1e-6)


@pytest.mark.parametrize(("ratio", "advantage", "weight"), [
    (1.0, 2.0, 2.0),    # where it starts: the plain policy gradient
    (1.1, 2.0, 2.2),    # a good action, now a little likelier: on it goes
    (1.2, 2.0, 2.4),    # exactly on the border: not beyond it
    (1.21, 2.0, 0.0),   # likelier by more than the clip: enough
    (5.0, 2.0, 0.0),
    (0.5, 2.0, 1.0),    # a good action that became rarer: the minimum is not the clipped one, and it is put right
    (1.0, -2.0, -2.0),
    (0.9, -2.0, -1.8),  # a bad action, now a little rarer: on it goes
    (0.8, -2.0, -1.6),  # exactly on the border
    (0.79, -2.0, 0.0),  # rarer by more than the clip: enough
    (0.1, -2.0, 0.0),
    (1.5, -2.0, -3.0),  # a bad action that has become likelier, however far: never clipped
    (0.3, 0.0, 0.0),    # neither good nor bad
])
def test_the_clip_of_ppo_by_hand(ratio, advantage, weight):
    assert clipped_weight(ratio, advantage, 0.2) == pytest.approx(weight)
    assert plain(clipped_weight)(ratio, advantage, 0.2) == pytest.approx(weight)


@pytest.mark.parametrize("advantage", [-1.5, 0.7])
@pytest.mark.parametrize("clip", [0.01, 0.2, 1.0])
def test_the_weight_is_the_slope_of_equation_7(advantage, clip):
    """In ln pi: the derivative of min(ratio A, clip(ratio) A) in the ratio, times the ratio; off the borders."""
    for ratio in np.linspace(0.05, 2.95, 59):
        if min(abs(ratio - 1 - clip), abs(ratio - 1 + clip)) < 1e-3:
            continue
        least = [min(r * advantage, np.clip(r, 1 - clip, 1 + clip) * advantage) for r in (ratio - 1e-6, ratio + 1e-6)]
        assert clipped_weight(ratio, advantage, clip) == pytest.approx(ratio * (least[1] - least[0]) / 2e-6, abs=1e-6)


def test_without_a_border_nothing_is_clipped():
    assert [clipped_weight(r, a, math.inf) for r, a in ((9.0, 2.0), (0.01, -2.0))] == pytest.approx([18, -0.02])


def test_the_slope_of_the_squared_error_by_hand():
    error = np.full((2, 2), 7, np.float32)
    value_slope(3.0, 5.0, 0.25, error, 1)
    assert error.tolist() == [[7, 7], [-0.5, 7]]


@pytest.mark.skipif(not COMPILED, reason="numba is not here, or turned off")
def test_compiled_and_plain_losses_are_equal_to_the_last_bit():
    ends, random = [], np.random.default_rng(4)
    out = random.normal(0, 3, (50, 3)).astype(np.float32)
    numbers = random.normal(size=(50, 3))
    for f in (lambda function: function, plain):
        chance, errors, spread = np.zeros((50, 3)), np.zeros((50, 4), np.float32), np.zeros(50)
        for row in range(50):
            f(chances)(out, row, chance[row])
            spread[row] = f(entropy)(chance[row])
            f(policy_slope)(chance[row], row % 3, numbers[row, 0], 0.1 * (row % 2), 1 / 64, errors, row)
            f(value_slope)(*numbers[row], errors[:, 3:], row)
        ends.append([chance, errors, spread])
    assert same(*ends)
