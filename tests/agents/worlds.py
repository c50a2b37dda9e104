"""Worlds and settings the agents are tried in: luck, long ways, time limits, several starts, missing actions."""

from rl.envs.cliff_walking import CliffWalking
from rl.envs.frozen_lake import FrozenLake
from rl.envs.grid_world import GridWorld
from rl.envs.maximisation_bias import MaximisationBias
from tests.strategies import TableWorld

SHORT = GridWorld(map="S..H/.#../...G", horizon=7, slip=0.2, rewards="2=0.125_5=-0.3")
WORLDS = [FrozenLake(), CliffWalking(), SHORT, MaximisationBias()]
SETTINGS = [
    {},
    {"alpha": 0.5, "epsilon": 0.3, "gamma": 1.0, "initial": 1.5},
    {"alpha_schedule": "1/n", "epsilon": 0.9, "epsilon_last": 0.05, "schedule": "linear", "span": 20, "gamma": 0.9},
]


def way(*rewards, loops=False, horizon=0):
    """A way of as many steps as rewards with one action only, and an end (or the beginning again, cut by a limit)."""
    n = len(rewards)
    ends = [not loops and s == n - 1 for s in range(n)]
    table = tuple((((1.0, (s + 1) % n if loops else s + 1, float(r), ends[s]),),) for s, r in enumerate(rewards))
    end = () if loops else (((((1.0, n, 0.0, True),)),),)
    start = (1.0, *[0.0] * (len(table) + len(end) - 1))
    return TableWorld(table + end, start, horizon)
