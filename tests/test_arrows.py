"""The arrow and its cloud: where one step along the true gradient, or along samples, would lead."""

import numpy as np
import pytest

from rl.agents.policy.ascent import Ascent
from rl.arrows import LEAST, MOST, arrows, has_arrow
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
