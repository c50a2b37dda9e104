"""Hold learning against the exact solution: how wrong the values are, how good the policy, what mistakes have cost."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from rl.envs.base import Env
from rl.mdp import Floats
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
    finite: bool  # False where reward can be collected for ever (gamma = 1)


@lru_cache(maxsize=64)
def solution(env: Env, gamma: float) -> Solution:
    """Solves a world exactly; the arrays are shared, never write into them."""
    mdp = env.mdp
    v = value_iteration(mdp, gamma)
    finite = bool(np.isfinite(v).all())
    q = action_values(mdp, v, gamma) if finite else np.full(mdp.cdf.shape[:2], np.nan)
    return Solution(v, q, start_value(mdp, v), finite)


@lru_cache(maxsize=20_000)
def _policy_start_value(env: Env, gamma: float, policy: bytes) -> float:
    shape = env.mdp.cdf.shape[:2]
    values = policy_values(env.mdp, np.frombuffer(policy).reshape(shape), gamma, 1e-8)
    return start_value(env.mdp, values)


def greedy_start_value(env: Env, gamma: float, q: Floats) -> float:
    """Returns the exact value, from the start, of acting greedily on ``q``; minus infinity if it never gets done."""
    return _policy_start_value(env, gamma, greedy_policy(q).tobytes())


def is_greedy_optimal(env: Env, gamma: float, q: Floats) -> bool:
    """Tells whether the greedy policy is optimal from every start, ties counted as ties."""
    best = solution(env, gamma)
    return bool(greedy_start_value(env, gamma, q) >= best.start - 1e-6 * max(1.0, abs(best.start)))


class TruthCurves(NamedTuple):
    """How a run compares with the optimum at chosen moments; each column has one entry a moment."""

    step: Floats
    episode: Floats
    error: Floats  # max |Q - Q*| over states and actions an agent can be in
    policy: Floats  # value of the greedy policy from the start
    optimum: Floats  # value of the optimal policy from the start
    regret: Floats  # sum over the steps so far of V*(s) - Q*(s, a): what they cost against an optimal agent


def moments(t: int, points: int = 100) -> list[int]:
    """Chooses moments up to ``t`` so that a longer run keeps most of them: multiples of a power of two, and ``t``."""
    stride = 1 << max(0, (t // points).bit_length())
    return [*range(0, t, stride), t]


def truth_curves(timeline: Timeline, t: int, points: int = 100) -> TruthCurves:
    """Compares a run with the optimum from its beginning to moment ``t``."""
    edges = sorted({*moments(t, points), *(e.step for e in timeline.edits if e.step < t)})
    rows = [_compare(timeline, step) for step in edges]
    regret = np.cumsum([0.0] + [_regret(timeline, a, b) for a, b in zip(edges, edges[1:], strict=False)])
    return TruthCurves(*np.array(rows, np.float64).T, regret)


@lru_cache(maxsize=50_000)
def _compare(timeline: Timeline, t: int) -> tuple[float, float, float, float, float]:
    run = timeline.at(t)
    gamma = run.agent.gamma  # type: ignore[attr-defined]
    best = solution(run.env, gamma)
    live = ~run.env.mdp.absorbing
    error = np.abs(run.memory.q - best.q)[live].max()
    return t, run.episode, error, greedy_start_value(run.env, gamma, run.memory.q), best.start


@lru_cache(maxsize=50_000)
def _regret(timeline: Timeline, t0: int, t1: int) -> float:
    """Sums the gaps of the actions taken in steps t0 to t1 - 1, all under the same settings."""
    _, env, agent = timeline.settings(t0)
    best = solution(env, agent.gamma)  # type: ignore[attr-defined]
    taken = timeline.at(t1).memory.visits - timeline.at(t0).memory.visits
    return float((taken * (best.v[:, None] - best.q))[taken > 0].sum())


def mistakes(env: Env, gamma: float, q: Floats) -> Floats:
    """Marks states in which some greedy action is not an optimal one, (S,)."""
    ties = q == q.max(axis=1, keepdims=True)
    return np.asarray((ties & ~optimal_actions(solution(env, gamma).q)).any(axis=1))
