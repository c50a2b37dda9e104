"""The seat at the prediction page: agents that learn what a policy is worth, and never choose."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import ClassVar

from pages.parts.branching.player import BranchingPlayer
from rl.agents import AGENTS
from rl.agents.base import Agent
from rl.agents.prediction.base import Prediction

KINDS: list[type[Agent]] = [kind for kind in AGENTS.values() if issubclass(kind, Prediction)]


@dataclass
class PredictionPlayer(BranchingPlayer):
    """A player whose agent values states under a fixed policy."""

    agents: ClassVar[Collection[type[Agent]]] = KINDS
