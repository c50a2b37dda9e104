"""The worlds, one file each, found by looking into this folder. Each is also registered with Gymnasium."""

from rl.envs.base import Env
from rl.envs.tabular_env import register
from rl.registry import discover

ENVS: dict[str, type[Env]] = discover(__name__, Env)
"""Every environment class by its short name."""

for _kind in ENVS.values():
    register(_kind)
