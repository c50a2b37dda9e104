"""How the neural agents learn from the steps they have kept: one pass of plain policy gradient, or PPO's many."""

import math

import numpy as np

from rl.agents.neural.learner import (
    CLIPPED,
    DIVERGENCE,
    ENTROPY,
    ERROR,
    FILLED,
    NORM,
    UPDATES,
    advantages,
    forget,
    gather,
    shuffle,
    standardise,
)
from rl.backpropagation import backward
from rl.jit import jit
from rl.losses import chances, clipped_weight, entropy, policy_slope, value_slope
from rl.nets import forward
from rl.optimisers import descend

MOST_EPOCHS = 64
"""Passes an update may take, at most: what keeps the orders of two updates apart."""


@jit
def learn_once(memory, nets, gamma, lam, alpha, alpha_v, bonus, longest):
    """Moves both nets once, along the mean slope of all the steps kept (S&B section 13.5; Mnih et al., 2016)."""
    n = memory.counts[FILLED]
    advantages(memory, nets, n, gamma, lam)
    memory.report[:] = 0.0
    for i in range(n):
        nets.order[i] = i
    move_policy(memory, nets, 0, n, n, math.inf, alpha, bonus, longest)
    move_values(memory, nets, 0, n, n, alpha_v, longest)
    forget(memory)


@jit
def learn_clipped(memory, nets, seed, gamma, lam, alpha, alpha_v, bonus, longest, epochs, batch, clip_at):
    """Goes through the steps kept several times, in small batches, as PPO does (Schulman et al., 2017, algorithm 1)."""
    n = memory.counts[FILLED]
    advantages(memory, nets, n, gamma, lam)
    standardise(nets.advantage, n)
    memory.report[:] = 0.0
    for epoch in range(epochs):
        shuffle(nets.order, n, seed, memory.counts[UPDATES] * MOST_EPOCHS + epoch)
        for start in range(0, n, batch):
            size = min(batch, n - start)
            move_policy(memory, nets, start, size, n * epochs, clip_at, alpha, bonus, longest)
            move_values(memory, nets, start, size, n * epochs, alpha_v, longest)
    forget(memory)


@jit
def move_policy(memory, nets, start, n, total, clip_at, alpha, bonus, longest):
    """Moves the policy along the slope of ``n`` steps, clipped where it has moved enough; adds up the report."""
    room, chance, report = nets.room, nets.chance, memory.report
    gather(memory, nets.order, start, n, room)
    forward(memory.actor, nets.actor, nets.activation, n, room)
    for row in range(n):
        i = nets.order[start + row]
        a, advantage = memory.action[i], nets.advantage[i]
        chances(room.values[-1], row, chance)
        ratio = chance[a] / memory.chance[i]
        weight = clipped_weight(ratio, advantage, clip_at)
        policy_slope(chance, a, weight, bonus, 1.0 / n, room.errors[0], row)
        report[ENTROPY] += entropy(chance) / total
        report[CLIPPED] += 1.0 / total if weight == 0.0 and advantage != 0.0 else 0.0
        report[DIVERGENCE] += (ratio - 1.0 - math.log(ratio)) / total  # the estimate called k3 (Schulman, 2020)
    backward(memory.actor, nets.actor, nets.activation, n, room)
    norm = descend(memory.actor, room.slope, memory.actor_mean, memory.actor_square, memory.decay[:2], alpha, longest)
    report[NORM] += norm * n / total


@jit
def move_values(memory, nets, start, n, total, alpha, longest):
    """Moves the critic towards the targets of ``n`` steps; adds their squared errors to the report."""
    room = nets.judge
    gather(memory, nets.order, start, n, room)
    forward(memory.critic, nets.critic, nets.activation, n, room)
    for row in range(n):
        value, target = np.float64(room.values[-1, row, 0]), nets.target[nets.order[start + row]]
        value_slope(value, target, 1.0 / n, room.errors[0], row)
        memory.report[ERROR] += (value - target) ** 2 / total
    backward(memory.critic, nets.critic, nets.activation, n, room)
    descend(memory.critic, room.slope, memory.critic_mean, memory.critic_square, memory.decay[2:], alpha, longest)
