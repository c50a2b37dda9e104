"""Changes of a text, spelled out and put back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rl.agents.control.q_learning import QLearning
from rl.envs.grid_world import GridWorld
from rl.link import View, from_query, to_query, to_query_string
from rl.patch import patched, spelled
from rl.timeline import Timeline

maps = st.text(".#SGHC/", min_size=1, max_size=60)


def test_a_painted_cell_is_a_few_characters():
    assert spelled("S....../......G", "S..#.../.....#G") == "@3#13#"


@given(maps, maps)
def test_a_patch_is_undone(old, new):
    assert patched(old, spelled(old, new)) == new


@pytest.mark.parametrize(("old", "new"), [("abc", "abcd"), ("a=1_b=2", "a=1_b=3"), ("SG", "GS")])
def test_what_a_patch_cannot_say_shortly_is_said_whole(old, new):
    assert spelled(old, new) == new


def test_a_patch_beyond_the_text_is_refused():
    with pytest.raises(ValueError, match="outside"):
        patched("S.G", "@7#")


def test_forty_paintings_of_a_large_map_still_fit_into_a_link():
    rows = ["S" + "." * 29, *["." * 30] * 28, "." * 29 + "G"]
    timeline = Timeline(GridWorld(map="/".join(rows)), QLearning(), 1)
    for stroke in range(40):
        rows[stroke % 20 + 4] = "." * (stroke % 28) + "#" + "." * (29 - stroke % 28)
        timeline = timeline.edited(100 + stroke, GridWorld(map="/".join(rows)))
    view = View(timeline, 200, 200)
    assert len(to_query_string(view)) < 4000
    assert from_query(to_query(view)) == view
