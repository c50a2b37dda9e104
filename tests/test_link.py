"""A link holds a whole run, and whatever somebody types instead gets one sentence."""

from dataclasses import replace
from urllib.parse import parse_qsl

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rl.agents.q_learning import QLearning
from rl.dice import MAX_SEED
from rl.envs.cliff_walking import CliffWalking
from rl.envs.frozen_lake import FrozenLake
from rl.envs.grid_presets import PRESETS
from rl.envs.grid_world import GridWorld
from rl.link import LONGEST, BadLink, View, from_query, from_query_string, to_query, to_query_string
from rl.timeline import MAX_EDITS, MAX_STEP, Timeline
from tests.strategies import same_place, timelines

START = View(Timeline(FrozenLake(), QLearning()), 0, 0)
EDITED = Timeline(FrozenLake(size="8x8"), QLearning(alpha=0.5), 3).edited(412, epsilon=0.0).edited(
    900, env=FrozenLake(size="8x8", success=1.0))
moments = st.integers(0, MAX_STEP)


def check(query):
    """Reads a query: a view that works, or one short sentence."""
    try:
        view = from_query(query)
    except BadLink as refusal:
        message = str(refusal)
        assert 0 < len(message) < 200
        assert message.isprintable()
        return None
    assert view.timeline.at(3).step == 3
    assert len(view.timeline.steps(0, 20)) == 20
    assert 0 <= view.t <= view.end <= MAX_STEP
    assert from_query(to_query(view)) == view
    return view


@given(timelines(latest=MAX_STEP, most_edits=6), moments, moments)
def test_any_view_comes_back_from_its_link(run, t, more):
    view = View(run, t, max(t, min(MAX_STEP, t + more % 5000)))
    assert from_query(to_query(view)) == view
    assert from_query_string(to_query_string(view)) == view
    assert from_query(dict(parse_qsl(to_query_string(view), strict_parsing=True))) == view


@given(timelines(), st.integers(0, 2000))
@settings(max_examples=25)
def test_the_run_of_a_link_is_the_same_run(run, t):
    read = from_query_string(to_query_string(View(run, t, t))).timeline
    assert same_place(read.at(t), run.at(t))


@pytest.mark.parametrize("world", [preset.world for preset in PRESETS], ids=[preset.name for preset in PRESETS])
def test_painted_worlds_fit_into_a_link(world):
    view = View(Timeline(world, QLearning(), 7).edited(50, env=replace(world, slip=0.5)), 10, 60)
    assert from_query_string(to_query_string(view)) == view
    assert len(to_query_string(view)) < 450


def test_the_first_view_has_a_short_link():
    assert to_query_string(START) == "v=1&env=lake&agent=q&seed=0&t=0"


def test_a_link_spells_out_what_differs():
    assert to_query_string(View(EDITED, 1200, 5000)) == (
        "v=1&env=lake,size:8x8&agent=q,alpha:0.5&seed=3&edits=412,epsilon:0.0~900,env.success:1.0&t=1200&end=5000")


def test_a_link_may_leave_everything_out():
    assert from_query({}) == from_query({"v": "1"}) == START
    assert from_query({"utm_source": "mail", "embed": "true"}) == START


def test_another_kind_of_world_under_way_is_spelled_out():
    swap = GridWorld(map="S......G/........", slip=0.1)
    run = Timeline(FrozenLake(), QLearning(), 2).edited(40, env=swap, alpha=0.9).edited(80, env=replace(swap, slip=0.2))
    view = View(run, 90, 90)
    assert to_query(view)["edits"] == "40,env:grid,env.map:S......G/........,env.slip:0.1,alpha:0.9~80,env.slip:0.2"
    assert check(to_query(view)) == view


@pytest.mark.parametrize("version", ["0", "2", "", "1.0", " 1", "x" * 100])
def test_another_version_is_refused(version):
    with pytest.raises(BadLink, match="another version"):
        from_query({**to_query(START), "v": version})


