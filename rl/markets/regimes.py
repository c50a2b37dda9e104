"""A market with two hidden moods that rarely change: what can be seen of them is a belief, filtered from the moves."""

import numpy as np

from rl.markets.law import HELD, Law
from rl.markets.paths import TEST_DAYS, TRAINING_DAYS, WARM_UP, Path, prices_of, with_notes
from rl.mdp import Floats

LIKELY = 0.6
"""Chance of a move up in the good mood, and of one down in the bad mood."""
STAYS = 0.98
"""Chance that a mood lasts another day."""
MOVE = 0.01
BELIEFS = 11


def filtered(belief: Floats | float, up: bool) -> Floats:
    """Returns the chance of the good mood on the next day, after a move, by Bayes' rule and a day's drift."""
    seen = np.asarray(belief) * (LIKELY if up else 1 - LIKELY)
    other = (1.0 - np.asarray(belief)) * (1 - LIKELY if up else LIKELY)
    after = seen / (seen + other)
    return np.asarray(STAYS * after + (1 - STAYS) * (1 - after))


def law_of_regimes(beliefs: int = BELIEFS) -> Law:
    """Returns the law on a grid of beliefs from 0 to 1.

    Between two points of the grid the next belief is one or the other, as likely as it is near: its mean is exact.
    """
    grid = np.linspace(0.0, 1.0, beliefs)
    rises = grid * LIKELY + (1 - grid) * (1 - LIKELY)
    probability = np.zeros((beliefs, beliefs))
    for up, chance in ((True, rises), (False, 1 - rises)):
        place = filtered(grid, up) * (beliefs - 1)
        low = np.minimum(place.astype(np.int64), beliefs - 2)
        probability[np.arange(beliefs), low] += chance * (1 - (place - low))
        probability[np.arange(beliefs), low + 1] += chance * (place - low)
    earned = rises[:, None] * np.log1p(MOVE * HELD) + (1 - rises)[:, None] * np.log1p(-MOVE * HELD)
    return Law(probability, earned, np.full(beliefs, np.nan), _long_run(probability), True)


def _long_run(probability: Floats) -> Floats:
    """Returns how often each belief is met in the long run."""
    n = len(probability)
    equations = np.vstack([probability.T - np.eye(n), np.ones(n)])
    found = np.maximum(np.linalg.lstsq(equations, np.append(np.zeros(n), 1.0), rcond=None)[0], 0.0)
    return np.asarray(found / found.sum())


def belief_names(beliefs: int = BELIEFS) -> tuple[str, ...]:
    """Names the points of the grid."""
    return tuple(f"good mood {share:.0%} likely" for share in np.linspace(0, 1, beliefs))


def path_of_regimes(draw: int) -> Path:
    """Draws a path; what is seen of each day is the belief before it, rounded to the grid."""
    luck = np.random.default_rng((draw, 3))
    days = WARM_UP + TRAINING_DAYS + TEST_DAYS
    good = np.cumsum(luck.random(days) > STAYS) % 2 == draw % 2
    up = luck.random(days) < np.where(good, LIKELY, 1 - LIKELY)
    belief = np.full(days + 1, 0.5)
    for day in range(days):
        belief[day + 1] = filtered(belief[day], bool(up[day]))
    return with_notes("regimes", prices_of(np.where(up, MOVE, -MOVE)), WARM_UP + TRAINING_DAYS, names=belief_names(),
                      state=np.rint(belief[:-1] * (BELIEFS - 1)).astype(np.int64), law=law_of_regimes())
