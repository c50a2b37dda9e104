"""What a run has cost is counted, not guessed; only the time is measured."""

import numpy as np
import pytest

from rl import costs
from rl.agents.control.dyna_q import DynaQ
from rl.agents.control.q_learning import QLearning
from rl.agents.planning.value_iteration import ValueIteration
from rl.agents.prediction.td import TD
from rl.costs import QUANTITIES, bought, cost
from rl.envs.dyna_maze import DynaMaze
from rl.envs.frozen_lake import FrozenLake
from rl.envs.grid_world import GridWorld
from rl.envs.random_walk import RandomWalk
from rl.figures.costs import bought_figure
from rl.timeline import Timeline
from rl.trials import moving_average


def test_q_learning_updates_once_a_step_and_remembers_two_tables():
    spent = cost(Timeline(FrozenLake(), QLearning(), 1), 1000)
    assert (spent.steps, spent.updates, spent.memory) == (1000, 1000, 2 * 16 * 4 * 8) and spent.seconds > 0


def test_planning_in_the_head_costs_updates_and_no_steps():
    spent = cost(Timeline(DynaMaze(), DynaQ(planning=10), 1), 500)
    assert spent.steps == 500 and spent.updates == 11 * 500


def test_a_planner_takes_no_step_in_the_world():
    spent = cost(Timeline(GridWorld(), ValueIteration()), 90)
    assert (spent.steps, spent.updates) == (0, 90)


def test_nothing_done_costs_nothing():
    spent = cost(Timeline(RandomWalk(), TD()), 0)
    assert (spent.steps, spent.updates, spent.seconds) == (0, 0, 0) and spent.memory > 0


def test_what_was_bought_is_the_mean_return_by_what_was_spent_at_the_end_of_each_episode():
    run = Timeline(FrozenLake(), QLearning(initial=0.5), 1)
    found, log = bought(run, 400, 5), run.episodes(400)
    assert found.steps.tolist() == found.updates.tolist() == log.end.tolist()
    assert found.returns == pytest.approx(moving_average(log.ret, 5))
    assert np.all(np.diff(found.seconds) >= 0)


def test_a_run_without_an_episode_bought_nothing_yet():
    found = bought(Timeline(FrozenLake(), QLearning(), 1), 1, 5)
    assert [len(column) for column in found] == [0] * 4


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_the_figure_draws_every_run_against_what_was_spent(quantity):
    runs = {"few": bought(Timeline(DynaMaze(), QLearning(), 1), 3000, 3),
            "many": bought(Timeline(DynaMaze(), DynaQ(planning=50), 1), 3000, 3)}
    chart = bought_figure(runs, quantity)
    assert [trace.name for trace in chart.data] == ["few", "many"]
    assert chart.data[1].x.tolist() == getattr(runs["many"], quantity).tolist()
    if quantity != "seconds":  # how long it takes is measured, and may be anything
        assert (chart.layout.xaxis.type == "log") == (quantity == "updates")


@pytest.fixture
def a_tick_an_update(monkeypatch):
    """A clock that goes on by one with each update."""
    ticks, play = [0], costs.advance

    def advance(run, stop):
        before = run.agent.updates(run.memory)
        play(run, stop)
        ticks[0] += run.agent.updates(run.memory) - before

    monkeypatch.setattr(costs, "advance", advance)
    monkeypatch.setattr(costs.time, "thread_time", lambda: ticks[0])
    costs._pace.cache_clear()
    yield
    costs._pace.cache_clear()


@pytest.mark.usefixtures("a_tick_an_update")
def test_each_stretch_between_edits_has_its_own_pace():
    run = Timeline(DynaMaze(), DynaQ(planning=0), 1).edited(300, planning=100).edited(500, planning=1)
    spent = [cost(run, t) for t in (200, 300, 400, 500, 900)]
    assert [each.seconds for each in spent] == [each.updates for each in spent] == [200, 300, 10400, 20500, 21300]
    found = bought(run, 5000, 3)
    assert found.seconds.tolist() == found.updates.tolist()


@pytest.mark.usefixtures("a_tick_an_update")
def test_another_edit_leaves_the_pace_of_what_was_before_as_it_was_timed():
    run = Timeline(DynaMaze(), DynaQ(planning=7), 1)
    cost(run, 700)
    misses = costs._pace.cache_info().misses
    assert cost(run.edited(700, planning=3), 700).seconds == 700 * 8 and costs._pace.cache_info().misses == misses


def test_the_name_of_a_run_is_no_html_in_a_legend():
    some = bought(Timeline(FrozenLake(), QLearning(), 1), 300, 3)
    chart = bought_figure({"<a href='x'>a & b</a>": some}, "steps")
    assert chart.data[0].name == "&lt;a href='x'&gt;a &amp; b&lt;/a&gt;"
