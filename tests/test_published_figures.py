"""Numbers of the book and of published worlds that exact planning must reproduce.

S&B is Sutton & Barto, Reinforcement Learning: An Introduction, 2nd edition.
"""

import numpy as np
import pytest

from rl.envs.cliff_walking import CliffWalking
from rl.envs.frozen_lake import FrozenLake
from rl.envs.grid_presets import PRESETS
from rl.mdp import from_table
from rl.planning import (
    action_values,
    finite_horizon_value,
    optimal_actions,
    policy_values,
    start_value,
    value_iteration,
)
from rl.policies import epsilon_greedy
from rl.truth import solution

LAKE, LAKE_8X8 = FrozenLake().mdp, FrozenLake(size="8x8").mdp


def evenly(mdp):
    """The random policy."""
    return np.full(mdp.cdf.shape[:2], 1 / mdp.cdf.shape[1])


@pytest.mark.parametrize(("mdp", "gamma", "expected", "digits"), [
    (LAKE, 1.0, 14 / 17, 1e-9), (LAKE, 0.99, 0.54203, 5e-6), (LAKE_8X8, 0.99, 0.41464, 5e-6)],
    ids=["4x4", "4x4 .99", "8x8 .99"])
def test_frozen_lake_is_worth_what_is_known(mdp, gamma, expected, digits):
    assert start_value(mdp, value_iteration(mdp, gamma)) == pytest.approx(expected, abs=digits)


def test_frozen_lake_within_its_time_limit():
    assert LAKE.horizon == 100
    assert start_value(LAKE, finite_horizon_value(LAKE, 100)) == pytest.approx(0.7442, abs=5e-5)


def test_frozen_lake_at_random():
    # Undiscounted: the chance that a random walk reaches the goal at all. (Discounted by .99 it is .0124.)
    assert start_value(LAKE, policy_values(LAKE, evenly(LAKE), 1.0)) == pytest.approx(0.0139, abs=5e-5)
    assert start_value(LAKE, policy_values(LAKE, evenly(LAKE), 0.99)) == pytest.approx(0.0124, abs=5e-5)


def jumping_grid():
    """S&B example 3.5: from A (row 1, column 2) to A' for +10, from B (column 4) to B' for +5, -1 off the grid."""
    def outcome(row, col, dr, dc):
        if (row, col) in ((0, 1), (0, 3)):
            return (1.0, 21 if col == 1 else 13, 10.0 if col == 1 else 5.0, False)
        r, c = row + dr, col + dc
        inside = 0 <= r < 5 and 0 <= c < 5
        return (1.0, 5 * r + c if inside else 5 * row + col, 0.0 if inside else -1.0, False)

    moves = ((-1, 0), (1, 0), (0, -1), (0, 1))
    return from_table([[[outcome(*divmod(s, 5), *move)] for move in moves] for s in range(25)], np.ones(25) / 25)


def test_the_random_policy_on_the_jumping_grid():
    figure_3_2 = [
        [3.3, 8.8, 4.4, 5.3, 1.5], [1.5, 3.0, 2.3, 1.9, 0.5], [0.1, 0.7, 0.7, 0.4, -0.4],
        [-1.0, -0.4, -0.4, -0.6, -1.2], [-1.9, -1.3, -1.2, -1.4, -2.0]]
    mdp = jumping_grid()
    assert np.round(policy_values(mdp, evenly(mdp), 0.9).reshape(5, 5), 1).tolist() == figure_3_2


def test_the_optimum_of_the_jumping_grid():
    figure_3_5 = [
        [22.0, 24.4, 22.0, 19.4, 17.5], [19.8, 22.0, 19.8, 17.8, 16.0], [17.8, 19.8, 17.8, 16.0, 14.4],
        [16.0, 17.8, 16.0, 14.4, 13.0], [14.4, 16.0, 14.4, 13.0, 11.7]]
    v = value_iteration(jumping_grid(), 0.9)
    assert np.round(v.reshape(5, 5), 1).tolist() == figure_3_5
    assert v[1] == pytest.approx(10 / (1 - 0.9**5), abs=1e-9) == pytest.approx(24.4194, abs=5e-5)


def gambler(p):
    """S&B example 4.3: an action is a stake, from 1; a stake that is too high is not one, and cannot be chosen."""
    def outcomes(capital, stake):
        stake = min(stake, capital, 100 - capital)
        if not 0 < capital < 100:
            return [(1.0, capital, 0.0, True)]
        won, lost = capital + stake, capital - stake
        return [(p, won, float(won == 100), won == 100), (1 - p, lost, 0.0, lost == 0)]

    return from_table([[outcomes(s, stake) for stake in range(1, 51)] for s in range(101)], np.eye(101)[50])


