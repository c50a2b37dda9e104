"""The lessons: every task opens, can be failed and passed, and what its text claims is true of its run."""

import re
from dataclasses import replace

import numpy as np
import pytest

from pages.parts.catalogue import FOLDER
from pages.parts.progress.progress import SLUG
from rl.agents import AGENTS
from rl.agents.control.base import Control
from rl.envs import WORLDS
from rl.knob import knobs
from rl.lessons import dqn_checks, lessons
from rl.lessons.checks import (
    OTHER_RUN,
    PATIENCE,
    afresh,
    error,
    in_run_of,
    is_optimal,
    last_episodes,
    setting,
    settings_so_far,
)
from rl.lessons.glossary import plain
from rl.lessons.lesson import Attempt, Verdict
from rl.lessons.q_learning import LESSON
from rl.link import from_query_string, to_query_string
from rl.planning import optimal_actions
from rl.timeline import Timeline
from rl.trials import run_trials
from rl.truth import TruthCurves, greedy_start_value, is_greedy_optimal, solution, truth_curves

TASKS = {task.title: task for task in LESSON.tasks}


def view(title):
    return from_query_string(TASKS[title].query)


def with_agent(run, **knobs):
    return replace(run, agent=replace(run.agent, **knobs))


def seeds(run, n=100):
    return [replace(run, seed=seed) for seed in range(n)]


def worth(run, t):
    """The exact value, from the start, of the greedy policy at moment ``t``."""
    env, agent = run.settings(t)[1:]
    return greedy_start_value(env, agent.gamma, run.at(t).memory.q)


def optimal(run, t):
    env, agent = run.settings(t)[1:]
    return is_greedy_optimal(env, agent.gamma, run.at(t).memory.q)


ALL = [task for lesson in lessons().values() for task in lesson.tasks]
EVERY = pytest.mark.parametrize("task", ALL, ids=lambda task: task.slug)
STRANGE = [
    Attempt(Timeline(World(), Agent()), 0, 0) for World in WORLDS.values()
    for Agent in AGENTS.values() if Agent().can_play(World)
]


@pytest.fixture
def few_steps(monkeypatch):
    """Lets deep networks learn from one seed for a moment: two hundred times five takes minutes."""
    monkeypatch.setattr(dqn_checks, "STEPS", 1100)
    monkeypatch.setattr(dqn_checks, "FEW", range(1))


def attempt(query):
    return Attempt(*from_query_string(query))


@EVERY
def test_a_task_opens_and_is_said_in_a_few_words(task):
    shown = from_query_string(task.query)
    assert from_query_string(to_query_string(shown)) == shown
    assert len(plain(task.do)) < 150 and len(plain(task.notice)) < 360 and len(plain(task.goal)) < 150
    assert shown.t == shown.end
    assert all(text.endswith(".") for text in (task.do, task.notice, task.goal))


@EVERY
def test_a_check_fails_where_its_task_opens_and_can_be_passed(task):
    assert not task.check(attempt(task.query)).done
    assert task.check(attempt(task.solved)._replace(guesses=task.guesses)).done


@EVERY
def test_a_verdict_is_a_sentence_with_the_numbers_measured(task):
    for query in (task.query, task.solved):
        said = task.check(attempt(query)).says
        assert said.endswith(".") and len(said) < 200 and re.search(r"\d", said)


@EVERY
def test_a_check_judges_other_runs_without_an_error(task):
    """Deep Q-networks as they come solve the tasks that break them on purpose."""
    for other in STRANGE:
        assert not task.check(other).done or other.timeline == replace(attempt(task.solved).timeline, edits=())


@EVERY
def test_a_check_judges_extreme_settings_without_an_error(task, few_steps):
    shown = attempt(task.solved)
    run = shown.timeline
    for name, (_, knob) in knobs(run.agent).items():
        for value in [knob.low, knob.high, *(knob.options or ())]:
            if value is not None:
                extreme = replace(run, agent=replace(run.agent, **{name: value}), edits=())
                assert task.check(shown._replace(timeline=extreme)).says.endswith(".")


