"""Actor-critic on nets: learn every few steps, the critic saying what lies beyond them."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from rl.agents.base import Token
from rl.agents.neural.base import DELTA, Neural
from rl.agents.neural.learner import ROWS, choose, is_due, keep, prepare
from rl.agents.neural.learning import learn_once
from rl.jit import jit
from rl.knob import knob
from rl.losses import policy_slope
from rl.physics import Physics, act_on, begin
from rl.tape import ending, write_chance, write_episode, write_step, write_update


@jit
def net_actor_critic_loop(world, seed, memory, clock, tape, stop_step, stop_episode, width, layers, activation,
                          gamma, alpha, alpha_v, bonus, longest, lam, steps):
    """Learns every few steps, without waiting for the end (S&B section 13.5; Mnih et al., 2016, algorithm S3)."""
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
        if is_due(memory, steps, ROWS):
            learn_once(memory, nets, gamma, lam, alpha, alpha_v, bonus, longest)
        t += 1
    clock.counts[:] = t, 0, episode, k
    clock.ret[0] = ret


@dataclass(frozen=True)
class NetActorCritic(Neural):
    """Advantage actor-critic with one worker."""

    steps: int = knob(64, 1, 512, "Steps to learn from at a time.", 1, label="steps an update")
    lam: float = knob(0.95, 0.0, 1.0, "How far an advantage looks: 0 to the next value only (biased, calm), 1 to all "
                      "rewards that followed (unbiased, noisy).", 0.01, label="λ  of the advantage")

    slug = "netac"
    title = "Actor-critic"
    order = 320
    source = "Mnih et al. (2016); Sutton & Barto, section 13.5"
    loop: ClassVar[Callable[..., None]] = staticmethod(net_actor_critic_loop)
    update: ClassVar[Callable[..., Any]] = staticmethod(policy_slope)
    equation = (
        Token("new", "∇J"), Token("", "≈"), Token("", "Σ (γλ)ᵏ δ ∇ ln"), Token("new", "π(A|S)", "chance"),
        Token("", ", δ ="), *DELTA,
    )

    def parameters(self) -> tuple[Any, ...]:
        return (*self.nets(), self.gamma, self.alpha, self.alpha_v, self.entropy, self.longest, self.lam, self.steps)

    @property
    def together(self) -> int:
        return self.steps

    def moves(self, model: Physics) -> float:
        return 1.0 / self.steps
