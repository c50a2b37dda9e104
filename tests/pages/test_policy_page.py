"""The page of policy gradients: three scales, one seat; what each sends to the stage, and what its charts show."""

from urllib.parse import parse_qsl

import numpy as np
import pytest

from pages.parts.arrival import open_player
from pages.parts.events import hear
from pages.parts.policy.network_charts import EPISODE, TRAINING
from pages.parts.policy.player import OTHER_NET, PolicyPlayer
from pages.parts.policy.scales import ARROW, NETWORK, SCALES, TABLE, scale_of
from rl.agents import AGENTS
from rl.agents.neural.ppo import PPO
from rl.agents.policy.ascent import Ascent
from rl.envs.grid_world import GridWorld
from rl.envs.short_corridor import ShortCorridor
from rl.link import View, from_query_string, to_query_string
from rl.timeline import Timeline
from tests.pages.app import each_move, move, opened, paused, player, tabs, unharmed
from tests.pages.unpack import unpacked

PAGE = "pages/policy_gradient.py"
SMALL = "v=1&env=cart&agent=ppo,width:8,steps:64,batch:32,epochs:2&seed=1&t=700"
CORRIDOR = "v=1&env=corridor&agent=ascent,sees:nothing&seed=1&t=4"
QUERIES = {"arrow": CORRIDOR,
           "arrow of states": "v=1&env=grid,map:S../..G&agent=ascent,gamma:0.9,follows:a sample&seed=1&t=4",
           "endless": "v=1&env=corridor&agent=ascent,sees:nothing,preference:4,gamma:1,alpha:10&seed=1&t=4",
           "table": "v=1&env=lake&agent=baseline,alpha:0.5&seed=1&t=300", "network": SMALL,
           "acrobot": "v=1&env=acrobot,horizon:60&agent=netac,width:8&seed=1&t=300"}
CHOICES = {"Episode": {"policy.episode": EPISODE}, "Training": {"policy.training": TRAINING}}


pytestmark = pytest.mark.usefixtures("few_seeds")


def at_scale(query):
    at = opened(PAGE)
    paused(at, query, PAGE)
    return at


def test_every_agent_that_learns_a_policy_by_itself_is_on_the_page_at_one_scale():
    mine = [kind for scale in SCALES for kind in scale.kinds]
    assert len(mine) == len(set(mine))
    assert set(mine) == {kind for kind in AGENTS.values() if kind.learns == "pi" and kind.title != "You"
                         and kind.family != "market"}
    assert all(scale_of(kind()) is scale for scale in SCALES for kind in scale.kinds)


def test_each_scale_keeps_its_run_as_it_was_left():
    me = PolicyPlayer(ARROW.preset.timeline, 3, 3)
    me.choose_scale("A network")
    assert me.scale is NETWORK and me.timeline == NETWORK.preset.timeline and me.playing
    me.look_at(123)
    me.choose_scale("A table")
    assert me.scale is TABLE and me.t == TABLE.preset.t and me.speed == TABLE.speed
    me.choose_scale("A network")
    assert (me.t, me.end, me.autoplay) == (123, 6000, False)
    me.choose_scale("An arrow")
    assert (me.timeline, me.t) == (ARROW.preset.timeline, 3)
    me.choose_scale("no such thing")
    assert me.scale is ARROW


def test_a_task_of_another_scale_leaves_the_run_of_this_one_where_it_was():
    me = PolicyPlayer(ARROW.preset.timeline, 3, 3)
    me.open(from_query_string(SMALL))
    assert me.scale is NETWORK and me.speed == NETWORK.speed
    me.choose_scale("An arrow")
    assert (me.timeline, me.t) == (ARROW.preset.timeline, 3)


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_a_link_opens_its_scale_and_says_the_same_again(query):
    me = open_player(dict(parse_qsl(query)), ARROW.preset, PolicyPlayer)
    assert me.note is None and from_query_string(to_query_string(me.shown)) == View(me.timeline, me.t, me.end)


def test_a_policy_that_is_a_point_is_sent_as_one_with_what_lies_around_it():
    me = PolicyPlayer(Timeline(ShortCorridor(), Ascent(sees="nothing"), 1), 5, 5)
    sent = me.data()
    world, moments = sent["world"], sent["moments"]
    assert (world["kind"], world["actions"], world["grid"]) == ("landscape", 2, 200)
    best = unpacked(world["points"], -1, 2)[np.nanargmax(unpacked(world["worth"]))]
    assert abs(best[1] - (2 - 2**0.5)) < 0.005 and abs(world["top"] + 11.657) < 0.001  # S&B example 13.1
    assert [mark["text"] for mark in world["marks"]] == ["ε-greedy left: −82.1", "ε-greedy right: −44.2"]
    pi = unpacked(moments["pi"], -1, 2)
    assert len(pi) == sent["t1"] - sent["t0"] + 1
    assert np.allclose(pi[5 - sent["t0"]], me.timeline.at(5).memory.pi[0])


