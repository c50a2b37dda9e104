"""Tabular Expected SARSA: the next action's value is averaged instead of drawn."""

from dataclasses import dataclass

from rl.agents.base import Token
from rl.agents.control.base import Control
from rl.dice import START, WORLD, uniform
from rl.jit import jit
from rl.mdp import act, start_state
from rl.policies import epsilon_greedy, scheduled, step_size
from rl.tape import ending, write_episode, write_step, write_update
from rl.updates import expected_sarsa


@jit
def expected_sarsa_loop(mdp, seed, memory, clock, tape, stop_step, stop_episode,
                        gamma, alpha_first, alpha_last, alpha_schedule, epsilon_first, epsilon_last, schedule, span):
    """Learns the value of acting epsilon-greedily, as the box of Q-learning with eq. 6.9 (S&B section 6.6, p. 133)."""
    q, visits = memory.q, memory.visits
    t, s, episode, k = clock.counts
    ret = clock.ret[0]
    epsilon = scheduled(schedule, epsilon_first, epsilon_last, span, episode)
    while t < stop_step and episode < stop_episode:
        a, explored = epsilon_greedy(q, s, epsilon, seed, t)
        r, s_next, terminal = act(mdp, s, a, uniform(seed, t, WORLD))
        discount = 0.0 if terminal else gamma
        visits[s, a] += 1
        alpha = step_size(alpha_schedule, alpha_first, alpha_last, span, episode, visits[s, a])
        old = q[s, a]
        error = expected_sarsa(q, s, a, r, discount, s_next, epsilon, alpha)
        ret += r
        ended = ending(mdp, terminal, k)
        write_step(tape, t, s, a, explored, r, s_next, ended, epsilon, episode, k, ret)
        write_update(tape, t, s, a, old, old + error, q[s, a], alpha)
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


@dataclass(frozen=True)
class ExpectedSarsa(Control):
    """Expected SARSA with epsilon-greedy exploration."""

    slug = "esarsa"
    title = "Expected SARSA"
    order = 30
    source = "van Seijen, van Hasselt, Whiteson & Wiering (2009); Sutton & Barto, section 6.6"
    loop = staticmethod(expected_sarsa_loop)
    update = staticmethod(expected_sarsa)
    equation = (
        Token("new", "Q(S,A)", "new"), Token("", "←"), Token("old", "Q(S,A)", "old"), Token("", "+"),
        Token("", "α", "alpha"), Token("", "["), Token("reward", "R", "reward"), Token("", "+"),
        Token("", "γ", "gamma"), Token("target", "Σ π(a|S′) Q(S′,a)", "bootstrap"), Token("", "−"),
        Token("old", "Q(S,A)", "old"), Token("", "]"),
    )
