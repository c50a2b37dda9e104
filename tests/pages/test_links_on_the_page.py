"""A link on the real page: it opens exactly its view, or the preset with one sentence; sessions are apart."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rl.link import View, from_query, from_query_string, to_query
from tests.pages.app import opened, paused, player, unharmed

pytestmark = pytest.mark.usefixtures("few_seeds")

LINKS = [
    {"v": "1", "env": "cliff", "agent": "q,alpha:0.5", "seed": "4", "t": "321", "end": "900"},
    {"v": "1", "env": "grid,map:S..G,horizon:20", "edits": "10,epsilon:0.5~40,env.slip:0.3,alpha:0.2", "t": "60"},
    {"v": "1", "env": "taxi", "t": "10000"},
]
BAD = [
    {"v": "2"}, {"v": "1", "env": "nowhere"}, {"v": "1", "env": "lake", "t": "-1"}, {"v": "1", "t": "99999999"},
    {"v": "1", "agent": "q,alpha:nan"}, {"v": "1", "env": "lake,success:inf"}, {"v": "1", "agent": "q,epsilon:7"},
    {"v": "1", "env": "grid,map:<img src=x onerror=alert(1)>"}, {"v": "1", "edits": "9,epsilon:0~3,epsilon:1"},
    {"v": "1", "seed": "9" * 30}, {"env": "grid,map:" + "S" * 9000},
]


def stage_data(at):
    """What the stage of the page is sent."""
    return next(json.loads(node.proto.json) for node in at.main if node.type == "bidi_component"
                and "share" in node.proto.json)


@pytest.mark.parametrize("query", LINKS, ids=lambda query: query["env"])
def test_a_link_opens_exactly_its_view_and_rests(query):
    me, view = player(opened(**query)), from_query(query)
    assert View(me.timeline, me.t, me.end) == view
    assert me.note is None and me.autoplay is False


@pytest.mark.parametrize("view", ["values", "best", "policy", "visits", "error"])
def test_a_link_remembers_what_the_cells_show(view):
    assert player(opened(v="1", view=view)).view == view


def test_a_view_that_does_not_exist_is_passed_over():
    me = player(opened(v="1", view="<b>"))
    assert me.view is None and me.note is None


@pytest.mark.parametrize("query", BAD, ids=lambda query: str(query)[:40])
def test_a_bad_link_opens_the_preset_and_says_why_in_one_sentence(query):
    at, usual = opened(**query), player(opened())
    me = player(at)
    assert (me.timeline, me.t, me.end) == (usual.timeline, usual.t, usual.end) and me.autoplay
    assert me.note.endswith("Here is the usual start instead.")
    assert stage_data(at)["note"] == me.note


names = st.sampled_from(["v", "env", "agent", "seed", "edits", "t", "end", "view"])


@settings(max_examples=15)
@given(st.dictionaries(names, st.text(), min_size=1))
def test_no_link_breaks_the_page(query):
    unharmed(opened(**query))


def test_the_link_of_the_page_leads_back_to_what_is_on_it():
    at = opened()
    me = paused(at, "v=1&env=lake,success:0.6&agent=q,initial:0.5&seed=3&t=400")
    at.slider(key="agent.QLearning.epsilon").set_value(0.4).run()
    sent = stage_data(at)
    again = player(opened(**to_query(from_query_string(f"{sent['share']}&t=400"))))
    assert (again.timeline, again.t) == (me.timeline, 400)
    assert player(opened(**to_query(View(me.timeline, 400, 400)))).run_id == sent["run"]


def test_two_sessions_do_not_influence_each_other():
    one, other = opened(), opened(v="1", env="cliff")
    paused(one, "v=1&t=200&seed=1")
    unharmed(one.slider(key="agent.QLearning.epsilon").set_value(0.8).run())
    unharmed(other.run())
    assert player(one).agent.epsilon == 0.8 and player(other).agent.epsilon == 0.1
    assert player(one).timeline.env.slug == "lake" and player(other).timeline.env.slug == "cliff"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), -5.0, 1e30])
@pytest.mark.parametrize("key", ["agent.QLearning.epsilon", "agent.QLearning.span", "world.FrozenLake.success"])
def test_a_number_that_the_browser_should_never_send_is_no_error(key, value):
    at = opened()
    me = paused(at, "v=1&t=200&agent=q,epsilon:0.4")
    unharmed(at.slider(key=key).set_value(value).run())
    assert (me.t, me.timeline.at(200).memory.visits.sum()) == (200, 200)  # nothing is lost
    assert at.slider(key=key).value == getattr(me.env if key.startswith("world") else me.agent, key.split(".")[2])
    unharmed(at.run())


@pytest.mark.parametrize("seed", [-5, 2**40, None])
def test_a_seed_that_the_browser_should_never_send_is_no_error(seed):
    at = opened()
    me = paused(at, "v=1&t=200&seed=6")
    unharmed(at.number_input(key="run.seed").set_value(seed).run())
    assert at.number_input(key="run.seed").value == me.timeline.seed


@pytest.mark.parametrize(("key", "value"), [
    ("agent.QLearning.epsilon", float("nan")), ("agent.QLearning.span", -7), ("world.FrozenLake.success", 1e9),
    ("run.seed", -1), ("agent.QLearning.nothing", "x"), ("world.Nowhere.slip", float("inf"))])
def test_a_value_written_into_the_session_is_no_error(key, value):
    at = opened()
    paused(at, "v=1&t=200")
    at.session_state[key] = value
    unharmed(at.run())
    unharmed(at.run())
