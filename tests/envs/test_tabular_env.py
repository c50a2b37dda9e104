"""Our worlds, played through Gymnasium."""

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from hypothesis import given, settings
from hypothesis import strategies as st

import rl.envs  # noqa: F401 - registers
from rl.envs.cliff_walking import CliffWalking
from rl.envs.frozen_lake import FrozenLake
from rl.envs.grid_presets import PRESETS
from rl.envs.grid_world import GridWorld
from rl.envs.tabular_env import TabularEnv, register
from rl.envs.taxi import Taxi
from rl.mdp import from_gymnasium, from_table
from tests.envs.outcomes import merged, outcomes

NAME = "stepwise/GridWorld-v0"


def same(a, b) -> bool:
    return all(np.array_equal(x, y) for x, y in zip(a, b, strict=True))


@settings(max_examples=60, deadline=None)
@given(slip=st.floats(0, 1), horizon=st.integers(0, 300), map_=st.sampled_from(["S.G/SHS", "SSSSSS#/..C.G.S"]))
def test_reading_a_registered_world_back_changes_no_bit(slip, horizon, map_):
    settings_ = {"map": map_, "slip": slip, "horizon": horizon, "rewards": "1=0.3"}
    assert same(from_gymnasium(gymnasium.make(NAME, **settings_)), GridWorld(**settings_).mdp)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_reading_a_preset_back_changes_no_bit(preset):
    world = preset.world
    assert same(from_gymnasium(gymnasium.make(NAME, **vars(world))), world.mdp)


def test_the_table_is_in_gymnasiums_form():
    env = TabularEnv(GridWorld(map="S.G", slip=0.5).mdp)
    assert env.P[0][2] == [(0.5, 1, -0.04, False), (0.25, 0, -0.04, False), (0.25, 0, -0.04, False)]
    assert env.P[2][0][0][1:] == (2, 0.0, True)
    assert env.initial_state_distrib.tolist() == [1, 0, 0]
    assert TabularEnv(FrozenLake().mdp).P[5][0] == [(1.0, 5, 0.0, True)]  # spare outcomes are not listed
    mdp = Taxi().mdp
    table = TabularEnv(mdp).P
    assert all(merged(table[s][a]) == outcomes(mdp, s, a) for s in range(0, 500, 7) for a in range(6))


@pytest.mark.parametrize("settings_", [{}, {"map": "S.G", "slip": 0.3}, {"horizon": 5, "map": "SSSS/...G"}])
@pytest.mark.filterwarnings("error")
def test_gymnasium_has_no_complaint(settings_):
    check_env(gymnasium.make(NAME, **settings_).unwrapped)


@pytest.mark.filterwarnings("error")
def test_the_right_way_reaches_the_goal_and_terminates():
    env = gymnasium.make(NAME, map="S../..G", horizon=9)
    assert env.reset(seed=1) == (0, {})
    assert [env.step(a)[:4] for a in (2, 1, 2)] == [
        (1, -0.04, False, False), (4, -0.04, False, False), (5, 0.96, True, False)]


def test_a_time_limit_truncates_and_does_not_terminate():
    env = gymnasium.make(NAME, map="S.G", horizon=4)
    env.reset(seed=0)
    assert [env.step(0)[2:4] for _ in range(4)] == [(False, False)] * 3 + [(False, True)]


def test_without_a_time_limit_nothing_is_cut_short():
    env = gymnasium.make(NAME, map="S.G")
    env.reset(seed=0)
    assert env.spec.max_episode_steps is None
    assert not any(env.step(0)[3] for _ in range(2000))


def test_a_limit_given_to_make_counts_where_the_world_has_none():
    assert from_gymnasium(gymnasium.make(NAME, map="S.G", max_episode_steps=7)).horizon == 7


def test_an_environment_can_be_made_again_from_its_spec():
    env = gymnasium.make(NAME, map="S.G", slip=0.25, horizon=8)
    again = gymnasium.make(gymnasium.envs.registration.EnvSpec.from_json(env.spec.to_json()))
    assert same(from_gymnasium(again), from_gymnasium(env))


def test_steps_follow_the_table():
    env = TabularEnv(GridWorld(map="S.G/.H.", slip=0.5).mdp)
    env.reset(seed=3)
    seen = np.zeros(6)
    for _ in range(4000):
        env.s = 1
        seen[env.step(2)[0]] += 1 / 4000
    assert seen == pytest.approx([0, 0.25, 0.5, 0, 0.25, 0], abs=0.04)  # five standard deviations


def test_the_same_seed_plays_the_same_episode():
    def episode(seed):
        env = gymnasium.make(NAME, slip=0.4)
        return [env.reset(seed=seed)[0]] + [env.unwrapped.step(a % 4)[:3] for a in range(50)]
    assert episode(5) == episode(5) != episode(6)


def test_it_is_drawn_as_text_with_the_agent_in_its_place():
    env = gymnasium.make(NAME, map="S.#/..G", render_mode="ansi")
    env.reset(seed=0)
    assert env.render() == "@.#\n..G"
    env.step(1)
    assert env.render() == "S.#\n@.G"


def test_a_taxi_is_drawn_where_it_is():
    env = TabularEnv(Taxi().mdp, Taxi().picture(), "ansi")
    env.reset(seed=0)
    env.s = (3 * 5 + 1) * 20 + 7
    assert env.render().splitlines() == [".....", ".....", ".....", ".@...", "....."]


def test_a_world_without_a_picture_names_its_state():
    env = TabularEnv(from_table([[[(1.0, 0, 0.0, True)]]], np.ones(1)), render_mode="ansi")
    env.reset(seed=0)
    assert env.render() == "state 0"


@pytest.mark.parametrize("action", [-1, 4, 1.5])
def test_an_action_that_does_not_exist_is_refused(action):
    env = TabularEnv(CliffWalking().mdp)
    env.reset(seed=0)
    with pytest.raises(ValueError, match="there is no action"):
        env.step(action)


@pytest.mark.filterwarnings("error")
def test_registering_again_is_no_override():
    spec = gymnasium.spec(NAME)
    register(GridWorld)
    assert gymnasium.spec(NAME) is spec


def test_a_bad_setting_is_refused_in_the_same_words():
    with pytest.raises(ValueError, match="the map has no goal G"):
        gymnasium.make(NAME, map="S..")
    with pytest.raises(ValueError, match="render_mode must be"):
        TabularEnv(CliffWalking().mdp, render_mode="human")
