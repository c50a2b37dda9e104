"""The seat at the page of agents that learn to act: any of them, in any world that has a table of values."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import ClassVar

from pages.parts.branching.player import BranchingPlayer
from rl.agents import AGENTS
from rl.agents.base import Agent
from rl.agents.control.base import Control

KINDS: list[type[Agent]] = [kind for kind in AGENTS.values() if issubclass(kind, Control) and kind.family == "tabular"]


@dataclass
class ControlPlayer(BranchingPlayer):
    """A player whose agent may be any that learns to act."""

    agents: ClassVar[Collection[type[Agent]]] = KINDS
