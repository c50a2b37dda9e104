"""A grid world that anyone can paint: floor, walls, goals, pits and cliffs."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from rl.envs.base import DOWN, LEFT, RIGHT, UP, Env, Picture, cell_name, single_layer
from rl.envs.grid_map import WALKED, GridMap, read_map, read_rewards, spread
from rl.knob import knob, text
from rl.mdp import Bools, Floats, Ints, TabularMDP

FIRST_MAP = "S..#..../...#..H./.#...#../.#.H..#./....#..G"


@dataclass(frozen=True)
class GridWorld(Env):
    """A world drawn as text. A state is a cell, walls included, so painting keeps S and A and what was learned.

    Every step pays ``step_reward``; entering a goal or a pit adds theirs and ends the episode. A step into a cliff pays
    ``cliff_reward`` alone, and the episode goes on from the start: from the first one, reading row by row, where there
    are several. Staying put at a wall or an edge enters nothing.
    """

    map: str = text(FIRST_MAP, "Rows of cells joined by /: . floor, # wall, S start, G goal, H pit, C cliff. With "
                    "several starts each is equally likely.")
    rewards: str = text("", "Extra rewards for coming into a cell from another, as cell=value_cell=value. Cells are "
                        "counted from 0, row by row.")
    goal_reward: float = knob(1.0, -100.0, 100.0, "Reward for reaching a goal, on top of the step's own.", 0.1)
    pit_reward: float = knob(-1.0, -100.0, 100.0, "Reward for falling into a pit, on top of the step's own.", 0.1)
    cliff_reward: float = knob(-100.0, -100.0, 100.0, "Reward for a step into a cliff, instead of the step's own.", 1.)
    step_reward: float = knob(-0.04, -10.0, 10.0, "Reward for every step. Below zero it is a cost.", 0.01)
    slip: float = knob(0.0, 0.0, 1.0, "Chance of slipping to one of the two sides instead, half each.", 0.01)
    horizon: int = knob(0, 0, 10_000, "Time limit: steps after which an episode is cut short. 0 is no limit.", 10)

    slug = "grid"
    title = "Grid world"
    order = 40
    idea = "Reach a goal. Paint walls, pits and rewards, and see what the agent makes of them."
    actions = (LEFT, DOWN, RIGHT, UP)
    front = ("slip", "step_reward")

    def __post_init__(self) -> None:
        super().__post_init__()
        read_rewards(self.rewards, len(self.grid.cells))

    @classmethod
    def from_text(cls, drawing: str, **others: Any) -> "GridWorld":
        """Builds a world from a map drawn over several lines, and other knobs by name."""
        return cls(map="/".join(line.strip() for line in drawing.strip().splitlines()), **others)

    @property
    def grid(self) -> GridMap:
        """The map, read."""
        return read_map(self.map)

    def build(self) -> TabularMDP:
        grid = self.grid
        cell = np.arange(len(grid.cells))[:, None]
        entered, goes_on, start = grid.entered(self.actions), grid.mask(WALKED)[:, None], grid.mask("S")
        stands = np.where(grid.mask("C"), np.flatnonzero(start)[0], cell[:, 0])  # after entering each cell
        next_state = np.where(goes_on, stands[entered], cell)
        reward = np.where(goes_on, self._paid(entered, cell), 0.0)
        terminal = grid.mask("GH")[entered] | ~goes_on
        turned, cdf = self._outcomes()
        cdf = np.tile(cdf, (len(cell), len(self.actions), 1))
        start_cdf = np.cumsum(start) / start.sum()
        return TabularMDP(cdf, next_state.take(turned, axis=1), reward.take(turned, axis=1),
                          terminal.take(turned, axis=1), start_cdf, self.horizon)

    def _paid(self, entered: Ints, cell: Ints) -> Floats:
        """Reward for each move that is not turned aside, (S, A)."""
        extra = spread(read_rewards(self.rewards, len(cell)), len(cell))
        always = self._of_kinds() + self.step_reward * ~self.grid.mask("C")
        return np.asarray(always[entered] + extra[entered] * (entered != cell))

    def _of_kinds(self) -> Floats:
        """Reward for entering each cell by what it is, (S,): the step's own is left out."""
        goal, pit, cliff = (self.grid.mask(kind) for kind in "GHC")
        return np.asarray(goal * self.goal_reward + pit * self.pit_reward + cliff * self.cliff_reward, np.float64)

    def _outcomes(self) -> tuple[Ints, Floats]:
        """Which move each action turns into, (A, K), and the cumulative probability of each, (K,).

        The one that was meant comes first, so that a little more slip changes the fewest outcomes of the same luck.
        """
        cdf = np.array([1 - self.slip, 1 - self.slip / 2, 1.0])
        happens: Bools = np.diff(cdf, prepend=0.0) > 0
        turns = np.array([0, -1, 1])[happens]
        return (np.arange(4)[:, None] + turns) % 4, cdf[happens]

    def picture(self) -> Picture:
        grid = self.grid
        rewards = read_rewards(self.rewards, len(grid.cells))
        return Picture(grid.rows, grid.cols, grid.cells, single_layer(grid.rows, grid.cols), rewards,
                       cliff=self.cliff_reward, editable=True)

    def state_name(self, s: int) -> str:
        return cell_name(s, self.grid.cols)
