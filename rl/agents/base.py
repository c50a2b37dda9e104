"""What every agent has in common: it *is* its hyperparameters, and knows the loop that runs it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np

from rl.knob import Settings
from rl.mdp import Floats, Ints, TabularMDP

NEVER = 2**62
HEAVY, REPLAYED = 8.0, 2**17
"""From how much work a step on a run is remembered more often than usual, and the work of a replay then."""


class Token(NamedTuple):
    """A piece of an update rule: the colour it has, its symbol, and the log column with its number."""

    role: str
    symbol: str
    column: str | None = None


class Table(NamedTuple):
    """A further table of an agent's memory that a stage can show, of the shape of its values."""

    name: str  # of the array in the memory
    title: str
    says: str  # one sentence: what it holds
    kind: str = "count"  # the colours: "count" for what is never negative, "value" for what is drawn as Q is


class QTable(NamedTuple):
    """The Q-table and how often each action was taken, both (S, A)."""

    q: Floats
    visits: Ints


def new_table(model: TabularMDP, initial: float) -> QTable:
    """Makes a table of one value for all actions, 0 where no episode goes on, minus infinity for what is missing."""
    shape = model.cdf.shape[:2]
    q = np.where(model.absorbing[:, None], 0.0, np.full(shape, float(initial)))
    if model.missing.size:
        q[model.missing] = -np.inf
    return QTable(q, np.zeros(shape, np.int64))


@dataclass(frozen=True)
class Agent(Settings):
    """Base of the agents. A subclass adds knobs, and one module-level jitted loop.

    ``loop(model, seed, memory, clock, tape, stop_step, stop_episode, *parameters)`` runs until one of the two stops is
    reached and changes ``memory`` and ``clock`` in place. ``memory`` is a NamedTuple of arrays of which ``q`` and
    ``visits``, both (S, A), are shown on the stage; or ``v`` and ``visits``, both (S,), where states are valued; or
    ``pi`` and ``visits``, both (S, A), where a policy is learned: the chances of the actions.
    """

    family: ClassVar[str] = "tabular"  # of the worlds it plays
    slug: ClassVar[str]  # the name in links
    title: ClassVar[str]
    short: ClassVar[str] = ""  # what it is called among those of its family, where its title is longer
    order: ClassVar[int] = 0
    source: ClassVar[str]  # where the algorithm was published
    loop: ClassVar[Callable[..., None]]
    update: ClassVar[Callable[..., float]]  # the textbook line the loop calls
    equation: ClassVar[tuple[Token, ...]]
    learns: ClassVar[str] = "q"  # "q": values of actions, to act by; "v": of states; "pi": chances of actions to act by
    updates_many: ClassVar[bool] = False  # whether a step may change other entries than the one its log names
    updates_all: ClassVar[bool] = False  # whether it changes them all: a stage is sent the whole table of each moment
    tables: ClassVar[tuple[Table, ...]] = ()  # what else it remembers and a stage can show

    def parameters(self) -> tuple[Any, ...]:
        """The numbers the loop takes, in its order."""
        raise NotImplementedError

    def model_of(self, world: Any) -> Any:
        """What its loop plays; everything below that asks for a model wants this."""
        return world.model

    def new_memory(self, model: Any, seed: int) -> Any:
        """What the agent knows before its first step."""
        raise NotImplementedError

    def adopt(self, memory: Any, model: Any) -> Any:
        """Takes over a memory in mid-run, after these settings replaced others; returns another where it needs one."""

    def inherit(self, memory: Any, model: Any, seed: int) -> Any:
        """Makes a memory of this agent's kind out of another's, who learned the same. Raises ValueError if it can't."""
        raise ValueError(f"{self.title} remembers other things than the agent before it: start over instead.")

    def can_play(self, world: Any) -> bool:
        """Tells whether it can play a world, or a kind of world."""
        return bool(world.family == self.family and (world.listed or not self.looks_up))

    def work(self, model: Any) -> float:
        """How many times as long a step may take as one of Q-learning, roughly; for a world of this model."""
        return 1.0

    def stride(self, model: Any) -> int:
        """After how many steps to remember a run of it, so that any moment is a short replay away; 0: as usual."""
        return int(max(1, REPLAYED / self.work(model))) if self.work(model) > HEAVY else 0

    def updates(self, memory: Any) -> int:
        """How many values were updated so far, in the world and in the head: what the learning has cost."""
        return int(memory.visits.sum())

    @property
    def looks_up(self) -> bool:
        """Whether it looks outcomes up before they happen, or starts where it likes: not every world allows that."""
        return False

    @property
    def plans_by_law(self) -> bool:
        """Whether it solves a market whose law it is told."""
        return False

    @property
    def step_size(self) -> float:
        """How far an update moves a value towards its target; NaN where no one number says so."""
        return float("nan")

    @property
    def discount(self) -> float:
        """How much the future counts to this agent, and to whoever judges it."""
        return 1.0

    @property
    def last_step(self) -> int:
        """The step after which it has nothing left to do."""
        return NEVER
