"""Where a policy on a slope stands, and how it takes a step."""

from typing import NamedTuple

import numpy as np

from rl.mdp import Bools, Floats, Ints
from rl.policy_gradient import Expected, Judgement, entropies, shares

SPAN = 16.0
"""No action is preferred less than the best of its state by more than this: its chance is 1e-7 then, and still one."""


class Slope(NamedTuple):
    """What is known of a policy in S states with A actions, and which way it was moved."""

    pi: Floats  # (S, A) chances
    visits: Ints  # (S, A) how often an action was taken in the episodes imagined so far
    theta: Floats  # (S, A) preferences; equal in all states to who sees nothing
    gradient: Floats  # (S, A) the direction of the last step
    counts: Ints  # (3,) steps made; episodes imagined; how many of those were cut short


def follow(memory: Slope, there: Bools, theta: Floats, g: Floats, alpha: float) -> float:
    """theta += alpha g (S&B eq. 13.1), none of it further than SPAN below the best. Returns the length of the step."""
    memory.theta[:] = np.where(there, kept_near(theta + alpha * g, there), memory.theta)
    memory.pi[:] = shares(memory.theta, there)
    memory.gradient[:] = np.where(there, g, 0.0)
    memory.counts[0] += 1
    return alpha * float(np.linalg.norm(g))


def kept_near(theta: Floats, there: Bools) -> Floats:
    """Lifts what lies further than SPAN below the best of its row, and keeps the mean of the row: theta (S or 1, A)."""
    known = np.where(there, theta, -np.inf)
    near = np.maximum(theta, known.max(axis=1, keepdims=True) - SPAN)
    far, n = there & (near > theta), np.maximum(there.sum(axis=1, keepdims=True), 1)
    lift = np.where(far, near - theta, 0.0).sum(axis=1, keepdims=True) / n
    return np.asarray(np.where(far.any(axis=1, keepdims=True), near - lift, theta))


def worth_of(known: Expected, pi: Floats, found: Judgement, entropy: float) -> float:
    """Returns what a policy is worth from the start, the bonus left out; NaN where that is not finite."""
    return found.worth - entropy * float(found.visits @ entropies(pi[known.states]))


def shared_row(theta: Floats, there: Bools) -> Floats:
    """Returns the one row of preferences, (1, A), that all states have where nothing is seen."""
    return np.asarray(np.where(there, theta, -np.inf).max(axis=0, keepdims=True))


def most_changed(change: Floats, s: int, there: Bools, blind: int) -> tuple[int, int]:
    """Returns the state and action whose preference changed most; in state ``s`` where all changed alike, or none."""
    if blind or not change.any():
        return s, int(np.where(there[s], np.abs(change[s]), -1.0).argmax())
    place = np.unravel_index(np.abs(change).argmax(), change.shape)
    return int(place[0]), int(place[1])
