"""A deep Q-network's values, targets and slopes in plain float64 numpy; its nets are those of tests/neural."""

from typing import NamedTuple

import numpy as np

from rl.agents.deep.base import BY_ERROR, HUBER, ON
from rl.agents.deep.memory import BATCH, FILLED, NEXT, layer_sizes, prepare
from rl.nets import ACTIVATIONS
from rl.replay import ACTION, ENDED, EXTRA, REWARD, STEPS
from rl.scenes import TABLE
from rl.tape import TERMINATED
from tests.neural import reference


def sizes(agent, scene):
    return layer_sizes(scene, agent.width, agent.layers, agent.dueling == ON)


def heads(out, actions, dueling):
    """Q from what comes out of a net, (n, outputs): V + A - mean A of dueling heads (Wang et al., 2016, eq. 9)."""
    advantage = out[:, :actions]
    return out[:, actions:] + advantage - advantage.mean(1, keepdims=True) if dueling else advantage


def values(flat, agent, scene, x):
    """Q of all actions for inputs (n, sight), as they come out of the net."""
    out = reference.out(flat, sizes(agent, scene), ACTIVATIONS.index(agent.activation), x)
    return heads(out, scene.actions, agent.dueling == ON)


def inputs(scene, kept):
    """What goes into a net for what was kept of sights, (n, K)."""
    return scene.looks[kept[:, 0].astype(int)].astype(np.float64) if scene.kind == TABLE else kept.astype(np.float64)


class Rows(NamedTuple):
    """Transitions taken apart, n rows."""

    before: np.ndarray  # what goes into the net
    after: np.ndarray
    a: np.ndarray
    reward: np.ndarray
    steps: np.ndarray
    ended: np.ndarray
    missing: np.ndarray  # (n, A) which actions what came next does not have


def taken_apart(scene, rows):
    k, tail = scene.kept, rows[:, 2 * scene.kept :].astype(np.float64)
    missing = np.zeros((len(rows), scene.actions), bool)
    if scene.mdp.missing.size:
        missing = scene.mdp.missing[rows[:, k].astype(int)]
    return Rows(inputs(scene, rows[:, :k]), inputs(scene, rows[:, k : 2 * k]), tail[:, ACTION].astype(int),
                tail[:, REWARD], tail[:, STEPS], tail[:, ENDED], missing)


def targets(net, target, agent, scene, rows):
    """r + gamma^n Q(s', a*; target), a* the best for the target net, or with Double DQN for the net that learns."""
    judge = values(target, agent, scene, rows.after)
    chooser = values(net, agent, scene, rows.after) if agent.double == ON else judge
    best = np.where(rows.missing, -np.inf, chooser).argmax(1)
    ahead = judge[np.arange(len(best)), best]
    return rows.reward + np.where(rows.ended == TERMINATED, 0.0, np.power(agent.gamma, rows.steps)) * ahead


def loss(flat, agent, scene, rows, wanted, weight):
    """Mean of e^2 / 2, or of Huber's |e| - 1/2 beyond an error of 1, each times its weight."""
    error = wanted - values(flat, agent, scene, rows.before)[np.arange(len(wanted)), rows.a]
    far = (np.abs(error) > 1) & (agent.loss == HUBER)
    return np.mean(weight * np.where(far, np.abs(error) - 0.5, error**2 / 2))


def slope(flat, agent, scene, rows, wanted, weight):
    """The slope of that loss in all weights, backwards through the net."""
    n, index = len(wanted), np.arange(len(wanted))
    error = wanted - values(flat, agent, scene, rows.before)[index, rows.a]
    pull = np.clip(error, -1, 1) if agent.loss == HUBER else error
    out = np.zeros((n, scene.actions + (agent.dueling == ON)))
    out[index, rows.a] = -pull * weight / n
    if agent.dueling == ON:
        out[:, :-1] -= (-pull * weight / n / scene.actions)[:, None]
        out[:, -1] = -pull * weight / n
    return reference.slope(flat, sizes(agent, scene), ACTIVATIONS.index(agent.activation), rows.before, out)


def transition(before, a, reward, after, steps=1, ended=0, born=0):
    """A row of the replay memory."""
    row = [*np.atleast_1d(before), *np.atleast_1d(after), *[0.0] * EXTRA]
    row[-EXTRA:] = [a, reward, steps, ended, born]
    return np.array(row, np.float32)


def stage(agent, world, rows, picked=None, seed=0):
    """A memory that holds transitions of which a batch was drawn, two nets that differ, and room to work in."""
    scene = agent.model_of(world)
    memory = agent.new_memory(scene, seed)
    random = np.random.default_rng(seed)
    for net in (memory.net, memory.target):
        net += random.normal(0, 0.3, len(net)).astype(np.float32)
    picked = range(len(rows)) if picked is None else picked
    memory.rows[: len(rows)], memory.priority[: len(rows)] = np.reshape(rows, (-1, memory.rows.shape[1])), 1.0
    memory.counts[[FILLED, NEXT, BATCH]] = len(rows), len(rows) % agent.capacity, len(picked)
    memory.picked[: len(picked)], memory.weight[: len(picked)] = picked, 1.0
    return memory, room(agent, scene, memory, len(picked)), scene


def room(agent, scene, memory, batch):
    width, layers, activation, _ = agent.shape()
    return prepare(memory, scene, width, layers, activation, agent.dueling == ON, batch, agent.draws == BY_ERROR)


def put_table(flat, q):
    """Makes a net of one hidden layer, a unit for each state, say exactly what a table (S, outputs) says."""
    states, outputs = q.shape
    flat[:] = np.concatenate([np.eye(states).ravel(), np.zeros(states), q.ravel(), np.zeros(outputs)])
