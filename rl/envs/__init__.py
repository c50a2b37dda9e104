"""The worlds, one file each, found by looking into this folder. Each is also registered with Gymnasium."""

from rl.envs import trading_gym
from rl.envs.base import Env, World
from rl.envs.tabular_env import register
from rl.registry import discover

WORLDS: dict[str, type[World]] = discover(__name__, World)
"""Every class of world by its short name."""

ENVS: dict[str, type[Env]] = {slug: kind for slug, kind in WORLDS.items() if issubclass(kind, Env)}
"""The tabular ones among them."""

for _kind in ENVS.values():
    register(_kind)
trading_gym.register()
