"""The acrobot: the physics of Gymnasium's Acrobot-v1, two links that hang from a nail, with a motor between them.

A body is (angle of the upper link from hanging straight down, angle of the lower link from the upper one's direction,
in rad; the speeds of the two in rad/s); counterclockwise is positive.
"""

import math

from rl.dice import START, uniform
from rl.jit import jit

GRAVITY, MASS, LENGTH, CENTRE, MOMENT = 9.8, 1.0, 1.0, 0.5, 1.0  # of either link; CENTRE is of its mass
SECONDS = 0.2
FASTEST_UPPER, FASTEST_LOWER = 4 * math.pi, 9 * math.pi  # rad/s
HEIGHT = 1.0  # m above the nail: beyond this the free end has reached its goal
SHAKE = 0.1  # each of the four numbers starts within this of 0


@jit
def swing(body, a):
    """Turns the motor by -1, 0 or 1 N m for one step, changing ``body`` (4,); tells whether the goal is reached.

    One step of Runge and Kutta's method, in the order of Gymnasium's own arithmetic (Sutton, 1996; the first edition of
    Sutton & Barto, section 11.3).
    """
    torque, half, sixth = a - 1.0, SECONDS / 2.0, SECONDS / 6.0
    t1, t2, w1, w2 = body
    a1, a2 = accelerations(t1, t2, w1, w2, torque)
    v1, v2 = w1 + half * a1, w2 + half * a2
    b1, b2 = accelerations(t1 + half * w1, t2 + half * w2, v1, v2, torque)
    x1, x2 = w1 + half * b1, w2 + half * b2
    c1, c2 = accelerations(t1 + half * v1, t2 + half * v2, x1, x2, torque)
    y1, y2 = w1 + SECONDS * c1, w2 + SECONDS * c2
    d1, d2 = accelerations(t1 + SECONDS * x1, t2 + SECONDS * x2, y1, y2, torque)
    body[0] = wrapped(t1 + sixth * (w1 + 2 * v1 + 2 * x1 + y1))
    body[1] = wrapped(t2 + sixth * (w2 + 2 * v2 + 2 * x2 + y2))
    body[2] = min(max(w1 + sixth * (a1 + 2 * b1 + 2 * c1 + d1), -FASTEST_UPPER), FASTEST_UPPER)
    body[3] = min(max(w2 + sixth * (a2 + 2 * b2 + 2 * c2 + d2), -FASTEST_LOWER), FASTEST_LOWER)
    return -math.cos(body[0]) - math.cos(body[1] + body[0]) > HEIGHT


@jit
def accelerations(t1, t2, w1, w2, torque):
    """Returns how fast the speeds of both links change, in rad/s², as the book's equations of motion have it."""
    cos, sin, arm = math.cos(t2), math.sin(t2), MASS * LENGTH * CENTRE
    far = CENTRE * CENTRE
    d1 = MASS * far + MASS * (LENGTH * LENGTH + far + 2 * LENGTH * CENTRE * cos) + MOMENT + MOMENT
    d2 = MASS * (far + LENGTH * CENTRE * cos) + MOMENT
    phi2 = MASS * CENTRE * GRAVITY * math.cos(t1 + t2 - math.pi / 2)
    phi1 = (-arm * (w2 * w2) * sin - 2 * arm * w2 * w1 * sin
            + (MASS * CENTRE + MASS * LENGTH) * GRAVITY * math.cos(t1 - math.pi / 2) + phi2)
    lower = (torque + d2 / d1 * phi1 - arm * (w1 * w1) * sin - phi2) / (MASS * far + MOMENT - d2 * d2 / d1)
    return -(d2 * lower + phi1) / d1, lower


@jit
def wrapped(angle):
    """Brings an angle into -pi to pi by whole turns."""
    while angle > math.pi:
        angle -= 2 * math.pi
    while angle < -math.pi:
        angle += 2 * math.pi
    return angle


@jit
def hang(body, seed, episode):
    """Lets the links hang, nearly at rest, where an episode starts."""
    for i in range(4):
        body[i] = -SHAKE + 2 * SHAKE * uniform(seed, 4 * episode + i, START)
