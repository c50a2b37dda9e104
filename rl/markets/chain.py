"""Markets whose law is known: a chain of states that no trader can move, and the decisions that are left to them."""

from typing import NamedTuple

import numpy as np

from rl.markets.wealth import POSITIONS, check_cost
from rl.mdp import Floats, Ints, TabularMDP, cumulative

N = len(POSITIONS)


class Chain(NamedTuple):
    """A market with X states. From day to day it moves by ``probability``, and the price grows by ``growth``."""

    names: tuple[str, ...]  # (X,)
    probability: Floats  # (X, X) from one day's state to the next
    growth: Floats  # (X, X) the return of the price on the way, .01 for 1 %


def stationary(chain: Chain) -> Floats:
    """Returns how often each state is met in the long run, (X,). Where that depends on the start, one such answer."""
    n = len(chain.names)
    equations = np.vstack([chain.probability.T - np.eye(n), np.ones(n)])
    found = np.linalg.lstsq(equations, np.append(np.zeros(n), 1.0), rcond=None)[0]
    return np.asarray(np.maximum(found, 0.0) / np.maximum(found, 0.0).sum())


def trading_mdp(chain: Chain, cost: float, *, additive: bool = False, horizon: int = 0) -> TabularMDP:
    """Makes the MDP of trading a market: S = 3 X states, ``3 x + action`` for market x and the position held so far.

    An action is a position of `POSITIONS`, held while the market moves on. The reward is the log of what wealth is
    multiplied with, or, ``additive``, position times return less ``cost`` times what was traded. Episodes start flat,
    in a state as likely as it is in the long run, and end, if at all, by the ``horizon``: cut short, not terminated.
    Raises ValueError where the cost is none, or a position could lose all there is.
    """
    markets = len(chain.names)
    probability = np.repeat(np.repeat(chain.probability[:, None, None, :], N, 1), N, 2).reshape(N * markets, N, markets)
    ahead = N * np.arange(markets)[None, None, :] + np.arange(N)[None, :, None]
    pays = _reward(chain, cost, additive).reshape(N * markets, N, markets)
    next_state = np.broadcast_to(ahead, pays.shape).astype(np.int64)
    start = np.zeros((markets, N))
    start[:, POSITIONS.index(0)] = stationary(chain)
    return _trimmed(probability, next_state, pays, start.ravel(), horizon)


def _reward(chain: Chain, cost: float, additive: bool) -> Floats:
    """Returns what each action pays, (X, before, after, X')."""
    position = np.array(POSITIONS, np.float64)
    traded = np.abs(position[None, :] - position[:, None])[None, :, :, None]
    earned = position[None, None, :, None] * chain.growth[:, None, None, :]
    if additive:
        if not cost >= 0:
            raise ValueError(f"The cost of a trade must not be negative; got {cost:g}.")
        return np.asarray(earned - cost * traded)
    check_cost(cost)
    if not (earned > -1.0).all():
        raise ValueError("A position could lose all there is in one day: let the price move less.")
    return np.asarray(np.log1p(-cost * traded) + np.log1p(earned))


def _trimmed(probability: Floats, next_state: Ints, reward: Floats, start: Floats, horizon: int) -> TabularMDP:
    """Leaves out what cannot happen: the outcomes of a state come first, and as many are kept as any state has."""
    order = np.argsort(probability <= 0, axis=2, kind="stable")
    kept = int((probability > 0).sum(axis=2).max())
    p, pays = (np.take_along_axis(a, order, 2)[:, :, :kept].copy() for a in (probability, reward))
    ahead = np.take_along_axis(next_state, order, 2)[:, :, :kept].copy()
    return TabularMDP(cumulative(p), ahead, pays, np.zeros(p.shape, np.bool_), cumulative(start), horizon)


def planted_edge(q: float, move: float = 1.0) -> Chain:
    """Makes a market whose daily return, ``move`` up or down, repeats its sign with probability ``q``."""
    stays = np.array([[q, 1.0 - q], [1.0 - q, q]])
    return Chain(("fell", "rose"), stays, np.array([[-move, move], [-move, move]]))
