"""What the lessons claim is true: each task's run, at its moment, does what its text says."""

from dataclasses import replace

import numpy as np
import pytest

from rl.lessons.q_learning import LESSON
from rl.link import from_query_string, to_query_string
from rl.planning import optimal_actions
from rl.trials import run_trials
from rl.truth import greedy_start_value, is_greedy_optimal, solution, truth_curves

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


@pytest.mark.parametrize("task", LESSON.tasks, ids=lambda task: task.title)
def test_a_task_opens_and_is_said_in_a_few_words(task):
    shown = from_query_string(task.query)
    assert from_query_string(to_query_string(shown)) == shown
    assert len(task.do) < 150 and len(task.notice) < 360
    assert shown.t == shown.end


def test_tasks_have_different_names():
    assert len(TASKS) == len(LESSON.tasks)


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
    run, t, _ = view("A slippery world is not a broken one")

    def test_it_goes_where_it_meant_to_one_time_in_three(self):
        assert self.run.env.success == 1 / 3

    def test_a_large_step_size_makes_values_jump_and_a_small_one_settles(self):
        large, small = (truth_curves(self.run.edited(self.t, alpha=alpha), 2 * self.t) for alpha in (0.9, 0.05))
        late = large.step > 1.25 * self.t
        assert large.error[late].mean() > 3 * small.error[late].mean()
        assert large.error[late].std() > 3 * small.error[late].std()
        assert large.policy[late].mean() < small.policy[late].mean()

    def test_the_best_policy_often_walks_into_the_wall_on_purpose(self):
        env = self.run.env
        walls = {(s, a) for s in range(16) for a, (_, dx, dy) in enumerate(env.actions)
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
