"""What the stage is sent of a policy that is a point: the true objective beneath it, its arrow and its cloud."""

from functools import lru_cache
from typing import Any

import numpy as np

from pages.parts.stage.stage import pack
from rl.agents.policy.ascent import Ascent
from rl.arrows import arrows
from rl.envs.base import Env
from rl.landscape import Landscape, curve, greedy_points, landscape
from rl.timeline import Timeline
from rl.truth import tabular

NAMES = {"episode": "run", "step": "update", "return": "J(π)"}
SIDE, FINE = 48, 200
"""Steps from corner to corner of the triangle, and from end to end of the line."""
EPSILON = 0.1
"""How often the nearly deterministic policies marked on the line do the other thing (S&B example 13.1)."""


def moments(timeline: Timeline, t0: int, t1: int) -> dict[str, Any]:
    """Packs the moments t0 to t1."""
    found = arrows(timeline, t0, t1)._asdict()
    return {"moments": {name: {"width": rows.shape[1], **pack(np.asarray(rows, np.float32))}
                        for name, rows in found.items()}}


def world(timeline: Timeline, t: int) -> dict[str, Any]:
    """Describes the landscape that the policy of moment ``t`` stands on."""
    _, env, agent = timeline.settings(t)
    assert isinstance(agent, Ascent)
    found = ground(tabular(env), agent.gamma)
    worth = found.worth[np.isfinite(found.worth)]
    actions = [action.name for action in env.actions]
    return {
        "kind": "landscape", "actions": len(actions), "names": actions, "grid": found.side, "tie": 0,
        "points": pack(found.points.astype(np.float32)), "worth": pack(found.worth.astype(np.float32)),
        "best": found.best.tolist(), "top": found.top, "low": float(worth.min()), "high": float(worth.max()),
        "marks": _marks(tabular(env), agent.gamma, actions) if len(actions) == 2 else [],
    }


@lru_cache(maxsize=32)
def ground(env: Env, gamma: float) -> Landscape:
    """Values all policies of two or three actions that are the same in every state."""
    if len(env.actions) == 2:
        return curve(env.mdp, gamma, FINE)
    return landscape(env.mdp, gamma, SIDE)


def _marks(env: Env, gamma: float, actions: list[str]) -> list[dict[str, Any]]:
    """Marks the policies that nearly always do the same thing."""
    return [{"p": [1 - point.p, point.p], "text": f"{point.text}: {point.worth:.1f}".replace(": -", ": −")}
            for point in greedy_points(env.mdp, gamma, EPSILON, actions)]
