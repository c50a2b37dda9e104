"""The one-step actor-critic: the policy moves after every step, by the error of the values."""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rl.agents.base import Token
from rl.agents.policy.base import Critic, fade, policy_step, put_value
from rl.dice import ACTION, START, WORLD, uniform
from rl.jit import jit
from rl.mdp import Floats, Ints, TabularMDP, act, start_state
from rl.policies import drawn
from rl.tape import ending, write_chance, write_episode, write_step, write_update
from rl.updates import policy_gradient, td


class ActorCriticTable(NamedTuple):
    """A policy, its preferences, and the values of states."""

    pi: Floats
    visits: Ints
    theta: Floats
    slope: Floats  # (A,) a row to reckon with
    v: Floats  # (S,)
    weight: Floats  # (1,) gamma^k: how much a step counts at the start of the episode


@jit
def actor_critic_loop(mdp, seed, memory, clock, tape, stop_step, stop_episode, gamma, alpha, blind, alpha_v):
    """Learns after every step how good it was, and to do it more or less often (S&B section 13.5, box on p. 332)."""
    pi, visits, theta, slope, v = memory.pi, memory.visits, memory.theta, memory.slope, memory.v
    weight = memory.weight[0]
    t, s, episode, k = clock.counts
    ret = clock.ret[0]
    while t < stop_step and episode < stop_episode:
        if k == 0:
            weight = 1.0
        a = drawn(pi[s], uniform(seed, t, ACTION))
        r, s_next, terminal = act(mdp, s, a, uniform(seed, t, WORLD))
        discount = 0.0 if terminal else gamma
        visits[s, a] += 1
        chance, old, baseline = pi[s, a], theta[s, a], v[s]
        target = r + discount * v[s_next]
        error = td(v, s, r, discount, s_next, alpha_v)
        if blind:
            put_value(v, pi, s, v[s], blind)
        policy_gradient(theta, pi, s, a, error, alpha * weight, slope, blind)
        ret += r
        ended = ending(mdp, terminal, k)
        write_step(tape, t, s, a, False, r, s_next, ended, math.nan, episode, k, ret)
        write_update(tape, t, s, a, old, target, theta[s, a], alpha * weight)
        write_chance(tape, t, chance, baseline)
        weight = fade(weight, gamma)
        if ended:
            write_episode(tape, t, episode, k, ret)
            episode, k, ret = episode + 1, 0, 0.0
            s = start_state(mdp, uniform(seed, episode, START))
        else:
            s, k = s_next, k + 1
        t += 1
    memory.weight[0] = weight
    clock.counts[:] = t, s, episode, k
    clock.ret[0] = ret


@dataclass(frozen=True)
class ActorCritic(Critic):
    """One-step actor-critic."""

    alpha: float = policy_step(0.2)

    slug = "ac"
    title = "Actor-critic"
    order = 260
    source = "Barto, Sutton & Anderson (1983); Sutton & Barto, section 13.5"
    loop = staticmethod(actor_critic_loop)
    update = staticmethod(policy_gradient)
    equation = (
        Token("new", "θ(S,A)", "new"), Token("", "←"), Token("old", "θ(S,A)", "old"), Token("", "+"),
        Token("", "α γᵗ", "alpha"), Token("", "("), Token("reward", "R", "reward"), Token("", "+"),
        Token("", "γ", "gamma"), Token("target", "V(S′)", "bootstrap"), Token("", "−"),
        Token("old", "V(S)", "baseline"), Token("", ") ("), Token("", "1 − π(A|S)", "rest"), Token("", ")"),
    )

    def new_memory(self, model: TabularMDP, seed: int) -> ActorCriticTable:
        return ActorCriticTable(**self.beginning(model), weight=np.ones(1))
