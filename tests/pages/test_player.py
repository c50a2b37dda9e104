"""A seat at a run, without Streamlit: going somewhere, and settings that change on the way."""

from dataclasses import replace

import numpy as np
import pytest

from pages.parts.events import hear
from pages.parts.player import Player
from rl.agents.control.q_learning import QLearning
from rl.dice import MAX_SEED
from rl.envs.cliff_walking import CliffWalking
from rl.envs.frozen_lake import FrozenLake
from rl.envs.grid_world import GridWorld
from rl.link import View, from_query_string
from rl.timeline import MAX_EDITS, MAX_STEP, Timeline
from tests.pages.unpack import unpacked

RUN = Timeline(FrozenLake(), QLearning(epsilon=0.3), 5)


def test_looking_at_a_moment_sends_the_steps_on_both_sides_of_it():
    me = Player(RUN, 500)
    t0, t1 = me.sent
    assert t0 < 500 < t1 and (me.data()["t0"], me.data()["t1"], me.data()["at"]) == (t0, t1, 500)


def test_looking_back_keeps_the_furthest_moment():
    me = Player(RUN, 500)
    me.look_at(20)
    assert (me.t, me.end) == (20, 500)


def test_a_run_goes_no_further_than_its_last_step():
    me = Player(RUN, MAX_STEP)
    me.look_at(MAX_STEP + 5)
    assert me.t == me.end == me.sent[1] == MAX_STEP
    assert me.data()["t1"] == MAX_STEP


def test_a_new_stamp_comes_with_every_move_of_the_playhead_by_the_server():
    me = Player(RUN, 10)
    stamps = []
    for act in (lambda: me.look_at(5), lambda: me.restart(), lambda: me.set(agent=QLearning()), lambda: me.restart(3)):
        act()
        stamps.append(me.data()["stamp"])
    assert sorted(set(stamps)) == stamps


def test_runs_have_names_that_differ_with_settings_seed_and_edits():
    runs = [RUN, replace(RUN, seed=6), RUN.edited(9, alpha=0.2), RUN.edited(10, alpha=0.2), RUN.edited(0, alpha=0.2)]
    assert len({Player(run).run_id for run in runs}) == len(runs)


def test_a_setting_changed_in_mid_run_leaves_later_edits_behind():
    me = Player(RUN.edited(300, epsilon=0.1).edited(600, epsilon=0.0), 400, 900)
    me.set(agent=replace(me.agent, alpha=0.9))
    assert [edit.step for edit in me.timeline.edits] == [300, 400]
    assert (me.t, me.end) == (400, 400) and (me.agent.epsilon, me.agent.alpha) == (0.1, 0.9)


def test_the_settings_shown_are_those_in_force_at_the_moment_shown():
    me = Player(RUN.edited(300, epsilon=0.1), 299, 900)
    assert me.agent.epsilon == 0.3
    me.look_at(300)
    assert me.agent.epsilon == 0.1


def test_a_setting_moved_back_to_what_it_was_is_no_edit():
    me = Player(RUN, 300)
    me.set(agent=replace(me.agent, epsilon=0.9))
    me.set(agent=replace(me.agent, epsilon=0.3))
    assert me.timeline == RUN


def test_too_many_edits_leave_a_note_and_nothing_else():
    run = RUN
    for step in range(1, MAX_EDITS + 1):
        run = run.edited(step * 3, epsilon=step / 200)
    me = Player(run, 1000)
    me.set(agent=replace(me.agent, alpha=0.77))
    assert me.timeline == run and me.t == 1000 and me.note.count(".") == 1 and "100 edits" in me.note
    assert me.pending is None and me.agent.alpha == 0.1


def test_a_world_of_other_states_starts_anew_even_while_playing():
    me = Player(RUN, 300, playing=True)
    me.set(env=CliffWalking())
    assert (me.timeline, me.t, me.pending) == (Timeline(CliffWalking(), RUN.agent, 5), 0, None)


def test_the_same_shape_is_not_the_same_world():
    me = Player(RUN, 300)
    me.set(env=GridWorld(map="S.../..../..../...G"))
    assert me.t == 0 and me.timeline.edits == () and me.note


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), 1.5, -0.1, None, "x", True, 10**400])
def test_a_value_that_a_knob_cannot_have_leaves_one_sentence_and_nothing_else(value):
    me = Player(RUN, 300)
    me.turn("agent", "epsilon", value)
    assert me.timeline == RUN and me.t == 300
    assert me.note.startswith("This cannot be set: epsilon must be")


def test_a_map_that_cannot_be_played_leaves_one_sentence_and_nothing_else():
    run = Timeline(GridWorld(), QLearning(), 1)
    me = Player(run, 40)
    me.turn("env", "map", "S..")
    assert me.timeline == run and me.t == 40 and me.note == "This cannot be set: the map has no goal G."


def test_a_knob_that_the_world_does_not_have_any_more_is_passed_over():
    me = Player(RUN, 300)
    me.turn("env", "slip", 0.5)
    assert me.timeline == RUN and me.note is None


@pytest.mark.parametrize("seed", [-1, MAX_SEED + 1, 2.5, "7"])
def test_a_seed_that_cannot_be_leaves_one_sentence_and_nothing_else(seed):
    me = Player(RUN, 300)
    me.restart(seed)
    assert (me.timeline, me.t) == (RUN, 300) and "seed" in me.note


def test_another_run_opens_as_its_link_would():
    me = Player(RUN, 300, entry=(0, 0), note="old")
    view = from_query_string("v=1&env=cliff&seed=3&t=100&end=700")
    me.open(view)
    assert (View(me.timeline, me.t, me.end), me.entry, me.note) == (view, None, None)


def test_the_ledger_shown_ends_at_the_moment_shown():
    me = Player(RUN, 400, entry=(0, 1))
    rows = me.data()["ledger"]["rows"]
    assert rows and all(step < 400 for step, *_ in rows)
    assert me.data()["ledger"]["total"] == RUN.at(400).memory.visits[0, 1]


def test_a_hundred_edits_can_be_looked_at():
    run = RUN
    for step in range(1, MAX_EDITS + 1):
        run = run.edited(step * 3, epsilon=step / 200)
    data = Player(run, 250).data()
    assert len(data["marks"]) == MAX_EDITS
    assert np.array_equal(unpacked(data["values"])[:64].reshape(16, 4), run.at(data["t0"]).memory.q)


def test_steps_are_sent_for_one_map_at_a_time():
    world = GridWorld()
    painted = world.map.replace(".", "#", 1)
    me = Player(Timeline(world, QLearning(alpha=0.5), 3).edited(400, GridWorld(map=painted)), 380)
    assert me.sent[1] == 400
    assert me.data()["world"]["cells"] == world.grid.cells
    before = me.run_id
    hear(me, {"seq": 1, "kind": "more", "t": 400})
    assert me.sent[0] == 400
    assert me.run_id != before
    assert me.data()["world"]["cells"] == GridWorld(map=painted).grid.cells
