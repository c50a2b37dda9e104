"""A person at the arms: their pulls, averaged as an agent would."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from rl.agents.bandits.base import Bandit, learn, log_pull, pull
from rl.agents.human import LETTERS, as_actions, check_moves
from rl.arms import Arms, BanditModel, drift
from rl.jit import jit
from rl.knob import text
from rl.mdp import Floats


@jit
def hand_bandit(model, seed, memory, clock, tape, stop_step, stop_episode, pulls):
    """Pulls the arms a person chose, and averages what they pay."""
    q, visits, value, total = memory.q, memory.visits, memory.value, memory.total
    t, ret = clock.counts[0], clock.ret[0]
    while t < stop_step and t < len(pulls) and stop_episode > 0:
        a = pulls[t]
        r = pull(model, value, visits, total, a, seed, t)
        old = learn(q, visits, a, r, 0.0)
        drift(model, value, seed, t)
        ret += r
        log_pull(tape, t, a, False, r, old, q[0, a], np.nan, ret)
        t += 1
    clock.counts[:] = t, 0, 0, t
    clock.ret[0] = ret


@dataclass(frozen=True)
class Hand(Bandit):
    """A person who pulls the arms. The run lasts as long as they do."""

    pulls: str = text("", "The arms pulled, one letter each: 0 to 9, then a to z, from the first arm.")

    slug = "hand"
    title = "You"
    order = 910
    source = "Your own choices; the estimates are averages"
    loop = staticmethod(hand_bandit)

    def __post_init__(self) -> None:
        super().__post_init__()
        check_moves(self.pulls)

    def parameters(self) -> tuple[Any, ...]:
        return (as_actions(self.pulls),)

    def new_memory(self, model: BanditModel, seed: int) -> Arms:
        check_arms(self.pulls, model.arms)
        return super().new_memory(model, seed)

    def adopt(self, memory: Arms, model: BanditModel) -> None:
        check_arms(self.pulls, model.arms)
        super().adopt(memory, model)

    @property
    def last_step(self) -> int:
        return len(self.pulls)

    def chances(self, memory: Arms, seed: int, t: int) -> Floats:
        """NaN: nobody knows the chances of a person's choices."""
        return np.full(memory.q.shape[1], np.nan)

    def why(self, memory: Arms, seed: int, t: int, action: int, explored: bool) -> str:
        n = int(memory.visits[0, action])
        if not n:
            return f"You chose arm {action + 1}, which was never pulled before."
        return f"You chose arm {action + 1}; its average was {memory.q[0, action]:.3g} over {n} pull{'s' * (n > 1)}."


def check_arms(pulls: str, arms: int) -> None:
    """Raises ValueError where a pull is of an arm that this bandit does not have."""
    if any(LETTERS.index(letter) >= arms for letter in set(pulls)):
        raise ValueError(f"this bandit has {arms} arms, and the pulls name others: start over.")
