"""REINFORCE with a baseline, on nets: learn from whole episodes, after they are over."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from rl.agents.base import Token
from rl.agents.neural.base import SHORT, Neural
from rl.agents.neural.learner import ROWS, choose, is_due, keep, prepare
from rl.agents.neural.learning import learn_once
from rl.jit import jit
from rl.knob import knob
from rl.losses import policy_slope
from rl.physics import Physics, act_on, begin
from rl.tape import ending, write_chance, write_episode, write_step, write_update


@jit
def net_reinforce_loop(world, seed, memory, clock, tape, stop_step, stop_episode, width, layers, activation,
                       gamma, alpha, alpha_v, bonus, longest, episodes):
    """Learns after every few episodes from all that followed each step (S&B section 13.4; Williams, 1992).

    As is usual with nets, the slope has no gamma^t in it, which the theory would have.
    """
    nets = prepare(world, width, layers, activation, ROWS)
    t, _, episode, k = clock.counts
    ret = clock.ret[0]
    while t < stop_step and episode < stop_episode:
        a = choose(memory, world, nets, seed, t)
        chance, baseline = memory.pi[0, a], memory.value[0]
        r, terminal = act_on(world.kind, memory.body, a)
        ret += r
        ended = ending(world, terminal, k)
        target = r + gamma * keep(memory, world, nets, a, r, ended)
        write_step(tape, t, 0, a, False, r, 0, ended, math.nan, episode, k, ret)
        write_update(tape, t, 0, a, math.log(chance), target, math.log(chance), alpha)
        write_chance(tape, t, chance, baseline)
        k += 1
        if ended:
            write_episode(tape, t, episode, k - 1, ret)
            episode, k, ret = episode + 1, 0, 0.0
            begin(world.kind, memory.body, seed, episode)
        if is_due(memory, ROWS, episodes):
            learn_once(memory, nets, gamma, 1.0, alpha, alpha_v, bonus, longest)
        t += 1
    clock.counts[:] = t, 0, episode, k
    clock.ret[0] = ret


@dataclass(frozen=True)
class NetReinforce(Neural):
    """REINFORCE with a learned baseline, its policy and its baseline each a net."""

    batch: int = knob(1, 1, 4, "Episodes to learn from at a time. More make the gradient less noisy, and rarer.",
                      label="episodes an update")

    slug = "netreinforce"
    title = "REINFORCE with baseline"
    order = 310
    source = "Williams (1992); Sutton & Barto, section 13.4"
    loop: ClassVar[Callable[..., None]] = staticmethod(net_reinforce_loop)
    update: ClassVar[Callable[..., Any]] = staticmethod(policy_slope)
    equation = (
        Token("new", "∇J"), Token("", "≈"), Token("", "[ G −"), Token("old", "V(S)", "baseline"), Token("", "] ∇ ln"),
        Token("new", "π(A|S)", "chance"), Token("", ", G ="), Token("reward", "R", "reward"), Token("", "+"),
        Token("", "γ", "gamma"), Token("", "G′ (beyond a cut:"), Token("target", "V(S′)", "bootstrap"), Token("", ")"),
    )

    def parameters(self) -> tuple[Any, ...]:
        return (*self.nets(), self.gamma, self.alpha, self.alpha_v, self.entropy, self.longest, self.batch)

    def moves(self, model: Physics) -> float:
        """How often the weights are moved a step where episodes are short, as they are at first."""
        return 1.0 / (self.batch * max(1, min(model.horizon, SHORT)))
