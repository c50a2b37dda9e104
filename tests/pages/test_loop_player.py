"""A seat at the loop page, without Streamlit: watching, acting and predicting, and whatever the stage may say."""

from dataclasses import replace
from urllib.parse import parse_qsl

import numpy as np
import pytest

from pages.loop import PRESET
from pages.parts.arrival import open_player
from pages.parts.events import hear
from pages.parts.loop.player import LEARNERS, MODES, PEOPLE, PLAY, PREDICT, WATCH, LoopPlayer
from rl.agents.control.q_learning import QLearning
from rl.agents.human import LETTERS, MOST_MOVES, Human
from rl.agents.pilot import Pilot
from rl.envs import WORLDS
from rl.envs.cart_pole import CartPole
from rl.envs.cliff_walking import CliffWalking
from rl.envs.frozen_lake import FrozenLake
from rl.envs.taxi import Taxi
from rl.link import from_query, from_query_string
from rl.timeline import Timeline
from tests.pages.saying import say

RUN = Timeline(FrozenLake(), QLearning(alpha=0.5, epsilon=0.3), 5)
PLACES = [kind for kind in WORLDS.values() if kind.family in PEOPLE]


def acting(env=None, moves="", **more):
    """Somebody who acts, and has done so far what ``moves`` says."""
    env = env or FrozenLake()
    return LoopPlayer(Timeline(env, PEOPLE[env.family](moves), 5), len(moves), **more)


def opened(query):
    return open_player(dict(parse_qsl(query)), PRESET, LoopPlayer)


def test_every_step_that_is_sent_has_its_phases():
    me = LoopPlayer(RUN, 100)
    data = me.data()
    assert len(data["notes"]) == data["t1"] - data["t0"] > 0
    assert all(len(note["says"]) == 6 and len(note["row"]) == len(note["chances"]) == 4 for note in data["notes"])


def test_watching_and_predicting_are_two_ways_to_look_at_one_run():
    me = LoopPlayer(RUN, 100)
    for mode in (PREDICT, WATCH, PREDICT):
        me.choose_mode(mode)
        assert (me.mode, me.timeline, me.t) == (mode, RUN, 100)


@pytest.mark.parametrize("was", [WATCH, PREDICT])
def test_acting_begins_a_new_run_and_so_does_ending_it(was):
    me = LoopPlayer(RUN, 100, mode=was)
    me.choose_mode(PLAY)
    assert (me.timeline, me.t) == (Timeline(FrozenLake(), Human(), 5), 0)
    say(me, "move", 0, action=1)
    me.choose_mode(was)
    assert (me.mode, me.timeline, me.t) == (was, Timeline(FrozenLake(), QLearning(), 5), 0)


@pytest.mark.parametrize("mode", ["", "sleep", None])
def test_a_mode_that_does_not_exist_is_passed_over(mode):
    me = LoopPlayer(RUN, 100)
    me.choose_mode(mode)
    assert (me.mode, me.timeline, me.t) == (WATCH, RUN, 100)


def test_moves_at_the_end_go_on():
    me = acting()
    for t, action in enumerate([1, 2, 2, 0]):
        say(me, "move", t, action=action)
        assert me.t == me.end == me.timeline.last == me.data()["t1"] == t + 1
    assert me.timeline == Timeline(FrozenLake(), Human("1220"), 5)
    assert me.made == me.data()["loop"]["made"] == 4


def test_a_move_at_an_earlier_moment_leaves_the_later_ones_behind():
    me = acting(moves="122013")
    say(me, "move", 2, action=3)
    assert (me.timeline.agent.moves, me.t, me.end) == ("123", 3, 3)


@pytest.mark.parametrize("kind", PLACES, ids=lambda kind: kind.slug)
def test_every_action_of_every_world_can_be_taken_and_no_other(kind):
    me = acting(kind())
    n = kind().shape[1]
    for action in [*range(n), -1, n, 62, 10**9]:
        say(me, "move", me.t, action=action)
    assert me.timeline.agent.moves == LETTERS[:n]


