"""The three scales of the page: an arrow, a table, a network. What each plays, and how it opens."""

from typing import NamedTuple

from rl.agents import AGENTS
from rl.agents.base import Agent
from rl.agents.neural.base import Neural
from rl.agents.neural.ppo import PPO
from rl.agents.policy.actor_critic import ActorCritic
from rl.agents.policy.ascent import Ascent
from rl.agents.policy.base import PolicyGradient
from rl.envs.cart import Cart
from rl.envs.grid_world import GridWorld
from rl.envs.three_arms import ThreeArms
from rl.link import View
from rl.timeline import Timeline


class Scale(NamedTuple):
    """One way to look at policy gradients."""

    name: str
    icon: str
    says: str
    kinds: tuple[type[Agent], ...]
    front: tuple[str, ...]  # knobs that are shown at once
    preset: View
    speed: float  # steps a second, to begin with


def _kinds(base: type[Agent]) -> tuple[type[Agent], ...]:
    return tuple(kind for kind in AGENTS.values() if issubclass(kind, base) and kind.family != "market")


ARROW = Scale(
    "An arrow", ":material/north_east:", "The true gradient, and the cloud of guesses around it",
    (Ascent,), ("follows", "alpha", "sees", "baseline", "batch", "entropy"),
    View(Timeline(ThreeArms(mean_1=1.5, mean_2=2.0, mean_3=1.0), Ascent(follows="a sample", alpha=0.15), 1), 12, 12),
    4.0)
TABLE = Scale(
    "A table", ":material/grid_on:", "Agents that learn a policy, state by state",
    _kinds(PolicyGradient), ("alpha", "gamma", "sees"),
    View(Timeline(GridWorld(), ActorCritic(alpha=1.0, alpha_v=0.2), 3), 2500, 2500), 8.0)
NETWORK = Scale(
    "A network", ":material/hub:", "Neural nets that balance a pole, swing up an acrobot, and bring a car to its flag",
    _kinds(Neural), ("alpha", "gamma", "entropy"),
    View(Timeline(Cart(), PPO(), 1), 6000, 6000), 50.0)
SCALES = (ARROW, TABLE, NETWORK)


def scale_of(agent: Agent) -> Scale:
    """Returns the scale whose agent this is."""
    return next(scale for scale in SCALES if type(agent) in scale.kinds)
