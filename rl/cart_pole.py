"""The cart and the pole: the physics of Gymnasium's CartPole-v1, and how its four numbers are rounded into bins.

A body is (position of the cart in m, its speed in m/s, angle of the pole in rad, its spin in rad/s); right is positive.
"""

import math
from typing import NamedTuple

from rl.dice import START, uniform
from rl.jit import jit
from rl.mdp import Floats

GRAVITY, CART_MASS, POLE_MASS, HALF_POLE, FORCE, SECONDS = 9.8, 1.0, 0.1, 0.5, 10.0, 0.02
BOTH_MASSES, POLE_MOMENT = POLE_MASS + CART_MASS, POLE_MASS * HALF_POLE
FARTHEST, STEEPEST = 2.4, 12 * 2 * math.pi / 360  # m, rad: beyond these the episode is over
SHAKE = 0.05  # each of the four numbers starts within this of 0


class Bins(NamedTuple):
    """What the loops play: where one bin ends and the next begins, for each of the four numbers, and the time limit."""

    position: Floats  # (bins - 1,) m, rising
    speed: Floats  # m/s
    angle: Floats  # rad
    spin: Floats  # rad/s
    horizon: int  # steps after which an episode is truncated

    @property
    def states(self) -> int:
        """The number of bins, all four together."""
        return math.prod(len(edges) + 1 for edges in (self.position, self.speed, self.angle, self.spin))


@jit
def push(body, a):
    """Pushes the cart left (0) or right (1) for one step, changing ``body`` (4,); tells whether the episode is over.

    Euler's method, in the order of Gymnasium's own arithmetic (Barto, Sutton & Anderson, 1983; Florian, 2005).
    """
    x, x_dot, theta, theta_dot = body
    force = FORCE if a == 1 else -FORCE
    cos, sin = math.cos(theta), math.sin(theta)
    pull = (force + POLE_MOMENT * (theta_dot * theta_dot) * sin) / BOTH_MASSES
    swing = (GRAVITY * sin - cos * pull) / (HALF_POLE * (4.0 / 3.0 - POLE_MASS * (cos * cos) / BOTH_MASSES))
    body[0] = x + SECONDS * x_dot
    body[1] = x_dot + SECONDS * (pull - POLE_MOMENT * swing * cos / BOTH_MASSES)
    body[2] = theta + SECONDS * theta_dot
    body[3] = theta_dot + SECONDS * swing
    return abs(body[0]) > FARTHEST or abs(body[2]) > STEEPEST


@jit
def set_up(body, seed, episode):
    """Puts cart and pole, nearly at rest, where an episode starts."""
    for i in range(4):
        body[i] = -SHAKE + 2 * SHAKE * uniform(seed, 4 * episode + i, START)


@jit
def bin_of(bins, body):
    """Numbers the bin a body is in; the outermost ones have no end."""
    s = slot(bins.position, body[0])
    s = s * (len(bins.speed) + 1) + slot(bins.speed, body[1])
    s = s * (len(bins.angle) + 1) + slot(bins.angle, body[2])
    return s * (len(bins.spin) + 1) + slot(bins.spin, body[3])


@jit
def slot(edges, value):
    """Counts the edges that are not above a value."""
    n = 0
    while n < len(edges) and value >= edges[n]:
        n += 1
    return n


@jit
def replay(body, actions, ended, episode, seed, before, after):
    """Makes pushes again: writes the bodies ``before`` each (n + 1, 4) and right ``after`` it (n, 4)."""
    for i in range(len(actions)):
        before[i] = body
        push(body, actions[i])
        after[i] = body
        if ended[i]:
            episode += 1
            set_up(body, seed, episode)
    before[len(actions)] = body
