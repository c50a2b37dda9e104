"""The actor-critic with eligibility traces: each error goes to all that was done on the way here."""

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from rl.agents.base import Table, Token
from rl.agents.policy.base import THETA, VALUES, Critic, fade, policy_step
from rl.dice import ACTION, START, WORLD, uniform
from rl.jit import jit
from rl.knob import knob
from rl.mdp import Floats, Ints, TabularMDP, act, start_state
from rl.policies import drawn, goes_on, softmax_policies, softmax_policy
from rl.tape import ending, write_chance, write_episode, write_step, write_update
from rl.updates import FAINT, HUGE, move_preferences, score


class TracedActorCritic(NamedTuple):
    """A policy, its preferences, the values of states, and a trace of each."""

    pi: Floats
    visits: Ints
    theta: Floats
    slope: Floats  # (A,) a row to reckon with
    v: Floats  # (S,)
    trace: Floats  # (S, A) of the preferences; all in the first row where the agent is blind
    trace_v: Floats  # (S,) of the values, likewise
    recent: Ints  # (S,) the rows with a trace that is not 0, in no order
    listed: Ints  # (S,) whether a row is among them
    counts: Ints  # (2,) how many they are, and how many rows were updated so far
    weight: Floats  # (1,) gamma^k: how much a step counts at the start of the episode


@jit
def mark(memory, row, s, a, n, weight):
    """Adds weight grad ln pi(a|s) to a row's trace, and 1 to that of its value. Returns how many rows have traces."""
    if not memory.listed[row]:
        memory.recent[n], memory.listed[row] = row, 1
        n += 1
    score(memory.pi, s, a, memory.slope)
    for b in range(memory.slope.size):
        memory.trace[row, b] += weight * memory.slope[b]
    memory.trace_v[row] += 1.0
    return n


@jit
def share(memory, s, n, error, alpha, alpha_v, blind):
    """theta += alpha error z and V += alpha_v error z for the ``n`` rows with a trace (S&B section 13.5, box p. 332).

    ``s`` is the state it is in: its value is that of all where the agent is blind. Values stop at HUGE. The policy
    follows where it is needed.
    """
    for i in range(n):
        row = memory.recent[i]
        value = memory.v[s if blind else row] + alpha_v * error * memory.trace_v[row]
        value = min(max(value, -HUGE), HUGE)
        for alike in range(0 if blind else row, memory.v.size if blind else row + 1):
            if not blind or goes_on(memory.pi, alike):
                memory.v[alike] = value
                move_preferences(memory.theta, alike, memory.trace[row], alpha * error)


@jit
def fade_traces(memory, n, rate, rate_v):
    """Multiplies the traces of the first ``n`` rows listed. Returns how many are left: the faintest are forgotten."""
    left = 0
    for i in range(n):
        row = memory.recent[i]
        largest = memory.trace_v[row] = fade(memory.trace_v[row], rate_v)
        for b in range(memory.trace.shape[1]):
            memory.trace[row, b] *= rate
            largest = max(largest, abs(memory.trace[row, b]))
        memory.listed[row] = largest > FAINT
        if memory.listed[row]:
            memory.recent[left] = row
            left += 1
        else:
            memory.trace[row], memory.trace_v[row] = 0.0, 0.0
    return left


