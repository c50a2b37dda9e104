"""Bring your own world: any Gymnasium environment that is registered here and shows its table of transitions."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

import gymnasium
import numpy as np
from gymnasium.spaces import Discrete

from rl.envs.base import Action, Env
from rl.knob import text
from rl.mdp import TabularMDP, from_gymnasium

MOST_STATES, MOST_ACTIONS, MOST_OUTCOMES = 1000, 100, 200_000
"""As many as are solved exactly while a learner waits, and drawn in a table."""
OURS = "stepwise/"
ID = ("The id of the environment, as in gymnasium.make(id). It is one of Gymnasium's own or of a package that is "
      "installed where this runs")


@dataclass(frozen=True)
class GymTable(Env):
    """A registered Gymnasium environment with Discrete spaces and a table ``P``, as Gymnasium's toy texts have it.

    Only what is registered is made: an id never makes this import a module. Packages register theirs by Gymnasium's
    entry points when they are installed. At most 1000 states, 100 actions and 200,000 outcomes in all.
    """

    id: str = text("FrozenLake8x8-v1", f"{ID}, and shows its table of transitions P.")

    slug = "gym"
    title = "Your own Gymnasium world (table)"
    order = 200
    idea = "What is wanted here is up to the environment: the agent collects as much reward as it can."
    front = ("id",)

    def __post_init__(self) -> None:
        super().__post_init__()
        table(self.id)

    @property
    def actions(self) -> tuple[Action, ...]:
        return numbered(table(self.id).cdf.shape[1])

    def build(self) -> TabularMDP:
        return table(self.id)


def numbered(n: int) -> tuple[Action, ...]:
    """Names actions of which only the numbers are known."""
    return tuple(Action(f"action {a}") for a in range(n))


@lru_cache(maxsize=32)
def table(id: str) -> TabularMDP:
    """Reads an environment's table. Raises ValueError with one sentence where that cannot be."""
    with made(id) as env:
        for name, space in (("observations", env.observation_space), ("actions", env.action_space)):
            if not isinstance(space, Discrete):
                raise ValueError(f"the {name} of {id} are a {type(space).__name__} space; a table needs Discrete ones.")
        if not hasattr(env.unwrapped, "P"):
            raise ValueError(f"{id} has no table of transitions P: it is only known by acting in it.")
        check_size(id, int(env.observation_space.n), int(env.action_space.n))
        try:
            return _read(env)
        except Exception as wrong:  # noqa: BLE001 - somebody else's table may be anything
            raise ValueError(f"the table of transitions P of {id} cannot be used: {first_line(wrong)}") from None


def _read(env: Any) -> TabularMDP:
    rows = env.unwrapped.P
    outcomes = sum(len(rows[s][a]) for s in range(len(rows)) for a in range(len(rows[s])))
    if outcomes > MOST_OUTCOMES:
        raise ValueError(f"it has {outcomes:,} outcomes; {MOST_OUTCOMES:,} are the most.")
    mdp = from_gymnasium(env)
    if mdp.cdf.shape[:2] != (env.observation_space.n, env.action_space.n):
        raise ValueError("it has other states or actions than the environment.")
    if not np.isfinite(mdp.reward).all():
        raise ValueError("a reward is not a number.")
    return mdp


def check_size(id: str, states: int, actions: int) -> None:
    """Raises ValueError where there are more states or actions than can be shown and solved."""
    if states > MOST_STATES or actions > MOST_ACTIONS:
        raise ValueError(f"{id} has {states:,} states and {actions:,} actions; {MOST_STATES:,} and {MOST_ACTIONS} are "
                         "the most.")


@contextmanager
def made(id: str) -> Iterator[Any]:
    """Makes a registered environment and closes it. Raises ValueError with one sentence where that cannot be."""
    env = make(id)
    try:
        yield env
    finally:
        env.close()


def make(id: str) -> Any:
    """Makes a registered environment. Raises ValueError with one sentence where that cannot be."""
    if id.startswith(OURS):
        raise ValueError(f"{id[:60]} is a world of this program: choose it by its name.")
    if id not in gymnasium.registry:
        raise ValueError(f"there is no Gymnasium environment {id[:60]!r} here{_meant(id)}")
    try:
        return gymnasium.make(id, disable_env_checker=True)
    except Exception as wrong:  # noqa: BLE001 - somebody else's code: a missing package, an outdated name, a bug
        raise ValueError(f"{id} cannot be made here: {first_line(wrong)}") from None


def _meant(id: str) -> str:
    names = [name for name in gymnasium.registry if not name.startswith(OURS)]
    near = get_close_matches(id[:60], names, 3, 0.5)
    return f". Did you mean {' or '.join(near)}?" if near else "."


def first_line(wrong: Exception) -> str:
    """Says in one line what another's code has complained about, as a sentence."""
    said = (str(wrong).strip() or type(wrong).__name__).splitlines()[0][:200].rstrip(" .")
    return f"{said}."
