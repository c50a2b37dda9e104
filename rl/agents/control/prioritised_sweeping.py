"""Prioritised sweeping: in the head, what is most wrong is put right first, and then what led there."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from rl.agents.base import Table
from rl.agents.control.base import Control
from rl.agents.control.dyna_q import MODEL_TABLES
from rl.agents.control.priority_queue import pop, push
from rl.agents.control.q_learning import QLearning
from rl.dice import START, WORLD, uniform
from rl.jit import jit
from rl.knob import knob
from rl.mdp import Bools, Floats, Ints, TabularMDP, act, start_state
from rl.policies import epsilon_greedy, scheduled, step_size
from rl.tape import ending, write_episode, write_step, write_update
from rl.updates import best_value, q_learning

NONE = -1


class SweepingModel(NamedTuple):
    """A Q-table, what each action did when it was last taken, and a queue of those whose values look wrong.

    Action a of state s is number s * A + a. All that are thought to lead into a state are a list, linked both ways.
    """

    q: Floats
    visits: Ints
    updates: Ints  # (S, A) how often each value was updated, all of it in the head
    model_reward: Floats  # (S, A)
    model_next: Ints  # (S, A)
    model_terminal: Bools  # (S, A)
    last_tried: Ints  # (S, A) the number of steps until it was, 0 for never
    priority: Floats  # (S, A) how wrong the values in the queue looked, 0 for those outside
    heap: Ints  # (S * A,) the queue, in its first places
    place: Ints  # (S * A,) where in it each action is
    into: Ints  # (S,) the first action of the list that leads into a state, or NONE
    after: Ints  # (S * A,) the next one in the same list, or NONE
    before: Ints  # (S * A,) the one before it, or NONE
    queued: Ints  # (1,) how many are in the queue


@jit
def remember(memory, s, a, r, s_next, terminal, t):
    """Model(s,a) <- r, s': keeps what came of an action, and moves it to the list of the state it leads into."""
    into, after, before = memory.into, memory.after, memory.before
    i = s * memory.q.shape[1] + a
    if memory.last_tried[s, a] > 0 and not memory.model_terminal[s, a]:
        if before[i] == NONE:
            into[memory.model_next[s, a]] = after[i]
        else:
            after[before[i]] = after[i]
        if after[i] != NONE:
            before[after[i]] = before[i]
    if not terminal:
        if into[s_next] != NONE:
            before[into[s_next]] = i
        after[i], before[i], into[s_next] = into[s_next], NONE, i
    memory.model_reward[s, a], memory.model_next[s, a], memory.model_terminal[s, a] = r, s_next, terminal
    memory.last_tried[s, a] = t + 1


@jit
def queue_what_led_to(memory, q, model_reward, priority, n, i, ahead, theta):
    """Puts all actions of the list that begins with ``i`` into the queue whose values are wrong by more than ``theta``.

    They lead into a state worth ``ahead``, discounted. The tables are flat.
    """
    heap, place, after = memory.heap, memory.place, memory.after
    while i != NONE:
        urgency = abs(model_reward[i] + ahead - q[i])
        if urgency > theta:
            n = push(heap, place, priority, n, i, urgency)
        i = after[i]
    return n


