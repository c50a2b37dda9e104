"""One gradient step of a deep Q-network: draw a batch, say what its values should be, move the net towards that."""

import math

import numpy as np

from rl.agents.deep.memory import (
    BATCH,
    ENDINGS,
    ERROR,
    FILLED,
    LOSS,
    NORM,
    TARGET,
    UPDATES,
    VALUE,
    evaluate,
    leave_out,
    read_values,
)
from rl.backpropagation import backward
from rl.jit import jit, jit_apart
from rl.nets import forward
from rl.optimisers import descend
from rl.replay import ACTION, ENDED, LEAST_PRIORITY, REWARD, STEPS, draw_by_priority, draw_evenly, power, set_priority
from rl.scenes import TABLE, expand
from rl.tape import TERMINATED

COPIED, AVERAGED, NONE = range(3)
FOLLOWS = ("copied now and then", "averaged", "none")


@jit_apart
def draw(memory, nets, batch, prioritised, beta, seed, t):
    """Draws a batch from the replay memory: evenly, or by priority and with weights that make up for it."""
    picked, weight = memory.picked[:batch], memory.weight[:batch]
    memory.counts[BATCH] = batch
    if prioritised:
        draw_by_priority(nets.tree, memory.counts[FILLED], beta, seed, t, picked, weight)
    else:
        draw_evenly(memory.counts, seed, t, picked)
        weight[:] = 1.0


@jit_apart
def aim(memory, nets, scene, gamma, double):
    """Writes the targets y of the batch: the reward, and what the target net says of what came next."""
    kept, n = scene.kept, memory.counts[BATCH]
    chooser = memory.net if double else memory.target  # Double DQN: the net that learns chooses the action
    load(memory, nets.judge, scene, kept)
    forward(memory.target, nets.sizes, nets.activation, n, nets.judge)
    if double:
        load(memory, nets.room, scene, kept)
        forward(chooser, nets.sizes, nets.activation, n, nets.room)
    said, chosen, q = nets.judge.values[-1], (nets.room if double else nets.judge).values[-1], nets.q[0]
    rows, picked, wanted = memory.rows, memory.picked, memory.wanted
    for i in range(n):
        place, end = picked[i], 2 * kept
        read_values(nets, said, i, nets.ahead)
        read_values(nets, chosen, i, q)
        leave_out(scene, rows[place, kept:end], q)
        share = discount(rows[place, end + ENDED], rows[place, end + STEPS], gamma)
        wanted[i] = np.float64(rows[place, end + REWARD]) + share * nets.ahead[best(q)]


@jit
def load(memory, room, scene, first):
    """Puts what the batch saw before (``first`` = 0) or after (K) its steps before a net."""
    rows, picked, inputs = memory.rows, memory.picked, room.values[0]
    for i in range(memory.counts[BATCH]):
        if scene.kind == TABLE:
            expand(scene, rows[picked[i], first : first + 1], inputs[i])
        else:
            for j in range(scene.sight):
                inputs[i, j] = rows[picked[i], first + j]


@jit
def discount(ended, steps, gamma):
    """Returns how much of what came next counts: 0 after a termination, but not where an episode was cut short."""
    share = 0.0 if ended == TERMINATED else 1.0
    for _ in range(int(steps)):
        share *= gamma
    return share


@jit
def best(q):
    """Returns the action of the largest value, the first of equal ones."""
    found = 0
    for a in range(1, len(q)):
        if q[a] > q[found]:
            found = a
    return found


@jit_apart
def improve(memory, nets, scene, alpha, longest, huber, prioritised, favour):
    """Takes a gradient step of Adam on the losses of the batch, and writes the report."""
    end, n, room, report = 2 * scene.kept, memory.counts[BATCH], nets.room, memory.report
    report[:] = 0.0
    load(memory, room, scene, 0)
    forward(memory.net, nets.sizes, nets.activation, n, room)
    rows, said, errors, q = memory.rows, room.values[-1], room.errors[0], nets.q[0]
    for i in range(n):
        place = memory.picked[i]
        a, terminal = int(rows[place, end + ACTION]), rows[place, end + ENDED] == TERMINATED
        read_values(nets, said, i, q)
        memory.valued[i] = q[a]
        error = memory.wanted[i] - memory.valued[i]
        slope = max(-1.0, min(1.0, error)) if huber else error  # Huber's loss: errors beyond 1 pull no harder
        value_slopes(nets, -slope * memory.weight[i] / n, a, errors, i)
        note(report, error, slope, memory.weight[i], memory.valued[i], memory.wanted[i], terminal, n)
        if prioritised:
            rank(memory, nets, place, error, favour)
    backward(memory.net, nets.sizes, nets.activation, n, room)
    report[NORM] = descend(memory.net, room.slope, memory.mean, memory.square, memory.decay, alpha, longest)
    memory.counts[UPDATES] += 1


@jit
def value_slopes(nets, slope, a, errors, row):
    """Writes the slope in the outputs of a net whose value of ``a`` has this slope."""
    actions = nets.q.shape[1]
    for b in range(actions):
        share = (1.0 if b == a else 0.0) - (1.0 / actions if nets.dueling else 0.0)
        errors[row, b] = np.float32(slope * share)
    if nets.dueling:
        errors[row, actions] = np.float32(slope)


@jit
def note(report, error, slope, weight, value, target, terminal, n):
    """Adds one of ``n`` transitions to the report; the loss is e^2 / 2, or Huber's |e| - 1/2 where it is cut."""
    report[LOSS] += weight * slope * (error - 0.5 * slope) / n
    report[ERROR] += abs(error) / n
    report[VALUE] += value / n
    report[TARGET] += target / n
    report[ENDINGS] += (1.0 if terminal else 0.0) / n


@jit
def rank(memory, nets, place, error, favour):
    """Gives a transition its priority, (|error| + a little)^favour."""
    if math.isfinite(error):
        memory.priority[place] = np.float32(power(abs(error) + LEAST_PRIORITY, favour))
        memory.highest[0] = max(memory.highest[0], memory.priority[place])
        set_priority(nets.tree, place, memory.priority[place])


@jit_apart
def follow(memory, follows, period, tau):
    """Lets the target net follow: a copy every ``period`` gradient steps, a little after each, or no net of its own."""
    net, target = memory.net, memory.target
    if follows == AVERAGED:
        share = np.float32(tau)
        for i in range(len(net)):
            target[i] += share * (net[i] - target[i])
    elif follows == NONE or memory.counts[UPDATES] % period == 0:
        target[:] = net


@jit_apart
def target_of(memory, nets, scene, r, ended, gamma, double):
    """Returns the target of the step just taken, as if it were learned from at once."""
    evaluate(memory.target, nets, scene, nets.judge, nets.after, nets.ahead)
    if double:
        evaluate(memory.net, nets, scene, nets.room, nets.after, nets.q[0])
    else:
        nets.q[0] = nets.ahead
    return r + (0.0 if ended == TERMINATED else gamma) * nets.ahead[best(nets.q[0])]
