"""Where a body was at every moment of a run, and what its agent thought of it."""

from typing import NamedTuple

import numpy as np

from rl.mdp import Floats
from rl.physics import act_on
from rl.run import one_by_one
from rl.timeline import Timeline


class Bodies(NamedTuple):
    """For each of m moments; what a step brought stands with the moment it led to."""

    body: Floats  # (m, 4) right after an episode it is the next one's
    landed: Floats  # (m, 4) where the step led, at an episode's end too
    chance: Floats  # (m, A) by which its action was drawn
    value: Floats  # (m, 1) what the critic had thought; NaN where there is none


def bodies(timeline: Timeline, t0: int, t1: int) -> Bodies:
    """Returns what became of the body in the steps ``t0`` to ``t1 - 1``, the moment before them included."""
    log, run = timeline.steps(t0, t1), timeline.at(t0)
    m = len(log) + 1
    body, chance = np.empty((m, len(run.memory.body))), np.empty((m, run.memory.pi.shape[1]))
    body[0], chance[0] = run.memory.body, run.memory.pi[0]
    edits = {edit.step for edit in timeline.edits}
    for i in range(1, m):
        if t0 + i - 1 in edits:
            run = timeline.at(t0 + i - 1)
        for _ in one_by_one(run, t0 + i):
            body[i], chance[i] = run.memory.body, run.memory.pi[0]
    landed = body.copy()
    for i in np.flatnonzero(log.ended).tolist():
        landed[i + 1] = body[i]
        act_on(timeline.env.model.kind, landed[i + 1], log.action[i])
    return Bodies(body, landed, chance, np.append(np.nan, log.baseline)[:, None])
