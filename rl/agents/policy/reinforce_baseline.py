"""REINFORCE with baseline: a return counts by how much it was better than usual from that state."""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rl.agents.base import Token
from rl.agents.policy.base import Critic, fade, put_value
from rl.agents.policy.reinforce import credit, forget, note
from rl.dice import ACTION, START, WORLD, uniform
from rl.jit import jit
from rl.mdp import Floats, Ints, TabularMDP, act, start_state
from rl.policies import drawn
from rl.tape import ending, write_chance, write_episode, write_step, write_update
from rl.updates import climb


class ValuedEpisode(NamedTuple):
    """What `rl.agents.policy.reinforce.Episode` holds, state values, and what they will learn from this episode."""

    pi: Floats
    visits: Ints
    theta: Floats
    slope: Floats
    v: Floats  # (S,)
    score: Floats
    past: Floats
    met: Ints
    listed: Ints
    first: Ints
    sums: Floats
    kept: Floats  # (S,) how much of its value a state will keep
    learned: Floats  # (S,) what the rewards so far will add to that
    due: Floats  # (S,) how much the next reward adds


@jit
def note_value(memory, row, alpha):
    """Begins to collect the return after this visit: V(s) += alpha [G - V(s)] is to follow those of earlier visits."""
    memory.kept[row] *= 1.0 - alpha
    memory.learned[row] *= 1.0 - alpha
    memory.due[row] = memory.due[row] * (1.0 - alpha) + alpha


@jit
def collect(memory, n, r, gamma):
    """Adds a reward to the returns of the ``n`` rows visited in this episode."""
    for i in range(n):
        row = memory.met[i]
        memory.learned[row] += memory.due[row] * r
        memory.due[row] = fade(memory.due[row], gamma)


@jit
def forget_values(memory, n):
    """Sets the ``n`` rows of an episode that is over back to values that stay as they are."""
    for i in range(n):
        row = memory.met[i]
        memory.kept[row], memory.learned[row], memory.due[row] = 1.0, 0.0, 0.0


@jit
def reinforce_baseline_loop(mdp, seed, memory, clock, tape, stop_step, stop_episode, gamma, alpha, blind, alpha_v):
    """Learns at the end of each episode by how much better than expected it went (S&B section 13.4, box on p. 330).

    Values learn as in the box, one visit after the other. The box moves theta within the same loop, here the sum of its
    moves comes at the end, all against the policy and the values of the episode's beginning: so the estimate is
    unbiased, and differs by terms in the square of the step sizes: not little in a very long episode, whose one sum can
    throw the policy to one side (see `rl.agents.policy.reinforce`). An episode that a time limit cuts short is taken to
    go on as the state it reached is thought to be worth. The log names the first step's pair.
    """
    pi, visits, theta, slope, v = memory.pi, memory.visits, memory.theta, memory.slope, memory.v
    n, (weight, earned) = memory.first[0], memory.sums
    t, s, episode, k = clock.counts
    ret = clock.ret[0]
    while t < stop_step and episode < stop_episode:
        if k == 0:
            forget_values(memory, n)
            n, weight, earned = forget(memory, n), 1.0, 0.0
        a = drawn(pi[s], uniform(seed, t, ACTION))
        r, s_next, terminal = act(mdp, s, a, uniform(seed, t, WORLD))
        visits[s, a] += 1
        chance = pi[s, a]
        n = note(memory, 0 if blind else s, s, a, n, earned + weight * v[s])
        note_value(memory, 0 if blind else s, alpha_v)
        collect(memory, n, r, gamma)
        earned += weight * r
        weight = fade(weight, gamma)
        ret += r
        ended = ending(mdp, terminal, k)
        write_step(tape, t, s, a, False, r, s_next, ended, math.nan, episode, k, ret)
        write_chance(tape, t, chance, math.nan)
        if ended:
            beyond = 0.0 if terminal else v[s_next]
            earned += weight * beyond
            s, a = memory.first[1], memory.first[2]
            old, baseline = theta[s, a], v[s]
            for i in range(n):
                row = memory.met[i]
                credit(memory, row, earned)
                climb(theta, pi, row, slope, alpha, blind)
                learned = memory.learned[row] + memory.due[row] * beyond
                put_value(v, pi, row, memory.kept[row] * v[s if blind else row] + learned, blind)
            write_update(tape, t, s, a, old, earned, theta[s, a], alpha)
            write_chance(tape, t, chance, baseline)
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
class ReinforceBaseline(Critic):
    """REINFORCE with a baseline: the values of states, learned from the same returns."""

    slug = "baseline"
    title = "REINFORCE with baseline"
    order = 250
    source = "Williams (1992); Sutton & Barto, section 13.4"
    loop = staticmethod(reinforce_baseline_loop)
    update = staticmethod(climb)
    equation = (
        Token("new", "θ(S₀,A₀)", "new"), Token("", "←"), Token("old", "θ(S₀,A₀)", "old"), Token("", "+"),
        Token("", "α", "alpha"), Token("", "[ ("), Token("target", "G₀", "target"), Token("", "−"),
        Token("old", "V(S₀)", "baseline"), Token("", ") ∇ ln π(A₀|S₀) + γ (G₁ − V(S₁)) ∇ ln π(A₁|S₁) + … ]"),
    )

    def new_memory(self, model: TabularMDP, seed: int) -> ValuedEpisode:
        known = self.beginning(model)
        (n_states, _), like = known["pi"].shape, np.zeros_like
        met, listed = np.zeros((2, n_states), np.int64)
        learned, due = np.zeros((2, n_states))
        return ValuedEpisode(**known, score=like(known["pi"]), past=like(known["pi"]), met=met, listed=listed,
                             first=np.zeros(3, np.int64), sums=np.array([1.0, 0.0]), kept=np.ones(n_states),
                             learned=learned, due=due)

    def moved(self, model: TabularMDP) -> float:
        """Once an episode, which has at least some steps; meanwhile each step adds to the returns of all before it."""
        return super().moved(model) / 10 + len(model.cdf) / 100
