"""The natural gradient: the steepest way up as policies differ, not as their preferences do (Amari, 1998).

It is pinv(F) g, with the Fisher information F of a policy averaged over the states it comes by (Kakade, 2001).
"""

import numpy as np

from rl.mdp import Floats, TabularMDP
from rl.policy_gradient import (
    Expected,
    Judgement,
    chances_at,
    expected,
    gradient_of,
    in_all_states,
    is_blind,
    judged,
    or_refused,
)


def natural_gradient(mdp: TabularMDP, theta: Floats, gamma: float, entropy: float = 0.0) -> Floats:
    """Returns pinv(F) g, the steepest way up as policies differ, not preferences (Amari, 1998; Kakade, 2001).

    Raises ValueError where what a policy collects is not finite.
    """
    known = expected(mdp, gamma)
    pi = chances_at(known, theta)
    return natural_of(known, theta, pi, or_refused(judged(known, pi, gamma, entropy)))


def natural_of(known: Expected, theta: Floats, pi: Floats, found: Judgement) -> Floats:
    """Returns pinv(F) g; where each state has a row that is its advantages, less their mean, wherever it comes by."""
    if is_blind(known, theta):
        g = gradient_of(known, theta, pi, found)
        return np.asarray(np.linalg.pinv(_shared_fisher(pi, found), rcond=1e-13, hermitian=True) @ g[0])[None]
    mean = found.advantage.sum(axis=1, keepdims=True) / known.there.sum(axis=1, keepdims=True)
    comes_by = known.there & (found.visits > 0)[:, None]
    return in_all_states(known, np.where(comes_by, found.advantage - mean, 0.0))


def fisher(mdp: TabularMDP, theta: Floats, gamma: float) -> Floats:
    """Returns sum_s d(s) sum_a pi(a|s) grad ln pi grad ln pi^T, (P, P) for the P numbers of theta, row by row.

    Raises ValueError where what a policy collects is not finite.
    """
    known = expected(mdp, gamma)
    pi = chances_at(known, theta)
    found = or_refused(judged(known, pi, gamma))
    if is_blind(known, theta):
        return _shared_fisher(pi, found)
    blocks = np.zeros((*known.shape, *known.shape))
    blocks[known.states, :, known.states] = found.visits[:, None, None] * _spreads(pi)
    return blocks.reshape(theta.size, theta.size)


def _shared_fisher(pi: Floats, found: Judgement) -> Floats:
    return np.asarray(np.einsum("s,sab->ab", found.visits, _spreads(pi)))


def _spreads(pi: Floats) -> Floats:
    """Returns diag(pi) - pi pi^T in each state, (n, A, A): the covariance of grad ln pi."""
    return np.asarray(pi[:, :, None] * np.eye(pi.shape[1]) - pi[:, :, None] * pi[:, None, :])
