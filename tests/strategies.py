"""Worlds, agents, seeds and edited runs for hypothesis to play with, and a world made of a table."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from hypothesis import strategies as st

from rl.agents.control.q_learning import QLearning
from rl.dice import MAX_SEED
from rl.envs.base import Action, Env
from rl.envs.car_rental import CarRental
from rl.envs.cliff_walking import CliffWalking
from rl.envs.frozen_lake import FrozenLake
from rl.envs.grid_world import GridWorld
from rl.envs.taxi import Taxi
from rl.mdp import TabularMDP, from_table
from rl.policies import SCHEDULES
from rl.timeline import Timeline


def smaller(kind):
    """Makes a world as it comes, but for the one whose half a million outcomes would take minutes to try."""
    return kind(cars=4) if kind is CarRental else kind()


@dataclass(frozen=True)
class TableWorld(Env):
    """A world given as nested tuples ``table[s][a]`` of (probability, next state, reward, terminated)."""

    table: tuple = ()
    start: tuple[float, ...] = (1.0,)
    horizon: int = 0

    slug: ClassVar[str] = "table"
    title: ClassVar[str] = "Table"
    idea: ClassVar[str] = "For tests."
    actions: ClassVar[tuple[Action, ...]] = (Action("0"), Action("1"))

    def build(self) -> TabularMDP:
        rows = [[list(outcomes) for outcomes in row] for row in self.table]
        return from_table(rows, np.array(self.start), self.horizon)


rates = st.floats(0, 1, allow_subnormal=False) | st.sampled_from([0.0, 1.0])
seeds = st.integers(0, MAX_SEED) | st.sampled_from([0, MAX_SEED])
agents = st.builds(
    QLearning, alpha=rates, gamma=rates, epsilon=rates, epsilon_last=rates, span=st.integers(1, 10_000),
    initial=st.floats(-20, 20, allow_subnormal=False) | st.just(0.0), schedule=st.sampled_from(SCHEDULES))
lakes = st.builds(FrozenLake, success=rates)


@st.composite
def grids(draw, rows=3, cols=5):
    """A small grid of any cells, with an open way along its left and bottom edges from the start to the goal."""
    cells = [list(draw(st.text(".#HC", min_size=cols, max_size=cols))) for _ in range(rows)]
    cells[-1] = ["."] * cols
    for row in cells:
        row[0] = "."
    cells[0][0], cells[-1][-1] = "S", "G"
    return GridWorld(
        map="/".join("".join(row) for row in cells), slip=draw(rates), horizon=draw(st.sampled_from([0, 1, 7, 60])),
        step_reward=draw(st.floats(-1, 1, allow_subnormal=False)),
        rewards=draw(st.sampled_from(["", "3=0.5", "1=-2_7=.25"])))


worlds = lakes | grids() | st.builds(CliffWalking, slippery=st.sampled_from(["no", "yes"])) | st.just(Taxi())


def another(env):
    """Worlds with the same states and actions as ``env``."""
    if isinstance(env, FrozenLake):
        return lakes.map(lambda lake: replace(lake, size=env.size))
    if isinstance(env, CliffWalking):
        return st.builds(CliffWalking, slippery=st.sampled_from(["no", "yes"]))
    return grids() if isinstance(env, GridWorld) else st.just(env)


@st.composite
def timelines(draw, latest=1500, most_edits=3):
    """A run with up to ``most_edits`` edits of world and agent before step ``latest``."""
    run = Timeline(draw(worlds), draw(agents), draw(seeds))
    for step in sorted(draw(st.sets(st.integers(1, latest), max_size=most_edits))):
        run = run.edited(step, draw(another(run.env) | st.none()), draw(agents | st.none()))
    return run


def same(one, other):
    """Tells whether two logs, memories, clocks or lists of them are equal to the last bit; NaN is equal to itself."""
    return len(one) == len(other) and all(
        np.asarray(a).dtype == np.asarray(b).dtype and np.array_equal(a, b, equal_nan=np.asarray(a).dtype.kind == "f")
        for a, b in zip(one, other, strict=True))


def same_place(one, other):
    """Tells whether two runs stand at the same place and know the same."""
    settings = (one.env, one.agent, one.seed) == (other.env, other.agent, other.seed)
    return settings and same(one.memory, other.memory) and same(one.clock, other.clock)
