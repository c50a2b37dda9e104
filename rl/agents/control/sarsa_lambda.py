"""Tabular SARSA(lambda): each TD error goes to all actions that led to it."""

from dataclasses import dataclass

from rl.agents.base import Token
from rl.agents.control.sarsa import OPEN
from rl.agents.control.traces import Traced, clear, mark
from rl.dice import START, WORLD, uniform
from rl.jit import jit
from rl.mdp import act, start_state
from rl.policies import AVERAGE, epsilon_greedy, scheduled, step_size
from rl.tape import ending, write_episode, write_step, write_update
from rl.updates import along_traces


@jit
def sarsa_lambda_loop(mdp, seed, memory, clock, tape, stop_step, stop_episode,
                      gamma, alpha_first, alpha_last, alpha_schedule, epsilon_first, epsilon_last, schedule, span,
                      lam, replacing):
    """Learns along traces while acting epsilon-greedily (S&B section 12.7, box on p. 305, with a feature an entry)."""
    q, visits, trace, recent = memory[:4]
    t, s, episode, k = clock.counts
    ret = clock.ret[0]
    n, moved = memory.counts
    a, explored = memory.chosen[0], memory.chosen[1] != 0
    epsilon = scheduled(schedule, epsilon_first, epsilon_last, span, episode)
    while t < stop_step and episode < stop_episode:
        if k == 0:
            n = clear(trace, recent, n)
        if k == 0 or a == OPEN:
            a, explored = epsilon_greedy(q, s, epsilon, seed, t)
        r, s_next, terminal = act(mdp, s, a, uniform(seed, t, WORLD))
        a_next, explores_next = epsilon_greedy(q, s_next, epsilon, seed, t + 1)
        discount = 0.0 if terminal else gamma
        visits[s, a] += 1
        alpha = step_size(alpha_schedule, alpha_first, alpha_last, span, episode, visits[s, a])
        old = q[s, a]
        error = r + discount * q[s_next, a_next] - old
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
            a, explored = a_next, explores_next
        t += 1
    clock.counts[:] = t, s, episode, k
    clock.ret[0] = ret
    memory.counts[:] = n, moved
    memory.chosen[:] = a, int(explored)


@dataclass(frozen=True)
class SarsaLambda(Traced):
    """SARSA(lambda) with epsilon-greedy exploration. After an edit, what was chosen ahead is chosen anew."""

    slug = "sarsal"
    title = "SARSA(λ)"
    order = 70
    source = "Rummery & Niranjan (1994); Sutton & Barto, section 12.7"
    loop = staticmethod(sarsa_lambda_loop)
    update = staticmethod(along_traces)
    equation = (
        Token("new", "Q(s,a)", "new"), Token("", "←"), Token("old", "Q(s,a)", "old"), Token("", "+"),
        Token("", "α z(s,a)", "alpha"), Token("", "["), Token("reward", "R", "reward"), Token("", "+"),
        Token("", "γ", "gamma"), Token("target", "Q(S′,A′)", "bootstrap"), Token("", "−"),
        Token("old", "Q(S,A)", "old"), Token("", "]"),
    )
