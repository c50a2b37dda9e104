"""Others in the same place: what the best policy, a random one and a Q-learner get from the same seed."""

from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from rl.agents.binned_q_learning import BinnedQLearning
from rl.agents.control.q_learning import QLearning
from rl.envs.base import Env, World
from rl.mdp import Floats
from rl.run import Run, advance, begin
from rl.truth import solution

PATIENCE = 20_000
"""Steps after which a rival gives up: the best policy need not ever finish an episode, nor a random one soon."""
HURRY = 0.9999
"""The discount of the best policy is at most this: at 1 whoever puts the goal off ties with whoever goes there."""
LEARNERS: dict[str, type[QLearning]] = {kind.family: kind for kind in (QLearning, BinnedQLearning)}
"""Who learns by Q-learning in each family of worlds."""


class Rival(NamedTuple):
    """Somebody else's returns, an episode each; fewer than asked for where they ran out of patience."""

    name: str
    returns: Floats


@lru_cache(maxsize=256)
def rivals(env: World, gamma: float, seed: int, episodes: int) -> tuple[Rival, ...]:
    """Lets an optimal agent (where the optimum is known), a Q-learner and a random one play from one seed."""
    kind = LEARNERS[env.family]
    runs = {
        "the best policy": _best(env, gamma, seed),
        "Q-learning": begin(env, kind(alpha=0.5, epsilon=0.1, gamma=gamma), seed),
        "acting at random": begin(env, kind(alpha=0.0, epsilon=1.0, gamma=gamma), seed),
    }
    return tuple(Rival(name, _returns(run, episodes)) for name, run in runs.items() if run is not None)


def _best(env: World, gamma: float, seed: int) -> Run | None:
    """Puts the exact values into the table of an agent that neither explores nor learns."""
    if not isinstance(env, Env) or not solution(env, gamma).finite:
        return None
    run = begin(env, QLearning(alpha=0.0, epsilon=0.0, gamma=gamma), seed)
    return replace(run, memory=run.memory._replace(q=_without_noise(solution(env, min(gamma, HURRY)).q)))


def _without_noise(q: Floats) -> Floats:
    """Rounds exact values so that what ties in truth ties in the table."""
    return np.asarray(np.round(np.where(np.isfinite(q), q, -1e9), 9))


def _returns(run: Run, episodes: int) -> Floats:
    log = advance(run, min(PATIENCE, run.env.patience), run.episode + episodes, 0, episodes)[1]
    return log.ret
