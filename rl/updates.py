"""The textbook lines, one function each. ``discount`` is 0 on termination and gamma otherwise."""

import math

from rl.jit import jit
from rl.policies import goes_on, softmax_policy

RING = 128
"""Steps remembered where returns of many steps are made: what belongs to step i is at i modulo RING."""
FAINT, HUGE = 2.0**-100, 1e100
"""A trace too faint to move any value, and a value as good as infinite, with which one can still reckon."""


@jit
def best_value(q, s):
    """Returns max_a Q(s, a)."""
    best = q[s, 0]
    for a in range(1, q.shape[1]):
        if q[s, a] > best:
            best = q[s, a]
    return best


@jit
def q_learning(q, s, a, r, discount, s_next, alpha):
    """Q(s,a) += alpha [r + discount max_a' Q(s',a') - Q(s,a)] (Watkins, 1989). Returns the TD error."""
    error = r + discount * best_value(q, s_next) - q[s, a]
    q[s, a] += alpha * error
    return error


@jit
def move_estimate(q, s, a, target, step):
    """Q(a) += step [target - Q(a)]: with step 1/n the average of n targets (S&B 2.3, 2.5). Returns the error."""
    error = target - q[s, a]
    q[s, a] += step * error
    return error


@jit
def gradient_bandit(preference, chance, a, r, baseline, alpha):
    """H(b) += alpha (R - baseline) ([b = a] - pi(b)) for every arm b: a step up the expected reward (S&B 2.12)."""
    step = alpha * (r - baseline)
    for b in range(preference.shape[0]):
        preference[b] -= step * chance[b]
    preference[a] += step
    return step


@jit
def sarsa(q, s, a, r, discount, s_next, a_next, alpha):
    """Q(s,a) += alpha [r + discount Q(s',a') - Q(s,a)] (Rummery & Niranjan, 1994). Returns the TD error."""
    error = r + discount * q[s_next, a_next] - q[s, a]
    q[s, a] += alpha * error
    return error


@jit
def expected_value(q, s, epsilon):
    """Returns sum_a pi(a|s) Q(s,a) where pi is epsilon-greedy on Q; missing actions are worth minus infinity."""
    total, there = 0.0, 0
    for a in range(q.shape[1]):
        if q[s, a] != -math.inf:
            total += q[s, a]
            there += 1
    return (1.0 - epsilon) * best_value(q, s) + epsilon * total / there


@jit
def expected_sarsa(q, s, a, r, discount, s_next, epsilon, alpha):
    """Q(s,a) += alpha [r + discount sum_a' pi(a'|s') Q(s',a') - Q(s,a)] (S&B eq. 6.9). Returns the TD error."""
    error = r + discount * expected_value(q, s_next, epsilon) - q[s, a]
    q[s, a] += alpha * error
    return error


@jit
def double_q(q, other, s, a, r, discount, s_next, best, alpha):
    """Q1(s,a) += alpha [r + discount Q2(s', argmax_a' Q1(s',a')) - Q1(s,a)] (van Hasselt, 2010). Returns the error."""
    error = r + discount * other[s_next, best] - q[s, a]
    q[s, a] += alpha * error
    return error


@jit
def td(v, s, r, discount, s_next, alpha):
    """V(s) += alpha [r + discount V(s') - V(s)] (Sutton, 1988). Returns the TD error."""
    error = r + discount * v[s_next] - v[s]
    v[s] += alpha * error
    return error


@jit
def td_lambda(v, trace, error, alpha):
    """V(s) += alpha error z(s) for every state s with a trace (Sutton, 1988; S&B 12.2).

    Where large steps along piled-up traces diverge, values stop at HUGE.
    """
    for s in range(v.size):
        if trace[s] > 0.0:
            v[s] = min(max(v[s] + alpha * error * trace[s], -HUGE), HUGE)


