"""Policy iteration: evaluate a policy for some sweeps, improve it in one, and again."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from rl.agents.base import Token
from rl.agents.planning.base import BY_HAND, SYNCHRONOUS, Plan, Planner, end_sweep, look_ahead, place, under_policy
from rl.evaluation import expected_backup
from rl.jit import jit
from rl.knob import knob
from rl.mdp import TabularMDP
from rl.tape import RUNNING, TRUNCATED, write_episode, write_step, write_update

SETTLED = 1e-6
"""A policy is evaluated when no value changes by more than this in a sweep, relative to the largest one or to 1."""


@jit
def improve(policy, q, s, best):
    """Makes ``best`` the action of ``s``, unless the one it has is as good (S&B p. 80). Returns whether it changed."""
    for a in range(q.shape[1]):
        if policy[s, a] == 1.0 and q[s, a] >= q[s, best] - 1e-9 * max(1.0, abs(q[s, best])):
            return False
    policy[s] = 0.0
    policy[s, best] = 1.0
    return True


@jit
def next_phase(counts, largest, scale, sweeps):
    """After a sweep of evaluation decides whether the next improves; after one that improves, evaluation begins."""
    if counts[1]:
        counts[1], counts[2] = 0, 0
    else:
        counts[2] += 1
        done = largest <= SETTLED * max(1.0, scale) if sweeps == 0 else counts[2] >= sweeps
        counts[1] = 1 if done else 0


@jit
def policy_iteration_loop(mdp, seed, memory, clock, tape, stop_step, stop_episode, gamma, backups, sequence, clicks,
                          sweeps):
    """Evaluates one state a step, or improves the policy there; an episode is a sweep (S&B section 4.3, p. 80)."""
    q, visits, v, change, counts = memory.q, memory.visits, memory.v, memory.change, memory.counts
    t, s, sweep, k = clock.counts
    while t < stop_step and sweep < stop_episode and (sequence != BY_HAND or t < len(clicks)):
        s = place(memory.states, counts[0], sequence, clicks, seed, t, k)
        old = v[s]
        a = look_ahead(mdp, memory.before if backups == SYNCHRONOUS else v, q, s, gamma)
        if counts[1]:
            change[0] += improve(memory.policy, q, s, a)
        else:
            v[s] = under_policy(q, memory.policy, s)
            change[0] = max(change[0], abs(v[s] - old))
        visits[s] += 1
        ended = TRUNCATED if k + 1 >= counts[0] else RUNNING
        write_step(tape, t, s, a, counts[1] > 0, 0.0, s, ended, np.nan, sweep, k, change[0])
        write_update(tape, t, s, a, old, v[s], v[s], 1.0)
        if ended:
            write_episode(tape, t, sweep, k, change[0])
            next_phase(counts, change[0], np.abs(v).max(), sweeps)
            end_sweep(memory)
            sweep, k = sweep + 1, 0
        else:
            k += 1
        t += 1
    clock.counts[:] = t, s, sweep, k
    clock.ret[0] = change[0]


@dataclass(frozen=True)
class PolicyIteration(Planner):
    """Policy iteration, a backup a step; with few sweeps of evaluation it is the modified kind (Puterman & Shin, 1978).

    A sweep that improves changes the policy alone; its "change" counts the states in which the policy changed.
    """

    sweeps: int = knob(3, 0, 100, "Sweeps that evaluate a policy before it is improved. 0: until its values settle.", 1,
                       label="sweeps of evaluation")
    first: int = knob(-1, -1, 50, "The action every state begins with; −1 is all actions with equal chance.", 1,
                      label="first policy")

    slug = "pi"
    title = "Policy iteration"
    order = 220
    source = "Howard (1960); Sutton & Barto, section 4.3"
    loop = staticmethod(policy_iteration_loop)
    update = staticmethod(expected_backup)
    equation = (
        Token("new", "V(s)", "new"), Token("", "←"), Token("", "Σ π(a|s) of"),
        Token("target", "E[R + γ V(S′)]", "target"), Token("", "; it was"), Token("old", "V(s)", "old"),
    )

    def parameters(self) -> tuple[Any, ...]:
        return *super().parameters(), self.sweeps

    def new_memory(self, model: TabularMDP, seed: int) -> Plan:
        plan = super().new_memory(model, seed)
        if 0 <= self.first < plan.q.shape[1]:
            there = np.isfinite(plan.q[:, self.first])
            plan.policy[there] = np.eye(plan.q.shape[1])[self.first]
        return plan
