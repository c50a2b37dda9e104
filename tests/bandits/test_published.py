"""The ten-armed testbed of Sutton & Barto, chapter 2: 2000 runs of 1000 steps, as in the book's figures.

The numbers were sampled with independent code. A lot of 2000 testbeds has its own arms, and the value of the best one
varies from lot to lot by .013; tolerances are four to five standard deviations of a lot.
"""

from itertools import pairwise

import numpy as np
import pytest

from rl.agents.bandits.epsilon_greedy import EpsilonGreedy
from rl.agents.bandits.gradient import Gradient
from rl.agents.bandits.greedy import Greedy, Optimistic
from rl.agents.bandits.ucb import UCB
from rl.bandit_study import Study
from rl.envs.testbed import Testbed
from rl.parameter_study import ParameterStudy


def played(agent, bed=None, **sizes):
    study = Study(bed or Testbed(), (agent,), **sizes)
    while not study.advance(60.0):
        pass
    return study.result(agent)


@pytest.mark.parametrize(("epsilon", "reward", "off", "optimal", "by"), [
    (0.0, 1.047, 0.06, 0.355, 0.04), (0.01, 1.314, 0.045, 0.604, 0.035), (0.1, 1.364, 0.025, 0.803, 0.025)])
def test_figure_2_2_epsilon_greedy(epsilon, reward, off, optimal, by):
    result = played(EpsilonGreedy(epsilon=epsilon))
    assert result.reward.mean[-50:].mean() == pytest.approx(reward, abs=off)
    assert result.optimal.mean[-50:].mean() == pytest.approx(optimal, abs=by)


def test_figure_2_2_greedy_is_epsilon_zero():
    greedy, zero = played(Greedy(), runs=200), played(EpsilonGreedy(epsilon=0.0), runs=200)
    assert np.array_equal(greedy.reward.mean, zero.reward.mean)


def test_figure_2_3_optimism_is_late_and_then_better():
    # In the figure: realistic and epsilon .1 ends near 75 % (constant step .1), optimistic and greedy above 80 %
    optimistic, realistic = played(Optimistic()).optimal.mean, played(EpsilonGreedy(alpha=0.1)).optimal.mean
    assert optimistic[20:60].mean() < realistic[20:60].mean()
    assert optimistic[-50:].mean() > realistic[-50:].mean() + 0.05
    assert 0.8 < optimistic[-50:].mean() < 0.9
    assert optimistic[10] > optimistic[9] + 0.15  # the spike of exercise 2.6: every arm was tried once


def test_figure_2_4_ucb_and_its_spike():
    result = played(UCB(c=2.0))
    assert result.reward.mean[-50:].mean() == pytest.approx(1.483, abs=0.06)
    assert result.optimal.mean[-50:].mean() == pytest.approx(0.859, abs=0.025)
    assert result.reward.mean[10] == pytest.approx(1.10, abs=0.1)  # step 11: after each arm was tried once
    assert result.reward.mean[10] > result.reward.mean[11:15].max() + 0.1


def test_figure_2_5_the_baseline_matters_where_rewards_are_around_four():
    # The figure's order at step 1000: with a baseline alpha .1 (over 80 %), .4 (about 70 %); without .1, then .4
    settings = [(0.1, "yes"), (0.4, "yes"), (0.1, "no"), (0.4, "no")]
    late = [played(Gradient(alpha=alpha, baseline=baseline), Testbed(level=4.0)).optimal.mean[-50:].mean()
            for alpha, baseline in settings]
    assert all(better > worse + 0.08 for better, worse in pairwise(late))
    assert 0.8 < late[0] < 0.9 and 0.6 < late[1] < 0.8 and late[3] < 0.4


def test_without_a_baseline_the_level_of_the_rewards_matters_and_with_one_it_does_not():
    low, high = Testbed(), Testbed(level=4.0)
    with_one, without = Gradient(), Gradient(baseline="no")
    gap = {a: played(a, low).optimal.mean[-50:].mean() - played(a, high).optimal.mean[-50:].mean()
           for a in (with_one, without)}
    assert gap[with_one] == pytest.approx(0.0, abs=1e-3) and gap[without] > 0.2


def test_exercise_2_5_sample_averages_fall_behind_where_arms_drift():
    bed = Testbed(drift=0.01, spread=0.0)
    average, constant = (played(EpsilonGreedy(alpha=alpha), bed, runs=300, steps=10_000).optimal.mean[-1000:].mean()
                         for alpha in (0.0, 0.1))
    assert constant > average + 0.2


@pytest.mark.slow
def test_figure_2_6_every_algorithm_is_best_in_the_middle_and_ucb_is_best_of_all():
    study = ParameterStudy(Testbed())
    while not study.advance(60.0):
        pass
    sweeps = study.results()
    best = {name: sweep.parameter[sweep.reward.argmax()] for name, sweep in sweeps.items()}
    assert best["ε-greedy"] in (1 / 16, 1 / 8) and best["gradient"] in (1 / 8, 1 / 4, 1 / 2)
    assert best["UCB"] in (1 / 2, 1) and best["optimistic"] in (1 / 2, 1, 2)
    peak = {name: sweep.reward.max() for name, sweep in sweeps.items()}
    assert max(peak, key=peak.get) == "UCB" and min(peak, key=peak.get) == "ε-greedy"
    assert all(1.2 < height < 1.5 for height in peak.values())
    for sweep in sweeps.values():
        assert sweep.reward.max() > max(sweep.reward[0], sweep.reward[-1]) + 0.02  # an inverted U
