"""What holds for every bandit algorithm: a run is a place one can go to, compiled or plain, linked or edited."""

import csv
import io
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rl.agents.bandits.hand import Hand
from rl.agents.bandits.thompson import Thompson
from rl.arms import Arms
from rl.envs import ENVS, WORLDS
from rl.envs.testbed import Testbed
from rl.export import steps_csv, tables_npz
from rl.jit import COMPILED, plain
from rl.link import View, from_query_string, to_query_string
from rl.run import FOREVER, begin
from rl.tape import EpisodeLog, StepLog, Tape, blank
from rl.timeline import Timeline
from tests.bandits.runs import ALL, BEDS, PULLS, VARIANTS
from tests.strategies import same, same_place, seeds

every_agent = pytest.mark.parametrize("agent", VARIANTS, ids=repr)
every_bed = pytest.mark.parametrize("bed", BEDS, ids=repr)
beds, players = st.sampled_from(BEDS), st.sampled_from(VARIANTS)


def traced(loop, bed, agent, seed, steps):
    run = begin(bed, agent, seed)
    tape = Tape(0, 0, blank(StepLog, steps), blank(EpisodeLog, 0))
    loop(bed.model, seed, run.memory, run.clock, tape, steps, FOREVER, *agent.parameters())
    return [np.nan_to_num(column, nan=-7.0) for column in [*tape.steps, *run.memory, *run.clock]]


@pytest.mark.skipif(not COMPILED, reason="numba is not here, or turned off")
@every_agent
@every_bed
def test_compiled_runs_are_the_plain_ones_bit_for_bit(bed, agent):
    loop = type(agent).loop
    assert same(traced(loop, bed, agent, 6, 400), traced(plain(loop), bed, agent, 6, 400))


def test_there_are_the_algorithms_of_the_lesson_and_each_is_tried_here():
    assert {kind.slug for kind in ALL} == {
        "greedy", "eps", "optimistic", "ucb", "gradient", "softmax", "thompson", "hand"}
    assert {type(agent) for agent in VARIANTS} == set(ALL)
    assert WORLDS["bandit"] is Testbed and "bandit" not in ENVS


@given(beds, players, seeds, st.integers(0, 400), st.integers(0, 400))
@settings(max_examples=60)
def test_going_back_and_forth_is_playing_on(bed, agent, seed, one, other):
    there, again = Timeline(bed, agent, seed), Timeline(bed, agent, seed)
    later = there.at(max(one, other))
    assert same_place(there.at(min(one, other)), again.at(min(one, other)))
    assert same_place(again.at(max(one, other)), later)
    log = there.steps(0, 400)
    part = again.steps(min(one, other), max(one, other))
    rows = slice(min(one, other), max(one, other))
    assert all(np.array_equal(a[rows], b, equal_nan=True) for a, b in zip(log, part, strict=True))


@every_agent
def test_the_log_says_what_the_memory_shows(agent):
    timeline = Timeline(Testbed(), agent, 2)
    log, memory = timeline.steps(0, 200), timeline.at(200).memory
    assert memory.total == pytest.approx(np.bincount(log.action, log.reward, 10))
    assert (log.state == 0).all() and (log.next_state == 0).all() and (log.ended == 0).all()
    assert log.k.tolist() == list(range(200)) and (log.episode == 0).all()
    assert log.ret == pytest.approx(np.cumsum(log.reward)) and np.array_equal(log.target, log.reward)
    for a in np.unique(log.action):
        mine = log.action == a
        assert log.old[mine][1:].tolist() == log.new[mine][:-1].tolist()
        assert memory.q[0, a] == log.new[mine][-1]


@every_agent
@every_bed
def test_the_arm_pulled_is_one_its_scores_or_chances_allow(agent, bed):
    timeline = Timeline(bed, agent, 9)
    log = timeline.steps(0, 60)
    for t in range(60):
        run = timeline.at(t)
        score, a = agent.scores(run.memory, 9, t), log.action[t]
        if agent.score_name in ("sample", "upper bound") or (agent.score_name == "estimate" and not log.explored[t]
                                                            and not isinstance(agent, Hand)):
            assert score[a] == score.max()
        if not isinstance(agent, Hand | Thompson):
            assert agent.chances(run.memory, 9, t)[a] > 0
        assert f"arm {a + 1}" in agent.why(run.memory, 9, t, int(a), bool(log.explored[t]))


