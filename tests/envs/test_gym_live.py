"""Learning from an environment's real steps: the loops are the same, and so is what can be done with a run."""

from dataclasses import replace

import gymnasium
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rl.agents import AGENTS
from rl.agents.control.q_learning import QLearning
from rl.agents.human import Human
from rl.dice import START, uniform
from rl.envs.gym_env import GymTable
from rl.envs.gym_live import GymLive
from rl.live import SEEDS, numbering
from rl.mdp import from_table
from rl.planning import action_values, value_iteration
from rl.run import FOREVER, advance, begin
from rl.tape import TERMINATED, TRUNCATED
from rl.timeline import Timeline
from rl.trials import run_trials
from tests.envs.gym_worlds import SPACES, Lane, Shown, register
from tests.strategies import same_place, seeds

LANE = GymLive(register("Lane", Lane))
LIMITED = GymLive(register("LimitedLane", Lane, 6))
IMPATIENT = GymLive(register("ImpatientLane", Lane, patience=6))
LEARNERS = [slug for slug, kind in AGENTS.items()
            if kind.family == "tabular" and not kind().looks_up and slug != "human"]


def optimum(gamma):
    """The lane's exact values: what its code does, written down as a table."""
    def step(s, move):
        ends = [(0.75, max(0, s + move)), (0.25, max(0, s - move))]
        return [(p, end, float(end == 4), end == 4) for p, end in ends]

    mdp = from_table([[step(s, -1), step(s, 1)] for s in range(4)] + [[[(1.0, 4, 0.0, True)]] * 2], np.eye(5)[2])
    return action_values(mdp, value_iteration(mdp, gamma), gamma)


def test_q_learning_finds_the_optimum_of_a_table_it_never_sees():
    agent = QLearning(alpha=0.02, epsilon=0.5, gamma=0.9, initial=0.5)
    q = Timeline(LANE, agent, 1).at(20_000).memory.q
    assert (q[:4].argmax(axis=1) == 1).all()
    assert q[1:4] == pytest.approx(optimum(0.9)[1:4], abs=0.05)


def played(env, seed, steps):
    """What Gymnasium itself says to the same actions, episode by episode."""
    log = Timeline(env, QLearning(epsilon=1.0), seed).steps(0, steps)
    game, rows = gymnasium.make(env.id), []
    for i in range(len(log)):
        if log.k[i] == 0:
            seen, _ = game.reset(seed=int(uniform(seed, int(log.episode[i]), START) * SEEDS))
            assert env.state_name(log.state[i]) == f"observation {seen}"
        seen, reward, terminated, truncated, _ = game.step(int(log.action[i]) + int(game.action_space.start))
        rows.append((env.state_name(log.next_state[i]), float(log.reward[i]), int(log.ended[i])))
        assert rows[-1] == (f"observation {seen}", reward, TERMINATED if terminated else TRUNCATED if truncated else 0)
    return rows


@pytest.mark.parametrize("env", [LANE, LIMITED, IMPATIENT, GymLive(), GymLive("FrozenLake-v1")], ids=lambda e: e.id)
def test_a_run_is_what_gymnasium_answers_to_its_actions(env):
    assert len(played(env, 5, 400)) == 400


@pytest.mark.parametrize("env", [LIMITED, IMPATIENT], ids=["a wrapper", "the environment"])
def test_being_cut_short_is_no_end_whoever_does_it(env):
    log = Timeline(env, QLearning(epsilon=1.0, initial=2.0), 3).steps(0, 500)
    last = log.k == 5
    assert (log.ended[last] == TRUNCATED).sum() > 10 and log.k.max() == 5
    assert set(log.ended[~last]) == {0, TERMINATED}
    cut = log.ended == TRUNCATED
    assert (log.target[cut] > 0.1).all() and (log.reward[cut] == 0).all()  # it still bootstraps
    assert (log.target[log.ended == TERMINATED] == 1).all()


@given(seeds, st.sampled_from(LEARNERS), st.integers(0, 120), st.integers(1, 60))
@settings(max_examples=60, deadline=None)
def test_stopping_and_going_on_anywhere_is_one_run(seed, slug, stop, more):
    one, two = (begin(LIMITED, AGENTS[slug](), seed) for _ in range(2))
    advance(one, stop + more)
    advance(two, stop)
    advance(two.copy(), stop + 7)  # somebody looks ahead from there
    advance(two, stop + more)
    assert same_place(one, two) and one.journal == two.journal and len(one.journal) == one.clock.counts[3]


