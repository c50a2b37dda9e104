"""Look at a bandit run as it happens: what was true, what was believed, why, and what it has cost."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from rl.agents.bandits.base import Bandit
from rl.arms import drift
from rl.jit import jit
from rl.keyframes import SHORTEST
from rl.mdp import Floats, Ints
from rl.run import Run, advance
from rl.timeline import Timeline
from rl.truth import moments


class Reasons(NamedTuple):
    """What lay behind the n steps from one moment to another: n + 1 rows, one a moment, and n sentences."""

    value: Floats  # (n + 1, k) true means
    score: Floats  # (n + 1, k) what the agent decides by
    width: Floats  # (n + 1, k) half of a 95 % interval of each estimate
    chance: Floats  # (n + 1, k) of each arm, before the dice
    best: Ints  # (n + 1,) pulls so far, from step 0, of an arm that was the best one then
    regret: Floats  # (n + 1,) sum so far, from step 0, of the best mean less the pulled arm's
    why: list[str]  # (n,) why each step's arm was pulled


class Tally(NamedTuple):
    """What a run has come to: pulls of a best arm, and regret."""

    best: int
    regret: float


def reasons(timeline: Timeline, t0: int, t1: int) -> Reasons:
    """Looks behind steps ``t0`` to ``t1 - 1`` of a bandit run, as far as it goes; edits are kept to."""
    t1 = min(t1, timeline.last)
    t0 = min(t0, t1)
    looks = [_Look(run) for run in _runs(timeline, t0, t1)]
    log = timeline.steps(t0, t1)
    best, regret = _tallies(timeline, t0, t1)
    pulls = zip(looks[:-1], log.action.tolist(), log.explored.tolist(), strict=True)
    value, score, width, chance = (
        np.array([getattr(m, name) for m in looks]) for name in ("value", "score", "width", "chance"))
    why = [m.why(action, explored) for m, action, explored in pulls]
    return Reasons(value, score, width, chance, best, regret, why)


class _Look:
    """What an agent goes by at one moment of a run that is about to move on."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.agent, self.memory, self.at = bandit(run.agent), run.memory, (run.seed, run.step)
        self.value = run.memory.value
        self.score = self.agent.scores(run.memory, *self.at)
        self.width = self.agent.widths(run.memory)
        self.chance = self.agent.chances(run.memory, *self.at)

    def why(self, action: int, explored: bool) -> str:
        return self.agent.why(self.memory, *self.at, action, explored)


def bandit(agent: Any) -> Bandit:
    """Returns an agent that plays bandits. Raises TypeError for any other."""
    if not isinstance(agent, Bandit):
        raise TypeError(f"{agent.title} is no bandit algorithm.")
    return agent


def _runs(timeline: Timeline, t0: int, t1: int) -> Iterator[Run]:
    """Lists the run at every moment from t0 to t1, each a copy."""
    for start, stop in stretches(timeline, t0, t1):
        run = timeline.at(start)
        while run.step < stop:
            yield run.copy()
            advance(run, run.step + 1)
    yield timeline.at(t1)


def stretches(timeline: Timeline, t0: int, t1: int) -> list[tuple[int, int]]:
    """Cuts the steps t0 to t1 - 1 where an edit changes the settings."""
    return [*pairwise(sorted({t0, t1, *(e.step for e in timeline.edits if t0 < e.step < t1)}))]


def tally(timeline: Timeline, t: int) -> Tally:
    """Counts the pulls of a best arm and the regret of a bandit run from its beginning to moment ``t``."""
    best, regret = _before(timeline, min(t, timeline.last))
    return Tally(best, regret)


def _before(timeline: Timeline, t: int) -> tuple[int, float]:
    edges = [*range(0, t, SHORTEST), t]
    parts = [_part(timeline, a, b) for a, b in pairwise(edges)]
    return sum(best for best, _ in parts), sum((regret for _, regret in parts), 0.0)


@lru_cache(maxsize=20_000)
def _part(timeline: Timeline, t0: int, t1: int) -> tuple[int, float]:
    best, regret = _steps(timeline, t0, t1)
    return int(best.sum()), float(regret.sum())


def _tallies(timeline: Timeline, t0: int, t1: int) -> tuple[Ints, Floats]:
    """Returns the two sums at every moment from t0 to t1."""
    best, regret = _steps(timeline, t0, t1)
    first = _before(timeline, t0)
    return first[0] + np.append(0, np.cumsum(best)), first[1] + np.append(0.0, np.cumsum(regret))


def _steps(timeline: Timeline, t0: int, t1: int) -> tuple[Ints, Floats]:
    """Returns for every step from t0 to t1 - 1 whether it pulled a best arm, and its gap to the best mean."""
    is_best, gap = np.zeros(t1 - t0, np.int64), np.zeros(t1 - t0)
    action = timeline.steps(t0, t1).action
    for start, stop in stretches(timeline, t0, t1):
        run, rows = timeline.at(start), slice(start - t0, stop - t0)
        follow(run.env.model, run.seed, start, run.memory.value, action[rows], is_best[rows], gap[rows])
    return is_best, gap


@jit
def follow(model, seed, t, value, action, is_best, gap):
    """Walks along the true means from step ``t`` on: was each pull of a best arm, and how far below it?"""
    for i in range(action.shape[0]):
        best = value[0]
        for a in range(1, value.shape[0]):
            best = max(best, value[a])
        gap[i] = best - value[action[i]]
        is_best[i] = 1 if gap[i] == 0.0 else 0
        drift(model, value, seed, t + i)


class RunCurves(NamedTuple):
    """A run's course at chosen moments; each column has one entry a moment."""

    step: Floats
    reward: Floats  # average of all rewards so far
    optimal: Floats  # share of the pulls so far that were of a best arm
    regret: Floats  # sum so far of the best mean less the pulled arm's


def run_curves(timeline: Timeline, t: int, points: int = 200) -> RunCurves:
    """Sums a bandit run up at about so many moments from its first pull to moment ``t``."""
    edges = moments(min(t, timeline.last), points)
    parts = np.array([_part(timeline, a, b) for a, b in pairwise(edges)], np.float64).reshape(-1, 2)
    best, regret = np.cumsum(parts, axis=0).T
    step = np.array(edges[1:], np.float64)
    ret = np.array([timeline.at(edge).clock.ret[0] for edge in edges[1:]])
    return RunCurves(step, ret / step, best / step, regret)
