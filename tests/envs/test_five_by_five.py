"""The 5×5 grid against the figures of the book."""

import numpy as np
import pytest

from rl.envs.five_by_five import FiveByFive
from rl.planning import action_values, optimal_actions, policy_values, value_iteration

FIGURE_3_2 = [
    [3.3, 8.8, 4.4, 5.3, 1.5], [1.5, 3.0, 2.3, 1.9, 0.5], [0.1, 0.7, 0.7, 0.4, -0.4],
    [-1.0, -0.4, -0.4, -0.6, -1.2], [-1.9, -1.3, -1.2, -1.4, -2.0]]
FIGURE_3_5 = [
    [22.0, 24.4, 22.0, 19.4, 17.5], [19.8, 22.0, 19.8, 17.8, 16.0], [17.8, 19.8, 17.8, 16.0, 14.4],
    [16.0, 17.8, 16.0, 14.4, 13.0], [14.4, 16.0, 14.4, 13.0, 11.7]]
BEST = [
    ["right", "any", "left", "any", "left"], ["up right", "up", "up left", "left", "left"],
    ["up right", "up", "up left", "up left", "up left"], ["up right", "up", "up left", "up left", "up left"],
    ["up right", "up", "up left", "up left", "up left"]]  # figure 3.5, right


def test_the_random_policy_is_worth_what_figure_3_2_says():
    mdp = FiveByFive().mdp
    values = policy_values(mdp, np.full((25, 4), 0.25), 0.9)
    assert np.round(values.reshape(5, 5), 1).tolist() == FIGURE_3_2


def test_the_optimum_is_the_one_of_figure_3_5():
    v = value_iteration(FiveByFive().mdp, 0.9)
    assert np.round(v.reshape(5, 5), 1).tolist() == FIGURE_3_5
    assert v[1] == pytest.approx(10 / (1 - 0.9**5), abs=1e-9) == pytest.approx(24.4194, abs=5e-5)


def test_the_optimal_actions_are_the_arrows_of_figure_3_5_ties_included():
    env = FiveByFive()
    names = [action.name for action in env.actions]
    best = optimal_actions(action_values(env.mdp, value_iteration(env.mdp, 0.9), 0.9))
    for s, arrows in enumerate(arrow for row in BEST for arrow in row):
        expected = set(names) if arrows == "any" else set(arrows.split())
        assert {name for name, good in zip(names, best[s], strict=True) if good} == expected


@pytest.mark.parametrize("horizon", [0, 7, 100])
def test_nothing_ever_ends_and_a_time_limit_changes_no_value(horizon):
    mdp = FiveByFive(horizon=horizon).mdp
    assert not mdp.terminal.any() and not mdp.absorbing.any() and mdp.visitable.all() and mdp.horizon == horizon
    assert np.array_equal(value_iteration(mdp, 0.9), value_iteration(FiveByFive().mdp, 0.9))


def test_episodes_start_anywhere():
    assert FiveByFive().mdp.start == pytest.approx(np.full(25, 0.04))
