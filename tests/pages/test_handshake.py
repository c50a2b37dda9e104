"""A knob moved while the stage plays: the server asks, and the edit is made at the moment the stage answers with."""

from dataclasses import replace

import pytest

from pages.parts.player import Player
from rl.agents.control.q_learning import QLearning
from rl.envs.cliff_walking import CliffWalking
from rl.envs.frozen_lake import FrozenLake
from rl.timeline import Timeline
from tests.pages.saying import say

RUN = Timeline(FrozenLake(), QLearning(epsilon=0.3), 5)


def playing(t=100, run=RUN):
    """A player whose stage plays."""
    me = Player(run, t)
    say(me, "at", t, playing=True)
    return me


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


def test_a_knob_that_waits_comes_along_to_another_world():
    me = playing()
    me.set(agent=replace(me.agent, epsilon=0.9))
    me.set(env=CliffWalking())
    say(me, "here", 120)
    assert me.timeline == Timeline(CliffWalking(), QLearning(epsilon=0.9), 5)
