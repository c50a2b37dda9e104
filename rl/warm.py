"""Compile everything before the first learner comes: ``python -m rl.warm``."""

import sys
import time
from itertools import product
from typing import Any

from rl.agents import AGENTS
from rl.agents.bandits.base import Bandit
from rl.agents.base import Agent
from rl.agents.neural.base import Neural
from rl.bandit_study import Study
from rl.bandits import reasons
from rl.envs import ENVS, WORLDS
from rl.envs.base import Env, World
from rl.envs.testbed import Testbed
from rl.envs.trading import Trading
from rl.episode_study import study
from rl.gradient_noise import gradient_noise
from rl.jit import COMPILED
from rl.timeline import Timeline
from rl.trading_study import judged
from rl.trials import run_trials
from rl.truth import greedy_start_value, solution

STEPS, EPISODES = 50, 2
DISCOUNTS = (1.0, 0.9)


def use(env: World, agent: Agent) -> None:
    """Does once, in small, what a page does with an agent in a world."""
    timeline = Timeline(env, agent)
    timeline.at(STEPS)
    timeline.steps(0, STEPS)
    timeline.episodes(STEPS)
    run_trials(timeline, range(2), EPISODES, STEPS)
    if isinstance(env, Testbed) and isinstance(agent, Bandit):
        reasons(timeline, 0, STEPS)
        Study(env, (agent,), 1, STEPS).advance(1.0)
    if isinstance(env, Trading):
        judged(env, agent, timeline.at(STEPS).memory, 0)
    if isinstance(agent, Neural):
        study(timeline, STEPS)
        gradient_noise(timeline, STEPS, 4)


def plan(env: Env) -> None:
    """Solves a world and judges a policy, with and without a discount."""
    for gamma in DISCOUNTS:
        best = solution(env, gamma)
        if best.finite:
            greedy_start_value(env, gamma, best.q)


def kernels() -> list[Any]:
    """Lists the jitted functions of every module of the engine that is loaded."""
    modules = [module for name, module in list(sys.modules.items()) if name.startswith("rl.")]
    found = {id(member): member for module in modules for member in vars(module).values() if hasattr(member, "py_func")}
    return list(found.values())


def counts() -> tuple[int, int]:
    """Returns how many kernels were read from the disk and how many were compiled since this process began."""
    stats = [kernel.stats for kernel in kernels()]
    return sum(s.cache_hits.total() for s in stats), sum(s.cache_misses.total() for s in stats)


def warm() -> None:
    """Uses every agent in every world once, so that each kernel is compiled for the types the app calls it with."""
    for env, agent in product(WORLDS.values(), AGENTS.values()):
        if agent().can_play(env):
            use(env(), agent())
    for env in ENVS.values():
        plan(env())


def main() -> None:
    start = time.perf_counter()
    warm()
    seconds = time.perf_counter() - start
    if not COMPILED:
        print("Running as plain Python: there is nothing to compile.")
    else:
        read, compiled = counts()
        print(f"{compiled} kernels compiled, {read} read from the disk: {seconds:.1f} s.")


if __name__ == "__main__":
    main()
