"""Ways to choose an action from estimates, and schedules for how much to explore."""

import math

from rl.dice import ACTION, EXPLORE, TIE, uniform
from rl.jit import jit

SCHEDULES = ("constant", "linear", "exponential")
CONSTANT, LINEAR, EXPONENTIAL = 0, 1, 2
STEP_SCHEDULES = (*SCHEDULES, "1/n")
AVERAGE = 3


@jit
def greedy(q, s, seed, t, stream=TIE):
    """Picks the action with the largest Q(s, a), and among ties any with equal chance: a coin the seed decides."""
    best, action, ties = q[s, 0], 0, 1
    for a in range(1, q.shape[1]):
        if q[s, a] > best:
            best, action, ties = q[s, a], a, 1
        elif q[s, a] == best:
            ties += 1
    return action if ties == 1 else nth_of_equal(q, s, best, int(uniform(seed, t, stream) * ties))


@jit
def nth_of_equal(q, s, value, n):
    """Returns the n-th action (from 0) whose Q(s, a) equals ``value``."""
    a = 0
    while q[s, a] != value or n > 0:
        if q[s, a] == value:
            n -= 1
        a += 1
    return a


@jit
def any_action(q, s, die):
    """Picks one of the actions there are in ``s`` with equal chance; what is missing is worth minus infinity."""
    there = 0
    for a in range(q.shape[1]):
        there += q[s, a] != -math.inf
    n = int(die * there)
    for a in range(q.shape[1]):
        if q[s, a] != -math.inf:
            if n == 0:
                return a
            n -= 1
    return int(die * q.shape[1])  # all of them: values that diverged


@jit
def possible(q, s, a):
    """Returns action ``a``, or, where it is missing in ``s``, the nearest before it that is not."""
    while a > 0 and q[s, a] == -math.inf:
        a -= 1
    return a


@jit
def epsilon_greedy(q, s, epsilon, seed, t):
    """Acts at random with probability ``epsilon``, greedily otherwise (S&B 2.2). Returns (action, explored)."""
    if uniform(seed, t, EXPLORE) < epsilon:
        return any_action(q, s, uniform(seed, t, ACTION)), True
    return greedy(q, s, seed, t), False


@jit
def scheduled(schedule, first, last, span, episode):
    """Returns a rate in ``episode``: constant, falling in a line over ``span`` episodes, or halving every ``span``."""
    if schedule == LINEAR:
        return last + (first - last) * max(0.0, 1.0 - episode / span)
    if schedule == EXPONENTIAL:
        return last + (first - last) * math.exp2(-episode / span)  # 0.5 ** x differs in a last bit when compiled
    return first


@jit
def step_size(schedule, first, last, span, episode, n):
    """Returns the step size of an entry's ``n``-th update: a rate as `scheduled`, or 1/n, which averages (S&B 2.5)."""
    return 1.0 / n if schedule == AVERAGE else scheduled(schedule, first, last, span, episode)


@jit
def softmax(x, temperature, chance):
    """Writes exp(x / temperature) over its sum into ``chance`` (S&B 2.11). Returns the largest x."""
    best = x[0]
    for a in range(1, x.shape[0]):
        if x[a] > best:
            best = x[a]
    coldness, total = 1.0 / temperature, 0.0
    for a in range(x.shape[0]):
        chance[a] = math.exp(coldness * (x[a] - best))
        total += chance[a]
    share = 1.0 / total
    for a in range(x.shape[0]):
        chance[a] *= share
    return best


@jit
def drawn(chance, die):
    """Picks an action by its chance, for a ``die`` in [0, 1)."""
    a, rest = 0, die - chance[0]
    while rest >= 0.0 and a < chance.shape[0] - 1:
        a += 1
        rest -= chance[a]
    return a


@jit
def upper_bounds(q, visits, s, c, t, bound):
    """Writes Q(s, a) + c sqrt(ln t / N(s, a)) into ``bound``, infinite where a was never tried (S&B 2.10)."""
    log_t = math.log(t)
    for a in range(q.shape[1]):
        n = visits[s, a]
        bound[s, a] = q[s, a] + c * math.sqrt(log_t / n) if n > 0 else math.inf


@jit
def softmax_policy(pi, theta, s):
    """Writes the softmax of the preferences theta(s, .) into pi(. | s) (S&B eq. 13.2).

    Where no episode goes on pi is 0, and stays so; an action that is missing has a preference of minus infinity.
    """
    if goes_on(pi, s):
        softmax(theta[s], 1.0, pi[s])


@jit
def goes_on(pi, s):
    """Tells whether a policy has any action in ``s``."""
    a = 0
    while a < pi.shape[1] - 1 and pi[s, a] == 0.0:
        a += 1
    return pi[s, a] > 0.0


@jit
def softmax_policies(pi, theta):
    """Does for every state what `softmax_policy` does for one."""
    for s in range(pi.shape[0]):
        softmax_policy(pi, theta, s)
