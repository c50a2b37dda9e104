"""What the page says about a run is what happened in it: true means, scores, best pulls and regret."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rl import bandits
from rl.agents.control.q_learning import QLearning
from rl.bandits import reasons, run_curves, tally
from rl.envs.frozen_lake import FrozenLake
from rl.envs.testbed import Testbed
from rl.timeline import Timeline
from tests.bandits.runs import BEDS, VARIANTS
from tests.strategies import seeds


@st.composite
def edited_runs(draw):
    bed = draw(st.sampled_from(BEDS))
    run = Timeline(bed, draw(st.sampled_from(VARIANTS[:-1])), draw(seeds))
    for step in sorted(draw(st.sets(st.integers(1, 250), max_size=2))):
        new = Testbed(**{**vars(bed), "drift": draw(st.sampled_from([0.0, 0.05]))})
        run = run.edited(step, new, draw(st.sampled_from(VARIANTS[:-1])))
    return run


def by_brute_force(run, t):
    """Counts best pulls and regret a step at a time."""
    best, regret = [0], [0.0]
    for i, action in enumerate(run.steps(0, t).action.tolist()):
        value = run.at(i).memory.value
        best.append(best[-1] + int(value[action] == value.max()))
        regret.append(regret[-1] + value.max() - value[action])
    return best, regret


@given(edited_runs(), st.integers(0, 300), st.integers(0, 60))
@settings(max_examples=25)
def test_best_pulls_and_regret_are_counted_from_the_first_step(run, t0, n):
    got = reasons(run, t0, t0 + n)
    best, regret = by_brute_force(run, t0 + n)
    assert got.best.tolist() == best[t0:]
    assert got.regret == pytest.approx(regret[t0:], abs=1e-9)
    assert tally(run, t0) == (best[t0], pytest.approx(regret[t0]))
    assert (np.diff(got.regret) >= 0).all()


@given(edited_runs(), st.integers(0, 300), st.integers(1, 40))
@settings(max_examples=25)
def test_every_row_is_what_the_agent_in_force_knew(run, t0, n):
    got, log = reasons(run, t0, t0 + n), run.steps(t0, t0 + n)
    assert len(got.why) == n and all(len(column) == n + 1 for column in got[:-1])
    for i in (0, n // 2, n):
        place = run.at(t0 + i)
        at = (place.memory, run.seed, t0 + i)
        assert np.array_equal(got.value[i], place.memory.value)
        assert np.array_equal(got.score[i], place.agent.scores(*at))
        assert np.array_equal(got.chance[i], place.agent.chances(*at))
        assert np.array_equal(got.width[i], place.agent.widths(place.memory))
        if i < n:
            assert got.why[i] == place.agent.why(*at, int(log.action[i]), bool(log.explored[i]))


def test_sums_over_many_chunks_are_those_of_one(monkeypatch):
    run = Timeline(Testbed(drift=0.01), VARIANTS[1], 8)
    whole = reasons(run, 950, 1000)
    monkeypatch.setattr(bandits, "SHORTEST", 64)
    parts = reasons(run, 950, 1000)
    assert parts.best.tolist() == whole.best.tolist() and parts.regret == pytest.approx(whole.regret)


def test_a_persons_reasons_end_with_their_pulls():
    hand = VARIANTS[-1].__class__(pulls="0123")
    got = reasons(Timeline(Testbed(), hand), 2, 100)
    assert len(got.why) == 2 and len(got.value) == 3 and np.isnan(got.chance).all()
    assert len(reasons(Timeline(Testbed(), hand), 50, 60).why) == 0


def test_curves_are_the_running_averages_of_the_log():
    run = Timeline(Testbed(), VARIANTS[1], 3).edited(300, epsilon=0.5)
    curves, log = run_curves(run, 1000), run.steps(0, 1000)
    best, regret = by_brute_force(run, 1000)
    at = curves.step.astype(int)
    assert at[-1] == 1000 and 100 < len(at) <= 202
    assert curves.reward == pytest.approx((np.cumsum(log.reward) / np.arange(1, 1001))[at - 1])
    assert curves.optimal == pytest.approx((np.array(best)[at]) / at)
    assert curves.regret == pytest.approx(np.array(regret)[at])


def test_a_run_that_has_not_begun_has_no_curves():
    assert all(len(column) == 0 for column in run_curves(Timeline(Testbed(), VARIANTS[0]), 0))


def test_there_are_no_such_reasons_outside_of_bandits():
    with pytest.raises(TypeError, match="no bandit"):
        reasons(Timeline(FrozenLake(), QLearning()), 0, 5)
