"""Value iteration: every backup looks one step ahead and takes the best."""

from dataclasses import dataclass

import numpy as np

from rl.agents.base import Token
from rl.agents.planning.base import BY_HAND, SYNCHRONOUS, Planner, end_sweep, look_ahead, place
from rl.jit import jit
from rl.planning import best_backup
from rl.tape import RUNNING, TRUNCATED, write_episode, write_step, write_update


@jit
def value_iteration_loop(mdp, seed, memory, clock, tape, stop_step, stop_episode, gamma, backups, sequence, clicks):
    """Backs up one state a step, V(s) = max_a E[r + gamma V(s')]; an episode is a sweep (S&B section 4.4, p. 83)."""
    q, visits, v, change, n = memory.q, memory.visits, memory.v, memory.change, memory.counts[0]
    t, s, sweep, k = clock.counts
    while t < stop_step and sweep < stop_episode and (sequence != BY_HAND or t < len(clicks)):
        s = place(memory.states, n, sequence, clicks, seed, t, k)
        old = v[s]
        a = look_ahead(mdp, memory.before if backups == SYNCHRONOUS else v, q, s, gamma)
        v[s] = q[s, a]
        visits[s] += 1
        change[0] = max(change[0], abs(v[s] - old))
        ended = TRUNCATED if k + 1 >= n else RUNNING
        write_step(tape, t, s, a, False, 0.0, s, ended, np.nan, sweep, k, change[0])
        write_update(tape, t, s, a, old, v[s], v[s], 1.0)
        if ended:
            write_episode(tape, t, sweep, k, change[0])
            end_sweep(memory)
            sweep, k = sweep + 1, 0
        else:
            k += 1
        t += 1
    clock.counts[:] = t, s, sweep, k
    clock.ret[0] = change[0]


@dataclass(frozen=True)
class ValueIteration(Planner):
    """Value iteration, a backup a step."""

    slug = "vi"
    title = "Value iteration"
    order = 210
    source = "Bellman (1957); Sutton & Barto, section 4.4"
    loop = staticmethod(value_iteration_loop)
    update = staticmethod(best_backup)
    equation = (
        Token("new", "V(s)", "new"), Token("", "←"), Token("", "max over a of"),
        Token("target", "E[R + γ V(S′)]", "target"), Token("", "; it was"), Token("old", "V(s)", "old"),
    )
