"""What a run leaves behind: where it stands, and a log of its steps and episodes.

A loop carries a ``Clock`` (where it stands) and writes a ``Tape``. A tape shorter than the run keeps its beginning, so
an experiment that only wants returns passes a tape without rows for steps, and pays nothing for them.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar, cast, get_type_hints

import numpy as np

from rl.jit import jit
from rl.mdp import Bools, Floats, Ints

T = TypeVar("T")

RUNNING, TERMINATED, TRUNCATED = 0, 1, 2


class Clock(NamedTuple):
    """Where a run stands: ``counts`` = (step, state, episode, step of the episode), ``ret`` = (return so far,)."""

    counts: Ints
    ret: Floats


class StepLog(NamedTuple):
    """One row a step, a column each: what happened and what was learned from it."""

    state: Ints
    action: Ints
    explored: Bools
    reward: Floats
    next_state: Ints
    ended: Ints  # RUNNING, TERMINATED or TRUNCATED
    updated_state: Ints  # whose value was updated in this step, maybe one seen earlier; -1 where none was
    updated_action: Ints  # and of which action; 0 where values are of states
    old: Floats  # its value before
    target: Floats  # what it is moved towards
    new: Floats  # its value after
    alpha: Floats  # how far it moved: the step size
    epsilon: Floats
    episode: Ints
    k: Ints  # step within the episode
    ret: Floats  # return within the episode, this reward included
    chance: Floats  # of the action, when it was drawn; NaN where the agent has no policy of its own
    baseline: Floats  # what the target was compared with; NaN where that is the old value itself

    def __len__(self) -> int:  # rows, not columns
        return int(self.state.shape[0])


class EpisodeLog(NamedTuple):
    """One row a finished episode."""

    ret: Floats  # undiscounted sum of rewards
    length: Ints
    end: Ints  # the moment it was over: steps taken since the run began

    def __len__(self) -> int:
        return int(self.ret.shape[0])


class Tape(NamedTuple):
    """Where a loop writes; the first rows belong to step ``first_step`` and episode ``first_episode``."""

    first_step: int
    first_episode: int
    steps: StepLog
    episodes: EpisodeLog


def blank(kind: type[T], rows: int) -> T:
    """Makes an empty StepLog or EpisodeLog of so many rows."""
    return kind(*(np.zeros(rows, dtype) for dtype in _dtypes(cast(Any, kind))))


@lru_cache(maxsize=8)
def _dtypes(kind: Any) -> list[Any]:
    types = {Ints: np.int64, Floats: np.float64, Bools: np.bool_}
    return [types[column] for column in get_type_hints(kind).values()]


def joined(logs: list[T]) -> T:
    """Puts logs of one kind end to end."""
    all_columns: Any = zip(*cast(list[Any], logs), strict=True)
    return type(logs[0])(*(np.concatenate(columns) for columns in all_columns))


def each(log: T, change: Callable[[Any], Any]) -> T:
    """Applies ``change`` to every column of a log, or every array of a memory or a clock."""
    columns: Any = log
    return type(log)(*(change(column) for column in columns))


def cut(log: T, start: int, stop: int) -> T:
    """Copies some rows of a log, so that the rest can be forgotten."""
    return each(log, lambda column: column[start:stop].copy())


@jit
def write_step(tape, t, s, a, explored, r, s_next, ended, epsilon, episode, k, ret):
    """Logs what happened in step ``t``, if the tape has a row for it; what was learned from it is `write_update`'s."""
    i, steps = t - tape.first_step, tape.steps
    if i < steps.state.shape[0]:
        steps.state[i], steps.action[i], steps.explored[i] = s, a, explored
        steps.reward[i], steps.next_state[i], steps.ended[i] = r, s_next, ended
        steps.epsilon[i], steps.episode[i], steps.k[i], steps.ret[i] = epsilon, episode, k, ret
        steps.updated_state[i], steps.updated_action[i], steps.alpha[i] = -1, -1, np.nan
        steps.old[i], steps.target[i], steps.new[i] = np.nan, np.nan, np.nan
        steps.chance[i], steps.baseline[i] = np.nan, np.nan


@jit
def write_update(tape, t, s, a, old, target, new, alpha):
    """Logs the update made in step ``t``, after `write_step`: the value of (s, a), which may lie steps back.

    Where a step updates many entries this is the one that its error is about.
    """
    i, steps = t - tape.first_step, tape.steps
    if i < steps.state.shape[0]:
        steps.updated_state[i], steps.updated_action[i], steps.alpha[i] = s, a, alpha
        steps.old[i], steps.target[i], steps.new[i] = old, target, new


@jit
def write_chance(tape, t, chance, baseline):
    """Logs, after `write_step`, how likely its action was, and what its target is compared with if not the old value.

    A policy's preference has no target: what followed is held against a baseline, and the difference moves it.
    """
    i, steps = t - tape.first_step, tape.steps
    if i < steps.state.shape[0]:
        steps.chance[i], steps.baseline[i] = chance, baseline


@jit
def write_episode(tape, t, episode, k, ret):
    """Logs the episode whose last step was ``t``, its ``k``-th, if the tape has a row for it."""
    i = episode - tape.first_episode
    if i < tape.episodes.ret.shape[0]:
        tape.episodes.ret[i], tape.episodes.length[i], tape.episodes.end[i] = ret, k + 1, t + 1


@jit
def ending(mdp, terminal, k):
    """Tells whether an episode ends with its ``k``-th step, and how: the goal and a time limit are not the same."""
    if terminal:
        return TERMINATED
    return TRUNCATED if 0 < mdp.horizon <= k + 1 else RUNNING
