"""The page of deep Q-networks: four places, one seat; harm on purpose, long ways in slices, its charts."""

import html
import json
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl

import numpy as np
import pytest

from pages.parts.arrival import open_player
from pages.parts.dqn import traveller
from pages.parts.dqn.harm import HARMS, in_force, label, press
from pages.parts.dqn.net_charts import MAPS, NO_BATCH
from pages.parts.dqn.places import PLACES, TABLE, place_of
from pages.parts.dqn.player import OTHER_NET, OTHER_START, STARTS, DqnPlayer
from pages.parts.dqn.training_charts import TRUTHS
from pages.parts.dqn.traveller import slice_of
from pages.parts.dqn.variants import VARIANTS, lines, value_of
from pages.parts.events import hear
from rl.agents.deep import learning, memory
from rl.agents.deep.memory import BATCH, FILLED
from rl.agents.dqn import DQN
from rl.deep_batch import batch_of
from rl.figures.deep import SAYS
from rl.link import View, from_query_string, to_query_string
from rl.replay import ENDED, EXTRA, REWARD
from rl.timeline import Timeline
from tests.pages.app import move, opened, paused, player, tabs, unharmed
from tests.pages.unpack import unpacked

PAGE = "pages/dqn.py"
NET = "agent=dqn,width:8,batch:8,capacity:200,warmup:40,span:200"
QUERIES = {
    "grid": f"v=1&env=grid,map:S../.%23./..G&{NET},n:2&seed=1&t=300",
    "cart": f"v=1&env=cart&{NET},draws:by error&seed=1&t=300",
    "mountaincar": f"v=1&env=mountaincar,horizon:60&{NET},double:on&seed=1&t=300",
    "acrobot": f"v=1&env=acrobot,horizon:60&{NET},dueling:on&seed=1&t=300",
}
SMALL, BODY = QUERIES["grid"], QUERIES["cart"]
LONG, SLICE = 3000, 400

pytestmark = pytest.mark.usefixtures("few_seeds")
BOTH = pytest.mark.parametrize("query", [SMALL, BODY], ids=["grid", "cart"])
EVERY = pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)


@pytest.fixture(scope="module")
def page():
    """The page, opened once: each test puts it where it wants it."""
    return opened(PAGE)


def seated(query):
    me = open_player(dict(parse_qsl(query)), TABLE.preset, DqnPlayer)
    assert me.note is None
    return me


def arrived(me):
    """Goes all the way, slice by slice, as the page does; returns how many slices that took."""
    slices = 0
    while me.way:
        me.go_on()
        slices += 1
    return slices


def says(me, kind, **event):
    event = {"t": me.t, "run": me.run_id, "stamp": me.stamp, "playing": False, **event}
    hear(me, {"seq": me.ack + 1, "kind": kind, **event})


# places -----------------------------------------------------------------------------------------------------------


@EVERY
def test_a_link_opens_its_place_and_says_the_same_again(query):
    me = seated(query)
    assert me.place.slug in query and from_query_string(to_query_string(me.shown)) == View(me.timeline, me.t, me.end)


def test_each_place_keeps_its_run_as_it_was_left():
    me = seated(SMALL)
    mine = me.timeline
    me.choose("CartPole")
    arrived(me)
    assert me.place.slug == "cart" and me.timeline == me.place.preset.timeline
    assert (me.t, me.speed, me.playing) == (me.place.preset.t, me.place.speed, True)
    me.playing = False
    me.look_at(123)
    me.choose("Grid world")
    assert (me.timeline, me.t, me.end, me.autoplay) == (mine, 300, 300, False)
    me.choose("CartPole")
    assert me.t == 123 and me.place.slug == "cart"
    me.choose("no such place")
    assert me.t == 123


@pytest.mark.parametrize("place", PLACES, ids=[place.slug for place in PLACES])
def test_every_place_has_a_trained_net_to_start_from(place):
    me = DqnPlayer(Timeline(place.env, DQN(width=8), 3), 20, 20)
    me.start_trained()
    assert me.note is None and me.timeline == Timeline(place.env, place.trained, 3)
    assert (me.t, me.playing, me.autoplay) == (0, True, True)
    start = me.timeline.at(0).memory
    assert start.counts[FILLED] == 0 and not np.array_equal(start.net, Timeline(
        place.env, replace(place.trained, start="new"), 3).at(0).memory.net)


def test_where_no_trained_net_fits_the_run_stays_and_the_page_says_why():
    me = seated(BODY)
    me.turn("agent", "start", "trained")
    assert me.timeline == seated(BODY).timeline and me.t == 300
    assert me.note and me.note.startswith("Not here: there is no trained net")


