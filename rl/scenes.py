"""Any world as a net sees it: the same few functions play a table of states and a body that moves.

What is kept of a sight is what a replay memory stores: a body's observation, or a state's number, which says it all.
"""

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from rl.dice import START, uniform
from rl.jit import jit
from rl.mdp import TabularMDP, act, frozen, start_state
from rl.nets import Singles
from rl.physics import Physics, act_on, begin, observe

TABLE = -1
"""The kind of a scene whose states are listed; that of others is the one of their physics."""
CELLS, COORDINATES = "one input a state", "coordinates"
SEES = (CELLS, COORDINATES)


class Scene(NamedTuple):
    """What the loop of an agent with a net plays."""

    kind: int
    horizon: int  # steps after which an episode is truncated, 0 = never
    sight: int  # numbers that go into the net
    kept: int  # numbers that are kept of a sight
    actions: int
    mdp: TabularMDP  # of a table; no state at all where a body moves
    looks: Singles  # (S, sight) what each state of a table looks like


NO_TABLE = frozen(TabularMDP(np.ones((0, 1, 1)), np.zeros((0, 1, 1), np.int64), np.zeros((0, 1, 1)),
                             np.zeros((0, 1, 1), np.bool_), np.ones(0), 0))
NO_LOOKS: Singles = np.zeros((0, 1), np.float32)
NO_LOOKS.flags.writeable = False


def scene_of(world: Any, sees: str = CELLS) -> Scene:
    """Returns the scene of a world; ``sees`` is one of ``SEES`` and matters where states are listed."""
    return _body_scene(world.model) if isinstance(world.model, Physics) else _table_scene(world, sees)


def _body_scene(model: Physics) -> Scene:
    return Scene(model.kind, model.horizon, model.sight, model.sight, model.actions, NO_TABLE, NO_LOOKS)


@lru_cache(maxsize=64)
def _table_scene(world: Any, sees: str) -> Scene:
    states, actions = world.shape
    looks = np.eye(states, dtype=np.float32) if sees == CELLS else coordinates(world)
    looks.flags.writeable = False
    return Scene(TABLE, world.mdp.horizon, looks.shape[1], 1, actions, world.mdp, looks)


def coordinates(world: Any) -> Singles:
    """Returns where each state is: (S, 2) row and column of its cell, or (S, 1) its number, from -1 to 1."""
    states, picture = world.shape[0], world.picture()
    if picture is None:
        return _spread(np.arange(states), states)[:, None]
    found = np.zeros((states, 2), np.float32)
    for layer in picture.state_at:
        cell = np.flatnonzero(layer >= 0)
        found[layer[cell]] = np.stack([_spread(cell // picture.cols, picture.rows),
                                       _spread(cell % picture.cols, picture.cols)], axis=1)
    return found


def _spread(index: Any, n: int) -> Singles:
    return (2.0 * index / max(1, n - 1) - 1.0).astype(np.float32)


@jit
def take(scene, body, a, luck):
    """Takes an action for one step, changing ``body`` (4,); returns the reward, and whether it is terminal."""
    if scene.kind == TABLE:
        r, s_next, terminal = act(scene.mdp, int(body[0]), a, luck)
        body[0] = s_next
        return r, terminal
    return act_on(scene.kind, body, a)


@jit
def see(scene, body, kept):
    """Writes what is kept of what an agent sees into ``kept``, (kept,) float32."""
    if scene.kind == TABLE:
        kept[0] = np.float32(body[0])
    else:
        observe(scene.kind, body, kept)


@jit
def expand(scene, kept, inputs):
    """Writes the inputs of a net, (sight,) float32, for what was kept of a sight."""
    if scene.kind == TABLE:
        s = int(kept[0])
        for i in range(scene.sight):
            inputs[i] = scene.looks[s, i]
    else:
        for i in range(scene.sight):
            inputs[i] = kept[i]


@jit
def restart(scene, body, seed, episode):
    """Puts a body where an episode starts."""
    if scene.kind == TABLE:
        body[0] = start_state(scene.mdp, uniform(seed, episode, START))
    else:
        begin(scene.kind, body, seed, episode)
