"""What the stage is sent says what the run did: its columns, its tables, its world, its marks."""

import json

import numpy as np
import pytest

from pages.parts import scene
from pages.parts.player import Player
from pages.parts.scenery import scenery
from pages.parts.stage.stage import pack, read
from rl.agents.control.q_learning import QLearning
from rl.agents.control.sarsa_lambda import SarsaLambda
from rl.envs import ENVS
from rl.envs.frozen_lake import FrozenLake
from rl.envs.grid_presets import PRESETS
from rl.envs.grid_world import GridWorld
from rl.envs.gym_live import GymLive
from rl.ledger import ledger
from rl.link import View, from_query_string
from rl.tape import TERMINATED, TRUNCATED
from rl.timeline import MAX_STEP, Timeline
from rl.truth import solution
from tests.pages.unpack import unpacked

AGENT = QLearning(epsilon=0.3, alpha=0.25, gamma=0.9)
SHORT = GridWorld(map="S..H/...G", horizon=5, slip=0.3)
WORLDS = dict.fromkeys([*(kind() for kind in ENVS.values()), FrozenLake("8x8"), SHORT, *(p.world for p in PRESETS)])


def edited(world):
    run = Timeline(world, AGENT, 4).edited(130, alpha=0.5).edited(170, gamma=0.4)
    return run.edited(171, gamma=0.0).edited(300, alpha=0.9)


@pytest.fixture(params=[SHORT, *(kind() for kind in ENVS.values())], ids=repr)
def run(request):
    return edited(request.param)


def test_the_columns_are_the_log(run):
    log, sent = run.steps(100, 400), scene.chunk(run, 100, 400)
    for name in ("state", "action", "explored", "reward", "next_state", "ended", "old", "target", "new", "epsilon",
                 "episode", "k", "ret"):
        if name in sent["steps"]:
            column = unpacked(sent["steps"][name])
            assert np.array_equal(column, getattr(log, name).astype(column.dtype)), name
    assert (sent["t0"], sent["t1"]) == (100, 400) and all(len(unpacked(c)) == 300 for c in sent["steps"].values())


def test_the_tables_are_those_before_the_first_step(run):
    memory, sent = run.at(100).memory, scene.chunk(run, 100, 400)
    assert np.array_equal(unpacked(sent["values"]), [*memory.q.ravel(), *memory.visits.ravel()])
    assert [table["name"] for table in sent["tables"]] == ["q", "visits"] and sent["width"] == memory.q.shape[1]


def test_the_tables_and_the_columns_lead_to_the_later_tables(run):
    sent = scene.chunk(run, 100, 400)
    n_states, n_actions = run.env.shape
    q, steps = unpacked(sent["values"])[: n_states * n_actions].copy(), sent["steps"]
    columns = ("updated_state", "updated_action", "old", "new")
    for state, action, old, new in zip(*(unpacked(steps[name]) for name in columns), strict=True):
        assert q[state * n_actions + action] == old
        q[state * n_actions + action] = new
    assert np.array_equal(q, run.at(400).memory.q.ravel())


def test_step_size_and_discount_are_those_in_force_at_each_step(run):
    steps = scene.chunk(run, 100, 400)["steps"]
    ended = unpacked(steps["ended"])
    alpha = np.repeat([0.25, 0.5, 0.9], [30, 170, 100])
    gamma = np.where(ended == TERMINATED, 0, np.repeat([0.9, 0.4, 0.0], [70, 1, 229]))
    assert np.array_equal(unpacked(steps["alpha"]), alpha.astype(np.float32))
    assert np.array_equal(unpacked(steps["gamma"]), gamma.astype(np.float32))


def test_what_is_bootstrapped_is_the_best_value_of_the_next_state_unless_the_episode_terminated(run):
    steps = {name: unpacked(column) for name, column in scene.chunk(run, 0, 171)["steps"].items()}
    for t in range(171):
        best = 0 if steps["ended"][t] == TERMINATED else run.at(t).memory.q[steps["next_state"][t]].max()
        assert steps["bootstrap"][t] == pytest.approx(best, rel=1e-4, abs=1e-6)


def test_an_episode_that_was_cut_short_still_bootstraps():
    run = Timeline(SHORT, QLearning(initial=2.0, gamma=0.9), 1)
    steps = {name: unpacked(column) for name, column in scene.chunk(run, 0, 300)["steps"].items()}
    cut = steps["ended"] == TRUNCATED
    assert cut.any() and (steps["gamma"][cut] == np.float32(0.9)).all() and (steps["bootstrap"][cut] != 0).all()


def test_the_numbers_of_each_step_fit_the_equation(run):
    steps = {name: unpacked(column).astype(np.float64) for name, column in scene.chunk(run, 0, 400)["steps"].items()}
    target = steps["reward"] + steps["gamma"] * steps["bootstrap"]
    assert np.allclose(target, steps["target"], atol=1e-4)
    assert np.allclose(steps["old"] + steps["alpha"] * (target - steps["old"]), steps["new"], atol=1e-4)


