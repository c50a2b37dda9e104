"""TD(lambda): every error is shared with the states that led to it, by their traces."""

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from rl.agents.base import Table, Token
from rl.agents.prediction.base import Prediction
from rl.dice import ACTION, START, WORLD, uniform
from rl.jit import jit
from rl.knob import choice, knob
from rl.mdp import Floats, Ints, TabularMDP, act, start_state
from rl.policies import AVERAGE, drawn, step_size
from rl.tape import ending, write_episode, write_step, write_update
from rl.updates import td_lambda, td_lambda_average

TRACES = ("accumulating", "replacing")
REPLACING = 1
FAINT = 1e-200
"""A trace below this is none: what follows are numbers with which a processor takes a hundred times as long."""


class TraceTable(NamedTuple):
    """A `VTable`, and how much each state has to do with what happens now, (S,)."""

    v: Floats
    visits: Ints
    policy: Floats
    trace: Floats


@jit
def fade(trace, rate):
    """Multiplies all traces by ``rate``, gamma lambda."""
    for s in range(trace.size):
        trace[s] = trace[s] * rate if trace[s] > FAINT else 0.0


@jit
def td_lambda_loop(mdp, seed, memory, clock, tape, stop_step, stop_episode,
                   gamma, alpha_first, alpha_last, alpha_schedule, span, lam, traces):
    """Learns after every step, and in all states with a trace (S&B section 12.2, box on p. 293; Sutton, 1988).

    With a step size of 1/n that of each state counts the visits to it. The log names the state that was left.
    """
    v, visits, policy, trace = memory.v, memory.visits, memory.policy, memory.trace
    t, s, episode, k = clock.counts
    ret = clock.ret[0]
    while t < stop_step and episode < stop_episode:
        fade(trace, gamma * lam if k > 0 else 0.0)
        a = drawn(policy[s], uniform(seed, t, ACTION))
        r, s_next, terminal = act(mdp, s, a, uniform(seed, t, WORLD))
        discount = 0.0 if terminal else gamma
        visits[s] += 1
        alpha = step_size(alpha_schedule, alpha_first, alpha_last, span, episode, visits[s])
        old = v[s]
        trace[s] = 1.0 if traces == REPLACING else trace[s] + 1.0
        error = r + discount * v[s_next] - v[s]
        if alpha_schedule == AVERAGE:
            td_lambda_average(v, trace, error, visits)
        else:
            td_lambda(v, trace, error, alpha)
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
class TDLambda(Prediction):
    """TD(lambda) prediction, looking backwards."""

    lam: float = knob(0.8, 0.0, 1.0, "How slowly traces fade. 0 is TD(0); 1 credits all states of the episode, as "
                      "Monte Carlo does.", 0.05, label="lambda")
    traces: str = choice("accumulating", TRACES, "What another visit does to the trace of a state: add 1 to what is "
                         "left of it, or set it to 1.")

    slug = "tdl"
    title = "TD(λ)"
    order = 130
    source = "Sutton (1988); Sutton & Barto, section 12.2"
    loop = staticmethod(td_lambda_loop)
    update = staticmethod(td_lambda)
    updates_many = True
    tables = (Table("trace", "Traces", "How much each state shares in the error of this step."),)
    equation = (
        Token("new", "V(s)", "new"), Token("", "←"), Token("old", "V(s)", "old"), Token("", "+"),
        Token("", "α", "alpha"), Token("", "["), Token("reward", "R", "reward"), Token("", "+"),
        Token("", "γ", "gamma"), Token("target", "V(S′)", "bootstrap"), Token("", "−"),
        Token("old", "V(S)", "old"), Token("", "]"), Token("", "z(s)"),
    )

    def parameters(self) -> tuple[Any, ...]:
        return *super().parameters(), self.lam, TRACES.index(self.traces)

    def work(self, model: TabularMDP) -> float:
        return 1 + len(model.cdf) / 100

    def new_memory(self, model: TabularMDP, seed: int) -> TraceTable:
        table = super().new_memory(model, seed)
        return TraceTable(table.v, table.visits, table.policy, np.zeros(len(table.v)))
