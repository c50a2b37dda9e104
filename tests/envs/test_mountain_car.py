"""MountainCar-v0 against Gymnasium's own step by step, and what is known of it: it must go away from its goal first."""

import gymnasium
import numpy as np
import pytest
from gymnasium.envs.classic_control.mountain_car import MountainCarEnv

from rl.agents.driver import Driver
from rl.agents.neural.actor_critic import NetActorCritic
from rl.agents.neural.ppo import PPO
from rl.agents.neural.reinforce import NetReinforce
from rl.envs.acrobot import Acrobot
from rl.envs.mountain_car import MountainCar
from rl.jit import plain
from rl.mountain_car import FASTEST, FLAG, LEFT_END, LEFTMOST_START, RIGHT_END, RIGHTMOST_START, drive
from rl.physics import CAR, act_on, begin, observe
from rl.run import FOREVER, advance
from rl.run import begin as start_run
from rl.tape import TERMINATED, TRUNCATED, EpisodeLog, StepLog, Tape, blank
from rl.timeline import Timeline
from tests.strategies import same, same_place

LEFT, NONE, RIGHT = 0, 1, 2
STARTS = np.linspace(LEFTMOST_START, RIGHTMOST_START, 201)
AGENTS = (NetReinforce(width=8, alpha=0.01), NetActorCritic(width=8, steps=20, alpha=0.01),
          PPO(width=8, steps=48, batch=20, epochs=2, alpha=0.01))


def body_at(position, speed=0.0):
    return np.array([position, speed, 0.0, 0.0])


def seen(body):
    sight = np.zeros(2, np.float32)
    observe(CAR, body, sight)
    return sight


def along(body):
    """Pushes the way the car rolls."""
    return RIGHT if body[1] >= 0 else LEFT


def lasts(position, policy, most):
    """Steps until the flag is reached from a start, or ``most``."""
    body = body_at(position)
    return next((n for n in range(1, most) if drive(body, policy(body))), most)


@pytest.mark.parametrize("step", [drive, plain(drive)], ids=["compiled", "plain"])
def test_every_step_is_gymnasiums_to_the_last_bit(step):
    """10,000 steps from anywhere: some against the wall on the left, some past the flag."""
    random, theirs, walls, flags = np.random.default_rng(3), MountainCarEnv(), 0, 0
    for _ in range(10_000):
        body = body_at(random.uniform(-1.2, 0.6), random.uniform(-0.07, 0.07))
        action = int(random.integers(3))
        theirs.state = body[0], body[1]
        _, _, terminated, _, _ = theirs.step(action)
        assert step(body, action) == terminated
        assert body.tolist() == [*theirs.state, 0, 0]
        walls, flags = walls + (body[0] == LEFT_END), flags + terminated
    assert walls > 50 < flags


@pytest.mark.parametrize(("along_share", "ends"), [(0.0, {TRUNCATED}), (0.8, {TERMINATED})], ids=["random", "pumped"])
def test_whole_episodes_are_gymnasiums_from_the_same_start(along_share, ends):
    theirs, body, random, found = gymnasium.make("MountainCar-v0"), np.zeros(4), np.random.default_rng(5), set()
    for episode in range(15):
        begin(CAR, body, 7, episode)
        theirs.reset()
        theirs.unwrapped.state, over = body[:2].copy(), False
        while not over:
            action = along(body) if random.random() < along_share else int(random.integers(3))
            observation, reward, terminated, truncated, _ = theirs.step(action)
            assert act_on(CAR, body, action) == (reward, terminated) == (-1.0, terminated)
            assert body[:2].tolist() == list(theirs.unwrapped.state)
            assert seen(body) * [0.9, 0.07] - [0.3, 0] == pytest.approx(observation, abs=1e-7)
            over = terminated or truncated
        found.add(TERMINATED if terminated else TRUNCATED)
    assert found == ends


def test_numbers_of_actions_and_observations_the_time_limit_and_the_bounds_are_gymnasiums():
    world, theirs = MountainCar(), gymnasium.make("MountainCar-v0")
    own = theirs.unwrapped
    assert world.title == theirs.spec.id and world.horizon == theirs.spec.max_episode_steps == world.model.horizon
    assert (world.model.sight,) == theirs.observation_space.shape and world.model.body == 4
    assert world.shape == (1, theirs.action_space.n) == (1, world.model.actions) == (1, len(world.actions))
    assert (own.min_position, own.max_position, own.max_speed, own.goal_position) == (
        LEFT_END, RIGHT_END, FASTEST, FLAG)


