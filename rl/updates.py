"""The textbook lines, one function each. ``discount`` is 0 on termination and gamma otherwise."""

from rl.jit import jit


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
