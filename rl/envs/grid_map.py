"""Maps of grid worlds as text: read, and refused with one clear sentence where they cannot be played."""

import math
from collections import deque
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from rl.envs.base import Action, cell_name
from rl.mdp import Bools, Floats, Ints

KINDS = ".#SGHC"
"""Floor, wall, start, goal, pit (ends the episode), cliff (leads back to the start)."""
WALKED = ".S"
"""Where an episode stands and goes on from."""
MAX_SIDE, MAX_CELLS = 50, 900
"""Small enough to be solved exactly while a learner waits, at any discount."""
MAX_REWARD = 100.0


class GridMap(NamedTuple):
    """A checked map: its size and one character a cell, row by row."""

    rows: int
    cols: int
    cells: str

    def mask(self, kinds: str) -> Bools:
        """Tells which cells are of these kinds, (cells,)."""
        return np.isin(np.array(list(self.cells)), list(kinds))

    def entered(self, moves: tuple[Action, ...]) -> Ints:
        """Finds the cell each move leads into, (cells, moves): its own where an edge or a wall is in the way."""
        cell = np.arange(self.rows * self.cols)[:, None]
        row = np.clip(cell // self.cols + [move.dy for move in moves], 0, self.rows - 1)
        col = np.clip(cell % self.cols + [move.dx for move in moves], 0, self.cols - 1)
        target = row * self.cols + col
        return np.where(self.mask("#")[target], cell, target)


@lru_cache(maxsize=256)
def read_map(text: str) -> GridMap:
    """Reads rows joined by "/". Raises ValueError with one sentence where they are no world to play in."""
    rows = text.split("/")
    if not any(rows):
        raise ValueError("the map is empty: it needs at least a start S and a goal G.")
    width = max(map(len, rows))
    if len(rows) > MAX_SIDE or width > MAX_SIDE or len(rows) * width > MAX_CELLS:
        raise ValueError(f"the map is too big: at most {MAX_CELLS} cells, and {MAX_SIDE} in a row or column.")
    for number, row in enumerate(rows, start=1):
        _check_row(number, row, len(rows[0]))
    grid = GridMap(len(rows), len(rows[0]), "".join(rows))
    _check_ways(grid)
    return grid


def _check_row(number: int, row: str, width: int) -> None:
    for column, kind in enumerate(row, start=1):
        if kind not in KINDS:
            raise ValueError(f"row {number}, column {column} of the map is {kind!a}: use one of {' '.join(KINDS)}.")
    if len(row) != width:
        raise ValueError(f"row {number} of the map has {len(row)} cells, but row 1 has {width}.")


def _check_ways(grid: GridMap) -> None:
    for kind, name in ("S", "start"), ("G", "goal"):
        if kind not in grid.cells:
            raise ValueError(f"the map has no {name} {kind}.")
    reached = _from_goals(grid)
    for cell, kind in enumerate(grid.cells):
        if kind == "S" and cell not in reached:
            raise ValueError(f"no goal can be reached from the start at {cell_name(cell, grid.cols)}.")


def _from_goals(grid: GridMap) -> set[int]:
    """Walks back from the goals, breadth first, over the cells where an episode can stand."""
    frontier = deque(cell for cell, kind in enumerate(grid.cells) if kind == "G")
    reached = set(frontier)
    while frontier:
        new = [cell for cell in _beside(grid, frontier.popleft()) if cell not in reached and grid.cells[cell] in WALKED]
        reached.update(new)
        frontier.extend(new)
    return reached


def _beside(grid: GridMap, cell: int) -> list[int]:
    row, col = divmod(cell, grid.cols)
    near = ((row, col - 1), (row + 1, col), (row, col + 1), (row - 1, col))
    return [r * grid.cols + c for r, c in near if 0 <= r < grid.rows and 0 <= c < grid.cols]


@lru_cache(maxsize=256)
def read_rewards(text: str, n_cells: int) -> tuple[tuple[int, float], ...]:
    """Reads "cell=value_cell=value". Raises ValueError with one sentence where that is not what it says."""
    pairs = tuple(_reward(part, n_cells) for part in text.split("_")) if text else ()
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a cell has more than one reward.")
    return pairs


def _reward(part: str, n_cells: int) -> tuple[int, float]:
    name, _, number = part.partition("=")
    try:
        cell, value = int(name), float(number)
    except ValueError:
        raise ValueError(f"rewards are written cell=value_cell=value; got {part[:20]!a}.") from None
    if not 0 <= cell < n_cells:
        raise ValueError(f"a reward must be for a cell from 0 to {n_cells - 1}; got {name[:20]!a}.")
    if not math.isfinite(value) or abs(value) > MAX_REWARD:
        raise ValueError(f"a reward must be between -{MAX_REWARD:g} and {MAX_REWARD:g}; cell {cell} has {value:g}.")
    return cell, value


def spread(rewards: tuple[tuple[int, float], ...], n_cells: int) -> Floats:
    """Lays rewards out over the cells, (cells,)."""
    out = np.zeros(n_cells)
    for cell, value in rewards:
        out[cell] = value
    return out
