"""The car in the valley: the physics of Gymnasium's MountainCar-v0, a motor too weak to climb the hill straight away.

A body is (position along the valley, whose bottom is at -pi/6; speed, in positions a step; and two numbers that stay 0,
for all bodies have four); right is positive.
"""

import math

from rl.dice import START, uniform
from rl.jit import jit

FORCE, GRAVITY = 0.001, 0.0025
LEFT_END, RIGHT_END, FASTEST = -1.2, 0.6, 0.07
FLAG, LEAST_SPEED = 0.5, 0.0  # the goal: from there on, at this speed or more
LEFTMOST_START, RIGHTMOST_START = -0.6, -0.4


@jit
def drive(body, a):
    """Pushes the car left (0), not at all (1) or right (2) for one step; tells whether the flag is reached.

    Changes ``body`` (4,), in the order of Gymnasium's own arithmetic (Moore, 1990; Sutton & Barto, example 10.1). At
    the left end there is a wall, which stops the car.
    """
    position, speed = body[0], body[1]
    speed += (a - 1) * FORCE + math.cos(3 * position) * -GRAVITY
    speed = min(max(speed, -FASTEST), FASTEST)
    position = min(max(position + speed, LEFT_END), RIGHT_END)
    if position == LEFT_END and speed < 0.0:
        speed = 0.0
    body[0], body[1] = position, speed
    return position >= FLAG and speed >= LEAST_SPEED


@jit
def park(body, seed, episode):
    """Lets the car stand near the bottom of the valley, where an episode starts."""
    body[:] = 0.0
    body[0] = LEFTMOST_START + (RIGHTMOST_START - LEFTMOST_START) * uniform(seed, 4 * episode, START)
