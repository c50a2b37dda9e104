"""The law of a market as an agent sees it: known where we made the market, counted where we did not."""

from typing import NamedTuple

import numpy as np

from rl.markets.chain import Chain, N, stationary
from rl.markets.trading import ADJUSTMENT, BONUS, PERCENT, POTENTIAL, blended
from rl.markets.wealth import POSITIONS
from rl.mdp import Floats, Ints, TabularMDP, cumulative, frozen

HELD = np.array(POSITIONS, np.float64)


class Law(NamedTuple):
    """How X sights follow each other, and what holding a position from one to the next earns on average."""

    probability: Floats  # (X, X)
    earned: Floats  # (X, 3) mean log(1 + position * growth) of each position
    opinion: Floats  # (X,) of the reader, where the sight tells it; NaN elsewhere
    start: Floats  # (X,) how often each is met
    exact: bool  # or counted on training days


def law_of_chain(chain: Chain) -> Law:
    """Returns the law of a market made by us, with nobody's opinion."""
    logs = np.log1p(HELD[None, :, None] * chain.growth[:, None, :])
    earned = (chain.probability[:, None, :] * logs).sum(axis=2)
    return Law(chain.probability, earned, np.full(len(chain.names), np.nan), stationary(chain), True)


def counted(sight: Ints, growth: Floats, opinion: Floats, sights: int) -> Law:
    """Counts a law on days (D,) in order; a sight never met stays as it is, and earns nothing."""
    follows = np.zeros((sights, sights))
    np.add.at(follows, (sight[:-1], sight[1:]), 1.0)
    leaves = follows.sum(axis=1)
    follows[leaves == 0, leaves == 0] = 1.0
    sums, often = np.zeros((sights, N)), np.bincount(sight, minlength=sights).astype(float)
    np.add.at(sums, sight, np.log1p(HELD[None, :] * growth[:, None]))
    seen = np.full(sights, np.nan)
    seen[sight] = opinion
    return Law(follows / follows.sum(axis=1, keepdims=True), sums / np.maximum(1.0, often)[:, None], seen,
               often / often.sum(), False)


def decisions(law: Law, cost: float, use: int = 0, weight: float = 0.0, gamma: float = 1.0,
              horizon: int = 0) -> TabularMDP:
    """Makes the MDP of trading under a law: states 3 x + action held, rewards as the agent is paid them.

    An opinion that may adjust what is held changes where an action leads; a bonus or a potential changes what it pays.
    """
    sights = len(law.start)
    held = taken(law, use, weight)
    pays = np.take_along_axis(law.earned, held + 1, axis=1)[:, None, :]
    traded = np.abs(held[:, None, :] - HELD[None, :, None])
    reward = pays + np.log1p(-cost * traded)
    opinion = np.nan_to_num(law.opinion)
    reward = np.repeat(reward[..., None], sights, axis=3)
    if use == BONUS:
        reward += weight * PERCENT * (opinion[:, None] * held)[:, None, :, None]
    if use == POTENTIAL:
        after = held[:, None, :, None] * opinion[None, None, None, :]
        reward += weight * PERCENT * (gamma * after - (opinion[:, None] * HELD)[:, :, None, None])
    ahead = N * np.arange(sights)[None, None, None, :] + (held + 1)[:, None, :, None]
    shape = (N * sights, N, sights)
    probability = np.broadcast_to(law.probability[:, None, None, :], (sights, N, N, sights)).reshape(shape)
    start = np.zeros((sights, N))
    start[:, 1] = law.start
    next_state = np.broadcast_to(ahead, reward.shape).reshape(shape).astype(np.int64)
    return frozen(TabularMDP(cumulative(probability), next_state, reward.reshape(shape).copy(),
                             np.zeros(shape, np.bool_), cumulative(start.ravel()), horizon))


def taken(law: Law, use: int, weight: float) -> Ints:
    """Returns the position each action comes to in each sight, (X, 3) of -1, 0, 1."""
    held = np.tile(np.array(POSITIONS, np.int64), (len(law.start), 1))
    if use == ADJUSTMENT:
        for x in np.flatnonzero(~np.isnan(law.opinion)):
            held[x] = [blended(weight, float(wanted), law.opinion[x]) for wanted in POSITIONS]
    return held
