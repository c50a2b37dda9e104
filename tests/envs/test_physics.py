"""CartPole-v1 and Acrobot-v1 for neural agents, against Gymnasium's own step by step, and a person who plays them."""

import gymnasium
import numpy as np
import pytest
from gymnasium.envs.classic_control.acrobot import AcrobotEnv
from hypothesis import given
from hypothesis import strategies as st

from rl.acrobot import FASTEST_LOWER, FASTEST_UPPER, HEIGHT, SECONDS, SHAKE, accelerations, swing, wrapped
from rl.agents.driver import Driver
from rl.agents.human import MOST_MOVES
from rl.cart_pole import set_up
from rl.envs.acrobot import Acrobot
from rl.envs.cart import Cart
from rl.jit import plain
from rl.physics import ACROBOT, CAR, CART, act_on, begin, observe
from rl.run import FOREVER
from rl.run import begin as start_run
from rl.tape import RUNNING, TERMINATED, TRUNCATED, EpisodeLog, StepLog, Tape, blank
from rl.timeline import Timeline
from tests.strategies import same, seeds

WORLDS = pytest.mark.parametrize("world", [Cart(), Acrobot()], ids=["cart", "acrobot"])
kinds = st.sampled_from([CART, ACROBOT, CAR])


def moves_of(seed, n, actions):
    return "".join(map(str, np.random.default_rng(seed).integers(actions, size=n)))


@pytest.mark.parametrize("step", [swing, plain(swing)], ids=["compiled", "plain"])
def test_every_swing_is_gymnasiums(step):
    """20,000 steps from anywhere: numpy's sine may differ from the C library's in the last bit; 99 in 100 are equal."""
    random, theirs = np.random.default_rng(3), AcrobotEnv()
    equal = 0
    for _ in range(20_000):
        body = random.uniform(-1, 1, 4) * (np.pi, np.pi, FASTEST_UPPER, FASTEST_LOWER)
        action = int(random.integers(3))
        theirs.state = body.copy()
        _, reward, terminated, _, _ = theirs.step(action)
        reached = step(body, action)
        assert (reached, -1.0 + reached) == (terminated, reward)
        assert np.allclose(body, theirs.state, rtol=0, atol=2e-13)
        equal += np.array_equal(body, theirs.state)
    assert equal > 19_800


@WORLDS
def test_whole_episodes_are_gymnasiums_from_the_same_start(world):
    """A last bit grows to 2e-9 over 500 random steps of an acrobot; an observation is float32, 6e-8 apart at 1."""
    theirs, (kind, _, n_body, n_sight, n_actions) = gymnasium.make(world.title), world.model
    body, sight, random = np.zeros(n_body), np.zeros(n_sight, np.float32), np.random.default_rng(5)
    ends = set()
    for episode in range(15):
        begin(kind, body, 7, episode)
        theirs.reset()
        theirs.unwrapped.state, over = body.copy(), False
        while not over:
            action = int(random.integers(n_actions))
            observation, reward, terminated, truncated, _ = theirs.step(action)
            assert act_on(kind, body, action) == (reward, terminated)
            observe(kind, body, sight)
            assert observation.dtype == sight.dtype and np.allclose(observation, sight, rtol=0, atol=1e-7)
            assert np.allclose(body, theirs.unwrapped.state, rtol=0, atol=1e-7)
            over = terminated or truncated
        ends.add(TERMINATED if terminated else TRUNCATED)
    assert ends == ({TERMINATED} if kind == CART else {TRUNCATED})


def test_an_acrobot_that_is_pumped_reaches_the_goal_when_gymnasiums_does():
    """The motor turns the way the upper link swings: three episodes are over after some 100 steps each."""
    theirs, body, lengths = gymnasium.make("Acrobot-v1"), np.zeros(4), []
    for episode in range(3):
        begin(ACROBOT, body, 1, episode)
        theirs.reset()
        theirs.unwrapped.state, over = body.copy(), False
        while not over:
            action = 2 if body[2] < 0 else 0
            _, reward, over, truncated, _ = theirs.step(action)
            assert act_on(ACROBOT, body, action) == (reward, over) == (0.0 if over else -1.0, over)
            assert not truncated
        lengths.append(theirs.get_wrapper_attr("_elapsed_steps"))
    assert max(lengths) < 250


@WORLDS
def test_numbers_of_actions_and_observations_and_the_time_limit_are_gymnasiums(world):
    theirs = gymnasium.make(world.title)
    assert world.horizon == theirs.spec.max_episode_steps == world.model.horizon == 500
    assert (world.model.sight,) == theirs.observation_space.shape
    assert world.shape == (1, theirs.action_space.n) == (1, world.model.actions) == (1, len(world.actions))


def test_the_bounds_of_the_acrobot_are_gymnasiums():
    assert (AcrobotEnv.MAX_VEL_1, AcrobotEnv.MAX_VEL_2, AcrobotEnv.dt) == (FASTEST_UPPER, FASTEST_LOWER, SECONDS)
    body = np.array([3.0, -3.0, 12.5, -28.2])
    for _ in range(50):
        swing(body, 2)
        assert np.abs(body[:2]).max() <= np.pi and abs(body[2]) <= 4 * np.pi and abs(body[3]) <= 9 * np.pi


@given(st.floats(-40, 40))
def test_an_angle_is_brought_within_half_a_turn(angle):
    assert -np.pi <= wrapped(angle) <= np.pi
    assert np.cos(wrapped(angle) - angle) == pytest.approx(1)


