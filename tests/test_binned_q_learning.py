"""Q-learning over bins, and a person in its place: they learn, and their runs are places one can go to."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rl.agents import AGENTS
from rl.agents.binned_q_learning import BinnedQLearning
from rl.agents.control.q_learning import QLearning
from rl.agents.human import Human
from rl.agents.pilot import Pilot
from rl.cart_pole import bin_of
from rl.envs.cart_pole import CartPole
from rl.envs.frozen_lake import FrozenLake
from rl.envs.grid_world import GridWorld
from rl.export import tables_npz
from rl.frames import landings, observations
from rl.jit import COMPILED, plain
from rl.link import View, from_query_string, to_query_string
from rl.policies import SCHEDULES
from rl.run import FOREVER, advance, begin
from rl.tape import RUNNING, TERMINATED, TRUNCATED, EpisodeLog, StepLog, Tape, blank, joined
from rl.timeline import Timeline
from rl.trials import run_trials
from tests.strategies import rates, same_place, seeds
from tests.strategies import same as same_numbers

LEARNER, MOVES = BinnedQLearning(alpha=0.3, epsilon=0.2), "0110100110010110" * 20
RUN = Timeline(CartPole(), LEARNER, 3)
PERSON = Timeline(CartPole(), Pilot(moves=MOVES), 3)
EDITED = RUN.edited(300, alpha=0.9).edited(700, CartPole(horizon=40), epsilon=0.0).edited(1200, initial=20.0, gamma=0.5)
both = pytest.mark.parametrize("run", [RUN, PERSON, EDITED], ids=["agent", "person", "edited"])

agents = st.builds(BinnedQLearning, alpha=rates, gamma=rates, epsilon=rates, schedule=st.sampled_from(SCHEDULES),
                   initial=st.floats(-20, 20, allow_subnormal=False)) | st.just(Pilot(moves=MOVES))
worlds = st.builds(CartPole, bins_position=st.integers(1, 4), bins_angle=st.integers(1, 6), horizon=st.integers(1, 60))


def same(one, other):
    """Tells whether columns are equal to the last bit; a person has no epsilon, and NaN is no number."""
    return same_numbers([np.nan_to_num(column) for column in one], [np.nan_to_num(column) for column in other])


def test_it_learns_to_balance():
    """20 seeds: 234 steps on average over episodes 401-500 (the worst seed 76); random pushes last 22."""
    last = run_trials(Timeline(CartPole(), BinnedQLearning()), range(20), 500).returns[:, 400:]
    assert last.mean() == pytest.approx(234, abs=25) and last.mean(axis=1).min() > 2 * 22.2


def test_it_learns_more_when_exploration_falls():
    """From 1 to 0 over 200 episodes: 391 steps on average over episodes 401-500 of 20 seeds."""
    agent = BinnedQLearning(epsilon=1.0, schedule="linear", span=200)
    assert run_trials(Timeline(CartPole(), agent), range(20), 500).returns[:, 400:].mean() == pytest.approx(391, abs=40)


@both
def test_every_number_of_the_log_follows_from_the_ones_before(run):
    """Replays the table from the log with its own arithmetic, and the bins from the observations."""
    log, world, stop = run.steps(0, 300), run.env, 300
    moments, ends = observations(run, 0, stop), landings(run, 0, stop)
    q = run.agent.new_memory(world.model, run.seed).q
    for t in range(stop):
        s, a, s_next = log.state[t], log.action[t], log.next_state[t]
        assert (s, s_next) == (bin_of(world.model, moments[t]), bin_of(world.model, ends[t]))
        discount = 0.0 if log.ended[t] == TERMINATED else run.agent.discount
        assert (log.reward[t], log.old[t]) == (1.0, q[s, a])
        assert log.target[t] == pytest.approx(1 + discount * q[s_next].max(), abs=1e-12)
        q[s, a] += run.agent.step_size * (1 + discount * q[s_next].max() - q[s, a])
        assert log.new[t] == q[s, a]
    assert np.array_equal(q, run.at(stop).memory.q)
    assert np.array_equal(run.at(stop).memory.body, moments[-1])


def test_a_time_limit_truncates_and_still_bootstraps():
    agent = BinnedQLearning(initial=5.0, gamma=0.9, alpha=0.0)
    log = Timeline(CartPole(horizon=7), agent, 1).steps(0, 700)
    cut = log.ended == TRUNCATED
    assert cut.all() == (log.k == 6).all() and cut.sum() == 100 and not (log.ended == TERMINATED).any()
    assert (log.target == 1 + 0.9 * 5).all()


def test_an_episode_of_500_steps_is_cut_short_and_a_fallen_pole_is_the_end():
    agent = BinnedQLearning(epsilon=1.0, schedule="linear", span=200)
    coarse = CartPole(bins_speed=1, bins_spin=3)  # learned within 200 episodes
    log = Timeline(coarse, agent, 2).steps(0, 60_000)
    assert set(log.ended[log.k == 499]) == {TRUNCATED} and set(log.ended[log.k < 499]) == {RUNNING, TERMINATED}
    full = np.flatnonzero(log.ended == TRUNCATED)
    assert (log.ret[full] == 500).all() and (log.target[full] > 1).all()
    assert np.allclose(log.target[log.ended == TERMINATED], 1, atol=1e-12)  # target = old + error


@pytest.mark.parametrize("run", [EDITED, PERSON], ids=["edited", "person"])
@pytest.mark.parametrize("t", [0, 1, 299, 300, 301, 699, 700, 1200, 1500])
def test_going_back_and_on_again_is_the_same_run(run, t):
    end = min(1600, run.last)
    t = min(t, end)
    assert same(joined([run.steps(0, t), run.steps(t, end)]), run.steps(0, end))
    place = run.at(t)
    for edit in [e for e in run.edits if e.step > t] or [None]:
        stop = min(edit.step if edit else end, end)
        advance(place, stop)
        assert same(place.memory[:2], run.at(stop).memory[:2]) or edit  # an edit may change what was never tried
        break
    assert same_place(Timeline(run.env, run.agent, run.seed, run.edits).at(t), run.at(t))


def test_a_body_lives_on_through_an_edit_and_another_agent():
    branch = RUN.edited(100, agent=Pilot(moves="1" * 150))
    assert same(branch.steps(0, 100), RUN.steps(0, 100)) and branch.last == 150
    assert same(branch.at(100).memory, RUN.at(100).memory)
    assert (branch.steps(100, 150).action == 1).all()
    assert np.array_equal(observations(branch, 90, 150)[:11], observations(RUN, 90, 100))


def test_other_bins_start_over():
    with pytest.raises(ValueError, match="start over"):
        RUN.edited(100, CartPole(bins_angle=7))


def test_optimism_switched_on_late_reaches_what_was_never_tried():
    memory = RUN.edited(50, initial=20.0).at(50).memory
    assert ((memory.q == 20) == (memory.visits == 0)).all() and (memory.visits > 0).any()


@pytest.mark.skipif(not COMPILED, reason="numba is not here, or turned off")
@given(worlds, agents, seeds, st.integers(0, 300))
@settings(max_examples=40)
def test_a_compiled_run_is_the_plain_one_bit_for_bit(world, agent, seed, steps):
    def traced(loop):
        run, tape = begin(world, agent, seed), Tape(0, 0, blank(StepLog, steps), blank(EpisodeLog, steps))
        loop(world.model, seed, run.memory, run.clock, tape, steps, FOREVER, *agent.parameters())
        return [*tape.steps, *tape.episodes, *run.memory, *run.clock]

    assert same(traced(type(agent).loop), traced(plain(type(agent).loop)))


@both
def test_the_link_leads_back_to_the_run(run):
    assert from_query_string(to_query_string(View(run, 77, 90))) == View(run, 77, 90)


@pytest.mark.parametrize(("world", "agent"), [
    (CartPole(), QLearning()), (CartPole(), Human()), (FrozenLake(), LEARNER), (GridWorld(), Pilot())])
def test_an_agent_of_another_family_is_refused_with_a_sentence(world, agent):
    with pytest.raises(ValueError, match=rf"^{agent.title} cannot play {world.title}: it is made for other worlds\.$"):
        Timeline(world, agent)


def test_a_person_has_two_actions_here():
    with pytest.raises(ValueError, match="0 to 1"):
        Timeline(CartPole(), Pilot(moves="012")).at(0)


def test_the_settings_are_q_learnings():
    assert list(vars(LEARNER)) == list(vars(QLearning())) and AGENTS["binned"] is BinnedQLearning
    assert AGENTS["pilot"] is Pilot and replace(LEARNER, alpha=1).parameters()[1] == 1.0


def test_the_tables_can_be_taken_away():
    assert len(tables_npz(RUN, 200)) > 500
