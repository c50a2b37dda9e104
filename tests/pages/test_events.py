"""What the stage says, and what comes of it: one kind of event after the other, without a browser."""

from dataclasses import replace

import numpy as np
import pytest

from pages.parts.events import hear
from pages.parts.player import Player
from rl.agents.q_learning import QLearning
from rl.dice import MAX_SEED
from rl.envs.cliff_walking import CliffWalking
from rl.envs.frozen_lake import FrozenLake
from rl.envs.grid_world import GridWorld
from rl.timeline import MAX_STEP, Timeline
from tests.pages.unpack import unpacked

RUN = Timeline(FrozenLake(), QLearning(epsilon=0.3), 5)


def say(me, kind, t, **more):
    hear(me, {"kind": kind, "seq": me.ack + 1, "t": t, "playing": False, "view": "values", "speed": 8} | more)


def playing(t=100, run=RUN):
    """A player whose stage plays."""
    me = Player(run, t)
    say(me, "at", t, playing=True)
    return me


@pytest.mark.parametrize("kind", ["at", "here", "more", "jump", "cell", "close", "episodes", "restart", "seed", "map", "?"])
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


def test_a_knob_moved_while_playing_asks_and_the_answer_says_where_the_edit_is():
    me = playing()
    me.set(agent=replace(me.agent, epsilon=0.9))
    assert me.timeline == RUN and me.data()["ask"] == 1 and me.agent.epsilon == 0.9
    say(me, "here", 137, playing=True, ask=1)
    assert me.timeline == RUN.edited(137, epsilon=0.9) and (me.t, me.end) == (137, 137)
    assert me.pending is None and me.data()["ask"] is None and me.data()["at"] == 137


def test_a_knob_moved_before_the_stage_has_spoken_asks_if_the_page_opened_playing():
    me = Player(RUN, 100, autoplay=True)
    me.set(agent=replace(me.agent, epsilon=0.9))
    say(me, "here", 117, playing=True)
    assert [edit.step for edit in me.timeline.edits] == [117]


def test_two_knobs_moved_at_once_while_playing_make_one_edit():
    me = playing()
    me.turn("agent", "epsilon", 0.9)
    me.turn("agent", "alpha", 0.8)
    me.turn("env", "success", 0.5)
    assert me.data()["ask"] == 3  # the last question counts: the stage answers each number once
    say(me, "here", 120, playing=True)
    assert me.timeline == RUN.edited(120, FrozenLake(success=0.5), epsilon=0.9, alpha=0.8)


def test_asking_for_more_while_a_knob_waits_makes_the_edit_and_sends_what_comes_after_it():
    me = playing()
    me.set(agent=replace(me.agent, epsilon=0.9))
    say(me, "more", 125, playing=True)
    assert me.timeline == RUN.edited(125, epsilon=0.9)
    assert me.sent[0] <= 125 < me.sent[1] and me.data()["at"] == 125


@pytest.mark.parametrize(("kind", "more"), [("restart", {}), ("seed", {}), ("episodes", {"n": 10}), ("jump", {})])
def test_nothing_that_happens_while_a_knob_waits_loses_it(kind, more):
    me = playing()
    me.set(agent=replace(me.agent, epsilon=0.9))
    say(me, kind, 125, **more)
    assert me.agent.epsilon == 0.9 and me.pending is None and me.ask is None


def test_more_goes_on_where_the_last_stretch_ended():
    me, whole, t = Player(RUN, 100), RUN.steps(0, 4000), 100
    for _ in range(8):
        end = me.sent[1]
        t = end - 5
        say(me, "more", t, playing=True, speed=40)
        data = me.data()
        assert data["t0"] == end < data["t1"] and data["at"] is None
        assert np.array_equal(unpacked(data["steps"]["state"]), whole.state[end : data["t1"]])
        assert np.array_equal(unpacked(data["q"], 16, 4), RUN.at(end).memory.q.astype(np.float32))


def test_more_from_somewhere_else_starts_there():
    me = Player(RUN, 100)
    say(me, "more", 3000)
    assert me.sent[0] == 3000 < me.sent[1]


def test_more_at_the_very_end_of_a_run_is_empty_and_harmless():
    me = Player(RUN, MAX_STEP)
    say(me, "more", MAX_STEP)
    assert me.sent == (MAX_STEP, MAX_STEP) and me.data()["t1"] == MAX_STEP


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
    stuck = Timeline(FrozenLake(), QLearning(), 1).edited(0, GridWorld(map="S" + "." * 40 + "G", step_reward=1.0), epsilon=0)
    me = Player(stuck)
    say(me, "episodes", 0, n=10)
    assert 0 < me.t <= MAX_STEP and "does not come to an end" in me.note
    say(me, "at", me.t)
    assert me.note is None  # said once


def test_the_ledger_opens_follows_and_closes():
    me = Player(RUN, 100)
    say(me, "cell", 100, state=4, action=2)
    assert me.entry == (4, 2) and me.data()["ledger"]["action"] == 2
    say(me, "jump", 600)
    assert me.data()["ledger"]["total"] == RUN.at(600).memory.visits[4, 2]
    say(me, "close", 600)
    assert me.data()["ledger"] is None


@pytest.mark.parametrize("place", [{"state": 16, "action": 0}, {"state": 0, "action": 4}, {"state": -1, "action": 0}, {}])
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
    assert (me.speed, me.view) == (8.0, "values") and me.ack == 7


def test_a_knob_that_waits_comes_along_to_another_world():
    me = playing()
    me.set(agent=replace(me.agent, epsilon=0.9))
    me.set(env=CliffWalking())
    say(me, "here", 120)
    assert me.timeline == Timeline(CliffWalking(), QLearning(epsilon=0.9), 5)
