"""What every agent has in common: it *is* its hyperparameters, and knows the loop that runs it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from rl.knob import Settings
from rl.mdp import TabularMDP


class Token(NamedTuple):
    """A piece of an update rule: the colour it has, its symbol, and the log column with its number."""

    role: str
    symbol: str
    column: str | None = None


@dataclass(frozen=True)
class Agent(Settings):
    """Base of the agents. A subclass adds knobs, and one module-level jitted loop.

    ``loop(mdp, seed, memory, clock, tape, stop_step, stop_episode, *parameters)`` runs until one of the two stops is
    reached and changes ``memory`` and ``clock`` in place. ``memory`` is a NamedTuple of arrays of which ``q`` and
    ``visits``, both (S, A), are shown on the stage.
    """

    slug: ClassVar[str]  # the name in links
    title: ClassVar[str]
    order: ClassVar[int] = 0
    source: ClassVar[str]  # where the algorithm was published
    loop: ClassVar[Callable[..., None]]
    update: ClassVar[Callable[..., float]]  # the textbook line the loop calls
    equation: ClassVar[tuple[Token, ...]]

    def parameters(self) -> tuple[float, ...]:
        """The numbers the loop takes, in its order."""
        raise NotImplementedError

    def new_memory(self, mdp: TabularMDP) -> Any:
        """What the agent knows before its first step."""
        raise NotImplementedError

    def adopt(self, memory: Any, mdp: TabularMDP) -> None:
        """Takes over a memory in mid-run, after these settings replaced others."""