def test_a_car_starts_at_rest_uniformly_in_the_valley():
    starts = np.full((4000, 4), np.nan)
    for i, start in enumerate(starts):
        begin(CAR, start, 11, i)
    assert not starts[:, 1:].any() and len(np.unique(starts[:, 0])) == 4000
    assert -0.6 <= starts[:, 0].min() < -0.599 and -0.401 < starts[:, 0].max() < -0.4
    assert starts[:, 0].mean() == pytest.approx(-0.5, abs=5 * 0.2 / 12**0.5 / 4000**0.5)
    assert starts[:, 0].std() == pytest.approx(0.2 / 12**0.5, rel=0.04)


def test_an_agent_sees_both_numbers_between_minus_1_and_1():
    assert seen(body_at(-1.2, -0.07)).tolist() == [-1, -1] and seen(body_at(0.6, 0.07)).tolist() == [1, 1]
    assert seen(body_at(-0.3)) == pytest.approx([0, 0], abs=1e-7)
    assert seen(body_at(0.15, -0.035)) == pytest.approx([0.5, -0.5])


def test_at_the_bottom_it_stays_and_a_push_adds_a_thousandth_to_its_speed():
    body = body_at(-np.pi / 6)
    assert not drive(body, NONE) and body[:2] == pytest.approx([-np.pi / 6, 0])
    assert not drive(body, RIGHT) and body[:2] == pytest.approx([-np.pi / 6 + 0.001, 0.001])


def test_the_wall_on_the_left_stops_the_car():
    body = body_at(-1.19, -0.05)
    assert not drive(body, LEFT) and body.tolist() == [-1.2, 0, 0, 0]


def test_the_flag_ends_it_and_the_last_step_costs_1_too():
    assert act_on(CAR, body_at(0.49, 0.05), RIGHT) == (-1.0, True)
    assert act_on(CAR, body_at(0.45, 0.01), RIGHT) == (-1.0, False)
    assert act_on(CAR, body_at(0.6, -0.02), LEFT) == (-1.0, False)  # it comes back: that is not how one arrives


def test_pushing_the_way_it_rolls_reaches_the_flag_in_time_from_every_start():
    """Measured: 113 to 125 steps."""
    steps = [lasts(position, along, 400) for position in STARTS]
    assert max(steps) <= 125 and min(steps) >= 113


@pytest.mark.parametrize("action", [LEFT, NONE, RIGHT])
def test_always_the_same_never_does(action):
    assert all(lasts(position, lambda body: action, 2000) == 2000 for position in STARTS[::10])


def test_at_the_time_limit_an_episode_is_truncated_and_at_the_flag_terminated():
    run = Timeline(MountainCar(horizon=20), Driver("2" * 50))
    assert run.steps(0, 50).ended[[19, 39]].tolist() == [TRUNCATED, TRUNCATED]
    assert run.episodes(50).ret.tolist() == [-20, -20]
    body, moves = np.zeros(4), ""
    begin(CAR, body, 0, 0)
    while not moves or not drive(body, int(moves[-1])):
        moves += str(along(body))
    run = Timeline(MountainCar(), Driver(moves), 0)
    assert 113 <= len(moves) <= 125 and run.episodes(200).ret.tolist() == [-len(moves)]
    assert run.steps(0, 200).ended[-1] == TERMINATED
    cut = Timeline(MountainCar(horizon=len(moves)), Driver(moves), 0)
    assert cut.steps(0, 200).ended[-1] == TERMINATED  # at the last moment


def test_what_was_learned_fits_whatever_the_time_limit():
    assert MountainCar().fits(MountainCar(horizon=1000))
    assert not MountainCar().fits(Acrobot()) and not Acrobot().fits(MountainCar())


@pytest.mark.parametrize("agent", AGENTS, ids=lambda agent: agent.slug)
def test_an_agents_run_is_the_same_stopped_and_gone_on_with_and_compiled_or_plain(agent):
    world, steps = MountainCar(horizon=45), 130
    whole = start_run(world, agent, 3)
    advance(whole, steps)
    parts = start_run(world, agent, 3)
    for t in (1, 44, 47, 48, 50, 96, steps):
        parts = parts.copy()
        advance(parts, t)
    assert same_place(parts, whole) and same_place(Timeline(world, agent, 3).at(steps), whole)
    run, tape = start_run(world, agent, 3), Tape(0, 0, blank(StepLog, steps), blank(EpisodeLog, steps))
    plain(type(agent).loop)(world.model, 3, run.memory, run.clock, tape, steps, FOREVER, *agent.parameters())
    assert same([*run.memory, *run.clock], [*whole.memory, *whole.clock])