def test_the_gambler():
    mdp = gambler(0.4)
    v = value_iteration(mdp, 1.0)
    assert v[[25, 50, 75]].tolist() == pytest.approx([0.16, 0.40, 0.64], abs=1e-12)
    assert v[[1, 99]].tolist() == pytest.approx([0.002066, 0.964333], abs=5e-7)
    best = optimal_actions(action_values(mdp, v, 1.0))
    stakes = {s: {a + 1 for a in range(min(s, 100 - s)) if best[s, a]} for s in range(1, 100)}
    assert stakes[50] == {50}
    assert stakes[25] == {25}
    assert stakes[51] == {1, 49}
    assert stakes[12] == {12}
    assert stakes[13] == {12, 13}
    assert stakes[15] == {10, 15}
    assert all(min(s, 100 - s) in stakes[s] for s in stakes)  # bold play is optimal everywhere (Dubins & Savage, 1965)
    assert sum(len(several) > 1 for several in stakes.values()) > 50  # and ties are the rule


def corridor():
    """S&B example 13.1 with its positions told apart: left and right are swapped in the middle one."""
    def step(s, move):
        s_next = max(0, s + (-move if s == 1 else move))
        return [(1.0, min(s_next, 2), -1.0, s_next == 3)]

    return from_table([[step(s, -1), step(s, 1)] for s in range(3)], np.eye(3)[0])


@pytest.mark.parametrize(("right", "expected"), [
    (2 - np.sqrt(2), -(6 + 4 * np.sqrt(2))), (2 - np.sqrt(2), -11.657), (0.95, -44.21), (0.05, -82.11)])
def test_the_short_corridor(right, expected):
    mdp = corridor()
    blind = np.tile([1 - right, right], (3, 1))  # the positions look alike
    assert policy_values(mdp, blind, 1.0)[0] == pytest.approx(expected, abs=5e-3)
    chances = np.linspace(0.01, 0.99, 99)
    values = [policy_values(mdp, np.tile([1 - p, p], (3, 1)), 1.0)[0] for p in chances]
    assert chances[np.argmax(values)] == pytest.approx(0.59)
    assert max(values) < -(6 + 4 * np.sqrt(2))


def trading(q, cost):
    """A planted edge: a daily return of +1 or -1 repeats its sign with probability ``q``; positions are -1, 0 and 1.

    A state is (last sign, position); an action is the position to take, paying ``cost`` a unit of change.
    """
    def outcomes(sign, held, taken):
        paid = cost * abs(taken - held)
        return [(p, state(s_next, taken), taken * s_next - paid, False) for p, s_next in ((q, sign), (1 - q, -sign))]

    def state(sign, held):
        return 3 * (sign > 0) + held + 1

    rows = [[outcomes(sign, held, taken) for taken in (-1, 0, 1)] for sign in (-1, 1) for held in (-1, 0, 1)]
    return from_table(rows, np.array([0, 0.5, 0, 0, 0.5, 0]))


@pytest.mark.parametrize(("q", "cost", "expected"), [
    (0.6, 0.0, 20.0), (0.6, 0.1, 11.98), (0.6, 0.2, 3.96), (0.5, 0.0, 0.0), (0.5, 0.1, 0.0), (0.5, 0.2, 0.0)])
def test_a_planted_edge_is_worth_what_is_left_after_costs(q, cost, expected):
    mdp = trading(q, cost)
    v = value_iteration(mdp, 0.99)
    assert start_value(mdp, v) == pytest.approx(expected, abs=1e-8)
    flat = action_values(mdp, v, 0.99)[[1, 4]]
    assert bool(optimal_actions(flat)[:, 1].all()) == (q == 0.5)  # without an edge, staying flat is optimal


def test_the_optimal_path_along_the_cliff():
    assert solution(CliffWalking(), 1.0).start == pytest.approx(-13, abs=1e-9)  # S&B example 6.6


def test_the_maze_of_dyna_takes_fourteen_steps():
    maze = next(preset.world for preset in PRESETS if preset.name == "Maze")  # S&B figure 8.2
    assert solution(maze, 0.95).start == pytest.approx(0.95**13)


def test_greedy_actions_become_sub_optimal_by_epsilon_over_the_number_of_actions():
    # S&B section 2.2, exercise 2.1: with two actions and epsilon .5 the greedy one is chosen in 75 % of the steps.
    chosen = [epsilon_greedy(np.array([[1.0, 0.0]]), 0, 0.5, 0, t)[0] for t in range(40_000)]
    assert chosen.count(0) / 40_000 == pytest.approx(0.75, abs=5 * np.sqrt(0.75 * 0.25 / 40_000))
