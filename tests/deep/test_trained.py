"""The nets that agents may start from: each is what its recipe makes, and plays its world well."""

from dataclasses import replace

import numpy as np
import pytest

from rl.agents.deep.trained import FOLDER, NONE_HERE, name_of
from rl.deep_greedy import greedy_episodes
from rl.deep_presets import GRID, PRESETS, trained
from rl.deep_training import EXAMS, RECIPES, train, write
from rl.envs.frozen_lake import FrozenLake
from rl.run import advance, begin
from rl.truth import is_greedy_optimal

REACHED = {"cart": 475, "mountaincar": -110, "acrobot": -100}
"""Gymnasium's thresholds: CartPole-v1's, MountainCar-v0's and Acrobot-v1's `reward_threshold`."""


def path_of(slug):
    recipe = RECIPES[slug]
    return FOLDER / f"{name_of(recipe.agent.model_of(recipe.world), recipe.agent.activation)}.npy"


def test_every_place_of_the_page_has_one_and_none_is_left_over():
    assert set(RECIPES) == set(PRESETS) and {path_of(slug) for slug in RECIPES} == set(FOLDER.iterdir())
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 100_000


@pytest.mark.parametrize("slug", REACHED)
def test_a_trained_net_plays_its_world_as_well_as_gymnasium_asks(slug):
    run = begin(RECIPES[slug].world, trained(slug), 0)
    assert greedy_episodes(run, EXAMS).returned.mean() >= REACHED[slug]


def test_the_net_of_the_grid_is_greedy_optimal():
    run = begin(GRID, trained("grid"), 0)
    assert is_greedy_optimal(GRID, run.agent.discount, run.memory.q)


@pytest.mark.parametrize("slug", RECIPES)
def test_one_who_starts_from_it_has_an_empty_memory_and_hardly_explores(slug):
    agent = trained(slug)
    run = begin(RECIPES[slug].world, agent, 3)
    assert not run.memory.counts.any() and agent.epsilon <= 0.05 and agent.schedule == "constant"
    assert np.array_equal(run.memory.net, np.load(path_of(slug))) and np.array_equal(run.memory.target, run.memory.net)


@pytest.mark.parametrize(("world", "agent"), [
    (GRID, replace(trained("grid"), width=32)), (GRID, replace(trained("grid"), activation="tanh")),
    (GRID, replace(trained("grid"), dueling="on")), (GRID, replace(trained("grid"), sees="coordinates")),
    (replace(GRID, slip=0.1), trained("grid")), (FrozenLake(size="8x8"), trained("grid"))])
def test_another_net_or_world_has_none(world, agent):
    with pytest.raises(ValueError, match=NONE_HERE[:30]):
        begin(world, agent, 0)


def test_the_script_writes_the_very_bytes_that_are_shipped(tmp_path):
    write(tmp_path, ["grid"])
    assert (tmp_path / path_of("grid").name).read_bytes() == path_of("grid").read_bytes()


@pytest.mark.slow
def test_the_net_of_cart_pole_is_the_best_checkpoint_of_its_recipe():
    net, step, score = train(RECIPES["cart"])
    assert (step, score) == (40_000, 500.0) and np.array_equal(net, np.load(path_of("cart")))


def test_a_recipe_takes_the_first_of_its_best_checkpoints():
    recipe = RECIPES["grid"]._replace(checkpoints=2)
    net, step, _ = train(recipe)
    run = begin(recipe.world, recipe.agent, recipe.seed)
    advance(run, step)
    assert step in (1000, 2000) and np.array_equal(net, run.memory.net)
