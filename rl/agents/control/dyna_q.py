"""Dyna-Q: what was learned of the world is played over again in the head."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from rl.agents.base import Table
from rl.agents.control.base import Control
from rl.agents.control.q_learning import QLearning
from rl.dice import PLAN, START, WORLD, uniform
from rl.jit import jit
from rl.knob import knob
from rl.mdp import Bools, Floats, Ints, TabularMDP, act, start_state
from rl.policies import epsilon_greedy, scheduled, step_size
from rl.tape import ending, write_episode, write_step, write_update
from rl.updates import q_learning

MODEL_TABLES = (
    Table("last_tried", "Last tried", "The step after which each action was last taken; 0 if it never was."),
    Table("model_reward", "Model: reward", "The reward the agent remembers for each action.", "value"),
)


class Model(NamedTuple):
    """A Q-table, and what each action did when it was last taken; one never taken is thought to change nothing."""

    q: Floats
    visits: Ints
    updates: Ints  # (S, A) how often each value was updated, in the world and in the head
    model_reward: Floats  # (S, A)
    model_next: Ints  # (S, A)
    model_terminal: Bools  # (S, A)
    last_tried: Ints  # (S, A) the number of steps until it was, 0 for never
    met: Ints  # (S,) the states met, in order
    tried: Ints  # (S, A) the actions tried in each state, in order
    n_tried: Ints  # (S,) how many they are
    counts: Ints  # (2,) how many states were met; how many updates were made in the head


def new_model(q: Floats, visits: Ints) -> Model:
    """Knows nothing of any action."""
    nothing = np.zeros_like(visits)
    stays = np.arange(len(q))[:, None] + nothing
    return Model(q, visits, nothing, np.zeros(q.shape), stays, np.zeros(q.shape, np.bool_), nothing.copy(),
                 np.zeros(len(q), np.int64), nothing.copy(), np.zeros(len(q), np.int64), np.zeros(2, np.int64))


@jit
def remember(memory, s, a, r, s_next, terminal, t):
    """Model(s,a) <- r, s': keeps what came of an action, in place of what came of it before."""
    if memory.last_tried[s, a] == 0:
        if memory.n_tried[s] == 0:
            memory.met[memory.counts[0]] = s
            memory.counts[0] += 1
        memory.tried[s, memory.n_tried[s]] = a
        memory.n_tried[s] += 1
    memory.model_reward[s, a], memory.model_next[s, a], memory.model_terminal[s, a] = r, s_next, terminal
    memory.last_tried[s, a] = t + 1


@jit
def dyna_q_loop(mdp, seed, memory, clock, tape, stop_step, stop_episode,
                gamma, alpha_first, alpha_last, alpha_schedule, epsilon_first, epsilon_last, schedule, span, planning):
    """Learns from each step, and from as many imagined ones as wanted (S&B section 8.2, box on p. 164; Sutton, 1990).

    The model expects of each action what it did last: where the world rolls dice, that is one outcome of several.
    """
    q, visits, updates = memory.q, memory.visits, memory.updates
    t, s, episode, k = clock.counts
    ret = clock.ret[0]
    epsilon = scheduled(schedule, epsilon_first, epsilon_last, span, episode)
    while t < stop_step and episode < stop_episode:
        a, explored = epsilon_greedy(q, s, epsilon, seed, t)
        r, s_next, terminal = act(mdp, s, a, uniform(seed, t, WORLD))
        discount = 0.0 if terminal else gamma
        visits[s, a] += 1
        updates[s, a] += 1
        alpha = step_size(alpha_schedule, alpha_first, alpha_last, span, episode, updates[s, a])
        old = q[s, a]
        error = q_learning(q, s, a, r, discount, s_next, alpha)
        ret += r
        ended = ending(mdp, terminal, k)
        write_step(tape, t, s, a, explored, r, s_next, ended, epsilon, episode, k, ret)
        write_update(tape, t, s, a, old, old + error, q[s, a], alpha)
        remember(memory, s, a, r, s_next, terminal, t)
        for i in range(planning):
            s_then = memory.met[int(uniform(seed, t, PLAN + 2 * i) * memory.counts[0])]
            a_then = memory.tried[s_then, int(uniform(seed, t, PLAN + 2 * i + 1) * memory.n_tried[s_then])]
            updates[s_then, a_then] += 1
            alpha = step_size(alpha_schedule, alpha_first, alpha_last, span, episode, updates[s_then, a_then])
            discount = 0.0 if memory.model_terminal[s_then, a_then] else gamma
            q_learning(q, s_then, a_then, memory.model_reward[s_then, a_then], discount,
                       memory.model_next[s_then, a_then], alpha)
        memory.counts[1] += planning
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
class DynaQ(Control):
    """Dyna-Q with epsilon-greedy exploration. What another agent learned comes without a model of the world."""

    planning: int = knob(10, 0, 100, "Updates made in the head after every step, from what is remembered of earlier "
                         "ones. 0 is Q-learning.", 1, label="planning steps")

    slug = "dyna"
    title = "Dyna-Q"
    order = 100
    source = "Sutton (1990); Sutton & Barto, section 8.2"
    loop = staticmethod(dyna_q_loop)
    update = staticmethod(q_learning)
    updates_many = True
    tables = MODEL_TABLES
    equation = QLearning.equation

    def parameters(self) -> tuple[Any, ...]:
        return *super().parameters(), self.planning

    def new_memory(self, model: TabularMDP, seed: int) -> Model:
        return new_model(*super().new_memory(model, seed))

    def inherit(self, memory: Any, model: TabularMDP, seed: int) -> Any:
        mine = super().inherit(memory, model, seed)
        return mine._replace(updates=mine.visits.copy())

    def work(self, model: TabularMDP) -> float:
        return 1 + self.planning / 4

    def updates(self, memory: Any) -> int:
        return int(memory.visits.sum() + memory.counts[1])