def test_moves_after_a_setting_was_changed_go_on_under_it():
    me = acting(moves="1220")
    me.set(agent=replace(me.agent, alpha=0.9))
    say(me, "move", 4, action=1)
    say(me, "move", 5, action=3)
    assert (me.t, me.timeline.last, me.timeline.settings(5).agent) == (6, 6, Human("122013", alpha=0.9))
    assert me.timeline.steps(0, 6).action.tolist() == [1, 2, 2, 0, 1, 3]
    say(me, "move", 2, action=0)
    assert me.timeline == Timeline(FrozenLake(), Human("120"), 5)


def test_a_setting_changed_at_an_earlier_moment_leaves_the_later_moves_behind():
    me = acting(moves="122013")
    say(me, "at", 3)
    me.set(agent=replace(me.agent, alpha=0.9))
    assert "the 3 later steps were left behind" in me.note
    assert (me.timeline.last, me.timeline.settings(3).agent.moves[:3]) == (3, "122")


def test_a_person_who_starts_over_has_done_nothing_and_acts_still():
    for how in ("restart", "seed"):
        me = acting(moves="122", fog=True)
        say(me, how, 3)
        assert me.timeline == Timeline(FrozenLake(), Human(), 5 + (how == "seed"))
        assert (me.mode, me.fog, me.t) == (PLAY, True, 0)


@pytest.mark.parametrize("mode", MODES)
def test_any_world_can_be_entered_in_any_mode_and_left_again(mode):
    me = LoopPlayer(RUN, 100)
    me.choose_mode(mode)
    for kind in [*PLACES, *PLACES[::-1]]:
        me.enter(kind())
        people = PEOPLE if mode == PLAY else LEARNERS
        assert (type(me.env), type(me.agent), me.mode, me.t) == (kind, people[kind.family], mode, 0)
        assert me.data()["n_actions"] == kind().shape[1]
        say(me, "move", 0, action=1)
        assert me.t == (1 if mode == PLAY else 0)


def test_another_world_keeps_the_settings_of_an_agent_who_can_play_it_too():
    me = LoopPlayer(RUN, 100)
    me.enter(CliffWalking())
    assert me.agent == RUN.agent
    me.choose_mode(PLAY)
    me.set(agent=replace(me.agent, alpha=0.9))
    me.enter(Taxi())
    assert me.agent == Human(alpha=0.9)


def test_the_last_move_of_all_leaves_a_note():
    me = acting(moves="0" * MOST_MOVES)
    say(me, "move", MOST_MOVES, action=1)
    assert me.t == MOST_MOVES == me.timeline.last and "start over" in me.note
    assert me.data()["t1"] == MOST_MOVES


def test_nobody_moves_who_does_not_act():
    for mode in (WATCH, PREDICT):
        me = LoopPlayer(RUN, 100, mode=mode)
        say(me, "move", 100, action=1)
        assert me.timeline == RUN


def test_a_prediction_counts_once_for_each_step_of_a_run():
    me = LoopPlayer(RUN, 100, mode=PREDICT)
    for said in (7.0, 7.0, 0.0):
        say(me, "guess", 100, step=99, said=said)
    say(me, "guess", 100, step=98, said=7.0)
    assert [(guess.t, guess.said) for guess in me.guesses] == [(99, 7.0), (98, 7.0)]
    say(me, "seed", 100)
    say(me, "jump", 0, to=100)
    say(me, "guess", 100, step=99, said=7.0)
    assert len(me.guesses) == 3


def test_verdicts_are_those_of_the_run_that_is_shown():
    me = LoopPlayer(RUN, 100, mode=PREDICT)
    say(me, "guess", 100, step=99, said=7.0)
    assert list(me.data()["loop"]["guesses"]) == ["99"]
    say(me, "seed", 100)
    say(me, "jump", 0, to=100)
    assert me.data()["loop"]["guesses"] == {}
    say(me, "guess", 100, step=99, said=0.0)
    mine = me.data()["loop"]["guesses"]
    me.restart(5)
    assert me.data()["loop"]["guesses"]["99"] != mine["99"]
    assert me.data()["loop"]["guesses"]["99"]["says"] == me.guesses[0].says


