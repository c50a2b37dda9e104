"""How far an opinion changes what is best to do: solved exactly, with it and without."""

import numpy as np

from rl.markets.chain import N
from rl.markets.law import Law, decisions, taken
from rl.mdp import Bools, Floats
from rl.planning import action_values, optimal_actions, value_iteration


def share_changed(law: Law, cost: float, use: int, weight: float, gamma: float) -> float:
    """Returns the share of states in which the best position is another once the opinion is used as it is.

    Both problems are solved exactly, and the states that never occur are left out; where several positions are equally
    good, any of them counts as unchanged.
    """
    before, after = (best_positions(law, cost, of, weight, gamma) for of in (0, use))
    occurs = np.repeat(law.start > 0, N)
    same = np.asarray((before & after).any(axis=1))
    return float(np.mean(~same[occurs]))


def best_positions(law: Law, cost: float, use: int, weight: float, gamma: float) -> Bools:
    """Marks which positions the best actions come to, (S, 3)."""
    mdp = decisions(law, cost, use, weight, gamma)
    best = optimal_actions(action_values(mdp, value_iteration(mdp, gamma), gamma))
    found = np.zeros(best.shape, np.bool_)
    s, a = np.nonzero(best)
    found[s, taken(law, use, weight)[s // N, a] + 1] = True
    return np.asarray(found)


def optimal_values(law: Law, cost: float, gamma: float, use: int = 0, weight: float = 0.0) -> Floats:
    """Returns Q*(s, a), (S, 3), of trading for log wealth alone."""
    mdp = decisions(law, cost, use, weight, gamma)
    return action_values(mdp, value_iteration(mdp, gamma), gamma)
