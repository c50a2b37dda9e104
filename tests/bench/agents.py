"""How fast every tabular agent learns, returns and lengths logged, against the same algorithm in plain Python."""

import gymnasium
import numpy as np

from rl.agents import AGENTS
from rl.agents.base import Agent
from rl.envs.frozen_lake import FrozenLake
from rl.run import FOREVER, advance, begin
from tests.bench import tutorials
from tests.bench.measure import Row, at_least, interleaved

NAME, WORLD = "FrozenLake-v1", FrozenLake()
STEPS, TUTORIAL_STEPS = 300_000, 5_000
REPEATS, SEED, TARGET = 3, 1, 100


def against_tutorials() -> list[Row]:
    """Compares steps a CPU second, for each algorithm with the settings it has at first."""
    return [_against_tutorial(AGENTS[slug]()) for slug in tutorials.LOOPS if slug in AGENTS]


def ours(agent: Agent) -> None:
    advance(begin(WORLD, agent, SEED), STEPS, FOREVER, 0, STEPS // 4)


def the_tutorial(agent: Agent) -> None:
    env = gymnasium.make(NAME)
    env.reset(seed=SEED)
    env.action_space.seed(SEED)
    tutorials.LOOPS[agent.slug](env, agent, TUTORIAL_STEPS, np.random.default_rng(SEED))


def _against_tutorial(agent: Agent) -> Row:
    ours(agent)
    mine, theirs = interleaved(REPEATS, lambda: ours(agent), lambda: the_tutorial(agent))
    fast, usual = STEPS / mine, TUTORIAL_STEPS / theirs
    detail = f" ({fast / 1e6:.3g} M steps/s : {usual / 1e3:.3g} thousand)"
    return at_least(f"{agent.title} on {NAME}, against a plain loop", fast / usual, TARGET, detail=detail)
