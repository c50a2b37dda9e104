"""Learn from an environment's real steps: the loops of the agents, with the world they call exchanged for another."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from gymnasium.spaces import Discrete, MultiDiscrete, Tuple

from rl.jit import plain
from rl.mdp import ALL_THERE, Bools, Floats, act, start_state
from rl.tape import RUNNING, TERMINATED, TRUNCATED, ending

SEEDS = 2**31
"""How many seeds an environment is reset with."""


class Unlisted(NamedTuple):
    """What is known of a world without a table: the numbers of states and actions, and the time limit."""

    cdf: Floats  # (S, A, 1), ones: of outcomes nothing is known
    absorbing: Bools  # (S,), none: nor which states end an episode
    horizon: int  # 0 = never, or nobody says
    missing: Bools = ALL_THERE


def unlisted(states: int, actions: int, horizon: int) -> Unlisted:
    """Says all that is known of a world without a table."""
    return Unlisted(np.ones((states, actions, 1)), np.zeros(states, np.bool_), horizon)


class Numbering(NamedTuple):
    """Observations made of whole numbers, numbered through: their parts are the digits."""

    sizes: tuple[int, ...]  # how many values each part has
    first: tuple[int, ...]  # the smallest of each

    def number(self, observation: Any) -> int:
        """Numbers an observation. Raises ValueError where it is outside its space."""
        s = 0
        for part, size, first in zip(_digits(observation), self.sizes, self.first, strict=True):
            digit = int(part) - first
            if not 0 <= digit < size:
                raise ValueError(f"the environment has shown {str(observation)[:60]}, outside its observation space.")
            s = s * size + digit
        return s

    def parts(self, s: int) -> tuple[int, ...]:
        """Returns the parts of the observation that has number ``s``."""
        digits = np.unravel_index(s, self.sizes)
        return tuple(int(digit) + first for digit, first in zip(digits, self.first, strict=True))


def numbering(space: Any) -> Numbering | None:
    """Numbers a space of observations, or returns None where it is not made of whole numbers."""
    if isinstance(space, Discrete):
        return Numbering((int(space.n),), (int(space.start),))
    if isinstance(space, MultiDiscrete) and space.nvec.ndim == 1:
        return Numbering(tuple(space.nvec.tolist()), tuple(space.start.tolist()))
    parts: Any = space.spaces if isinstance(space, Tuple) else ()
    if not parts or not all(isinstance(part, Discrete) for part in parts):
        return None
    return Numbering(tuple(int(part.n) for part in parts), tuple(int(part.start) for part in parts))


def _digits(observation: Any) -> Any:
    """Returns the parts of an observation: it is a tuple, an array, or one number."""
    if isinstance(observation, tuple):
        return observation
    return observation.ravel().tolist() if isinstance(observation, np.ndarray) else (observation,)


class Game:
    """A real environment in the place of `rl.mdp`: it answers to the calls of a loop, and remembers the actions.

    An episode is reset with a seed that depends on the run's seed and on its number alone, so any moment of it can be
    restored by its actions: the environment must roll no dice but its own.
    """

    def __init__(self, env: Any, numbers: Numbering) -> None:
        self.env, self.numbers, self.offset = env, numbers, int(env.action_space.start)
        self.journal: list[int] = []
        self.cut_short = False

    def start_state(self, _: Any, luck: float) -> int:
        """Begins an episode; ``luck`` in [0, 1) becomes the seed of the reset."""
        self.journal, self.cut_short = [], False
        observation, _ = self.env.reset(seed=int(luck * SEEDS))
        return self.numbers.number(observation)

    def act(self, _: Any, s: int, a: int, luck: float) -> tuple[float, int, bool]:
        """Takes an action where the environment stands. Returns (reward, next state, terminal)."""
        self.journal.append(int(a))
        observation, reward, terminal, self.cut_short, _ = self.env.step(int(a) + self.offset)
        return float(reward), self.numbers.number(observation), bool(terminal)

    def ending(self, _: Any, terminal: bool, k: int) -> int:
        """Tells whether an episode is over: whether it is cut short is up to the environment."""
        if terminal:
            return TERMINATED
        return TRUNCATED if self.cut_short else RUNNING

    def restore(self, luck: float, journal: tuple[int, ...]) -> None:
        """Brings the environment to where an episode stood after these actions."""
        self.start_state(None, luck)
        for a in journal:
            self.act(None, 0, a, 0.0)

    def played_by(self, loop: Callable[..., None]) -> Callable[..., None]:
        """Returns a loop, line by line as it is, that plays this environment."""
        return plain(loop, {act: self.act, start_state: self.start_state, ending: self.ending})
