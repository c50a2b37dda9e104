"""Samples of the policy gradient at one policy: what single episodes say of the way up, around what is true.

An episode gives sum_t gamma^t (G_t - b(S_t)) grad ln pi(A_t|S_t): REINFORCE with a baseline b (Williams, 1992; S&B
13.4), all gradients taken at the policy that acted. The true gradient knows no time limit, so none of the world's is
kept: episodes run until they end, and those cut after very many steps are counted. With an entropy bonus beta every
reward is r - beta ln pi(A|S), as in `rl.policy_gradient`.
"""

from typing import NamedTuple

import numpy as np

from rl.dice import IMAGINED, uniform
from rl.jit import jit
from rl.mdp import Floats, Ints, TabularMDP, act, start_state
from rl.policy_gradient import (
    chances_at,
    exact_gradient,
    expected,
    gradient_of,
    in_all_states,
    judged,
    or_refused,
    softmax,
    surprise,
)

LONGEST, SHORTEST = 10_000, 100
"""Steps after which an episode is cut; fewer where many episodes share a budget, but not fewer than the second."""
FAINT = 1e-12
"""What is discounted by more than this does not count: an episode need not go on for it."""
FLAT = 1e-12
"""A vector shorter than this has no direction."""


class Sampled(NamedTuple):
    """Estimates of a gradient of P numbers, those of theta row by row, and the episodes they come from."""

    samples: Floats  # (n, P); (k, n, P) where k baselines were asked for
    visits: Ints  # (S, A) how often each action was taken, in all episodes together
    cut: int  # episodes that were cut short


class Cloud(NamedTuple):
    """n estimates of a gradient, and how they lie around the true one."""

    samples: Floats  # (n, P)
    exact: Floats  # (P,)
    mean: Floats  # (P,)
    spread: Floats  # (P,) standard deviation of a sample
    variance: float  # the sum of the variances: trace of the covariance
    angle: float  # degrees between the mean and the exact gradient; NaN where one of them is 0
    angles: Floats  # (n,) the same for every sample
    cut: int  # episodes that were cut short


@jit
def chosen(cdf, s, die):
    """Picks an action by its cumulative chance in state ``s``."""
    a = 0
    while die >= cdf[s, a]:
        a += 1
    return a


@jit
def add_episode(mdp, cdf, bonus, baseline, gamma, longest, seed, episode, seen, weight):
    """Plays an episode; writes sum_t gamma^t (G_t - b(S_t)) over the visits of each (s, a) into ``weight`` (k, S, A).

    There are k baselines b (k, S). gamma^t G_t is the whole discounted return less what was collected before, so no
    history is kept: ``seen`` counts the visits of each pair. Returns whether the episode was cut.
    """
    seen[:], weight[:] = 0.0, 0.0
    stream = IMAGINED + 3 * episode
    s = start_state(mdp, uniform(seed, 0, stream))
    collected, discount, t, terminal = 0.0, 1.0, 0, cdf[s, 0] < 0.0
    while not terminal and t < longest and discount > FAINT:
        a = chosen(cdf, s, uniform(seed, t, stream + 1))
        seen[s, a] += 1.0
        for i in range(baseline.shape[0]):
            weight[i, s, a] -= collected + discount * baseline[i, s]
        r, s_next, terminal = act(mdp, s, a, uniform(seed, t, stream + 2))
        collected += discount * (r + bonus[s, a])
        s, t, discount = s_next, t + 1, discount * gamma
        terminal = terminal or cdf[s, 0] < 0.0
    for i in range(baseline.shape[0]):
        for s in range(seen.shape[0]):
            for a in range(seen.shape[1]):
                weight[i, s, a] += seen[s, a] * collected
    return not terminal and discount > FAINT


@jit
def add_gradient(pi, weight, share, gradient):
    """Adds ``share`` of sum_t weight grad ln pi(A_t|S_t) to ``gradient`` (P,): by state, or one row for all states."""
    n_actions, rows = pi.shape[1], gradient.shape[0] // pi.shape[1]
    for s in range(pi.shape[0]):
        total = 0.0
        for a in range(n_actions):
            total += weight[s, a]
        for a in range(n_actions):
            gradient[(s % rows) * n_actions + a] += share * (weight[s, a] - pi[s, a] * total)


@jit
def sample_gradients(mdp, pi, cdf, bonus, baseline, gamma, longest, seed, first, batch, samples, visits):
    """Adds means of ``batch`` episodes each to ``samples`` (k, n, P), and counts visits (S, A). Returns the cut ones.

    Each of k baselines (k, S) makes n samples of the same episodes, which are numbered from ``first`` on.
    """
    seen, weight, cut = np.zeros(pi.shape), np.zeros((baseline.shape[0], *pi.shape)), 0
    for i in range(samples.shape[1]):
        for j in range(batch):
            episode = first + i * batch + j
            cut += add_episode(mdp, cdf, bonus, baseline, gamma, longest, seed, episode, seen, weight)
            for k in range(samples.shape[0]):
                add_gradient(pi, weight[k], 1.0 / batch, samples[k, i])
            visits += seen
    return cut


