"""MountainCar-v0 as Gymnasium has it: a car that must first go away from its goal to reach it."""

from dataclasses import dataclass

from rl.envs.base import Action
from rl.envs.bodies import Body
from rl.knob import knob
from rl.physics import CAR, Physics


@dataclass(frozen=True)
class MountainCar(Body):
    """A car stands in a valley; the agent sees its position and its speed, both scaled to about ±1 (Moore, 1990)."""

    horizon: int = knob(200, 1, 1000, "Time limit: steps after which an episode is cut short. The fewer they are, the "
                        "rarer it is that an agent ever sees the flag.", 10)

    slug = "mountaincar"
    title = "MountainCar-v0"
    order = 320
    idea = ("Bring the car to the flag: its motor is too weak to climb straight there, so it must gather speed on both "
            "slopes. Every step costs 1.")
    actions = (Action("push left", -1, 0), Action("no push", short="0"), Action("push right", 1, 0))

    @property
    def model(self) -> Physics:
        return Physics(CAR, self.horizon, 4, 2, 3)
