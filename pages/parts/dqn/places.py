"""The four places of the page: a grid that is known exactly, and three bodies. How each opens."""

from dataclasses import replace
from typing import NamedTuple

from rl.agents.dqn import DQN
from rl.deep_presets import GRID, PRESETS, trained
from rl.envs import WORLDS
from rl.envs.base import World
from rl.link import View
from rl.timeline import Timeline

FRONT = ["alpha", "epsilon", "capacity", "batch"]
"""The knobs that are always in sight."""
GROUPS = {
    "The net": ("width", "layers", "activation", "dueling", "sees", "start"),
    "Learning": ("gamma", "every", "warmup", "n", "double", "loss", "longest"),
    "Replay memory": ("draws", "favour", "beta", "endings"),
    "Target net": ("target", "period", "tau"),
    "Exploration": ("epsilon_last", "schedule", "span"),
}
"""And the others, where they belong."""


class Place(NamedTuple):
    """One world to learn in, and how it is begun."""

    name: str
    icon: str
    says: str
    env: World
    preset: View
    speed: float  # steps a second, to begin with

    @property
    def slug(self) -> str:
        """The name of its world."""
        return self.env.slug

    @property
    def trained(self) -> DQN:
        """The settings of one who has learned before."""
        return trained(self.slug)


BEGUN = 10_000
"""Steps that a body's run has behind it when it is first seen."""


def _body(name: str, slug: str, icon: str, says: str) -> Place:
    env = WORLDS[slug]()
    return Place(name, icon, says, env, View(Timeline(env, PRESETS[slug], 1), BEGUN, BEGUN), 50.0)


TABLE = Place(
    "Grid world", ":material/grid_on:", "The Q-table's world, so that a net can be held against Q*, cell by cell", GRID,
    View(Timeline(GRID, PRESETS["grid"], 1), 6000, 6000), 8.0)
PLACES = (
    TABLE,
    _body("CartPole", "cart", ":material/straighten:", "Each step with the pole up pays 1: only failures teach"),
    _body("MountainCar", "mountaincar", ":material/landscape:", "Each step costs 1 until the car is at its flag"),
    _body("Acrobot", "acrobot", ":material/sports_gymnastics:", "Each step costs 1 until its end is over the line"),
)


def place_of(world: World) -> Place:
    """Returns the place whose world this is; worlds with a table of states belong to the grid's."""
    return next((place for place in PLACES if place.slug == world.slug), TABLE)


def anew(agent: DQN) -> DQN:
    """Lets an agent start with a new net."""
    return replace(agent, start="new")
