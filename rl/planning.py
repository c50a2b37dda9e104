"""Planning with the model known: the truth that learning is measured against (S&B chapter 4).

Values are of the infinite-horizon problem, in which a time limit plays no part. Where no finite value exists (gamma = 1
and an agent that never gets done) the value is plus or minus infinity, and never a large number that looks like one.
"""

from collections.abc import Callable

import numpy as np

from rl.jit import jit
from rl.mdp import Bools, Floats, TabularMDP

TOLERANCE = 1e-10
TIE = 1e-9
"""Actions whose values differ by less, relative to the largest value, are equally good."""
SLOW = 1e-4
"""At gamma = 1 nothing bounds the error by the last change, so values must have stopped moving much more nearly."""
WORK = 3e8
"""Outcomes a solver may look at before it declares that the values do not converge (about a second)."""


def value_iteration(mdp: TabularMDP, gamma: float, tolerance: float = TOLERANCE) -> Floats:
    """Returns the optimal values V*, (S,), to ``tolerance``; infinite where no finite optimum exists."""
    v = np.zeros(len(mdp.cdf))
    return _converged(_optimality_sweeps, mdp, v, gamma, tolerance, v)


def policy_values(mdp: TabularMDP, policy: Floats, gamma: float, tolerance: float = TOLERANCE) -> Floats:
    """Returns the values V, (S,), of a policy given as probabilities (S, A)."""
    return _converged(_policy_sweeps, mdp, policy, gamma, tolerance, np.zeros(len(mdp.cdf)))


def _converged(sweeps: Callable[..., Floats], mdp: TabularMDP, argument: Floats, gamma: float, tolerance: float,
               v: Floats) -> Floats:
    limit = max(1000, int(WORK / mdp.cdf.size))
    goal = tolerance * (1 - gamma) / gamma if 0 < gamma < 1 else tolerance * SLOW
    moving = sweeps(mdp, argument, float(gamma), goal, limit, v)
    v[moving > 0], v[moving < 0] = np.inf, -np.inf
    return v


def action_values(mdp: TabularMDP, v: Floats, gamma: float) -> Floats:
    """Returns Q(s, a) = E[r + gamma v(s')], (S, A), for state values ``v``."""
    ahead = np.where(mdp.terminal, 0.0, gamma * v[mdp.next_state]) if gamma > 0 else 0.0
    outcome = np.where(mdp.probability > 0, mdp.reward + ahead, 0.0)
    return np.asarray((mdp.probability * outcome).sum(axis=2))


def optimal_actions(q: Floats, tolerance: float = TIE) -> Bools:
    """Marks every action as good as the best one, (S, A): an optimal policy is rarely the only one."""
    best = q.max(axis=1, keepdims=True)
    return np.asarray(q >= best - tolerance * np.maximum(1.0, np.abs(best)))


def greedy_policy(q: Floats) -> Floats:
    """Returns the probabilities (S, A) with which a greedy agent acts: exact ties are shared equally."""
    ties = q == q.max(axis=1, keepdims=True)
    return np.asarray(ties / ties.sum(axis=1, keepdims=True))


def start_value(mdp: TabularMDP, v: Floats) -> float:
    """Returns the value of an episode's start, averaged over where episodes start."""
    starts = mdp.start > 0
    return float(mdp.start[starts] @ v[starts])


def finite_horizon_value(mdp: TabularMDP, steps: int, gamma: float = 1.0) -> Floats:
    """Returns the best that can be had within ``steps`` steps from each state, (S,), by backward induction."""
    v = np.zeros(len(mdp.cdf))
    for _ in range(steps):
        v = action_values(mdp, v, gamma).max(axis=1)
    return v


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
def best_backup(mdp, v, s, gamma):
    """Returns max_a E[r + gamma v(s')] (S&B eq. 4.10)."""
    best = backup(mdp, v, s, 0, gamma)
    for a in range(1, mdp.cdf.shape[1]):
        best = max(best, backup(mdp, v, s, a, gamma))
    return best


@jit
def expected_backup(mdp, policy, v, s, gamma):
    """Returns sum_a pi(a|s) E[r + gamma v(s')] (S&B eq. 4.4)."""
    total = 0.0
    for a in range(mdp.cdf.shape[1]):
        if policy[s, a] > 0.0:
            total += policy[s, a] * backup(mdp, v, s, a, gamma)
    return total


@jit
def _optimality_sweeps(mdp, _, gamma, goal, limit, v):
    """Sweeps in place, to and fro, until no value moves by more than ``goal``. Returns what still moves, (S,)."""
    moving, largest = np.zeros(v.size), 0.0
    for sweep in range(limit):
        largest = 0.0
        for i in range(v.size):
            s = i if sweep % 2 == 0 else v.size - 1 - i
            new = best_backup(mdp, v, s, gamma)
            moving[s] = new - v[s]
            largest = max(largest, abs(moving[s]) - 4e-16 * abs(new))
            v[s] = new
        if largest <= goal:
            moving[:] = 0.0
            break
    return moving


@jit
def _policy_sweeps(mdp, policy, gamma, goal, limit, v):
    """Does the same for the values of a fixed policy."""
    moving, largest = np.zeros(v.size), 0.0
    for sweep in range(limit):
        largest = 0.0
        for i in range(v.size):
            s = i if sweep % 2 == 0 else v.size - 1 - i
            new = expected_backup(mdp, policy, v, s, gamma)
            moving[s] = new - v[s]
            largest = max(largest, abs(moving[s]) - 4e-16 * abs(new))
            v[s] = new
        if largest <= goal:
            moving[:] = 0.0
            break
    return moving