def test_hanging_still_is_at_rest_and_a_torque_moves_both_links():
    """By hand, links straight down: d1 = 4.5, d2 = 1.75, phi = 0, so the lower one gets 1 / (1.25 - 1.75² / 4.5)."""
    assert accelerations(0.0, 0.0, 0.0, 0.0, 0.0) == pytest.approx((0, 0), abs=1e-14)
    lower = 1 / (1.25 - 1.75**2 / 4.5)
    assert accelerations(0.0, 0.0, 0.0, 0.0, 1.0) == pytest.approx((-1.75 / 4.5 * lower, lower))


def test_the_goal_is_a_link_above_the_nail():
    """Straight up the end is 2 m above the nail, hanging it is 2 m below."""
    assert HEIGHT == 1
    assert swing(np.array([np.pi, 0.0, 0.0, 0.0]), 1) and not swing(np.zeros(4), 1)
    assert act_on(ACROBOT, np.array([np.pi, 0.0, 0.0, 0.0]), 1) == (0.0, True)


def test_an_acrobot_starts_uniformly_within_a_tenth():
    starts = np.empty((4000, 4))
    for i, start in enumerate(starts):
        begin(ACROBOT, start, 11, i)
    assert np.abs(starts).max() < SHAKE == 0.1 and len(np.unique(starts)) == starts.size
    assert np.abs(starts.mean(0)).max() < 5 * 0.2 / 12**0.5 / 4000**0.5
    assert starts.std(0) == pytest.approx(0.2 / 12**0.5, rel=0.04)


def test_a_cart_starts_where_the_one_with_bins_does():
    mine, binned = np.zeros(4), np.zeros(4)
    begin(CART, mine, 3, 8)
    set_up(binned, 3, 8)
    assert (mine == binned).all()


@given(kinds, seeds, st.lists(st.integers(0, 2), max_size=60))
def test_compiled_and_plain_bodies_are_equal_to_the_last_bit(kind, seed, actions):
    ends = []
    for start, act, look in ((begin, act_on, observe), (plain(begin), plain(act_on), plain(observe))):
        body, sights = np.zeros(4), np.zeros((len(actions) + 1, 6), np.float32)
        start(kind, body, seed, 2)
        seen = [act(kind, body, min(a, 1 + kind)) for a in actions]
        look(kind, body, sights[0])
        ends.append((body, sights, seen))
    (one, sight, seen), (two, other_sight, other_seen) = ends
    assert same([one, sight], [two, other_sight]) and seen == other_seen


@WORLDS
def test_a_person_makes_their_moves(world):
    moves = moves_of(1, 1200, world.model.actions)
    run = Timeline(world, Driver(moves), 4)
    log, memory = run.steps(0, 2000), run.at(2000).memory
    assert log.action.tolist() == [int(move) for move in moves] and run.last == 1200
    assert (log.updated_state == -1).all() and (log.state == 0).all() and (log.next_state == 0).all()
    assert memory.visits.tolist() == [np.bincount(log.action).tolist()] and not memory.pi.any()
    shorter = Timeline(world, Driver(moves[:700]), 4).at(1200)
    assert same(run.at(700).memory, shorter.memory) and same(run.at(700).clock, shorter.clock)
    body = np.zeros(4)
    begin(world.model.kind, body, 4, 0)
    for t, (action, ended) in enumerate(zip(log.action, log.ended, strict=True)):
        assert t % 50 or (run.at(t).memory.body == body).all()
        r, terminal = act_on(world.model.kind, body, action)
        assert (r, terminal) == (log.reward[t], ended == TERMINATED)
        if ended != RUNNING:
            begin(world.model.kind, body, 4, log.episode[t] + 1)


def test_a_time_limit_cuts_an_episode_short():
    run = Timeline(Acrobot(horizon=20), Driver("0" * 50))
    assert [int(length) for length in run.episodes(50).length] == [20, 20]
    assert run.steps(0, 50).ended[[19, 39]].tolist() == [TRUNCATED, TRUNCATED]


def test_what_was_learned_fits_the_same_world_only():
    assert Cart().fits(Cart(horizon=200)) and Acrobot().fits(Acrobot(horizon=200))
    assert not Cart().fits(Acrobot()) and not Acrobot().fits(Cart())


def test_moves_a_world_has_not_are_refused():
    with pytest.raises(ValueError, match=r"^moves are spelled as 0 to 1, one an action\.$"):
        Timeline(Cart(), Driver("012")).at(0)
    assert 10 * Cart().horizon <= MOST_MOVES


def test_a_person_may_go_on_where_they_are_and_as_long_as_the_world_is_the_same():
    run = Timeline(Cart(), Driver("01" * 10)).edited(12, agent=Driver("01" * 6 + "1" * 30))
    assert run.last == 42 and run.steps(12, 42).action.tolist() == [1] * 30
    with pytest.raises(ValueError, match="other states"):
        run.edited(20, env=Acrobot())


@WORLDS
def test_a_person_plays_the_same_compiled_and_plain(world):
    agent, left = Driver(moves_of(2, 600, world.model.actions)), []
    for loop in (Driver.loop, plain(Driver.loop)):
        run = start_run(world, agent, 9)
        tape = Tape(0, 0, blank(StepLog, 600), blank(EpisodeLog, 600))
        loop(world.model, 9, run.memory, run.clock, tape, FOREVER, FOREVER, *agent.parameters())
        left.append([*run.memory, *run.clock, *tape.steps, *tape.episodes])
    assert same(*left) and run.step == 600
