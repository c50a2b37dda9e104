"""Transition tables in a form that can be compared: the same outcome listed twice counts once, with both chances."""

from collections import defaultdict

import numpy as np

from rl.mdp import TabularMDP


def outcomes(mdp: TabularMDP, s: int, a: int) -> dict[tuple[int, float, bool], float]:
    """Maps each possible (next state, reward, terminal) to its probability, rounded to 12 places."""
    return merged(zip(mdp.probability[s, a], mdp.next_state[s, a], mdp.reward[s, a], mdp.terminal[s, a], strict=True))


def merged(listed) -> dict[tuple[int, float, bool], float]:
    """Does the same for outcomes as Gymnasium lists them."""
    chances: dict[tuple[int, float, bool], float] = defaultdict(float)
    for p, s_next, r, ends in listed:
        chances[int(s_next), float(r), bool(ends)] += float(p)
    return {outcome: round(p, 12) for outcome, p in chances.items() if p > 0}


def solve(mdp: TabularMDP, gamma: float, sweeps: int = 3000) -> np.ndarray:
    """Optimal action values by plain value iteration, (S, A): slow, obvious, and no code of the engine's."""
    v = np.zeros(len(mdp.cdf))
    for _ in range(sweeps):
        q = (mdp.probability * (mdp.reward + gamma * np.where(mdp.terminal, 0.0, v[mdp.next_state]))).sum(2)
        v = q.max(1)
    return q
