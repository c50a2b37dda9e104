"""All that a deep Q-network remembers, and the room it works in."""

import math
from typing import NamedTuple

import numpy as np

from rl.jit import jit, jit_apart
from rl.mdp import Floats, Ints
from rl.nets import Room, Singles, forward, make_room
from rl.replay import ACTION, BORN, ENDED, EXTRA, REWARD, STEPS, append, build, latest, leaves_of, set_priority
from rl.scenes import TABLE, expand, see

MOST_BATCH, MOST_STEPS = 256, 10
"""Transitions in a batch, and steps in a transition, at most."""
FILLED, NEXT, TRAIL, UPDATES, BATCH = range(5)
"""In ``counts``: transitions kept, where the next one goes, steps that wait to become one, gradient steps so far, and
transitions in the last batch."""
LOSS, ERROR, NORM, VALUE, TARGET, ENDINGS = range(6)
"""In ``report``, means over the last batch: loss, absolute TD error, norm of the slope before it is cut, Q(s, a), its
target, and the share of terminal transitions."""


class Deep(NamedTuple):
    """All there is to a deep Q-network and the world it acts in; S is 1 where states have no names."""

    q: Floats  # (S, A) what the net says of all states, or of the one it is in
    visits: Ints  # (S, A) how often each was taken
    body: Floats  # (4,) of a table, the number of the state
    net: Singles  # weights of the net that acts, and learns
    target: Singles  # weights of the net that says what to learn
    mean: Singles  # Adam's moments
    square: Singles
    decay: Floats  # (2,) and its powers
    rows: Singles  # (capacity, 2 K + 5) the replay memory: see rl.replay
    priority: Singles  # (capacity,) of its rows; 0 where there is none
    highest: Singles  # (1,) the largest priority there was: that of a row that is new
    trail: Singles  # (MOST_STEPS, K + 2) the last steps of this episode: sight, action, reward
    counts: Ints  # (5,)
    picked: Ints  # (MOST_BATCH,) places of the last batch
    valued: Floats  # (MOST_BATCH,) what its values were
    wanted: Floats  # (MOST_BATCH,) what they should have been
    weight: Floats  # (MOST_BATCH,) how much each counted
    report: Floats  # (6,)
    shape: Ints  # (4,) of the net: units in a hidden layer, such layers, which activation, whether its heads are two


class Nets(NamedTuple):
    """The shape of the nets, and the room they work in."""

    sizes: Ints  # of the layers
    activation: int
    dueling: bool
    room: Room  # of the net that learns
    judge: Room  # of the one that says what to learn
    q: Floats  # (1, A) what the net says
    ahead: Floats  # (A,) what the other one says of what came next
    seen: Singles  # (K,) what was kept of the sight before a step
    after: Singles  # (K,) and after it
    row: Singles  # (2 K + 5,) a transition on its way to the memory
    tree: Floats  # sums of the priorities; nothing where they do not count


@jit
def layer_sizes(scene, width, layers, dueling):
    """Lists the sizes of the layers; dueling heads have one output more, the value of the state."""
    sizes = np.full(layers + 2, width, np.int64)
    sizes[0], sizes[-1] = scene.sight, scene.actions + (1 if dueling else 0)
    return sizes


@jit_apart
def prepare(memory, scene, width, layers, activation, dueling, batch, prioritised):
    """Makes room to work in; the priorities are summed up where they are asked for."""
    sizes = layer_sizes(scene, width, layers, dueling)
    kept, n = scene.kept, len(memory.rows)
    tree = np.empty(2 * leaves_of(n) if prioritised else 0)
    if prioritised:
        build(memory.priority, tree)
    return Nets(sizes, activation, dueling, make_room(sizes, batch), make_room(sizes, batch),
                np.empty((1, scene.actions)), np.empty(scene.actions), np.empty(kept, np.float32),
                np.empty(kept, np.float32), np.empty(2 * kept + EXTRA, np.float32), tree)


