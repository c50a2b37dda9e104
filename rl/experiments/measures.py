"""What a run is judged by, one number a seed: returns, policies, how soon they came, and what they cost."""

from typing import NamedTuple

import numpy as np

from rl.mdp import Floats
from rl.trials import moving_average


class Measure(NamedTuple):
    """A column of the results: what it is called, and whether more of it is better."""

    title: str
    more_is_better: bool
    help: str


MEASURES = {
    "online": Measure("online return", True, "The mean return of the last episodes, while it still explores."),
    "greedy": Measure("greedy policy value", True, "The exact value, from the start, of acting greedily on the values "
                      "learned at the end; minus infinity where that never gets done."),
    "steps_to": Measure("steps to threshold", False, "Environment steps until the mean return of the last episodes "
                        "first reaches the threshold; infinity where it never does."),
    "episodes_to": Measure("episodes to threshold", False, "The same, counted in episodes."),
    "area": Measure("area under the curve", True, "The sum of the returns of all episodes: what learning earned, the "
                    "bad beginning included."),
    "seconds": Measure("computation time", False, "Processor seconds of learning, measured here and now."),
    "updates": Measure("updates", False, "Values updated, those of planning included."),
    "steps": Measure("environment steps", False, "Steps taken in the world."),
    "memory": Measure("memory", False, "Bytes of all that the agent remembers at the end."),
}
EXACT = tuple(name for name in MEASURES if name != "seconds")
"""Those that are the same whenever, and wherever, they are measured."""


def online_return(returns: Floats, last: int) -> float:
    """Averages the last episodes, (e,); NaN where one of them was never over."""
    return float(returns[-last:].mean())


def area(returns: Floats) -> float:
    """Sums the returns of all episodes, (e,); NaN where one was never over."""
    return float(returns.sum())


def first_above(returns: Floats, lengths: Floats, threshold: float, last: int) -> tuple[float, float]:
    """Returns after how many steps, and episodes, the mean of the last ones is at least ``threshold``.

    Infinity where that never comes about. No mean is taken of fewer episodes: one lucky return is none.
    """
    whole = moving_average(returns, last)[last - 1 :]
    reached = np.flatnonzero(whole >= threshold - 1e-9 * max(1.0, abs(threshold)))  # sums round
    if not len(reached):
        return np.inf, np.inf
    episodes = int(reached[0]) + last
    return float(lengths[:episodes].sum()), float(episodes)
