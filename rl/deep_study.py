"""How a deep Q-network's training went, beyond its loss: what it expects, and what it then really gets."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from rl.agents.deep.memory import ERROR, FILLED, LOSS, NORM, UPDATES, Deep
from rl.deep_batch import BatchStudy, batch_of
from rl.deep_brink import body_brink, table_brink
from rl.deep_greedy import deep, greedy_episodes, scene_of_run, values_of
from rl.envs.base import Env
from rl.mdp import Floats
from rl.nets import Singles
from rl.physics import observe
from rl.replay import ENDED, EXTRA, latest
from rl.run import Run
from rl.scenes import Scene
from rl.tape import TERMINATED
from rl.timeline import Timeline, past_of
from rl.training import keyframes
from rl.truth import mistakes, solution

__all__ = ["BatchStudy", "Diagnostics", "batch_of", "training"]

POINTS = 32
"""Keyframes that are looked at, at most."""
FINE, EARLY = 512, 4096
"""Steps between the further moments at the beginning, where keyframes are few, and where these end."""
SAMPLE = 256
"""Stored transitions that values are averaged over, at most."""


class Diagnostics(NamedTuple):
    """A run at m moments, (m,) each; NaN where there is nothing to be measured.

    The last batch of a moment is the one of the last gradient step before it; "stored" is a sample of the replay memory
    at that moment, at most 256 transitions, evenly spaced from the oldest to the newest.
    """

    moments: Floats  # in steps
    loss: Floats  # of the last batch
    error: Floats  # mean |TD error| of the last batch
    norm: Floats  # length of the gradient, before it is cut
    value: Floats  # mean of max Q(S,a) over the stored states
    returned: Floats  # mean discounted return that 10 greedy episodes truly got
    start_value: Floats  # mean of max Q(s0,a) at the starts of those episodes: above `returned` it is an over-estimate
    greedy: Floats  # mean undiscounted return of those episodes, up to the time limit
    low: Floats  # the least of these returns
    high: Floats  # and the greatest
    gap: Floats  # mean difference of the best and the second best value over the stored states
    doomed: Floats  # mean of max Q over bodies on the brink of an ending; of a table, of Q of actions that may end it
    doomed_truth: Floats  # what it should be: exact, the same V* or Q* averaged (rl.deep_brink)
    endings: Floats  # share of terminal transitions in the memory
    drift: Floats  # |net - target net| / |net|
    filled: Floats  # transitions in the memory
    truth_error: Floats  # of a table: root mean square of max Q - V* over the states that can be visited
    optimal: Floats  # of a table: share of these states whose greedy action is an optimal one


def training(timeline: Timeline, t: int) -> Diagnostics:
    """Studies a run at its keyframes, a few moments at its beginning, and ``t`` itself; the arrays are shared.

    What was found for a moment is remembered, so that going on costs the new moments alone. Raises TypeError where
    another agent plays.
    """
    t = min(t, timeline.last)
    return _studied(past_of(timeline, t), t)


def studied_at(timeline: Timeline, t: int) -> list[int]:
    """Lists the moments at which a run up to ``t`` is studied."""
    t = min(t, timeline.last)
    return sorted({*keyframes(timeline, t, POINTS), *range(0, min(t, EARLY), FINE), t})


@lru_cache(maxsize=64)
def _studied(timeline: Timeline, t: int) -> Diagnostics:
    rows = [study_moment(timeline, step) for step in studied_at(timeline, t)]
    found = Diagnostics(*np.array(rows).T.copy())
    for column in found:
        column.flags.writeable = False
    return found


def study_moment(timeline: Timeline, t: int) -> tuple[float, ...]:
    """Returns one row of the diagnostics; it takes up to a tenth of a second, and is remembered."""
    return _moment(past_of(timeline, t), t)


@lru_cache(maxsize=20_000)
def _moment(timeline: Timeline, t: int) -> tuple[float, ...]:
    with np.errstate(invalid="ignore", over="ignore"):  # values that diverge are shown as they are
        return _row(timeline.at(t), t)


def _row(run: Run, t: int) -> tuple[float, ...]:
    memory, games = deep(run), greedy_episodes(run)
    report = memory.report[[LOSS, ERROR, NORM]] if memory.counts[UPDATES] > 0 else np.full(3, np.nan)
    value, gap = judgement(values_of(run, stored(memory, scene_of_run(run))))
    played = (games.discounted.mean(), games.value.mean(), games.returned.mean(), games.returned.min(),
              games.returned.max())
    found = (*report, value, *played, gap, *brink(run), share_of_endings(memory), drift(memory), memory.counts[FILLED],
             *_against_truth(run))
    return (float(t), *(float(number) for number in found))


def stored(memory: Deep, scene: Scene, most: int = SAMPLE) -> Singles:
    """Returns sights that are stored as they are kept, (n, K), evenly spaced from the oldest to the newest."""
    places = latest(memory.counts, len(memory.rows), len(memory.rows))
    chosen = places[np.linspace(0, len(places) - 1, min(most, len(places))).astype(np.int64)]
    return memory.rows[chosen, : scene.kept]


def judgement(q: Floats) -> tuple[float, float]:
    """Returns the mean of max Q over n states, (n, A), and their mean action gap (Bellemare et al., 2016).

    Where a state has one action only there is no gap; NaN where there is nothing at all.
    """
    if not len(q):
        return float("nan"), float("nan")
    second, best = np.sort(q, axis=1)[:, -2:].T if q.shape[1] > 1 else (np.full(len(q), -np.inf), q[:, 0])
    gap = (best - second)[second != -np.inf]
    return float(best.mean()), float(gap.mean()) if len(gap) else float("nan")


def brink(run: Run) -> tuple[float, float]:
    """Returns what the net makes of states on the brink of an ending, on average, and what they are truly worth."""
    gamma, env = run.agent.discount, run.env
    if isinstance(env, Env):
        found = table_brink(env, gamma)
        s, a = found.at.astype(np.int64).T
        values = deep(run).q[s, a]
    else:
        found = body_brink(env.model.kind, gamma)
        values = values_of(run, sights(env.model.kind, env.model.sight, found.at)).max(axis=1)
    return (float(values.mean()), float(found.truth.mean())) if len(values) else (float("nan"), float("nan"))


def sights(kind: int, sight: int, bodies: Floats) -> Singles:
    """Returns what is seen of bodies, (n, 4): (n, sight) single precision."""
    seen = np.zeros((len(bodies), sight), np.float32)
    for i, body in enumerate(bodies):
        observe(kind, body, seen[i])
    return seen


def share_of_endings(memory: Deep) -> float:
    """Returns the share of the stored transitions after which nothing comes; NaN where none are stored."""
    filled = int(memory.counts[FILLED])
    ended = memory.rows[:filled, memory.rows.shape[1] - EXTRA + ENDED]
    return float((ended == TERMINATED).mean()) if filled else float("nan")


def drift(memory: Deep) -> float:
    """Returns how far the target net is from the net, as a share of the length of its weights."""
    net = memory.net.astype(np.float64)
    return float(np.linalg.norm(net - memory.target) / np.linalg.norm(net))


def _against_truth(run: Run) -> tuple[float, float]:
    """Returns the error of max Q against V* and the share of optimal greedy actions; NaN where there is no optimum."""
    if not isinstance(run.env, Env) or not solution(run.env, run.agent.discount).finite:
        return float("nan"), float("nan")
    best, q = solution(run.env, run.agent.discount), deep(run).q
    wrong = mistakes(run.env, run.agent.discount, q)[best.visitable]
    error = q.max(axis=1)[best.visitable] - best.v[best.visitable]
    return float(np.sqrt((error**2).mean())), float(1.0 - wrong.mean())
