"""The ledger of one entry is what a search of all steps finds."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rl import ledger as module
from rl.agents.control.q_learning import QLearning
from rl.agents.control.sarsa_lambda import SarsaLambda
from rl.envs.frozen_lake import FrozenLake
from rl.envs.gym_live import GymLive
from rl.ledger import ledger
from rl.tape import StepLog
from rl.timeline import Timeline
from tests.envs.gym_worlds import Lane, register
from tests.strategies import same, timelines

LANE = GymLive(register("LedgerLane", Lane))
RUN = Timeline(FrozenLake(), QLearning(alpha=0.3), 2).edited(300, alpha=0.6).edited(900, epsilon=0.9)


def filtered(run, t, s, a):
    """Updates of Q(s, a) in the first ``t`` steps, newest first."""
    log = run.steps(0, t)
    rows = [i for i in range(t) if log.state[i] == s and log.action[i] == a][::-1]
    return rows, StepLog(*(column[rows] for column in log))


@given(timelines(latest=300), st.integers(0, 500), st.integers(0, 10**6), st.sampled_from([1, 7, 64, 2**14]),
       st.integers(0, 30))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_ledger_is_the_filter_of_all_steps(monkeypatch, run, t, pick, block, most):
    monkeypatch.setattr(module, "BLOCK", block)
    visits = run.at(t).memory.visits
    tried = np.argwhere(visits) if pick % 5 and visits.any() else np.argwhere(visits >= 0)
    s, a = tried[pick % len(tried)].tolist()
    rows, log = filtered(run, t, s, a)
    found = ledger(run, t, s, a, most)
    assert found.total == len(rows)
    assert found.steps == rows[:most]
    assert same(found.log, StepLog(*(column[:most] for column in log)))


@pytest.mark.parametrize("block", [16, 300, 2**14])
@pytest.mark.parametrize("t", [0, 1, 15, 16, 17, 299, 300, 301, 1600])
def test_the_borders_of_blocks_and_edits_lose_nothing(monkeypatch, block, t):
    monkeypatch.setattr(module, "BLOCK", block)
    rows, log = filtered(RUN, t, 0, 1)
    found = ledger(RUN, t, 0, 1)
    assert (found.steps, found.total) == (rows, len(rows))
    assert same(found.log, log)


def test_each_update_starts_from_where_the_one_before_ended():
    found = ledger(RUN, 1600, 0, 1)
    assert len(found.steps) > 20
    assert found.steps == sorted(found.steps, reverse=True)
    assert np.array_equal(found.log.old[:-1], found.log.new[1:])
    assert (found.log.old[-1], found.log.new[0]) == (0.0, RUN.at(1600).memory.q[0, 1])


def test_only_the_newest_are_listed_though_all_are_counted():
    whole, few = ledger(RUN, 1600, 0, 1), ledger(RUN, 1600, 0, 1, most=3)
    assert few.total == whole.total == len(whole.steps)
    assert few.steps == whole.steps[:3]
    assert few.log.new.tolist() == whole.log.new[:3].tolist()


def test_an_entry_never_tried_has_an_empty_ledger():
    assert ledger(RUN, 1600, 15, 0)[:2] == (0, [])
    assert len(ledger(RUN, 1600, 15, 0).log) == 0


@pytest.mark.parametrize(("world", "farthest"), [(FrozenLake(), module.FARTHEST), (LANE, module.FARTHEST_UNLISTED)])
def test_where_each_step_is_looked_into_the_search_ends_sooner_in_a_world_that_is_slow_to_play(
        monkeypatch, world, farthest):
    looked = []
    found_of = module.changes
    monkeypatch.setattr(module, "changes", lambda run, t0, t1: looked.append(t0) or found_of(run, t0, t1))
    ledger(Timeline(world, SarsaLambda(), 1), 5000, 3, 1, most=10**6)
    assert min(looked) == 5000 - farthest