@EVERY
def test_a_check_looks_at_the_run_alone(task, few_steps):
    """And not at what it has judged before, nor remembers."""
    before = attempt(task.solved)
    said = task.check(before)
    dqn_checks._learners.cache_clear()
    assert said == task.check(before) == task.check(attempt(task.solved))


@pytest.mark.parametrize("lesson", lessons().values(), ids=lambda lesson: lesson.slug)
def test_a_lesson_has_five_tasks_or_more_each_against_another_misconception(lesson):
    assert len(lesson.tasks) >= (3 if lesson.slug == "experiments" else 5)  # much of what is tried there is no run
    assert lesson.teaches.endswith(".") and 5 <= lesson.minutes <= 90
    assert len({task.misconception for task in lesson.tasks}) == len(lesson.tasks)
    assert (FOLDER / f"{lesson.slug}.py").is_file()


def test_tasks_are_told_apart_by_slug_and_by_title():
    assert len({task.slug for task in ALL}) == len({task.title for task in ALL}) == len(ALL)
    assert all(SLUG.fullmatch(task.slug) for task in ALL)


def test_a_lesson_is_found_by_itself():
    assert lessons()["q_learning"] is LESSON


class TestInRunOf:
    """What makes a check look only at runs that its task opened."""

    query = "v=1&env=lake&agent=q,alpha:0.5&seed=3"
    check = staticmethod(in_run_of(query, "gamma")(lambda attempt: Verdict(True, "Seen.")))

    @pytest.mark.parametrize("run", ["", ",epsilon:0.3", ",alpha:0.9"])
    def test_other_settings_of_the_agent_are_what_a_task_is_about(self, run):
        assert self.check(attempt(f"v=1&env=lake&agent=q{run}&seed=8&edits=9,alpha:0.2&t=20")).done

    @pytest.mark.parametrize("run", ["env=cliff&agent=q", "env=lake,size:8x8&agent=q", "env=lake&agent=human",
                                     "env=lake&agent=q&edits=50,env.success:1", "env=lake&agent=sarsa"])
    def test_another_world_or_agent_is_another_run(self, run):
        assert self.check(attempt(f"v=1&{run}&t=20")) == OTHER_RUN

    def test_a_knob_that_must_stay_is_asked_back(self):
        said = self.check(attempt("v=1&env=lake&agent=q&edits=10,gamma:0.5&t=10"))
        assert said == Verdict(False, "This task is about γ = 0.99: set it back.")
        assert self.check(attempt("v=1&env=lake&agent=q&edits=10,gamma:0.5&t=9")).done

    def test_where_the_algorithm_is_to_be_chosen_any_of_its_kind_will_do(self):
        check = in_run_of(self.query, of=Control)(lambda attempt: Verdict(True, "Seen."))
        assert check(attempt("v=1&env=lake&agent=sarsa&edits=9,agent:doubleq&t=20")).done
        for other in ("env=lake&agent=human", "env=lake&agent=td", "env=lake&agent=q&edits=9,agent:human"):
            assert check(attempt(f"v=1&{other}&t=20")) == OTHER_RUN

    def test_a_knob_of_the_world_that_is_free_may_differ_and_no_other(self):
        check = in_run_of(self.query, free=("success",))(lambda attempt: Verdict(True, "Seen."))
        assert check(attempt("v=1&env=lake,success:1&agent=q&edits=9,env.success:0.5&t=20")).done
        for other in ("env=lake,size:8x8&agent=q", "env=cliff&agent=q", "env=lake&agent=sarsa"):
            assert check(attempt(f"v=1&{other}&t=20")) == OTHER_RUN


