"""Whatever comes from outside, nothing breaks and nothing is lost: events of any content, and links of any text."""

import json
from urllib.parse import parse_qsl

from hypothesis import example, given, settings
from hypothesis import strategies as st

from pages.parts.arrival import open_player
from pages.parts.events import REACTIONS, hear
from pages.parts.player import Player
from rl.agents.control.q_learning import QLearning
from rl.envs.frozen_lake import FrozenLake
from rl.envs.grid_world import GridWorld
from rl.link import View, to_query
from rl.timeline import Timeline
from tests.strategies import timelines

PRESET = View(Timeline(FrozenLake(), QLearning(), 7), 150, 150)
numbers = st.integers() | st.floats() | st.sampled_from([0, 1, -1, 10, 1000, 2**53, 10**400])
values = st.recursive(st.none() | st.booleans() | numbers | st.text(), lambda inner: (
    st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4)), max_leaves=8)
fields = ("seq", "t", "kind", "n", "state", "action", "cells", "rewards", "keep", "speed", "view", "playing", "ask")
events = st.fixed_dictionaries({}, optional=dict.fromkeys(fields, values)) | st.dictionaries(st.text(), values)


@settings(max_examples=300)
@given(st.lists(st.tuples(st.sampled_from([*REACTIONS, "at", "here"]) | values, st.integers(0, 3000) | values, events),
                max_size=5), st.sampled_from([FrozenLake(), GridWorld()]), st.booleans())
def test_no_event_breaks_anything(said, world, playing):
    me = Player(Timeline(world, QLearning(), 7), 150, playing=playing)
    for kind, t, event in said:
        before = me.t, me.ack
        hear(me, event | {"kind": kind, "seq": me.ack + 1, "t": t})
        assert (me.t, me.ack) == before or me.ack == before[1] + 1
        json.dumps(me.data(), allow_nan=False)


@given(events)
def test_an_event_without_a_number_and_a_moment_changes_nothing(event):
    me = Player(PRESET.timeline, 150)
    stamp = me.stamp
    hear(me, {**event, "seq": None})
    assert me.ack == 0
    hear(me, {**event, "seq": 1, "t": None})
    assert (me.timeline, me.t, me.stamp) == (PRESET.timeline, 150, stamp)


@given(timelines(latest=400), st.integers(0, 500), st.integers(0, 900))
@settings(max_examples=50)
def test_a_good_link_opens_exactly_its_view(timeline, t, end):
    me = open_player(to_query(View(timeline, t, end)), PRESET)
    assert (me.timeline, me.t, me.end, me.note, me.autoplay) == (timeline, t, max(t, end), None, False)


GOOD = "v=1&env=grid,slip:0.5&agent=q,alpha:0.3&seed=3&edits=40,epsilon:0.9~90,env.step_reward:-1&t=60&end=100"


@settings(max_examples=500)
@given(st.lists(st.tuples(st.integers(0, len(GOOD)), st.integers(0, 8), st.text(max_size=4)), min_size=1, max_size=4))
def test_a_mangled_link_opens_something_and_says_in_one_sentence_what_is_wrong(cuts):
    text = GOOD
    for at, drop, add in cuts:
        text = text[:at] + add + text[at + drop :]
    opens_or_says_why(dict(parse_qsl(text)))


odd = st.sampled_from([
    "1", "grid", "q", "q,alpha:nan", "q,alpha:inf", "lake,success:-inf", "9" * 5000, "grid,map:",
    "5,epsilon:1~4,epsilon:0", "grid,rewards:0=1e999",
    "q,__class__:1", "-1", "1e3", "٣", "lake,size:9x9", "<script>", "grid,map:" + "S/" * 3000])
names = st.sampled_from(["v", "env", "agent", "seed", "edits", "t", "end", "view"])


@settings(max_examples=500)
@given(st.dictionaries(names, st.text() | odd))
@example({"v": "1", "edits": "9,env:grid,env.map:S.../..../..../...G"})  # another world with as many states
@example({"env": "grid,map:S%2F.G"})
@example({"env": "lake", "agent": "q,span:" + "9" * 400})
def test_no_link_is_a_traceback(query):
    opens_or_says_why(query)


def opens_or_says_why(query):
    me = open_player(query, PRESET)
    json.dumps(me.data(), allow_nan=False)
    if me.note is not None:
        assert (me.timeline, me.t, me.end) == PRESET and me.autoplay
        assert me.note.endswith("Here is the usual start instead.") and len(me.note) < 250 and "\n" not in me.note
