"""Gymnasium's CliffWalking: the short way along a cliff, or the safe way round."""

from dataclasses import dataclass

import gymnasium

from rl.envs.base import DOWN, LEFT, RIGHT, UP, Env, Picture, cell_name, single_layer
from rl.knob import choice
from rl.mdp import TabularMDP, from_gymnasium

LINES = ("............", "............", "............", "SCCCCCCCCCCG")


@dataclass(frozen=True)
class CliffWalking(Env):
    """CliffWalking-v1 (S&B example 6.6), which has no time limit.

    The table is Gymnasium's: cliff cells and the goal are states with outcomes of their own, though no episode ever
    stands there and goes on.
    """

    slippery: str = choice("no", ("no", "yes"), "Whether the agent slips: it then goes where it meant to, or to either "
                           "side, with a chance of a third each.")

    slug = "cliff"
    title = "CliffWalking"
    order = 20
    idea = "Reach the goal in few steps: each costs 1. A fall from the cliff costs 100 and leads back to the start."
    actions = (UP, RIGHT, DOWN, LEFT)
    front = ("slippery",)

    def build(self) -> TabularMDP:
        return from_gymnasium(gymnasium.make("CliffWalking-v1", is_slippery=self.slippery == "yes"))

    def picture(self) -> Picture:
        rows, cols = len(LINES), len(LINES[0])
        return Picture(rows, cols, "".join(LINES), single_layer(rows, cols), cliff=-100.0)

    def state_name(self, s: int) -> str:
        return cell_name(s, len(LINES[0]))
