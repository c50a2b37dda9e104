"""Maps that cannot be played are refused, each with its own sentence."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rl.envs.grid_map import KINDS
from rl.envs.grid_world import GridWorld
from rl.truth import solution

REFUSED = {
    "": "the map is empty: it needs at least a start S and a goal G.",
    "///": "the map is empty: it needs at least a start S and a goal G.",
    "S.G/..": "row 2 of the map has 2 cells, but row 1 has 3.",
    "S.G/": "row 2 of the map has 0 cells, but row 1 has 3.",
    "/S.G": "row 2 of the map has 3 cells, but row 1 has 0.",
    "S" + "." * 50 + "G": "the map is too big: at most 900 cells, and 50 in a row or column.",
    "/".join(["S" + "." * 29 + "G"] * 30): "the map is too big: at most 900 cells, and 50 in a row or column.",
    "/".join(["SG"] * 51): "the map is too big: at most 900 cells, and 50 in a row or column.",
    "SG/.x": "row 2, column 2 of the map is 'x': use one of . # S G H C.",
    "SG/.\n": "row 2, column 2 of the map is '\\n': use one of . # S G H C.",
    "s.G": "row 1, column 1 of the map is 's': use one of . # S G H C.",
    "..G": "the map has no start S.",
    "S..": "the map has no goal G.",
    "S#G": "no goal can be reached from the start at row 1, column 1.",
    "SHG": "no goal can be reached from the start at row 1, column 1.",
    "SCG": "no goal can be reached from the start at row 1, column 1.",
    "SG#S": "no goal can be reached from the start at row 1, column 4.",
    "S#/#G": "no goal can be reached from the start at row 1, column 1.",
    "S.#/##G": "no goal can be reached from the start at row 1, column 1.",  # no wrapping round the edge
}


@pytest.mark.parametrize(("map_", "sentence"), REFUSED.items())
def test_a_bad_map_is_refused_with_a_sentence(map_, sentence):
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        GridWorld(map=map_)


@pytest.mark.parametrize(("rewards", "sentence"), {
    "1": "rewards are written cell=value_cell=value; got '1'.",
    "1=2_": "rewards are written cell=value_cell=value; got ''.",
    "a=2": "rewards are written cell=value_cell=value; got 'a=2'.",
    "1=2=3": "rewards are written cell=value_cell=value; got '1=2=3'.",
    "1.5=2": "rewards are written cell=value_cell=value; got '1.5=2'.",
    "3=1": "a reward must be for a cell from 0 to 2; got '3'.",
    "-1=1": "a reward must be for a cell from 0 to 2; got '-1'.",
    "1=nan": "a reward must be between -100 and 100; cell 1 has nan.",
    "1=inf": "a reward must be between -100 and 100; cell 1 has inf.",
    "1=100.5": "a reward must be between -100 and 100; cell 1 has 100.5.",
    "1=2_0=1_1=2": "a cell has more than one reward.",
}.items())
def test_bad_rewards_are_refused_with_a_sentence(rewards, sentence):
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        GridWorld(map="S.G", rewards=rewards)


@pytest.mark.parametrize("bad", [None, 7, ["S.G"], b"S.G"])
def test_a_map_that_is_no_text_is_refused(bad):
    with pytest.raises(ValueError, match="map must be a text"):
        GridWorld(map=bad)


def test_a_way_past_walls_pits_and_cliffs_is_found():
    assert GridWorld(map="S#.G/.#.C/..H./#.##/..G.").grid.rows == 5


drawings = st.text(alphabet=KINDS + "/SG.", max_size=60) | st.lists(
    st.text(alphabet=KINDS, min_size=4, max_size=4), min_size=1, max_size=5).map("/".join)


@settings(max_examples=300, deadline=None)
@given(drawings | st.text(max_size=40), st.just("") | st.text("0123456789=_-.", max_size=12) | st.text(max_size=9))
def test_any_text_is_a_valid_world_or_refused_in_one_short_sentence(map_, rewards):
    try:
        mdp = GridWorld(map=map_, rewards=rewards, slip=0.25).mdp
    except ValueError as refusal:
        sentence = str(refusal)
        assert len(sentence) < 120
        assert sentence.endswith(".")
        assert sentence.isprintable()
    else:
        assert np.allclose(mdp.probability.sum(2), 1)
        assert mdp.start.sum() == pytest.approx(1)
        assert mdp.next_state.min() >= 0
        assert mdp.next_state.max() < len(mdp.cdf)


@pytest.mark.parametrize(("bad", "why"), [
    ({"map": "." * 10**6}, "too big"), ({"map": "S/" * 10**6}, "too big"), ({"map": "SG/" + "x" * 10**6}, "too big"),
    ({"rewards": "_".join(["0=1"] * 10**5)}, "more than one"), ({"rewards": "9" * 10**6 + "=1"}, "are written"),
], ids=["wide", "high", "unknown", "rewards", "digits"])
def test_a_giant_text_is_refused_at_once(bad, why):
    with pytest.raises(ValueError, match=why):
        GridWorld(**bad)


@pytest.mark.parametrize("gamma", [1.0, 0.999999, 0.99])
def test_the_largest_map_is_built_and_solved(gamma):
    rows = ["." * 29 + "#", "#" + "." * 29] * 15
    rows[0], rows[-1] = "S" + rows[0][1:], rows[-1][:-1] + "G"
    world = GridWorld(map="/".join(rows), slip=0.2)
    best = solution(world, gamma)
    assert world.mdp.cdf.shape == (900, 4, 3)
    assert best.finite and best.start < 0
