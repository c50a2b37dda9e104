"""The windy gridworld against the book's shortest ways, and single moves worked out by hand."""

import numpy as np
import pytest

from rl.envs.base import Action
from rl.envs.windy_gridworld import COLS, GOAL, START, WindyGridworld
from rl.planning import value_iteration


def ways(**knobs):
    """Expected steps to the goal from every state, by exact planning."""
    return -value_iteration(WindyGridworld(**knobs).mdp, 1.0)


def test_the_shortest_way_takes_15_steps_as_in_example_6_5():
    assert ways()[START] == pytest.approx(15)


def test_kings_moves_make_it_7_steps_and_staying_does_not_help():
    """Exercise 6.9 (7 steps is the well-known answer: eight columns to the goal's, seven of them crossed)."""
    assert ways(moves="king")[START] == pytest.approx(7)
    assert ways(moves="king and stay")[START] == pytest.approx(7)


def test_staying_helps_only_two_cells_below_the_goal_whose_wind_blows_there():
    gain = ways(moves="king") - ways(moves="king and stay")
    assert gain.nonzero()[0].tolist() == [GOAL + 2 * COLS] and gain.max() == pytest.approx(1)


def outcomes(s, name, **knobs):
    env = WindyGridworld(**knobs)
    a = [action.name for action in env.actions].index(name)
    happens = env.mdp.probability[s, a] > 0
    return {int(end): round(float(p), 12) for end, p in
            zip(env.mdp.next_state[s, a][happens], env.mdp.probability[s, a][happens], strict=True)}


@pytest.mark.parametrize(("place", "name", "lands"), [
    ((3, 0), "right", (3, 1)), ((3, 2), "right", (3, 3)),  # the wind of the column that is left
    ((3, 3), "right", (2, 4)), ((3, 3), "left", (2, 2)), ((3, 6), "right", (1, 7)), ((3, 6), "down", (2, 6)),
    ((1, 7), "right", (0, 8)), ((0, 7), "up", (0, 7)), ((6, 0), "down", (6, 0)), ((0, 9), "right", (0, 9)),
    ((6, 6), "down", (5, 6)), ((3, 8), "left", (2, 7))])
def test_moves_are_lifted_by_the_wind_of_the_column_they_leave(place, name, lands):
    assert outcomes(place[0] * COLS + place[1], name) == {lands[0] * COLS + lands[1]: 1}


@pytest.mark.parametrize(("place", "name", "lands"), [
    ((3, 3), "down-right", (3, 4)), ((3, 6), "down-left", (2, 5)), ((5, 8), "up-left", (3, 7)),
    ((2, 0), "up-right", (1, 1)), ((4, 7), "stay", (2, 7)), ((4, 9), "stay", (4, 9))])
def test_kings_moves_are_lifted_too(place, name, lands):
    assert outcomes(place[0] * COLS + place[1], name, moves="king and stay") == {lands[0] * COLS + lands[1]: 1}


def test_a_gust_blows_one_less_or_one_more_a_third_each():
    third = round(1 / 3, 12)
    assert outcomes(3 * COLS + 6, "right", wind="gusty") == {
        2 * COLS + 7: third, 1 * COLS + 7: third, 0 * COLS + 7: third}
    assert outcomes(3 * COLS + 4, "left", wind="gusty") == {3 * COLS + 3: third, 2 * COLS + 3: third, COLS + 3: third}


def test_where_there_is_no_wind_there_are_no_gusts():
    """Exercise 6.10: "the effect of the wind, if there is any, is now stochastic"."""
    assert outcomes(3 * COLS + 1, "up", wind="gusty") == {2 * COLS + 1: 1}


def test_gusts_make_the_way_longer():
    for moves in ("four", "king"):
        assert ways(moves=moves, wind="gusty")[START] > ways(moves=moves)[START]


def test_every_step_costs_one_and_only_the_goal_ends():
    mdp = WindyGridworld().mdp
    assert mdp.absorbing.nonzero()[0].tolist() == [GOAL]
    others = np.arange(70) != GOAL
    assert (mdp.reward[others] == -1).all()
    assert (mdp.terminal[others] == (mdp.next_state[others] == GOAL)).all()
    assert WindyGridworld(horizon=30).mdp.horizon == 30


def test_there_are_as_many_actions_as_names():
    counts = {moves: (len(env.actions), env.shape[1]) for moves in ("four", "king", "king and stay")
              for env in [WindyGridworld(moves=moves)]}
    assert counts == {"four": (4, 4), "king": (8, 8), "king and stay": (9, 9)}
    assert WindyGridworld(moves="king").actions[5] == Action("down-right", 1, 1)


def test_a_row_below_the_grid_shows_the_wind():
    picture = WindyGridworld().picture()
    assert (picture.rows, picture.cells[-COLS:]) == (8, " " * COLS)
    assert [(cell - 70, letter) for cell, letter, _ in picture.tags[0]] == [
        (3, "↑"), (4, "↑"), (5, "↑"), (6, "⇈"), (7, "⇈"), (8, "↑")]
    assert picture.cells.index("S") == 30 and picture.cells.index("G") == 37
