"""Our worlds as Gymnasium environments, for any library that plays those."""

from functools import cached_property
from typing import Any

import gymnasium
import numpy as np
from gymnasium.spaces import Discrete
from gymnasium.wrappers import TimeLimit

from rl.envs.base import Env, Picture
from rl.mdp import Bools, Floats, Outcome, TabularMDP, act, start_state


class TabularEnv(gymnasium.Env[Any, Any]):
    """Plays any tabular MDP, drawn as text where there is a picture. A time limit is left to Gymnasium's wrapper."""

    metadata = {"render_modes": ["ansi"], "render_fps": 4}

    def __init__(self, mdp: TabularMDP, picture: Picture | None = None, render_mode: str | None = None) -> None:
        if render_mode not in (None, "ansi"):
            raise ValueError(f"render_mode must be 'ansi' or None; got {str(render_mode)[:20]!r}.")
        self.mdp, self.picture, self.render_mode = mdp, picture, render_mode
        self.observation_space = Discrete(mdp.cdf.shape[0])
        self.action_space = Discrete(mdp.cdf.shape[1])

    @property
    def missing(self) -> Bools:
        """Marks the actions a state does not have, (S, A); empty where all are there."""
        return self.mdp.missing

    @property
    def initial_state_distrib(self) -> Floats:
        """Probability of starting in each state, (S,)."""
        return self.mdp.start

    @cached_property
    def P(self) -> dict[int, dict[int, list[Outcome]]]:  # noqa: N802 - Gymnasium's name
        """The transition table as Gymnasium's toy texts have it."""
        mdp = self.mdp
        columns = (array.tolist() for array in (mdp.probability, mdp.next_state, mdp.reward, mdp.terminal))
        return {s: {a: [outcome for outcome in zip(*outcomes, strict=True) if outcome[0] > 0]
                    for a, outcomes in enumerate(zip(*row, strict=True))}
                for s, row in enumerate(zip(*columns, strict=True))}

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[int, dict[str, Any]]:
        super().reset(seed=seed)
        self.s = int(start_state(self.mdp, self.np_random.random()))
        return self.s, self._info()

    def step(self, action: int) -> tuple[int, float, bool, bool, dict[str, Any]]:
        if not self.action_space.contains(action):
            raise ValueError(f"there is no action {action}.")
        reward, s, terminal = act(self.mdp, self.s, action, self.np_random.random())
        self.s = int(s)
        return self.s, float(reward), bool(terminal), False, self._info()

    def _info(self) -> dict[str, Any]:
        """Says which actions there are, as Gymnasium's Taxi does, where that is not all of them."""
        return {"action_mask": (~self.missing[self.s]).astype(np.int8)} if self.missing.size else {}

    def render(self) -> str | None:
        if self.render_mode is None:
            return None
        return f"state {self.s}" if self.picture is None else drawn(self.picture, self.s)


def drawn(picture: Picture, s: int) -> str:
    """Draws a picture as lines of text, with @ where state ``s`` is."""
    cells = list(picture.cells)
    cells[int(np.argwhere(picture.state_at == s)[0, 1])] = "@"
    return "\n".join("".join(cells[i : i + picture.cols]) for i in range(0, len(cells), picture.cols))


def make(env: str, render_mode: str | None = None, **knobs: Any) -> gymnasium.Env[Any, Any]:
    """Makes the environment of that slug with these knobs, cut short at its time limit if it has one."""
    from rl.envs import ENVS  # it imports this module

    world = ENVS[env](**knobs)
    bare = TabularEnv(world.mdp, world.picture(), render_mode)
    return TimeLimit(bare, world.mdp.horizon) if world.mdp.horizon else bare


def register(kind: type[Env]) -> None:
    """Registers a class with Gymnasium as ``stepwise/<its name>-v0``, if it is not yet. Its kwargs are the knobs."""
    name = f"stepwise/{kind.__name__}-v0"
    if name not in gymnasium.registry:
        gymnasium.register(name, entry_point=f"{__name__}:make", kwargs={"env": kind.slug})
