"""What holds for every agent that learns in a tabular world: a run is a place one can go to, stop at and go on from."""

import sys
from dataclasses import replace
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rl.agents import AGENTS
from rl.changes import changes, shown_tables
from rl.envs.cliff_walking import CliffWalking
from rl.envs.frozen_lake import FrozenLake
from rl.envs.grid_world import GridWorld
from rl.envs.maximisation_bias import MaximisationBias
from rl.jit import COMPILED, plain
from rl.knob import knobs
from rl.ledger import ledger
from rl.link import View, from_query_string, to_query_string
from rl.run import FOREVER, advance, begin
from rl.standalone import standalone
from rl.tape import EpisodeLog, StepLog, Tape, blank, joined
from rl.timeline import Timeline
from rl.updates import HUGE
from tests.strategies import same, same_place, seeds

KINDS = [kind for kind in AGENTS.values()  # but people, what is told what to do, and who plays small worlds only
         if kind.family == "tabular" and kind().can_play(MaximisationBias()) and not any(
             isinstance(f.default, str) and not knob.options for f, knob in knobs(kind).values())]
every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.slug)
SHORT = GridWorld(map="S..H/.#C./...G", horizon=7, slip=0.2, rewards="2=-0.125")
worlds = st.sampled_from([FrozenLake(), SHORT, CliffWalking(), MaximisationBias()])


def values(knob):
    """Values of a knob; whole numbers are kept small, since plain Python is slow."""
    if knob.options:
        return st.sampled_from(knob.options)
    if knob.whole:
        return st.integers(int(knob.low), min(int(knob.high), int(knob.low) + 12))
    return st.floats(knob.low, knob.high, allow_subnormal=False) | st.sampled_from([knob.low, knob.high])


def agents(kind):
    return st.builds(kind, **{name: values(knob) for name, (_, knob) in knobs(kind).items()})


def traced(loop, env, agent, seed, steps):
    run = begin(env, agent, seed)
    tape = Tape(0, 0, blank(StepLog, steps), blank(EpisodeLog, steps))
    loop(env.model, seed, run.memory, run.clock, tape, steps, FOREVER, *agent.parameters())
    return [*tape.steps, *tape.episodes, *run.memory, *run.clock]


@pytest.mark.skipif(not COMPILED, reason="numba is not here, or turned off")
@every_kind
@given(data=st.data(), env=worlds, seed=seeds, steps=st.integers(0, 150))
@settings(max_examples=10)
def test_a_compiled_run_is_the_plain_one_bit_for_bit(kind, data, env, seed, steps):
    agent = data.draw(agents(kind))
    assert same(traced(kind.loop, env, agent, seed, steps), traced(plain(kind.loop), env, agent, seed, steps))


@every_kind
@given(data=st.data(), env=worlds, seed=seeds, stops=st.lists(st.integers(0, 600), max_size=6))
@settings(max_examples=12)
def test_a_run_that_stops_and_goes_on_is_the_run_in_one_go(kind, data, env, seed, stops):
    agent = data.draw(agents(kind))
    whole, parts = begin(env, agent, seed), begin(env, agent, seed)
    log, episodes = advance(whole, 600, FOREVER, 600, 600)
    pieces = [advance(parts, stop, FOREVER, 600, 600) for stop in [*sorted(stops), 600]]
    assert same_place(parts, whole)
    assert same(joined([piece[0] for piece in pieces]), log) and same(joined([p[1] for p in pieces]), episodes)
    by_episode = begin(env, agent, seed)
    while by_episode.step < 600:
        advance(by_episode, 600, by_episode.episode + 1)
    assert same_place(by_episode, whole)


@every_kind
@given(data=st.data(), env=worlds, seed=seeds, at=st.sets(st.integers(1, 400), max_size=3))
@settings(max_examples=12)
def test_going_back_and_forth_over_edits_is_playing_on(kind, data, env, seed, at):
    others = [kind, *(other for other in KINDS if other.learns == kind.learns)]
    timeline = Timeline(env, data.draw(agents(kind)), seed)
    for step in sorted(at):
        timeline = timeline.edited(step, agent=data.draw(st.sampled_from(others).flatmap(agents)))
    log = timeline.steps(0, 500)
    again = joined([timeline.steps(start, start + 50) for start in range(450, -50, -50)][::-1])
    assert same(again, log)
    for t in (500, 100, *at):
        seen = timeline.at(t).memory.visits
        assert np.array_equal(seen, counted(log, t, seen))
    assert from_query_string(to_query_string(View(timeline, 3, 400))) == View(timeline, 3, 400)


def counted(log, t, like):
    """How often each action was taken, or each state left, in the first t steps."""
    n = np.zeros_like(like)
    np.add.at(n, (log.state[:t], log.action[:t]) if n.ndim == 2 else (log.state[:t],), 1)
    return n


@every_kind
@given(data=st.data(), env=worlds, seed=seeds)
@settings(max_examples=12)
def test_values_stay_numbers_and_where_nothing_goes_on_0(kind, data, env, seed):
    run = begin(env, data.draw(agents(kind)), seed)
    advance(run, 3000)
    learned, mdp = getattr(run.memory, kind.learns), env.mdp
    assert (learned[mdp.absorbing] == 0).all()
    if kind.learns == "pi":
        assert_a_policy(run.memory, mdp)
    missing = mdp.missing if mdp.missing.size and kind.learns == "q" else np.zeros(learned.shape, np.bool_)
    assert (learned[missing] == -np.inf).all() and np.isfinite(learned[~missing]).all()
    before = run.agent.updates(run.memory)
    advance(run, 4000)
    assert 0 <= before <= run.agent.updates(run.memory)


