"""A small multilayer perceptron by hand, in float32; `rl.backpropagation` is the way back through it.

All weights of a net lie in one flat array, layer by layer: a matrix (inputs, outputs), then its biases (outputs,). So a
net is copied, compared and kept like any other array. Sums are taken in a fixed order: the same net gives the same
numbers to the last bit on every machine, compiled or plain.
"""

import math
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rl.dice import normal
from rl.jit import jit, jit_apart

Singles = NDArray[np.float32]

TANH, RELU = 0, 1
ACTIVATIONS = ("tanh", "relu")
ZERO = np.float32(0.0)
NARROW = 8
"""Outputs below which a layer is too thin to be computed along them."""


class Room(NamedTuple):
    """Where a net of L layers works on a batch: made once, and written over."""

    values: Singles  # (L + 1, batch, widest) what goes into each layer; the last is what comes out of the net
    errors: Singles  # (2, batch, widest) the slope of the loss in what comes out of a layer, and of the one before it
    turned: Singles  # (widest * widest,) a layer's matrix with rows and columns exchanged
    slope: Singles  # (weights,) the slope of the loss in every weight


def count(sizes: Any) -> int:
    """Counts the weights of a net whose layers have these sizes, inputs first."""
    return int(sum((a + 1) * b for a, b in pairwise(sizes)))


def new_net(sizes: Any, seed: int, stream: int, last_gain: float = 1.0, gain: float = math.sqrt(2.0)) -> Singles:
    """Draws the weights of a new net, (weights,), normal with deviation gain / sqrt(inputs); no biases.

    sqrt(2) keeps signals at their size from layer to layer, for a ReLU cuts off half of them (He et al., 2015); the
    last layer has a gain of its own: 1 keeps its size (LeCun et al., 1998), a small one makes all actions nearly equal
    at the start.
    """
    net, start = np.zeros(count(sizes), np.float32), 0
    for layer, (a, b) in enumerate(pairwise(sizes)):
        size = (last_gain if layer == len(sizes) - 2 else gain) / math.sqrt(a)
        draw(net[start : start + a * b], size, seed, start, stream)
        start += (a + 1) * b
    return net


@jit
def draw(weights, size, seed, first, stream):
    """Draws normal weights of that standard deviation; ``first`` is the place of the first among all of the net."""
    for i in range(len(weights)):
        weights[i] = np.float32(size * normal(seed, first + i, stream))


@jit
def make_room(sizes, batch):
    """Makes room for a batch to go through a net; what is there before it is written means nothing."""
    widest, weights = 0, 0
    for i in range(len(sizes)):
        widest = max(widest, sizes[i])
        weights += (sizes[i - 1] + 1) * sizes[i] if i > 0 else 0
    return Room(np.empty((len(sizes), batch, widest), np.float32), np.empty((2, batch, widest), np.float32),
                np.empty(widest * widest, np.float32), np.empty(weights, np.float32))


@jit_apart
def forward(net, sizes, activation, n, room):
    """Sends the first ``n`` rows of ``room.values[0]`` through the net; what comes out is in ``room.values[-1]``."""
    start, last = 0, len(sizes) - 2
    for layer in range(last + 1):
        a, b = sizes[layer], sizes[layer + 1]
        matrix = net[start : start + a * b].reshape((a, b))
        multiply(room.values[layer], matrix, net[start + a * b : start + (a + 1) * b], n, room.values[layer + 1])
        if layer < last:
            squash(room.values[layer + 1], activation, n, b)
        start += (a + 1) * b


@jit
def multiply(x, matrix, bias, n, y):
    """y = x matrix + bias, for ``n`` rows; four inputs at a time, which is what makes it fast."""
    inputs, outputs = matrix.shape
    fours = inputs - inputs % 4
    if outputs < NARROW:
        multiply_narrow(x, matrix, bias, n, y)
        return
    for row in range(n):
        for j in range(outputs):
            y[row, j] = bias[j]
        for i in range(0, fours, 4):
            a, b, c, d = x[row, i], x[row, i + 1], x[row, i + 2], x[row, i + 3]
            for j in range(outputs):
                y[row, j] += (a * matrix[i, j] + b * matrix[i + 1, j]) + (c * matrix[i + 2, j] + d * matrix[i + 3, j])
        for i in range(fours, inputs):
            a = x[row, i]
            for j in range(outputs):
                y[row, j] += a * matrix[i, j]


@jit_apart
def multiply_narrow(x, matrix, bias, n, y):
    """Does what `multiply` does for few outputs, in the same order: one sum after the other."""
    inputs, outputs = matrix.shape
    fours = inputs - inputs % 4
    for row in range(n):
        for j in range(outputs):
            total = bias[j]
            for i in range(0, fours, 4):
                total += ((x[row, i] * matrix[i, j] + x[row, i + 1] * matrix[i + 1, j])
                          + (x[row, i + 2] * matrix[i + 2, j] + x[row, i + 3] * matrix[i + 3, j]))
            for i in range(fours, inputs):
                total += x[row, i] * matrix[i, j]
            y[row, j] = total


@jit
def squash(y, activation, n, width):
    """Applies tanh or ReLU in place, to ``n`` rows."""
    for row in range(n):
        for j in range(width):
            y[row, j] = tanh(y[row, j]) if activation == TANH else max(y[row, j], ZERO)


P1, P3, P5, P7 = (np.float32(c) for c in (4.89352455891786e-03, 6.37261928875436e-04, 1.48572235717979e-05,
                                          5.12229709037114e-08))
P9, P11, P13 = (np.float32(c) for c in (-8.60467152213735e-11, 2.00018790482477e-13, -2.76076847742355e-16))
Q0, Q2, Q4, Q6 = (np.float32(c) for c in (4.89352518554385e-03, 2.26843463243900e-03, 1.18534705686654e-04,
                                          1.19825839466702e-06))
FLAT = np.float32(7.90531110763549805)


@jit
def tanh(x):
    """Returns tanh x to 3e-7, as a ratio of polynomials (the one of the Eigen library): the same bits everywhere."""
    x = min(max(x, -FLAT), FLAT)
    z = x * x
    above = x * (P1 + z * (P3 + z * (P5 + z * (P7 + z * (P9 + z * (P11 + z * P13))))))
    return above / (Q0 + z * (Q2 + z * (Q4 + z * Q6)))
