"""A run is a place one can go to: any moment, any stretch, any branch, always the same."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rl.agents import AGENTS
from rl.agents.control.prioritised_sweeping import PrioritisedSweeping
from rl.agents.control.q_learning import QLearning
from rl.agents.planning.value_iteration import ValueIteration
from rl.dice import MAX_SEED
from rl.envs.car_rental import CarRental
from rl.envs.frozen_lake import FrozenLake
from rl.envs.grid_world import GridWorld
from rl.run import advance, begin, changed
from rl.tape import RUNNING, cut, joined
from rl.timeline import MAX_EDITS, MAX_STEP, MAX_WORK, Edit, Timeline
from tests.strategies import TableWorld, agents, lakes, same, same_place, seeds, timelines

times = st.integers(0, 2500)
LAKE = Timeline(FrozenLake(), QLearning(), 1)


def straight_through(run: Timeline, t: int):
    """Plays from the beginning to ``t`` without keyframes, editing on the way; returns the place and the logs."""
    place, logs = begin(run.env, run.agent, run.seed), []
    for step, env, agent in [*(e for e in run.edits if e.step <= t), (t, None, None)]:
        logs.append(advance(place, step, step_rows=step - place.step, episode_rows=step - place.step))
        place = changed(place, env, agent) if env else place
    steps, episodes = zip(*logs, strict=True)
    return place, joined(list(steps)), joined(list(episodes))


@given(timelines(), times)
@settings(max_examples=60)
def test_any_moment_is_the_one_a_straight_run_comes_to(run, t):
    place, steps, episodes = straight_through(run, t)
    assert same_place(run.at(t), place)
    assert same(run.steps(0, t), steps)
    assert same(run.episodes(t), episodes)


@given(timelines(), st.tuples(times, times, times).map(sorted))
@settings(max_examples=40)
def test_going_back_and_on_again_gives_the_same_steps(run, moments):
    before, middle, after = moments
    whole = run.steps(before, after)
    assert len(whole) == after - before
    assert same(joined([run.steps(before, middle), run.steps(middle, after)]), whole)
    assert same(cut(whole, 0, middle - before), run.steps(before, middle))
    place = run.at(before)
    advance(place, min([after, *(e.step - 1 for e in run.edits if e.step > before)]))
    assert same_place(place, run.at(place.step))


def test_what_at_returns_may_be_moved_without_harm():
    place = LAKE.at(100)
    place.memory.q[:] = 7
    place.clock.counts[:] = 0
    assert not (LAKE.at(100).memory.q == 7).any()
    assert LAKE.at(100).step == 100


@given(timelines(), times)
@settings(max_examples=40)
def test_episodes_are_those_that_ended_in_the_steps(run, t):
    steps, episodes = run.steps(0, t), run.episodes(t)
    ends = np.flatnonzero(steps.ended != RUNNING)
    assert np.array_equal(episodes.end, ends + 1)
    assert np.array_equal(episodes.ret, steps.ret[ends])
    assert np.array_equal(episodes.length, steps.k[ends] + 1)
    assert run.at(t).episode == len(episodes)


@given(timelines(), st.integers(1, 1500), agents)
@settings(max_examples=40)
def test_a_branch_shares_the_past_and_leaves_later_edits_behind(run, t, agent):
    branch = run.edited(t, agent=agent)
    assert same(branch.steps(0, t), run.steps(0, t))
    assert all(edit.step <= t for edit in branch.edits)
    assert [e for e in branch.edits if e.step < t] == [e for e in run.edits if e.step < t]
    assert branch.settings(t).agent == agent
    assert branch.settings(t).env == run.settings(t).env
    assert branch.at(t + 50).agent == agent


def test_an_edit_applies_from_its_step_on():
    run = LAKE.edited(100, epsilon=1.0)
    assert run.steps(98, 102).epsilon.tolist() == [0.1, 0.1, 1.0, 1.0]
    assert (run.at(99).agent.epsilon, run.at(100).agent.epsilon) == (0.1, 1.0)
    assert run.settings(99) == (0, LAKE.env, LAKE.agent)
    assert run.settings(100) == (100, LAKE.env, replace(LAKE.agent, epsilon=1.0))


def test_an_edit_at_the_same_step_replaces_the_one_before():
    run = LAKE.edited(100, epsilon=1.0, alpha=0.3)
    assert run.edited(100, epsilon=0.5) == LAKE.edited(100, epsilon=0.5, alpha=0.3)


def test_an_edit_that_changes_nothing_vanishes():
    assert LAKE.edited(100, epsilon=0.1) == LAKE
    assert LAKE.edited(100, epsilon=0.5).edited(100, epsilon=0.1) == LAKE
    assert LAKE.edited(100, epsilon=0.5).edited(150, epsilon=0.5) == LAKE.edited(100, epsilon=0.5)


@pytest.mark.parametrize("t", [0, -5])
def test_an_edit_at_the_beginning_changes_the_beginning(t):
    run = LAKE.edited(100, alpha=0.9)
    assert run.edited(t, epsilon=0.5) == Timeline(LAKE.env, replace(LAKE.agent, epsilon=0.5), 1)


@given(lakes, seeds, st.integers(1, 1500))
@settings(max_examples=30)
def test_the_ice_can_change_under_way(lake, seed, t):
    run = Timeline(FrozenLake(), QLearning(), seed).edited(t, env=lake)
    log = run.steps(t, t + 200)
    where = [lake.mdp.next_state[s, a].tolist() for s, a in zip(log.state, log.action, strict=True)]
    assert all(s_next in possible for s_next, possible in zip(log.next_state, where, strict=True))
    assert np.array_equal(run.at(t).memory.q, Timeline(FrozenLake(), QLearning(), seed).at(t).memory.q)


OPEN = GridWorld(map="S....G/......", step_reward=-0.1)


@pytest.mark.parametrize("kind", "#HC")
def test_an_agent_painted_over_begins_its_episode_anew(kind):
    run = Timeline(OPEN, QLearning(), 0)
    t = int(np.flatnonzero(run.steps(0, 200).state == 8)[0])
    before = run.at(t)
    assert before.clock.counts[3] > 0
    place = run.edited(t, env=replace(OPEN, map=f"S....G/..{kind}...")).at(t)
    assert place.clock.counts.tolist() == [t, 0, before.episode, 0]
    assert place.clock.ret.tolist() == [0.0]
    assert np.array_equal(place.memory.q, before.memory.q)


def test_an_agent_beside_the_paint_goes_on():
    run = Timeline(OPEN, QLearning(), 0)
    t = int(np.flatnonzero(run.steps(0, 200).state == 8)[0])
    place = run.edited(t, env=replace(OPEN, map="S....G/...#..")).at(t)
    assert same(place.clock, run.at(t).clock)


def test_optimism_can_be_switched_on_late_and_only_for_what_was_never_tried():
    run, late = LAKE.at(20), LAKE.edited(20, initial=3.0).at(20)
    tried, live = run.memory.visits > 0, ~LAKE.env.mdp.absorbing[:, None]
    assert 0 < tried.sum() < (live & ~tried).sum()
    assert np.array_equal(late.memory.q, np.where(live & ~tried, 3.0, run.memory.q))


@pytest.mark.parametrize("env", [FrozenLake(size="8x8"), GridWorld()], ids=["other size", "other world"])
def test_a_world_with_other_states_is_refused_in_one_sentence(env):
    with pytest.raises(ValueError, match=r"^This world has other states, so [^.]*: start over instead\.$"):
        LAKE.edited(50, env=env)
    assert LAKE.edited(0, env=env).env == env  # starting over is always possible


@pytest.mark.parametrize("seed", [-1, MAX_SEED + 1, 1.0, True, "1", None], ids=repr)
def test_a_seed_is_a_whole_number_in_range(seed):
    with pytest.raises(ValueError, match=r"^The seed must be a whole number from 0 to 2147483647\.$"):
        Timeline(FrozenLake(), QLearning(), seed)


@pytest.mark.parametrize("steps", [[0], [-1], [5, 5], [5, 4], [MAX_STEP + 1]], ids=repr)
def test_edits_out_of_order_or_range_are_refused(steps):
    with pytest.raises(ValueError, match=f"one after the other, at steps 1 to {MAX_STEP:,}"):
        Timeline(FrozenLake(), QLearning(), 0, tuple(Edit(s, FrozenLake(), QLearning()) for s in steps))


def test_edits_are_limited():
    edits = tuple(Edit(i + 1, FrozenLake(), QLearning()) for i in range(MAX_EDITS + 1))
    assert Timeline(FrozenLake(), QLearning(), 0, edits[:-1]).at(MAX_EDITS + 5).step == MAX_EDITS + 5
    with pytest.raises(ValueError, match="at most 100 edits"):
        Timeline(FrozenLake(), QLearning(), 0, edits)


def test_a_stretch_that_ends_before_it_begins_is_empty():
    assert len(LAKE.steps(10, 5)) == len(LAKE.steps(7, 7)) == 0


@given(timelines(), times, st.integers(0, 5))
@settings(max_examples=40)
def test_after_episodes_stops_as_soon_as_they_are_over(run, t, n):
    moment = run.after_episodes(t, n, patience=400)
    goal = run.at(t).episode + n
    assert t <= moment <= t + 400
    if moment < t + 400 or run.at(moment).episode == goal:
        assert run.at(moment).episode == goal
        assert n == 0 or run.at(moment - 1).episode == goal - 1
    else:
        assert run.at(moment).episode < goal


def test_patience_ends_with_episodes_that_do_not():
    still = Timeline(TableWorld(((((1.0, 0, 0.0, False),),),)), QLearning())
    assert still.after_episodes(10, 1, patience=500) == 510
    assert still.after_episodes(MAX_STEP, 1) == MAX_STEP


@given(timelines(), times)
@settings(max_examples=40)
def test_the_episode_before_begins_where_the_last_one_ended(run, t):
    begins = [0, *run.episodes(t).end.tolist()]
    assert run.episode_before(t) == max([moment for moment in begins if moment < t], default=0)
    assert run.episode_before(0) == 0


def test_stepping_back_by_episodes_comes_to_the_beginning():
    moment, visited = LAKE.after_episodes(0, 6), []
    for _ in range(7):
        moment = LAKE.episode_before(moment)
        visited.append(moment)
    assert visited == [*LAKE.episodes(200).end[:5][::-1].tolist(), 0, 0]


def test_equal_timelines_are_one_key():
    assert len({LAKE, Timeline(FrozenLake(), QLearning(), 1), replace(LAKE, seed=2), LAKE.edited(5, alpha=0.9)}) == 3


def test_a_run_of_heavy_steps_is_shorter(monkeypatch):
    assert LAKE.last == MAX_STEP and Timeline(CarRental(), ValueIteration()).last < MAX_STEP / 3
    assert replace(LAKE, agent=PrioritisedSweeping(planning=100)).last == MAX_WORK // 201 < MAX_STEP / 5
    monkeypatch.setattr("rl.timeline.MAX_WORK", MAX_WORK / 100)
    heavy = Timeline(FrozenLake(), PrioritisedSweeping(planning=100), 1)
    assert heavy.after_episodes(heavy.last - 1, 10**6) == heavy.at(MAX_STEP).step == heavy.last
    assert len(heavy.steps(heavy.last - 5, MAX_STEP)) == 5 and heavy.episodes(MAX_STEP).end[-1] <= heavy.last


def test_the_work_of_a_run_is_that_of_all_its_stretches():
    heavy = Timeline(FrozenLake(), PrioritisedSweeping(planning=100), 1)
    later = heavy.edited(100_000, planning=30)  # 201 and 61: as many steps of Q-learning
    assert later.last == 100_000 + (MAX_WORK - 20_100_000) // 61 > heavy.last and later.work == heavy.work == 201
    back = LAKE.edited(1_000_000, agent=PrioritisedSweeping(planning=100))
    assert back.last == 1_000_000 + int((MAX_WORK - 1_000_000) / heavy.work)
    with pytest.raises(ValueError, match="after the last step"):
        heavy.edited(heavy.last + 1, planning=1)
    assert heavy.edited(heavy.last, planning=1).last >= heavy.last


@pytest.mark.parametrize("slug", [slug for slug, kind in AGENTS.items() if kind.family == "tabular"])
def test_no_agent_is_shortened_as_it_comes_but_by_its_own_rule(slug):
    agent = AGENTS[slug]()
    assert Timeline(FrozenLake(), agent).last == min(MAX_STEP, agent.last_step)
