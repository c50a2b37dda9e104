"""What a run has cost: steps in the world, updates, computation and memory, and what they bought."""

import time
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from rl.agents.planning.base import Planner
from rl.mdp import Floats, Ints
from rl.run import advance
from rl.timeline import Timeline, work_of
from rl.trials import moving_average

POINTS = 60
MOST_TIMED = 200_000
"""Steps that are played again to be timed, fewer where they are work; the others are taken to be as fast."""
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
    seconds = float(_seconds(timeline, t, np.array([run.step]))[0])
    return Cost(steps, run.agent.updates(run.memory), seconds, memory)


def _seconds(timeline: Timeline, t: int, moments: Ints) -> Floats:
    """Returns how long a run up to ``t`` took until each of the moments, by the pace of each stretch between edits."""
    cuts = [0, *(edit.step for edit in timeline.edits if edit.step < t), max(0, min(t, timeline.last))]
    spent = [0.0]
    for start, stop in pairwise(cuts):
        spent.append(spent[-1] + (stop - start) * _seconds_a_step(timeline, start, stop, len(cuts) - 1))
    return np.interp(moments, cuts, spent)


def _seconds_a_step(timeline: Timeline, start: int, stop: int, stretches: int) -> float:
    """Times the last steps of one of so many stretches by playing them again; anew only when it has doubled.

    The first ones may be cheaper: what learns from a replay memory waits until there is something in it.
    """
    past = replace(timeline, edits=tuple(edit for edit in timeline.edits if edit.step <= start))
    _, env, agent = past.settings(start)
    if stop <= start:
        return 0.0
    most = int(max(1, MOST_TIMED / stretches / work_of(env, agent)))
    whole, steps = (1 << n.bit_length() - 1 for n in (stop - start, min(stop - start, most)))
    return _pace(past, start + whole - steps, steps)


@lru_cache(maxsize=512)
def _pace(timeline: Timeline, start: int, steps: int) -> float:
    run = timeline.at(start)
    advance(run.copy(), start + 1)  # what compiles does so before the clock runs
    begun = time.thread_time()
    advance(run, start + steps)
    return (time.thread_time() - begun) / max(1, run.step - start)


def bought(timeline: Timeline, t: int, window: int) -> Bought:
    """Returns the means of ``window`` episodes up to moment ``t``, and what had been spent on them."""
    log = timeline.episodes(t)
    at = np.unique(np.linspace(0, len(log) - 1, min(POINTS, len(log))).astype(int)) if len(log) else np.zeros(0, int)
    steps = log.end[at].astype(np.float64)
    updates = np.array([_updates(timeline, int(end)) for end in log.end[at]], np.float64)
    smooth = moving_average(log.ret, window)[at] if len(log) else np.zeros(0)
    return Bought(steps, updates, _seconds(timeline, t, log.end[at]), smooth)


@lru_cache(maxsize=20_000)
def _updates(timeline: Timeline, t: int) -> int:
    run = timeline.at(t)
    return run.agent.updates(run.memory)
