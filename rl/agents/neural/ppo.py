"""Proximal policy optimisation: learn from the same steps several times, but never stray far from who took them."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from rl.agents.base import Token
from rl.agents.neural.base import DELTA, Neural
from rl.agents.neural.learner import ROWS, choose, is_due, keep, prepare
from rl.agents.neural.learning import learn_clipped
from rl.jit import jit
from rl.knob import knob
from rl.losses import clipped_weight
from rl.physics import Physics, act_on, begin
from rl.tape import ending, write_chance, write_episode, write_step, write_update


@jit
def ppo_loop(world, seed, memory, clock, tape, stop_step, stop_episode, width, layers, activation,
             gamma, alpha, alpha_v, bonus, longest, lam, steps, epochs, batch, clip_at):
    """Collects steps, then learns from them in several passes, clipped (Schulman et al., 2017, algorithm 1)."""
    nets = prepare(world, width, layers, activation, batch)
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
            learn_clipped(memory, nets, seed, gamma, lam, alpha, alpha_v, bonus, longest, epochs, batch, clip_at)
        t += 1
    clock.counts[:] = t, 0, episode, k
    clock.ret[0] = ret


@dataclass(frozen=True)
class PPO(Neural):
    """PPO with the clipped objective; the advantages of what was collected are standardised."""

    alpha_v: float = knob(0.003, 0.0, 0.05, "Step size of the critic's net (Adam).", 0.0001, label="α  of the critic")
    clip: float = knob(0.2, 0.01, 1.0, "How far the chance of an action may move from what it was, as a ratio, before "
                       "its slope is cut off.", 0.01, label="clip range")
    epochs: int = knob(10, 1, 20, "How often it learns from the same steps.")
    steps: int = knob(512, 32, 2047, "Steps to collect before learning.", 1, label="steps an update")
    batch: int = knob(64, 16, 512, "Steps in each small batch.", 16, label="batch size")
    lam: float = knob(0.95, 0.0, 1.0, "How far an advantage looks: 0 to the next value only (biased, calm), 1 to all "
                      "rewards that followed (unbiased, noisy).", 0.01, label="λ  of the advantage")

    slug = "ppo"
    title = "PPO"
    order = 330
    source = "Schulman et al. (2017)"
    loop: ClassVar[Callable[..., None]] = staticmethod(ppo_loop)
    update: ClassVar[Callable[..., Any]] = staticmethod(clipped_weight)
    standardises = True
    equation = (
        Token("new", "∇J"), Token("", "≈"), Token("", "∇ min(ρ Â, clip(ρ, 1 ± ε) Â),"), Token("", "ρ = π /"),
        Token("new", "π_old(A|S)", "chance"), Token("", ", Â ∝ Σ (γλ)ᵏ δ − mean, δ ="), *DELTA,
    )

    def parameters(self) -> tuple[Any, ...]:
        return (*self.nets(), self.gamma, self.alpha, self.alpha_v, self.entropy, self.longest, self.lam, self.steps,
                self.epochs, self.batch, self.clip)

    @property
    def passes(self) -> float:
        return float(self.epochs)

    @property
    def together(self) -> int:
        return self.steps

    def moves(self, model: Physics) -> float:
        return self.epochs * -(-self.steps // self.batch) / self.steps