def test_a_trained_net_of_the_right_shape_begins_anew_and_says_so():
    me = DqnPlayer(Timeline(place_of(seated(BODY).env).env, replace(PLACES[1].trained, start="new"), 1), 30, 30)
    me.turn("agent", "start", "trained")
    assert me.t == 0 and me.agent.start == "trained" and me.note == OTHER_START.format(STARTS["trained"])


@pytest.mark.parametrize(("knob", "value"), [("width", 16), ("layers", 1), ("activation", "tanh"), ("dueling", "on")])
def test_another_network_begins_anew_and_says_so(knob, value):
    me = seated(BODY)
    me.turn("agent", "alpha", 0.002)
    assert me.t == 300 and me.timeline.edits[0].step == 300
    me.turn("agent", knob, value)
    assert (me.t, me.timeline.edits, me.note) == (0, (), OTHER_NET)
    assert getattr(me.agent, knob) == value and me.agent.alpha == 0.002


# harm on purpose --------------------------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("harm", HARMS, ids=[harm.slug for harm in HARMS])
def test_a_harm_is_an_edit_of_the_moment_and_can_be_undone(query, harm):
    me = seated(query)
    before = me.agent
    press(me, harm)
    assert in_force(me.agent, harm) and me.agent == replace(before, **{harm.knob: harm.value})
    assert [edit.step for edit in me.timeline.edits] == [300] and me.t == 300
    me.look_at(340)
    press(me, harm)
    assert me.agent == before and [edit.step for edit in me.timeline.edits] == [300, 340]


def test_what_a_harm_takes_away_is_gone_from_the_memory():
    me = seated(SMALL)
    assert np.count_nonzero(endings(me, 300)) > 3
    press(me, HARMS[0])
    assert me.timeline.at(300).memory.counts[FILLED] == 200 - np.count_nonzero(endings(seated(SMALL), 300))
    assert not endings(me, 300).any() and not endings(me, 400).any() and len(me.timeline.episodes(400)) > 3
    for slug, size in (("hundred", 100), ("memory", 1)):
        me = seated(SMALL)
        press(me, next(harm for harm in HARMS if harm.slug == slug))
        assert me.timeline.at(300).memory.rows.shape[0] == me.timeline.at(400).memory.counts[FILLED] == size


def endings(me, t):
    """Which of the transitions kept at a moment are terminal."""
    kept = me.timeline.at(t).memory
    return kept.rows[: kept.counts[FILLED], kept.rows.shape[1] - EXTRA + ENDED] == 1


def test_of_two_harms_of_one_knob_the_last_is_in_force_and_neither_is_what_it_goes_back_to():
    me, (hundred, one) = seated(SMALL), [harm for harm in HARMS if harm.knob == "capacity"]
    press(me, hundred)
    press(me, one)
    assert me.agent.capacity == 1 and not in_force(me.agent, hundred)
    press(me, one)
    assert me.agent.capacity == 200


def test_only_where_all_endings_are_failures_does_a_button_call_them_so():
    assert [label(HARMS[0], place.env) for place in PLACES] == [
        "Forget endings", "Forget failures", "Forget endings", "Forget endings"]


@BOTH
def test_the_buttons_of_the_page_do_it_and_set_it_back(page, query):
    for harm in HARMS:
        me = paused(page, query, PAGE)
        unharmed(move(page, f"harm.{harm.slug}"))
        assert in_force(me.agent, harm) and any(harm.does in caption.value for caption in page.caption)
        unharmed(move(page, f"harm.{harm.slug}"))
        assert not in_force(me.agent, harm) and not any(harm.does in caption.value for caption in page.caption)


# variants ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("variant", VARIANTS, ids=[variant.knob for variant in VARIANTS])
def test_a_switch_sets_its_knob_and_marks_the_line_that_runs(page, variant):
    me, key = paused(page, SMALL.replace(",n:2", ""), PAGE), f"variant.{variant.knob}"
    page.session_state["dqn.charts.table"] = "Variants"
    unharmed(page.run())
    before, now = value_of(me.agent, variant.knob), [line.value for line in lines(variant.knob)]
    switch = next(one for one in (*page.toggle, *page.selectbox) if one.key == key)
    unharmed((switch.set_value(True) if variant.on else switch.select(now[0])).run())
    after = value_of(me.agent, variant.knob)
    assert after != before and {before, after} <= set(now)
    told = "".join(node.proto.body for node in page.get("html"))
    formula = next(line.formula for line in lines(variant.knob) if line.value == after)
    assert f'runs"><b>{html.escape(formula)}</b>' in told


