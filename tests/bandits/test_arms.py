"""The bandit itself: normal dice, true means from the seed, luck by step, and drift of a known variance."""

from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rl.arms import GAUSSIAN, drift, first_values, payout
from rl.bounds import true_means
from rl.dice import ARM, SAMPLE, WORLD, beta, gamma, normal, normal_quantile, uniform
from rl.envs.testbed import Testbed
from rl.jit import jit, plain
from rl.timeline import Timeline
from tests.bandits.runs import BEDS, VARIANTS
from tests.strategies import seeds

# Quantiles as printed in tables of the normal distribution, to all the digits given there
TABLE = {0.5: 0.0, 0.8413447460685429: 1.0, 0.975: 1.959963984540054, 0.995: 2.5758293035489004,
         0.9999: 3.719016485455681, 1e-9: -5.997807015007687}


@jit
def normals(seed, stream, out):
    for t in range(out.shape[0]):
        out[t] = normal(seed, t, stream)


@jit
def betas(wins, losses, out):
    for t in range(out.shape[0]):
        out[t] = beta(wins, losses, 3, t, SAMPLE)


@pytest.mark.parametrize("p", TABLE)
def test_quantiles_are_those_of_the_tables(p):
    assert normal_quantile(p) == pytest.approx(TABLE[p], rel=1e-13, abs=1e-15)


@given(st.floats(2.0**-54, 1.0 - 2.0**-53))
@example(2.0**-54)
@example(1.0 - 2.0**-53)
@example(0.075)
def test_quantiles_are_those_of_pythons_own_and_the_same_compiled_and_plain(p):
    # https://docs.python.org/3/library/statistics.html#statistics.NormalDist.inv_cdf, also Wichura's AS 241
    assert normal_quantile(p) == pytest.approx(NormalDist().inv_cdf(p), rel=1e-13, abs=1e-15)
    assert normal_quantile(p) == plain(normal_quantile)(p)


def test_normal_dice_have_the_moments_of_a_normal_distribution():
    out = np.empty(400_000)
    normals(7, WORLD, out)
    moments = [(out**n).mean() for n in (1, 2, 3, 4)]
    assert moments == pytest.approx([0, 1, 0, 3], abs=5 * np.sqrt(96 / 400_000))  # var of x^4 is 96, of others less
    assert np.mean(np.abs(out) > 1.959963984540054) == pytest.approx(0.05, abs=5 * np.sqrt(0.05 / 400_000))


@pytest.mark.parametrize(("wins", "losses"), [(1, 1), (1, 4), (3, 2), (40, 7), (1000, 1)])
def test_beta_dice_have_the_mean_and_variance_of_a_beta_distribution(wins, losses):
    out, n = np.empty(100_000), wins + losses
    betas(float(wins), float(losses), out)
    variance = wins * losses / (n * n * (n + 1))
    assert out.mean() == pytest.approx(wins / n, abs=5 * np.sqrt(variance / 1e5))
    assert out.var() == pytest.approx(variance, rel=0.1)
    assert (out > 0).all() and (out < 1).all()


def test_a_beta_1_1_number_is_uniform():
    out = np.empty(100_000)
    betas(1.0, 1.0, out)
    counts = np.histogram(out, bins=100, range=(0, 1))[0]
    assert 45 < ((counts - 1000) ** 2 / 1000).sum() < 170


@given(st.floats(1.0, 1e6), seeds)
def test_gamma_dice_are_the_same_compiled_and_plain(shape, seed):
    assert gamma(shape, seed, 5, SAMPLE) == plain(gamma)(shape, seed, 5, SAMPLE) > 0


def test_the_best_of_ten_normal_arms_is_worth_what_the_tables_say():
    # E[max of 10 standard normals] = 1.53875 (order statistics, e.g. Teichroew, 1956); standard deviation .587
    best = [true_means(Testbed(), seed).max() for seed in range(20_000)]
    assert np.mean(best) == pytest.approx(1.53875, abs=5 * 0.587 / np.sqrt(20_000))
    assert np.mean(best[:2000]) == pytest.approx(1.53875, abs=0.005)  # the lot that a study plays by default


