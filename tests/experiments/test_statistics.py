"""Intervals and comparisons against numbers worked out by hand and closed forms."""

from statistics import NormalDist

import numpy as np
import pytest

from rl.experiments.resampling import counted, enough, resampled
from rl.experiments.statistics import (
    curve_interval,
    interval,
    normalised,
    performance_profile,
    probability_of_improvement,
)
from rl.trials import STATISTICS, band

INF, NAN = float("inf"), float("nan")
dice = np.random.default_rng(7)


def array(*numbers):
    return np.array(numbers, float)


def test_the_statistic_is_of_all_runs_together():
    strata = [array(0, 1, 2, 3), array(10, 20, 30, 400)]
    assert interval(strata, "mean").middle == pytest.approx(466 / 8)
    assert interval(strata, "IQM").middle == pytest.approx((2 + 3 + 10 + 20) / 4)  # two of eight cut at either end
    assert interval(strata, "median").middle == pytest.approx(6.5)


@pytest.mark.parametrize("statistic", STATISTICS)
def test_with_one_environment_it_is_the_band_of_the_trials(statistic):
    scores = dice.normal(size=17)
    expected = band(scores[:, None], statistic, resamples=300)
    found = interval([scores], statistic, resamples=300)
    assert found == pytest.approx((expected.middle[0], expected.low[0], expected.high[0]))


def test_resamples_are_drawn_within_each_environment():
    # Environments that differ by 1000, runs that do not differ: only a bootstrap that mixed them would have a width.
    assert interval([np.zeros(9), np.full(9, 1000.0)], "mean") == (500.0, 500.0, 500.0)
    wide = interval([np.concatenate([np.zeros(9), np.full(9, 1000.0)])], "mean")
    assert wide.high - wide.low > 300


def test_environments_are_resampled_each_by_itself():
    # Two environments with the same runs tell as much as twice the runs: the interval is narrower by a root of two.
    scores = dice.normal(size=200)
    one, two = interval([scores], "mean", 4000), interval([scores, scores], "mean", 4000)
    assert (one.high - one.low) / (two.high - two.low) == pytest.approx(np.sqrt(2), rel=0.06)


def test_an_interval_is_as_wide_as_theory_says():
    # The mean of n standard normal runs has a standard error of 1 / sqrt n; the bootstrap's is that of the sample.
    scores = dice.normal(size=400)
    half = NormalDist().inv_cdf(0.975) * scores.std() / 20
    found = interval([scores], "mean", resamples=4000)
    assert found.low == pytest.approx(scores.mean() - half, abs=0.012)
    assert found.high == pytest.approx(scores.mean() + half, abs=0.012)
    narrow = interval([scores], "mean", resamples=4000, level=0.5)
    assert narrow.high - narrow.low == pytest.approx(2 * NormalDist().inv_cdf(0.75) * scores.std() / 20, abs=0.01)


def test_intervals_of_the_iqm_hold_the_truth_as_often_as_they_say():
    # The IQM of a normal distribution is its mean. 25 runs in each of two environments, 400 experiments: a percentile
    # bootstrap at this size covers 92 to 95 %.
    found = [interval([dice.normal(3, 1, 25), dice.normal(3, 1, 25)], resamples=200) for _ in range(400)]
    assert 0.88 < np.mean([low <= 3 <= high for _, low, high in found]) < 0.98


def test_the_same_runs_give_the_same_interval():
    strata = [dice.normal(size=8), dice.normal(size=5)]
    assert interval(strata) == interval([stratum.copy() for stratum in strata])


def test_never_is_a_score_and_a_gap_is_none():
    assert interval([array(5, 6, 7, INF)]).middle == 6.5  # cut as the slowest quarter
    some = interval([array(5, 6, 7, 8, 9, INF, INF, INF)], "median")
    assert some.middle == 8.5 and some.high == INF and 5 <= some.low < 9
    assert interval([array(INF, INF)]) == (INF, INF, INF) and interval([array(-INF, -INF)], "mean").low == -INF
    assert all(np.isnan(interval([array(5, 6, 7, NAN)])))
    assert np.isnan(interval([array(INF, -INF)], "mean").middle)


def test_a_profile_is_the_share_above():
    profile = performance_profile([array(1, 2, 3, 4), array(3, 3, 9, NAN)], array(0, 2, 3, 8.9, 10))
    assert profile.share.tolist() == pytest.approx([7 / 8, (2 / 4 + 3 / 4) / 2, (1 / 4 + 1 / 4) / 2, 1 / 8, 0])
    assert (profile.low <= profile.share).all() and (profile.share <= profile.high).all()
    assert (np.diff(profile.share) <= 0).all() and profile.high[-1] == 0


def test_a_profile_weighs_environments_alike():
    profile = performance_profile([np.ones(2), np.zeros(98)], array(0.5))
    assert profile.share[0] == 0.5 == profile.low[0] == profile.high[0]


