"""What the stage says, and what comes of it: one kind of event after the other, without a browser."""

from dataclasses import replace

import numpy as np
import pytest

from pages.parts.events import REACTIONS, hear
from pages.parts.player import Player
from rl.agents.control.q_learning import QLearning
from rl.dice import MAX_SEED
from rl.envs.frozen_lake import FrozenLake
from rl.envs.grid_world import GridWorld
from rl.timeline import MAX_STEP, Timeline
from tests.pages.saying import say
from tests.pages.unpack import unpacked

RUN = Timeline(FrozenLake(), QLearning(epsilon=0.3), 5)


@pytest.mark.parametrize("kind", ["at", "here", *REACTIONS, "?"])
def test_every_event_is_acknowledged_and_notes_where_the_learner_is(kind):
    me = Player(RUN, 100)
    say(me, kind, 130, playing=True, view="visits", speed=30)
    assert (me.ack, me.playing, me.view, me.speed) == (1, True, "visits", 30)
    assert me.end >= 130 or kind in ("restart", "seed")


def test_an_event_that_comes_twice_counts_once():
    me = Player(RUN, 100)
    event = {"kind": "seed", "seq": 1, "t": 100}
    hear(me, event)
    hear(me, event)
    assert me.timeline.seed == 6 and me.ack == 1


def test_an_event_older_than_the_last_one_is_passed_over():
    me = Player(RUN, 100)
    hear(me, {"kind": "at", "seq": 5, "t": 100})
    hear(me, {"kind": "restart", "seq": 4, "t": 100})
    assert (me.t, me.ack) == (100, 5)


def test_the_server_does_not_move_the_playhead_of_a_stage_that_says_where_it_is():
    me = Player(RUN, 100)
    say(me, "at", 103)
    assert me.data()["at"] is None and me.data()["playing"] is None


def test_more_goes_on_where_the_last_stretch_ended():
    me, whole, t = Player(RUN, 100), RUN.steps(0, 4000), 100
    for _ in range(8):
        end = me.sent[1]
        t = end - 5
        say(me, "more", t, playing=True, speed=40)
        data = me.data()
        assert data["t0"] <= t <= end < data["t1"] and data["at"] is None  # no gap, and the learner's moment in it
        assert np.array_equal(unpacked(data["steps"]["state"]), whole.state[data["t0"] : data["t1"]])
        assert np.array_equal(unpacked(data["values"])[:64].reshape(16, 4), RUN.at(data["t0"]).memory.q)


def test_more_from_somewhere_else_is_sent_around_there():
    me = Player(RUN, 100)
    say(me, "more", 3000)
    assert me.sent[0] < 3000 < me.sent[1]


def test_more_at_the_very_end_of_a_run_has_nothing_new_and_is_harmless():
    me = Player(RUN, MAX_STEP)
    say(me, "more", MAX_STEP)
    assert me.sent[1] == MAX_STEP and me.data()["t1"] == MAX_STEP


def test_a_faster_stage_is_sent_more():
    slow, fast = Player(RUN, 100), Player(RUN, 100)
    say(slow, "jump", 100, speed=8)
    say(fast, "jump", 100, speed=2000)
    assert fast.sent[1] - 100 >= 4 * 2000 > slow.sent[1] - 100


@pytest.mark.parametrize("n", [1, 10, 100, 1000])
def test_fast_forward_ends_exactly_with_the_last_episode(n):
    me = Player(RUN, 100)
    say(me, "episodes", 100, n=n)
    ends = RUN.episodes(me.t).end
    assert ends[-1] == me.t == me.end and (ends > 100).sum() == n and me.note is None


def test_back_goes_to_the_beginning_of_the_episode_and_then_of_the_one_before():
    ends = RUN.episodes(400).end
    me = Player(RUN, int(ends[-1]) + 1)
    for expected in [*ends[::-1][:5].tolist()]:
        say(me, "episodes", me.t, n=-1)
        assert me.t == expected
    me.look_at(3)
    say(me, "episodes", 3, n=-1)
    assert me.t == 0


