"""Studies: the same runs a timeline makes, averaged; however sliced; remembered."""

import numpy as np
import pytest

from rl import bandit_study
from rl.agents.bandits.epsilon_greedy import EpsilonGreedy
from rl.agents.bandits.gradient import Gradient
from rl.agents.bandits.greedy import Greedy
from rl.agents.bandits.ucb import UCB
from rl.bandit_study import AT_ONCE, Memory, Study
from rl.bandits import reasons
from rl.envs.testbed import Testbed
from rl.parameter_study import ParameterStudy, figure_2_6
from rl.timeline import Timeline
from tests.bandits.runs import BEDS, VARIANTS

AGENTS = (Greedy(), EpsilonGreedy(), UCB(), Gradient())


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch):
    monkeypatch.setattr(bandit_study, "remembered", Memory())


def finished(*args, seconds=60.0, **kwargs):
    study = Study(*args, **kwargs)
    while not study.advance(seconds):
        pass
    return study


def equal(one, other):
    pairs = zip(one[1:4], other[1:4], strict=True)
    return one.runs == other.runs and all(np.array_equal(a, b) for pair in pairs for a, b in zip(*pair, strict=True))


@pytest.mark.parametrize("bed", BEDS, ids=repr)
@pytest.mark.parametrize("agent", VARIANTS, ids=repr)
def test_a_study_averages_what_timelines_do(bed, agent):
    result = finished(bed, (agent,), runs=7, steps=60, seed=100).result(agent)
    runs = [Timeline(bed, agent, seed) for seed in range(100, 107)]
    logs, looks = [run.steps(0, 60) for run in runs], [reasons(run, 0, 60) for run in runs]
    samples = {"reward": [log.reward for log in logs], "optimal": [np.diff(look.best) for look in looks],
               "regret": [look.regret[1:] for look in looks]}
    for name, sample in samples.items():
        curve = getattr(result, name)
        assert curve.mean == pytest.approx(np.mean(sample, axis=0), abs=1e-9)
        assert curve.error == pytest.approx(np.std(sample, axis=0, ddof=1) / np.sqrt(7), abs=1e-6)
    averages = [log.reward.mean() for log in logs]
    assert result.average == pytest.approx(np.mean(averages))
    assert result.average_error == pytest.approx(np.std(averages, ddof=1) / np.sqrt(7), abs=1e-6)


def test_slices_change_nothing(monkeypatch):
    whole = finished(Testbed(), AGENTS, runs=90, steps=50)
    monkeypatch.setattr(bandit_study, "remembered", Memory())
    study, seen = Study(Testbed(), AGENTS, runs=90, steps=50), [0.0]
    assert not study.advance(0.0) and study.progress == 0.0  # no time: nothing is begun
    for part, runs in zip(study.parts.values(), (7, 1, 0, 33), strict=True):
        part.advance(runs)
    while not study.advance(0.0005):
        seen.append(study.progress)
    assert seen == sorted(seen) and study.progress == 1.0
    assert all(equal(whole.result(agent), study.result(agent)) for agent in AGENTS)


def test_threads_change_nothing(monkeypatch):
    one = finished(Testbed(drift=0.01), AGENTS, runs=50, steps=50)
    monkeypatch.setattr(bandit_study, "remembered", Memory())
    two = finished(Testbed(drift=0.01), AGENTS, runs=50, steps=50, threads=3)
    assert all(equal(one.result(agent), two.result(agent)) for agent in AGENTS)


def test_results_so_far_are_those_of_a_smaller_study():
    small = finished(Testbed(), AGENTS, runs=AT_ONCE, steps=50)
    large = Study(Testbed(), AGENTS, runs=10 * AT_ONCE, steps=50)
    for part in large.parts.values():
        part.advance(AT_ONCE)
    assert large.progress == pytest.approx(0.1) and not large.done
    assert all(equal(small.result(agent), large.result(agent)) for agent in AGENTS)


def test_an_agents_runs_are_remembered_and_only_what_changed_is_made_anew():
    finished(Testbed(), AGENTS, runs=30, steps=50)
    moved = Study(Testbed(), (*AGENTS[:3], Gradient(alpha=0.2)), runs=30, steps=50)
    assert moved.progress == pytest.approx(3 / 4)
    for other in (Study(Testbed(), AGENTS, runs=31, steps=50), Study(Testbed(), AGENTS, runs=30, steps=50, seed=1),
                  Study(Testbed(), AGENTS, runs=30, steps=50, same_arms=True)):
        assert other.progress == 0.0


def test_what_is_remembered_is_bounded(monkeypatch):
    monkeypatch.setattr(bandit_study, "REMEMBERED", 3)
    for seed in range(9):
        finished(Testbed(), AGENTS[:1], runs=1, steps=5, seed=seed)
    assert len(bandit_study.remembered.kept) == 3


def test_with_the_same_arms_only_the_luck_differs():
    arms = Timeline(Testbed(), Greedy(), 5).at(0).memory.value
    result = finished(Testbed(), (EpsilonGreedy(epsilon=1.0),), runs=400, steps=20, same_arms=True, seed=5)
    curve = result.result(EpsilonGreedy(epsilon=1.0)).reward
    error = np.sqrt((1 + arms.var()) / (400 * 20))
    assert curve.mean.mean() == pytest.approx(arms.mean(), abs=5 * error)
    regret = result.result(EpsilonGreedy(epsilon=1.0)).regret.mean
    assert regret[-1] == pytest.approx(20 * (arms.max() - arms.mean()), rel=0.05)


def test_nothing_is_known_before_the_first_run_and_no_error_with_one():
    study = Study(Testbed(), AGENTS[:1], runs=2, steps=5)
    assert np.isnan(study.result(AGENTS[0]).reward.mean).all() and study.result(AGENTS[0]).runs == 0
    study.parts[AGENTS[0]].advance(1)
    one = study.result(AGENTS[0])
    assert np.isfinite(one.reward.mean).all() and np.isnan(one.reward.error).all()
    with pytest.raises(ValueError, match="runs"):
        Study(Testbed(), AGENTS, runs=0)


def test_the_parameter_study_shares_its_runs_and_has_the_books_ranges():
    study = ParameterStudy(Testbed(), runs=20, steps=30)
    while not study.advance(60.0):
        pass
    sweeps = study.results()
    assert {name: (sweep.parameter[0], sweep.parameter[-1]) for name, sweep in sweeps.items()} == {
        "ε-greedy": (1 / 128, 1 / 4), "gradient": (1 / 32, 4), "UCB": (1 / 16, 4), "optimistic": (1 / 4, 4)}
    alone = Study(Testbed(), (UCB(c=2.0),), runs=20, steps=30)
    assert alone.done
    place = list(figure_2_6()["UCB"]).index(2.0)
    assert sweeps["UCB"].reward[place] == alone.result(UCB(c=2.0)).average
