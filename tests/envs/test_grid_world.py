"""GridWorld's table, by hand and against Gymnasium's worlds drawn as maps."""

import dataclasses

import gymnasium
import numpy as np
import pytest
from gymnasium.envs.toy_text.frozen_lake import MAPS

from rl.envs.cliff_walking import LINES, CliffWalking
from rl.envs.grid_presets import PRESETS
from rl.envs.grid_world import GridWorld
from tests.envs.outcomes import merged, outcomes, solve

LEFT, DOWN, RIGHT, UP = range(4)
WORLDS = {preset.name: preset.world for preset in PRESETS}


@pytest.mark.parametrize("slip", [2 / 3, 0.0, 0.25, 1.0])
@pytest.mark.parametrize("size", ["4x4", "8x8"])
def test_a_lake_drawn_as_a_map_is_frozen_lake(size, slip):
    ours = GridWorld(map="/".join(MAPS[size]).replace("F", "."), slip=slip, step_reward=0.0, pit_reward=0.0).mdp
    theirs = gymnasium.make("FrozenLake-v1", map_name=size, success_rate=1 - slip).unwrapped
    for s in theirs.P:
        for a in range(4):
            assert outcomes(ours, s, a) == merged(theirs.P[s][a])
    assert np.array_equal(ours.start, theirs.initial_state_distrib)


@pytest.mark.parametrize(("slip", "slippery"), [(0.0, "no"), (2 / 3, "yes")])
def test_a_cliff_drawn_as_a_map_is_cliff_walking_wherever_one_stands(slip, slippery):
    ours = GridWorld(map="/".join(LINES), slip=slip, step_reward=-1.0, goal_reward=0.0)
    theirs = CliffWalking(slippery=slippery)
    names = [action.name for action in theirs.actions]
    for s in (s for s, kind in enumerate("".join(LINES)) if kind in ".S"):
        for a, action in enumerate(ours.actions):
            assert outcomes(ours.mdp, s, a) == outcomes(theirs.mdp, s, names.index(action.name))
    assert np.array_equal(ours.mdp.start, theirs.mdp.start)


def test_outcomes_with_slip_by_hand():
    mdp = GridWorld(map="S.G/.H.", slip=0.2, step_reward=-0.5, goal_reward=2.0, pit_reward=-3.0).mdp
    assert outcomes(mdp, 1, RIGHT) == {(2, 1.5, True): 0.8, (1, -0.5, False): 0.1, (4, -3.5, True): 0.1}
    assert outcomes(mdp, 0, LEFT) == {(0, -0.5, False): 0.9, (3, -0.5, False): 0.1}
    assert outcomes(mdp, 2, LEFT) == {(2, 0.0, True): 1.0}


def test_slipping_for_certain_never_goes_ahead():
    mdp = GridWorld(map="S.G/...", slip=1.0).mdp
    assert outcomes(mdp, 1, RIGHT) == {(1, -0.04, False): 0.5, (4, -0.04, False): 0.5}


def test_walls_goals_pits_and_cliffs_are_absorbing_and_floor_is_not():
    absorbing = GridWorld(map="S.G/#HC/...", slip=0.3).mdp.absorbing
    assert np.flatnonzero(absorbing).tolist() == [2, 3, 4, 5]


def test_a_wall_is_bumped_into_and_edges_do_not_wrap():
    mdp = GridWorld(map="S#G/...").mdp
    assert [mdp.next_state[0, a, 0] for a in range(4)] == [0, 3, 0, 0]
    assert [mdp.next_state[5, a, 0] for a in range(4)] == [4, 5, 5, 2]


def test_a_cliff_pays_alone_and_leads_to_the_first_start():
    mdp = GridWorld(map="SS./.C./..G", cliff_reward=-7.0, rewards="0=50_5=1").mdp
    assert outcomes(mdp, 3, RIGHT) == {(0, -7.0, False): 1.0}
    assert outcomes(mdp, 5, LEFT) == {(0, -7.0, False): 1.0}


def test_an_extra_reward_is_paid_for_coming_in_and_not_for_staying():
    mdp = GridWorld(map="S.G/##.", rewards="1=5_2=-2_0=3", step_reward=-1.0).mdp
    assert outcomes(mdp, 0, RIGHT) == {(1, 4.0, False): 1.0}
    assert outcomes(mdp, 1, DOWN) == {(1, -1.0, False): 1.0}
    assert outcomes(mdp, 1, RIGHT) == {(2, -2.0, True): 1.0}
    assert outcomes(mdp, 1, LEFT) == {(0, 2.0, False): 1.0}


def test_several_starts_are_equally_likely():
    assert GridWorld(map="S.S/SGS").mdp.start == pytest.approx([0.25, 0, 0.25, 0.25, 0, 0.25])


