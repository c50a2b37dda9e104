"""What the tasks on policy gradients say is true of the runs they open."""

from dataclasses import replace

import numpy as np
import pytest

from rl.agents import AGENTS
from rl.agents.neural.learner import DIVERGENCE, ENTROPY, UPDATES
from rl.gradient_cloud import clouds
from rl.knob import carried
from rl.lessons.lesson import Attempt
from rl.lessons.policy_checks import DICE, SAMPLES, seeds_above, worth
from rl.lessons.policy_gradient import LESSON
from rl.link import from_query_string
from rl.policy_gradient import objective

TASKS = {task.slug: task for task in LESSON.tasks}


def opened(slug, agent=None, **knobs):
    shown = Attempt(*from_query_string(TASKS[slug].query))
    run = shown.timeline
    other = carried(run.agent, AGENTS[agent]) if agent else run.agent
    return shown._replace(timeline=run.edited(0, agent=other, **knobs))


def at_the_end(slug, **knobs):
    shown = opened(slug, **knobs)
    return shown.timeline.at(shown.t)


def says(slug, agent=None, **knobs):
    return TASKS[slug].check(opened(slug, agent, **knobs))


class TestNoise:
    mdp = opened("g.noise").timeline.env.mdp

    def test_luck_has_chosen_the_worst_arm(self):
        assert at_the_end("g.noise").memory.pi[0].argmax() == 2 and worth(at_the_end("g.noise")) < 0.05

    def test_one_sample_in_six_points_downhill_and_the_mean_of_ten_has_a_tenth_of_the_variance(self):
        one, ten = (clouds(self.mdp, np.zeros((2, 3)), 1.0, 4000, batch)[0] for batch in (1, 10))
        assert (one.angles > 90).mean() == pytest.approx(1 / 6, abs=0.02) and (ten.angles > 90).mean() < 0.13
        assert ten.variance == pytest.approx(one.variance / 10, rel=0.05)

    def test_with_one_episode_a_sample_some_seeds_end_at_another_arm(self):
        assert 5 <= seeds_above(opened("g.noise"), 0.95, patience=50) <= 8


class TestBaseline:
    def test_the_variance_falls_from_49_to_below_1_and_both_means_are_the_true_gradient(self):
        env = opened("g.baseline").timeline.env
        plain, better = clouds(env.mdp, np.zeros(env.shape), 1.0, 40 * SAMPLES)
        assert plain.variance == pytest.approx(49, abs=1) and better.variance < 1
        assert plain.angle < 5 and better.angle < 5

    def test_luck_has_chosen_the_worst_arm(self):
        run = at_the_end("g.baseline")
        assert run.memory.pi[0].argmax() == run.env.mdp.reward[0].mean(axis=1).argmin()

    def test_a_smaller_batch_or_a_larger_step_is_not_what_it_asks_for(self):
        for other in ({"batch": 50}, {"alpha": 0.1}):
            assert "set it back" in says("g.baseline", **other).says


class TestDice:
    run = opened("g.dice").timeline

    def test_who_sees_the_cells_goes_right_left_right(self):
        run = at_the_end("g.dice")
        assert run.memory.pi[:3].argmax(axis=1).tolist() == [1, 0, 1] and worth(run) == pytest.approx(-3, abs=0.3)

    @pytest.mark.parametrize(("right", "value"), [(0.05, -82.11), (0.95, -44.21), (DICE, -11.657)])
    def test_nearly_always_the_same_is_costly_for_the_blind(self, right, value):
        """The numbers of S&B example 13.1, as in REFERENCES.md."""
        mdp = self.run.env.mdp
        assert objective(mdp, np.tile([1 - right, right], (4, 1)), 1.0) == pytest.approx(value, abs=0.01)

    def test_a_policy_that_sees_does_not_pass_for_a_blind_one(self):
        run = opened("g.dice", alpha=0.005).timeline
        passing = [t for t in range(150) if abs(run.at(t).memory.pi[0, 1] - DICE) <= 0.02]
        assert passing and not any(TASKS["g.dice"].check(Attempt(run, t, t)).done for t in passing)


class TestPlateau:
    def test_it_begins_almost_certain_of_a_bad_arm_and_stays_nearly_there(self):
        shown = opened("g.plateau")
        assert shown.timeline.at(0).memory.pi[0, 0] > 0.96 and worth(shown.timeline.at(200)) < 0.15

    def test_an_entropy_bonus_helps_off_the_plateau_and_keeps_from_the_top(self):
        bonus, natural = opened("g.plateau", entropy=0.2), opened("g.plateau", follows="the natural gradient")
        assert 0.5 < worth(bonus.timeline.at(200)) < 0.9
        assert worth(bonus.timeline.at(3000)) < 0.96 < 0.999 < worth(natural.timeline.at(400))