@jit
def prioritised_sweeping_loop(mdp, seed, memory, clock, tape, stop_step, stop_episode,
                              gamma, alpha_first, alpha_last, alpha_schedule, epsilon_first, epsilon_last, schedule,
                              span, planning, theta):
    """Learns in the head alone, the largest errors first (S&B section 8.4, box on p. 170; Moore & Atkeson, 1993).

    The model expects of each action what it did last, so it fits worlds without luck. The log names the first update
    of a step, which is the most urgent.
    """
    q, visits, updates, actions = memory.q, memory.visits, memory.updates, memory.q.shape[1]
    flat_q, flat_reward, priority = q.reshape(-1), memory.model_reward.reshape(-1), memory.priority.reshape(-1)
    model_reward, model_next, model_terminal = memory.model_reward, memory.model_next, memory.model_terminal
    heap, place = memory.heap, memory.place
    t, s, episode, k = clock.counts
    ret = clock.ret[0]
    n = memory.queued[0]
    epsilon = scheduled(schedule, epsilon_first, epsilon_last, span, episode)
    while t < stop_step and episode < stop_episode:
        a, explored = epsilon_greedy(q, s, epsilon, seed, t)
        r, s_next, terminal = act(mdp, s, a, uniform(seed, t, WORLD))
        discount = 0.0 if terminal else gamma
        visits[s, a] += 1
        ret += r
        ended = ending(mdp, terminal, k)
        write_step(tape, t, s, a, explored, r, s_next, ended, epsilon, episode, k, ret)
        remember(memory, s, a, r, s_next, terminal, t)
        urgency = abs(r + discount * best_value(q, s_next) - q[s, a])
        if urgency > theta:
            n = push(heap, place, priority, n, s * actions + a, urgency)
        for i in range(planning):
            if n == 0:
                break
            first = pop(heap, place, priority, n)
            n -= 1
            s_then, a_then = first // actions, first % actions
            discount = 0.0 if model_terminal[s_then, a_then] else gamma
            updates[s_then, a_then] += 1
            alpha = step_size(alpha_schedule, alpha_first, alpha_last, span, episode, updates[s_then, a_then])
            old = q[s_then, a_then]
            error = q_learning(q, s_then, a_then, model_reward[s_then, a_then], discount, model_next[s_then, a_then],
                               alpha)
            if i == 0:
                write_update(tape, t, s_then, a_then, old, old + error, q[s_then, a_then], alpha)
            ahead = gamma * best_value(q, s_then)
            n = queue_what_led_to(memory, flat_q, flat_reward, priority, n, memory.into[s_then], ahead, theta)
        if ended:
            write_episode(tape, t, episode, k, ret)
            episode, k, ret = episode + 1, 0, 0.0
            s = start_state(mdp, uniform(seed, episode, START))
            epsilon = scheduled(schedule, epsilon_first, epsilon_last, span, episode)
        else:
            s, k = s_next, k + 1
        t += 1
    memory.queued[0] = n
    clock.counts[:] = t, s, episode, k
    clock.ret[0] = ret


@dataclass(frozen=True)
class PrioritisedSweeping(Control):
    """Prioritised sweeping with epsilon-greedy exploration. What another agent learned comes without a model."""

    planning: int = knob(10, 1, 100, "Updates made in the head after every step, at most: the largest errors first.", 1,
                         label="planning steps")
    theta: float = knob(0.0001, 0.0, 1.0, "Errors up to this size are left alone.", 0.0001, label="θ  threshold")

    slug = "sweep"
    title = "Prioritised sweeping"
    order = 108
    source = "Moore & Atkeson (1993); Peng & Williams (1993); Sutton & Barto, section 8.4"
    loop = staticmethod(prioritised_sweeping_loop)
    update = staticmethod(q_learning)
    updates_many = True
    tables = (
        Table("priority", "Priority", "How wrong each value in the queue looked when it was put in; 0 is outside."),
        *MODEL_TABLES,
    )
    equation = QLearning.equation

    def parameters(self) -> tuple[Any, ...]:
        return *super().parameters(), self.planning, self.theta

    def new_memory(self, model: TabularMDP, seed: int) -> SweepingModel:
        q, visits = super().new_memory(model, seed)
        updates, stays, tried = np.zeros((3, *q.shape), np.int64)
        stays += np.arange(len(q))[:, None]
        heap, place = np.zeros((2, q.size), np.int64)
        after, before = np.full((2, q.size), NONE)
        return SweepingModel(
            q, visits, updates, np.zeros(q.shape), stays, np.zeros(q.shape, np.bool_), tried, np.zeros(q.shape),
            heap, place, np.full(len(q), NONE), after, before, np.zeros(1, np.int64))

    def inherit(self, memory: Any, model: TabularMDP, seed: int) -> Any:
        mine = super().inherit(memory, model, seed)
        return mine._replace(updates=mine.visits.copy())

    def work(self, model: TabularMDP) -> float:
        return 1 + 2 * self.planning  # the queue has to be kept in order

    def updates(self, memory: Any) -> int:
        return int(memory.updates.sum())
