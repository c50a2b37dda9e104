"""What the tasks on Q-learning's relatives say is true of their runs, under many seeds."""

from dataclasses import replace

import numpy as np
import pytest

from rl.agents import AGENTS
from rl.knob import carried
from rl.lessons.lesson import Attempt
from rl.lessons.relatives import TASKS, not_taken_in, opened_at, shortcut_found
from rl.link import from_query_string
from rl.trials import run_trials
from rl.truth import greedy_start_value, solution

BY_SLUG = {task.slug: task for task in TASKS}


def opened(slug, agent=None, seed=None, **knobs):
    shown = Attempt(*from_query_string(BY_SLUG[slug].query))
    run = shown.timeline
    other = replace(carried(run.agent, AGENTS[agent]) if agent else run.agent, **knobs)
    edits = tuple(edit._replace(agent=other) for edit in run.edits)
    return shown._replace(timeline=replace(run, agent=other, edits=edits, seed=run.seed if seed is None else seed))


def test_sarsa_earns_more_while_it_explores_though_its_greedy_path_is_longer():
    """S&B example 6.6: -26.6 and -50.3 in episodes 400 to 500, 50 runs."""
    returns = {kind: run_trials(opened("q.sarsa", kind).timeline, range(50), 500).returns[:, 400:].mean()
               for kind in ("q", "sarsa")}
    assert returns == pytest.approx({"q": -50.3, "sarsa": -26.6}, abs=3)
    careful = [opened("q.sarsa", "sarsa", seed).timeline.at(10_000) for seed in range(10)]
    worth = [greedy_start_value(run.env, 1.0, run.memory.q) for run in careful]
    assert max(worth) < -13


@pytest.mark.parametrize(("agent", "done"), [("q", False), ("sarsa", False), ("doubleq", True)])
def test_double_q_learning_is_not_taken_in(agent, done):
    assert not_taken_in(opened("q.bias", agent)).done == done


@pytest.mark.parametrize(("agent", "knobs", "at_most"), [("sarsal", {}, 2), ("ql", {}, 2), ("mc", {}, 1),
                                                         ("nsarsa", {"n": 100}, 3)])
def test_traces_and_many_steps_carry_the_reward_back_at_once(agent, knobs, at_most):
    for seed in range(5):
        run = opened("q.credit", agent, seed, **knobs).timeline
        assert run.at(run.after_episodes(0, at_most)).memory.q[0].max() > 0


def test_q_learning_takes_as_many_episodes_as_there_are_steps_to_the_goal():
    run = opened("q.credit").timeline
    assert solution(run.env, 0.95).start == pytest.approx(0.95**24)  # the goal is 25 steps away
    valued = [bool(run.at(run.after_episodes(0, n)).memory.q[0].max() > 0) for n in (24, 25)]
    assert valued == [False, True]


def test_planning_in_the_head_finds_short_ways_within_four_episodes():
    median = {agent: np.median(run_trials(opened("q.dyna", agent, **knobs).timeline, range(20), 4).lengths.min(axis=1))
              for agent, knobs in (("q", {}), ("dyna", {"planning": 20}))}
    assert median["dyna"] <= 18 and median["q"] > 60


@pytest.mark.parametrize(("agent", "found"), [("dyna", False), ("sweep", False), ("dynaplus", True)])
def test_who_trusts_its_model_does_not_find_the_shortcut_and_who_grows_curious_does(agent, found):
    checked = [shortcut_found(opened("q.wall", agent, seed)).done for seed in range(10)]
    assert sum(checked) >= 7 if found else sum(checked) == 0


def test_the_shortcut_must_have_been_closed_for_three_thousand_steps():
    done = from_query_string(BY_SLUG["q.wall"].solved).timeline
    assert opened_at(done) == 3000
    early = replace(done, edits=(done.edits[0]._replace(step=2000),))
    always = replace(done, env=done.edits[0].env, edits=())
    closing = replace(done, env=done.edits[0].env, edits=(done.edits[0]._replace(env=done.env),))
    assert opened_at(early) == 2000 and opened_at(always) is opened_at(closing) is None
    assert not any(shortcut_found(Attempt(run, 4000, 4000)).done for run in (early, always, closing))


@pytest.mark.parametrize("seed", range(3))
def test_monte_carlo_hardly_finishes_an_episode_in_the_wind_where_sarsa_finishes_a_hundred(seed):
    waiting, learning = (opened("q.wait", agent, seed).timeline.at(8000) for agent in ("mc", "sarsa"))
    assert waiting.episode <= 3 and learning.episode > 100
