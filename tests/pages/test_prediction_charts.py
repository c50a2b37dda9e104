"""The curves of a prediction: what needs the exact values, what does not, and how many errors are computed."""

from dataclasses import replace

import numpy as np
import pytest

from pages.parts.prediction import charts
from rl.agents.prediction.td import TD
from rl.agents.prediction.td_lambda import TDLambda
from rl.envs.five_by_five import FiveByFive
from rl.envs.grid_world import GridWorld
from rl.envs.gym_live import GymLive
from rl.envs.random_walk import RandomWalk
from rl.link import View, to_query_string
from rl.prediction_error import error_at
from rl.timeline import Timeline
from tests.pages.app import opened, paused, player, unharmed

FILE = "pages/prediction.py"
pytestmark = pytest.mark.usefixtures("few_seeds")


def shown(at, run, tab, t=60):
    """Opens a tab of a run and returns what is said instead of a chart."""
    at.session_state["prediction.charts"] = tab
    paused(at, to_query_string(View(run, t, t)), FILE)
    return [info.value for info in at.info]


def test_a_discount_that_is_asked_for_while_playing_does_no_harm_though_there_is_no_optimum_then():
    at = opened(FILE)
    me = paused(at, to_query_string(View(Timeline(FiveByFive(), TD(policy="optimal", gamma=0.9), 1), 60, 60)), FILE)
    me.playing = True
    me.turn("agent", "gamma", 1.0)
    assert me.pending and me.agent.gamma == 1
    unharmed(at.run())
    assert player(at, FILE).pending and charts.lacking(me.timeline, me.t) is None and len(at.info) == 0


@pytest.mark.parametrize(("run", "why"), [
    (Timeline(GymLive(), TD(), 1), charts.UNKNOWN), (Timeline(FiveByFive(), TD(gamma=1.0), 1), charts.ENDLESS)],
    ids=["live", "endless"])
def test_returns_and_costs_are_shown_where_nobody_knows_the_exact_values(run, why):
    at = opened(FILE)
    assert [shown(at, run, tab) for tab in charts.TABS] == [[why], [why], [], []]


def test_a_run_that_began_in_a_world_without_a_table_lacks_the_truth_in_one_with_a_table_too():
    table = GridWorld(map="S......./......../......../.......G")
    assert charts.lacking(Timeline(table, TD()), 50) is None
    run = Timeline(GymLive("FrozenLake-v1"), TD(), 1)
    same_size = GridWorld(map="S.../..../..../...G")
    assert charts.lacking(run.edited(40, same_size), 50) == charts.UNKNOWN


def test_where_asking_for_the_policy_fails_the_sentence_is_shown():
    run = Timeline(FiveByFive(), TD(policy="optimal", gamma=0.9))
    assert "no optimal policy" in charts.lacking(replace(run, agent=TD(policy="optimal", gamma=1.0)), 0)


def test_of_many_episodes_so_many_errors_are_computed_as_can_be_seen(monkeypatch):
    asked = []
    monkeypatch.setattr(charts, "error_at", lambda run, t: asked.append(t) or error_at(run, t))
    run = Timeline(RandomWalk(), TD(), 1)
    at, values = charts.errors(run, 100_000)
    ends = np.append(0, run.episodes(100_000).end)
    assert len(ends) > 8000 and 200 <= len(asked) == len(at) <= 401
    assert (at[0], at[-1]) == (0, len(ends) - 1) and asked == ends[at].tolist()
    assert values[[0, 7, -1]] == pytest.approx([error_at(run, int(ends[i])) for i in at[[0, 7, -1]]])


def test_of_few_episodes_every_error_is_drawn_at_its_own_episode():
    run = Timeline(RandomWalk(), TD(), 1)
    at, values = charts.errors(run, 300)
    figure = charts.sampled_curve(at, values, None, "RMS error", [], 0.0)
    assert figure.data[0].x.tolist() == list(range(1, len(run.episodes(300)) + 2))
    assert figure.data[0].y.tolist() == [error_at(run, int(t)) for t in [0, *run.episodes(300).end]]
    late, thin = charts.errors(run, 100_000)
    assert charts.sampled_curve(late, thin, None, "RMS error", [], 0.0).data[0].x.tolist() == (late + 1).tolist()


def test_seeds_are_fewer_where_steps_are_work_and_the_caption_says_how_many(monkeypatch):
    monkeypatch.setattr(charts, "effort", lambda run: (100, 5) if run.edits == () else (10, 5))
    run = Timeline(RandomWalk(99), TDLambda(), 1)
    assert "over 100 seeds" in charts.says("Error", run)
    assert "over 100 seeds" in charts.says("Error", run.edited(10, alpha=0.5))  # the band is of the run as it was begun