@pytest.mark.parametrize("slug", LEARNERS)
def test_any_moment_can_be_gone_back_to(slug):
    run = Timeline(GymLive(), AGENTS[slug](), 9)
    late, early = run.at(700), run.at(303)
    again = begin(GymLive(), AGENTS[slug](), 9)
    advance(again, 303)
    assert same_place(again, early)
    advance(again, 700)
    assert same_place(again, late)
    for part, whole in zip(run.steps(100, 560), run.steps(0, 600), strict=True):
        assert np.array_equal(part, whole[100:560], equal_nan=part.dtype == np.float64)


def test_an_edit_in_mid_episode_goes_on_in_it():
    run = Timeline(LANE, QLearning(epsilon=1.0), 2)
    step = next(t for t in range(50, 200) if run.at(t).clock.counts[3] > 3)
    edited = run.edited(step, alpha=0.5)
    assert edited.at(step).journal == run.at(step).journal != ()
    assert edited.at(step + 40).episode == run.at(step + 40).episode
    assert np.array_equal(edited.steps(0, step + 40).next_state, run.steps(0, step + 40).next_state)


def test_a_person_can_play():
    run = Timeline(LANE, Human("1" * 40), 1)
    assert run.last == 40 and (run.steps(0, 40).action == 1).all() and len(run.episodes(40)) > 3


def test_a_run_is_shorter_than_in_other_worlds():
    assert Timeline(LANE, QLearning()).last == 50_000 < Timeline(GymTable(), QLearning()).last
    run = begin(LANE, QLearning(), 0)
    run.clock.counts[0] = 49_990
    advance(run, FOREVER)
    assert run.step == 50_000
    with pytest.raises(ValueError, match="after the last step"):
        Timeline(LANE, QLearning()).edited(50_001, alpha=0.5)


def test_trials_are_the_same_runs():
    trials = run_trials(Timeline(LIMITED, QLearning()), [4, 8], 20)
    for seed, returns in zip([4, 8], trials.returns, strict=True):
        assert np.array_equal(returns, Timeline(LIMITED, QLearning(), seed).episodes(120).ret[:20])


def test_other_environments_are_other_worlds():
    assert LANE.fits(replace(LANE)) and not LANE.fits(LIMITED) and not LANE.fits(GymTable())
    with pytest.raises(ValueError, match="other states"):
        Timeline(LANE, QLearning()).edited(5, LIMITED)


@pytest.mark.parametrize(("observation", "s"), [((0, 0, 0), 0), ((4, 10, 1), 4 * 22 + 21), ((31, 10, 1), 703)])
def test_the_parts_of_an_observation_are_its_digits(observation, s):
    numbers = numbering(gymnasium.make("Blackjack-v1").observation_space)
    assert numbers.number(observation) == s and numbers.parts(s) == observation
    assert GymLive().shape == (704, 2) and GymLive().state_name(s) == f"observation {observation}"


@pytest.mark.parametrize(("name", "shows", "s"), [("many", np.array([3, 2]), 10), ("tuple", (2, 1), 9), (None, 1, 1)])
def test_observations_are_numbers_arrays_or_tuples(name, shows, s):
    env = GymLive(register(f"Shows{name}", Shown, observations=SPACES.get(name), shows=shows))
    assert env.first_state(0, 0) == s
    assert len({env.state_name(i) for i in range(env.shape[0])}) == env.shape[0]


def test_an_observation_outside_its_space_is_said_to_be_so():
    with pytest.raises(ValueError, match=r"the environment has shown 7, outside its observation space\."):
        GymLive(register("Lies", Shown, shows=7)).first_state(0, 0)


@pytest.mark.parametrize(("id", "says"), [
    ("CartPole-v1", "the observations of CartPole-v1 are a Box space; a table needs whole numbers"),
    ("Nobodys-v1", "there is no Gymnasium environment 'Nobodys-v1' here"),
    (register("Mixed", Shown, observations=SPACES["mixed"]), "are a Tuple space"),
    (register("Acts", Shown, actions=SPACES["many"]), "the actions of tests/Acts-v0 are a MultiDiscrete space"),
    (register("Much", Shown, observations=SPACES["large"]), "has 10,000 states and 2 actions; 1,000 and 100 are")])
def test_an_id_that_cannot_be_played_is_refused_in_a_sentence(id, says):
    with pytest.raises(ValueError, match=says):
        GymLive(id)
