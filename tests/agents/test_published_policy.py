"""Figures 13.1 and 13.2 of Sutton & Barto: REINFORCE in the short corridor, without sight, with and without baseline.

The book's policy begins near left; an agent here begins with both actions alike, so the tests put the preferences where
it says. Where no number is printed it was measured, with the boxes as they are (theta moves within the loop over the
steps; 100 runs in numpy, rl/ had no part in it): their means over runs are known to about .15 late and 1 early.
"""

from functools import lru_cache

import numpy as np
import pytest

from rl.agents.policy.reinforce import Reinforce
from rl.agents.policy.reinforce_baseline import ReinforceBaseline
from rl.envs.short_corridor import ShortCorridor
from rl.policy_truth import exactly
from rl.run import advance, begin

WORLD, RUNS, EPISODES = ShortCorridor(horizon=0), 400, 1000
BEST, OPTIMUM = 2 - np.sqrt(2), -6 - 4 * np.sqrt(2)  # .5858 and -11.657, S&B example 13.1
NEAR_LEFT = float(np.log(0.95 / 0.05))  # as epsilon-greedy with .1: worth -82.11


@lru_cache(maxsize=8)
def played(agent, left):
    """Returns and last chances to go right of many runs, NaN where episodes got too long to wait for."""
    returns, right = np.full((RUNS, EPISODES), np.nan), np.zeros(RUNS)
    for seed in range(RUNS):
        run = begin(WORLD, agent, seed)
        run.memory.theta[:3, 0] = left
        agent.adopt(run.memory, WORLD.mdp)
        log = advance(run, 1_000_000, EPISODES, 0, EPISODES)[1]
        returns[seed, : len(log)], right[seed] = log.ret, run.memory.pi[0, 1]
    return returns, right


def plain(power, left=NEAR_LEFT):
    return played(Reinforce(alpha=2.0**power, gamma=1.0, sees="nothing"), left)


def average(returns, first, last):
    """The mean return of some episodes over the runs that came so far, and its standard error."""
    each = returns[~np.isnan(returns).any(axis=1), first:last].mean(axis=1)
    return each.mean(), each.std() / np.sqrt(len(each))


@pytest.mark.parametrize(("power", "early", "middle", "late"), [
    (-12, None, None, -11.82), (-13, -43.96, -14.17, -12.42), (-14, -59.29, -19.86, -15.09)])
def test_reinforce_climbs_as_in_figure_13_1(power, early, middle, late):
    returns = plain(power)[0]
    assert not np.isnan(returns).any() and average(returns, 0, 1)[0] == pytest.approx(-82.11, abs=4 * 85 / RUNS**0.5)
    for first, last, expected, spread in ((40, 60, early, 1.3), (490, 510, middle, 0.45), (900, 1000, late, 0.15)):
        if expected is not None:
            mean, error = average(returns, first, last)
            assert mean == pytest.approx(expected, abs=4 * np.hypot(error, spread))
    assert average(returns, 900, 1000)[0] < OPTIMUM + 0.2


def test_larger_steps_are_faster_at_first():
    at = [average(plain(power)[0], 90, 110)[0] for power in (-14, -13, -12)]
    assert at[0] < at[1] - 5 < at[2] - 10


def test_a_baseline_is_much_faster_as_in_figure_13_2():
    returns, _ = played(ReinforceBaseline(alpha=2.0**-9, alpha_v=2.0**-6, gamma=1.0, sees="nothing"), NEAR_LEFT)
    # Where all of a long first episode's moves come at its end they may throw the policy to one side for good.
    assert np.isnan(returns).any(axis=1).mean() < 0.03
    assert average(returns, 90, 110)[0] > -13.5 > average(plain(-13)[0], 90, 110)[0] + 15
    for first, last, expected, spread in ((190, 210, -11.77, 0.24), (900, 1000, -12.04, 0.14)):
        mean, error = average(returns, first, last)
        assert mean == pytest.approx(expected, abs=4 * np.hypot(error, spread))


def test_it_finds_the_best_blind_policy_of_the_short_corridor():
    returns, right = plain(-11, 0.0)
    assert right.mean() == pytest.approx(BEST, abs=5 * right.std() / np.sqrt(RUNS))
    p = right.mean()
    assert exactly(WORLD, 1.0, np.array([[1 - p, p]] * 3 + [[0, 0]]))[0] == pytest.approx(OPTIMUM, abs=0.01)
    mean, error = average(returns, 900, 1000)
    worth = np.mean([exactly(WORLD, 1.0, np.array([[1 - p, p]] * 3 + [[0, 0]]))[0] for p in right])
    assert OPTIMUM - 0.35 < worth < OPTIMUM and mean == pytest.approx(worth, abs=5 * error)
