"""Markov decision processes as arrays: what the compiled loops play, and what planning solves."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rl.jit import jit

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


ALL_THERE: Bools = np.zeros((0, 0), np.bool_)
"""What an MDP in which no action is missing says of them."""
ALL_THERE.flags.writeable = False


class TabularMDP(NamedTuple):
    """A finite MDP with S states, A actions and at most K outcomes of each. Spare outcomes have probability 0."""

    cdf: Floats  # (S, A, K) cumulative probability of the outcomes; the last is exactly 1
    next_state: Ints  # (S, A, K)
    reward: Floats  # (S, A, K)
    terminal: Bools  # (S, A, K) termination only; a time limit is `horizon`
    start_cdf: Floats  # (S,) cumulative probability of starting in each state
    horizon: int  # steps after which an episode is truncated (its target still bootstraps); 0 = never
    missing: Bools = ALL_THERE  # (S, A) actions a state does not have: they do what another does, and none chooses them

    @property
    def probability(self) -> Floats:
        """Probability of each outcome, (S, A, K)."""
        return np.diff(self.cdf, axis=2, prepend=0.0)

    @property
    def start(self) -> Floats:
        """Probability of starting in each state, (S,)."""
        return np.diff(self.start_cdf, prepend=0.0)

    @property
    def absorbing(self) -> Bools:
        """States no episode goes on from, (S,): every outcome stays there, ends, and pays nothing."""
        first = self.terminal[:, 0, 0] | (self.cdf[:, 0, 0] <= 0)  # most states are ruled out by one look
        s = np.flatnonzero(first)
        happens = np.diff(self.cdf[s], axis=2, prepend=0.0) > 0
        stays = (self.next_state[s] == s[:, None, None]) & self.terminal[s] & (self.reward[s] == 0)
        first[s] = np.all(stays | ~happens, axis=(1, 2))
        return np.asarray(first)

    @property
    def visitable(self) -> Bools:
        """States in which an agent can come to choose an action, (S,): reachable from a start, nothing having ended."""
        goes_on = (self.probability > 0) & ~self.terminal
        reached = self.start > 0
        frontier = reached
        while frontier.any():
            ahead = np.zeros_like(reached)
            ahead[self.next_state[frontier][goes_on[frontier]]] = True
            frontier = ahead & ~reached
            reached = reached | ahead
        return np.asarray(reached)


class Same:
    """Tells MDPs apart by identity, so that what is known of one can be looked up: its arrays have no hash."""

    def __init__(self, mdp: TabularMDP) -> None:
        self.mdp = mdp

    def __hash__(self) -> int:
        return id(self.mdp)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.mdp is other.mdp


Outcome = tuple[float, int, float, bool]
"""(probability, next state, reward, terminated), as in the transition tables P of Gymnasium's toy texts."""


def from_table(table: list[list[list[Outcome]]], start: Floats, horizon: int = 0) -> TabularMDP:
    """Builds an MDP from ``table[s][a]``, a list of outcomes, and the start distribution ``start`` (S,).

    A row shorter than the longest has so many actions fewer; whoever takes one all the same takes the row's last.
    Raises ValueError where probabilities do not sum to one or a state does not exist.
    """
    n_states, n_actions = len(table), max(map(len, table))
    n_outcomes = max(len(outcomes) for row in table for outcomes in row)
    probability, reward = np.zeros((2, n_states, n_actions, n_outcomes))
    next_state = np.zeros((n_states, n_actions, n_outcomes), np.int64)
    terminal = np.zeros((n_states, n_actions, n_outcomes), np.bool_)
    for s, row in enumerate(table):
        for a, outcomes in enumerate(row + row[-1:] * (n_actions - len(row))):
            for k, (p, s_next, r, ends) in enumerate(outcomes):
                probability[s, a, k], next_state[s, a, k] = p, s_next
                reward[s, a, k], terminal[s, a, k] = r, ends
    if next_state.min() < 0 or next_state.max() >= n_states:
        raise ValueError("a transition leads to a state that does not exist.")
    return TabularMDP(cumulative(probability), next_state, reward, terminal, cumulative(start), int(horizon),
                      _missing(table, n_actions))


def frozen(mdp: TabularMDP) -> TabularMDP:
    """Makes the arrays of an MDP that is shared read-only."""
    for array in mdp:
        if isinstance(array, np.ndarray):
            array.flags.writeable = False
    return mdp


def _missing(table: list[list[list[Outcome]]], n_actions: int) -> Bools:
    """Marks what is behind the end of each row, (S, A), if anything is."""
    missing = np.arange(n_actions) >= np.array([[len(row)] for row in table])
    return missing if missing.any() else ALL_THERE


def cumulative(probability: Floats) -> Floats:
    """Sums probabilities up along the last axis, to exactly 1. Raises ValueError where they are none."""
    cdf = np.cumsum(probability, axis=-1)
    if not np.allclose(cdf[..., -1], 1.0, atol=1e-9) or probability.min() < 0:
        raise ValueError("probabilities must be non-negative and sum to one.")
    cdf[cdf >= cdf[..., -1:]] = 1.0
    return np.ascontiguousarray(cdf)


def from_gymnasium(env: Any) -> TabularMDP:
    """Reads the transition table ``P`` of any Gymnasium environment that has one.

    The start distribution is its ``initial_state_distrib``; an environment without one is reset a thousand times and
    counted. Raises ValueError when there is no ``P``.
    """
    bare = env.unwrapped
    if not hasattr(bare, "P"):
        raise ValueError(f"{type(bare).__name__} has no transition table P, so its outcomes cannot be listed.")
    table = [[[tuple(o) for o in bare.P[s][a]] for a in range(len(bare.P[s]))] for s in range(len(bare.P))]
    start = getattr(bare, "initial_state_distrib", None)
    if start is None:
        start = np.bincount([env.reset(seed=i)[0] for i in range(1000)], minlength=len(table)) / 1000
    horizon = env.spec.max_episode_steps if env.spec and env.spec.max_episode_steps else 0
    mdp = from_table(table, np.asarray(start, np.float64), horizon)
    return mdp._replace(missing=getattr(bare, "missing", mdp.missing))


@jit
def act(mdp, s, a, luck):
    """Takes action ``a`` in ``s``; ``luck`` in [0, 1) picks the outcome. Returns (reward, next state, terminal)."""
    k = 0
    while luck >= mdp.cdf[s, a, k]:
        k += 1
    return mdp.reward[s, a, k], mdp.next_state[s, a, k], mdp.terminal[s, a, k]


@jit
def start_state(mdp, luck):
    """Draws the state an episode starts in: the first whose cumulative probability exceeds ``luck``."""
    low, high = 0, len(mdp.start_cdf) - 1
    while low < high:
        middle = (low + high) // 2
        if luck < mdp.start_cdf[middle]:
            high = middle
        else:
            low = middle + 1
    return low
