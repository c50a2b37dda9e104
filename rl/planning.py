"""Planning with the model known: the truth that learning is measured against (S&B chapter 4).

What is said of the values of policies in `rl.evaluation` holds here too: no time limits, and infinite is infinite.
"""

import numpy as np

from rl.evaluation import TOLERANCE, backup, last_change, policy_values
from rl.jit import jit
from rl.mdp import Bools, Floats, TabularMDP

__all__ = [
    "action_values", "finite_horizon_value", "greedy_policy", "optimal_actions", "policy_values", "start_value",
    "value_iteration",
]

TIE = 1e-9
"""Actions whose values differ by less, relative to the largest value, are equally good."""
SWEEPS, WORK = 5000, 2e7
"""Sweeps and outcomes after which policy iteration takes over from value iteration (less than a second)."""
ROUNDS, ROUNDING = 200, 1e-11
"""Improvements policy iteration may make, and the relative difference below which a value is no better."""


def value_iteration(mdp: TabularMDP, gamma: float, tolerance: float = TOLERANCE) -> Floats:
    """Returns the optimal values V*, (S,), to ``tolerance``; infinite where no finite optimum exists."""
    v = np.zeros(len(mdp.cdf))
    limit = int(min(SWEEPS, WORK / mdp.cdf.size))
    if not _sweeps(mdp, float(gamma), last_change(float(gamma), tolerance), limit, v):
        v = _policy_iteration(mdp, gamma, v)
    return v


def _policy_iteration(mdp: TabularMDP, gamma: float, v: Floats) -> Floats:
    """Goes on from values that converge slowly or not at all (S&B section 4.3); an action is only left for a better."""
    action = action_values(mdp, v, gamma).argmax(axis=1)
    for _ in range(ROUNDS):
        v = policy_values(mdp, np.eye(mdp.cdf.shape[1])[action], gamma)
        with np.errstate(invalid="ignore"):  # plus and minus infinity may meet
            q = np.nan_to_num(action_values(mdp, v, gamma), nan=-np.inf, posinf=np.inf, neginf=-np.inf)
        margin = ROUNDING * np.maximum(1.0, np.abs(np.where(np.isfinite(v), v, 0.0)))
        better = q.max(axis=1) > v + margin
        if not better.any():
            break
        action = np.where(better, q.argmax(axis=1), action)
    return v


def action_values(mdp: TabularMDP, v: Floats, gamma: float) -> Floats:
    """Returns Q(s, a) = E[r + gamma v(s')], (S, A), for state values ``v``; minus infinity for what is missing."""
    ahead = np.where(mdp.terminal, 0.0, gamma * v[mdp.next_state]) if gamma > 0 else 0.0
    outcome = np.where(mdp.probability > 0, mdp.reward + ahead, 0.0)
    q = np.asarray((mdp.probability * outcome).sum(axis=2))
    if mdp.missing.size:
        q[mdp.missing] = -np.inf
    return q


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
def best_backup(mdp, v, s, gamma):
    """Returns max_a E[r + gamma v(s')] (S&B eq. 4.10)."""
    best = backup(mdp, v, s, 0, gamma)
    for a in range(1, mdp.cdf.shape[1]):
        best = max(best, backup(mdp, v, s, a, gamma))
    return best


@jit
def _sweeps(mdp, gamma, goal, limit, v):
    """Sweeps in place, to and fro, until no value moves by more than ``goal``. Returns whether that came about."""
    for sweep in range(limit):
        largest = 0.0
        for i in range(v.size):
            s = i if sweep % 2 == 0 else v.size - 1 - i
            new = best_backup(mdp, v, s, gamma)
            largest = max(largest, abs(new - v[s]) - 4e-16 * abs(new))
            v[s] = new
        if largest <= goal:
            return True
    return False