def test_a_step_size_in_between_is_best_for_reinforce():
    n = [seeds_above(opened("g.step", alpha=alpha), 0.3, episodes=300) for alpha in (0.05, 0.2, 0.25, 0.5, 1)]
    assert n[0] == n[-1] == 0 and min(n[1:3]) >= 9 and n[3] < 6
    run = at_the_end("g.step")
    assert run.episode == 12 and (run.memory.pi.max(axis=1) > 0.99).any()  # "a dozen episodes ... all but certain"


class TestSeeds:
    shown = opened("g.seeds")

    def worths(self, seeds, agent=None):
        run = opened("g.seeds", agent).timeline
        runs = [replace(run, seed=seed) for seed in seeds]
        return np.array([worth(one.at(one.after_episodes(0, 200, 20_000))) for one in runs])

    def test_this_seed_has_found_a_good_way(self):
        assert worth(self.shown.timeline.at(self.shown.t)) > -5.2

    def test_seeds_two_three_and_five_are_stuck_as_two_or_three_in_ten_are(self):
        found = self.worths(range(40))
        assert (found[[2, 3, 5]] < -90).all() and 0.15 < (found < -7).mean() < 0.4

    @pytest.mark.parametrize("agent", ["baseline", "ac", "aclambda"])
    def test_a_critic_takes_most_of_that_luck_out(self, agent):
        assert (self.worths(range(20), agent) > -7).mean() >= 0.9


class TestBlind:
    def test_the_actor_critic_comes_to_go_right_nearly_always(self):
        run = at_the_end("g.blind")
        assert run.memory.pi[0, 1] > 0.98 and worth(run) < -100

    def test_each_step_seems_to_cost_one_and_only_the_last_to_win(self):
        log = opened("g.blind").timeline.steps(300, 2000)
        last, error = log.ended == 1, log.target - log.baseline
        assert error[~last] == pytest.approx(-1) and (error[last] > 5).all() and (log.action[last] == 1).all()

    def test_traces_do_better_the_nearer_lambda_is_to_one_and_at_one_luck_is_back(self):
        n, runs = {}, {}
        for lam in (0.0, 0.4, 0.8, 1.0):
            shown = opened("g.blind", "aclambda", lam=lam, lam_v=min(lam, 0.8))
            n[lam], runs[lam] = seeds_above(shown, -12, episodes=1000), worth(shown.timeline.at(10_000))
        assert runs[0.0] < runs[0.4] < -12 < runs[0.8] and n[0.0] == n[0.4] == 0 and n[1.0] < n[0.8] >= 9


def test_the_critic_is_right_about_a_poor_policy_and_came_too_late():
    shown = opened("g.critic")
    start = shown.timeline.at(0).env.first_state(shown.timeline.seed, 0)
    said = {t: shown.timeline.at(t).memory.v[start] for t in (300, 600, shown.t)}
    true = {t: worth(shown.timeline.at(t)) for t in said}
    assert said[300] < 0.1 and true[300] > 3 and true[600] < 2  # it still knows nothing when the policy settles
    assert said[shown.t] == pytest.approx(true[shown.t], abs=0.02) and true[shown.t] == pytest.approx(1, abs=0.05)


class TestRuin:
    run = opened("g.ruin").timeline

    def test_it_balanced_better_and_better_and_fell_for_good_after_updates_that_went_too_far(self):
        log = self.run.episodes(6000)
        before, after = log.ret[log.end <= 3072], log.ret[log.end > 4096]
        assert before[:20].mean() < 50 < 350 < before[-5:].mean() and len(after) > 190 and after.max() < 15
        assert all(self.run.at(t).memory.report[DIVERGENCE] > 9 for t in (3073, 3585, 4097))

    def test_it_is_certain_then_and_stays_so(self):
        shown = opened("g.ruin")
        assert shown.timeline.at(shown.t).memory.report[ENTROPY] < 1e-4
        for at in (4600, shown.t):
            later = self.run.edited(at, alpha=0.003, clip=0.2)
            assert later.episodes(at + 8000).ret[-10:].max() < 15

    def test_a_run_that_never_had_such_steps_is_another_task(self):
        sane = self.run.edited(0, alpha=0.003, clip=0.2)
        t = sane.after_episodes(0, 120)
        found = TASKS["g.ruin"].check(Attempt(sane, t, t))
        assert sane.episodes(t).ret[-10:].mean() >= 475 and not found.done and found.says.startswith("Begin with")


def test_reinforce_learns_once_an_episode_and_the_others_many_times_as_often():
    shown = opened("g.swing")
    log = shown.timeline.episodes(shown.t)
    assert (log.ret == -500).mean() > 0.9
    updates = {agent: opened("g.swing", agent).timeline.at(shown.t).memory.counts[UPDATES]
               for agent in ("netreinforce", "netac")}
    assert updates["netreinforce"] == len(log) and updates["netac"] > 5 * len(log)
