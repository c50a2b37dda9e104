"""Gymnasium's FrozenLake: cross the ice to the goal without falling into a hole."""

from dataclasses import dataclass

import gymnasium
from gymnasium.envs.toy_text.frozen_lake import MAPS

from rl.envs.base import DOWN, LEFT, RIGHT, UP, Env, Picture, cell_name, single_layer
from rl.knob import choice, knob
from rl.mdp import TabularMDP, from_gymnasium


@dataclass(frozen=True)
class FrozenLake(Env):
    """FrozenLake-v1 and FrozenLake8x8-v1, with their time limits of 100 and 200 steps."""

    size: str = choice("4x4", ("4x4", "8x8"), "Which lake: 16 or 64 cells.")
    success: float = knob(1 / 3, 0.0, 1.0, "Chance that the agent goes where it meant to; otherwise it slips to one "
                          "side. A third is Gymnasium's slippery ice, 1 is no slipping.", 0.01,
                          label="chance not to slip")

    slug = "lake"
    title = "FrozenLake"
    order = 10
    idea = "Reach the goal. The only reward is 1, at the goal; a hole ends the episode with nothing."
    actions = (LEFT, DOWN, RIGHT, UP)
    front = ("size", "success")

    def build(self) -> TabularMDP:
        name = "FrozenLake-v1" if self.size == "4x4" else "FrozenLake8x8-v1"
        slippery = self.success < 1
        return from_gymnasium(gymnasium.make(name, is_slippery=slippery, success_rate=self.success))

    def picture(self) -> Picture:
        lines = MAPS[self.size]
        cells = "".join(lines).replace("F", ".")
        return Picture(len(lines), len(lines[0]), cells, single_layer(len(lines), len(lines[0])))

    def state_name(self, s: int) -> str:
        return cell_name(s, len(MAPS[self.size][0]))
