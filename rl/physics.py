"""Worlds whose states are numbers, not names: what a neural agent's loop plays, whichever of them it is."""

import math
from typing import NamedTuple

import numpy as np

from rl.acrobot import hang, swing
from rl.cart_pole import push, set_up
from rl.jit import jit
from rl.mountain_car import FASTEST, LEFT_END, RIGHT_END, drive, park

CART, ACROBOT, CAR = 0, 1, 2
MIDDLE, HALF = (LEFT_END + RIGHT_END) / 2, (RIGHT_END - LEFT_END) / 2  # of the car's track


class Physics(NamedTuple):
    """What the loops play: which world it is, its time limit, and how many numbers and actions it has."""

    kind: int  # CART, ACROBOT or CAR
    horizon: int  # steps after which an episode is truncated
    body: int  # numbers of its state
    sight: int  # numbers of an observation
    actions: int


@jit
def act_on(kind, body, a):
    """Takes an action for one step, changing ``body`` (4,) float64; returns the reward, and whether it is terminal."""
    if kind == CART:
        return 1.0, push(body, a)
    if kind == CAR:
        return -1.0, drive(body, a)
    reached = swing(body, a)
    return (0.0 if reached else -1.0), reached


@jit
def observe(kind, body, sight):
    """Writes what an agent sees of a body into ``sight``, float32: the four numbers of a cart as they are.

    Of an acrobot (6,) numbers: its angles as cosine and sine. Of a car (2,): position and speed, each scaled to -1 to 1
    between its ends, because a net would overlook a speed that is never above .07.
    """
    if kind == CART:
        for i in range(4):
            sight[i] = np.float32(body[i])
    elif kind == CAR:
        sight[0], sight[1] = np.float32((body[0] - MIDDLE) / HALF), np.float32(body[1] / FASTEST)
    else:
        for i in range(2):
            sight[2 * i], sight[2 * i + 1] = np.float32(math.cos(body[i])), np.float32(math.sin(body[i]))
            sight[4 + i] = np.float32(body[2 + i])


@jit
def begin(kind, body, seed, episode):
    """Puts a body where an episode starts."""
    if kind == CART:
        set_up(body, seed, episode)
    elif kind == CAR:
        park(body, seed, episode)
    else:
        hang(body, seed, episode)
