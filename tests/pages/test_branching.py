"""A seat that keeps runs: nothing is lost to a knob, two runs share a playhead, and the link holds it all."""

import json
from dataclasses import replace
from urllib.parse import parse_qsl

import numpy as np
import pytest

from pages.parts.arrival import open_player
from pages.parts.control.player import KINDS, ControlPlayer
from pages.parts.planning.player import PlanningPlayer
from rl.agents import AGENTS
from rl.agents.control.monte_carlo import MonteCarlo
from rl.agents.control.q_learning import QLearning
from rl.agents.planning.value_iteration import ValueIteration
from rl.envs.car_rental import CarRental
from rl.envs.frozen_lake import FrozenLake
from rl.envs.grid_world import GridWorld
from rl.envs.gym_live import GymLive
from rl.link import View
from rl.timeline import Timeline
from tests.pages.unpack import unpacked

RUN = Timeline(FrozenLake(), QLearning(initial=0.5), 7)
PRESET = View(RUN, 0, 0)


def seated(t=700, end=1500):
    me = ControlPlayer(RUN, end, end)
    me.look_at(t)
    return me


def turned(**changes):
    me = seated()
    me.set(agent=replace(me.agent, **changes))
    return me


def test_a_knob_turned_back_in_time_keeps_what_came_after_as_a_branch():
    me = turned(epsilon=0.3)
    first, second = me.tree.branches
    assert (first.view.timeline, first.view.end, first.parent) == (RUN, 1500, None)
    assert (second.view.timeline, second.parent, second.at) == (RUN.edited(700, epsilon=0.3), first.key, 700)
    assert me.here == second.key and "later steps are kept as “Run 1”" in me.note


def test_turning_on_at_the_same_step_is_the_same_branch_and_its_name_follows_unless_it_was_given_one():
    me = turned(epsilon=0.3)
    me.set(agent=replace(me.agent, epsilon=0.4))
    assert [branch.name for branch in me.tree.branches] == ["Run 1", "epsilon 0.1 → 0.4"] and "Run 1" in me.note
    me.rename(2, "mine")
    me.set(agent=replace(me.agent, epsilon=0.5))
    assert me.tree[2].name == "mine" and len(me.tree.branches) == 2 and me.timeline == RUN.edited(700, epsilon=0.5)


def test_a_knob_turned_at_the_end_is_the_same_run_going_on():
    me = ControlPlayer(RUN, 1500, 1500)
    me.set(agent=replace(me.agent, epsilon=0.3))
    assert me.tree.branches == () and me.note is None and me.timeline == RUN.edited(1500, epsilon=0.3)


def test_one_goes_to_and_fro_between_branches_and_finds_each_where_it_was_left():
    me = turned(epsilon=0.3)
    me.look_at(1000)
    me.go_to(1)
    assert (me.timeline, me.t, me.end) == (RUN, 700, 1500)
    me.go_to(2)
    assert (me.timeline, me.t, me.end) == (RUN.edited(700, epsilon=0.3), 1000, 1000)


def test_what_is_beside_is_sent_for_the_same_steps_and_the_first_difference_with_it():
    me = turned(epsilon=1.0)
    me.compare(1)
    me.look_at(710)
    sent = me.data()
    assert (sent["beside"]["t0"], sent["beside"]["t1"]) == (sent["t0"], sent["t1"])
    assert np.array_equal(unpacked(sent["beside"]["steps"]["action"]), RUN.steps(sent["t0"], sent["t1"]).action)
    assert sent["beside"]["title"] == "Run 1" and sent["differs"] is not None and 700 <= sent["differs"] < 720
    assert len(json.dumps(sent, allow_nan=False)) < 600_000
    me.compare(None)
    assert "beside" not in me.data() and me.data()["differs"] is None


def test_what_is_sent_changes_its_name_with_what_is_beside():
    me = turned(epsilon=1.0)
    alone = me.run_id
    me.compare(1)
    assert me.run_id != alone


@pytest.mark.parametrize("slug", [kind.slug for kind in KINDS if kind is not QLearning])
def test_any_other_algorithm_can_be_put_beside_with_the_settings_they_share(slug):
    me = seated()
    me.set(agent=replace(me.agent, alpha=0.37))
    me.compare_with(slug)
    assert type(me.rival.agent) is AGENTS[slug] and me.rival.seed == 7
    assert me.rival.agent.gamma == me.timeline.agent.gamma
    json.dumps(me.data(), allow_nan=False)


def test_throwing_away_the_run_shown_or_the_one_beside_leaves_a_stage_that_works():
    me = turned(epsilon=0.3)
    me.compare(1)
    me.throw_away(1)
    assert me.rival is None and me.data()["differs"] is None
    me.throw_away(2)
    assert me.here is None and me.timeline == RUN.edited(700, epsilon=0.3)
    assert me.keep() == 3


