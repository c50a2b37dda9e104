"""The mazes in which Dyna was shown, and those that change while it is learning."""

from dataclasses import dataclass

from rl.envs.base import DOWN, LEFT, RIGHT, UP, Env, Picture
from rl.envs.grid_world import GridWorld
from rl.knob import choice
from rl.mdp import TabularMDP

OPEN_MAZE = ".......#G/..#....#./S.#....#./..#....../.....#.../........."
WALLED = "........G/........./........./{wall}/........./...S....."
LAYOUTS = {
    "open maze": OPEN_MAZE,
    "blocking: gap right": WALLED.format(wall="########."),
    "blocking: gap left": WALLED.format(wall=".########"),
    "shortcut: closed": WALLED.format(wall=".########"),
    "shortcut: open": WALLED.format(wall=".#######."),
}


@dataclass(frozen=True)
class DynaMaze(Env):
    """The maze of S&B figure 8.2, and the two of examples 8.2 and 8.3, whose walls are moved in mid-run.

    All of them are 6 x 9 cells, and a state is a cell, walls included: what was learned in one layout carries over to
    the next. In the book the gap moves to the left after 1000 steps, the shortcut opens after 3000.
    """

    layout: str = choice("open maze", tuple(LAYOUTS), "Where the walls are. Changed in mid-run, the agent has to find "
                         "out: after 1000 steps for the blocking maze of the book, after 3000 for the shortcut.")

    slug = "maze"
    title = "Dyna maze"
    order = 60
    idea = "Find the way to the goal. Only the goal pays: 1. The walls can be moved while the agent is learning."
    actions = (LEFT, DOWN, RIGHT, UP)
    front = ("layout",)

    @property
    def grid(self) -> GridWorld:
        """The layout as a grid world."""
        return GridWorld(map=LAYOUTS[self.layout], goal_reward=1.0, step_reward=0.0)

    def build(self) -> TabularMDP:
        return self.grid.build()

    def picture(self) -> Picture:
        return self.grid.picture()._replace(cliff=None, editable=False)

    def state_name(self, s: int) -> str:
        return self.grid.state_name(s)
