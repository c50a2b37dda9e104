"""The arrow and its cloud: where one step along the true gradient, or along samples, would lead."""

import numpy as np
import pytest

from rl import arrows as module
from rl.agents.policy.ascent import Ascent
from rl.arrows import BLOCK, EPISODES, LEAST, MOST, arrows, climb, has_arrow, samples_of
from rl.envs.frozen_lake import FrozenLake
from rl.envs.grid_world import GridWorld
from rl.envs.maximisation_bias import MaximisationBias
from rl.envs.short_corridor import ShortCorridor
from rl.envs.three_arms import ThreeArms
from rl.timeline import Timeline

CORRIDOR = Timeline(ShortCorridor(), Ascent(sees="nothing", alpha=0.02, preference=1.0), 3)
ARMS = Timeline(ThreeArms(), Ascent(alpha=0.5), 3)


@pytest.mark.parametrize("timeline", [ARMS, CORRIDOR], ids=["arms", "corridor"])
def test_the_arrow_ends_where_the_next_exact_step_leads(timeline):
    found = arrows(timeline, 0, 6)
    assert np.allclose(found.arrow[:-1], found.pi[1:], atol=1e-12) and not np.allclose(found.pi[0], found.pi[1])
    assert (np.diff(found.worth[:, 0]) > 0).all()


def test_a_followed_sample_is_one_that_the_cloud_could_have_held():
    timeline = Timeline(ThreeArms(spread=0.0), Ascent(alpha=0.5, follows="a sample"), 3)
    found = arrows(timeline, 0, 6)
    for i in range(6):
        ends = found.cloud[i].reshape(-1, 3)
        assert np.abs(ends - found.pi[i + 1]).max(axis=1).min() < 1e-12


def test_a_baseline_leaves_the_mean_where_it_is_and_draws_the_cloud_together():
    found = arrows(Timeline(ThreeArms(mean_1=4.5, mean_2=5.0, mean_3=4.0), Ascent(batch=20, alpha=0.2), 1), 0, 0)
    loose, tight = (ends.reshape(-1, 3).std(axis=0).sum() for ends in (found.cloud, found.cloudb))
    assert tight < 0.5 * loose
    assert np.abs(found.mean - found.meanb).max() < 5 * loose / np.sqrt(MOST)


def test_what_was_moved_on_the_way_is_seen_from_then_on():
    turned = ARMS.edited(3, alpha=2.0)
    found = arrows(turned, 0, 5)
    assert np.allclose(found.arrow[3], turned.at(4).memory.pi[0]) and np.allclose(found.arrow[:3], found.pi[1:4])


def test_samples_of_many_episodes_are_few():
    for batch, n in ((1, MOST), (50, 24), (200, LEAST)):
        assert samples_of(Ascent(batch=batch)) * batch <= EPISODES
        assert arrows(Timeline(ThreeArms(), Ascent(batch=batch), 1), 0, 0).cloud.shape == (1, 3 * n)


def test_where_nothing_is_finite_there_is_no_arrow():
    found = arrows(Timeline(ShortCorridor(), Ascent(sees="nothing", preference=4.0, alpha=10.0), 1), 0, 6)
    assert not (found.worth > 0).any() and np.isfinite(found.pi).all() and np.isfinite(found.arrow).all()


def test_only_one_distribution_over_two_or_three_actions_is_a_point():
    points = [ARMS, CORRIDOR, Timeline(ThreeArms(), Ascent(sees="nothing"))]
    maps = [Timeline(ShortCorridor(), Ascent()), Timeline(FrozenLake(), Ascent(sees="nothing")),
            Timeline(GridWorld(map="S../..G"), Ascent()),
            Timeline(MaximisationBias(actions_in_b=3), Ascent(sees="nothing"))]
    assert [has_arrow(timeline, 0) for timeline in points + maps] == [True] * 3 + [False] * 4


def test_the_climb_of_a_run_is_what_its_policies_are_worth_and_what_is_known_of_it_is_kept(monkeypatch):
    run = ARMS.edited(3, alpha=2.0).edited(2 * BLOCK, alpha=0.1)
    for end in (0, 1, BLOCK, 2 * BLOCK + 5):
        found = climb(run, end)
        assert len(found) == max(1, end) + 1
        assert np.allclose(found[: end + 1], arrows(run, 0, end).worth[:, 0], atol=1e-12)
    played, real = [], Timeline.steps
    monkeypatch.setattr(Timeline, "steps", lambda self, t0, t1: played.append(t0) or real(self, t0, t1))
    assert np.array_equal(climb(run, 2 * BLOCK + 9)[: end + 1], found) and played == [2 * BLOCK]
    played.clear()
    climb(run.edited(2 * BLOCK + 1, gamma=0.5), 2 * BLOCK + 9)  # what was before another edit is known too
    assert played == [2 * BLOCK]


def test_a_step_too_large_to_survive_is_endless_and_other_mistakes_are_not_hidden(monkeypatch):
    def wrong(*_):
        raise ValueError("something else")
    monkeypatch.setattr(module, "clouds", wrong)
    with pytest.raises(ValueError, match="something else"):
        arrows(ARMS, 0, 0)