@jit
def actor_critic_traces_loop(mdp, seed, memory, clock, tape, stop_step, stop_episode, gamma, alpha, blind, alpha_v,
                             lam, lam_v):
    """Learns after every step about all that led there (S&B section 13.5, box on p. 332: episodic, with traces)."""
    pi, visits, theta, v, trace = memory.pi, memory.visits, memory.theta, memory.v, memory.trace
    (n, moved), weight = memory.counts, memory.weight[0]
    t, s, episode, k = clock.counts
    ret = clock.ret[0]
    while t < stop_step and episode < stop_episode:
        if k == 0:
            n, weight = fade_traces(memory, n, 0.0, 0.0), 1.0
        softmax_policy(pi, theta, s)
        a = drawn(pi[s], uniform(seed, t, ACTION))
        r, s_next, terminal = act(mdp, s, a, uniform(seed, t, WORLD))
        discount = 0.0 if terminal else gamma
        visits[s, a] += 1
        chance, old, baseline = pi[s, a], theta[s, a], v[s]
        target = r + discount * v[s_next]
        n = mark(memory, 0 if blind else s, s, a, n, weight)
        moved, step = moved + n, alpha * trace[0 if blind else s, a]
        share(memory, s, n, target - baseline, alpha, alpha_v, blind)
        n = fade_traces(memory, n, gamma * lam, gamma * lam_v)
        ret += r
        ended = ending(mdp, terminal, k)
        write_step(tape, t, s, a, False, r, s_next, ended, math.nan, episode, k, ret)
        write_update(tape, t, s, a, old, target, theta[s, a], step)
        write_chance(tape, t, chance, baseline)
        weight = fade(weight, gamma)
        if ended:
            write_episode(tape, t, episode, k, ret)
            episode, k, ret = episode + 1, 0, 0.0
            s = start_state(mdp, uniform(seed, episode, START))
        else:
            s, k = s_next, k + 1
        t += 1
    softmax_policies(pi, theta)
    memory.counts[:], memory.weight[0] = (n, moved), weight
    clock.counts[:] = t, s, episode, k
    clock.ret[0] = ret


@dataclass(frozen=True)
class ActorCriticTraces(Critic):
    """Actor-critic with eligibility traces, accumulating. Those of an episode are seen until the next begins."""

    alpha: float = policy_step(0.2)
    lam: float = knob(0.5, 0.0, 1.0, "How much of its trace a preference keeps from step to step, besides the "
                      "discount. 0 moves the policy where it acts only.", 0.05, label="λ  trace decay of the policy")
    lam_v: float = knob(0.5, 0.0, 1.0, "How much of its trace a value keeps from step to step, besides the discount.",
                        0.05, label="λ  trace decay of the values")

    slug = "aclambda"
    title = "Actor-critic with traces"
    order = 270
    source = "Barto, Sutton & Anderson (1983); Sutton & Barto, section 13.5"
    loop = staticmethod(actor_critic_traces_loop)
    update = staticmethod(share)
    tables = (THETA, VALUES, Table("trace", "Traces", "How much each preference is held to account for what happens "
                                   "now: γᵗ ∇ ln π of the steps so far, fading.", "value"))
    equation = (
        Token("new", "θ(S,A)", "new"), Token("", "←"), Token("old", "θ(S,A)", "old"), Token("", "+"),
        Token("", "α z(S,A)", "alpha"), Token("", "("), Token("reward", "R", "reward"), Token("", "+"),
        Token("", "γ", "gamma"), Token("target", "V(S′)", "bootstrap"), Token("", "−"),
        Token("old", "V(S)", "baseline"), Token("", ")"),
    )

    def parameters(self) -> tuple[Any, ...]:
        return *super().parameters(), self.lam, self.lam_v

    def new_memory(self, model: TabularMDP, seed: int) -> TracedActorCritic:
        known = self.beginning(model)
        n_states = len(known["v"])
        recent, listed = np.zeros((2, n_states), np.int64)
        return TracedActorCritic(**known, trace=np.zeros_like(known["pi"]), trace_v=np.zeros(n_states), recent=recent,
                                 listed=listed, counts=np.zeros(2, np.int64), weight=np.ones(1))

    def inherit(self, memory: Any, model: TabularMDP, seed: int) -> Any:
        mine = super().inherit(memory, model, seed)
        mine.counts[1] = mine.visits.sum()
        return mine

    def adopt(self, memory: Any, model: TabularMDP) -> None:
        """Forgets the traces of states that have become walls or goals, besides."""
        super().adopt(memory, model)
        if self.sees != "nothing":
            memory.trace[model.absorbing], memory.trace_v[model.absorbing] = 0.0, 0.0

    def moved(self, model: TabularMDP) -> float:
        """All states with a trace: those of the last steps, as far as traces have not faded."""
        rate, states = self.gamma * max(self.lam, self.lam_v), super().moved(model)
        steps = math.log(FAINT) / math.log(rate) if 0 < rate < 1 else len(model.cdf) * rate
        return max(states, min(steps, len(model.cdf)) / 2)

    def updates(self, memory: Any) -> int:
        return int(memory.counts[1])
