"""Tabular Q(lambda) as Watkins proposed it: traces that end where the agent explores."""

from dataclasses import dataclass

from rl.agents.base import Token
from rl.agents.control.sarsa import OPEN
from rl.agents.control.traces import Traced, clear, mark
from rl.dice import START, WORLD, uniform
from rl.jit import jit
from rl.mdp import act, start_state
from rl.policies import AVERAGE, epsilon_greedy, scheduled, step_size
from rl.tape import ending, write_episode, write_step, write_update
from rl.updates import along_traces, best_value


@jit
def q_lambda_loop(mdp, seed, memory, clock, tape, stop_step, stop_episode,
                  gamma, alpha_first, alpha_last, alpha_schedule, epsilon_first, epsilon_last, schedule, span,
                  lam, replacing):
    """Learns the greedy policy along traces, cut before an action that is not greedy (S&B section 12.10, p. 312).

    The box in the first edition (figure 7.14) chooses each action ahead; here it is chosen as Q-learning does.
    """
    q, visits, trace, recent = memory[:4]
    t, s, episode, k = clock.counts
    ret = clock.ret[0]
    n, moved = memory.counts
    epsilon = scheduled(schedule, epsilon_first, epsilon_last, span, episode)
    while t < stop_step and episode < stop_episode:
        a, explored = epsilon_greedy(q, s, epsilon, seed, t)
        if k == 0 or q[s, a] < best_value(q, s):
            n = clear(trace, recent, n)
        r, s_next, terminal = act(mdp, s, a, uniform(seed, t, WORLD))
        discount = 0.0 if terminal else gamma
        visits[s, a] += 1
        alpha = step_size(alpha_schedule, alpha_first, alpha_last, span, episode, visits[s, a])
        old = q[s, a]
        error = r + discount * best_value(q, s_next) - old
        n = mark(trace, recent, n, s, a, replacing)
        moved, step = moved + n, alpha * trace[s, a]
        n = along_traces(q, visits, trace, recent, n, error, alpha, alpha_schedule == AVERAGE, gamma * lam)
        ret += r
        ended = ending(mdp, terminal, k)
        write_step(tape, t, s, a, explored, r, s_next, ended, epsilon, episode, k, ret)
        write_update(tape, t, s, a, old, old + error, q[s, a], step)
        if ended:
            write_episode(tape, t, episode, k, ret)
            episode, k, ret = episode + 1, 0, 0.0
            s = start_state(mdp, uniform(seed, episode, START))
            epsilon = scheduled(schedule, epsilon_first, epsilon_last, span, episode)
        else:
            s, k = s_next, k + 1
        t += 1
    clock.counts[:] = t, s, episode, k
    clock.ret[0] = ret
    memory.counts[:] = n, moved
    memory.chosen[0] = OPEN


@dataclass(frozen=True)
class QLambda(Traced):
    """Watkins's Q(lambda) with epsilon-greedy exploration."""

    slug = "ql"
    title = "Q(λ)"
    order = 80
    source = "Watkins (1989); Sutton & Barto, section 12.10"
    loop = staticmethod(q_lambda_loop)
    update = staticmethod(along_traces)
    equation = (
        Token("new", "Q(s,a)", "new"), Token("", "←"), Token("old", "Q(s,a)", "old"), Token("", "+"),
        Token("", "α z(s,a)", "alpha"), Token("", "["), Token("reward", "R", "reward"), Token("", "+"),
        Token("", "γ", "gamma"), Token("target", "max Q(S′,a)", "bootstrap"), Token("", "−"),
        Token("old", "Q(S,A)", "old"), Token("", "]"),
    )