@jit
def td_lambda_average(v, trace, error, visits):
    """V(s) += error z(s) / N(s) for every state s with a trace: as `td_lambda`, with each state's own step size."""
    for s in range(v.size):
        if trace[s] > 0.0:
            v[s] = min(max(v[s] + 1.0 / visits[s] * error * trace[s], -HUGE), HUGE)


@jit
def move_value(v, s, target, alpha):
    """V(s) += alpha [target - V(s)], for a return of n steps or of an episode (S&B 6.1, 7.2). Returns the error."""
    error = target - v[s]
    v[s] += alpha * error
    return error


@jit
def n_step_return(rewards, first, last, gamma, value):
    """Returns R + gamma R' + ... + gamma^n value of steps ``first`` to ``last`` - 1 (S&B eq. 7.1).

    The rewards are in a ring, that of step i at i modulo its size, a power of two.
    """
    for i in range(last - 1, first - 1, -1):
        value = rewards[i & (rewards.size - 1)] + gamma * value
    return value


@jit
def branch_value(q, s, a, g, epsilon):
    """Returns sum_b pi(b|s) Q(s,b) with ``g`` in the place of Q(s,a), the action that was taken (S&B eq. 7.16)."""
    best, ties, there = best_value(q, s), 0, 0
    for b in range(q.shape[1]):
        ties += q[s, b] == best
        there += q[s, b] != -math.inf
    any_share, best_share, total = epsilon / there, (1.0 - epsilon) / ties, 0.0
    for b in range(q.shape[1]):
        if q[s, b] != -math.inf:
            chance = any_share + best_share if q[s, b] == best else any_share
            total += chance * (g if b == a else q[s, b])
    return total


@jit
def along_traces(q, visits, trace, recent, n, error, alpha, averages, fade):
    """Q(s,a) += alpha z(s,a) error, then z(s,a) *= fade, for the ``n`` pairs with a trace (S&B section 12.7).

    ``recent`` lists them; with ``averages`` each has the step size 1/N(s,a). Returns how many are left: what is fainter
    than FAINT is forgotten. Where large steps along piled-up traces diverge, values stop at HUGE.
    """
    left = 0
    for i in range(n):
        s, a = recent[i, 0], recent[i, 1]
        move = (1.0 / visits[s, a] if averages else alpha) * trace[s, a] * error
        q[s, a] = min(max(q[s, a] + move, -HUGE), HUGE)
        trace[s, a] *= fade
        if trace[s, a] < FAINT:
            trace[s, a] = 0.0
        else:
            recent[left, 0], recent[left, 1] = s, a
            left += 1
    return left


@jit
def score(pi, s, a, slope):
    """Writes grad ln pi(a|s), which is [b = a] - pi(b|s) for every action b, into ``slope`` (S&B exercise 13.3)."""
    for b in range(slope.size):
        slope[b] = (1.0 if b == a else 0.0) - pi[s, b]


@jit
def move_preferences(theta, s, slope, step):
    """theta(s,b) += step slope(b) for every action b there is; stops at HUGE."""
    for b in range(slope.size):
        if theta[s, b] != -math.inf:
            theta[s, b] = min(max(theta[s, b] + step * slope[b], -HUGE), HUGE)


@jit
def climb(theta, pi, s, slope, step, blind):
    """theta(s,.) += step slope, and pi becomes the softmax of it; in all states alike for a ``blind`` agent."""
    for i in range(0 if blind else s, theta.shape[0] if blind else s + 1):
        if goes_on(pi, i):
            move_preferences(theta, i, slope, step)
            softmax_policy(pi, theta, i)


@jit
def policy_gradient(theta, pi, s, a, delta, alpha, slope, blind):
    """theta(s,.) += alpha delta grad ln pi(a|s) (S&B section 13.3), and pi becomes the softmax of it."""
    score(pi, s, a, slope)
    climb(theta, pi, s, slope, alpha * delta, blind)
