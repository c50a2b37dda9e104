"""What the lesson on bandits claims is true of its runs."""

from dataclasses import replace

import numpy as np
import pytest

from rl.agents.bandits.gradient import Gradient
from rl.bandits import tally
from rl.lessons.bandits import LAST, LESSON, best_at_last, over_bandits
from rl.lessons.lesson import Attempt
from rl.link import from_query_string

TASKS = {task.slug: task for task in LESSON.tasks}


def view(slug):
    return from_query_string(TASKS[slug].query)


def attempt(slug, **knobs):
    """The run of a task as it opens, with some knobs of the agent set otherwise."""
    run, t, end = view(slug)
    return Attempt(replace(run, agent=replace(run.agent, **knobs)), t, end)


def test_never_exploring_it_settles_early_for_an_arm_that_is_not_the_best():
    run = view("b.greedy").timeline
    memory = run.at(1000).memory
    favourite = int(memory.q.argmax())
    assert memory.visits[0, favourite] > 980 and favourite != memory.value.argmax()
    assert memory.q[0, favourite] == pytest.approx(memory.value[favourite], abs=0.1)


def test_exploring_it_finds_the_better_arm():
    run = view("b.greedy").timeline.edited(1060, epsilon=0.1)
    before, after = tally(run, 1060), tally(run, 3060)
    assert before.best == 0 and after.best > 1000


def test_too_much_confidence_costs_and_so_does_none():
    cost = {c: over_bandits(attempt("b.curious", c=c), 1000).regret.mean for c in (0.0, 0.5, 1.0, 10.0)}
    assert cost[0.0][-1] > 100 > max(cost[0.5][-1], cost[1.0][-1]) and cost[10.0][-1] > 500
    halves = cost[10.0][499], cost[10.0][999] - cost[10.0][499]
    assert halves[1] > 0.6 * halves[0]  # nearly a straight line


def test_greedy_is_lucky_here_and_stuck_elsewhere_under_most_seeds():
    run, t, _ = view("b.lucky")
    shares = np.array([tally(replace(run, seed=seed), t).best / t for seed in range(100)])
    assert shares[run.seed] > 0.95 and (shares < 0.2).mean() > 0.6


def test_reading_zero_as_knowledge_it_never_tries_a_second_arm():
    run = view("b.unknown").timeline
    assert (run.at(5000).memory.visits > 0).sum() == 1
    hopeful = replace(run, agent=replace(run.agent, initial=10.0))
    assert (hopeful.at(10).memory.visits == 1).all()


def test_a_baseline_helps_here_and_changes_no_expectation():
    quiet, noisy = (attempt("b.baseline", baseline=baseline) for baseline in ("yes", "no"))
    assert best_at_last(quiet, 1000) > best_at_last(noisy, 1000) + 20
    # E[(R - b)(1[A = a] - pi_a)] over A does not depend on b: sum of pi_A (1[A = a] - pi_a) is 0 for every a
    chance, value = np.full(10, 0.1), noisy.timeline.at(0).memory.value
    moves = [chance @ ((value - b)[:, None] * (np.eye(10) - chance)) for b in (0.0, value.mean())]
    assert isinstance(noisy.timeline.agent, Gradient) and moves[0] == pytest.approx(moves[1], abs=1e-12)


def test_where_arms_drift_neither_averages_nor_single_rewards_keep_up():
    found = {alpha: best_at_last(attempt("b.drift", alpha=alpha), 2000) for alpha in (0.0, 0.1, 1.0)}
    assert found[0.1] > found[0.0] + 5 and found[0.1] > found[1.0] + 5 and LAST == 100
