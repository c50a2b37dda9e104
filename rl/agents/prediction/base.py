"""What the agents that value a fixed policy have in common: knobs, the policy they follow, a table of state values."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from rl.agents.base import Agent
from rl.knob import choice, knob
from rl.mdp import Floats, Ints, Same, TabularMDP
from rl.planning import action_values, optimal_actions, value_iteration
from rl.policies import STEP_SCHEDULES

RANDOM, OPTIMAL, HALF = "random", "optimal", "half and half"
ENDLESS = ("There is no optimal policy here: with gamma 1 reward or cost can go on for ever. Choose a smaller gamma, "
           "or the random policy.")


class VTable(NamedTuple):
    """The values of states and how often each was left, both (S,), and the chances of the actions, (S, A)."""

    v: Floats
    visits: Ints
    policy: Floats


@dataclass(frozen=True)
class Prediction(Agent):
    """Base of the agents that learn the values of states under a policy that stays as it is."""

    policy: str = choice(RANDOM, (RANDOM, OPTIMAL, HALF), "The policy whose value is learned: any action with equal "
                         "chance, an optimal one, or a coin toss between these two in every step.")
    alpha: float = knob(0.1, 0.0, 1.0, "Step size: how far each update moves the estimate towards its target.", 0.01)
    gamma: float = knob(1.0, 0.0, 1.0, "Discount: how much the future counts. 0 sees only the next reward.", 0.01)
    initial: float = knob(0.0, -20.0, 20.0, "Value given to states never visited.", 0.5)
    alpha_schedule: str = choice("constant", STEP_SCHEDULES, "How the step size changes: over the episodes, or 1/n, "
                                 "the n-th update of an entry counting as much as each one before.")
    alpha_last: float = knob(0.0, 0.0, 1.0, "Where the step size ends when it falls.", 0.01)
    span: int = knob(200, 1, 10_000, "Episodes for the step size to fall to its end (linear) or by half (exponential).",
                     10, label="span in episodes")

    learns = "v"

    def parameters(self) -> tuple[Any, ...]:
        """Discount and step size, as every loop takes them; a subclass adds its own behind them."""
        return self.gamma, self.alpha, self.alpha_last, STEP_SCHEDULES.index(self.alpha_schedule), self.span

    def chances(self, model: TabularMDP) -> Floats:
        """The chances of the actions in each state, (S, A). Raises ValueError where an optimum is asked and none is."""
        return _chances(Same(model), self.policy, self.gamma)

    def new_memory(self, model: TabularMDP, seed: int) -> Any:
        v = np.where(model.absorbing, 0.0, self.initial)
        return VTable(v, np.zeros(len(v), np.int64), self.chances(model).copy())

    def inherit(self, memory: Any, model: TabularMDP, seed: int) -> Any:
        mine = self.new_memory(model, seed)
        counts = {name: memory.visits.copy() for name in ("visits", "updates") if hasattr(mine, name)}
        return mine._replace(v=memory.v.copy(), **counts)

    def adopt(self, memory: Any, model: TabularMDP) -> None:
        """Follows this agent's policy in this world, and gives states never visited its initial value."""
        memory.policy[:] = self.chances(model)
        memory.v[(memory.visits == 0) & ~model.absorbing] = self.initial

    @property
    def looks_up(self) -> bool:
        return self.policy != RANDOM

    @property
    def step_size(self) -> float:
        return self.alpha

    @property
    def discount(self) -> float:
        return self.gamma


@lru_cache(maxsize=4)
def _chances(same: Same, policy: str, gamma: float) -> Floats:
    model = same.mdp
    evenly = _evenly(~model.missing if model.missing.size else np.ones(model.cdf.shape[:2], np.bool_))
    if policy == RANDOM:
        return evenly
    best = _optimal(model, gamma)
    return best if policy == OPTIMAL else (evenly + best) / 2


def _evenly(allowed: Any) -> Floats:
    return np.asarray(allowed / allowed.sum(axis=1, keepdims=True))


def _optimal(model: TabularMDP, gamma: float) -> Floats:
    """Returns the chances of an optimal policy that shares ties equally."""
    v = value_iteration(model, gamma)
    if not np.isfinite(v[model.visitable]).all():
        raise ValueError(ENDLESS)
    with np.errstate(invalid="ignore"):  # behind walls, where nobody comes, values may be infinite
        best = optimal_actions(action_values(model, v, gamma))
    return _evenly(best | ~best.any(axis=1, keepdims=True))
