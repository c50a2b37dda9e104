"""Makes the nets that agents may start from: ``python -m rl.deep_training`` writes the same bytes every time."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from rl.agents.deep.trained import FOLDER, name_of
from rl.agents.dqn import DQN
from rl.deep_greedy import greedy_episodes
from rl.deep_presets import GRID, PRESETS
from rl.envs.acrobot import Acrobot
from rl.envs.base import Env, World
from rl.envs.cart import Cart
from rl.envs.mountain_car import MountainCar
from rl.nets import Singles
from rl.run import Run, advance, begin
from rl.truth import mistakes

EXAMS = 100
"""Episodes by which a checkpoint is judged, the same starts for all; training never begins where they do."""


class Recipe(NamedTuple):
    """How one net comes about: of the checkpoints every so many steps it is the best, and the first of equal ones."""

    world: World
    agent: DQN
    seed: int
    every: int
    checkpoints: int


RECIPES = {
    "grid": Recipe(GRID, PRESETS["grid"], 1, 1000, 10),
    "cart": Recipe(Cart(), PRESETS["cart"], 0, 5000, 12),
    "mountaincar": Recipe(MountainCar(), PRESETS["mountaincar"], 2, 5000, 20),
    "acrobot": Recipe(Acrobot(), PRESETS["acrobot"], 0, 5000, 12),
}


def score(run: Run) -> float:
    """Returns the average return of greedy episodes, less the states of a table in which a greedy action is wrong."""
    wrong = mistakes(run.env, run.agent.discount, run.memory.q).sum() if isinstance(run.env, Env) else 0.0
    return float(greedy_episodes(run, EXAMS).returned.mean() - wrong)


def train(recipe: Recipe) -> tuple[Singles, int, float]:
    """Returns the weights of the best checkpoint, after how many steps it was reached, and its score."""
    run, found = begin(recipe.world, recipe.agent, recipe.seed), []
    for stop in range(recipe.every, recipe.every * recipe.checkpoints + 1, recipe.every):
        advance(run, stop)
        found.append((run.memory.net.copy(), stop, score(run)))
    return max(found, key=lambda checkpoint: checkpoint[2])


def write(folder: Path = FOLDER, names: Iterable[str] = RECIPES) -> None:
    """Trains these nets and writes them into a folder, replacing what is there."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        recipe = RECIPES[name]
        net, step, value = train(recipe)
        file = f"{name_of(recipe.agent.model_of(recipe.world), recipe.agent.activation)}.npy"
        np.save(folder / file, net, allow_pickle=False)
        print(f"{name}: {value:.2f} after {step:,} steps, seed {recipe.seed}", flush=True)


if __name__ == "__main__":
    write()