@given(beds, players, seeds, st.lists(players, max_size=3), st.floats(0, 0.5))
@settings(max_examples=60)
def test_links_bring_every_run_back_edits_included(bed, agent, seed, later, drift):
    timeline = Timeline(bed, agent, seed)
    for number, other in enumerate(later):
        if not isinstance(other, Hand):
            timeline = timeline.edited(50 * (number + 1), replace(bed, drift=drift) if number else None, other)
    view = View(timeline, 3, 400)
    assert from_query_string(to_query_string(view)) == view


@pytest.mark.parametrize("after", [a for a in VARIANTS if not isinstance(a, Hand)], ids=repr)
@pytest.mark.parametrize("before", VARIANTS[::3], ids=repr)
def test_another_algorithm_goes_on_with_what_was_learned(before, after):
    timeline = Timeline(Testbed(), before, 3)
    edited = timeline.edited(100, None, after)
    old, new = timeline.at(100).memory, edited.at(100).memory
    assert np.array_equal(old.visits, new.visits) and np.array_equal(old.total, new.total)
    assert edited.steps(0, 100).action.tolist() == timeline.steps(0, 100).action.tolist()
    pulled = new.visits[0] > 0
    if isinstance(after, Thompson):
        expected = new.total / (new.visits[0] + after.prior_sd**-2)
        assert new.q[0] == pytest.approx(expected)
    elif not after.step_size > 0:
        assert new.q[0, pulled] == pytest.approx((new.total / np.maximum(new.visits[0], 1))[pulled])
    else:
        assert np.array_equal(new.q[0, pulled], old.q[0, pulled])
    assert len(edited.steps(100, 150)) == 50


def test_arms_that_begin_to_drift_keep_what_is_known():
    timeline = Timeline(Testbed(), VARIANTS[1], 3).edited(100, Testbed(drift=0.2))
    assert np.array_equal(timeline.at(100).memory.value, timeline.at(0).memory.value)
    assert not np.array_equal(timeline.at(101).memory.value, timeline.at(0).memory.value)
    with pytest.raises(ValueError, match="start over"):
        timeline.edited(150, Testbed(level=4.0))


def test_a_person_pulls_what_they_name_and_no_more():
    timeline = Timeline(Testbed(arms=12), Hand(pulls="b0b5"), 1)
    assert timeline.last == 4
    assert timeline.steps(0, 100).action.tolist() == [11, 0, 11, 5]
    assert timeline.at(100).step == 4
    longer = Timeline(Testbed(arms=12), Hand(pulls="b0b5" + "3"), 1)
    assert longer.steps(0, 4).reward.tolist() == timeline.steps(0, 4).reward.tolist()
    with pytest.raises(ValueError, match="10 arms"):
        Timeline(Testbed(), Hand(pulls="b")).at(1)
    with pytest.raises(ValueError, match="spelled"):
        Hand(pulls="B!")


def test_a_bandit_algorithm_plays_no_grid():
    with pytest.raises(ValueError, match="other worlds"):
        Timeline(WORLDS["lake"](), VARIANTS[0])


@every_agent
def test_a_run_can_be_taken_away(agent):
    timeline = Timeline(Testbed(), agent, 2)
    rows = list(csv.DictReader(io.StringIO(steps_csv(timeline, 50))))
    assert [float(row["reward"]) for row in rows] == timeline.steps(0, 50).reward.tolist()
    with np.load(io.BytesIO(tables_npz(timeline, 50)), allow_pickle=False) as read:
        assert sorted(read.files) == sorted(Arms._fields)
        assert np.array_equal(read["q"], timeline.at(50).memory.q)


def test_the_longest_pulls_still_fit_a_link():
    view = View(Timeline(Testbed(), Hand(pulls=PULLS)), 5, 9)
    assert from_query_string(to_query_string(view)) == view