@pytest.mark.parametrize("world", WORLDS, ids=repr)
def test_what_is_sent_at_normal_speed_is_plain_json_and_small(world):
    data = Player(Timeline(world, QLearning(), 1), 1500, entry=(0, 0)).data()
    assert len(json.dumps(data, allow_nan=False)) < 300_000


@pytest.mark.parametrize("world", WORLDS, ids=repr)
def test_a_world_is_described_in_full(world):
    sent = scenery(world, QLearning(gamma=0.9))
    n_states, n_actions = world.mdp.cdf.shape[:2]
    assert (sent["n_states"], sent["n_actions"]) == (n_states, n_actions)
    assert len(sent["states"]) == len(set(sent["states"])) == n_states and len(sent["actions"]) == n_actions
    assert np.array_equal(unpacked(sent["terminal"]) == 0, solution(world, 0.9).visitable)
    exact = solution(world, 0.9).q.astype(np.float32)
    assert np.array_equal(unpacked(sent["q_star"], n_states, n_actions), exact, equal_nan=True)
    picture = sent["world"]
    if world.picture() is None:
        assert picture["kind"] == world.drawn_as
        return
    shown = unpacked(picture["state_at"], picture["layers"], picture["rows"] * picture["cols"])
    assert sorted(shown[shown >= 0].tolist()) == list(range(n_states)) and len(picture["cells"]) == shown.shape[1]


def test_where_no_optimum_is_finite_none_is_sent():
    assert scenery(GridWorld(step_reward=1.0), QLearning(gamma=1.0))["q_star"] is None


def test_marks_say_when_and_what_changed():
    run = edited(FrozenLake()).edited(400, FrozenLake(success=0.5), epsilon=0.05, schedule="linear")
    assert [mark["t"] for mark in scene.marks(run)] == [130, 170, 171, 300, 400]
    assert [mark["text"] for mark in scene.marks(run)] == [
        "alpha 0.25 → 0.5", "gamma 0.9 → 0.4", "gamma 0.4 → 0", "alpha 0.5 → 0.9",
        "epsilon 0.3 → 0.05, schedule constant → linear, success 0.333333 → 0.5"]


def test_a_painted_map_is_not_spelled_out_in_a_mark():
    run = Timeline(SHORT, AGENT).edited(5, GridWorld(map="S..H/.#.G", horizon=5, slip=0.3))
    assert scene.marks(run)[0]["text"] == "map S..H/...G → S..H/.#.G"
    run = Timeline(GridWorld(), AGENT).edited(5, GridWorld(map=GridWorld().map.replace("#", ".")))
    assert scene.marks(run)[0]["text"] == "map … → …"


def test_a_mark_names_the_world_that_took_anothers_place():
    run = from_query_string("v=1&env=lake&edits=9,env:grid,env.map:S.../..../..../...G").timeline
    assert scene.marks(run)[0]["text"] == "FrozenLake → Grid world"


def test_a_ledger_is_laid_out_newest_first(run):
    found = ledger(run, 400, *(int(i) for i in np.argwhere(run.at(400).memory.visits)[0]))
    sent = scene.ledger_rows(found, 0, 0)
    steps = [row[0] for row in sent["rows"]]
    assert steps == sorted(steps, reverse=True) and sent["shown"] == len(steps) <= sent["total"]
    for step, reward, target, error, new in sent["rows"]:
        log = run.steps(step, step + 1)
        numbers = (log.reward, log.target, log.target - log.old, log.new)
        assert (reward, target, error, new) == pytest.approx([float(n[0]) for n in numbers], rel=1e-5, abs=1e-12)


def test_a_stretch_reaches_back_and_four_seconds_ahead_within_the_run():
    assert scene.stretch(500, 8) == (380, 540)
    assert scene.stretch(500, 1000) == (380, 4500)
    assert scene.stretch(50, 1e9) == (0, 12_050)
    assert scene.stretch(MAX_STEP, 8) == (MAX_STEP - 120, MAX_STEP)


def test_a_link_is_the_run_without_the_moment():
    run = edited(FrozenLake())
    assert from_query_string(f"{scene.share(View(run, 7, 9))}&t=0") == View(run, 0, 0)
    assert "&t=" not in scene.share(View(run, 7, 9))


def test_packing_is_little_endian_and_small():
    assert pack(np.array([1.0, -2.5], np.float32)) == {"type": "f4", "data": "AACAPwAAIMA="}
    assert pack(np.array([1.0])) == {"type": "f8", "data": "AAAAAAAA8D8="}
    assert pack(np.array([True, False])) == {"type": "u1", "data": "AQA="}
    assert pack(np.array([1, -1])) == {"type": "i4", "data": "AQAAAP////8="}


def test_the_stage_is_sent_without_its_comments():
    sent = read("tape.js")
    assert "class Tape" in sent and "\n//" not in sent and "/**" not in sent


@pytest.mark.parametrize(("world", "agent", "most"), [
    (FrozenLake(), SarsaLambda(), 2000), (GymLive(), SarsaLambda(), 500), (GymLive(), QLearning(), 49_900)])
def test_less_is_sent_at_a_time_where_each_step_is_looked_into_and_less_still_where_steps_are_slow(world, agent, most):
    assert scene.farthest(Timeline(world, agent), 100) == 100 + most
