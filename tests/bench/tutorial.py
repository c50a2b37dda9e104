"""Q-learning as Gymnasium's own tutorial for FrozenLake writes it: the baseline that learners would write."""

from typing import Any, NamedTuple

import gymnasium
import numpy as np


class Learned(NamedTuple):
    """The Q-table, and what every episode brought."""

    q: np.ndarray
    returns: list[float]
    lengths: list[int]


def learn(env: gymnasium.Env[int, int], steps: int, alpha: float, gamma: float, epsilon: float, seed: int) -> Learned:
    """Takes so many steps in an environment, learning from each; ties are broken at random, as in the tutorial."""
    spaces: Any = env
    rng = np.random.default_rng(seed)
    q = np.zeros((spaces.observation_space.n, spaces.action_space.n))
    returns, lengths = [], []
    state, ret, length = env.reset(seed=seed)[0], 0.0, 0
    env.action_space.seed(seed)
    for _ in range(steps):
        action = choose(q, state, epsilon, rng, env)
        new_state, reward, terminated, truncated, _ = env.step(action)
        discount = 0.0 if terminated else gamma
        q[state, action] += alpha * (float(reward) + discount * np.max(q[new_state]) - q[state, action])
        state, ret, length = new_state, ret + float(reward), length + 1
        if terminated or truncated:
            returns.append(ret)
            lengths.append(length)
            state, ret, length = env.reset()[0], 0.0, 0
    return Learned(q, returns, lengths)


def choose(q: np.ndarray, state: int, epsilon: float, rng: np.random.Generator, env: gymnasium.Env[int, int]) -> int:
    """Explores with probability ``epsilon``, and otherwise picks any of the best actions."""
    if rng.random() < epsilon:
        return int(env.action_space.sample())
    best = np.flatnonzero(q[state] == np.max(q[state]))
    return int(rng.choice(best))
