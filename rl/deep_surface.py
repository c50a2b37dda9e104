"""What a net makes of a body over any two of its variables, and where the episode has passed."""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from rl.acrobot import FASTEST_LOWER, FASTEST_UPPER
from rl.agents.deep.memory import TRAIL, Deep
from rl.cart_pole import FARTHEST, STEEPEST
from rl.deep_greedy import deep, scene_of_run, values_of
from rl.deep_study import sights
from rl.envs.base import World
from rl.mdp import Floats, Ints
from rl.mountain_car import FASTEST, LEFT_END, RIGHT_END
from rl.physics import ACROBOT, CAR, CART, HALF, MIDDLE
from rl.replay import BORN, EXTRA, latest
from rl.run import Run
from rl.timeline import Timeline, past_of

DEGREES = 180.0 / math.pi
NO_BODY = "{} has no body that moves: the grid itself shows what is known of its states."
UNKNOWN = "{} has two of these variables: {}."


class Variable(NamedTuple):
    """One of the numbers of a body, in the unit it is shown in."""

    name: str
    unit: str  # "" where it has none
    low: float  # the range that is drawn
    high: float
    place: int  # in the body
    scale: float = 1.0  # its unit over the body's

    @property
    def title(self) -> str:
        """Its name and its unit."""
        return f"{self.name} ({self.unit})" if self.unit else self.name


VARIABLES = {
    CART: (Variable("position", "m", -FARTHEST, FARTHEST, 0), Variable("speed", "m/s", -3.0, 3.0, 1),
           Variable("angle", "°", -STEEPEST * DEGREES, STEEPEST * DEGREES, 2, DEGREES),
           Variable("spin", "°/s", -180.0, 180.0, 3, DEGREES)),
    CAR: (Variable("position", "", LEFT_END, RIGHT_END, 0), Variable("speed", "", -FASTEST, FASTEST, 1)),
    ACROBOT: (Variable("upper angle", "°", -180.0, 180.0, 0, DEGREES),
              Variable("lower angle", "°", -180.0, 180.0, 1, DEGREES),
              Variable("upper speed", "°/s", -FASTEST_UPPER * DEGREES, FASTEST_UPPER * DEGREES, 2, DEGREES),
              Variable("lower speed", "°/s", -FASTEST_LOWER * DEGREES, FASTEST_LOWER * DEGREES, 3, DEGREES)),
}
FIRST = {CART: ("angle", "spin"), CAR: ("position", "speed"), ACROBOT: ("upper angle", "lower angle")}
"""The two that are worth seeing first."""


class Surface(NamedTuple):
    """Values over two variables; all in the units of the variables."""

    x: Variable
    y: Variable
    xs: Floats  # (n,)
    ys: Floats  # (n,)
    value: Floats  # (n, n) max Q(s,a); rows are along y
    action: Ints  # (n, n) number of the best action, the first of equal ones
    names: tuple[str, ...]  # of the actions
    trace: Floats  # (k, 2) where this episode has been, as far back as the replay memory reaches; the last is now
    held: tuple[str, ...]  # the other variables, and what they are held at: as they are now


def variables(world: World) -> tuple[Variable, ...]:
    """Returns what a surface of a world may be drawn over; nothing where it has no body."""
    return VARIABLES[world.model.kind] if world.family == "physics" else ()


def first(world: World) -> tuple[str, str]:
    """Names the two variables to begin with. Raises TypeError where a world has no body."""
    if world.family != "physics":
        raise TypeError(NO_BODY.format(world.title))
    return FIRST[world.model.kind]


def surface(timeline: Timeline, t: int, x: str, y: str, n: int = 41) -> Surface:
    """Returns what the net of moment ``t`` makes of n x n bodies that differ in two variables; the arrays are shared.

    The other variables are as they are at that moment, so the value at the last point of the trace is the one of the
    present; earlier points had others. Raises TypeError where a world has no body, ValueError where it does not have
    these variables.
    """
    t = min(t, timeline.last)
    return _surface(past_of(timeline, t), t, x, y, n)


@lru_cache(maxsize=128)
def _surface(timeline: Timeline, t: int, x: str, y: str, n: int) -> Surface:
    run = timeline.at(t)
    across, up = chosen(run.env, x, y)
    body, model = deep(run).body, run.env.model
    xs, ys = (np.linspace(one.low, one.high, n) for one in (across, up))
    bodies = np.repeat(body[None], n * n, axis=0)
    bodies[:, across.place], bodies[:, up.place] = np.tile(xs, n) / across.scale, np.repeat(ys, n) / up.scale
    q = values_of(run, sights(model.kind, model.sight, bodies))
    been = np.array([[one.scale * past[one.place] for one in (across, up)] for past in trace(run)])
    held = tuple(f"{one.name} {body[one.place] * one.scale:.3g} {one.unit}".replace("-", "−").strip()
                 for one in variables(run.env) if one not in (across, up))
    found = Surface(across, up, xs, ys, q.max(axis=1).reshape(n, n), q.argmax(axis=1).reshape(n, n),
                    tuple(action.name for action in run.env.actions), been, held)
    for array in (found.xs, found.ys, found.value, found.action, found.trace):
        array.flags.writeable = False
    return found


def chosen(world: World, x: str, y: str) -> tuple[Variable, Variable]:
    """Looks two variables up. Raises TypeError where a world has no body, ValueError where it has not these two."""
    known = {one.name: one for one in variables(world)}
    if not known:
        raise TypeError(NO_BODY.format(world.title))
    if x == y or x not in known or y not in known:
        raise ValueError(UNKNOWN.format(world.title, ", ".join(known)))
    return known[x], known[y]


def trace(run: Run) -> Floats:
    """Returns the bodies of this episode that are still remembered, oldest first, and the present one: (k, 4).

    Read off the replay memory and the steps that wait to go into it, so they are in single precision but for the last.
    """
    memory, kept, start = deep(run), scene_of_run(run).kept, run.step - int(run.clock.counts[3])
    rows = memory.rows[latest(memory.counts, len(memory.rows), len(memory.rows))]
    own = rows[rows[:, rows.shape[1] - EXTRA + BORN] >= start, :kept]
    been = np.concatenate([own, waiting(memory, kept)]).astype(np.float64)
    return np.concatenate([bodies_of(run.env.model.kind, been), memory.body[None]])


def waiting(memory: Deep, kept: int) -> Floats:
    """Returns what was seen in the steps that are not in the replay memory yet, (steps, K)."""
    return np.asarray(memory.trail[: memory.counts[TRAIL], :kept])


def bodies_of(kind: int, seen: Floats) -> Floats:
    """Returns the bodies that are seen like this, (n, K): (n, 4)."""
    if kind == CART:
        return seen
    found = np.zeros((len(seen), 4))
    if kind == CAR:
        found[:, 0], found[:, 1] = seen[:, 0] * HALF + MIDDLE, seen[:, 1] * FASTEST
    else:
        found[:, 0], found[:, 1] = np.arctan2(seen[:, 1], seen[:, 0]), np.arctan2(seen[:, 3], seen[:, 2])
        found[:, 2:] = seen[:, 4:6]
    return found