def test_the_lines_shown_are_what_the_source_says():
    double = {line.value: line.code for line in lines("double")}
    assert set(double) == {"off", "on"} and double["off"] != double["on"]
    source = "".join(Path(module.__file__).read_text() for module in (learning, memory))
    code = [part.strip() for variant in VARIANTS for line in lines(variant.knob) for part in line.code.splitlines()]
    assert len(code) > 8 and all(part.split("=")[0] in source for part in code)


# a long way -------------------------------------------------------------------------------------------------------


@pytest.fixture
def short(monkeypatch):
    """Lets a slice of the small run have 400 steps."""
    monkeypatch.setattr(traveller, "SLICE", SLICE * seated(BODY).timeline.work)


def test_a_slice_of_what_every_visitor_opens_is_a_fraction_of_a_second_of_work():
    """A second is some 9,000 gradient steps of such a net on a batch of 64."""
    for place in PLACES:
        assert 100 < slice_of(place.preset.timeline) < 3000
        assert slice_of(Timeline(place.env, replace(place.trained, width=128, layers=3, batch=256), 1)) < 200


def far(seed):
    """A seat at a run that nobody has computed yet."""
    return DqnPlayer(replace(seated(BODY).timeline, seed=seed), 0, 0)


def test_a_far_jump_is_cut_into_slices_that_end_where_the_whole_would(short):
    me = far(1001)
    says(me, "jump", to=LONG)
    assert me.way and 0 < me.t < LONG and not me.playing and me.sent == (me.t, me.t + 1)
    steps = [me.t]
    while me.way:
        assert 0 <= me.progress < 1
        me.go_on()
        steps.append(me.t)
    assert steps == sorted(set(steps)) and len(steps) >= 3 and (me.t, me.progress) == (LONG, 1)
    assert me.sent[0] <= LONG <= me.sent[1]


def test_a_long_way_can_be_stopped_at_once_and_what_is_known_stays(short):
    me = far(1002)
    says(me, "jump", to=LONG)
    me.go_on()
    here = me.t
    me.stop()
    assert (me.way, me.t, me.end) == (None, here, here) and 0 < here < LONG
    me.go_on()
    assert me.t == here


def test_a_link_far_ahead_opens_at_once_and_goes_on_from_there(short):
    me = seated(BODY.replace("seed=1", "seed=1003").replace("t=300", f"t={LONG}"))
    assert me.way and 0 < me.t < LONG and me.data()["t"] == me.t
    assert arrived(me) >= 2 and me.t == me.end == LONG


def test_who_plays_on_the_way_has_changed_their_mind(short):
    me = far(1004)
    says(me, "jump", to=LONG)
    here = me.t
    says(me, "here", playing=True)
    me.go_on()
    assert me.way is None and me.t == here


def test_some_episodes_are_skipped_in_slices_too(short):
    me = far(1005)
    says(me, "episodes", n=400)
    assert me.way and me.way.episode == 400
    assert arrived(me) >= 2 and me.timeline.at(me.t).episode == 400 and me.timeline.at(me.t - 1).episode == 399


# charts -----------------------------------------------------------------------------------------------------------


CHOICES = {"Diagnostics": ("dqn.diagnostics", [name for name in SAYS if name != "Truth"]),
           "Truth": ("dqn.truth", list(TRUTHS)), "Values": ("dqn.map", list(MAPS))}


@EVERY
def test_every_chart_of_every_place_can_be_drawn(page, query):
    me, names = paused(page, query, PAGE), []
    for key, name in [tab for tab in tabs(page) if tab[0].startswith("dqn.charts")]:
        names.append(name)
        page.session_state[key] = name
        unharmed(page.run())
        choice, values = CHOICES.get(name, ("", []))
        for value in values:
            page.session_state[choice] = value
            unharmed(page.run())
    assert names == ["Return", "Truth" if me.is_listed else "Values", "Variants", "Batch", "Network", "Diagnostics",
                     "Cost"]
    assert me.note is None


