"""TD(0): the value of a policy, learned from the difference between two estimates of it."""

import math
from dataclasses import dataclass

from rl.agents.base import Token
from rl.agents.prediction.base import Prediction
from rl.dice import ACTION, START, WORLD, uniform
from rl.jit import jit
from rl.mdp import act, start_state
from rl.policies import drawn, step_size
from rl.tape import ending, write_episode, write_step, write_update
from rl.updates import td


@jit
def td_loop(mdp, seed, memory, clock, tape, stop_step, stop_episode,
            gamma, alpha_first, alpha_last, alpha_schedule, span):
    """Learns after every step what the policy is worth (S&B section 6.1, box on p. 120; Sutton, 1988)."""
    v, visits, policy = memory.v, memory.visits, memory.policy
    t, s, episode, k = clock.counts
    ret = clock.ret[0]
    while t < stop_step and episode < stop_episode:
        a = drawn(policy[s], uniform(seed, t, ACTION))
        r, s_next, terminal = act(mdp, s, a, uniform(seed, t, WORLD))
        discount = 0.0 if terminal else gamma
        visits[s] += 1
        alpha = step_size(alpha_schedule, alpha_first, alpha_last, span, episode, visits[s])
        old = v[s]
        error = td(v, s, r, discount, s_next, alpha)
        ret += r
        ended = ending(mdp, terminal, k)
        write_step(tape, t, s, a, False, r, s_next, ended, math.nan, episode, k, ret)
        write_update(tape, t, s, 0, old, old + error, v[s], alpha)
        if ended:
            write_episode(tape, t, episode, k, ret)
            episode, k, ret = episode + 1, 0, 0.0
            s = start_state(mdp, uniform(seed, episode, START))
        else:
            s, k = s_next, k + 1
        t += 1
    clock.counts[:] = t, s, episode, k
    clock.ret[0] = ret


@dataclass(frozen=True)
class TD(Prediction):
    """TD(0) prediction."""

    slug = "td"
    title = "TD(0)"
    order = 110
    source = "Sutton (1988); Sutton & Barto, section 6.1"
    loop = staticmethod(td_loop)
    update = staticmethod(td)
    equation = (
        Token("new", "V(S)", "new"), Token("", "←"), Token("old", "V(S)", "old"), Token("", "+"),
        Token("", "α", "alpha"), Token("", "["), Token("reward", "R", "reward"), Token("", "+"),
        Token("", "γ", "gamma"), Token("target", "V(S′)", "bootstrap"), Token("", "−"),
        Token("old", "V(S)", "old"), Token("", "]"),
    )
