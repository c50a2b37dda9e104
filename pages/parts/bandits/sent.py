"""What the stage is sent of a bandit beside its steps: what was true and believed, and why each arm was pulled."""

from typing import Any

import numpy as np

from pages.parts.stage.stage import pack
from rl.arms import BERNOULLI
from rl.bandits import reasons
from rl.bounds import true_means
from rl.envs.base import World
from rl.envs.testbed import Testbed
from rl.timeline import Timeline

REACH = 1.6
"""How far beyond their means the axis shows what Gaussian arms pay: 9 of 10 rewards."""


def behind(timeline: Timeline, t0: int, t1: int) -> dict[str, Any]:
    """Packs what lay behind the steps t0 to t1 - 1: rows of numbers for every moment, and a sentence for every step."""
    found = reasons(timeline, t0, t1)
    rows = {"value": found.value, "score": found.score, "width": found.width, "chance": found.chance,
            "best": found.best[:, None], "regret": found.regret[:, None]}
    moments = {name: {"width": array.shape[1], **pack(array.astype(np.float32))} for name, array in rows.items()}
    return {"moments": moments, "notes": [{"why": why} for why in found.why]}


def step_sizes(timeline: Timeline, t0: int, t1: int) -> np.ndarray:
    """Returns how far each step moved an estimate towards its reward: averages take ever smaller steps, 1/n."""
    visits, sizes = timeline.at(t0).memory.visits[0].copy(), np.empty(t1 - t0)
    for i, arm in enumerate(timeline.steps(t0, t1).action):
        visits[arm] += 1
        alpha = timeline.settings(t0 + i).agent.step_size
        sizes[i] = alpha if alpha > 0 else 1.0 / visits[arm]
    return sizes


def sentence(error: ValueError) -> str:
    """Says an error as a sentence of its own."""
    said = str(error)
    return f"{said[:1].upper()}{said[1:]}"


def axis(env: World, seed: int) -> dict[str, Any]:
    """Says between which values rewards mostly lie."""
    if not isinstance(env, Testbed):
        return {}
    if env.model.rewards == BERNOULLI:
        return {"bernoulli": True, "low": 0.0, "high": 1.0}
    value = true_means(env, seed)
    return {"bernoulli": False, "low": float(value.min()) - REACH, "high": float(value.max()) + REACH}
