"""The world a stage is drawn in, and its solution: the same for every moment of a run."""

from typing import Any

import numpy as np

from pages.parts.stage.stage import pack
from rl.agents.base import Agent
from rl.agents.planning.base import Planner
from rl.agents.policy.ascent import Ascent
from rl.agents.prediction.base import Prediction
from rl.envs.base import Env, World
from rl.figures.theme import palette
from rl.planning import TIE
from rl.truth import policy_truth, solution

BRUSHES = (("#", "wall"), (".", "floor"), ("S", "start"), ("G", "goal"), ("H", "pit"), ("C", "cliff"))


def scenery(env: World, agent: Agent) -> dict[str, Any]:
    """Describes a world and its solution, as far as this agent is after it; the same for every moment of it."""
    best = solution(env, agent.discount) if isinstance(env, Env) else None
    exact = exact_values(env, agent)
    n_states, n_actions = env.shape
    return {
        "learns": agent.learns, "ascends": isinstance(agent, Ascent),
        "world": _world(env) | {"tie": TIE if isinstance(agent, Planner) else 0},  # exact values round
        "states": [env.state_name(s) for s in range(n_states)],
        "actions": [action._asdict() for action in env.actions[:n_actions]],
        "n_states": n_states, "n_actions": n_actions,
        "q_star": None if exact is None else pack(exact.astype(np.float32)),
        "terminal": pack((~best.visitable if best else np.zeros(n_states)).astype(np.uint8)), "palette": palette(),
        "brushes": [{"char": char, "name": name} for char, name in BRUSHES],
    }


def exact_values(env: World, agent: Agent) -> np.ndarray | None:
    """Returns what values an agent that knew all would have, (S, width); None where none knows, or none is finite.

    Of a policy there is no such table: many are equally good, and what it is worth is known of it as a whole.
    """
    if not isinstance(env, Env) or agent.learns == "pi":
        return None
    if isinstance(agent, Prediction):
        v = policy_truth(env, agent)
        return v[:, None] if np.isfinite(v).all() else None
    best = solution(env, agent.discount)
    return best.q if best.finite else None


def _world(env: World) -> dict[str, Any]:
    picture = env.picture()
    if picture is None:
        return {"kind": env.drawn_as}
    layers = picture._asdict() | {"kind": "grid", "layers": len(picture.state_at)}
    return layers | {"state_at": pack(picture.state_at.astype(np.int32).ravel())}
