"""A net laid open: its weights, what each unit does with the present state, which units never do anything."""

from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from rl.deep_greedy import deep, nets_of, scene_of_run
from rl.deep_study import stored
from rl.envs.base import World
from rl.mdp import Bools, Floats, Ints
from rl.nets import RELU, Singles, forward
from rl.physics import ACROBOT, CAR, CART
from rl.run import Run
from rl.scenes import CELLS, TABLE, expand, see
from rl.timeline import Timeline, past_of

SATURATED = 0.999
"""A tanh unit that is beyond this, whatever is seen, tells nothing any more."""
INPUTS = {
    CART: ("position", "speed", "angle", "spin"), CAR: ("position", "speed"),
    ACROBOT: ("cos upper", "sin upper", "cos lower", "sin lower", "upper speed", "lower speed"),
}


class Layer(NamedTuple):
    """The weights of a layer, from n inputs to m units, and what the units do."""

    weights: Floats  # (n, m)
    biases: Floats  # (m,)
    activation: Floats  # (m,) of each unit in the present state; of the last layer, what comes out of the net
    dead: Bools  # (m,) whether a unit says the same of all the stored states: 0, or 1 or -1 where it is a tanh
    apart: Floats  # (n, m) weights minus those of the target net

    @property
    def drift(self) -> float:
        """The length of the difference to the target net, as a share of the length of the weights."""
        length = float(np.linalg.norm(self.weights))
        return float(np.linalg.norm(self.apart)) / length if length > 0 else 0.0


class NetPicture(NamedTuple):
    """A net at a moment."""

    inputs: Floats  # (sight,) what it sees now
    input_names: tuple[str, ...]
    layers: tuple[Layer, ...]  # the hidden ones, and that of the outputs
    output_names: tuple[str, ...]  # the actions; with dueling heads their advantages and, last, the state's value
    actions: tuple[str, ...]
    q: Floats  # (A,) Q(s,a) of the present state
    sample: int  # stored states by which the dead units were found; with none, no unit is called dead


def picture(timeline: Timeline, t: int) -> NetPicture:
    """Lays the net of moment ``t`` open; the arrays are shared. Raises TypeError where another agent plays."""
    t = min(t, timeline.last)
    return _picture(past_of(timeline, t), t)


@lru_cache(maxsize=32)
def _picture(timeline: Timeline, t: int) -> NetPicture:
    run = timeline.at(t)
    memory, scene, nets = deep(run), scene_of_run(run), nets_of(run)
    see(scene, memory.body, nets.seen)
    sample = stored(memory, scene)
    now, before = passed(run, nets.seen[None]), passed(run, sample)
    tanh = nets.activation != RELU
    dead = [_dead(values, tanh) for values in before[1:-1]] + [np.zeros(int(nets.sizes[-1]), np.bool_)]
    pairs = zip(matrices(memory.net, nets.sizes), matrices(memory.target, nets.sizes), strict=True)
    layers = tuple(Layer(w, b, now[i + 1][0], dead[i], w - other) for i, ((w, b), (other, _)) in enumerate(pairs))
    names = tuple(action.name for action in run.env.actions)
    outputs = (*(f"advantage of {name}" for name in names), "value of the state") if nets.dueling else names
    q = memory.q[int(memory.body[0]) if scene.kind == TABLE else 0].copy()
    return NetPicture(now[0][0], input_names(run.env, scene.sight, run.agent), layers, outputs, names, q, len(sample))


def _dead(values: Floats, tanh: bool) -> Bools:
    """Marks the units that say nothing over n sights, (n, units): none where there are no sights."""
    if not len(values):
        return np.zeros(values.shape[1], np.bool_)
    return np.asarray((np.abs(values) > SATURATED).all(axis=0) if tanh else (values <= 0.0).all(axis=0))


def input_names(world: World, sight: int, agent: Any) -> tuple[str, ...]:
    """Names what goes into a net: the numbers of a body, or a table's states or coordinates."""
    if world.family == "physics":
        return INPUTS[world.model.kind]
    if agent.sees == CELLS:
        return tuple(world.state_name(s) for s in range(sight))
    return ("row", "column") if sight == 2 else ("number of the state",)


def passed(run: Run, kept: Floats | Singles) -> list[Floats]:
    """Sends sights (n, K) through the net; returns what goes into each layer and what comes out, (n, units) each."""
    memory, scene, nets, n = deep(run), scene_of_run(run), nets_of(run, max(1, len(kept))), len(kept)
    for i in range(n):
        expand(scene, np.asarray(kept[i], np.float32), nets.room.values[0, i])
    forward(memory.net, nets.sizes, nets.activation, n, nets.room)
    return [nets.room.values[i, :n, :size].astype(np.float64) for i, size in enumerate(nets.sizes)]


def matrices(weights: Singles, sizes: Ints) -> list[tuple[Floats, Floats]]:
    """Takes the flat weights of a net apart: a matrix (inputs, outputs) and biases (outputs,) for each layer."""
    found, start = [], 0
    for n, m in pairwise(int(size) for size in sizes):
        part = weights[start : start + (n + 1) * m].astype(np.float64)
        found.append((part[: n * m].reshape(n, m), part[n * m :]))
        start += (n + 1) * m
    return found
