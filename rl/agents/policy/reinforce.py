"""REINFORCE: what was done is made likelier by as much as the return that followed was good."""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rl.agents.base import Token
from rl.agents.policy.base import PolicyGradient, fade
from rl.dice import ACTION, START, WORLD, uniform
from rl.jit import jit
from rl.mdp import Floats, Ints, TabularMDP, act, start_state
from rl.policies import drawn
from rl.tape import ending, write_chance, write_episode, write_step, write_update
from rl.updates import climb, score


class Episode(NamedTuple):
    """A policy and its preferences, and what the episode so far says of them.

    So an episode may be of any length, and takes no more room than there are states.
    """

    pi: Floats
    visits: Ints
    theta: Floats
    slope: Floats  # (A,) a row to reckon with
    score: Floats  # (S, A) sum of grad ln pi of the actions of this episode, in the row of the state each was taken in
    past: Floats  # (S, A) the same, each times what it is not credited for: the rewards before it, and its baseline
    met: Ints  # (S,) the rows that are not 0, in order
    listed: Ints  # (S,) whether a row is among them
    first: Ints  # (3,) how many they are, and the state and action of the first step
    sums: Floats  # (2,) gamma^k, and the discounted rewards of this episode


@jit
def forget(memory, n):
    """Sets the ``n`` rows of an episode that is over to 0. Returns how many are left: none."""
    for i in range(n):
        row = memory.met[i]
        memory.listed[row], memory.score[row], memory.past[row] = 0, 0.0, 0.0
    return 0


@jit
def note(memory, row, s, a, n, uncredited):
    """Adds grad ln pi(a|s) to a ``row``, and what it is not credited for. Returns how many rows there are."""
    if n == 0:
        memory.first[1], memory.first[2] = s, a
    if not memory.listed[row]:
        memory.met[n], memory.listed[row] = row, 1
        n += 1
    score(memory.pi, s, a, memory.slope)
    for b in range(memory.slope.size):
        memory.score[row, b] += memory.slope[b]
        memory.past[row, b] += uncredited * memory.slope[b]
    return n


@jit
def credit(memory, row, earned):
    """Writes the sum of gamma^k (G - baseline) grad ln pi over the visits to a ``row`` into ``slope``."""
    for b in range(memory.slope.size):
        memory.slope[b] = earned * memory.score[row, b] - memory.past[row, b]


@jit
def reinforce_loop(mdp, seed, memory, clock, tape, stop_step, stop_episode, gamma, alpha, blind):
    """Learns at the end of each episode from the returns that followed (S&B section 13.3, box on p. 328).

    The box moves theta within the loop over the steps of the episode, here their sum moves it at the end: all gradients
    are those of the policy that acted, so the estimate is unbiased; the two differ by terms in the square of alpha.
    In a very long episode that is not little: its one sum can throw the policy to one side, where the box would have
    changed course on the way. From the near-left start of S&B figure 13.1, alpha 2^-9 and no time limit, 3 of 400 runs
    never recovered from a long first episode, and none of 60 of the box. The return of an episode that a time limit
    cuts short counts as far as it was seen. The log names the first step's pair.
    """
    pi, visits, theta, slope = memory.pi, memory.visits, memory.theta, memory.slope
    n, (weight, earned) = memory.first[0], memory.sums
    t, s, episode, k = clock.counts
    ret = clock.ret[0]
    while t < stop_step and episode < stop_episode:
        if k == 0:
            n, weight, earned = forget(memory, n), 1.0, 0.0
        a = drawn(pi[s], uniform(seed, t, ACTION))
        r, s_next, terminal = act(mdp, s, a, uniform(seed, t, WORLD))
        visits[s, a] += 1
        chance = pi[s, a]
        n = note(memory, 0 if blind else s, s, a, n, earned)
        earned += weight * r
        weight = fade(weight, gamma)
        ret += r
        ended = ending(mdp, terminal, k)
        write_step(tape, t, s, a, False, r, s_next, ended, math.nan, episode, k, ret)
        write_chance(tape, t, chance, math.nan)
        if ended:
            s, a = memory.first[1], memory.first[2]
            old = theta[s, a]
            for i in range(n):
                credit(memory, memory.met[i], earned)
                climb(theta, pi, memory.met[i], slope, alpha, blind)
            write_update(tape, t, s, a, old, earned, theta[s, a], alpha)
            write_chance(tape, t, chance, 0.0)
            write_episode(tape, t, episode, k, ret)
            episode, k, ret = episode + 1, 0, 0.0
            s = start_state(mdp, uniform(seed, episode, START))
        else:
            s, k = s_next, k + 1
        t += 1
    memory.first[0], memory.sums[:] = n, (weight, earned)
    clock.counts[:] = t, s, episode, k
    clock.ret[0] = ret


@dataclass(frozen=True)
class Reinforce(PolicyGradient):
    """REINFORCE."""

    slug = "reinforce"
    title = "REINFORCE"
    order = 240
    source = "Williams (1992); Sutton & Barto, section 13.3"
    loop = staticmethod(reinforce_loop)
    update = staticmethod(climb)
    equation = (
        Token("new", "θ(S₀,A₀)", "new"), Token("", "←"), Token("old", "θ(S₀,A₀)", "old"), Token("", "+"),
        Token("", "α", "alpha"), Token("", "["), Token("target", "G₀", "target"),
        Token("", "∇ ln π(A₀|S₀) + γ G₁ ∇ ln π(A₁|S₁) + … ]"),
    )

    def new_memory(self, model: TabularMDP, seed: int) -> Episode:
        known = self.beginning(model)
        (n_states, _), like = known["pi"].shape, np.zeros_like
        met, listed = np.zeros((2, n_states), np.int64)
        return Episode(**known, score=like(known["pi"]), past=like(known["pi"]), met=met, listed=listed,
                       first=np.zeros(3, np.int64), sums=np.array([1.0, 0.0]))

    def moved(self, model: TabularMDP) -> float:
        """Once an episode, which has at least some steps."""
        return super().moved(model) / 10