@given(seeds, st.floats(-10, 10), st.floats(0, 5))
def test_gaussian_means_are_level_plus_spread_times_a_die_of_the_arms_own(seed, level, spread):
    means = true_means(Testbed(level=level, spread=spread), seed)
    expected = [level + spread * normal(seed, 0, ARM + a) for a in range(10)]
    assert means == pytest.approx(expected, rel=1e-8, abs=1e-8)
    assert true_means(Testbed(level=level, spread=spread, arms=4), seed).tolist() == means[:4].tolist()


def test_bernoulli_means_are_uniform():
    means = np.concatenate([true_means(Testbed(rewards="Bernoulli"), seed) for seed in range(2000)])
    assert 45 < ((np.histogram(means, bins=100, range=(0, 1))[0] - 200) ** 2 / 200).sum() < 170


@given(seeds, st.integers(0, 10**6))
def test_luck_belongs_to_the_step_and_not_to_the_arm(seed, t):
    bed, coin = Testbed().model, Testbed(rewards="Bernoulli").model
    assert payout(bed, 3.0, seed, t) - 3.0 == pytest.approx(payout(bed, -2.0, seed, t) + 2.0, abs=1e-12)
    assert payout(coin, 0.3, seed, t) == (1.0 if uniform(seed, t, WORLD) < 0.3 else 0.0)


def test_a_drifting_mean_has_wandered_as_far_as_a_random_walk():
    model, steps, moved = Testbed(drift=0.1).model, 50, []
    for seed in range(1000):
        value = np.zeros(10)
        for t in range(steps):
            drift(model, value, seed, t)
        moved.append(value)
    expected = steps * 0.1**2
    assert np.var(moved) == pytest.approx(expected, abs=5 * expected * np.sqrt(2 / 10_000))
    assert np.abs(np.corrcoef(np.array(moved).T) - np.eye(10)).max() < 5 / np.sqrt(1000)


@given(seeds, st.floats(0.001, 0.5))
def test_a_drifting_chance_stays_a_chance(seed, sd):
    model, value = Testbed(rewards="Bernoulli", drift=sd).model, np.array([0.0, 1.0, 0.5])
    for t in range(100):
        drift(model, value, seed, t)
        assert ((value >= 0) & (value <= 1)).all()


def test_a_chance_bounces_back_as_far_as_it_went_over():
    model, value = Testbed(rewards="Bernoulli", drift=0.5).model, np.array([0.1, 0.9, 0.5])
    free = value.copy()
    drift(model._replace(rewards=GAUSSIAN), free, 5, 9)
    drift(model, value, 5, 9)
    assert not ((free >= 0) & (free <= 1)).all()  # or this test would say nothing
    folded = np.where(free < 0, -free, np.where(free > 1, 2 - free, free))
    assert value == pytest.approx(folded, abs=1e-15)


@pytest.mark.parametrize("bed", BEDS, ids=repr)
def test_every_algorithm_meets_the_same_arms_and_the_same_luck(bed):
    luck, arms = [], []
    for agent in VARIANTS:
        timeline = Timeline(bed, agent, 11)
        log = timeline.steps(0, 60)
        values = np.array([timeline.at(t).memory.value for t in range(61)])
        arms.append(values)
        mean = values[np.arange(60), log.action]
        if bed.rewards == "Gaussian":
            luck.append(log.reward - mean)
        else:
            die = np.array([uniform(11, t, WORLD) for t in range(60)])
            assert (log.reward == (die < mean)).all()
    assert all(np.array_equal(values, arms[0]) for values in arms)
    assert all(np.allclose(noise, luck[0], atol=1e-12) for noise in luck)


def test_true_means_are_the_compiled_ones_in_plain_python_too():
    for bed in BEDS:
        compiled, uncompiled = np.zeros(10), np.zeros(10)
        first_values(bed.model, 3, compiled)
        plain(first_values)(bed.model, 3, uncompiled)
        for t in range(100):
            drift(bed.model, compiled, 3, t)
            plain(drift)(bed.model, uncompiled, 3, t)
        assert np.array_equal(compiled, uncompiled)


def test_other_arms_do_not_fit_what_was_learned_and_another_drift_does():
    bed = Testbed()
    assert Testbed(drift=0.2).fits(bed)
    others = [Testbed(arms=9), Testbed(rewards="Bernoulli"), Testbed(level=4.0), Testbed(spread=2.0)]
    assert not any(other.fits(bed) for other in others)