def test_another_question_gets_another_kind_of_answer():
    me = LoopPlayer(RUN, 100, mode=PREDICT, question="action")
    say(me, "guess", 100, step=99, said=3)
    (guess,) = me.guesses
    best = np.flatnonzero((row := RUN.at(100).memory.q[RUN.steps(99, 100).state[0]]) == row.max())
    assert (guess.question, guess.right) == ("action", 3 in best)


ODD = [None, "", "x", "1", 1.5, -1, 36, 10**9, 10**400, float("nan"), float("inf"), [], {}, [1], True, False]


@pytest.mark.parametrize("value", ODD, ids=repr)
def test_whatever_the_stage_says_nothing_breaks(value):
    for me in (LoopPlayer(RUN, 100, mode=PREDICT), LoopPlayer(RUN, 100, mode=PREDICT, question="action"),
               acting(moves="122"), acting(CartPole(), "01")):
        before = me.timeline
        say(me, "move", me.t, action=value)
        assert me.timeline == before or value in (True, False)
        say(me, "guess", me.t, step=value, said=0.5)
        say(me, "guess", me.t, step=1, said=value)
        say(me, "guess", me.t)
        say(me, "move", me.t)
        say(me, "move", value, action=1)
        me.data()


def test_a_prediction_that_cannot_be_judged_leaves_a_note():
    me = LoopPlayer(RUN, 100, mode=PREDICT)
    say(me, "guess", 100, step=99, said=float("nan"))
    assert me.guesses == () and me.note.startswith("This was not kept: a prediction is a number")
    say(me, "guess", 100, step=99, said=0.5)
    assert len(me.guesses) == 1


def test_fog_shows_where_a_person_has_been_and_nothing_else():
    me = acting(moves="1" * 4, fog=True)
    log = me.timeline.steps(0, 4)
    assert set(me.data()["loop"]["fog"]) == {*log.state.tolist(), *log.next_state.tolist()}
    say(me, "at", 0)
    assert me.data()["loop"]["fog"] == [0]
    me.fog = False
    assert me.data()["loop"]["fog"] is None
    watching = LoopPlayer(RUN, 100, fog=True)
    assert watching.data()["loop"]["fog"] is None and "fog" not in watching.data()["share"]


def test_fog_lifts_from_the_start_of_the_next_episode():
    me = acting(Taxi(), "0" * 200, fog=True)
    assert me.timeline.at(200).episode == 1
    assert int(me.timeline.at(200).clock.counts[1]) in me.data()["loop"]["fog"]


@pytest.mark.parametrize(("query", "mode", "fog"), [
    ("v=1&env=lake&agent=q&seed=3&t=20", WATCH, False),
    ("v=1&env=lake&agent=q&seed=3&t=20&mode=predict", PREDICT, False),
    ("v=1&env=lake&agent=human,moves:1221&seed=3&t=4", PLAY, False),
    ("v=1&env=lake&agent=human,moves:1221&seed=3&t=4&fog=1", PLAY, True),
    ("v=1&env=lake&agent=human,moves:1221&seed=3&t=4&mode=predict", PLAY, False),
    ("v=1&env=cartpole&agent=pilot,moves:0101&seed=3&t=2", PLAY, False),
    ("v=1&env=lake&agent=q&t=20&mode=play", WATCH, False), ("v=1&env=lake&agent=q&t=20&mode=x&fog=x", WATCH, False)])
def test_a_link_opens_in_its_mode_and_standing_still(query, mode, fog):
    me = opened(query)
    view = from_query_string(query)
    assert (me.mode, me.fog, me.timeline, me.t, me.note) == (mode, fog, view.timeline, view.t, None)
    assert me.data()["playing"] in (False, None) and not me.playing


@pytest.mark.parametrize("query", [
    "v=1&env=lake&agent=q,alpha:0.5&seed=3&t=20", "v=1&env=lake&agent=q&seed=3&t=20&mode=predict",
    "v=1&env=taxi&agent=human,moves:012345&seed=3&t=4&fog=1", "v=1&env=cartpole&agent=pilot,moves:0101&seed=3&t=2"])
