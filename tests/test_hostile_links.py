"""Whatever somebody types into a link: a view that works, or one short sentence, and soon."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rl.agents.control.q_learning import QLearning
from rl.dice import MAX_SEED
from rl.envs.frozen_lake import FrozenLake
from rl.link import LONGEST, BadLink, View, from_query, from_query_string, to_query
from rl.timeline import MAX_EDITS, MAX_STEP, Timeline

WRONG = [
    ({"env": "moon"}, "an environment that does not exist here: 'moon'"),
    ({"agent": "sage"}, "an agent that does not exist"),
    ({"env": ""}, "does not exist"),
    ({"agent": "q,alpha"}, "not a list of settings"),
    ({"agent": "q,beta:1"}, "no setting called 'beta'"),
    ({"agent": "q,alpha:2"}, "alpha must be between 0 and 1; got 2"),
    ({"agent": "q,alpha:nan"}, "alpha must be a number"),
    ({"agent": "q,alpha:inf"}, "alpha must be a number"),
    ({"agent": "q,alpha:-inf"}, "alpha must be a number"),
    ({"agent": "q,alpha:"}, "alpha must be a number; got ''"),
    ({"agent": "q,span:2.5"}, "span must be a number"),
    ({"agent": "q,span:" + "9" * 400}, "span must be"),
    ({"agent": "q,span:" + "9" * 5000}, "span must be a number"),
    ({"agent": "q,alpha:1e400"}, "alpha must be a number"),
    ({"agent": "q,schedule:steep"}, "one of constant, linear, exponential"),
    ({"agent": "q,slug:x"}, "no setting called 'slug'"),
    ({"agent": "q,__class__:x"}, "no setting called"),
    ({"env": "lake,size:9x9"}, "size must be one of 4x4, 8x8"),
    ({"env": "grid,map:S"}, "the map has no goal"),
    ({"env": "grid,map:" + "S" * 51 + "G"}, "too big"),
    ({"env": "grid,rewards:0=nan"}, "a reward must be between"),
    ({"seed": "-1"}, "seed must be a whole number"),
    ({"seed": "1.5"}, "seed must be"),
    ({"seed": "9" * 11}, "seed must be"),
    ({"seed": str(MAX_SEED + 1)}, "The seed must be"),
    ({"seed": "١٢"}, "seed must be"),
    ({"seed": "²"}, "seed must be"),
    ({"seed": ""}, "seed must be"),
    ({"seed": "1_0"}, "seed must be"),
    ({"t": "-1"}, "t must be"),
    ({"t": "9" * 300}, "t must be a whole number"),
    ({"edits": "9" * 5000}, "the step of an edit must be a whole number"),
    ({"t": "1e3"}, "t must be"),
    ({"t": str(MAX_STEP + 1)}, f"ends at step {MAX_STEP:,}"),
    ({"end": str(MAX_STEP + 1)}, "ends at step"),
    ({"edits": "~"}, "must be a whole number"),
    ({"edits": "5,alpha:.5~5,alpha:.6"}, "not in order"),
    ({"edits": "5,alpha:.5~4,alpha:.6"}, "not in order"),
    ({"edits": "0,alpha:.5"}, "not in order"),
    ({"edits": f"{MAX_STEP + 1},alpha:.5"}, "not in order"),
    ({"edits": "5,beta:1"}, "no setting called 'beta'"),
    ({"edits": "5,env.beta:1"}, "no setting called 'beta'"),
    ({"edits": "5,env.alpha:1"}, "no setting called 'alpha'"),
    ({"edits": "5,env.size:8x8"}, "other states"),
    ({"edits": "5,env:moon"}, "an environment that does not exist"),
    ({"edits": "5,agent:sage"}, "an agent that does not exist"),
    ({"edits": "5,env:cliff"}, "other states"),
    ({"agent": "human,moves:01", "edits": "3,agent:q"}, "after the last step of this run"),
    ({"env": "bandit", "agent": "hand,pulls:01", "edits": "3,agent:ucb"}, "after the last step of this run"),
    ({"edits": "~".join(["1"] * (MAX_EDITS + 1))}, "more than 100 edits"),
    ({"env": "x" * (LONGEST + 1)}, "too long"),
    ({"junk": "x" * 10**6}, "too long"),
    ({"edits": "1~" * 10**5}, "too long"),
    ({"\U000e0001": "x" * 10**6}, "too long"),
]


def read_or_refused(read, text):
    """Returns what ``read`` makes of a text, or None when it says in one short sentence that it cannot."""
    try:
        return read(text)
    except BadLink as error:
        message = str(error)
    assert 0 < len(message) < 200
    assert message.isprintable()
    return None


def check(query):
    """Reads a query; if it is a view, that must work."""
    view = read_or_refused(from_query, query)
    if view is not None:
        assert view.timeline.at(3).step == 3
        assert len(view.timeline.steps(0, 20)) == 20
        assert 0 <= view.t <= view.end <= MAX_STEP
        assert from_query(to_query(view)) == view
    return view


@pytest.mark.parametrize(("query", "reason"), WRONG, ids=map(str, range(len(WRONG))))
def test_a_wrong_link_says_what_is_wrong(query, reason):
    with pytest.raises(BadLink, match=re.escape(reason)):
        from_query(query)
    assert check(query) is None


@pytest.mark.parametrize("where", ["v", "env", "agent", "seed", "edits", "t", "end"])
@pytest.mark.parametrize("text", ["\U000e0001" * 200, "\n" * 200, "'\"" * 50, "q,\U000e0001:\U000e0001", "\ud800",
                                  "%00%ff", "q,alpha:%31",
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


GOOD = to_query(View(
    Timeline(FrozenLake(size="8x8"), QLearning(alpha=0.5), 3).edited(412, epsilon=0.0)
    .edited(900, env=FrozenLake(size="8x8", success=0.5), alpha=0.25), 1200, 5000))
NAMES = ["v", "env", "agent", "seed", "edits", "t", "end"]
PARTS = ["env.", "env:", "agent:", "map:", "rewards:", "S.G", "/", "#", ",", ":", "~", "=", "_", "%", "nan", "inf", "-",
         "1e9", "9" * 30, "0", "1", ".", "alpha", "success", "size", "span", "schedule", "lake", "grid", "cliff",
         "taxi", "q", "\x00", "½", "٣", "�"]
texts = st.text(max_size=60) | st.lists(st.sampled_from(PARTS), max_size=12).map("".join)


@given(st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=5), texts, max_size=7))
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
    read_or_refused(from_query_string, text)