def test_the_band_of_a_profile_is_that_of_a_share():
    # A share p of n runs has a standard error of sqrt(p (1 - p) / n).
    scores = np.concatenate([np.zeros(120), np.ones(280)])
    profile = performance_profile([scores], array(0.5), resamples=4000)
    half = NormalDist().inv_cdf(0.975) * np.sqrt(0.7 * 0.3 / 400)
    assert profile.high[0] - profile.low[0] == pytest.approx(2 * half, abs=0.01)


def test_improvement_by_hand():
    assert probability_of_improvement([array(2, 4)], [array(1, 3)]).middle == 3 / 4
    assert probability_of_improvement([array(1, 3)], [array(2, 4)]).middle == 1 / 4
    assert probability_of_improvement([array(1, 1)], [array(1, 1, 1)]) == (0.5, 0.5, 0.5)
    assert probability_of_improvement([array(2, 4, 9)], [array(1)]) == (1.0, 1.0, 1.0)
    assert probability_of_improvement([array(2, 2)], [array(1, 2, 3, 4)]).middle == (1 + 0.5) / 4
    two = probability_of_improvement([array(2, 4), array(0)], [array(1, 3), array(1)])
    assert two.middle == (3 / 4 + 0) / 2
    assert probability_of_improvement([array(1, INF)], [array(2, INF)]).middle == (0 + 0 + 1 + 0.5) / 4
    assert all(np.isnan(probability_of_improvement([array(1, NAN)], [array(2)])))


def test_improvement_between_two_normal_distributions():
    # P(X > Y) = Phi((m - n) / sqrt 2) for unit variances.
    x, y = dice.normal(0.8, 1, 3000), dice.normal(0, 1, 3000)
    found = probability_of_improvement([x], [y], resamples=300)
    truth = NormalDist().cdf(0.8 / np.sqrt(2))
    assert found.middle == pytest.approx(truth, abs=0.025) and found.low < truth < found.high
    # The variance of U / (n m): (q1 - p^2 + q2 - p^2) / n with equal n, q1 = q2 = P(X > Y and X > Y') here (Hanley &
    # McNeil, 1982); the bootstrap's width must agree.
    d = dice.normal(size=(3, 200_000))
    q = np.mean((d[0] + 0.8 > d[1]) & (d[0] + 0.8 > d[2]))
    sigma = np.sqrt(2 * (q - truth**2) / 3000)
    assert (found.high - found.low) / (2 * 1.96) == pytest.approx(sigma, rel=0.15)


def test_scores_of_different_environments_are_brought_to_one_scale():
    one, two = normalised([array(-100, -50), array(0, -INF, NAN)])
    assert one.tolist() == [0.0, 0.5] and two[0] == 1.0 and two[1] == -INF and np.isnan(two[2])
    assert [scores.tolist() for scores in normalised([array(3, 3), array(3)])] == [[1, 1], [1]]
    assert np.isnan(normalised([array(NAN)])[0]).all()


SAMPLES = np.random.default_rng(3).normal(size=(37, 4)).round(1)  # with ties
SAMPLES[3, 1], SAMPLES[5, 2], SAMPLES[8, 2], SAMPLES[9, 3] = np.nan, np.inf, -np.inf, np.inf


@pytest.mark.parametrize("statistic", STATISTICS)
@pytest.mark.parametrize("n", [1, 2, 3, 4, 9, 36, 37])
def test_sorting_once_gives_what_sorting_each_resample_does(statistic, n):
    samples, picks = SAMPLES[:n], np.random.default_rng(4).integers(n, size=(50, n))
    with np.errstate(invalid="ignore"):
        expected = np.array([STATISTICS[statistic](samples[pick]) for pick in picks])
    assert resampled(samples, counted(picks, n), statistic) == pytest.approx(expected, nan_ok=True)


def test_a_chance_of_doing_better_is_that_of_all_pairs_of_each_resample():
    ours, theirs = SAMPLES[:20, 0], SAMPLES[20:, 0]
    dice = np.random.default_rng(0)
    picks = [dice.integers(len(x), size=(1000, len(x))) for x in (ours, theirs)]
    boot = [(np.sign(ours[i][:, None] - theirs[j]) / 2 + 0.5).mean() for i, j in zip(*picks, strict=True)]
    found = probability_of_improvement([ours], [theirs])
    assert found.middle == pytest.approx((np.sign(ours[:, None] - theirs) / 2 + 0.5).mean())
    assert (found.low, found.high) == pytest.approx(tuple(np.percentile(boot, [2.5, 97.5])))


def test_of_thousands_of_runs_there_are_fewer_resamples():
    assert [enough(1000, n) for n in (1, 300, 600, 5000)] == [1000, 1000, 500, 200]
    assert [enough(200, n) for n in (1, 300, 400, 5000)] == [200, 200, 150, 100]


def test_fewer_resamples_say_the_same_of_many_runs():
    many = np.random.default_rng(5).normal(size=5000)
    exact = 1.96 * 1.0 / np.sqrt(5000)  # of a mean of unit normals; 200 resamples know it to a fifth or so
    found = interval([many], "mean")
    assert found.high - found.middle == pytest.approx(exact, rel=0.25)
    curve = curve_interval(many[:, None], "mean")
    assert curve.high[0] - curve.low[0] == pytest.approx(2 * exact, rel=0.25)
