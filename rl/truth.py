"""Hold learning against the exact solution: how wrong the values are, how good the policy, what mistakes have cost."""

from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from rl.agents.prediction.base import Prediction
from rl.envs.base import Env, World
from rl.mdp import Bools, Floats
from rl.planning import (
    action_values,
    greedy_policy,
    optimal_actions,
    policy_values,
    start_value,
    value_iteration,
)
from rl.timeline import Timeline


class Solution(NamedTuple):
    """The optimum of a world under a discount."""

    v: Floats  # (S,)
    q: Floats  # (S, A)
    start: float  # value of an episode's start
    visitable: Bools  # (S,) states an agent can come to act in
    finite: bool  # False where reward or cost can go on for ever (gamma = 1), in visitable states


@lru_cache(maxsize=64)
def solution(env: Env, gamma: float) -> Solution:
    """Solves a world exactly; the arrays are shared, never write into them."""
    mdp = env.mdp
    v, visitable = value_iteration(mdp, gamma), mdp.visitable
    finite = bool(np.isfinite(v[visitable]).all())
    with np.errstate(invalid="ignore"):  # what lies behind walls may be infinite
        q = action_values(mdp, v, gamma) if finite else np.full(mdp.cdf.shape[:2], np.nan)
    for array in (v, q, visitable):
        array.flags.writeable = False
    return Solution(v, q, start_value(mdp, v), visitable, finite)


@lru_cache(maxsize=20_000)
def _policy_start_value(env: Env, gamma: float, bits: bytes) -> float:
    n_states, n_actions = env.mdp.cdf.shape[:2]
    best = np.unpackbits(np.frombuffer(bits, np.uint8), count=n_states * n_actions).reshape(n_states, n_actions)
    values = policy_values(env.mdp, greedy_policy(best.astype(np.float64)), gamma, 1e-8)
    return start_value(env.mdp, values)


def greedy_start_value(env: Env, gamma: float, q: Floats) -> float:
    """Returns the exact value, from the start, of acting greedily on ``q``; minus infinity if it never gets done."""
    bits = np.packbits(greedy_policy(q) > 0)  # a 64th of the policy's size: thousands are remembered
    return _policy_start_value(env, gamma, bits.tobytes())


def is_greedy_optimal(env: Env, gamma: float, q: Floats) -> bool:
    """Tells whether the greedy policy is optimal from every start, ties counted as ties."""
    best = solution(env, gamma)
    return bool(greedy_start_value(env, gamma, q) >= best.start - 1e-6 * max(1.0, abs(best.start)))


LARGE, FEW = 1_000_000, 12
"""Outcomes from which on judging one policy takes a tenth of a second, and the points a curve then has."""


class TruthCurves(NamedTuple):
    """How a run compares with the optimum at chosen moments; each column has one entry a moment."""

    step: Floats
    episode: Floats
    error: Floats  # max |Q - Q*| over the states an agent can act in
    policy: Floats  # value of the greedy policy from the start
    optimum: Floats  # value of the optimal policy from the start
    regret: Floats  # sum over the steps so far of V*(s) - Q*(s, a): what they cost against an optimal agent


def moments(t: int, points: int = 100) -> list[int]:
    """Chooses moments up to ``t`` so that a longer run keeps most of them: multiples of a power of two, and ``t``."""
    stride = 1 << max(0, (t // points).bit_length())
    return [*range(0, t, stride), t]


def truth_curves(timeline: Timeline, t: int, points: int = 100) -> TruthCurves:
    """Compares a run with the optimum from its beginning to moment ``t``; at fewer points where a world is large."""
    points = min(points, FEW) if tabular(timeline.env).mdp.cdf.size > LARGE else points
    edges = sorted({*moments(t, points), *(e.step for e in timeline.edits if e.step < t)})
    step, episode, error, policy, optimum = np.array([_compare(timeline, t) for t in edges], np.float64).T
    regret = np.cumsum([0.0] + [_regret(timeline, a, b) for a, b in pairwise(edges)])
    return TruthCurves(step, episode, error, policy, optimum, regret)


def tabular(env: World) -> Env:
    """Returns a world whose optimum can be computed. Raises TypeError for any other."""
    if not isinstance(env, Env):
        raise TypeError(f"{env.title} has no table of transitions, so its optimum cannot be computed exactly.")
    return env


@lru_cache(maxsize=50_000)
def _compare(timeline: Timeline, t: int) -> tuple[float, float, float, float, float]:
    run = timeline.at(t)
    env, gamma = tabular(run.env), run.agent.discount
    best = solution(env, gamma)
    there = best.q != -np.inf
    error = np.abs(np.subtract(run.memory.q, best.q, out=np.zeros_like(best.q), where=there))[best.visitable].max()
    return t, run.episode, error, greedy_start_value(env, gamma, run.memory.q), best.start


@lru_cache(maxsize=50_000)
def _regret(timeline: Timeline, t0: int, t1: int) -> float:
    """Sums the gaps of the actions taken in steps t0 to t1 - 1, all under the same settings."""
    _, env, agent = timeline.settings(t0)
    best = solution(tabular(env), agent.discount)
    taken = timeline.at(t1).memory.visits - timeline.at(t0).memory.visits
    s, a = np.nonzero(taken)
    with np.errstate(invalid="ignore"):  # NaN where no finite optimum exists
        return float(taken[s, a] @ (best.q[s].max(axis=1) - best.q[s, a]))


def mistakes(env: Env, gamma: float, q: Floats) -> Floats:
    """Marks states in which some greedy action is not an optimal one, (S,); none where no finite optimum exists."""
    if not solution(env, gamma).finite:
        return np.zeros(len(q), np.bool_)
    ties = q == q.max(axis=1, keepdims=True)
    return np.asarray((ties & ~optimal_actions(solution(env, gamma).q)).any(axis=1))


@lru_cache(maxsize=64)
def policy_truth(env: Env, agent: Prediction) -> Floats:
    """Returns the exact values of the policy an agent follows, (S,); shared, never write into them.

    Infinite where reward or cost goes on for ever. Raises ValueError where its policy needs an optimum and none is.
    """
    v = policy_values(env.mdp, agent.chances(env.mdp), agent.discount)
    v.flags.writeable = False
    return v


def rms_error(v: Floats, truth: Floats, states: Bools) -> float:
    """Returns the root of the mean squared error over the marked states, as S&B measure predictions (example 6.2)."""
    return float(np.sqrt(np.mean((v[states] - truth[states]) ** 2)))
