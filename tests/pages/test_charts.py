"""The curves of a run: which seeds, how many episodes, and where the marks stand."""

import numpy as np
import pytest

from pages.parts import charts
from rl.agents.control.prioritised_sweeping import PrioritisedSweeping
from rl.agents.control.q_learning import QLearning
from rl.envs.cliff_walking import CliffWalking
from rl.envs.frozen_lake import FrozenLake
from rl.envs.grid_world import GridWorld
from rl.timeline import Timeline

RUN = Timeline(CliffWalking(), QLearning(alpha=0.5, gamma=1.0), 3)


def traces(figure):
    return {trace.name: trace for trace in figure.data if trace.name}


def by_hand(timeline, episodes, column):
    """The first 100 seeds, one after the other, each averaged over the window ending at each episode."""
    rows = []
    for seed in range(100):
        run = Timeline(timeline.env, timeline.agent, seed, timeline.edits)
        values = run.episodes(run.after_episodes(0, episodes))[column][:episodes].astype(float)
        rows.append([values[max(0, i + 1 - charts.window(episodes)) : i + 1].mean() for i in range(episodes)])
    return np.array(rows)


@pytest.mark.parametrize("column", [0, 1])
def test_the_band_is_that_of_a_hundred_seeds_run_one_by_one(column):
    run = RUN.edited(700, epsilon=0.0)
    smooth, band = by_hand(run, 50, column), charts.seed_band(run, 50, column)
    assert np.allclose(band.middle, smooth.mean(axis=0))
    assert np.allclose(band.few, np.percentile(smooth, 10, axis=0))
    assert np.allclose(band.most, np.percentile(smooth, 90, axis=0))
    assert (band.low <= band.middle).all() and (band.middle <= band.high).all()


def test_the_band_ends_where_some_seed_does_not_finish(monkeypatch):
    monkeypatch.setattr(charts, "PATIENCE", 2000)
    charts.bands.cache_clear()
    lengths = [len(Timeline(RUN.env, RUN.agent, seed).episodes(2000)) for seed in range(100)]
    assert len(charts.seed_band(RUN, 400, 0).middle) == min(lengths) < 400
    charts.bands.cache_clear()


def test_there_is_no_band_where_no_episode_ends_and_the_curve_is_drawn_without():
    endless = Timeline(GridWorld(map="S......G", step_reward=1.0), QLearning(epsilon=0.0, initial=-20.0), 1)
    assert charts.seed_band(endless, 50, 0) is None
    assert not traces(charts.curve("Return", endless, 500, 500)).keys() & {"95 %", "8 of 10"}


@pytest.mark.parametrize(("episodes", "expected"), [(1, 50), (50, 50), (51, 100), (1600, 1600), (90_000, 1600)])
def test_the_band_reaches_as_far_as_the_run_and_no_further_than_is_useful(episodes, expected):
    assert charts.reach(episodes) == expected


@pytest.mark.parametrize(("episodes", "expected"), [(50, 10), (400, 20), (1600, 80), (10**6, 100)])
def test_the_average_goes_over_a_twentieth_of_what_is_shown(episodes, expected):
    assert charts.window(episodes) == expected


@pytest.mark.parametrize("name", ["Return", "Length"])
def test_your_run_is_the_run_on_the_stage(name):
    log = RUN.episodes(3000)
    values = np.asarray(log.ret if name == "Return" else log.length, float)
    window = charts.window(charts.reach(len(values) + 1))
    expected = [values[max(0, i + 1 - window) : i + 1].mean() for i in range(len(values))]
    shown = traces(charts.curve(name, RUN, 2000, 3000))[f"your run (mean of {window})"]
    assert np.allclose(shown.y, expected) and list(shown.x) == list(range(1, len(values) + 1))


@pytest.mark.parametrize("name", charts.CURVES)
@pytest.mark.parametrize("t", [0, 1, 700])
def test_every_curve_can_be_drawn_from_the_first_moment_on(name, t):
    for world in (FrozenLake(), GridWorld()):
        figure = charts.curve(name, Timeline(world, QLearning(), 1), t, t)
        assert figure.layout.shapes[-1].x0 == Timeline(world, QLearning(), 1).at(t).episode


def test_edits_and_the_moment_shown_are_lines_at_their_episodes():
    run = RUN.edited(800, epsilon=0.0).edited(1500, alpha=0.1)
    figure = charts.curve("Error", run, 1700, 2000)
    assert [shape.x0 for shape in figure.layout.shapes] == [run.at(t).episode for t in (800, 1500, 1700)]
    assert [note.text for note in figure.layout.annotations] == ["epsilon 0.1 → 0", "alpha 0.5 → 0.1"]


@pytest.mark.parametrize("name", ["Error", "Policy", "Regret"])
def test_without_a_finite_optimum_there_is_nothing_to_compare_with(name):
    assert charts.curve(name, Timeline(GridWorld(step_reward=1.0), QLearning(gamma=1.0), 1), 100, 100) is None


def test_fewer_seeds_are_behind_an_algorithm_whose_steps_are_work_and_they_give_up_sooner(monkeypatch):
    heavy, asked = Timeline(FrozenLake(), PrioritisedSweeping(planning=100), 1), []
    played = charts.run_trials
    monkeypatch.setattr(charts, "run_trials", lambda run, seeds, n, patience: asked.append(
        (len(seeds), patience)) or played(run, seeds, 5, patience))
    charts.bands.cache_clear()
    for run in (RUN, heavy):
        charts.bands(run, 50)
    charts.bands.cache_clear()
    assert asked == [(100, 100_000), (10, 14_925)] and [charts.seeds_of(run) for run in (RUN, heavy)] == [100, 10]
    assert charts.CURVES["Return"].format(seeds=charts.seeds_of(heavy)).count("over 10 seeds") == 1
