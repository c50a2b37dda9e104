"""Chapter 8: planning while learning."""

from typing import Any

import numpy as np

from rl.agents.base import Agent
from rl.agents.control.dyna_q import DynaQ
from rl.agents.control.dyna_q_plus import DynaQPlus
from rl.envs.dyna_maze import DynaMaze
from rl.experiments.book.making import (
    AT_ONCE,
    Claim,
    Drawing,
    Job,
    Line,
    Made,
    Mark,
    Reproduction,
    episodes_of,
    joined,
)
from rl.mdp import Floats
from rl.run import advance, begin, changed
from rl.timeline import Timeline

PLANNING = (0, 5, 50)
SEEDS, EPISODES = 30, 50
MAZE = [Timeline(DynaMaze(), DynaQ(planning=n, alpha=0.1, gamma=0.95, epsilon=0.1)) for n in PLANNING]
MOVED_SEEDS = 30
MOVED: dict[str, Agent] = {
    "Dyna-Q": DynaQ(planning=10, alpha=1.0, gamma=0.95, epsilon=0.1),
    "Dyna-Q+": DynaQPlus(planning=10, alpha=1.0, gamma=0.95, epsilon=0.1, kappa=0.001)}


def _maze(found: list[Any]) -> Made:
    lengths = [block[:, 1] for block in joined(found, len(PLANNING))]
    means = [block.mean(axis=0) for block in lengths]
    first = [float(1 + np.argmax(mean <= 20)) for mean in means]
    lines = {f"n = {n}": Line(np.arange(2.0, EPISODES + 1), mean[1:]) for n, mean in zip(PLANNING, means, strict=True)}
    marks = tuple(Mark(x, 20.0, 0.0) for x in (28.0, 6.0, 3.0))
    return Made((float(min(block.min() for block in lengths)), *first),
                Drawing("episode", "steps in the episode", lines, marks))


def earned(agent: Agent, before: DynaMaze, after: DynaMaze, at: int, steps: int, seed: int) -> Floats:
    """Returns the sum of rewards by time step, (steps + 1,), in a maze whose walls are moved on the way."""
    run = begin(before, agent, seed)
    logs = [advance(run, at, step_rows=at)[0]]
    run = changed(run, after, agent)
    logs.append(advance(run, steps, step_rows=steps - at)[0])
    return np.append(0.0, np.concatenate([log.reward for log in logs]).cumsum())


def _moved_jobs(before: str, after: str, at: int, steps: int) -> list[Job]:
    def job(agent: Agent, first: int) -> Job:
        return lambda: [earned(agent, DynaMaze(before), DynaMaze(after), at, steps, seed)
                        for seed in range(first, first + AT_ONCE)]

    return [job(agent, first) for agent in MOVED.values() for first in range(0, MOVED_SEEDS, AT_ONCE)]


def _moved(found: list[Any], at: int) -> tuple[list[Floats], Drawing]:
    sums = [block.mean(axis=0) for block in joined(found, len(MOVED))]
    x = np.arange(len(sums[0]) + 0.0)[::20]
    lines = {name: Line(x, mean[::20]) for name, mean in zip(MOVED, sums, strict=True)}
    level = float(sums[0][at])
    return sums, Drawing("time steps", "cumulative reward", lines | {"the walls move": Line(
        np.array([at, at + 1.0]), np.array([0.0, level]))})


def _blocking(found: list[Any]) -> Made:
    (usual, plus), drawing = _moved(found, 1000)
    stalled = float(plus[1500] - plus[1000])
    return Made((float(plus[-1] > usual[-1]), float(stalled < 0.5 * (plus[1000] - plus[500]))), drawing)


def _shortcut(found: list[Any]) -> Made:
    (usual, plus), drawing = _moved(found, 3000)
    before = usual[3000] - usual[2000]
    after = usual[6000] - usual[5000]
    return Made((float(plus[-1] > usual[-1]), float(after / before), float((plus[6000] - plus[5000]) > 1.15 * after)),
                drawing)


AS_SHOWN = "as the figure shows"
REPRODUCTIONS = (
    Reproduction("fig-8-2", "Planning makes few episodes enough", "Sutton & Barto, Figure 8.2",
                 "Dyna-Q with 0, 5 and 50 planning steps in the maze, mean of 30 runs.", (
                     Claim("steps of the shortest way", 14.0, 0.0, "exact"),
                     Claim("first episode of 20 steps or fewer, n = 0", 28.0, 4.0, "of a batch of 30 runs"),
                     Claim("the same, n = 5", 6.0, 2.0, "of a batch of 30 runs"),
                     Claim("the same, n = 50", 3.0, 1.0, "of a batch of 30 runs")),
                 lambda: episodes_of(MAZE, SEEDS, EPISODES), _maze),
    Reproduction("fig-8-4", "The way is blocked", "Sutton & Barto, Figure 8.4",
                 "Dyna-Q and Dyna-Q+ in the maze whose gap moves after 1000 of 3000 steps, mean of 30 runs.", (
                     Claim("Dyna-Q+ has earned more in the end (1: yes)", 1.0, 0.0, AS_SHOWN),
                     Claim("its curve goes flat when the gap moves (1: yes)", 1.0, 0.0, AS_SHOWN)),
                 lambda: _moved_jobs("blocking: gap right", "blocking: gap left", 1000, 3000),
                 _blocking),
    Reproduction("fig-8-5", "A shortcut opens", "Sutton & Barto, Figure 8.5",
                 "Dyna-Q and Dyna-Q+ in the maze with a new way after 3000 of 6000 steps, mean of 30 runs.", (
                     Claim("Dyna-Q+ has earned more in the end (1: yes)", 1.0, 0.0, AS_SHOWN),
                     Claim("Dyna-Q earns as before, as a ratio", 1.0, 0.1, "it does not find the shortcut"),
                     Claim("Dyna-Q+ then earns faster (1: yes)", 1.0, 0.0, "it does")),
                 lambda: _moved_jobs("shortcut: closed", "shortcut: open", 3000, 6000), _shortcut),
)
