"""The Lai-Robbins bound, by hand and against runs."""

import math

import numpy as np
import pytest

from rl.agents.bandits.thompson import Thompson
from rl.bandit_study import Study
from rl.bounds import bernoulli_divergence, gaussian_divergence, lai_robbins, true_means
from rl.envs.testbed import Testbed


@pytest.mark.parametrize(("p", "q", "nats"), [
    (0.5, 0.75, 0.1438410362), (0.25, 0.75, 0.5493061443), (0.4, 0.4, 0.0), (0.0, 0.5, 0.6931471806),
    (0.5, 1.0, math.inf), (1.0, 1.0, 0.0)])  # e.g. .5 ln(.5/.75) + .5 ln(.5/.25) = -.20273 + .34657
def test_the_divergence_of_two_coins_by_hand(p, q, nats):
    assert bernoulli_divergence(p, q) == pytest.approx(nats)


def test_two_coins_that_are_next_to_equal_differ_all_the_same():
    assert all(bernoulli_divergence(p, p + 1e-12) > 0 for p in np.linspace(0.01, 0.99, 99))  # rounded, the sum is 0


def test_the_divergence_of_two_normal_rewards_is_half_the_squared_gap():
    assert gaussian_divergence(1.0, 3.0) == 2.0


def test_the_bound_of_gaussian_arms_is_two_over_each_gap():
    means = true_means(Testbed(arms=3), 8)
    gaps = [means.max() - m for m in means if m < means.max()]
    assert len(gaps) == 2 and lai_robbins(Testbed(arms=3), 8) == pytest.approx(sum(2 / gap for gap in gaps))


def test_the_bound_of_bernoulli_arms_is_gap_over_divergence():
    bed = Testbed(arms=2, rewards="Bernoulli")
    low, high = sorted(true_means(bed, 4))
    divergence = low * np.log(low / high) + (1 - low) * np.log((1 - low) / (1 - high))
    assert lai_robbins(bed, 4) == pytest.approx((high - low) / divergence)


def test_there_is_nothing_to_regret_among_equals_and_no_bound_where_arms_drift():
    assert lai_robbins(Testbed(spread=0.0), 1) == 0.0
    assert math.isnan(lai_robbins(Testbed(drift=0.1), 1))


def test_thompson_sampling_grows_about_as_slowly_as_the_bound_allows():
    # Korda, Kaufmann & Munos (2013): its regret is asymptotically C ln t; between two late moments it grows like that
    bed, agent = Testbed(arms=2, rewards="Bernoulli"), Thompson()
    study = Study(bed, (agent,), runs=400, steps=10_000, same_arms=True, seed=4)
    while not study.advance(60.0):
        pass
    regret = study.result(agent).regret
    grown, error = regret.mean[-1] - regret.mean[999], regret.error[-1] + regret.error[999]
    assert grown == pytest.approx(lai_robbins(bed, 4) * np.log(10), abs=5 * error)
    assert grown > 0
