"""What every environment has in common: a frozen dataclass of knobs that knows its model and how it is drawn."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple

import numpy as np

from rl.dice import START, uniform
from rl.knob import Settings
from rl.mdp import Ints, TabularMDP, frozen, start_state
from rl.tape import Tape


class Action(NamedTuple):
    """An action's name, its direction on the grid (0, 0 where it is no move), and what there is room for in a cell."""

    name: str
    dx: int = 0
    dy: int = 0
    short: str = ""  # its first letter where there is none


LEFT, RIGHT, UP, DOWN = Action("left", -1, 0), Action("right", 1, 0), Action("up", 0, -1), Action("down", 0, 1)


class Picture(NamedTuple):
    """A grid to draw an environment on. A state sits in one cell of one layer; its layer is shown."""

    rows: int
    cols: int
    cells: str  # one character a cell, row by row: . floor, S start, G goal, H pit, # wall, C cliff
    state_at: Ints  # (layers, rows * cols), -1 where there is no state
    rewards: tuple[tuple[int, float], ...] = ()  # (cell, reward for entering it)
    bars: tuple[tuple[int, int], ...] = ()  # thin walls between two neighbouring cells
    tags: tuple[tuple[tuple[int, str, str], ...], ...] = ()  # for each layer: (cell, letter, what it means)
    cliff: float | None = None  # reward for a fall that leads back to the start
    editable: bool = False


@dataclass(frozen=True)
class World(Settings):
    """Anything an agent can be put into. Instances are small, hashable and cheap to make."""

    family: ClassVar[str]  # an agent plays the worlds of one family: its loop knows their kind of model
    slug: ClassVar[str]  # the name in links
    title: ClassVar[str]
    order: ClassVar[int] = 0
    idea: ClassVar[str]  # one sentence: what the agent wants here
    front: ClassVar[tuple[str, ...]] = ()  # knobs a page shows at once; the others are a click away
    drawn_as: ClassVar[str] = "table"  # how a stage shows it where it is no grid: "table", "arms", "film" or "body"
    last_step: ClassVar[int] = 2**62  # a run goes on no longer than this
    stride: ClassVar[int] = 0  # steps between the keyframes of a run, where steps are slow
    patience: ClassVar[int] = 2**62  # steps after which a seed of many gives up, where playing is slow
    slowness: ClassVar[float] = 1.0  # how much longer a step takes than where a table is played
    listed: ClassVar[bool] = True  # whether agents that look outcomes up before they happen can play it

    @property
    def actions(self) -> tuple[Action, ...]:
        """What can be done, in the order of the table's columns. A class attribute where no knob changes it."""
        raise NotImplementedError

    @property
    def model(self) -> Any:
        """What a loop plays: arrays and numbers in a NamedTuple."""
        raise NotImplementedError

    @property
    def shape(self) -> tuple[int, int]:
        """The numbers of states and actions, as a table of values has them."""
        raise NotImplementedError

    def first_state(self, seed: int, episode: int) -> int:
        """The state an episode starts in."""
        return 0

    def is_stuck(self, state: int) -> bool:
        """Tells whether nothing goes on from a state: an agent that a repainted world put there begins anew."""
        return False

    def play(self, run: Any, tape: Tape, stop_step: int, stop_episode: int) -> None:
        """Lets a run's agent go on until a step or an episode is reached; changes the run and the tape in place."""
        agent = run.agent
        agent.loop(agent.model_of(self), run.seed, run.memory, run.clock, tape, stop_step, stop_episode,
                   *agent.parameters())

    @contextmanager
    def opened(self, run: Any) -> Iterator[Callable[[Any, Tape, int, int], None]]:
        """Gives a `play` that is to be called many times in a row for the same run: what it needs is set up once."""
        yield self.play

    def fits(self, other: "World") -> bool:
        """Tells whether what was learned in the other world still means something in this one."""
        return self.family == other.family and self.shape == other.shape

    def in_a_script(self, planned_by: bool) -> "World":
        """What stands for it in a script, which has no files: with its law, where an agent plans by that."""
        return self

    def picture(self) -> Picture | None:
        """How to draw it as a grid, or None where it is no grid."""
        return None

    def state_name(self, s: int) -> str:
        """Says in words where state ``s`` is."""
        return f"state {s}"

    def tells(self, s: int, a: int, k: int) -> str:
        """Says what the ``k``-th outcome of an action is, where the next state does not say it all."""
        return ""


@dataclass(frozen=True)
class Env(World):
    """Base of the tabular environments: finite MDPs, whose transition arrays are known."""

    family = "tabular"

    def build(self) -> TabularMDP:
        """Makes the transition arrays; ask `mdp` instead, which remembers them."""
        raise NotImplementedError

    @property
    def mdp(self) -> TabularMDP:
        """The transition arrays. They are shared: never write into them."""
        return _built(self)

    @property
    def model(self) -> TabularMDP:
        return self.mdp

    @property
    def shape(self) -> tuple[int, int]:
        n_states, n_actions = self.mdp.cdf.shape[:2]
        return int(n_states), int(n_actions)

    def first_state(self, seed: int, episode: int) -> int:
        return int(start_state(self.mdp, uniform(seed, episode, START)))

    def is_stuck(self, state: int) -> bool:
        return bool(self.mdp.absorbing[state])


@lru_cache(maxsize=128)
def _built(env: Env) -> TabularMDP:
    return frozen(env.build())


def single_layer(rows: int, cols: int) -> Ints:
    """States that are cells: state i sits in cell i."""
    return np.arange(rows * cols, dtype=np.int64)[None, :]


def cell_name(s: int, cols: int) -> str:
    """Names a cell as a person counts, from one."""
    return f"row {s // cols + 1}, column {s % cols + 1}"
