"""What the neural agents share in their loops: two nets, the steps they are to learn from, and how those are judged."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rl.dice import ACTION, SHUFFLE, uniform
from rl.jit import jit
from rl.losses import chances
from rl.mdp import Floats, Ints
from rl.nets import Room, Singles, forward, make_room
from rl.physics import observe
from rl.policies import drawn
from rl.tape import TERMINATED

ROWS = 2048
"""Steps that can be kept to learn from."""
FILLED, EPISODES, UPDATES = 0, 1, 2
"""In ``counts``: steps kept, episodes that ended among them, and updates made so far."""
ENTROPY, NORM, CLIPPED, DIVERGENCE, ERROR = range(5)
"""In ``report``, of the last update: mean entropy of the policy (nats), norm of its slope before it is cut, share of
the steps that PPO clipped, KL divergence from the policy that acted, and mean squared error of the values."""


class Learner(NamedTuple):
    """All there is to a neural agent and the body it moves."""

    pi: Floats  # (1, A) the chances by which the last action was drawn
    visits: Ints  # (1, A) how often each was taken
    body: Floats  # (4,)
    value: Floats  # (1,) what the critic thinks of what it sees now; NaN where it has not been asked yet
    actor: Singles  # weights of the policy's net
    actor_mean: Singles  # and Adam's moments of them
    actor_square: Singles
    critic: Singles  # weights of the net that judges states
    critic_mean: Singles
    critic_square: Singles
    decay: Floats  # (4,) Adam's powers, the actor's two and the critic's
    sight: Singles  # (ROWS, D) what was seen at the steps kept
    action: NDArray[np.int32]  # (ROWS,) what was done
    reward: Floats  # (ROWS,)
    chance: Floats  # (ROWS,) how likely the action was
    judged: Floats  # (ROWS,) the value of what was seen
    ahead: Floats  # (ROWS,) and of what was seen next, 0 after a termination
    ended: NDArray[np.int32]  # (ROWS,) whether the episode was over then, and how
    counts: Ints  # (3,)
    report: Floats  # (5,)
    shape: Ints  # (3,) of the nets: units in a hidden layer, such layers, and which activation


class Nets(NamedTuple):
    """The shapes of the two nets, and the room they work in."""

    actor: Ints  # sizes of the layers
    critic: Ints
    activation: int
    room: Room  # of the actor
    judge: Room  # of the critic
    advantage: Floats  # (ROWS,) how much better each step went than was expected
    target: Floats  # (ROWS,) what each value should have been
    order: Ints  # (ROWS,) in which order the steps are learned from
    chance: Floats  # (A,) the chances of the actions at one of them, as the policy is now


@jit
def sizes_of(inputs, width, layers, outputs):
    """Lists the sizes of a net's layers: its inputs, the hidden ones, its outputs."""
    sizes = np.full(layers + 2, width, np.int64)
    sizes[0], sizes[-1] = inputs, outputs
    return sizes


@jit
def prepare(world, width, layers, activation, batch):
    """Makes room for learning from ``batch`` steps at a time."""
    actor, critic = sizes_of(world.sight, width, layers, world.actions), sizes_of(world.sight, width, layers, 1)
    return Nets(actor, critic, activation, make_room(actor, batch), make_room(critic, batch),
                np.empty(ROWS), np.empty(ROWS), np.empty(ROWS, np.int64), np.empty(world.actions))


@jit
def choose(memory, world, nets, seed, t):
    """Looks, judges what it sees, and draws an action by the policy's chances."""
    n = memory.counts[FILLED]
    observe(world.kind, memory.body, memory.sight[n])
    if math.isnan(memory.value[0]):
        memory.value[0] = judge(memory, nets, memory.sight[n])
    nets.room.values[0, 0, : world.sight] = memory.sight[n]
    forward(memory.actor, nets.actor, nets.activation, 1, nets.room)
    chances(nets.room.values[-1], 0, memory.pi[0])
    return drawn(memory.pi[0], uniform(seed, t, ACTION))


@jit
def judge(memory, nets, sight):
    """Returns the value of what is seen."""
    nets.judge.values[0, 0, : len(sight)] = sight
    forward(memory.critic, nets.critic, nets.activation, 1, nets.judge)
    return np.float64(nets.judge.values[-1, 0, 0])


@jit
def keep(memory, world, nets, a, r, ended):
    """Keeps a step to learn from, the body having moved. Returns the value of what is seen then, 0 after the end."""
    n = memory.counts[FILLED]
    seen = np.empty(world.sight, np.float32)
    observe(world.kind, memory.body, seen)
    ahead = 0.0 if ended == TERMINATED else judge(memory, nets, seen)
    memory.action[n], memory.reward[n], memory.ended[n] = a, r, ended
    memory.chance[n], memory.judged[n], memory.ahead[n] = memory.pi[0, a], memory.value[0], ahead
    memory.value[0] = ahead if ended == 0 else np.nan
    memory.visits[0, a] += 1
    memory.counts[FILLED] += 1
    memory.counts[EPISODES] += 1 if ended != 0 else 0
    return ahead


@jit
def is_due(memory, steps, episodes):
    """Tells whether there is enough to learn from: so many steps, or episodes; or no room for more."""
    counts = memory.counts
    return counts[FILLED] >= steps or counts[EPISODES] >= episodes or counts[FILLED] >= ROWS - 1


@jit
def advantages(memory, nets, n, gamma, lam):
    """Estimates how much better each of ``n`` steps went than expected, and what its value should have been.

    Generalised advantage estimation (Schulman et al., 2016, eq. 16): lambda 0 is one step's difference, lambda 1 what
    followed minus the value. Beyond a cut, by a time limit or the last step kept, the critic says what is ahead.
    """
    following = 0.0
    for i in range(n - 1, -1, -1):
        delta = memory.reward[i] + gamma * memory.ahead[i] - memory.judged[i]
        following = delta + (gamma * lam * following if memory.ended[i] == 0 else 0.0)
        nets.advantage[i] = following
        nets.target[i] = following + memory.judged[i]


@jit
def standardise(advantage, n):
    """Gives ``n`` advantages a mean of 0 and a standard deviation of 1, so that a step has about the same length."""
    mean, square = 0.0, 0.0
    for i in range(n):
        mean += advantage[i] / n
    for i in range(n):
        square += (advantage[i] - mean) ** 2 / n
    for i in range(n):
        advantage[i] = (advantage[i] - mean) / (math.sqrt(square) + 1e-8)


@jit
def shuffle(order, n, seed, number):
    """Puts the numbers below ``n`` into the ``number``-th random order (Fisher & Yates, 1938)."""
    for i in range(n):
        order[i] = i
    for i in range(n - 1, 0, -1):
        j = int(uniform(seed, number, SHUFFLE + i) * (i + 1))
        order[i], order[j] = order[j], order[i]


@jit
def gather(memory, order, start, n, room):
    """Copies what was seen at ``n`` of the steps kept to where a net reads it."""
    for row in range(n):
        for i in range(memory.sight.shape[1]):
            room.values[0, row, i] = memory.sight[order[start + row], i]


@jit
def forget(memory):
    """Begins to collect anew: what was kept has been learned from, and values have changed."""
    memory.counts[FILLED] = memory.counts[EPISODES] = 0
    memory.counts[UPDATES] += 1
    memory.value[0] = np.nan