def test_what_is_shared_opens_the_same(query):
    me = opened(query)
    again = opened(f"{me.data()['share']}&t={me.t}")
    assert (again.mode, again.fog, again.timeline, again.t) == (me.mode, me.fog, me.timeline, me.t)


@pytest.mark.parametrize("query", [
    "v=1&env=bandit&agent=ucb&t=5", "v=1&env=bandit&agent=hand,pulls:012", "v=1&env=lake&agent=human,moves:9",
    "v=1&env=bandit,arms:2&agent=hand,pulls:9", "v=1&env=cartpole&agent=human", "v=1&env=lake&agent=pilot",
    "v=1&env=lake&agent=human,moves:01&edits=1,moves:0999"])
def test_a_link_to_something_else_shows_the_usual_start(query):
    me = opened(query)
    assert me.note.endswith("Here is the usual start instead.") and me.timeline == PRESET.timeline
    for mode in (PLAY, PREDICT, WATCH):
        me.choose_mode(mode)
        me.data()


def test_a_person_taking_over_in_mid_run_can_go_on():
    me = opened("v=1&env=lake&agent=q,alpha:0.5&seed=3&edits=4,agent:human,moves:000011&t=6")
    assert (me.mode, me.timeline.last) == (PLAY, 6)
    say(me, "move", 6, action=2)
    assert (me.t, me.timeline.settings(6).agent.moves) == (7, "0000112")
    say(me, "move", 2, action=2)  # not yet theirs
    assert (me.t, me.timeline.edits[0].step) == (2, 4)
    before = Timeline(FrozenLake(), QLearning(alpha=0.5), 3).steps(0, 4)
    assert np.array_equal(me.timeline.steps(0, 4).action, before.action)


def test_a_task_that_opens_a_persons_run_is_acted_in_and_one_that_does_not_is_watched():
    me = LoopPlayer(RUN, 100, mode=PREDICT)
    me.open(from_query({"v": "1", "env": "cliff", "agent": "human,moves:01", "t": "2"}))
    assert me.mode == PLAY
    me.open(from_query({"v": "1", "env": "cliff", "agent": "q", "t": "2"}))
    assert me.mode == WATCH


@pytest.mark.parametrize(("kind", "more"), [("move", {"action": 3}), ("guess", {"step": 3, "said": 0.5})])
def test_what_was_said_late_counts_for_nothing(kind, more):
    me = acting(moves="122")
    late = {"seq": me.ack + 1, "kind": kind, "t": 3, "run": me.run_id, "stamp": me.stamp, **more}
    me.restart()
    hear(me, late)
    assert (me.timeline, me.t, me.guesses, me.ack) == (Timeline(FrozenLake(), Human(), 5), 0, (), 1)


def test_an_event_that_comes_twice_is_one_move():
    me = acting()
    event = {"seq": 1, "kind": "move", "t": 0, "action": 2}
    hear(me, event)
    hear(me, event)
    assert me.timeline.agent.moves == "2"


def test_a_pole_is_sent_with_its_pictures_and_its_four_numbers():
    me = LoopPlayer(Timeline(CartPole(), LEARNERS["cart pole"](), 3), 10)
    notes = me.data()["notes"]
    assert notes[0]["frame"].startswith("data:image/png;base64,")
    assert all(note["after"].startswith("data:image/png;base64,") for note in notes)
    assert all(word in notes[5]["says"][0] for word in ("four numbers", " m,", " m/s", "°", " rad/s"))


def test_a_pole_without_moves_can_be_seen():
    me = acting(CartPole())
    assert isinstance(me.agent, Pilot) and me.data()["notes"] == []
    assert me.data()["t1"] == 0 and me.data()["still"].startswith("data:image/png;base64,")


def test_after_a_fall_the_next_pole_can_be_seen():
    me = acting(CartPole(), "1" * 40)
    end = int(me.timeline.episodes(40).end[0])
    me.look_at(end)
    data = me.data()
    fallen, upright = data["notes"][end - 1 - data["t0"]]["after"], data["notes"][end - data["t0"]]["frame"]
    assert fallen != upright
    me.open(from_query_string(f"v=1&env=cartpole&agent=pilot,moves:{'1' * end}&seed=5&t={end}"))
    assert me.data()["still"] == upright
