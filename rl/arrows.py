"""The arrow and its cloud, moment by moment: where one step along the true gradient, or along samples, would lead."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from rl.agents.policy.ascent import Ascent
from rl.agents.policy.slope import shared_row
from rl.gradient_cloud import clouds, longest_of
from rl.landscape import has_one_policy
from rl.mdp import Floats
from rl.policy_gradient import Endless, available, expected, shares, worths
from rl.run import Run, one_by_one
from rl.timeline import Timeline, past_of
from rl.truth import tabular

EPISODES, STEPS = 1200, 120_000
"""Episodes imagined for a cloud, at most, and the steps they may take together: a sample may average many of them."""
MOST, LEAST = 60, 6
"""Samples of a cloud."""
BLOCK = 64
"""Updates of a run whose worth is remembered together."""


class Arrows(NamedTuple):
    """For each of m moments: a policy over A actions, and those that a step of its size would make of it."""

    pi: Floats  # (m, A)
    arrow: Floats  # (m, A) after a step along the exact gradient; the policy itself where there is none
    cloud: Floats  # (m, n * A) after a step along each sample
    cloudb: Floats  # (m, n * A) the same with the state's value for a baseline
    mean: Floats  # (m, A) after a step along the mean of the samples
    meanb: Floats  # (m, A)
    worth: Floats  # (m, 1) the true objective of the policy
    angle: Floats  # (m, 1) degrees between the mean sample and the exact gradient
    angleb: Floats  # (m, 1)


def has_arrow(timeline: Timeline, t: int) -> bool:
    """Tells whether the policy of moment ``t`` is one distribution over two or three actions, that can be drawn."""
    _, env, agent = timeline.settings(t)
    if not isinstance(agent, Ascent) or len(env.actions) not in (2, 3):
        return False
    there = available(tabular(env).mdp)
    alike = bool(there[there.any(axis=1)].all())
    return alike and (agent.sees == "nothing" or has_one_policy(tabular(env).mdp))


def samples_of(agent: Ascent) -> int:
    """Returns how many samples are drawn, so that the episodes they average are not too many."""
    return max(LEAST, min(MOST, EPISODES // agent.batch))


def arrows(timeline: Timeline, t0: int, t1: int) -> Arrows:
    """Returns the arrow and its cloud at the moments ``t0`` to ``t1``. Each moment's episodes are its own."""
    run, edits = timeline.at(t0), {edit.step for edit in timeline.edits}
    rows = [arrow(run)]
    for t in range(t0 + 1, t1 + 1):
        for _ in one_by_one(run, t):
            pass
        run = timeline.at(t) if t in edits else run
        rows.append(arrow(run))
    return Arrows(*(np.array(column, np.float64).reshape(len(rows), -1) for column in zip(*rows, strict=True)))


def arrow(run: Run) -> Arrows:
    """Returns what is known of the arrow where a run stands, without the axis of moments."""
    agent, mdp = run.agent, tabular(run.env).mdp
    assert isinstance(agent, Ascent)
    there, theta, pi, s = available(mdp), run.memory.theta, run.memory.pi.copy(), int(mdp.start.argmax())
    row = shared_row(theta, there) if agent.sees == "nothing" else theta
    known, n = expected(mdp, agent.gamma), samples_of(agent)
    worth = worths(known, pi[known.states][None], agent.gamma)[0]
    try:
        found = clouds(mdp, row, agent.gamma, n, agent.batch, run.seed, run.step * n * agent.batch, agent.entropy,
                       longest_of(n, agent.batch, STEPS))
    except Endless:  # nothing finite is to be had, so there is no slope
        still = np.broadcast_to(pi[s], (n, pi.shape[1]))
        return Arrows(pi[s], pi[s], still, still, pi[s], pi[s], np.array(worth), *np.full((2, 1), np.nan))

    def after(steps: Floats) -> Floats:
        """Returns the policy in the first state after steps (k, P) in preferences, (k, A)."""
        moved = row + agent.alpha * steps.reshape(len(steps), *row.shape)
        return shares(moved[:, -1] if len(row) == 1 else moved[:, s], there[s])

    one, two = found
    return Arrows(pi[s], after(one.exact[None])[0], after(one.samples), after(two.samples), after(one.mean[None])[0],
                  after(two.mean[None])[0], np.array(worth), np.array(one.angle), np.array(two.angle))


def climb(timeline: Timeline, t: int) -> Floats:
    """Returns what the policy of an ascent is worth at the moments 0 to ``t``, (t + 1,); NaN where it is not finite."""
    t = max(1, min(t, timeline.last))
    blocks = [_climb(past_of(timeline, min(start + BLOCK, t) - 1), start, min(start + BLOCK, t))
              for start in range(0, t, BLOCK)]
    return np.concatenate([blocks[0][:1], *(block[1:] for block in blocks)])


@lru_cache(maxsize=2000)
def _climb(timeline: Timeline, t0: int, t1: int) -> Floats:
    log = timeline.steps(t0, t1)
    return np.append(log.reward[:1], log.ret)
