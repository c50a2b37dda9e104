"""Steps of Adam, held against the published recurrence; plain steps, and the norm that a slope is cut to."""

import numpy as np
import pytest

from rl.jit import COMPILED, plain
from rl.optimisers import TINY, adam, clip, descend, sgd
from tests.neural.reference import Adam
from tests.strategies import same

WEIGHTS = 40


def slopes(steps, seed=0):
    """Slopes of sizes from 1e-6 to 1e3, some of them 0 now and then, (steps, WEIGHTS) float32."""
    random = np.random.default_rng(seed)
    g = random.normal(0.3, 1, (steps, WEIGHTS)) * np.logspace(-6, 3, WEIGHTS)
    return np.where(random.random(g.shape) < 0.1, 0, g).astype(np.float32)


def new(weights=WEIGHTS):
    """A net with Adam's two moments and two powers."""
    return (np.linspace(-1, 1, weights).astype(np.float32), np.zeros(weights, np.float32),
            np.zeros(weights, np.float32), np.ones(2))


def test_adam_is_the_published_recurrence():
    """Algorithm 1 with its bias-corrected moments, in float64, over 500 steps of changing size."""
    (net, mean, square, decay), random = new(), np.random.default_rng(1)
    theirs = Adam(net)
    for g in slopes(500):
        alpha = float(random.choice([0.01, 0.003, 0.0]))
        adam(net, g, mean, square, decay, alpha)
        theirs.step(g.astype(np.float64), alpha)
        assert net == pytest.approx(theirs.theta, abs=1e-5)
    assert mean == pytest.approx(theirs.m, rel=1e-4) and square == pytest.approx(theirs.v, rel=1e-4)
    assert decay == pytest.approx([0.9**500, 0.999**500])
    assert np.abs(net - new()[0]).min() > 0.01


def test_its_first_step_is_the_step_size_whatever_the_slope():
    """m / sqrt(v) is the sign of the slope then, but for the 1e-8: a slope of 1e-8 makes half a step."""
    net, mean, square, decay = new(5)
    net[:] = 0
    adam(net, np.array([1000, -1, 1e-3, 1e-8, 0], np.float32), mean, square, decay, 0.01)
    assert net == pytest.approx([-0.01, 0.01, -0.01 / (1 + 1e-5), -0.005, 0], rel=1e-5)
    assert mean[:2] == pytest.approx([100, -0.1], rel=1e-6)
    assert square[:2] == pytest.approx([1000, 0.001], rel=2e-5)  # 1 - 0.999


def test_moments_near_the_smallest_numbers_are_nothing():
    """A slope stops: the mean is 0.9^n of its 0.1 and falls below 1e-20 after 416 steps, instead of lingering."""
    net, mean, square, decay = new(3)
    square[2] = 1.0005e-20
    adam(net, np.array([1, 1e-25, 0], np.float32), mean, square, decay, 0.01)
    assert mean[1] == square[1] == square[2] == 0 and net[1] == 0
    for n in range(1, 500):
        adam(net, np.zeros(3, np.float32), mean, square, decay, 0.01)
        assert (mean[0] == 0) == (n >= 416)
        moments = np.abs([*mean, *square])
        assert ((moments == 0) | (moments > TINY)).all()


def test_a_step_size_of_0_moves_nothing_and_keeps_the_moments_going():
    net, mean, square, decay = new()
    adam(net, slopes(1)[0], mean, square, decay, 0.0)
    assert same([net], new()[:1]) and mean.any() and square.any() and decay.tolist() == [0.9, 0.999]


def test_a_plain_step_by_hand():
    net = np.array([1, -2, 0.5], np.float32)
    sgd(net, np.array([4, 0, -2], np.float32), 0.25)
    assert net.tolist() == [0, -2, 1]


@pytest.mark.parametrize(("most", "after"), [(2.5, [1.5, -2, 0]), (5.0, [3, -4, 0]), (7.0, [3, -4, 0])])
def test_a_slope_longer_than_that_is_shrunk_to_it(most, after):
    slope = np.array([3, -4, 0], np.float32)
    assert clip(slope, most) == 5
    assert slope.tolist() == after and slope.dtype == np.float32


def test_a_slope_of_nothing_stays_so():
    slope = np.zeros(4, np.float32)
    assert clip(slope, 0.5) == 0 and not slope.any()


def test_a_huge_slope_is_shrunk_and_not_infinite():
    slope = np.full(4, 1e30, np.float32)
    assert clip(slope, 1.0) == pytest.approx(2e30) and slope == pytest.approx(np.full(4, 0.5))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_slope_that_is_no_number_moves_nothing_and_forgets_nothing(bad):
    place = new()
    for g in slopes(3):
        descend(place[0], g, *place[1:], 0.01, 0.5)
    before, g = [array.copy() for array in place], slopes(1)[0]
    g[7] = bad
    assert descend(place[0], g, *place[1:], 0.01, 0.5) == 0 and same(place, before)
    assert descend(place[0], slopes(1)[0], *place[1:], 0.01, 0.5) > 0.5 and (place[0] != before[0]).any()


@pytest.mark.skipif(not COMPILED, reason="numba is not here, or turned off")
def test_compiled_and_plain_steps_are_equal_to_the_last_bit():
    ends = []
    for cut, step, down in ((clip, adam, sgd), (plain(clip), plain(adam), plain(sgd))):
        (net, mean, square, decay), norms = new(), []
        for g in slopes(60, 2):
            norms.append(cut(g, 0.7))
            step(net, g, mean, square, decay, 0.003)
            down(net, g, 0.01)
        ends.append([net, mean, square, decay, norms])
    assert same(*ends)
