"""What the agents that learn a policy by its gradient have in common: knobs, preferences, and what is handed on."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from rl.agents.base import Agent, Table
from rl.jit import jit
from rl.knob import choice, knob
from rl.mdp import TabularMDP
from rl.policies import goes_on, softmax_policies
from rl.policy_gradient import available
from rl.updates import FAINT

SIGHT = ("the state", "nothing")
THETA = Table("theta", "Preferences", "How much each action is preferred: the policy is the softmax of them.", "value")
VALUES = Table("v", "State values", "What each state is thought to be worth under the policy.", "state")
HANDED_ON = ("pi", "visits", "theta", "v")


def policy_step(default: float) -> Any:
    """Declares the step size of a policy: what is learned in every step takes larger ones."""
    return knob(default, 0.0, 2.0, "Step size of the policy: how far each update moves the preferences.", 0.001,
                label="α  step size of the policy")


@jit
def fade(weight, rate):
    """Returns ``weight`` times ``rate``, or 0 where nothing is left of it."""
    return weight * rate if weight > FAINT else 0.0


@jit
def put_value(v, pi, s, value, blind):
    """Sets V(s) to ``value``, and that of all states in which one acts where a ``blind`` agent takes them for one."""
    for i in range(0 if blind else s, v.size if blind else s + 1):
        if goes_on(pi, i):
            v[i] = value


@dataclass(frozen=True)
class PolicyGradient(Agent):
    """Base of the agents that act by a softmax of preferences theta (S, A), which they move along a gradient.

    A memory holds ``pi``, ``visits`` and ``theta``, all (S, A), and ``v`` (S,) where there is a critic. All preferences
    are 0 at first, and stay within HUGE; an action that is missing has minus infinity. A blind agent keeps those of all
    states equal, and the values too: to it they are one.
    """

    alpha: float = policy_step(0.1)
    gamma: float = knob(0.99, 0.0, 1.0, "Discount: how much the future counts. 0 sees only the next reward.", 0.01)
    sees: str = choice("the state", SIGHT, "What the agent can tell apart. One that sees nothing is blind: it has one "
                       "policy for all states, as in the short corridor of Sutton & Barto's example 13.1.")

    learns = "pi"
    updates_many = True
    tables: ClassVar[tuple[Table, ...]] = (THETA,)

    def parameters(self) -> tuple[Any, ...]:
        """Discount, step size and blindness, as every loop takes them; a subclass adds its own behind them."""
        return self.gamma, self.alpha, self.sees == "nothing"

    def beginning(self, model: TabularMDP) -> dict[str, Any]:
        """What is in every memory: any action with equal chance."""
        there = available(model)
        theta = np.zeros(there.shape)
        if model.missing.size:
            theta[model.missing] = -np.inf
        pi = np.asarray(there / np.maximum(1, there.sum(axis=1, keepdims=True)))
        return {"pi": pi, "visits": np.zeros(there.shape, np.int64), "theta": theta, "slope": np.zeros(there.shape[1])}

    def inherit(self, memory: Any, model: TabularMDP, seed: int) -> Any:
        """Takes over what was learned; what is pending is forgotten, as if the episode began here."""
        mine = self.new_memory(model, seed)
        return mine._replace(**{name: np.broadcast_to(getattr(memory, name), getattr(mine, name).shape).copy()
                                for name in HANDED_ON if hasattr(mine, name) and hasattr(memory, name)})

    def adopt(self, memory: Any, model: TabularMDP) -> None:
        """Acts in this world by the preferences there are; one just blinded goes by those of where it was most."""
        there, counts, theta = available(model), memory.visits.sum(axis=1), memory.theta
        theta[there & np.isneginf(theta)] = 0.0
        if self.sees == "nothing":
            most = np.where(there, counts[:, None], -1).argmax(axis=0)
            np.copyto(theta, theta[most, np.arange(len(most))], where=there)
        if hasattr(memory, "v"):
            self._adopt_values(memory.v, there.any(axis=1), counts)
        memory.pi[:] = there
        softmax_policies(memory.pi, theta)

    def _adopt_values(self, v: Any, acts: Any, counts: Any) -> None:
        if self.sees == "nothing":
            v[:] = v[np.where(acts, counts, -1).argmax()]
        v[~acts] = 0.0

    def work(self, model: TabularMDP) -> float:
        return 1 + self.moved(model) * model.cdf.shape[1] / 2

    def moved(self, model: TabularMDP) -> float:
        """Of how many states the preferences move in a step, on average."""
        return float(len(model.cdf)) if self.sees == "nothing" else 1.0

    @property
    def step_size(self) -> float:
        return self.alpha

    @property
    def discount(self) -> float:
        return self.gamma


@dataclass(frozen=True)
class Critic(PolicyGradient):
    """Base of those that learn what states are worth besides, and compare what follows with it."""

    alpha_v: float = knob(0.2, 0.0, 1.0, "Step size of the values: how far each update moves what a state is thought "
                          "to be worth.", 0.001, label="α  step size of the values")

    tables: ClassVar[tuple[Table, ...]] = (THETA, VALUES)

    def parameters(self) -> tuple[Any, ...]:
        return *super().parameters(), self.alpha_v

    def beginning(self, model: TabularMDP) -> dict[str, Any]:
        return {**super().beginning(model), "v": np.zeros(len(model.cdf))}
