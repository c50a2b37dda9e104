"""The algorithms, one file each, found by looking into this folder."""

from rl.agents.base import Agent
from rl.registry import discover

AGENTS: dict[str, type[Agent]] = discover(__name__, Agent)
"""Every agent class by its short name."""