def test_painting_a_wall_keeps_states_and_actions():
    before, after = GridWorld(map="S../..G").mdp, GridWorld(map="S#./..G").mdp
    assert before.cdf.shape == after.cdf.shape == (6, 4, 1)


def test_a_drawing_over_several_lines_is_read():
    drawn = GridWorld.from_text("""
        S.#
        ..G
        """, slip=0.5, horizon=9)
    assert drawn == GridWorld(map="S.#/..G", slip=0.5, horizon=9)
    assert drawn.mdp.horizon == 9


@pytest.mark.parametrize("horizon", [2.5, -1, True, "10", float("nan")])
def test_a_time_limit_that_is_no_count_is_refused(horizon):
    with pytest.raises(ValueError, match="horizon must be"):
        GridWorld(horizon=horizon)


def test_the_picture_shows_the_extra_rewards_as_they_are_edited():
    picture = GridWorld(map="S.G/.C.", rewards="2=9_1=0.5_4=1").picture()
    assert picture.rewards == ((2, 9.0), (1, 0.5), (4, 1.0))
    assert picture.cells == "S.G.C."
    assert picture.editable


def test_russell_and_norvigs_utilities():
    """AIMA, 3rd ed., fig. 17.3: gamma 1, step reward -0.04, slip 0.2."""
    values = solve(WORLDS["Russell & Norvig's 4x3"].mdp, 1.0).max(1)
    published = [0.812, 0.868, 0.918, 0, 0.762, 0, 0.660, 0, 0.705, 0.655, 0.611, 0.388]
    assert values == pytest.approx(published, abs=5.1e-4)


def test_sutton_and_bartos_example_4_1():
    """The values of the random policy on the 4x4 grid, fig. 4.1."""
    mdp = WORLDS["Every cell a start"].mdp
    v = np.zeros(16)
    for _ in range(1000):
        v = (mdp.reward + np.where(mdp.terminal, 0, v[mdp.next_state])).mean((1, 2))
    assert v == pytest.approx([0, -14, -20, -22, -14, -18, -20, -20, -20, -20, -18, -14, -22, -20, -14, 0])


def test_random_walk_lengths_to_either_end():
    """From cell k of a corridor with goals at 0 and n, a fair walk takes k (n - k) steps (the gambler's ruin)."""
    mdp = GridWorld(map="G..S..G", step_reward=-1.0, goal_reward=0.0).mdp
    v = np.zeros(7)
    for _ in range(2000):
        v = (mdp.reward + np.where(mdp.terminal, 0, v[mdp.next_state]))[:, [LEFT, RIGHT], 0].mean(1)
    assert v == pytest.approx([-k * (6 - k) for k in range(7)])


def length_of_best_way(world: GridWorld) -> int:
    costly = dataclasses.replace(world, step_reward=-1.0, goal_reward=0.0, rewards="", slip=0.0)
    return -round(solve(costly.mdp, 1.0, 200)[world.map.replace("/", "").index("S")].max())


@pytest.mark.parametrize(("name", "steps"), [("Cliff", 13), ("Maze", 14), ("Shortcut", 16), ("Open field", 10)])
def test_shortest_ways_are_as_long_as_said(name, steps):
    assert length_of_best_way(WORLDS[name]) == steps


def test_the_open_shortcut_is_10_steps():
    world = WORLDS["Shortcut"]
    assert length_of_best_way(dataclasses.replace(world, map=world.map.replace("########", "#######."))) == 10


@pytest.mark.parametrize(("gamma", "action"), [(0.67, LEFT), (0.69, RIGHT)])
def test_the_discount_decides_between_near_and_far(gamma, action):
    assert solve(WORLDS["Near or far"].mdp, gamma)[4].argmax() == action


@pytest.mark.parametrize(("slip", "action"), [(0.0, RIGHT), (0.1, UP)])
def test_slip_decides_whether_to_cross_the_bridge(slip, action):
    assert solve(dataclasses.replace(WORLDS["Bridge"], slip=slip).mdp, 0.99)[27].argmax() == action


def test_russell_and_norvigs_best_policy_walks_left_along_the_bottom():
    assert solve(WORLDS["Russell & Norvig's 4x3"].mdp, 1.0)[9:12].argmax(1).tolist() == [LEFT] * 3


def test_the_coin_is_worth_more_than_the_goal():
    q = solve(WORLDS["A coin that comes back"].mdp, 0.99)
    assert q[7].max() > 10
    assert q[6].argmax() != DOWN


def test_presets_are_named_apart_and_say_what_to_notice():
    assert len({preset.name for preset in PRESETS}) == len(PRESETS) >= 6
    assert all(preset.notice[-1] in ".?" and len(preset.notice) < 220 for preset in PRESETS)