def test_an_episode_that_never_ends_stops_the_fast_forward_with_a_note():
    me = Player(Timeline(GridWorld(map="S" + "." * 40 + "G", step_reward=1.0), QLearning(epsilon=0.0), 1))
    say(me, "episodes", 0, n=10)
    assert 0 < me.t <= MAX_STEP and "does not come to an end" in me.note
    say(me, "at", me.t)
    assert me.note  # it can still be read after the stage has said where it is
    say(me, "jump", 5)
    assert me.note is None


def test_the_ledger_opens_follows_and_closes():
    me = Player(RUN, 100)
    say(me, "cell", 100, state=4, action=2)
    assert me.entry == (4, 2) and me.data()["ledger"]["action"] == 2
    say(me, "jump", 600)
    assert me.data()["ledger"]["total"] == RUN.at(600).memory.visits[4, 2]
    say(me, "close", 600)
    assert me.data()["ledger"] is None


@pytest.mark.parametrize("place", [{"state": 16, "action": 0}, {"state": 0, "action": 4}, {"state": -1, "action": 0}])
def test_a_cell_that_does_not_exist_opens_no_ledger(place):
    me = Player(RUN, 100)
    say(me, "cell", 100, **place)
    assert me.entry is None


def test_start_over_and_new_seed_keep_the_settings_and_forget():
    me = Player(RUN.edited(50, alpha=0.7), 100, entry=(0, 0))
    say(me, "restart", 100)
    assert (me.timeline, me.t, me.entry) == (Timeline(FrozenLake(), QLearning(epsilon=0.3, alpha=0.7), 5), 0, None)
    say(me, "seed", 0)
    assert me.timeline.seed == 6


def test_after_the_last_seed_comes_the_first():
    me = Player(replace(RUN, seed=MAX_SEED), 100)
    say(me, "seed", 100)
    assert me.timeline.seed == 0 and me.note is None


def test_a_speed_or_a_view_that_cannot_be_is_passed_over():
    me = Player(RUN, 100)
    for speed in (float("nan"), float("inf"), -1, 0, "8", None, 10**400):
        say(me, "at", 100, speed=speed, view=["visits"])
    assert (me.speed, me.view) == (8.0, None) and me.ack == 7


def at(me, kind, t, **more):
    """Says something as the stage would that shows what the server sent it last."""
    event = {"seq": me.ack + 1, "kind": kind, "t": t, "run": me.run_id, "stamp": me.stamp, **more}
    return lambda: hear(me, event)


@pytest.mark.parametrize("kind", ["more", "at", "here", "jump", "episodes"])
def test_what_was_said_before_the_page_placed_the_learner_moves_nobody(kind):
    me = Player(RUN, 30_000)
    late = at(me, kind, 30_020, n=1, to=10)
    me.restart()
    late()
    assert (me.t, me.end, me.at, me.ack) == (0, 0, 0, 1)


def test_a_ledger_asked_for_late_still_opens():
    me = Player(RUN, 500)
    late = at(me, "cell", 510, state=1, action=2)
    me.restart()
    late()
    assert (me.entry, me.t) == ((1, 2), 0)


def test_a_jump_under_a_waiting_knob_edits_where_the_learner_was():
    me = Player(RUN, 500, playing=True)
    me.turn("agent", "epsilon", 0.9)
    at(me, "jump", 520, to=0, playing=True)()
    assert [edit.step for edit in me.timeline.edits] == [520]
    assert me.t == 0


def test_an_impossible_moment_is_acknowledged_so_that_the_stage_goes_on():
    me = Player(RUN, 500)
    at(me, "at", MAX_STEP + 1)()
    assert (me.ack, me.t) == (1, 500)


@pytest.mark.parametrize("event", ["", "text", 3, None, [1]])
def test_what_is_no_event_is_passed_over(event):
    me = Player(RUN, 500)
    hear(me, event)
    assert me.t == 500


def test_a_stage_mounted_anew_gets_the_steps_around_the_learner():
    me = Player(RUN, 500)
    at(me, "more", 530)()
    assert me.sent[0] <= 530 <= me.sent[1]
    at(me, "at", 380)()
    data = me.data()
    assert data["t0"] <= data["t"] == 380 <= data["t1"]