class TestWhatChecksMeasure:
    lake = attempt("v=1&env=lake&agent=q,alpha:0.1,epsilon:0.1&edits=100,alpha:0.7&t=200")

    def test_settings_are_those_in_force_at_the_moment_shown(self):
        assert setting(self.lake, "alpha") == 0.7 and settings_so_far(self.lake, "alpha") == [0.1, 0.7]
        assert settings_so_far(self.lake._replace(t=99), "alpha") == [0.1]

    def test_a_run_afresh_is_that_of_the_same_seed(self):
        run = afresh(self.lake, 4, episodes=20)
        same = Timeline(self.lake.timeline.env, self.lake.timeline.edits[0].agent, 4)
        assert run.episode == 20 and run.step == same.episodes(run.step).end[-1]
        assert np.array_equal(run.memory.q, same.at(run.step).memory.q)

    def test_a_run_that_does_not_end_is_given_up(self):
        idle = attempt("v=1&env=grid,map:S........G&agent=q,alpha:0,epsilon:0,initial:1&seed=1")
        assert afresh(idle, 0, episodes=10**6).step == PATIENCE
        assert last_episodes(idle.timeline, 5, 3).ret.tolist() == []

    def test_the_last_episodes_are_the_last(self):
        log = self.lake.timeline.episodes(200)
        assert last_episodes(self.lake.timeline, 200, 3).end.tolist() == log.end[-3:].tolist()

    def test_a_solved_table_is_optimal_and_without_error(self):
        run = afresh(attempt("v=1&env=lake,success:1&agent=q,alpha:1,epsilon:1"), 0)
        assert is_optimal(run) and error(run) < 1e-9
        assert not is_optimal(afresh(attempt("v=1&env=lake,success:1&agent=q"), 0, episodes=0))


class TestValueFlowsBackwards:
    run = view("Value flows backwards").timeline
    ends = run.episodes(3000).end

    def test_the_only_reward_lies_at_the_goal(self):
        log = self.run.steps(0, 3000)
        assert set(log.reward.tolist()) == {0.0, 1.0} and (log.ended[log.reward == 1] == 1).all()

    def test_the_first_visit_to_the_goal_changes_a_single_entry(self):
        log = self.run.steps(0, int(self.ends[0]))
        assert (log.new != log.old).sum() == 1 and log.reward[-1] == 1

    def test_each_episode_carries_the_value_about_one_cell_further_until_it_reaches_the_start(self):
        valued = [self.run.at(int(end)).memory.q.max(axis=1) > 0 for end in self.ends[:25]]
        arrived = next(i for i, cells in enumerate(valued) if cells[0])
        growth = np.diff([int(cells.sum()) for cells in valued[: arrived + 1]])
        assert 8 <= arrived <= 20 and set(growth.tolist()) <= {0, 1, 2} and 0.8 <= growth.mean() <= 1.2


class TestNeverExplore:
    run = view("Never explore, never find out").timeline

    def test_in_most_seeds_it_settles_for_the_near_goal(self):
        returns = run_trials(self.run, range(100), 100).returns
        settled = (returns[:, -20:] == 1).all(axis=1)
        assert settled[self.run.seed] and 70 <= settled.sum() < 100
        assert set(np.unique(returns)) == {1, 10}

    def test_this_seed_is_one_of_them_and_the_curves_show_how_far_it_is_from_the_best(self):
        t = self.run.after_episodes(0, 100)
        curves = truth_curves(self.run, t)
        assert worth(self.run, t) == pytest.approx(0.9**2) and curves.optimum[-1] == pytest.approx(10 * 0.9**4)
        assert curves.error[-1] > 5 and (curves.error > 5).all()

    def test_exploring_a_lot_soon_finds_the_far_goal(self):
        found = []
        for run in seeds(self.run, 20):
            t = run.after_episodes(0, 100)
            later = run.edited(t, epsilon=0.8)
            found.append(optimal(later, later.after_episodes(t, 100)))
        assert all(found)


