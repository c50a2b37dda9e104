"""How planning closes in on the truth, sweep by sweep: the values, the bound they keep to, and the policy."""

from functools import lru_cache
from typing import NamedTuple, cast

import numpy as np

from rl.agents.base import Agent
from rl.agents.planning.base import Plan, Planner
from rl.agents.planning.policy_evaluation import PolicyEvaluation
from rl.agents.planning.value_iteration import ValueIteration
from rl.envs.base import Env
from rl.evaluation import policy_values
from rl.mdp import Bools, Floats, Ints
from rl.planning import action_values, optimal_actions
from rl.run import advance
from rl.timeline import Timeline, work_of
from rl.truth import LARGE, solution, tabular

SETTLED = 1e-8
"""Planning is done when no value changes by more than this in a sweep, relative to the largest one or to 1."""
PATIENCE, MAX_WORK = 400_000, 25_000_000
"""Backups after which it is given up, and their work in steps of Q-learning: about two seconds."""
MOST_SWEEPS, FEW_SWEEPS = 400, 16
"""Sweeps that are looked at, evenly spread; few where a world is large."""


class Convergence(NamedTuple):
    """The values at the end of each sweep; entry 0 is before the first."""

    sweep: Floats  # (n + 1,)
    step: Floats  # the moment it was over
    error: Floats  # max_s |V(s) - V*(s)|, or V_pi(s) where a policy is evaluated: the truth in force at that moment
    change: Floats  # the largest change of a value in the sweep; NaN for entry 0 and where a sweep improved the policy
    bound: Floats  # gamma^k times the first error, which k whole sweeps cannot exceed; NaN where there is none
    optimal: Bools  # whether the policy that is greedy on the values is optimal everywhere


def convergence(timeline: Timeline, t: int) -> Convergence | None:
    """Follows a planner's run up to moment ``t``; None where no finite truth exists.

    Of many sweeps so many are looked at as a chart needs. Every error is against the truth in force at the end of its
    own sweep. The bound begins anew at each edit, from the error there; it is NaN where sweeps may leave states out.
    """
    _, world, agent = timeline.settings(t)
    env = tabular(world)
    truth = truth_of(env, agent)
    if truth is None:
        return None
    log = timeline.episodes(t)
    seen = _chosen(len(log) + 1, FEW_SWEEPS if env.mdp.cdf.size > LARGE else MOST_SWEEPS)
    ends, change = np.append(0, log.end)[seen], np.append(np.nan, log.ret)[seen]
    error, optimal, improved = np.array([_compared(timeline, int(end)) for end in ends]).T
    bound = _bounds(timeline, np.append(0, log.end), seen)
    return Convergence(seen.astype(np.float64), ends.astype(np.float64), error,
                       np.where(improved > 0, np.nan, change), bound, optimal > 0)


def _bounds(timeline: Timeline, ends: Ints, seen: Ints) -> Floats:
    """Returns what errors cannot exceed at the sweeps that are seen: gamma for each whole one since the last edit."""
    bounds = np.empty(len(seen))
    for row, i in enumerate(seen):
        step, _, agent = timeline.settings(int(ends[i]))
        whole = i - int(np.searchsorted(ends, step))  # the sweep in which the edit was made is not
        factor = bound_of(agent)
        bounds[row] = factor if np.isnan(factor) else factor**whole * _largest_error(timeline, step)
    return bounds


@lru_cache(maxsize=1024)
def _largest_error(timeline: Timeline, t: int) -> float:
    """Returns the largest error of the values at moment ``t``, and of those that the backups of this sweep still see.

    NaN where no finite truth exists.
    """
    run = timeline.at(t)
    env, memory, agent = tabular(run.env), run.memory, cast(Planner, run.agent)
    truth = truth_of(env, agent)
    if truth is None:
        return float("nan")
    seen = (memory.v, memory.before) if agent.backups == "synchronous" else (memory.v,)
    return max(float(np.abs(v - truth)[~env.mdp.absorbing].max(initial=0.0)) for v in seen)


def bound_of(agent: Agent) -> float:
    """Returns the factor by which each sweep shrinks the error at least; NaN where a sweep may do less."""
    if not isinstance(agent, ValueIteration | PolicyEvaluation) or agent.sequence not in ("forwards", "backwards"):
        return float("nan")
    return agent.discount


def _chosen(n: int, most: int) -> Ints:
    """Chooses at most about ``most`` of n sweeps, the first ones and the last among them."""
    early = np.arange(min(n, most // 2))
    return np.unique([*early, *np.linspace(0, n - 1, min(n, most // 2)).astype(int)])


@lru_cache(maxsize=4096)
def _compared(timeline: Timeline, t: int) -> tuple[float, float, float]:
    run = timeline.at(t)
    env, memory = tabular(run.env), run.memory
    truth = truth_of(env, run.agent)
    off = np.inf if truth is None else np.abs(memory.v - truth)[~env.mdp.absorbing].max(initial=0.0)
    improved = timeline.steps(t - 1, t).explored.any() if t else False
    return float(off), float(is_optimal_everywhere(env, run.agent.discount, memory)), float(improved)


@lru_cache(maxsize=64)
def truth_of(env: Env, agent: Planner) -> Floats | None:
    """Returns the values a planner is after, (S,); None where they are not finite in every state it backs up."""
    if isinstance(agent, PolicyEvaluation):
        policy = agent.new_memory(env.mdp, 0).policy
        v = policy_values(env.mdp, policy, agent.discount)
    else:
        v = solution(env, agent.discount).v
    return v if np.isfinite(v[~env.mdp.absorbing]).all() else None


def is_optimal_everywhere(env: Env, gamma: float, memory: Plan) -> bool:
    """Tells whether every action that is greedy on the values V is optimal, in every state that is backed up."""
    best = solution(env, gamma)
    if not best.finite:
        return False
    greedy = optimal_actions(action_values(env.mdp, memory.v, gamma))
    right = optimal_actions(best.q)
    return bool((right | ~greedy)[~env.mdp.absorbing].all())


class Settling(NamedTuple):
    """Where planning came to rest, or was given up."""

    step: int
    still: bool  # whether nothing changes any more


def settling(timeline: Timeline) -> Settling:
    """Goes on planning after the last edit until nothing changes any more, or it would take too long."""
    step, env, agent = timeline.settings(timeline.last)
    run = timeline.at(step)
    last = min(timeline.last, step + int(min(PATIENCE, MAX_WORK / work_of(env, agent))))
    still = False
    while run.step < last and not still:
        v, policy = run.memory.v.copy(), run.memory.policy.copy()
        advance(run, last, run.episode + 8)
        still = _is_still(v, policy, run.memory)
    return Settling(run.step, still)


def settled(timeline: Timeline) -> int:
    """Returns the moment from which on planning changes nothing more, or the last tried where it never settles."""
    return settling(timeline).step


def _is_still(v: Floats, policy: Floats, after: Plan) -> bool:
    scale = max(1.0, float(np.abs(after.v).max()))
    return bool(np.abs(after.v - v).max() <= SETTLED * scale and np.array_equal(policy, after.policy))
