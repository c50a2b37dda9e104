"""Nets, losses, Adam and updates in plain float64 numpy, written on their own: what ours are held against."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

TANH, RELU = 0, 1


class Batch(NamedTuple):
    """Steps to learn from, (n, D) and (n,) each."""

    x: np.ndarray  # what was seen
    a: np.ndarray
    advantage: np.ndarray
    before: np.ndarray  # how likely the action was when it was taken


def parts(flat, sizes):
    """Lists a net's layers as (matrix, bias), views of the flat array."""
    start, layers = 0, []
    for a, b in pairwise(sizes):
        layers.append((flat[start : start + a * b].reshape(a, b), flat[start + a * b : start + (a + 1) * b]))
        start += (a + 1) * b
    assert start == len(flat)
    return layers


def through(flat, sizes, activation, x):
    """Lists what goes into each layer, and last what comes out."""
    values = [np.asarray(x, np.float64)]
    for i, (matrix, bias) in enumerate(parts(np.asarray(flat, np.float64), sizes)):
        y = values[-1] @ matrix + bias
        hidden = i < len(sizes) - 2
        values.append(y if not hidden else np.tanh(y) if activation == TANH else np.where(y > 0, y, 0))
    return values


def out(flat, sizes, activation, x):
    return through(flat, sizes, activation, x)[-1]


def slope(flat, sizes, activation, x, error):
    """Returns the slope in all weights of a loss whose slope in what comes out is ``error``."""
    values, flat = through(flat, sizes, activation, x), np.asarray(flat, np.float64)
    result = np.zeros_like(flat)
    for (matrix, _), (d_matrix, d_bias), y in reversed(
            list(zip(parts(flat, sizes), parts(result, sizes), values, strict=False))):
        d_matrix[:], d_bias[:] = y.T @ error, error.sum(0)
        error = (error @ matrix.T) * (1 - y**2 if activation == TANH else y > 0)
    return result


def differences(loss, flat, by=1e-5):
    """Returns the slope of ``loss(flat)`` by central differences."""
    flat, result = np.array(flat, np.float64), np.zeros(len(flat))
    for i, old in enumerate(flat):
        flat[i] = old + by
        above = loss(flat)
        flat[i] = old - by
        result[i], flat[i] = (above - loss(flat)) / (2 * by), old
    return result


def policy(logits):
    e = np.exp(logits - logits.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def policy_loss(logits, batch, bonus):
    """-mean (A ln pi(a) + bonus H)."""
    pi = policy(logits)
    chosen = pi[np.arange(len(pi)), batch.a]
    return -np.mean(batch.advantage * np.log(chosen) - bonus * (pi * np.log(pi)).sum(1))


def clipped_loss(logits, batch, bonus, clip):
    """-mean (min(ratio A, clip(ratio) A) + bonus H): equation 7 of Schulman et al. (2017)."""
    pi = policy(logits)
    ratio = pi[np.arange(len(pi)), batch.a] / batch.before
    least = np.minimum(ratio * batch.advantage, np.clip(ratio, 1 - clip, 1 + clip) * batch.advantage)
    return -np.mean(least - bonus * (pi * np.log(pi)).sum(1))


def value_loss(values, target):
    return np.mean((values[:, 0] - target) ** 2) / 2


def by_rows(loss, outputs, by=1e-6):
    """Returns the slope of ``loss(outputs)`` in all outputs, (n, outputs), by central differences."""
    return differences(lambda flat: loss(flat.reshape(outputs.shape)), outputs.ravel(), by).reshape(outputs.shape)


def cut_to(g, most):
    norm = np.sqrt((g**2).sum())
    return g * min(1.0, most / norm) if norm > 0 else g


class Adam:
    """Algorithm 1 of Kingma & Ba (2015), line by line."""

    def __init__(self, flat, mean=0.0, square=0.0, steps=0):
        self.theta, self.m, self.v, self.t = np.array(flat, np.float64), mean, square, steps

    def step(self, g, alpha):
        self.t += 1
        self.m = 0.9 * self.m + 0.1 * g
        self.v = 0.999 * self.v + 0.001 * g**2
        m, v = self.m / (1 - 0.9**self.t), self.v / (1 - 0.999**self.t)
        self.theta = self.theta - alpha * m / (np.sqrt(v) + 1e-8)


def generalised_advantages(reward, judged, ahead, ended, gamma, lam):
    """sum_l (gamma lambda)^l delta_{i + l} up to the end of the episode or of the batch (Schulman et al., 2016)."""
    n = len(reward)
    delta = reward + gamma * ahead - judged
    result = np.zeros(n)
    for i in range(n):
        stops = np.flatnonzero(ended[i:])
        last = i + stops[0] if len(stops) else n - 1
        result[i] = sum((gamma * lam) ** (j - i) * delta[j] for j in range(i, last + 1))
    return result