def draws(pi: Floats) -> Floats:
    """Sums a policy's chances up, (S, A), to exactly 1 at the last action there is; -1 where there is none."""
    cdf = np.cumsum(pi, axis=1)
    cdf[cdf >= cdf[:, -1:]] = 1.0
    cdf[pi.sum(axis=1) == 0] = -1.0
    return cdf


def sampled(mdp: TabularMDP, theta: Floats, baseline: Floats, gamma: float, entropy: float, seed: int, first: int,
            batch: int, n: int, longest: int = LONGEST) -> Sampled:
    """Draws ``n`` estimates of the gradient, each from ``batch`` episodes that are cut after ``longest`` steps.

    Of k baselines (k, S) at once each gets its estimates from the same episodes.
    """
    pi, baselines = softmax(theta, mdp), np.atleast_2d(baseline)
    samples, visits = np.zeros((len(baselines), n, theta.size)), np.zeros(pi.shape)
    cut = sample_gradients(mdp, pi, draws(pi), entropy * surprise(pi), baselines, float(gamma), longest, seed, first,
                           batch, samples, visits)
    return Sampled(samples if baseline.ndim == 2 else samples[0], visits.astype(np.int64), int(cut))


def longest_of(n: int, batch: int, budget: int) -> int:
    """Returns after how many steps to cut each of n x batch episodes that may take ``budget`` steps together."""
    return min(LONGEST, max(SHORTEST, budget // (n * batch)))


def no_baseline(mdp: TabularMDP) -> Floats:
    """Returns the baseline 0 of every state, (S,)."""
    return np.zeros(len(mdp.cdf))


def state_values(mdp: TabularMDP, theta: Floats, gamma: float, entropy: float = 0.0) -> Floats:
    """Returns the exact values of a policy as a baseline, (S,); 0 where they are not finite or never asked for."""
    known, values = expected(mdp, gamma), no_baseline(mdp)
    values[known.states] = np.nan_to_num(judged(known, chances_at(known, theta), gamma, entropy).v)
    return values


def cloud(mdp: TabularMDP, theta: Floats, baseline: Floats, gamma: float, n: int, batch: int = 1, seed: int = 0,
          first: int = 0, entropy: float = 0.0, longest: int = LONGEST) -> Cloud:
    """Draws ``n`` estimates of the gradient at theta, each the mean of ``batch`` episodes, and measures them.

    The same seed and number of the ``first`` episode give the same episodes whatever the baseline (S,). Raises
    Endless where what a policy collects is not finite.
    """
    exact = exact_gradient(mdp, theta, gamma, entropy).ravel()
    return measured(sampled(mdp, theta, baseline, gamma, entropy, seed, first, batch, n, longest), exact)


def clouds(mdp: TabularMDP, theta: Floats, gamma: float, n: int, batch: int = 1, seed: int = 0, first: int = 0,
           entropy: float = 0.0, longest: int = LONGEST) -> tuple[Cloud, Cloud]:
    """Draws a cloud without a baseline, and one of the same episodes with the exact values for one; see `cloud`."""
    known = expected(mdp, gamma)
    pi = chances_at(known, theta)
    found = or_refused(judged(known, pi, gamma, entropy))
    exact, values = gradient_of(known, theta, pi, found).ravel(), in_all_states(known, found.v)
    baselines = np.array([no_baseline(mdp), values])
    drawn = sampled(mdp, theta, baselines, gamma, entropy, seed, first, batch, n, longest)
    one, two = (measured(drawn._replace(samples=samples), exact) for samples in drawn.samples)
    return one, two


def measured(found: Sampled, exact: Floats) -> Cloud:
    """Holds estimates of a gradient against the exact one, (P,)."""
    mean, variances = found.samples.mean(axis=0), found.samples.var(axis=0)
    return Cloud(found.samples, exact, mean, np.sqrt(variances), float(variances.sum()),
                 float(degrees(mean[None], exact)[0]), degrees(found.samples, exact), found.cut)


def degrees(vectors: Floats, to: Floats) -> Floats:
    """Returns the angle between each of the vectors (n, P) and one (P,), in degrees; NaN where either is 0."""
    length = np.linalg.norm(vectors, axis=1) * np.linalg.norm(to)
    cosine = vectors @ to / np.where(length > FLAT, length, np.nan)
    return np.asarray(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))
