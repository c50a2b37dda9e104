"""A person in the agent's place: their choices, learned from as an agent would."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from rl.agents.base import Agent, QTable, new_table
from rl.agents.control.q_learning import QLearning
from rl.dice import START, WORLD, uniform
from rl.jit import jit
from rl.knob import knob, text
from rl.mdp import TabularMDP, act, start_state
from rl.policies import possible
from rl.tape import ending, write_episode, write_step, write_update
from rl.updates import q_learning

LETTERS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
MOST_MOVES = 5000


@jit
def human_loop(mdp, seed, memory, clock, tape, stop_step, stop_episode, moves, alpha, gamma):
    """Makes a person's moves, and updates the table after each as Q-learning does: it learns from any behaviour."""
    q, visits = memory.q, memory.visits
    t, s, episode, k = clock.counts
    ret = clock.ret[0]
    while t < stop_step and t < len(moves) and episode < stop_episode:
        a = possible(q, s, moves[t])
        r, s_next, terminal = act(mdp, s, a, uniform(seed, t, WORLD))
        discount = 0.0 if terminal else gamma
        old = q[s, a]
        error = q_learning(q, s, a, r, discount, s_next, alpha)
        visits[s, a] += 1
        ret += r
        ended = ending(mdp, terminal, k)
        write_step(tape, t, s, a, False, r, s_next, ended, np.nan, episode, k, ret)
        write_update(tape, t, s, a, old, old + error, q[s, a], alpha)
        if ended:
            write_episode(tape, t, episode, k, ret)
            episode, k, ret = episode + 1, 0, 0.0
            s = start_state(mdp, uniform(seed, episode, START))
        else:
            s, k = s_next, k + 1
        t += 1
    clock.counts[:] = t, s, episode, k
    clock.ret[0] = ret


def check_moves(moves: str, n_actions: int = len(LETTERS)) -> None:
    """Raises ValueError with a sentence where a text is no list of actions, one of 0-9, a-z and A-Z each."""
    if len(moves) > MOST_MOVES:
        raise ValueError(f"a person makes at most {MOST_MOVES:,} moves in a run: start over.")
    if set(moves) - set(LETTERS[:n_actions]):
        raise ValueError(f"moves are spelled as {LETTERS[0]} to {LETTERS[n_actions - 1]}, one an action.")


@lru_cache(maxsize=64)  # asked for again at every advance of a run
def as_actions(moves: str) -> Any:
    """Reads a list of moves into action numbers, (moves,); the array is shared, never write into it."""
    return np.array([LETTERS.index(letter) for letter in moves], np.int64)


@dataclass(frozen=True)
class Human(Agent):
    """A person who chooses the actions. The run lasts as long as they do."""

    moves: str = text("", "The actions taken, one letter each: 0 to 9, then a to z, then A to Z.")
    alpha: float = knob(0.5, 0.0, 1.0, "Step size: how far each update moves the estimate towards its target.", 0.01)
    gamma: float = knob(0.99, 0.0, 1.0, "Discount: how much the future counts. 0 sees only the next reward.", 0.01)

    slug = "human"
    title = "You"
    order = 900
    source = "Your own choices; the table is updated by Watkins's (1989) rule"
    loop = staticmethod(human_loop)
    update = staticmethod(q_learning)
    equation = QLearning.equation

    def __post_init__(self) -> None:
        super().__post_init__()
        check_moves(self.moves)

    def parameters(self) -> tuple[Any, ...]:
        return as_actions(self.moves), self.alpha, self.gamma

    def new_memory(self, model: TabularMDP, seed: int) -> QTable:
        check_moves(self.moves, model.cdf.shape[1])
        return new_table(model, 0.0)

    def inherit(self, memory: Any, model: Any, seed: int) -> Any:
        return self.new_memory(model, seed)._replace(q=memory.q.copy(), visits=memory.visits.copy())

    def adopt(self, memory: Any, model: Any) -> None:
        check_moves(self.moves, memory.q.shape[1])

    @property
    def step_size(self) -> float:
        return self.alpha

    @property
    def discount(self) -> float:
        return self.gamma

    @property
    def last_step(self) -> int:
        return len(self.moves)
