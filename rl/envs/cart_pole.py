"""Gymnasium's CartPole: keep a pole upright by pushing the cart it stands on."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from rl.cart_pole import FARTHEST, STEEPEST, Bins, bin_of, set_up
from rl.envs.base import Action, World
from rl.knob import knob
from rl.mdp import Floats

MOST_BINS = 1000
FASTEST, FASTEST_SPIN = 1.0, 2.0  # m/s, rad/s: where the outermost bins begin is set by these
AT_MOST = 12


@dataclass(frozen=True)
class CartPole(World):
    """CartPole-v1: a continuous observation of four numbers, rounded into bins for an agent that learns a table.

    The bins of position and angle share what an episode allows, 2.4 m and 12 degrees to either side, evenly; those of
    speed and spin share 1 m/s and 2 rad/s, and the outermost ones have no end.
    """

    bins_position: int = knob(1, 1, AT_MOST, "Bins of the cart's position. With one the agent does not see it.")
    bins_speed: int = knob(3, 1, AT_MOST, "Bins of the cart's speed. With one the agent does not see it.")
    bins_angle: int = knob(6, 1, AT_MOST, "Bins of the pole's angle. Finer bins tell more, and take longer to fill.")
    bins_spin: int = knob(6, 1, AT_MOST, "Bins of how fast the pole turns. Finer bins tell more, and take longer to "
                          "fill.")
    horizon: int = knob(500, 1, 500, "Time limit: steps after which an episode is cut short. CartPole-v0 had 200.", 10)

    family = "cart pole"
    slug = "cartpole"
    drawn_as = "film"
    title = "CartPole"
    order = 60
    idea = "Keep the pole within 12° of upright and the cart on its track. Every step pays 1; 500 steps are the limit."
    actions = (Action("push left", -1, 0), Action("push right", 1, 0))
    front = ("bins_angle", "bins_spin")

    def __post_init__(self) -> None:
        super().__post_init__()
        if math.prod(self.bins) > MOST_BINS:
            raise ValueError(f"the bins make {math.prod(self.bins):,} states together; {MOST_BINS:,} are the most.")

    @property
    def bins(self) -> tuple[int, int, int, int]:
        """How many there are of position, speed, angle and spin."""
        return self.bins_position, self.bins_speed, self.bins_angle, self.bins_spin

    @property
    def model(self) -> Bins:
        return _model(self)

    @property
    def shape(self) -> tuple[int, int]:
        return math.prod(self.bins), len(self.actions)

    def first_state(self, seed: int, episode: int) -> int:
        body = np.zeros(4)
        set_up(body, seed, episode)
        return int(bin_of(self.model, body))

    def fits(self, other: World) -> bool:
        """Tells whether the bins are the same: as many of them may still mean something else."""
        return isinstance(other, CartPole) and self.bins == other.bins

    def state_name(self, s: int) -> str:
        """Says what a bin holds, leaving out what the agent does not see."""
        model, places = self.model, np.unravel_index(s, self.bins)
        numbers = [("cart", model.position, 1.0, "m"), ("moving", model.speed, 1.0, "m/s"),
                   ("pole", model.angle, math.degrees(1), "°"), ("turning", model.spin, math.degrees(1), "°/s")]
        said = [f"{name} {_between(edges * scale, int(place), unit)}"
                for (name, edges, scale, unit), place in zip(numbers, places, strict=True) if len(edges)]
        return ", ".join(said) or "anywhere"


@lru_cache(maxsize=128)
def _model(world: CartPole) -> Bins:
    return Bins(_edges(world.bins_position, FARTHEST), _edges(world.bins_speed, FASTEST),
                _edges(world.bins_angle, STEEPEST), _edges(world.bins_spin, FASTEST_SPIN), world.horizon)


def _edges(n: int, most: float) -> Floats:
    """Lists where one of ``n`` equal bins of [-most, most] ends and the next begins, (n - 1,)."""
    edges = np.linspace(-most, most, n + 1)[1:-1].copy()
    edges.flags.writeable = False
    return edges


def _between(edges: Floats, place: int, unit: str) -> str:
    """Says where a bin begins and ends."""
    ends = [f"{edge:.3g}".replace("-", "−") for edge in np.round(edges, 2) + 0.0]
    if place == 0:
        return f"below {ends[0]} {unit}"
    return f"above {ends[-1]} {unit}" if place == len(ends) else f"{ends[place - 1]} to {ends[place]} {unit}"
