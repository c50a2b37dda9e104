"""Many seeds: each is the run it says, and the statistics are the ones worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rl.agents.control.dyna_q import DynaQ
from rl.agents.control.prioritised_sweeping import PrioritisedSweeping
from rl.agents.control.q_learning import QLearning
from rl.envs.cliff_walking import CliffWalking
from rl.envs.frozen_lake import FrozenLake
from rl.timeline import Timeline
from rl.trials import STATISTICS, affordable, band, interquartile_mean, mean, median, moving_average, run_trials
from tests.strategies import TableWorld, seeds, timelines

NAN = float("nan")


def test_there_is_a_row_a_seed_and_a_column_an_episode():
    trials = run_trials(Timeline(FrozenLake(), QLearning()), range(7), 30)
    assert trials.returns.shape == trials.lengths.shape == (7, 30)
    assert trials.lengths.min() >= 1
    assert set(np.unique(trials.returns)) <= {0.0, 1.0}


@given(timelines(), st.lists(seeds, min_size=1, max_size=4), st.integers(1, 40))
@settings(max_examples=40)
def test_each_row_is_the_run_with_that_seed_edits_included(run, chosen, episodes):
    trials = run_trials(run, chosen, episodes, patience=1000)
    for seed, returns, lengths in zip(chosen, *trials, strict=True):
        log = replace(run, seed=seed).episodes(1000)
        done = min(episodes, len(log))
        assert np.array_equal(returns[:done], log.ret[:done])
        assert np.array_equal(lengths[:done], log.length[:done])
        assert np.isnan(returns[done:]).all()
        assert np.isnan(lengths[done:]).all()


def test_a_seed_that_runs_out_of_patience_leaves_gaps():
    pays_for_ever = TableWorld(((((1.0, 0, 1.0, False),),),))
    trials = run_trials(Timeline(pays_for_ever, QLearning()), [0, 1], 3, patience=50)
    assert np.isnan(trials.returns).all()
    assert np.isnan(trials.lengths).all()


def test_an_edit_beyond_patience_does_not_prolong_it():
    long = TableWorld(((((1.0, 0, 1.0, False),),),), horizon=60)
    run = Timeline(long, QLearning()).edited(70, alpha=0.5)
    assert np.isnan(run_trials(run, [0], 2, patience=50).returns).all()
    assert run_trials(run, [0], 2, patience=130).returns.tolist() == [[60, 60]]


def test_one_seed_does_not_depend_on_the_others():
    cliff = Timeline(CliffWalking(), QLearning(alpha=0.5))
    alone, among = run_trials(cliff, [5], 20), run_trials(cliff, [9, 5, 1, 5], 20)
    assert np.array_equal(alone.returns[0], among.returns[1])
    assert np.array_equal(among.returns[1], among.returns[3])
    assert not np.array_equal(among.returns[0], among.returns[1])


# Eight seeds: the quarter cut from each end is two of them. Ten: floor(10 / 4) = 2, so six are left.
@pytest.mark.parametrize(("values", "expected_mean", "expected_median", "expected_iqm"), [
    ([8, 1, 7, 2, 6, 3, 5, 100], 16.5, 5.5, (3 + 5 + 6 + 7) / 4),
    ([10, 20, 30, 40, 50, 60, 70, 80, 90, 1000], 145.0, 55.0, (30 + 40 + 50 + 60 + 70 + 80) / 6),
    ([1, 2, 9], 4.0, 2.0, 4.0), ([3], 3.0, 3.0, 3.0), ([1, 2, 3, 10], 4.0, 2.5, 2.5)])
def test_statistics_of_hand_made_numbers(values, expected_mean, expected_median, expected_iqm):
    samples = np.array([values, [-v for v in values]], float).T
    for statistic, expected in ((mean, expected_mean), (median, expected_median), (interquartile_mean, expected_iqm)):
        assert statistic(samples).tolist() == pytest.approx([expected, -expected])


@pytest.mark.parametrize("statistic", STATISTICS)
def test_an_unfinished_seed_leaves_a_gap_and_is_never_left_out(statistic):
    samples = np.arange(16.0).reshape(8, 2)
    samples[3, 1] = NAN
    result = band(samples, statistic)
    for column in result:
        assert np.isfinite(column[0])
        assert np.isnan(column[1])


@pytest.mark.parametrize("statistic", STATISTICS)
def test_the_band_is_the_percentiles_of_resamples(statistic):
    samples = np.random.default_rng(5).normal(size=(13, 4))
    picks = np.random.default_rng(0).integers(13, size=(200, 13))
    boot = np.array([STATISTICS[statistic](np.stack([samples[i] for i in p])) for p in picks])  # the long way
    result = band(samples, statistic)
    assert result.middle == pytest.approx(STATISTICS[statistic](samples))
    assert result.low == pytest.approx(np.percentile(boot, 2.5, axis=0))
    assert result.high == pytest.approx(np.percentile(boot, 97.5, axis=0))
    assert result.few == pytest.approx(np.percentile(samples, 10, axis=0))
    assert result.most == pytest.approx(np.percentile(samples, 90, axis=0))


def test_the_band_covers_a_known_mean_as_often_as_it_says():
    # Ten thousand experiments of 50 seeds with true mean 3: a percentile bootstrap covers about 94 % at this size.
    samples = np.random.default_rng(11).normal(3.0, 2.0, size=(50, 10_000))
    result = band(samples)
    covered = np.mean((result.low <= 3.0) & (result.high >= 3.0))
    assert 0.92 < covered < 0.96
    wide = band(samples, level=0.5)
    assert 0.46 < np.mean((wide.low <= 3.0) & (wide.high >= 3.0)) < 0.53


def test_the_same_runs_show_the_same_band():
    samples = np.random.default_rng(2).normal(size=(20, 6))
    assert all(np.array_equal(one, two) for one, two in zip(band(samples), band(samples.copy()), strict=True))


@pytest.mark.parametrize(("window", "expected"), [
    (1, [2, 4, 9, 1]), (2, [2, 3, 6.5, 5]), (3, [2, 3, 5, 14 / 3]), (4, [2, 3, 5, 4]), (9, [2, 3, 5, 4])])
def test_a_moving_average_looks_back_as_far_as_there_is_something(window, expected):
    values = np.array([2.0, 4.0, 9.0, 1.0])
    assert moving_average(values, window).tolist() == pytest.approx(expected)
    both = moving_average(np.stack([values, 10 * values]), window)
    assert both[1].tolist() == pytest.approx([10 * e for e in expected])
    assert values.tolist() == [2, 4, 9, 1]


def test_a_moving_average_keeps_what_came_before_a_gap():
    assert moving_average(np.array([2.0, 4.0, NAN]), 2)[:2].tolist() == [2, 3]


@pytest.mark.parametrize(("agent", "expected"), [
    (QLearning(), (100, 100_000)), (DynaQ(planning=4), (100, 100_000)),  # 2: as much work as two of Q-learning
    (PrioritisedSweeping(planning=10), (14, 100_000)),  # 21: 30 million / 21 / 100,000
    (PrioritisedSweeping(planning=100), (10, 14_925))])  # 201: 30 million / 201 / 10
def test_where_steps_are_work_fewer_seeds_are_run_and_then_for_fewer_steps(agent, expected):
    assert affordable(Timeline(FrozenLake(), agent), 100, 100_000) == expected


def test_what_an_edit_makes_work_counts_from_the_beginning():
    run = Timeline(FrozenLake(), DynaQ(planning=0)).edited(50, agent=PrioritisedSweeping(planning=100))
    assert affordable(run, 100, 100_000) == (10, 14_925)
    assert affordable(run, 4, 3000) == (4, 3000)
