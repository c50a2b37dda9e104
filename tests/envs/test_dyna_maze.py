"""The Dyna mazes against the ways the book gives, and walls that move in mid-run."""

import numpy as np
import pytest

from rl.agents.control.q_learning import QLearning
from rl.envs.dyna_maze import LAYOUTS, DynaMaze
from rl.planning import finite_horizon_value, start_value
from rl.timeline import Timeline

# Figure 8.2 says 14; the walled mazes by counting: 5 up and 5 right, or 3 left, 5 up and 8 right.
WAYS = {"open maze": 14, "blocking: gap right": 10, "blocking: gap left": 16, "shortcut: closed": 16,
        "shortcut: open": 10}


@pytest.mark.parametrize(("layout", "steps"), WAYS.items())
def test_the_shortest_way_is_the_books(layout, steps):
    mdp = DynaMaze(layout).mdp
    best = [start_value(mdp, finite_horizon_value(mdp, n)) for n in range(20)]
    assert best == [0.0] * steps + [1.0] * (20 - steps)


def test_the_maze_of_figure_8_2_cell_by_cell():
    walls = {(1, 2), (2, 2), (3, 2), (4, 5), (0, 7), (1, 7), (2, 7)}
    picture = DynaMaze().picture()
    assert (picture.rows, picture.cols) == (6, 9)
    assert {divmod(i, 9) for i, kind in enumerate(picture.cells) if kind == "#"} == walls
    assert divmod(picture.cells.index("S"), 9) == (2, 0)
    assert divmod(picture.cells.index("G"), 9) == (0, 8)


def test_only_the_goal_pays():
    for layout in LAYOUTS:
        mdp = DynaMaze(layout).mdp
        goal = DynaMaze(layout).picture().cells.index("G")
        enters = (mdp.next_state == goal) & ~mdp.absorbing[:, None, None]
        assert np.array_equal(mdp.reward, enters.astype(float)) and mdp.horizon == 0


@pytest.mark.parametrize(("before", "after", "step"), [
    ("blocking: gap right", "blocking: gap left", 1000), ("shortcut: closed", "shortcut: open", 3000)])
def test_the_walls_move_in_mid_run_and_what_was_learned_stays(before, after, step):
    run = Timeline(DynaMaze(before), QLearning(alpha=0.1, gamma=0.95), 1).edited(step, env=DynaMaze(after))
    old, new = run.steps(step - 1, step), run.steps(step, step + 1)
    assert new.state[0] == old.next_state[0] and new.episode[0] == old.episode[0]
    assert np.array_equal(run.at(step).memory.q, Timeline(DynaMaze(before), run.agent, 1).at(step).memory.q)
    lanes = {"gap right": (False, True), "gap left": (True, False), "closed": (True, False), "open": (True, True)}
    left, right = lanes[after.split(": ")[1]]
    crossed = set(run.steps(step, step + 60_000).next_state.tolist())
    assert (27 in crossed, 35 in crossed) == (left, right)


def test_a_maze_cannot_be_painted():
    assert not DynaMaze().picture().editable and DynaMaze().state_name(18) == "row 3, column 1"
