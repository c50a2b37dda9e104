"""Figures of the policy gradient draw the numbers they are given."""

import json

import numpy as np
import pytest

from rl.envs.five_by_five import FiveByFive
from rl.envs.grid_world import GridWorld
from rl.envs.short_corridor import ShortCorridor
from rl.figures.gradient import (
    MOST_BARS,
    MOST_DOTS,
    angles_figure,
    components_figure,
    plane_figure,
)
from rl.figures.theme import ACCENT, ROLES
from rl.gradient_cloud import clouds
from rl.landscape import FAR, is_flat, plane, reach

MDP, THETA = ShortCorridor().mdp, np.zeros((4, 2))
CLOUDS = clouds(MDP, THETA, 1.0, 300)
NAMES = [f"{s}{a}" for s in range(4) for a in "lr"]


def named(chart):
    return {trace.name: trace for trace in chart.data}


def test_components_are_the_exact_ones_with_the_means_and_spreads_of_both_clouds():
    drawn = named(components_figure(*CLOUDS, NAMES))
    assert list(drawn) == ["exact", "no baseline", "with baseline"]
    assert list(drawn["exact"].x) == NAMES[:6]  # nothing is ever preferred at the goal
    assert drawn["exact"].y.tolist() == CLOUDS[0].exact[:6].tolist()
    for name, one in zip(("no baseline", "with baseline"), CLOUDS, strict=True):
        assert drawn[name].y.tolist() == one.mean[:6].tolist()
        assert drawn[name].error_y.array.tolist() == one.spread[:6].tolist()
    assert drawn["exact"].marker.color == ACCENT and drawn["no baseline"].marker.color == ROLES["reward"]


def test_of_many_components_the_largest_are_drawn():
    mdp = GridWorld().mdp
    one, two = clouds(mdp, np.zeros((40, 4)), 1.0, 50)
    bars = named(components_figure(one, two, [str(i) for i in range(160)]))["exact"]
    size = np.abs(one.exact) + one.spread
    assert len(bars.x) == MOST_BARS and {int(i) for i in bars.x} == set(np.argsort(-size, kind="stable")[:MOST_BARS])


def test_the_plane_shows_the_arrow_and_each_sample_where_a_step_would_lead():
    found = plane(MDP, THETA, 1.0, CLOUDS[0], reach(CLOUDS[0], 0.1))
    chart = plane_figure(found, CLOUDS, 0.1)
    drawn, contour = named(chart), chart.data[0]
    assert contour.z.shape == (25, 25) and contour.z[12, 12] == pytest.approx(-12)
    arrow = drawn["exact gradient"]
    assert arrow.x == (0, pytest.approx(0.1 * np.linalg.norm(CLOUDS[0].exact))) and arrow.y[1] == pytest.approx(0)
    dots = drawn["samples, with baseline"]
    assert len(dots.x) == MOST_DOTS and dots.x[7] == pytest.approx(0.1 * CLOUDS[1].samples[7] @ found.axes[0])
    legend = [trace for trace in chart.data if trace.showlegend is not False and trace.name]
    assert [trace.name for trace in legend] == ["samples, no baseline", "samples, with baseline", "exact gradient"]
    assert all(trace.marker.opacity is None for trace in legend) and dots.marker.opacity < 1
    assert len(plane_figure(found, CLOUDS[:1], 0.1).data) == 5


def test_a_plane_at_a_corner_goes_no_further_than_preferences_make_a_difference():
    steep = CLOUDS[0]._replace(exact=1e6 * CLOUDS[0].exact)
    assert reach(steep, 10.0) == FAR > reach(CLOUDS[0], 0.1)
    chart = plane_figure(plane(MDP, THETA, 1.0, steep, FAR), CLOUDS, 10.0)
    assert chart.layout.xaxis.range == (-FAR, FAR) and chart.data[0].colorbar.tickformat == ".3~g"


def test_angles_are_counted_in_shares_of_all_samples():
    drawn = named(angles_figure(*CLOUDS))
    assert sum(drawn["no baseline"].y) == pytest.approx(np.mean(~np.isnan(CLOUDS[0].angles)))
    assert drawn["with baseline"].y[0] == np.mean(CLOUDS[1].angles < 10)


def test_figures_can_be_sent_where_nothing_slopes():
    flat = clouds(FiveByFive().mdp, np.zeros((25, 4)), 0.0, 3)
    nothing = tuple(one._replace(samples=0 * one.samples, exact=0 * one.exact, spread=0 * one.spread) for one in flat)
    found = plane(FiveByFive().mdp, np.zeros((25, 4)), 0.9, nothing[0], reach(nothing[0], 0.1))
    assert not is_flat(found)
    for worth in (3.0, -np.inf):
        assert is_flat(found._replace(worth=np.full_like(found.worth, worth)))
    for chart in (plane_figure(found, nothing, 0.1), angles_figure(*nothing), components_figure(*nothing, ["x"] * 100)):
        assert json.loads(chart.to_json())
