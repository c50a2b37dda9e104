"""What the agents that learn to act have in common: knobs, schedules, and a Q-table that is handed on."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from rl.agents.base import Agent, QTable, new_table
from rl.knob import choice, knob
from rl.mdp import TabularMDP
from rl.policies import SCHEDULES, STEP_SCHEDULES


@dataclass(frozen=True)
class Control(Agent):
    """Base of the agents that act epsilon-greedily on a Q-table while they learn it."""

    epsilon: float = knob(0.1, 0.0, 1.0, "Chance of trying a random action instead of the one that looks best.", 0.01)
    alpha: float = knob(0.1, 0.0, 1.0, "Step size: how far each update moves the estimate towards its target.", 0.01)
    gamma: float = knob(0.99, 0.0, 1.0, "Discount: how much the future counts. 0 sees only the next reward.", 0.01)
    initial: float = knob(0.0, -20.0, 20.0, "Value given to actions never tried. High values are optimism: the agent "
                          "tries everything once to find out.", 0.5)
    schedule: str = choice("constant", SCHEDULES, "How epsilon changes over the episodes, counted from the first.")
    epsilon_last: float = knob(0.0, 0.0, 1.0, "Where epsilon ends when it falls.", 0.01)
    alpha_schedule: str = choice("constant", STEP_SCHEDULES, "How the step size changes: over the episodes, or 1/n, "
                                 "the n-th update of an entry counting as much as each one before.")
    alpha_last: float = knob(0.0, 0.0, 1.0, "Where the step size ends when it falls.", 0.01)
    span: int = knob(200, 1, 10_000, "Episodes for a rate to fall to its end (linear) or by half (exponential).", 10,
                     label="span in episodes")

    def parameters(self) -> tuple[Any, ...]:
        """Discount, step size and exploration, as every loop takes them; a subclass adds its own behind them."""
        return (self.gamma, self.alpha, self.alpha_last, STEP_SCHEDULES.index(self.alpha_schedule),
                self.epsilon, self.epsilon_last, SCHEDULES.index(self.schedule), self.span)

    def new_memory(self, model: TabularMDP, seed: int) -> Any:
        return new_table(model, self.initial)

    def inherit(self, memory: Any, model: TabularMDP, seed: int) -> Any:
        mine = self.new_memory(model, seed)
        return mine._replace(q=memory.q.copy(), visits=memory.visits.copy())

    def adopt(self, memory: QTable, model: TabularMDP) -> None:
        """Gives what was never tried this agent's initial value: optimism can be switched on late."""
        untried = (memory.visits == 0) & ~model.absorbing[:, None] & (memory.q > -np.inf)
        memory.q[untried] = self.initial

    @property
    def step_size(self) -> float:
        return self.alpha

    @property
    def discount(self) -> float:
        return self.gamma
