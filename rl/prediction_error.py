"""How far predicted values are from the truth, episode by episode: in one run, and under many seeds."""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np

from rl.agents.base import Agent
from rl.agents.prediction.base import Prediction
from rl.envs.base import Env
from rl.mdp import Bools, Floats
from rl.run import Run, advance, begin
from rl.timeline import Timeline
from rl.truth import policy_truth, rms_error, tabular

PATIENCE = 100_000
"""Steps after which a seed gives up on finishing its episodes."""


@lru_cache(maxsize=20_000)
def error_at(timeline: Timeline, t: int) -> float:
    """Returns the root mean squared error of a run's values at moment ``t``, over the states it can be in."""
    run = timeline.at(t)
    env = tabular(run.env)
    return rms_error(run.memory.v, policy_truth(env, predicting(run.agent)), env.mdp.visitable)


def predicting(agent: Agent) -> Prediction:
    """Returns an agent that values a policy. Raises TypeError for any other."""
    if not isinstance(agent, Prediction):
        raise TypeError(f"{agent.title} values no fixed policy.")
    return agent


def is_finite(env: Env, agent: Prediction) -> bool:
    """Tells whether the policy has a finite value wherever it can come."""
    return bool(np.isfinite(policy_truth(env, agent)[env.mdp.visitable]).all())


def error_curves(timeline: Timeline, seeds: Iterable[int], episodes: int, patience: int = PATIENCE) -> Floats:
    """Returns the error before the first episode and after each, (n seeds, episodes + 1), as the run was begun.

    Edits are left out: the curves are of one setting. NaN where a seed ran out of patience.
    """
    env, agent = tabular(timeline.env), predicting(timeline.agent)
    truth, states = policy_truth(env, agent), env.mdp.visitable
    return np.array([_one_seed(begin(env, agent, seed), episodes, patience, truth, states) for seed in seeds])


def _one_seed(run: Run, episodes: int, patience: int, truth: Floats, states: Bools) -> Floats:
    errors = np.full(episodes + 1, np.nan)
    errors[0] = rms_error(run.memory.v, truth, states)
    for episode in range(1, episodes + 1):
        advance(run, patience, episode)
        if run.episode < episode:
            break
        errors[episode] = rms_error(run.memory.v, truth, states)
    return errors
