"""Acrobot-v1 as Gymnasium has it: swing up two links with a motor too weak to lift them."""

from dataclasses import dataclass

from rl.envs.base import Action
from rl.envs.bodies import Body
from rl.knob import knob
from rl.physics import ACROBOT, Physics


@dataclass(frozen=True)
class Acrobot(Body):
    """Two links hang from a nail; the agent sees cosine and sine of both angles, and both speeds (Sutton, 1996)."""

    horizon: int = knob(500, 1, 500, "Time limit: steps after which an episode is cut short. Acrobot-v0 had 200.", 10)

    slug = "acrobot"
    title = "Acrobot-v1"
    order = 310
    idea = ("Swing the free end above the line, one link's length over the nail: only the joint in the middle has a "
            "motor. Every step costs 1.")
    actions = (Action("torque −1", short="−"), Action("no torque", short="0"), Action("torque +1", short="+"))

    @property
    def model(self) -> Physics:
        return Physics(ACROBOT, self.horizon, 4, 6, 3)
