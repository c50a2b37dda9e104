"""What a run has cost: steps in the world, updates, computation and memory, and what they bought."""

import time
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from rl.agents.planning.base import Planner
from rl.mdp import Floats
from rl.run import advance
from rl.timeline import Timeline
from rl.trials import moving_average

POINTS = 60
MOST_TIMED = 200_000
"""Steps that are played again to be timed; a longer run is taken to go on at the same pace."""
QUANTITIES = {"steps": "environment steps", "updates": "updates", "seconds": "computation time (s)"}


class Cost(NamedTuple):
    """What a run has cost up to a moment."""

    steps: int  # in the world
    updates: int  # of values, those of planning included
    seconds: float  # of this processor, measured here and now
    memory: int  # bytes the agent remembers


class Bought(NamedTuple):
    """Returns and what had been spent by the end of their episodes, (n,) each."""

    steps: Floats
    updates: Floats
    seconds: Floats
    returns: Floats  # means of the last episodes


def cost(timeline: Timeline, t: int) -> Cost:
    """Adds up what a run has cost by moment ``t``."""
    run = timeline.at(t)
    memory = sum(array.nbytes for array in run.memory)
    steps = 0 if isinstance(run.agent, Planner) else run.step  # a planner never leaves its chair
    return Cost(steps, run.agent.updates(run.memory), run.step * seconds_a_step(timeline, t), memory)


def seconds_a_step(timeline: Timeline, t: int) -> float:
    """Times the steps of a run by playing them again; a longer run is timed anew only when it has doubled."""
    return _pace(timeline, 1 << max(0, min(t, MOST_TIMED).bit_length() - 1)) if t > 0 else 0.0


@lru_cache(maxsize=512)
def _pace(timeline: Timeline, steps: int) -> float:
    run = timeline.at(0)
    advance(run.copy(), 1)  # what compiles does so before the clock runs
    start = time.thread_time()
    advance(run, steps)
    return (time.thread_time() - start) / max(1, run.step)


def bought(timeline: Timeline, t: int, window: int) -> Bought:
    """Returns the means of ``window`` episodes up to moment ``t``, and what had been spent on them."""
    log = timeline.episodes(t)
    at = np.unique(np.linspace(0, len(log) - 1, min(POINTS, len(log))).astype(int)) if len(log) else np.zeros(0, int)
    steps = log.end[at].astype(np.float64)
    updates = np.array([_updates(timeline, int(end)) for end in log.end[at]], np.float64)
    smooth = moving_average(log.ret, window)[at] if len(log) else np.zeros(0)
    return Bought(steps, updates, steps * seconds_a_step(timeline, t), smooth)


@lru_cache(maxsize=20_000)
def _updates(timeline: Timeline, t: int) -> int:
    run = timeline.at(t)
    return run.agent.updates(run.memory)