@EVERY
def test_the_table_of_the_batch_holds_the_numbers_of_the_gradient_step(page, query):
    paused(page, query, PAGE)
    page.session_state[f"dqn.charts.{'table' if query == SMALL else 'body'}"] = "Batch"
    unharmed(page.run())
    table, learned = page.dataframe[0].value, seated(query).timeline.at(300).memory
    n = learned.counts[BATCH]
    rows = learned.rows[learned.picked[:n]]
    mine = np.stack([learned.valued[:n], learned.wanted[:n], learned.wanted[:n] - learned.valued[:n],
                     learned.weight[:n], rows[:, -EXTRA + REWARD]], axis=1)
    shown = table[["Q(S,A)", "target y", "error", "weight", "reward"]].to_numpy()
    assert n == len(shown) == 8
    assert np.allclose(shown, mine[np.argsort(-np.abs(mine[:, 2]), kind="stable")], atol=1e-6)
    assert [name == "terminal" for name in table["ended"]] == [
        bool(x == 1) for x in rows[np.argsort(-np.abs(mine[:, 2]), kind="stable"), -EXTRA + ENDED]]


def test_before_it_learns_the_batch_says_since_when_it_will(page):
    me = paused(page, SMALL.replace("t=300", "t=30"), PAGE)
    page.session_state["dqn.charts.table"] = "Batch"
    unharmed(page.run())
    assert [box.value for box in page.info] == [NO_BATCH.format(warmup=40, every=1)] and not page.dataframe
    assert batch_of(me.timeline, 30) is None


# what the stage is sent -------------------------------------------------------------------------------------------


@EVERY
def test_the_stage_is_sent_the_values_and_the_batch_of_each_moment(query):
    me = seated(query)
    sent = json.loads(json.dumps(me.data(), allow_nan=False))
    t0, t1 = sent["t0"], sent["t1"]
    width = sent["moments"]["q"]["width"]
    q, batch = unpacked(sent["moments"]["q"], -1, width), sent["replay"]["batch"]
    places = unpacked(batch["places"], -1, batch["width"])
    assert len(q) == len(places) == t1 - t0 + 1
    for t in (t0, 300, t1):
        kept = me.timeline.at(t).memory
        assert np.allclose(q[t - t0], kept.q.ravel(), atol=1e-5)
        if t > t0:
            assert places[t - t0, : kept.counts[BATCH]].tolist() == kept.picked[: kept.counts[BATCH]].tolist()
    assert (sent["world"]["kind"] == "body") != me.is_listed


# from outside -----------------------------------------------------------------------------------------------------

HOSTILE = [
    "v=1&env=cart&agent=dqn,width:1,capacity:1,batch:256,warmup:0&t=500", "v=1&env=cart&agent=dqn,alpha:nan&t=4",
    "v=1&env=cart&agent=dqn,width:8,start:trained&t=50", "v=1&env=lake&agent=dqn,start:trained&t=50",
    "v=1&env=cart&agent=dqn&t=1000000000", "v=1&env=cart&agent=dqn,capacity:0", "v=1&env=cart&agent=dqn,alpha:0.0x",
    "v=1&env=cart&agent=q", "v=1&env=bandit&agent=dqn", "v=1&env=lake&agent=q", "v=1&env=cart&agent=ppo",
    "v=1&env=cart&agent=dqn&edits=10,width:16", "v=1&env=cart&agent=dqn&edits=10,env:grid", "v=1&env=no&agent=dqn",
    "v=1&env=cart&agent=dqn,loss:<script>", "v=1&env=grid&agent=dqn&branches=zzz", "v=2&env=cart&agent=dqn",
    "v=1&env=grid&agent=dqn,target:nowhere",
]


@pytest.mark.parametrize("query", HOSTILE)
def test_a_link_that_cannot_be_opened_is_answered_in_one_sentence(query):
    me = open_player(dict(parse_qsl(query)), TABLE.preset, DqnPlayer)
    assert me.note and me.note.endswith("Here is the usual start instead.") and len(me.note) < 250
    assert "\n" not in me.note and (me.timeline, me.t, me.autoplay) == (*TABLE.preset[:2], True)


@pytest.mark.parametrize("query", [
    "v=1&env=lake&agent=dqn,width:8&t=50", "v=1&env=cart&agent=dqn,width:8,capacity:1,batch:256,warmup:0&t=60",
    "v=1&env=cart&agent=dqn,width:8&edits=10,capacity:1~20,endings:off&t=40",
    "v=1&env=acrobot&agent=dqn,alpha:0.01,longest:100,target:none,width:8,gamma:1,warmup:0&t=300"])
def test_a_strange_link_that_can_be_opened_is(query):
    me = seated(query)
    json.dumps(me.data(), allow_nan=False)
    assert from_query_string(to_query_string(me.shown)) == View(me.timeline, me.t, me.end)


def test_the_page_shows_what_a_bad_link_lacks():
    at = opened(PAGE, v="1", env="cart", agent="dqn,width:1")
    assert "width must be between 4 and 128" in (player(at, PAGE).note or "")
