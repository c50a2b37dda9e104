"""CartPole-v1 as Gymnasium has it: its four numbers go to a network as they are."""

from dataclasses import dataclass

from rl.envs.base import Action
from rl.envs.bodies import Body
from rl.knob import knob
from rl.physics import CART, Physics


@dataclass(frozen=True)
class Cart(Body):
    """A pole stands on a cart; the agent sees position, speed, angle and spin (Barto, Sutton & Anderson, 1983)."""

    horizon: int = knob(500, 1, 500, "Time limit: steps after which an episode is cut short. CartPole-v0 had 200.", 10)

    slug = "cart"
    title = "CartPole-v1"
    order = 300
    idea = "Keep the pole within 12° of upright and the cart on its track. Every step pays 1; 500 steps are the limit."
    actions = (Action("push left", -1, 0), Action("push right", 1, 0))

    @property
    def model(self) -> Physics:
        return Physics(CART, self.horizon, 4, 4, 2)