@jit
def read_values(nets, out, row, q):
    """Reads Q(s, .) off the outputs of a net: as they are, or put together from dueling heads.

    Q(s, a) = V(s) + A(s, a) - mean A(s, .) (Wang et al., 2016, eq. 9).
    """
    actions, total = len(q), 0.0
    for a in range(actions):
        q[a] = np.float64(out[row, a])
        total += q[a]
    if nets.dueling:
        for a in range(actions):
            q[a] += np.float64(out[row, actions]) - total / actions


@jit_apart
def evaluate(weights, nets, scene, room, kept, q):
    """Writes what the net of these weights says of one sight into ``q``, (A,)."""
    expand(scene, kept, room.values[0, 0])
    forward(weights, nets.sizes, nets.activation, 1, room)
    read_values(nets, room.values[-1], 0, q)
    leave_out(scene, kept, q)


@jit
def leave_out(scene, kept, q):
    """Makes actions that a state does not have worth minus infinity, so that none chooses them."""
    if len(scene.mdp.missing) > 0:
        for a in range(len(q)):
            q[a] = -math.inf if scene.mdp.missing[int(kept[0]), a] else q[a]


@jit_apart
def show(memory, nets, scene):
    """Writes what the net says now into ``memory.q``: of all states of a table, or of what is seen."""
    if scene.kind == TABLE:
        for s in range(len(memory.q)):
            nets.after[0] = np.float32(s)
            evaluate(memory.net, nets, scene, nets.room, nets.after, memory.q[s])
    else:
        see(scene, memory.body, nets.after)
        evaluate(memory.net, nets, scene, nets.room, nets.after, memory.q[0])


@jit_apart
def remember(memory, nets, scene, t, a, r, ended, gamma, n, endings):
    """Keeps the transition that the last ``n`` steps make, all that wait when an episode ends; the body has moved."""
    kept, counts, trail = scene.kept, memory.counts, memory.trail
    see(scene, memory.body, nets.after)
    trail[counts[TRAIL], :kept] = nets.seen
    trail[counts[TRAIL], kept], trail[counts[TRAIL], kept + 1] = a, r
    counts[TRAIL] += 1
    while counts[TRAIL] > 0 and (counts[TRAIL] >= n or ended != 0):
        if endings or ended != 1:
            gather_steps(memory, nets, kept, t, ended, gamma)
            place = append(memory.rows, counts, nets.row)
            memory.priority[place] = memory.highest[0]
            if len(nets.tree):
                set_priority(nets.tree, place, memory.priority[place])
        counts[TRAIL] -= 1
        trail[: counts[TRAIL]] = trail[1 : counts[TRAIL] + 1].copy()


@jit
def gather_steps(memory, nets, kept, t, ended, gamma):
    """Makes one transition of the steps that wait: their rewards, discounted and summed."""
    row, steps, total, share = nets.row, memory.counts[TRAIL], 0.0, 1.0
    for i in range(steps):
        total += share * np.float64(memory.trail[i, kept + 1])
        share *= gamma
    row[:kept], row[kept : 2 * kept] = memory.trail[0, :kept], nets.after
    row[2 * kept + ACTION], row[2 * kept + REWARD] = memory.trail[0, kept], np.float32(total)
    row[2 * kept + STEPS], row[2 * kept + ENDED] = steps, ended
    row[2 * kept + BORN] = t + 1 - steps


def resized(memory: Deep, capacity: int, endings: bool) -> Deep:
    """Returns a memory of another capacity: its newest transitions move on, without endings where those are to go."""
    old = latest(memory.counts, len(memory.rows), len(memory.rows))
    old = old if endings else old[memory.rows[old, memory.rows.shape[1] - EXTRA + ENDED] != 1]
    old = old[max(0, len(old) - capacity) :]
    rows, priority = np.zeros((capacity, memory.rows.shape[1]), np.float32), np.zeros(capacity, np.float32)
    rows[: len(old)], priority[: len(old)] = memory.rows[old], memory.priority[old]
    memory.counts[[FILLED, NEXT, TRAIL, BATCH]] = len(old), len(old) % capacity, 0, 0
    return memory._replace(rows=rows, priority=priority)