WRONG = [
    ({"env": "moon"}, "an environment that does not exist here: 'moon'"), ({"agent": "sage"}, "an agent that does not exist"),
    ({"env": ""}, "does not exist"), ({"agent": "q,alpha"}, "not a list of settings"), ({"agent": "q,beta:1"}, "no setting called 'beta'"),
    ({"agent": "q,alpha:2"}, "alpha must be between 0 and 1; got 2"), ({"agent": "q,alpha:nan"}, "alpha must be a number"),
    ({"agent": "q,alpha:inf"}, "alpha must be a number"), ({"agent": "q,alpha:-inf"}, "alpha must be a number"),
    ({"agent": "q,alpha:"}, "alpha must be a number; got ''"), ({"agent": "q,span:2.5"}, "span must be a number"),
    ({"agent": "q,span:" + "9" * 400}, "span must be"), ({"agent": "q,span:" + "9" * 5000}, "span must be a number"),
    ({"agent": "q,alpha:1e400"}, "alpha must be a number"), ({"agent": "q,schedule:steep"}, "one of constant, linear, exponential"),
    ({"agent": "q,slug:x"}, "no setting called 'slug'"), ({"agent": "q,__class__:x"}, "no setting called"),
    ({"env": "lake,size:9x9"}, "size must be one of 4x4, 8x8"), ({"env": "grid,map:S"}, "the map has no goal"),
    ({"env": "grid,map:" + "S" * 51 + "G"}, "too big"), ({"env": "grid,rewards:0=nan"}, "a reward must be between"),
    ({"seed": "-1"}, "seed must be a whole number"), ({"seed": "1.5"}, "seed must be"), ({"seed": "9" * 11}, "seed must be"),
    ({"seed": str(MAX_SEED + 1)}, "The seed must be"), ({"seed": "١٢"}, "seed must be"), ({"seed": "²"}, "seed must be"),
    ({"seed": ""}, "seed must be"), ({"seed": "1_0"}, "seed must be"), ({"t": "-1"}, "t must be"), ({"t": "1e3"}, "t must be"),
    ({"t": str(MAX_STEP + 1)}, "ends at step 10,000,000"), ({"end": str(MAX_STEP + 1)}, "ends at step"),
    ({"edits": "~"}, "must be a whole number"), ({"edits": "5,alpha:.5~5,alpha:.6"}, "not in order"),
    ({"edits": "5,alpha:.5~4,alpha:.6"}, "not in order"), ({"edits": "0,alpha:.5"}, "not in order"),
    ({"edits": f"{MAX_STEP + 1},alpha:.5"}, "not in order"), ({"edits": "5,beta:1"}, "no setting called 'beta'"),
    ({"edits": "5,env.beta:1"}, "no setting called 'beta'"), ({"edits": "5,env.alpha:1"}, "no setting called 'alpha'"),
    ({"edits": "5,env.size:8x8"}, "other states"), ({"edits": "5,env:moon"}, "an environment that does not exist"),
    ({"edits": "5,agent:sage"}, "an agent that does not exist"), ({"edits": "5,env:cliff"}, "other states"),
    ({"edits": "~".join(["1"] * (MAX_EDITS + 1))}, "more than 100 edits"), ({"env": "x" * (LONGEST + 1)}, "too long"),
    ({"junk": "x" * 10**6}, "too long"), ({"edits": "1~" * 10**5}, "too long"), ({"\U000e0001": "x" * 10**6}, "too long"),
]


@pytest.mark.parametrize(("query", "reason"), WRONG, ids=map(str, range(len(WRONG))))
def test_a_wrong_link_says_what_is_wrong(query, reason):
    with pytest.raises(BadLink, match=".*") as refusal:
        from_query(query)
    assert reason in str(refusal.value)
    assert check(query) is None


@pytest.mark.parametrize("where", ["v", "env", "agent", "seed", "t", "end", "edits"])
@pytest.mark.parametrize("text", ["\U000e0001" * 200, "\n" * 200, "'\"" * 50, "q,\U000e0001:\U000e0001", "\ud800", "%00%ff", "q,alpha:%31",
                                  "grid,rewards:" + "\U000e0001" * 90, "5,\U000e0001:1", "\x00,:~"])
def test_strange_characters_get_a_short_sentence(where, text):
    check({where: text})


def test_percent_escapes_in_values_are_read_once():
    assert from_query({"agent": "q,alpha:%30%2E5"}).timeline.agent.alpha == 0.5
    with pytest.raises(BadLink, match="alpha must be a number"):
        from_query({"agent": "q,alpha:%2530"})


@pytest.mark.parametrize("worlds", [[f"env.success:{i / 200}" for i in range(1, 101)], ["alpha:.5", "alpha:.6"] * 50])
def test_the_most_edits_there_may_be_still_work(worlds):
    view = check({"env": "lake,size:8x8", "edits": "~".join(f"{i + 1},{change}" for i, change in enumerate(worlds))})
    assert len(view.timeline.edits) == MAX_EDITS
    assert view.timeline.at(500).step == 500


GOOD = to_query(View(EDITED.edited(1000, env=FrozenLake(size="8x8", success=0.5), alpha=0.25), 1200, 5000))
PARTS = ["env.", "env:", "agent:", "map:", "rewards:", "S.G", "/", "#", ",", ":", "~", "=", "_", "%", "nan", "inf", "-", "1e9", "9" * 30,
         "0", "1", ".", "alpha", "success", "size", "span", "schedule", "lake", "grid", "cliff", "taxi", "q", "\x00", "½", "٣", "�"]
texts = st.text(max_size=60) | st.lists(st.sampled_from(PARTS), max_size=12).map("".join)


@given(st.dictionaries(st.sampled_from(["v", "env", "agent", "seed", "edits", "t", "end"]) | st.text(max_size=5), texts, max_size=7))
@example({"agent": "q,span:" + "9" * 400})
@settings(max_examples=300)
def test_any_text_at_all_is_read_or_refused(query):
    check(query)


@given(st.data(), st.sampled_from(sorted(GOOD)), texts)
@settings(max_examples=300)
def test_any_mutation_of_a_good_link_is_read_or_refused(data, name, inserted):
    value = GOOD[name]
    start = data.draw(st.integers(0, len(value)))
    stop = data.draw(st.integers(start, len(value)))
    check({**GOOD, name: value[:start] + inserted + value[stop:]})


@given(texts)
def test_any_query_string_is_read_or_refused(text):
    try:
        from_query_string(text)
    except BadLink as refusal:
        assert len(str(refusal)) < 200


def test_cliffs_and_their_slipperiness_fit_into_a_link():
    run = Timeline(CliffWalking(), QLearning(), MAX_SEED).edited(MAX_STEP, env=CliffWalking(slippery="yes"))
    assert check(to_query(View(run, 0, 0))).timeline == run
