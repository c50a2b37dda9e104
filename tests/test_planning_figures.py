"""Figures of planning say what was planned: the bound where there is one, the policy's day, stakes as stakes."""

import numpy as np
import pytest

from rl.agents.planning.policy_iteration import PolicyIteration
from rl.agents.planning.value_iteration import ValueIteration
from rl.convergence import convergence
from rl.envs.gambler import Gambler
from rl.envs.grid_world import GridWorld
from rl.figures.planning import LEAST, actions_figure, convergence_figure, first_optimal, values_figure
from rl.planning import action_values, optimal_actions, value_iteration
from rl.timeline import Timeline

RUN = Timeline(GridWorld(slip=0.2), ValueIteration())


def found(run, sweeps=40):
    return convergence(run, run.after_episodes(0, sweeps))


def named(chart):
    return {trace.name: trace for trace in chart.data}


def test_the_error_stays_under_the_bound_and_both_are_drawn():
    lines = named(convergence_figure(found(RUN), 3.0))
    assert list(lines) == ["bound γᵏ × first error", "change in the sweep", "error"]
    error, bound = (np.array(lines[name].y) for name in ("error", "bound γᵏ × first error"))
    assert (error <= bound * (1 + 1e-9)).all() and error[0] == bound[0]


def test_where_no_bound_holds_none_is_drawn():
    lines = named(convergence_figure(found(Timeline(GridWorld(), PolicyIteration())), 0.0))
    assert "bound γᵏ × first error" not in lines and "error" in lines


def test_an_error_that_vanished_lies_at_the_floor_and_not_outside():
    run = Timeline(GridWorld(map="S...G", step_reward=0.0), ValueIteration(gamma=0.5))
    assert named(convergence_figure(found(run, 9), 0.0))["error"].y[-1] == LEAST


def test_the_policys_day_is_marked_where_it_came_and_only_then():
    whole = found(RUN)
    day = first_optimal(whole)
    texts = [note.text for note in convergence_figure(whole, 0.0).layout.annotations]
    assert texts == ["policy optimal from here"] and 0 < day < 40 and whole.optimal[int(day):].all()
    assert not whole.optimal[int(day) - 1]
    assert convergence_figure(found(RUN, 1), 0.0).layout.annotations == () and first_optimal(found(RUN, 1)) is None


def test_the_gamblers_best_stakes_stand_at_their_height():
    """S&B figure 4.3: the only best stake with 50 is 50, with 1 it is 1."""
    env = Gambler()
    best = optimal_actions(action_values(env.mdp, value_iteration(env.mdp, 1.0), 1.0))
    best[env.mdp.absorbing] = False
    chart = actions_figure(best, [env.state_name(s) for s in range(len(best))], env.actions)
    stakes = {s: sorted(y for x, y in zip(chart.data[0].x, chart.data[0].y, strict=True) if x == s) for s in (1, 50)}
    assert stakes == {1: [1], 50: [50]}


@pytest.mark.parametrize("seen", [np.array([True] * 4), np.array([True, False, True, True])])
def test_values_are_drawn_of_the_states_there_are(seen):
    chart = named(values_figure(np.arange(4.0), np.arange(4.0) + 1, list("abcd"), seen))
    assert chart["now"].y.tolist() == np.arange(4.0)[seen].tolist()
    assert chart["exact"].y.tolist() == (np.arange(4.0) + 1)[seen].tolist()