class TestHope:
    run = view("Hope makes it curious").timeline

    def test_it_explores_without_a_random_action(self):
        assert not self.run.steps(0, 5000).explored.any()
        assert (self.run.at(5000).memory.visits > 0).sum() > 100

    def test_it_finds_the_goal_that_it_does_not_find_without_hope(self):
        hopeful = run_trials(self.run, range(30), 100).returns
        sober = run_trials(with_agent(self.run, initial=0.0), range(30), 100).returns
        assert hopeful[:, 90:].mean() > 0.95 and sober.mean() < 0.1

    def test_whatever_it_tries_disappoints(self):
        log = self.run.steps(0, 500)
        assert (log.new <= log.old).all()


class TestCliff:
    run, t, _ = view("The cliff: it learns the best way and keeps falling off")

    def test_the_greedy_policy_is_optimal_at_that_moment(self):
        assert optimal(self.run, self.t) and worth(self.run, self.t) == -13

    def test_the_return_it_gets_is_far_worse(self):
        assert self.run.episodes(self.t).ret[-100:].mean() < -30

    def test_without_exploration_the_two_meet(self):
        later = self.run.edited(self.t, epsilon=0.0).episodes(self.t + 2000)
        assert set(later.ret[later.end > self.t + 50].tolist()) == {-13.0}


class TestSlippery:
    run, t, _ = view("A larger step is not a faster one")

    def test_it_goes_where_it_meant_to_one_time_in_three(self):
        assert self.run.env.success == 1 / 3

    def test_a_large_step_size_makes_values_jump_and_a_smaller_one_settles(self):
        large, small = self.late(0.9), self.late(0.1)
        assert large.error.mean() > 2 * small.error.mean()
        assert np.abs(np.diff(large.error)).mean() > 2 * np.abs(np.diff(small.error)).mean()
        assert large.policy.mean() < 0.7 * small.policy.mean()

    def test_a_tiny_step_size_is_long_on_the_way(self):
        small, tiny = self.late(0.1), self.late(0.01)
        assert tiny.error.mean() > 1.5 * small.error.mean()
        assert np.diff(tiny.error).max() < 0.01 < self.late(0.01, 0).error[0] - tiny.error[-1]

    def late(self, alpha, since=10_000):
        curves = truth_curves(with_agent(self.run, alpha=alpha), 2 * self.t)
        return TruthCurves(*(column[curves.step >= since] for column in curves))

    def test_the_best_policy_often_walks_into_the_wall_on_purpose(self):
        env = self.run.env
        walls = {(s, a) for s in range(16) for a, (_, dx, dy, _) in enumerate(env.actions)
                 if not (0 <= s % 4 + dx < 4 and 0 <= s // 4 + dy < 4)}
        best = optimal_actions(solution(env, 0.99).q)
        acting = np.flatnonzero(solution(env, 0.99).visitable)
        into_walls = [s for s in acting if all((s, a) in walls for a in np.flatnonzero(best[s]))]
        assert len(into_walls) >= len(acting) / 2


class TestShortSighted:
    run, t, _ = view("Short-sighted")

    @pytest.mark.parametrize(("gamma", "near"), [(0.5, True), (0.67, True), (0.68, True), (0.69, False), (0.95, False)])
    def test_below_about_068_the_near_goal_is_the_better_one(self, gamma, near):
        q = solution(self.run.env, gamma).q[4]
        assert np.argmax(q) == (0 if near else 2)

    @pytest.mark.parametrize("gamma", [0.5, 0.95])
    def test_acting_at_random_for_100_episodes_it_learns_what_is_best(self, gamma):
        for run in [self.run, *seeds(self.run, 20)]:
            run = with_agent(run, gamma=gamma)
            assert optimal(run, run.after_episodes(0, 100))

    def test_it_has_learned_what_is_best_at_the_moment_it_opens(self):
        assert optimal(self.run, self.t)
