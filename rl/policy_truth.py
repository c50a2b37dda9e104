"""Hold a learned policy against the exact solution: what it is worth, how sure it is, how wrong its critic."""

from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

import numpy as np

from rl.envs.base import Env
from rl.landscape import climbed, shared_worths
from rl.mdp import Floats, TabularMDP
from rl.planning import policy_values, start_value
from rl.policy_gradient import ENDLESS, entropies, expected, in_all_states, judged
from rl.timeline import Timeline, past_of
from rl.truth import moments, solution, tabular

LARGE, FEWER, HUGE, FEW = 200, 30, 700, 10
"""States from which on judging a policy takes so long that a curve has fewer points, and a few: no equations then."""
NEARLY, RARELY = 1 - 1e-9, 1e6
"""A discount next to 1, for policies that may go on for ever, and how many times a reward is infinite then."""
DENSE = 100
"""States up to which the best blind policy is looked for."""
POINTS, BEST = 300, 4
"""Policies tried at first, and how many of them are improved."""


class PolicyCurves(NamedTuple):
    """How the policy of a run compares with the optimum at chosen moments; each column has one entry a moment."""

    step: Floats
    episode: Floats
    worth: Floats  # value of the policy from the start, its chances and all; minus infinity where it never gets done
    optimum: Floats  # value of the best policy from the start
    blind: Floats  # value of the best policy that is the same in all states; NaN if the agent sees, or in large worlds
    critic: Floats  # max |V - v_pi| over the states an agent can act in; NaN without a critic
    entropy: Floats  # of the policy, in nats: the mean over the steps it takes, that at t counted as gamma^t


def policy_curves(timeline: Timeline, t: int, points: int = 100) -> PolicyCurves:
    """Judges a run's policy from its beginning to moment ``t``; at fewer points where a world is large.

    Raises TypeError where the world has no table, or the agent no policy of its own.
    """
    n_states = len(tabular(timeline.env).mdp.cdf)
    points = min(points, FEW if n_states > HUGE else FEWER if n_states > LARGE else points)
    edges = sorted({*moments(t, points), *(e.step for e in timeline.edits if e.step < t)})
    return PolicyCurves(*np.array([_judged(past_of(timeline, t), t) for t in edges], np.float64).T)


@lru_cache(maxsize=20_000)
def _judged(timeline: Timeline, t: int) -> tuple[float, ...]:
    run = timeline.at(t)
    env, agent, memory = tabular(run.env), run.agent, run.memory
    if agent.learns != "pi":
        raise TypeError(f"{agent.title} has no policy of its own, only values to act by.")
    mdp, gamma = env.mdp, agent.discount
    worth, v, entropy = exactly(env, gamma, memory.pi)
    critic = np.abs(memory.v - v)[mdp.visitable].max() if hasattr(memory, "v") else np.nan
    blind = best_blind_value(env, gamma) if getattr(agent, "sees", "") == "nothing" else np.nan
    return t, run.episode, worth, solution(env, gamma).start, blind, float(critic), entropy


def exactly(env: Env, gamma: float, pi: Floats) -> tuple[float, Floats, float]:
    """Returns what a policy (S, A) is worth from the start, in every state, (S,), and its mean entropy."""
    if len(env.mdp.cdf) <= HUGE:
        known = expected(env.mdp, gamma)
        found = judged(known, pi[known.states], gamma)
        if np.isfinite(found.worth) and found.visits.any():
            entropy = float(np.average(entropies(pi[known.states]), weights=found.visits))
            return found.worth, in_all_states(known, found.v), entropy
    v = _swept(env.mdp, gamma, pi)
    return start_value(env.mdp, v), v, mean_entropy(env.mdp, pi, gamma)


def _swept(mdp: TabularMDP, gamma: float, pi: Floats) -> Floats:
    """Returns the values of a policy, (S,), infinite where it ends too rarely to tell from never."""
    scale = np.abs(mdp.reward).max()
    try:
        v = policy_values(mdp, pi, gamma)
        if not (np.isfinite(v) & (np.abs(v) > ENDLESS * scale)).any():
            return v
    except np.linalg.LinAlgError:
        pass
    near = policy_values(mdp, pi, min(gamma, NEARLY))
    return np.where(np.abs(near) > RARELY * scale, np.copysign(np.inf, near), near)


def mean_entropy(mdp: TabularMDP, pi: Floats, gamma: float) -> float:
    """Returns the mean entropy of a policy (S, A), in nats, over the steps it takes, step t counted as gamma^t.

    It is what the start would be worth if steps paid the entropy, over what it would be worth if they paid 1.
    """
    paid, steps = (start_value(mdp, policy_values(_paying(mdp, each), pi, min(gamma, NEARLY), 1e-8))
                   for each in (entropies(pi), np.ones(len(pi))))
    return float(paid / steps)


def _paying(mdp: TabularMDP, reward: Floats) -> TabularMDP:
    """Returns the same world in which a step from a state pays what ``reward`` (S,) says."""
    return mdp._replace(reward=np.where(mdp.absorbing[:, None, None], 0.0,
                                        np.broadcast_to(reward[:, None, None], mdp.cdf.shape)))


@lru_cache(maxsize=64)
def best_blind_value(env: Env, gamma: float) -> float:
    """Returns what the best policy that is the same in all states is worth from the start.

    Policies all over the simplex are tried, and the best improved by moving chance from one action to another, ever
    less of it. NaN in worlds of more than DENSE states.
    """
    known = expected(env.mdp, gamma)
    if len(known.states) > DENSE:
        return float("nan")
    found = _simplex(known.there.shape[1])
    best = np.argsort(shared_worths(known, found, gamma))[-BEST:]
    return max(climbed(known, gamma, found[i], 0.5)[1] for i in best)


def _simplex(n: int) -> Floats:
    """Lists about POINTS distributions over n things, all multiples of one fraction, (k, n)."""
    side = 1
    while _count(n, side + 1) <= POINTS:
        side += 1
    bars = np.array(list(combinations(range(side + n - 1), n - 1))).reshape(-1, n - 1)
    return np.asarray(np.diff(bars, axis=1, prepend=-1, append=side + n - 1) - 1) / side


def _count(n: int, side: int) -> int:
    """Returns how many distributions over n things are multiples of 1 / side, or POINTS + 1 where n is 1."""
    return int(np.prod([(side + i) / i for i in range(1, n)]) + 0.5) if n > 1 else POINTS + 1
