"""A link holds a whole run, and whatever somebody types instead gets one sentence."""

from dataclasses import replace
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rl.agents.control.q_learning import QLearning
from rl.dice import MAX_SEED
from rl.envs.cliff_walking import CliffWalking
from rl.envs.frozen_lake import FrozenLake
from rl.envs.grid_presets import PRESETS
from rl.envs.grid_world import GridWorld
from rl.link import BadLink, View, from_query, from_query_string, to_query, to_query_string
from rl.timeline import MAX_STEP, Timeline
from tests.strategies import same_place, timelines

START = View(Timeline(FrozenLake(), QLearning()), 0, 0)
EDITED = Timeline(FrozenLake(size="8x8"), QLearning(alpha=0.5), 3).edited(412, epsilon=0.0).edited(
    900, env=FrozenLake(size="8x8", success=1.0))
moments = st.integers(0, MAX_STEP)


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
    assert from_query(to_query(view)) == view


@pytest.mark.parametrize("version", ["0", "2", "", "1.0", " 1", "x" * 100])
def test_another_version_is_refused(version):
    with pytest.raises(BadLink, match="another version"):
        from_query({**to_query(START), "v": version})


def test_cliffs_and_their_slipperiness_fit_into_a_link():
    run = Timeline(CliffWalking(), QLearning(), MAX_SEED).edited(MAX_STEP, env=CliffWalking(slippery="yes"))
    assert from_query(to_query(View(run, 0, 0))).timeline == run
