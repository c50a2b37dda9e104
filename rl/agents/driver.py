"""A person who moves a body: their actions, of which nothing is learned."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np

from rl.agents.human import Human, as_actions, check_moves
from rl.jit import jit
from rl.mdp import Floats, Ints
from rl.physics import act_on, begin
from rl.tape import ending, write_episode, write_step


@jit
def driver_loop(model, seed, memory, clock, tape, stop_step, stop_episode, moves):
    """Makes a person's moves."""
    visits, body = memory.visits, memory.body
    t, s, episode, k = clock.counts
    ret = clock.ret[0]
    while t < stop_step and t < len(moves) and episode < stop_episode:
        a = moves[t]
        r, terminal = act_on(model.kind, body, a)
        visits[s, a] += 1
        ret += r
        ended = ending(model, terminal, k)
        write_step(tape, t, s, a, False, r, s, ended, np.nan, episode, k, ret)
        if ended:
            write_episode(tape, t, episode, k, ret)
            episode, k, ret = episode + 1, 0, 0.0
            begin(model.kind, body, seed, episode)
        else:
            k += 1
        t += 1
    clock.counts[:] = t, s, episode, k
    clock.ret[0] = ret


class Driven(NamedTuple):
    """How often each action was taken, the chances of a policy there is none of, both (1, A), and the body now."""

    pi: Floats
    visits: Ints
    body: Floats  # (4,)


@dataclass(frozen=True)
class Driver(Human):
    """A person who pushes a cart or a car, or turns the acrobot's motor. The run lasts as long as they do."""

    family = "physics"
    slug = "driver"
    order = 920
    source = "Your own choices; nothing is learned from them"
    learns = "pi"
    loop: ClassVar[Callable[..., None]] = staticmethod(driver_loop)

    def parameters(self) -> tuple[Any, ...]:
        return (as_actions(self.moves),)

    def new_memory(self, model: Any, seed: int) -> Any:
        check_moves(self.moves, model.actions)
        body = np.zeros(model.body)
        begin(model.kind, body, seed, 0)
        return Driven(np.zeros((1, model.actions)), np.zeros((1, model.actions), np.int64), body)

    def inherit(self, memory: Any, model: Any, seed: int) -> Any:
        return self.new_memory(model, seed)._replace(visits=memory.visits.copy(), body=memory.body.copy())

    def adopt(self, memory: Any, model: Any) -> None:
        check_moves(self.moves, memory.pi.shape[1])

    @property
    def step_size(self) -> float:
        return float("nan")
