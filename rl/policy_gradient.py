"""The policy gradient with the model known: which way the preferences of a softmax policy should move, exactly.

Preferences theta are (S, A), or (1, A) for a blind policy, one row for all states (S&B example 13.1); what is said of
them, such as a gradient, has their shape. A missing action has theta minus infinity where each state has its row, and
gradient 0. Time limits play no part. An entropy bonus beta pays beta times the entropy of the policy in every state in
which an action is taken: the objective is J + beta sum_s d(s) H(pi(.|s)), the value of the start in an MDP whose
rewards are r - beta ln pi(a|s) (an entropy-regularised MDP: Neu, Jonsson & Gomez, 2017).
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from rl.evaluation import for_ever, policy_values
from rl.mdp import Bools, Floats, Ints, Same, TabularMDP
from rl.planning import start_value

ALMOST = 1 - 1e-14
"""No discount is nearer to 1 in a system of equations: it could not be solved where an episode hardly ever ends."""
ENDLESS = 1e11
"""What is worth so many times the largest reward a step is taken for infinite: rounding has eaten its digits."""
NEVER_ENDS = "There is no policy gradient here: episodes may never end, and undiscounted they pay without end."


class Endless(ValueError):
    """There is no gradient, for what a policy collects is not finite."""


class Expected(NamedTuple):
    """An MDP averaged over its outcomes, in the n states a softmax policy comes to act in."""

    states: Ints  # (n,) their numbers; those from which nothing more is to be had are left out
    reward: Floats  # (n, A)
    goes: Floats  # (n, A, n) chance that an action leads on to each of them
    start: Floats  # (n,) chance of starting in each
    there: Bools  # (n, A) which actions they have
    shape: tuple[int, int]  # (S, A)
    rests: bool  # whether an episode may go on for ever with nothing more to come
    endless: bool  # whether it may go on for ever, paying or costing


class Judgement(NamedTuple):
    """What a policy is worth in the n states of an `Expected` MDP; NaN throughout where that is not finite."""

    worth: float  # of the start, the entropy bonus included
    v: Floats  # (n,)
    advantage: Floats  # (n, A) q - v, and with a bonus q - beta ln pi - v; 0 where an action is missing
    visits: Floats  # (n,) how often an episode comes by, on average; the visit at step t counts gamma^t


def available(mdp: TabularMDP) -> Bools:
    """Marks the actions a policy chooses from, (S, A): none where no episode goes on."""
    there = np.broadcast_to(~mdp.absorbing[:, None], mdp.cdf.shape[:2])
    return np.asarray(there & ~mdp.missing if mdp.missing.size else there)


def softmax(theta: Floats, mdp: TabularMDP) -> Floats:
    """Returns pi(a|s) = exp theta(s,a) / sum_b exp theta(s,b), (S, A), over the actions there are (S&B eq. 13.2)."""
    return shares(theta, available(mdp))


def shares(theta: Floats, there: Bools) -> Floats:
    """Returns the softmax over the actions that are there, (..., S, A), for preferences (..., S or 1, A)."""
    theta = np.where(there, theta, -np.inf)
    best = theta.max(axis=-1, keepdims=True)
    weight = np.exp(theta - np.where(np.isfinite(best), best, 0.0))
    return np.asarray(weight / np.where(there.any(axis=-1, keepdims=True), weight.sum(axis=-1, keepdims=True), 1.0))


def expected(mdp: TabularMDP, gamma: float) -> Expected:
    """Averages an MDP over its outcomes, once for the many policies tried in it under a discount; shared, read-only."""
    return _expected(Same(mdp), gamma)


@lru_cache(maxsize=8)
def _expected(same: Same, gamma: float) -> Expected:
    mdp = same.mdp
    there = available(mdp)
    v, settled = _for_ever(mdp, there) if gamma == 1 else (np.zeros(len(there)), np.zeros(len(there), np.bool_))
    acts = mdp.visitable & there.any(axis=1)
    states = np.flatnonzero(acts & ~settled)
    p, n, n_actions = mdp.probability[states], len(states), there.shape[1]
    goes, (i, a, _) = np.zeros((n, n_actions, len(v))), np.ogrid[:n, :n_actions, :1]
    np.add.at(goes, (i, a, mdp.next_state[states]), np.where(mdp.terminal[states], 0.0, p))
    return Expected(states, np.asarray((p * mdp.reward[states]).sum(axis=2)), goes[:, :, states], mdp.start[states],
                    there[states], there.shape, bool((acts & settled).any()), bool(v[acts].any()))


def _for_ever(mdp: TabularMDP, there: Bools) -> tuple[Floats, Bools]:
    """Returns values and marks, (S,), of states from which an episode may go on for ever and its value is known."""
    anything = shares(np.zeros(there.shape), there)  # a softmax tries everything, as this policy does
    endless = np.isinf(for_ever(mdp._replace(reward=np.ones_like(mdp.reward)), anything)[0])
    if not endless.any():
        return np.zeros(len(there)), endless
    v, settled = for_ever(mdp, anything)
    return v, settled & endless


def judged(known: Expected, pi: Floats, gamma: float, entropy: float = 0.0) -> Judgement:
    """Solves the Bellman equations of a policy (n, A), forwards for its values and backwards for its visits."""
    reward, system = known.reward + entropy * surprise(pi), _system(known, pi, gamma)
    v = np.linalg.solve(system, (pi * reward).sum(axis=1))
    visits = np.asarray(np.linalg.solve(system.T, known.start), np.float64)
    worth = float(known.start @ v)
    if not _is_finite(known, worth, entropy):
        return Judgement(np.nan, *(np.full(array.shape, np.nan) for array in (v, pi, visits)))
    advantage = reward + min(gamma, ALMOST) * known.goes @ v - v[:, None]
    return Judgement(worth, v, np.where(known.there, advantage, 0.0), visits)


def worths(known: Expected, policies: Floats, gamma: float) -> Floats:
    """Returns what each of k policies (k, n, A) is worth from the start, (k,); infinite where it hardly ever ends."""
    v = np.linalg.solve(_system(known, policies, gamma), (policies * known.reward).sum(axis=-1)[..., None])[..., 0]
    worth = v @ known.start
    return np.where(_is_finite(known, worth, 0.0), worth, np.copysign(np.inf, worth))


def _system(known: Expected, pi: Floats, gamma: float) -> Floats:
    chain = np.einsum("...sa,sat->...st", pi, known.goes)
    return np.asarray(np.eye(len(known.states)) - min(gamma, ALMOST) * chain)


def _is_finite(known: Expected, worth: float | Floats, entropy: float) -> Bools:
    scale = np.abs(known.reward).max(initial=0.0) + entropy
    return np.asarray(np.abs(worth) <= ENDLESS * scale) & (not known.endless and not (known.rests and entropy > 0))


def objective(mdp: TabularMDP, pi: Floats, gamma: float, entropy: float = 0.0) -> float:
    """Returns what a policy (S, A) of any kind is worth from the start; infinite where it goes on paying for ever."""
    with_bonus = mdp._replace(reward=mdp.reward + entropy * surprise(pi)[:, :, None])
    return start_value(mdp, policy_values(with_bonus, pi, gamma))


def visits(mdp: TabularMDP, pi: Floats, gamma: float) -> Floats:
    """Returns how often an episode comes by each state, (S,), the visit at step t counted as gamma^t.

    States with nothing more to come count 0. Raises Endless where what a policy collects is not finite.
    """
    known = expected(mdp, gamma)
    return in_all_states(known, or_refused(judged(known, pi[known.states], gamma)).visits)


def exact_gradient(mdp: TabularMDP, theta: Floats, gamma: float, entropy: float = 0.0) -> Floats:
    """Returns sum_s d(s) sum_a grad pi(a|s) q(s,a) (Sutton, McAllester, Singh & Mansour, 2000; S&B eq. 13.5).

    Raises Endless where what a policy collects is not finite.
    """
    known = expected(mdp, gamma)
    pi = chances_at(known, theta)
    return gradient_of(known, theta, pi, or_refused(judged(known, pi, gamma, entropy)))


def gradient_of(known: Expected, theta: Floats, pi: Floats, found: Judgement) -> Floats:
    """Returns d(s) pi(a|s) advantage(s,a), of the shape of theta: summed over the states where they share a row."""
    each = found.visits[:, None] * pi * found.advantage
    return each.sum(axis=0, keepdims=True) if is_blind(known, theta) else in_all_states(known, each)


def surprise(pi: Floats) -> Floats:
    """Returns -ln pi, (..., S, A), whose mean under a policy is its entropy in nats; 0 for what it never does."""
    return np.asarray(-np.log(np.where(pi > 0, pi, 1.0)))


def entropies(pi: Floats) -> Floats:
    """Returns the entropy of each row of a policy in nats, (..., S)."""
    return np.asarray((pi * surprise(pi)).sum(axis=-1))


def chances_at(known: Expected, theta: Floats) -> Floats:
    """Returns the chances of the actions in the n states, (n, A)."""
    return shares(theta if is_blind(known, theta) else theta[known.states], known.there)


def is_blind(known: Expected, theta: Floats) -> bool:
    """Tells whether all states share one row of preferences."""
    return theta.shape[0] < known.shape[0]


def in_all_states(known: Expected, values: Floats) -> Floats:
    """Puts what is known of n states into all S, 0 elsewhere."""
    whole = np.zeros((known.shape[0], *values.shape[1:]))
    whole[known.states] = values
    return whole


def or_refused(found: Judgement) -> Judgement:
    """Returns what was found. Raises Endless with a sentence where it is not finite."""
    if np.isnan(found.worth):
        raise Endless(NEVER_ENDS)
    return found
