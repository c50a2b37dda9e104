"""First-visit Monte Carlo control: what an action is worth is the average of what followed it."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from rl.agents.base import Token
from rl.agents.control.base import Control
from rl.dice import ACTION, START, WORLD, uniform
from rl.jit import jit
from rl.knob import choice
from rl.mdp import Bools, Floats, Ints, TabularMDP, act, start_state
from rl.policies import STEP_SCHEDULES, any_action, epsilon_greedy, scheduled, step_size
from rl.tape import ending, write_episode, write_step, write_update
from rl.updates import expected_value, move_estimate

STARTS = ("epsilon-soft", "exploring starts")
EXPLORING = 1


class EpisodeTable(NamedTuple):
    """A Q-table, and this episode so far: its first visits in order, and what was collected from each to the next.

    So an episode of any length fits into as many places as there are actions, and returns are added up backwards.
    """

    q: Floats
    visits: Ints
    updates: Ints  # (S, A) how many returns each value has learned from
    met: Bools  # (S, A) whether the action was taken in this episode
    order: Ints  # (S * A, 2) the states and actions that were, by when they first were
    collected: Floats  # (S * A,) discounted rewards from each of these moments until the next
    shrunk: Floats  # (S * A,) gamma to the power of the steps between them
    n_met: Ints  # (1,) how many there are
    start_cdf: Floats  # (S,) cumulative chances of the states where starts explore


@jit
def forget(met, order, n):
    """Empties the memory of an episode. Returns how many actions are left in it: none."""
    for i in range(n):
        met[order[i, 0], order[i, 1]] = False
    return 0


@jit
def begin_episode(mdp, memory, starts, seed, episode):
    """Draws the state an episode begins in, where the world has it begin or anywhere."""
    luck = uniform(seed, episode, START)
    return start_state(memory, luck) if starts == EXPLORING else start_state(mdp, luck)


@jit
def monte_carlo_loop(mdp, seed, memory, clock, tape, stop_step, stop_episode,
                     gamma, alpha_first, alpha_last, alpha_schedule, epsilon_first, epsilon_last, schedule, span,
                     starts):
    """Learns at the end of each episode from the returns after first visits (S&B 5.3 and 5.4, boxes on p. 99 and 101).

    An episode that a time limit cuts short is taken to go on as the state it reached is thought to be worth. The log
    names the action it began with, which is updated last.
    """
    q, visits, updates, met, order, collected, shrunk, n_met = memory[:8]
    t, s, episode, k = clock.counts
    ret = clock.ret[0]
    n = n_met[0]
    epsilon = scheduled(schedule, epsilon_first, epsilon_last, span, episode)
    if k == 0 and starts == EXPLORING:
        s = begin_episode(mdp, memory, starts, seed, episode)
    while t < stop_step and episode < stop_episode:
        n = forget(met, order, n) if k == 0 else n
        a, explored = epsilon_greedy(q, s, epsilon, seed, t)
        if k == 0 and starts == EXPLORING:
            a, explored = any_action(q, s, uniform(seed, t, ACTION)), True
        r, s_next, terminal = act(mdp, s, a, uniform(seed, t, WORLD))
        visits[s, a] += 1
        ret += r
        ended = ending(mdp, terminal, k)
        write_step(tape, t, s, a, explored, r, s_next, ended, epsilon, episode, k, ret)
        if not met[s, a]:
            met[s, a], order[n, 0], order[n, 1], collected[n], shrunk[n] = True, s, a, 0.0, 1.0
            n += 1
        collected[n - 1] += shrunk[n - 1] * r
        shrunk[n - 1] *= gamma
        if ended:
            target = 0.0 if terminal else expected_value(q, s_next, epsilon)
            for i in range(n - 1, -1, -1):
                target = collected[i] + shrunk[i] * target
                s, a = order[i, 0], order[i, 1]
                updates[s, a] += 1
                alpha = step_size(alpha_schedule, alpha_first, alpha_last, span, episode, updates[s, a])
                old = q[s, a]
                move_estimate(q, s, a, target, alpha)
                write_update(tape, t, s, a, old, target, q[s, a], alpha)
            write_episode(tape, t, episode, k, ret)
            episode, k, ret = episode + 1, 0, 0.0
            s = begin_episode(mdp, memory, starts, seed, episode)
            epsilon = scheduled(schedule, epsilon_first, epsilon_last, span, episode)
        else:
            s, k = s_next, k + 1
        t += 1
    n_met[0] = n
    clock.counts[:] = t, s, episode, k
    clock.ret[0] = ret


@dataclass(frozen=True)
class MonteCarlo(Control):
    """First-visit Monte Carlo control. With exploring starts the book has no epsilon: set it to 0 for that."""

    starts: str = choice("epsilon-soft", STARTS, "What makes sure that everything is tried: epsilon alone, or episodes "
                         "that begin in any state with any action.", label="exploration")
    alpha_schedule: str = choice("1/n", STEP_SCHEDULES, "How the step size changes: over the episodes, or 1/n, which "
                                 "makes each value the average of all returns so far.")

    slug = "mc"
    title = "Monte Carlo control"
    order = 90
    source = "Sutton & Barto, sections 5.3 and 5.4"
    loop = staticmethod(monte_carlo_loop)
    update = staticmethod(move_estimate)
    updates_many = True
    equation = (
        Token("new", "Q(S,A)", "new"), Token("", "←"), Token("old", "Q(S,A)", "old"), Token("", "+"),
        Token("", "α", "alpha"), Token("", "["), Token("target", "G", "target"), Token("", "−"),
        Token("old", "Q(S,A)", "old"), Token("", "]"),
    )

    def parameters(self) -> tuple[Any, ...]:
        return *super().parameters(), STARTS.index(self.starts)

    def new_memory(self, model: TabularMDP, seed: int) -> EpisodeTable:
        q, visits = super().new_memory(model, seed)
        memory = EpisodeTable(
            q, visits, np.zeros_like(visits), np.zeros(q.shape, np.bool_), np.zeros((q.size, 2), np.int64),
            np.zeros(q.size), np.zeros(q.size), np.zeros(1, np.int64), np.zeros(len(q)))
        self._explore(memory, model)
        return memory

    def _explore(self, memory: EpisodeTable, model: TabularMDP) -> None:
        """Makes every state in which an action can be chosen an equally likely start, if starts explore."""
        if self.looks_up:
            anywhere = model.visitable
            memory.start_cdf[:] = np.cumsum(anywhere) / anywhere.sum()

    def inherit(self, memory: Any, model: TabularMDP, seed: int) -> EpisodeTable:
        mine: EpisodeTable = super().inherit(memory, model, seed)
        return mine._replace(updates=mine.visits.copy())

    def adopt(self, memory: Any, model: TabularMDP) -> None:
        super().adopt(memory, model)
        self._explore(memory, model)

    def updates(self, memory: Any) -> int:
        return int(memory.updates.sum())

    @property
    def looks_up(self) -> bool:
        return self.starts == STARTS[EXPLORING]
