"""How training went: what each update of nets said of itself, wherever the run is remembered, and returns by steps."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from rl.agents.neural.learner import CLIPPED, DIVERGENCE, ENTROPY, ERROR, NORM, UPDATES, Learner
from rl.mdp import Floats
from rl.run import FOREVER, Run, advance, begin, changed
from rl.tape import EpisodeLog, blank, joined
from rl.timeline import Timeline, past_of, work_of
from rl.trials import moving_average
from rl.truth import moments

COLUMNS = (ENTROPY, NORM, CLIPPED, DIVERGENCE, ERROR)
SLICE = 50_000
"""Work between two looks at whether a run is still wanted: a few milliseconds."""
FEW = 16
"""Moments between keyframes that are worth a replay, where a run has few of those yet."""
POINTS = 200
"""Moments of a curve of returns."""
WINDOW = 10
"""Episodes in its moving average."""


class TrainingCurves(NamedTuple):
    """What the last update before each of m moments said of itself, (m,) each; NaN before the first update."""

    step: Floats
    entropy: Floats  # mean over the steps learned from, in nats
    norm: Floats  # length of the policy's gradient, before it is cut
    clipped: Floats  # share of the steps that PPO clipped
    divergence: Floats  # KL divergence of the policy from the one that acted
    value_error: Floats  # mean squared error of the critic's values


def keyframes(timeline: Timeline, t: int, points: int) -> list[int]:
    """Chooses at most about ``points`` of the moments up to ``t`` at which a run is remembered.

    A longer run keeps most of them: each stretch between edits is thinned to multiples of a power of two.
    """
    edges = [0, *(edit.step for edit in timeline.edits if edit.step <= t), t + 1]
    spacing = [_spacing(timeline, start) for start in edges[:-1]]
    total = sum(-(-(stop - start) // apart) for (start, stop), apart in zip(pairwise(edges), spacing, strict=True))
    thin = 1 << max(0, (total - 1) // points).bit_length()
    return [step for (start, stop), apart in zip(pairwise(edges), spacing, strict=True)
            for step in range(start, stop, thin * apart)]


def _spacing(timeline: Timeline, t: int) -> int:
    _, env, agent = timeline.settings(t)
    return max(1, env.stride or agent.stride(agent.model_of(env)))


def training_curves(timeline: Timeline, t: int, points: int = 120) -> TrainingCurves:
    """Reads the reports of the updates at the run's keyframes, at some moments of a short run, and at ``t`` itself."""
    t = min(t, timeline.last)
    steps = sorted({*keyframes(timeline, t, points), *moments(t, FEW)})
    rows = [_report(past_of(timeline, step), step) for step in steps]
    return TrainingCurves(np.array(steps, np.float64), *np.array(rows).T)


@lru_cache(maxsize=20_000)
def _report(timeline: Timeline, t: int) -> tuple[float, ...]:
    """Returns the report of the last update before moment ``t``, in the order of COLUMNS."""
    memory: Any = timeline.at(t).memory
    if not isinstance(memory, Learner) or memory.counts[UPDATES] == 0:
        return (float("nan"),) * len(COLUMNS)
    return tuple(float(memory.report[column]) for column in COLUMNS)


def grid(steps: int) -> Floats:
    """Returns the moments of a curve over so many steps, evenly spaced up to the last."""
    return np.linspace(0.0, steps, min(POINTS, steps) + 1)[1:]


def returns_at(log: EpisodeLog, at: Floats, window: int = WINDOW) -> Floats:
    """Returns the return of the episode under way at each moment, averaged with those before it.

    For an episode that is not over yet the one before stands in; NaN where there is none.
    """
    if not len(log):
        return np.full(len(at), np.nan)
    episode = np.searchsorted(log.end, at, side="left")
    return np.asarray(moving_average(log.ret, window)[np.minimum(episode, len(log) - 1)])


def episodes_of(timeline: Timeline, seed: int, steps: int, pause: Callable[[], None] = lambda: None) -> EpisodeLog:
    """Runs so many steps of a timeline's settings, edits included, from one seed; returns the episodes over by then.

    ``pause`` is called every few milliseconds: what it raises ends the run.
    """
    run, logs = begin(timeline.env, timeline.agent, seed), [blank(EpisodeLog, 0)]
    for edit in timeline.edits:
        if edit.step < steps:
            logs += _played(run, edit.step, pause)
            run = changed(run, edit.env, edit.agent)
    return joined([*logs, *_played(run, steps, pause)])


def _played(run: Run, stop: int, pause: Callable[[], None]) -> Iterator[EpisodeLog]:
    apart, before = max(1, int(SLICE / work_of(run.env, run.agent))), -1
    while before < run.step < stop:
        pause()
        before = run.step
        yield advance(run, min(stop, before + apart), FOREVER, 0, apart)[1]
