"""REINFORCE with a baseline as a careful learner writes it: two small nets in plain numpy, Gymnasium's ``step``."""

from itertools import pairwise
from typing import Any

import numpy as np


class Net:
    """A multilayer perceptron with tanh units, and Adam."""

    def __init__(self, sizes: list[int], rng: np.random.Generator, last: float = 1.0) -> None:
        gains = [2**0.5] * (len(sizes) - 2) + [last]
        shapes = list(pairwise(sizes))
        self.weights = [rng.normal(0, gain / a**0.5, (a, b)) for gain, (a, b) in zip(gains, shapes, strict=True)]
        self.biases = [np.zeros(b) for b in sizes[1:]]
        self.moments = [(np.zeros_like(p), np.zeros_like(p)) for p in self.weights + self.biases]
        self.t = 0

    def forward(self, x: np.ndarray) -> list[np.ndarray]:
        values = [x]
        for i, (weights, biases) in enumerate(zip(self.weights, self.biases, strict=True)):
            y = values[-1] @ weights + biases
            values.append(np.tanh(y) if i < len(self.weights) - 1 else y)
        return values

    def learn(self, values: list[np.ndarray], error: np.ndarray, alpha: float, longest: float) -> None:
        """Backpropagates the errors of a batch, cuts the gradient to a norm, and takes a step of Adam."""
        weights, biases = [], []
        for i in range(len(self.weights) - 1, -1, -1):
            weights.insert(0, values[i].T @ error)
            biases.insert(0, error.sum(0))
            if i > 0:
                error = (error @ self.weights[i].T) * (1 - values[i] ** 2)
        norm = np.sqrt(sum((g**2).sum() for g in weights + biases))
        share = min(1.0, longest / (norm + 1e-12))
        self.t += 1
        for p, g, (m, v) in zip(self.weights + self.biases, weights + biases, self.moments, strict=True):
            m += 0.1 * (share * g - m)
            v += 0.001 * ((share * g) ** 2 - v)
            p -= alpha * (m / (1 - 0.9**self.t)) / (np.sqrt(v / (1 - 0.999**self.t)) + 1e-8)


def learn(env: Any, agent: Any, steps: int, rng: np.random.Generator) -> list[float]:
    """Plays whole episodes for at least so many steps, with the agent's settings. Returns the return of each."""
    inputs, actions = env.observation_space.shape[0], int(env.action_space.n)
    hidden = [agent.width] * agent.layers
    policy, baseline = Net([inputs, *hidden, actions], rng, 0.01), Net([inputs, *hidden, 1], rng)
    returns: list[float] = []
    while steps > 0:
        seen, taken, rewards, cut = play(env, policy, rng)
        ahead = float(baseline.forward(cut)[-1][0]) if cut is not None else 0.0
        g = np.empty(len(rewards))
        for i in range(len(rewards) - 1, -1, -1):
            g[i] = ahead = rewards[i] + agent.gamma * ahead
        judged, values = baseline.forward(seen), policy.forward(seen)
        advantage = g - judged[-1][:, 0]
        error = softmax(values[-1]) - np.eye(actions)[taken]
        policy.learn(values, error * advantage[:, None] / len(g), agent.alpha, agent.longest)
        baseline.learn(judged, -advantage[:, None] / len(g), agent.alpha_v, agent.longest)
        returns.append(float(np.sum(rewards)))
        steps -= len(rewards)
    return returns


def play(env: Any, policy: Net, rng: np.random.Generator) -> tuple[np.ndarray, list[int], list[float], Any]:
    """Plays an episode: what was seen, done and earned, and what was seen last if a time limit cut it short."""
    state, seen, taken, rewards = env.reset()[0], [], [], []
    while True:
        pi = softmax(policy.forward(state)[-1])
        action = int(rng.choice(len(pi), p=pi))
        seen.append(state)
        state, reward, terminated, truncated, _ = env.step(action)
        taken.append(action)
        rewards.append(float(reward))
        if terminated or truncated:
            return np.array(seen), taken, rewards, None if terminated else state


def softmax(logits: np.ndarray) -> np.ndarray:
    e = np.exp(logits - logits.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)
