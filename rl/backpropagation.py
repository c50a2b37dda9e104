"""Back through a net of `rl.nets`: the slope of a loss in every weight, layer by layer (Rumelhart et al., 1986).

Matrices are walked in the order they lie in, four rows at a time and with their sums in a fixed order: that is what
makes it fast, and equal to the last bit everywhere.
"""

import numpy as np

from rl.jit import jit, jit_apart
from rl.nets import NARROW, TANH

ZERO, ONE = np.float32(0.0), np.float32(1.0)


@jit_apart
def backward(net, sizes, activation, n, room):
    """Writes into ``room.slope`` the slope of a loss in all weights, summed over ``n`` rows.

    `forward` must have been there, and ``room.errors[0]`` hold the slope in what came out of the net, (n, outputs).
    """
    layers, end = len(sizes) - 1, len(net)
    for layer in range(layers - 1, -1, -1):
        a, b = sizes[layer], sizes[layer + 1]
        start = end - (a + 1) * b
        error, before = room.errors[(layers - 1 - layer) % 2], room.errors[(layers - layer) % 2]
        collect(room.values[layer], error, n, room.slope[start : start + a * b].reshape((a, b)),
                room.slope[start + a * b : end])
        if layer > 0:
            turn(net[start : start + a * b].reshape((a, b)), room.turned[: a * b].reshape((b, a)))
            send_back(error, room.turned[: a * b].reshape((b, a)), n, before)
            through(room.values[layer], activation, n, a, before)
        end = start


@jit
def collect(x, error, n, matrix, bias):
    """matrix = x' error and bias = sum of the errors, over ``n`` rows; four rows at a time."""
    inputs, outputs = matrix.shape
    fours = n - n % 4
    bias[:] = ZERO
    for row in range(n):
        for j in range(outputs):
            bias[j] += error[row, j]
    if outputs < NARROW:
        collect_narrow(x, error, n, matrix)
        return
    matrix[:] = ZERO
    for row in range(0, fours, 4):
        for i in range(inputs):
            a, b, c, d = x[row, i], x[row + 1, i], x[row + 2, i], x[row + 3, i]
            for j in range(outputs):
                matrix[i, j] += ((a * error[row, j] + b * error[row + 1, j])
                                 + (c * error[row + 2, j] + d * error[row + 3, j]))
    for row in range(fours, n):
        for i in range(inputs):
            a = x[row, i]
            for j in range(outputs):
                matrix[i, j] += a * error[row, j]


@jit_apart
def collect_narrow(x, error, n, matrix):
    """Does what `collect` does for few outputs, in the same order: along the inputs."""
    inputs, outputs = matrix.shape
    fours, column = n - n % 4, np.empty(inputs, np.float32)
    for j in range(outputs):
        column[:] = ZERO
        for row in range(0, fours, 4):
            a, b, c, d = error[row, j], error[row + 1, j], error[row + 2, j], error[row + 3, j]
            for i in range(inputs):
                column[i] += (x[row, i] * a + x[row + 1, i] * b) + (x[row + 2, i] * c + x[row + 3, i] * d)
        for row in range(fours, n):
            for i in range(inputs):
                column[i] += x[row, i] * error[row, j]
        for i in range(inputs):
            matrix[i, j] = column[i]


@jit
def turn(matrix, turned):
    """Writes a matrix with its rows and columns exchanged."""
    for i in range(matrix.shape[0]):
        for j in range(matrix.shape[1]):
            turned[j, i] = matrix[i, j]


@jit
def send_back(error, turned, n, before):
    """before = error turned, for ``n`` rows: how much each input of a layer is to blame."""
    outputs, inputs = turned.shape
    fours = outputs - outputs % 4
    for row in range(n):
        for i in range(inputs):
            before[row, i] = ZERO
        for j in range(0, fours, 4):
            a, b, c, d = error[row, j], error[row, j + 1], error[row, j + 2], error[row, j + 3]
            for i in range(inputs):
                before[row, i] += (a * turned[j, i] + b * turned[j + 1, i]) + (c * turned[j + 2, i]
                                                                               + d * turned[j + 3, i])
        for j in range(fours, outputs):
            a = error[row, j]
            for i in range(inputs):
                before[row, i] += a * turned[j, i]


@jit
def through(value, activation, n, width, error):
    """Takes errors back through tanh or ReLU, whose slope is told by what came out of it."""
    for row in range(n):
        for i in range(width):
            y = value[row, i]
            slope = ONE - y * y if activation == TANH else (ONE if y > ZERO else ZERO)
            error[row, i] *= slope
