"""Trading as a Gymnasium environment, for any library that plays those."""

from typing import Any

import gymnasium
import numpy as np
from gymnasium.spaces import Discrete
from gymnasium.wrappers import TimeLimit

from rl.envs.trading import Trading
from rl.markets.trading import FLAT, seen_on, trade

ID = "stepwise/Trading-v0"


class TradingEnv(gymnasium.Env[Any, Any]):
    """Observes what is seen of a day and what is held, 3 sight + position; acts by short, flat and long.

    The reward is the log of what wealth is multiplied with, what a reader adds to it included; ``info["log_growth"]``
    is it without. A shaping potential is discounted by ``gamma``. A year's end is left to Gymnasium's wrapper.
    """

    metadata = {"render_modes": ["ansi"], "render_fps": 4}

    def __init__(self, world: Trading, gamma: float = 1.0, render_mode: str | None = None) -> None:
        if render_mode not in (None, "ansi"):
            raise ValueError(f"render_mode must be 'ansi' or None; got {str(render_mode)[:20]!r}.")
        self.world, self.model, self.gamma, self.render_mode = world, world.model, gamma, render_mode
        states, actions = world.shape
        self.observation_space, self.action_space = Discrete(states), Discrete(actions)

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[int, dict[str, Any]]:
        super().reset(seed=seed)
        self.day = self.model.first + int(self.np_random.random() * self.model.starts)
        self.s = int(seen_on(self.model, self.day, FLAT))
        return self.s, {"day": self.day}

    def step(self, action: int) -> tuple[int, float, bool, bool, dict[str, Any]]:
        if not self.action_space.contains(action):
            raise ValueError(f"there is no action {action}.")
        if self.day + 1 >= len(self.model.sight):
            raise ValueError("the days are over: reset the environment.")
        reward, earned, s = trade(self.model, self.day, self.s, int(action), self.gamma)
        self.day, self.s = self.day + 1, int(s)
        return self.s, float(reward), False, False, {"day": self.day, "log_growth": float(earned)}

    def render(self) -> str | None:
        if self.render_mode is None:
            return None
        price = self.world.path.price[self.day]
        return f"day {self.day}: {np.round(price, 2)}, {self.world.state_name(self.s)}"


def make(render_mode: str | None = None, gamma: float = 1.0, **knobs: Any) -> gymnasium.Env[Any, Any]:
    """Makes the environment with these knobs of `Trading`, cut short at the end of its year."""
    world = Trading(**knobs)
    return TimeLimit(TradingEnv(world, gamma, render_mode), world.model.horizon)


def register() -> None:
    """Registers it with Gymnasium, if it is not yet. Its kwargs are the knobs of `Trading`."""
    if ID not in gymnasium.registry:
        gymnasium.register(ID, entry_point=f"{__name__}:make")