def test_two_points_stand_beside_each_other_on_landscapes_of_their_own():
    me = PolicyPlayer(ARROW.preset.timeline, 12, 12)
    me.keep()
    me.look_at(5)
    me.turn("agent", "alpha", 1.0)
    me.compare(me.tree.branches[0].key)
    beside = me.data()["beside"]
    assert beside["world"]["kind"] == "landscape" and beside["t1"] == me.sent[1]
    assert len(unpacked(beside["moments"]["pi"], -1, 3)) == beside["t1"] - beside["t0"] + 1


def test_what_is_skipped_of_an_ascent_are_steps_and_they_are_there_at_once():
    me, event = PolicyPlayer(ARROW.preset.timeline, 12, 12), {"n": 1000, "t": 12, "playing": False, "kind": "episodes"}
    hear(me, {**event, "seq": 1, "run": me.run_id, "stamp": me.stamp})
    assert (me.ack, me.t, me.end) == (1, 1012, 1012) and me.sent[0] <= 1012 <= me.sent[1]
    hear(me, {**event, "n": 10**6, "t": 1012, "seq": 2, "run": me.run_id, "stamp": me.stamp})
    assert me.t == 1012
    me = PolicyPlayer(TABLE.preset.timeline, 12, 12)
    hear(me, {**event, "n": 2, "seq": 1, "run": me.run_id, "stamp": me.stamp})
    assert me.timeline.at(me.t).episode == 2


def test_a_policy_for_every_state_is_sent_as_a_map():
    me = PolicyPlayer(Timeline(GridWorld(map="S../..G"), Ascent(gamma=0.9), 1), 5, 5)
    assert me.data()["world"]["kind"] == "grid" and "moments" not in me.data()


def test_a_body_is_sent_with_the_chances_its_actions_were_drawn_by():
    me = PolicyPlayer(from_query_string(SMALL).timeline, 700, 700)
    sent = me.data()
    chance, body = (unpacked(sent["moments"][name], -1, n) for name, n in (("chance", 2), ("body", 4)))
    log, i = me.timeline.steps(sent["t0"], sent["t1"]), 700 - sent["t0"]
    assert sent["world"] == {"kind": "body", "body": "cart", "tie": 0}
    assert np.allclose(chance[np.arange(1, len(log) + 1), log.action], log.chance, atol=1e-6)
    assert np.allclose(body[i], me.timeline.at(700).memory.body, atol=1e-6)


def test_another_network_begins_anew_and_says_so():
    me = PolicyPlayer(from_query_string(SMALL).timeline, 700, 700)
    me.turn("agent", "alpha", 0.01)
    assert me.t == 700 and me.timeline.edits[0].step == 700
    me.turn("agent", "width", 16)
    assert (me.t, me.timeline.edits, me.note) == (0, (), OTHER_NET) and me.agent.width == 16 and me.agent.alpha == 0.01


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_every_chart_of_every_scale_can_be_drawn(query):
    at = at_scale(query)
    for key, label in [tab for tab in tabs(at) if tab[0].startswith("policy.")]:
        at.session_state[key] = label
        unharmed(at.run())
        for choice, names in CHOICES.get(label, {}).items():
            for name in names:
                at.session_state[choice] = name
                unharmed(at.run())
    assert player(at, PAGE).note is None


@pytest.mark.parametrize("query", [QUERIES["table"], SMALL], ids=["table", "network"])
def test_every_knob_of_a_scale_can_be_moved(query):
    at = at_scale(query)

    def wanted(key, value):
        return key.startswith("agent.") or (key.startswith("world.") and not isinstance(value, float | int))

    for _, key, value in each_move(at, query, PAGE, wanted):
        unharmed(move(at, key, value))


def test_heavy_settings_are_cut_short_and_not_waited_for():
    heavy = Timeline(NETWORK.preset.timeline.env, PPO(width=128, layers=3, epochs=20), 1)
    light = Timeline(NETWORK.preset.timeline.env, PPO(), 1)
    assert heavy.last < 20_000 < 200_000 < light.last
