"""What a step changed: found by comparison, and enough to go forward and back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rl.agents import AGENTS
from rl.agents.control.q_learning import QLearning
from rl.agents.control.sarsa_lambda import SarsaLambda
from rl.agents.human import Human
from rl.changes import changes, shown_tables, stacked
from rl.envs import gym_live
from rl.envs.frozen_lake import FrozenLake
from rl.envs.grid_world import GridWorld
from rl.envs.gym_live import GymLive
from rl.timeline import Timeline
from tests.envs.gym_worlds import Lane, register
from tests.strategies import timelines

TABULAR = [kind for kind in AGENTS.values() if kind.family == "tabular" and kind.slug != "human"]


def followed(run, t0, t1):
    """Carries the tables of moment ``t0`` to ``t1`` by the changes alone, and back again."""
    found, values = changes(run, t0, t1), stacked(run.at(t0))
    for i in range(t1 - t0):
        part = slice(found.first[i], found.first[i + 1])
        assert np.array_equal(values[found.entry[part]], found.was[part], equal_nan=True)
        values[found.entry[part]] = found.now[part]
    ahead = values.copy()
    for i in reversed(range(t1 - t0)):
        part = slice(found.first[i], found.first[i + 1])
        values[found.entry[part]] = found.was[part]
    return ahead, values


@given(timelines(latest=300), st.integers(0, 250), st.integers(0, 120))
@settings(max_examples=30)
def test_changes_lead_forward_and_back_whatever_was_edited(run, t0, n):
    end = min(t0 + n, run.last)
    ahead, back = followed(run, t0, end)
    last = run.at(end)
    if end in {edit.step for edit in run.edits}:
        return  # what an edit changes is seen with the step after it
    assert np.array_equal(ahead, stacked(last), equal_nan=True)
    if t0 not in {edit.step for edit in run.edits}:
        assert np.array_equal(back, stacked(run.at(t0)), equal_nan=True)


@pytest.mark.parametrize("kind", TABULAR, ids=lambda kind: kind.slug)
def test_changes_of_every_agent_lead_to_its_later_tables(kind):
    run = Timeline(GridWorld(slip=0.2, horizon=40), kind(), 5)
    ahead, back = followed(run, 150, 400)
    assert np.array_equal(ahead, stacked(run.at(400))) and np.array_equal(back, stacked(run.at(150)))


@pytest.mark.parametrize("kind", TABULAR, ids=lambda kind: kind.slug)
def test_an_agent_that_says_it_updates_one_entry_does_so(kind):
    run = Timeline(FrozenLake(), kind(), 2)
    found, log, width = changes(run, 0, 400), run.steps(0, 400), getattr(run.at(0).memory, kind.learns)[0].size
    assert shown_tables(kind())[:2] == (kind.learns, "visits")
    if kind.updates_many:
        return
    n_values = getattr(run.at(0).memory, kind.learns).size
    for i in range(400):
        entries = found.entry[found.first[i] : found.first[i + 1]]
        values = entries[entries < n_values]
        assert set(values) <= {log.updated_state[i] * width + log.updated_action[i]}
        taken = log.state[i] * width + (log.action[i] if width > 1 else 0)
        assert entries[entries >= n_values].tolist() == [n_values + taken]


def test_a_steady_agent_changes_one_value_and_one_count():
    found = changes(Timeline(GridWorld(), QLearning(alpha=0.5), 1), 0, 3)
    assert np.diff(found.first).tolist() == [2, 2, 2]
    assert (found.entry[1::2] - found.entry[::2]).tolist() == [GridWorld().mdp.cdf[..., 0].size] * 3
    assert (found.now[1::2] - found.was[1::2]).tolist() == [1, 1, 1] and (found.now[::2] < found.was[::2]).all()


def test_the_changes_in_a_live_world_are_found_in_one_go(monkeypatch):
    calls = {"made": 0, "steps": 0}
    make, step = gym_live.made, Lane.step
    monkeypatch.setattr(gym_live, "made", lambda id: calls.update(made=calls["made"] + 1) or make(id))
    monkeypatch.setattr(Lane, "step", lambda env, a: calls.update(steps=calls["steps"] + 1) or step(env, a))
    run = Timeline(GymLive(register("EndlessLane", Lane)), SarsaLambda(epsilon=1.0), 3).edited(330, alpha=0.5)
    found, counted = changes(run, 100, 400), calls.copy()
    assert counted["made"] < 15 and counted["steps"] < 1500
    assert [*np.diff(found.first)] == [changes(run, t, t + 1).first[1] for t in range(100, 400)]
    ahead, back = followed(run, 100, 400)
    assert np.array_equal(ahead, stacked(run.at(400))) and np.array_equal(back, stacked(run.at(100)))


def test_a_person_who_has_stopped_changes_nothing_more():
    assert len(changes(Timeline(GridWorld(), Human("0123"), 1), 1, 50).first) == 1 + 3