def test_the_link_brings_back_the_tree_the_place_and_what_is_beside():
    me = turned(epsilon=0.3)
    me.rename(1, "before & after; #1")
    me.compare(1)
    query = dict(parse_qsl(me.data()["share"] + "&t=705"))
    again = open_player(query, PRESET, ControlPlayer)
    assert again.note is None and (again.here, again.other, again.t) == (me.here, me.other, 705)
    assert [b.view.timeline for b in again.tree.branches] == [b.view.timeline for b in me.tree.branches]
    assert again.tree[1].name == "before & after, #1" and again.rival == RUN


@pytest.mark.parametrize("text", ["1;;0", "x", "1;;0;a;v=9", "\x00", ";" * 50])
def test_a_link_with_branches_nobody_made_leaves_a_note(text):
    me = open_player({"v": "1", "env": "lake", "branches": text, "here": "x", "with": "-3"}, PRESET, ControlPlayer)
    assert me.rival is None and (me.note or me.tree.branches)


@pytest.mark.parametrize("leave", [
    lambda me: me.restart(99), lambda me: me.set(env=GridWorld()),
    lambda me: me.open(View(Timeline(GridWorld(), QLearning()), 5, 9)),
    lambda me: me.play(Timeline(FrozenLake(size="8x8"), QLearning()), 0)], ids=["seed", "world", "open", "map"])
def test_a_branch_is_not_overwritten_by_another_run(leave):
    me = seated(500, 500)
    key = me.keep()
    leave(me)
    me.look_at(40)
    me.look_at(10)
    me.set(agent=replace(me.agent, epsilon=0.9))
    assert me.tree[key].view.timeline == RUN and me.here != key


def test_a_run_that_was_not_kept_is_kept_when_one_goes_to_another():
    me = turned(epsilon=0.3)
    me.restart(5)
    me.look_at(60)
    me.go_to(1)
    assert [b.view.timeline.seed for b in me.tree.branches] == [7, 7, 5] and me.timeline == RUN


def test_branches_of_another_pages_agents_are_refused():
    me = open_player({"v": "1", "env": "lake", "branches": "1;;0;x;v=1&env=grid&agent=vi", "with": "1"}, PRESET,
                     ControlPlayer)
    assert "belong to another page" in me.note and me.tree.branches == () and me.rival is None


def test_settings_with_which_it_cannot_play_here_are_refused_while_playing_too():
    me = ControlPlayer(Timeline(GymLive(), MonteCarlo()), 0, 0)
    me.playing = True
    me.turn("agent", "starts", "exploring starts")
    assert "cannot play" in me.note and me.pending is None and me.agent.starts == "epsilon-soft"


def test_clicks_go_on_after_a_knob_was_turned_and_change_no_past():
    me = PlanningPlayer(Timeline(GridWorld(slip=0.2), ValueIteration(sequence="by hand", clicks="38.37.36")), 3, 3)
    me.set(env=GridWorld(slip=0.5))
    values = me.timeline.at(3).memory.v.copy()
    me.click({"state": 35})
    assert me.timeline.settings(3).env.slip == 0.5 and me.timeline.settings(2).env.slip == 0.2
    assert me.timeline.steps(0, 9).state.tolist() == [38, 37, 36, 35] and me.t == 4
    assert np.array_equal(me.timeline.at(3).memory.v, values)


def test_the_sweeps_have_their_policy_beside_them_and_a_sentence_a_backup():
    me = PlanningPlayer(Timeline(GridWorld(slip=0.2), ValueIteration()), 40, 40)
    sent = me.data()
    assert sent["beside"]["view"] == "policy" and "steps" not in sent["beside"]
    assert sent["notes"][0]["why"].startswith("Sweep 1, row 1, column 1:")
    assert sum("The sweep is over" in note["why"] for note in sent["notes"]) == len(sent["notes"]) // 30


def test_solving_goes_to_where_nothing_changes_and_staying_solved_follows_every_knob():
    me = PlanningPlayer(Timeline(GridWorld(slip=0.2), ValueIteration()))
    me.stay_solved(True)
    for gamma in (0.5, 0.95):
        me.set(agent=replace(me.agent, gamma=gamma))
        run = me.timeline.at(me.t)
        assert me.timeline.edits == () and run.agent.gamma == gamma and not me.playing
        assert run.memory.v == pytest.approx(run.env.mdp.cdf[:, 0, 0] * 0 + me.timeline.at(me.t + 400).memory.v)


def test_by_hand_a_click_backs_up_the_cell_that_was_clicked():
    me = PlanningPlayer(Timeline(GridWorld(slip=0.2), ValueIteration()), 40, 40)
    me.set(agent=replace(me.agent, sequence="by hand"))
    assert (me.t, me.timeline.last) == (0, 0)
    for state in (38, 37, 31):
        me.click({"state": state})
    assert me.timeline.steps(0, 9).state.tolist() == [38, 37, 31] and me.t == 3
    me.look_at(1)
    me.click({"state": 7})
    assert me.timeline.steps(0, 9).state.tolist() == [38, 7]
    me.click({"state": 10**9})
    me.click({"state": "x"})
    assert me.t == 2


def test_a_world_of_thousands_of_outcomes_is_gone_through_without_waiting_for_ever():
    run = Timeline(CarRental(cars=8), ValueIteration())
    assert run.at(0).agent.stride(CarRental().mdp) < 5000
    assert run.at(300).step == 300
