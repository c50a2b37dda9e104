"""FrozenLake, CliffWalking and Taxi against Gymnasium's own tables."""

import gymnasium
import numpy as np
import pytest

from rl.envs.base import DOWN, LEFT, RIGHT, UP
from rl.envs.cliff_walking import CliffWalking
from rl.envs.frozen_lake import FrozenLake
from rl.envs.taxi import ABOARD, LAYERS, Taxi
from tests.envs.outcomes import merged, outcomes, solve

PAIRS = [
    (FrozenLake(), "FrozenLake-v1", {}, 100),
    (FrozenLake(success=1), "FrozenLake-v1", {"is_slippery": False}, 100),
    (FrozenLake(success=0), "FrozenLake-v1", {"success_rate": 0.0}, 100),
    (FrozenLake(size="8x8", success=0.8), "FrozenLake8x8-v1", {"success_rate": 0.8}, 200),
    (CliffWalking(), "CliffWalking-v1", {}, 0),
    (CliffWalking(slippery="yes"), "CliffWalkingSlippery-v1", {}, 0),
    (Taxi(), "Taxi-v4", {}, 200),
    (Taxi(rainy="yes"), "Taxi-v4", {"is_rainy": True}, 200),
]
against_gymnasium = pytest.mark.parametrize(("ours", "name", "kwargs", "limit"), PAIRS, ids=repr)


@against_gymnasium
def test_the_table_is_gymnasiums_entry_by_entry(ours, name, kwargs, limit):
    theirs = gymnasium.make(name, **kwargs).unwrapped
    assert ours.mdp.cdf.shape[:2] == (len(theirs.P), len(theirs.P[0]))
    for s in theirs.P:
        for a in theirs.P[s]:
            assert outcomes(ours.mdp, s, a) == merged(theirs.P[s][a])
    assert np.allclose(ours.mdp.start, theirs.initial_state_distrib, atol=1e-14)


@against_gymnasium
def test_the_time_limit_is_gymnasiums(ours, name, kwargs, limit):
    assert ours.mdp.horizon == limit == (gymnasium.make(name, **kwargs).spec.max_episode_steps or 0)


@against_gymnasium
def test_action_names_mean_what_gymnasium_does(ours, name, kwargs, limit):
    taxi, cols = name == "Taxi-v4", ours.picture().cols
    dry = gymnasium.make(name) if taxi else gymnasium.make(name, is_slippery=False)
    cell, layers = (1 if "Cliff" in name else 2) * cols + 1, LAYERS if taxi else 1  # with free floor all around
    for a, action in enumerate(ours.actions):
        if action.dx or action.dy:
            assert dry.unwrapped.P[cell * layers][a][0][1] == (cell + action.dx + cols * action.dy) * layers
            assert action in (LEFT, RIGHT, UP, DOWN)


def test_the_cliff_picture_marks_start_cliff_and_goal():
    env = CliffWalking()
    cells = env.picture().cells
    unwrapped = gymnasium.make("CliffWalking-v1").unwrapped
    assert cells.index("S") == np.argmax(env.mdp.start) == 36
    assert cells.index("G") == 47
    assert [kind == "C" for kind in cells] == unwrapped._cliff.ravel().tolist()
    assert env.state_name(36) == "row 4, column 1"


def test_the_shortest_way_along_the_cliff_costs_13():
    assert solve(CliffWalking().mdp, 1.0, 50)[36].max() == -13


@pytest.mark.parametrize("rainy", ["no", "yes"])
def test_taxis_bars_are_exactly_where_gymnasium_blocks_the_way(rainy):
    bars, dry = Taxi(rainy=rainy).picture().bars, gymnasium.make("Taxi-v4").unwrapped.P
    for cell in (cell for cell in range(25) if cell % 5 < 4):
        blocked = [dry[c * LAYERS][a][0][1] == c * LAYERS for c, a in ((cell, 2), (cell + 1, 3))]
        assert blocked == [(cell, cell + 1) in bars] * 2
    assert bars == ((1, 2), (6, 7), (15, 16), (17, 18), (20, 21), (22, 23))


def test_taxis_layers_tags_and_names_agree_with_gymnasiums_code():
    env, theirs = Taxi(), gymnasium.make("Taxi-v4").unwrapped
    picture, names = env.picture(), ("Red", "Green", "Yellow", "Blue")
    for s in range(500):
        row, col, passenger, destination = theirs.decode(s)
        layer, cell = np.argwhere(picture.state_at == s)[0]
        assert (layer, cell) == (passenger * 4 + destination, row * 5 + col)
        where = {letter: cell for cell, letter, _ in picture.tags[layer]}
        stands = [r * 5 + c for r, c in theirs.locs]
        assert [where[name[0]] for name in names] == stands
        assert where["D"] == stands[destination]
        assert where.get("P") == (None if passenger == ABOARD else stands[passenger])
        waits = "aboard" if passenger == ABOARD else names[passenger]
        assert env.state_name(s) == f"row {row + 1}, column {col + 1}; passenger {waits} → {names[destination]}"


def test_a_taxi_starts_in_one_of_300_ways():
    start = Taxi().mdp.start
    assert np.count_nonzero(start) == 300
    assert np.allclose(start[start > 0], 1 / 300, atol=1e-14)


def test_only_the_holes_and_goal_of_the_lake_are_absorbing():
    assert np.flatnonzero(FrozenLake().mdp.absorbing).tolist() == [5, 7, 11, 12, 15]


@pytest.mark.parametrize(("env", "gamma", "value"), [
    (FrozenLake(), 1.0, 14 / 17), (FrozenLake(), 0.99, 0.54203), (FrozenLake(size="8x8"), 0.99, 0.41464)])
def test_the_lakes_start_is_worth_what_is_known(env, gamma, value):
    """Solved exactly elsewhere: /work/shared/REFERENCES.md."""
    assert solve(env.mdp, gamma, 4000)[0].max() == pytest.approx(value, abs=5e-6)
