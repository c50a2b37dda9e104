"""numba is a matter of speed only: compiled and plain runs are equal to the last bit."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rl.agents import AGENTS
from rl.envs import WORLDS
from rl.jit import COMPILED, plain
from rl.policies import EXPONENTIAL, scheduled
from rl.run import FOREVER, begin
from rl.tape import EpisodeLog, StepLog, Tape, blank
from tests.strategies import agents, rates, same, seeds, worlds

pytestmark = pytest.mark.skipif(not COMPILED, reason="numba is not here, or turned off")

DIGEST = """
import hashlib
from rl.agents.control.q_learning import QLearning
from rl.envs.frozen_lake import FrozenLake
from rl.envs.grid_world import GridWorld
from rl.jit import COMPILED
from rl.planning import value_iteration
from rl.timeline import Timeline

run = Timeline(FrozenLake(), QLearning(initial=0.5, schedule="exponential", epsilon_last=0.05, span=7), 2**31 - 1)
run = run.edited(700, alpha=0.25).edited(1500, env=FrozenLake(success=0.8))
arrays = [*run.steps(0, 3000), *run.episodes(3000), *run.at(2500).memory, value_iteration(GridWorld(slip=0.3).mdp, 0.9)]
print(COMPILED, hashlib.sha256(b"".join(array.tobytes() for array in arrays)).hexdigest())
"""


def traced(loop, env, agent, seed, steps):
    run = begin(env, agent, seed)
    tape = Tape(0, 0, blank(StepLog, steps), blank(EpisodeLog, steps))
    loop(agent.model_of(env), seed, run.memory, run.clock, tape, steps, FOREVER, *agent.parameters())
    columns = [*tape.steps, *tape.episodes, *run.memory, *run.clock]
    return [np.nan_to_num(column) for column in columns]  # an agent without epsilon logs NaN, which equals nothing


@given(worlds, agents, seeds, st.integers(0, 300))
@settings(max_examples=60)
def test_a_compiled_run_is_the_plain_one_bit_for_bit(env, agent, seed, steps):
    loop = type(agent).loop
    assert same(traced(loop, env, agent, seed, steps), traced(plain(loop), env, agent, seed, steps))


@pytest.mark.parametrize("slug", AGENTS)
@pytest.mark.parametrize("seed", [0, 2**31 - 1])
def test_every_agent_runs_the_same_compiled_and_plain(slug, seed):
    agent = AGENTS[slug]()
    env = next(kind() for kind in WORLDS.values() if kind.family == agent.family)
    loop, steps = type(agent).loop, 100 if agent.family == "physics" else 2000  # small nets learn in tests/neural
    assert same(traced(loop, env, agent, seed, steps), traced(plain(loop), env, agent, seed, steps))


@given(rates, rates, st.integers(1, 10_000), st.integers(0, 10**6))
@settings(max_examples=300)
def test_schedules_are_equal_bit_for_bit(first, last, span, episode):
    for schedule in range(3):
        assert scheduled(schedule, first, last, span, episode) == plain(scheduled)(schedule, first, last, span, episode)


def test_halving_is_equal_bit_for_bit_where_a_power_of_a_half_was_not():
    twin = plain(scheduled)  # LLVM turns pow(.5, x) into exp2(-x), which differed in 2 of these
    unequal = [(span, episode) for span in (1, 3, 7, 10, 37, 200, 333, 9999) for episode in range(3000)
               if scheduled(EXPONENTIAL, 1.0, 0.0, span, episode) != twin(EXPONENTIAL, 1.0, 0.0, span, episode)]
    assert unequal == []


def test_a_process_without_numba_gets_the_same_run():
    def digest(plain):
        environment = {**os.environ, "STEPWISE_PLAIN": plain, "PYTHONPATH": str(Path(__file__).parents[1])}
        command = [sys.executable, "-W", "error", "-c", DIGEST]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.split()

    (compiled, one), (uncompiled, two) = digest("0"), digest("1")
    assert (compiled, uncompiled) == ("True", "False")
    assert one == two


def test_whole_numbers_and_floats_are_the_same_settings():
    agent = AGENTS["q"]
    assert replace(agent(), gamma=1).parameters() == agent(gamma=1.0).parameters()
    assert [type(p) for p in agent(alpha=1, gamma=0, epsilon=1, initial=5).parameters()] == [
        type(p) for p in agent().parameters()]
    assert np.isfinite(agent().parameters()).all()
