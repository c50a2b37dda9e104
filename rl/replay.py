"""A replay memory (Lin, 1992): a ring of transitions, drawn from evenly or by priority (Schaul et al., 2016).

A transition is one row of float32, so that a batch is read with few misses: what was kept of the sight (K,), what was
kept of the next one (K,), and then the five columns below, counted from 2 K.
"""

import math

import numpy as np

from rl.dice import REPLAY, uniform
from rl.jit import jit
from rl.mdp import Ints

ACTION, REWARD, STEPS, ENDED, BORN = range(5)
"""The action; the rewards of so many steps, discounted and summed; how many steps; how its last ended; its moment."""
EXTRA = 5
LEAST_PRIORITY = 1e-5
"""What is added to an error before it becomes a priority: nothing is forgotten for good."""


@jit
def append(rows, fill, row):
    """Puts a row into the ring, over the oldest where it is full; returns its place.

    ``fill`` holds how many rows there are, and where the next one goes.
    """
    size, place = len(rows), fill[1]
    rows[place] = row
    fill[0] = min(fill[0] + 1, size)
    fill[1] = (place + 1) % size
    return place


def latest(fill: Ints, size: int, n: int) -> Ints:
    """Returns the places of the ``n`` newest rows, oldest first, or of all there are."""
    n = min(n, int(fill[0]))
    places: Ints = (int(fill[1]) - n + np.arange(n)) % size
    return places


@jit
def leaves_of(n):
    """Returns the power of two that has room for ``n`` leaves."""
    leaves = 1
    while leaves < n:
        leaves *= 2
    return leaves


@jit
def build(priority, tree):
    """Writes priorities (n,) into a sum tree: ``tree[1]`` is their sum, the children of node i are 2 i and 2 i + 1."""
    leaves = len(tree) // 2
    tree[:] = 0.0
    for i in range(len(priority)):
        tree[leaves + i] = priority[i]
    for node in range(leaves - 1, 0, -1):
        tree[node] = tree[2 * node] + tree[2 * node + 1]


@jit
def set_priority(tree, i, value):
    """Gives leaf ``i`` another priority, in O(log n); the tree is the one `build` would make, to the last bit."""
    node = len(tree) // 2 + i
    tree[node] = value
    while node > 1:
        node //= 2
        tree[node] = tree[2 * node] + tree[2 * node + 1]


@jit
def find(tree, mass):
    """Returns the leaf below whose end ``mass`` lies, the priorities laid end to end, 0 <= mass < their sum."""
    node, leaves = 1, len(tree) // 2
    while node < leaves:
        node *= 2
        if mass >= tree[node] and tree[node + 1] > 0.0:  # rounding may leave a little more than there is
            mass -= tree[node]
            node += 1
    return node - leaves


@jit
def draw_evenly(fill, seed, t, picked):
    """Draws the places of ``len(picked)`` rows, each with the same chance, some maybe twice."""
    for i in range(len(picked)):
        picked[i] = int(uniform(seed, t, REPLAY + i) * fill[0])


@jit
def draw_by_priority(tree, filled, beta, seed, t, picked, weight):
    """Draws places in proportion to their priorities, one from each of as many equal parts of the sum as are drawn.

    Writes their importance weights, (N P(i))^-beta over the largest of them: with beta 1 they undo the favour
    (Schaul et al., 2016, section 3.4).
    """
    n, total, largest = len(picked), tree[1], 0.0
    for i in range(n):
        picked[i] = min(find(tree, (i + uniform(seed, t, REPLAY + i)) / n * total), filled - 1)
        weight[i] = power(filled * tree[len(tree) // 2 + picked[i]] / total, -beta)
        largest = max(largest, weight[i])
    for i in range(n):
        weight[i] /= largest


@jit
def power(x, exponent):
    """Returns x to a power, x > 0: compiled and plain the same, which ``**`` is not."""
    return math.exp(exponent * math.log(x))