def assert_a_policy(memory, mdp):
    """The chances are those of the softmax of the preferences, over the actions there are."""
    missing = mdp.missing if mdp.missing.size else np.zeros(memory.pi.shape, np.bool_)
    assert (memory.pi[missing] == 0).all() and (memory.theta[missing] == -np.inf).all()
    assert np.abs(memory.pi[~mdp.absorbing].sum(axis=1) - 1).max() <= 1e-12
    theta = memory.theta[~mdp.absorbing]
    weight = np.exp(theta - theta.max(axis=1, keepdims=True))
    assert memory.pi[~mdp.absorbing] == pytest.approx(weight / weight.sum(axis=1, keepdims=True), abs=1e-12)
    assert all(np.isfinite(array[array > -np.inf]).all() for array in memory)


@every_kind
@given(data=st.data(), env=worlds, seed=seeds)
@settings(max_examples=10)
def test_the_log_says_what_became_of_the_entry_it_names(kind, data, env, seed):
    timeline = Timeline(env, data.draw(agents(kind)), seed)
    log = timeline.steps(0, 300)
    rows = log.updated_state >= 0
    assert np.isnan(log.new[~rows]).all() and np.isnan(log.target[~rows]).all()
    if kind.learns == "pi":
        assert_preferences_moved(kind, timeline, log)
    elif "trace" not in shown_tables(kind) or kind.learns == "q":  # TD(lambda) writes its trace apart from alpha
        moved = log.old + log.alpha * (log.target - log.old)
        size = 1 + np.abs(log.old) + np.abs(log.alpha * log.target)
        assert (np.abs(log.new - moved)[rows] <= 1e-9 * size[rows]).all()
    if not kind.updates_many:
        found, run = changes(timeline, 0, 300), timeline.at(0)
        shape = run.memory.visits.shape
        entries, step = found.entry % np.prod(shape), np.repeat(np.arange(300), np.diff(found.first))
        named = (log.updated_state, log.updated_action)[: len(shape)]
        assert np.array_equal(entries, np.ravel_multi_index(named, shape)[step])
        assert shown_tables(run.agent) == (kind.learns, "visits")


def assert_preferences_moved(kind, timeline, log):
    """What followed is held against a baseline, and the difference moves the preference of what was done."""
    rows = log.updated_state >= 0
    assert (np.isnan(log.baseline) == ~rows).all() and not log.explored.any() and np.isnan(log.epsilon).all()
    pi = np.array([timeline.at(t).memory.pi[s, a] for t, s, a in zip(range(300), log.state, log.action, strict=True)])
    assert np.array_equal(log.chance, pi)
    preferences = np.array([timeline.at(t + 1).memory.theta[s, a] for t, s, a in
                            zip(np.flatnonzero(rows), log.updated_state[rows], log.updated_action[rows], strict=True)])
    assert np.array_equal(log.new[rows], preferences)
    if kind.slug in ("ac", "aclambda"):
        assert rows.all()
        share = 1 - log.chance if kind.slug == "ac" else 1.0  # alpha has the whole trace in it there, which may be < 0
        step = log.alpha * (log.target - log.baseline) * share
        bound = 1e-9 * (1 + np.abs(log.old) + np.abs(log.alpha) * (np.abs(log.target) + np.abs(log.baseline)))
        assert (np.abs(log.new - log.old - step)[np.abs(log.new) < HUGE] <= bound[np.abs(log.new) < HUGE]).all()
    else:  # the sum of an episode's moves has no single factor
        assert (rows == (log.ended > 0)).all()


@every_kind
def test_every_knob_can_be_turned_to_its_ends(kind):
    run = Timeline(SHORT, kind(), 2)
    for name, (_, knob) in knobs(kind).items():
        for value in knob.options or (knob.low, knob.high):
            ends = run.edited(60, agent=replace(run.agent, **{name: int(value) if knob.whole else value}))
            assert len(ends.steps(0, 130)) == 130


@every_kind
def test_the_script_to_take_away_goes_on_like_the_run(kind, monkeypatch):
    timeline = Timeline(SHORT, AGENTS["q"]() if kind.learns == "q" else kind(), 5).edited(40, agent=kind(alpha=0.3))
    taken_away = ModuleType("taken_away")
    monkeypatch.setitem(sys.modules, "taken_away", taken_away)
    exec(compile(standalone(timeline, 300), "run.py", "exec", dont_inherit=True), vars(taken_away))
    (_, *first), (_, *then) = taken_away.SETTINGS
    run = taken_away.begin(*first, 5)
    taken_away.advance(run, 40)
    run = taken_away.changed(run, *then)
    taken_away.advance(run, 300)
    assert same(run.memory, timeline.at(300).memory) and same(run.clock, timeline.at(300).clock)


@every_kind
def test_the_ledger_lists_all_that_made_an_entry_what_it_is(kind):
    timeline = Timeline(SHORT, kind(alpha=0.5), 1)
    learned = "theta" if kind.learns == "pi" else kind.learns  # of a policy it is the preferences that are updated
    first, last = (getattr(timeline.at(t).memory, learned) for t in (0, 400))
    for place in np.argwhere(first != last)[::5]:
        s, a = (*place.tolist(), 0)[:2]
        found = ledger(timeline, 400, s, a, 400)
        assert found.total >= len(found.log) > 0 and found.log.new[0] == last[tuple(place)]
        assert found.log.old[:-1].tolist() == found.log.new[1:].tolist()
        assert found.log.old[-1] == first[tuple(place)]
