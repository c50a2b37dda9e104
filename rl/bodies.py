"""Where a body was at every moment of a run, and what its agent thought of it."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from rl.episode_study import retrace, walked
from rl.mdp import Floats, Ints
from rl.physics import act_on, begin
from rl.timeline import Timeline, past_of


class Bodies(NamedTuple):
    """For each of m moments; what a step brought stands with the moment it led to."""

    body: Floats  # (m, 4) right after an episode it is the next one's
    landed: Floats  # (m, 4) where the step led, at an episode's end too
    chance: Floats  # (m, A) by which its action was drawn
    value: Floats  # (m, 1) what the critic had thought; NaN where there is none


class Piece(NamedTuple):
    """Steps under the same settings, n rows."""

    body: Floats  # (n, 4) before each step
    chance: Floats  # (n, A)
    value: Floats  # (n,)
    action: Ints
    ended: Ints


def bodies(timeline: Timeline, t0: int, t1: int) -> Bodies:
    """Returns what became of the body in the steps ``t0`` to ``t1 - 1``, the moment before them included."""
    t1 = min(t1, timeline.last)
    edges = [t0, *(edit.step for edit in timeline.edits if t0 < edit.step < t1), t1]
    first, last = timeline.at(t0).memory, timeline.at(t1).memory
    pieces = [_piece(timeline, since, until) for since, until in pairwise(edges)]
    before, chance, value, action, ended = (np.concatenate(column) for column in zip(*pieces, strict=True))
    body = np.concatenate([before, last.body[None]])
    landed = body.copy()
    for i in np.flatnonzero(ended).tolist():
        landed[i + 1] = body[i]
        act_on(timeline.env.model.kind, landed[i + 1], action[i])
    return Bodies(body, landed, np.concatenate([first.pi, chance]), np.append(np.nan, value)[:, None])


def _piece(timeline: Timeline, t0: int, t1: int) -> Piece:
    """Plays steps again that no edit comes between: those of a net by what its memory has kept."""
    found = walked(past_of(timeline, t1 - 1), t0, t1)
    if found is not None:
        walk = found[0]
        return Piece(walk.body, walk.chance, walk.judged, walk.action, walk.ended)
    run, log = timeline.at(t0), timeline.steps(t0, t1)
    kind, body = run.env.model.kind, np.zeros((len(log), len(run.memory.body)))
    for a, b in pairwise([0, *(np.flatnonzero(log.ended) + 1).tolist(), len(log)]):
        if a:
            begin(kind, run.memory.body, run.seed, int(log.episode[a - 1]) + 1)
        retrace(kind, run.memory.body, log.action[a:b], body[a:b])
    return Piece(body, np.repeat(run.memory.pi, len(log), axis=0), log.baseline, log.action, log.ended)
