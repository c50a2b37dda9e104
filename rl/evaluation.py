"""The exact value of a policy with the model known (S&B section 4.1).

Values are of the infinite-horizon problem, in which a time limit plays no part. Where no finite value exists (gamma = 1
and an agent that never gets done) the value is plus or minus infinity, and never a large number that looks like one.
"""

import numpy as np

from rl.jit import jit
from rl.mdp import Bools, Floats, TabularMDP

TOLERANCE = 1e-10
SLOW = 1e-4
"""At gamma = 1 nothing bounds the error by the last change, so values must have stopped moving much more nearly."""
SWEEP_COST = 600
"""Looking at an outcome takes as long as so many steps of solving linear equations, S cubed of them in all."""


def policy_values(mdp: TabularMDP, policy: Floats, gamma: float, tolerance: float = TOLERANCE) -> Floats:
    """Returns the values V, (S,), of a policy given as probabilities (S, A).

    Sweeps are best where they soon converge; when they have taken as long as solving the equations would, that is done.
    """
    n_states, gamma = len(mdp.cdf), float(gamma)
    v, settled = for_ever(mdp, policy) if gamma == 1 else (np.zeros(n_states), np.zeros(n_states, np.bool_))
    limit = n_states**3 // (SWEEP_COST * mdp.cdf.size)
    if not _sweeps(mdp, policy, gamma, last_change(gamma, tolerance), limit, v, settled):
        v[~settled] = _solved(mdp, policy, gamma, v, ~settled)
    return v


def last_change(gamma: float, tolerance: float) -> float:
    """Returns the change of a sweep from which on values are known to a tolerance."""
    return tolerance * (1 - gamma) / gamma if 0 < gamma < 1 else tolerance * SLOW


def for_ever(mdp: TabularMDP, policy: Floats) -> tuple[Floats, Bools]:
    """Settles the states (S,) from which a policy may go on for ever, undiscounted: plus or minus infinity where it
    collects for ever, 0 where nothing more comes. Returns values and which of them are settled."""
    expected = _expected_reward(mdp, policy)
    ends = ((policy > 0)[:, :, None] & (mdp.probability > 0) & mdp.terminal).any(axis=(1, 2))
    rests = ~_may_reach(mdp, policy, expected != 0)
    lost = ~_may_reach(mdp, policy, ends | rests)
    v = np.zeros(len(mdp.cdf))
    if lost.any():
        v[lost] = _collected(mdp, policy, expected[lost], lost)
    for sign in (np.inf, -np.inf):
        v[_may_reach(mdp, policy, v == sign)] = sign
    return v, rests | lost | ~np.isfinite(v)


def _collected(mdp: TabularMDP, policy: Floats, expected: Floats, lost: Bools) -> Floats:
    """Returns what a policy collects in the states it never gets out of, which pay or cost again and again."""
    if expected.min() >= 0 or expected.max() <= 0:
        return np.full(len(expected), np.inf * expected.sum())
    almost = 1 - 1e-9
    v = _solved(mdp, policy, almost, np.zeros(len(mdp.cdf)), lost)
    gain = (1 - almost) * v  # a step, on average
    return np.where(np.abs(gain) > 1e-6 * np.abs(expected).max(), np.copysign(np.inf, gain), v)


def _expected_reward(mdp: TabularMDP, policy: Floats) -> Floats:
    return np.asarray((policy[:, :, None] * mdp.probability * mdp.reward).sum(axis=(1, 2)))


def _solved(mdp: TabularMDP, policy: Floats, gamma: float, v: Floats, unknown: Bools) -> Floats:
    """Solves the Bellman equations of the unknown states, given the values of the others."""
    n_states = len(mdp.cdf)
    goes = np.where(mdp.terminal, 0.0, policy[:, :, None] * mdp.probability)
    chain = np.zeros((n_states, n_states))
    np.add.at(chain, (np.arange(n_states)[:, None, None], mdp.next_state), goes)
    chain = gamma * chain[unknown]
    known = np.where(unknown | ~np.isfinite(v), 0.0, v)
    right = _expected_reward(mdp, policy)[unknown] + chain @ known
    return np.asarray(np.linalg.solve(np.eye(len(chain)) - chain[:, unknown], right), np.float64)


@jit
def backup(mdp, v, s, a, gamma):
    """Returns E[r + gamma v(s')] for one state and action (S&B eq. 4.2)."""
    total, below = 0.0, 0.0
    for k in range(mdp.cdf.shape[2]):
        p = mdp.cdf[s, a, k] - below
        below = mdp.cdf[s, a, k]
        if p > 0.0:
            total += p * mdp.reward[s, a, k]
            if not mdp.terminal[s, a, k]:
                total += p * gamma * v[mdp.next_state[s, a, k]]
    return total


@jit
def expected_backup(mdp, policy, v, s, gamma):
    """Returns sum_a pi(a|s) E[r + gamma v(s')] (S&B eq. 4.4)."""
    total = 0.0
    for a in range(mdp.cdf.shape[1]):
        if policy[s, a] > 0.0:
            total += policy[s, a] * backup(mdp, v, s, a, gamma)
    return total


@jit
def _sweeps(mdp, policy, gamma, goal, limit, v, settled):
    """Sweeps in place, to and fro, until no value moves by more than ``goal``. Returns whether that came about."""
    for sweep in range(limit):
        largest = 0.0
        for i in range(v.size):
            s = i if sweep % 2 == 0 else v.size - 1 - i
            if not settled[s]:
                new = expected_backup(mdp, policy, v, s, gamma)
                largest = max(largest, abs(new - v[s]) - 4e-16 * abs(new))
                v[s] = new
        if largest <= goal:
            return True
    return False


@jit
def _leads_to(mdp, policy, found, s):
    """Tells whether one step of a policy may lead from ``s`` to a state found already."""
    for a in range(mdp.cdf.shape[1]):
        below = 0.0
        for k in range(mdp.cdf.shape[2]):
            happens = policy[s, a] > 0.0 and mdp.cdf[s, a, k] > below
            below = mdp.cdf[s, a, k]
            if happens and not mdp.terminal[s, a, k] and found[mdp.next_state[s, a, k]]:
                return True
    return False


@jit
def _may_reach(mdp, policy, goals):
    """Marks the states from which a policy may come to one of ``goals``, themselves included, (S,)."""
    found, grows, sweep = goals.copy(), True, 0
    while grows:
        grows = False
        for i in range(found.size):
            s = i if sweep % 2 == 0 else found.size - 1 - i
            if not found[s] and _leads_to(mdp, policy, found, s):
                found[s] = grows = True
        sweep += 1
    return found
