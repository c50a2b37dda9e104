"""A block of seeds of one condition, measured: a pure function that runs as well on another machine."""

import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rl.envs.base import Env
from rl.experiments.measures import MEASURES, area, first_above, online_return
from rl.mdp import Floats
from rl.run import Run, advance, begin
from rl.timeline import Timeline
from rl.trials import play
from rl.truth import greedy_start_value

Singles = NDArray[np.float32]


class Task(NamedTuple):
    """What is measured of every run."""

    episodes: int
    patience: int  # steps after which a seed gives up
    threshold: float
    last: int
    stride: int = 1  # episodes averaged to one point of a curve


class Block(NamedTuple):
    """Results of n seeds, all but ``seconds`` the same whenever they are measured.

    The curves have p = ceil(episodes / stride) points of single precision, each the mean of ``stride`` episodes. They
    are NaN from where a seed ran out of patience. The other numbers are of all episodes, before any are averaged.
    """

    returns: Singles  # (n, p)
    lengths: Singles  # (n, p)
    measured: Floats  # (n, m) a column for each of MEASURES


class Outcome(NamedTuple):
    """A block that came back: results, a sentence why there are none, or nothing where it was given up."""

    condition: int
    places: tuple[int, ...]  # of its seeds among the experiment's
    seconds: float
    block: Block | str | None


FAILURES = (
    ArithmeticError, AssertionError, AttributeError, LookupError, MemoryError, RuntimeError, TypeError, ValueError)
"""What a world or an agent may raise; anything else is the machine's fault."""


class GivenUp(Exception):
    """Nobody waits for this block any more."""


def never() -> bool:
    """Says that a block is still waited for."""
    return False


def attempt(condition: int, places: tuple[int, ...], timeline: Timeline, first_seed: int, task: Task,
            stopped: Callable[[], bool] = never) -> Outcome:
    """Measures a block; what goes wrong in it becomes a sentence. A long one ends early when ``stopped`` says so."""
    start = time.perf_counter()
    block: Block | str | None
    try:
        block = measured(timeline, [first_seed + place for place in places], task, stopped)
    except GivenUp:
        block = None
    except FAILURES as error:
        block = str(error) if type(error) is ValueError else f"It cannot be run: {type(error).__name__}: {error}"
    return Outcome(condition, places, time.perf_counter() - start, block)


def measured(timeline: Timeline, seeds: Sequence[int], task: Task, stopped: Callable[[], bool] = never) -> Block:
    """Runs a timeline's settings from each of the seeds. Raises what the world or the agent raises, and GivenUp."""
    def pause() -> None:
        if stopped():
            raise GivenUp

    advance(begin(timeline.env, timeline.agent, int(seeds[0])), 1)  # what compiles does so before the clock runs
    rows = [_one(timeline, int(seed), task, pause) for seed in seeds]
    curves = np.array([_thinned(curves, task.stride) for curves, _ in rows], np.float32)
    return Block(curves[:, 0], curves[:, 1], np.array([numbers for _, numbers in rows], np.float64))


def _one(timeline: Timeline, seed: int, task: Task, pause: Callable[[], None]) -> tuple[Floats, list[float]]:
    start = time.thread_time()
    run, curves = play(timeline, seed, task.episodes, min(task.patience, timeline.last), pause)
    numbers = numbers_of(run, curves, task) | {"seconds": time.thread_time() - start}
    return curves, [numbers[name] for name in MEASURES]


def numbers_of(run: Run, curves: Floats, task: Task) -> dict[str, float]:
    """Measures one run that is over, but for the time it took; ``curves`` are returns and lengths, (2, e)."""
    returns, lengths = curves
    steps_to, episodes_to = first_above(returns, lengths, task.threshold, task.last)
    return {
        "online": online_return(returns, task.last), "greedy": greedy_value(run), "steps_to": steps_to,
        "episodes_to": episodes_to, "area": area(returns), "updates": float(run.agent.updates(run.memory)),
        "steps": float(run.step), "memory": float(sum(array.nbytes for array in run.memory)),
    }


def greedy_value(run: Run) -> float:
    """Returns the exact value of acting greedily on what was learned; NaN where there is no table of both."""
    q = getattr(run.memory, "q", None)
    if not isinstance(run.env, Env) or q is None or q.shape != run.env.shape:
        return float("nan")
    return greedy_start_value(run.env, run.agent.discount, q)


def _thinned(curves: Floats, stride: int) -> Floats:
    """Averages every ``stride`` episodes, the last ones fewer, (2, p)."""
    starts = np.arange(0, curves.shape[1], stride)
    return np.asarray(np.add.reduceat(curves, starts, axis=1) / np.diff(starts, append=curves.shape[1]))
