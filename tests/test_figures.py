"""The figures draw the numbers they are given, in the colours of the house, and no more points than can be seen."""

import json
from pathlib import Path

import numpy as np
import pytest

from rl.agents import AGENTS
from rl.agents.control.q_learning import QLearning
from rl.envs.frozen_lake import FrozenLake
from rl.envs.grid_world import GridWorld
from rl.figures.curves import POINTS, Mark, episode_curve, error_curve, policy_curve, regret_curve, thinned
from rl.figures.theme import ACCENT, COUNTS, DIVERGING, EXPLORE, GREY, ROLES, palette, tint
from rl.timeline import Timeline
from rl.trials import Band, band, moving_average
from rl.truth import TruthCurves, truth_curves

RUN = Timeline(GridWorld(), QLearning(epsilon=0.3), 2)


def named(figure):
    return {trace.name: trace for trace in figure.data if trace.name}


def drawn(values, window=3, over=None, marks=(), now=0.0):
    return episode_curve(np.asarray(values, float), over, window, "return", list(marks), now)


def truth(policy, optimum=(1.0, 1.0, 1.0)):
    x = np.arange(len(policy), dtype=float)
    return TruthCurves(x * 10, x, x[::-1] + 0.5, np.array(policy), np.array(optimum), x * 2)


@pytest.mark.parametrize("n", [0, 1, 2, POINTS - 1, POINTS, POINTS + 1, 2 * POINTS - 1, 12_345, 10**6])
def test_a_curve_has_at_most_about_so_many_points_with_the_first_and_the_last(n):
    at = thinned(n)
    assert len(at) == min(n, len(at)) <= POINTS + 1
    assert n > POINTS or at.tolist() == list(range(n))
    assert n == 0 or (at[0], at[-1]) == (0, n - 1)
    assert len(set(np.diff(at)[:-1].tolist())) <= 1  # evenly spaced


def test_the_moving_average_is_that_of_the_last_few_episodes():
    line = named(drawn([1, 2, 6, 3, 0]))["your run (mean of 3)"]
    assert list(line.x) == [1, 2, 3, 4, 5]
    assert line.y == pytest.approx([1, 1.5, 3, 11 / 3, 3])


def test_single_episodes_are_dots_as_long_as_they_can_be_told_apart():
    few, many = drawn(np.arange(POINTS)), drawn(np.arange(POINTS + 1))
    assert [trace.mode for trace in few.data] == ["markers", "lines"]
    assert list(few.data[0].y) == list(range(POINTS))
    assert [trace.mode for trace in many.data] == ["lines"]


def test_a_run_without_an_episode_is_an_empty_line():
    assert all(len(trace.x) == len(trace.y) == 0 for trace in drawn([]).data)


def test_a_long_run_keeps_its_smoothed_values():
    values = np.random.default_rng(0).normal(size=5000)
    line = named(drawn(values, 50))["your run (mean of 50)"]
    at = np.array(line.x) - 1
    assert len(at) <= POINTS + 1 and np.array_equal(line.y, moving_average(values, 50)[at])


def test_the_band_is_drawn_from_the_outside_in_behind_the_run():
    samples = np.random.default_rng(1).normal(size=(100, 30)).cumsum(axis=1)
    over = band(samples)
    figure = drawn(np.zeros(30), 3, over)
    few, most, low, high, middle = figure.data[:5]
    for trace, expected in zip((few, most, low, high, middle), (over.few, over.most, over.low, over.high, over.middle),
                               strict=True):
        assert np.array_equal(trace.y, expected) and list(trace.x) == list(range(1, 31))
    assert (most.fill, high.fill) == ("tonexty", "tonexty") and (few.fill, low.fill) == (None, None)
    for lower, upper in ((few, low), (low, middle), (middle, high), (high, most)):
        assert (np.asarray(lower.y) <= np.asarray(upper.y)).all()
    assert [trace.name for trace in figure.data if trace.showlegend is not False] == [
        "8 of 10", "95 %", "100 seeds: mean", "your run (mean of 3)"]


def test_a_long_band_is_thinned_too():
    over = Band(*(np.arange(3000.0) + i for i in range(5)))
    assert max(len(trace.x) for trace in drawn([0.0], 3, over).data) <= POINTS + 1


def test_edits_and_the_moment_shown_are_upright_lines():
    figure = drawn([0, 1], marks=[Mark(3, "alpha 0.1 → 0.5"), Mark(7, "epsilon 0.1 → 0")], now=9.0)
    assert [(line.x0, line.x1, line.y0, line.y1, line.yref) for line in figure.layout.shapes] == [
        (x, x, 0, 1, "y domain") for x in (3, 7, 9)]
    assert [(note.x, note.text) for note in figure.layout.annotations] == [
        (3, "alpha 0.1 → 0.5"), (7, "epsilon 0.1 → 0")]
    assert figure.layout.shapes[-1].line.color == tint(ROLES["new"], 0.9)


def test_the_error_curve_is_the_largest_error():
    curves = truth_curves(RUN, 3000)
    trace, = error_curve(curves, [], 0.0).data
    assert np.array_equal(trace.x, curves.episode) and np.array_equal(trace.y, curves.error)


def test_the_regret_curve_is_the_sum_of_what_mistakes_cost():
    curves = truth_curves(RUN, 3000)
    trace, = regret_curve(curves, [], 0.0).data
    assert np.array_equal(trace.y, curves.regret) and (np.diff(trace.y) >= -1e-9).all()


def test_the_policy_curve_stays_under_the_optimum():
    optimal, greedy = policy_curve(truth_curves(Timeline(FrozenLake(), QLearning(), 2), 3000), [], 0.0).data
    assert (np.asarray(greedy.y) <= np.asarray(optimal.y) + 1e-9).all()


def test_a_policy_that_never_arrives_is_left_out_of_the_line_and_marked_below_it():
    figure = policy_curve(truth([-np.inf, 0.25, -np.inf]), [], 0.0)
    line, crosses = named(figure)["greedy policy"], named(figure)["greedy policy never arrives (−∞)"]
    assert np.array_equal(line.y, [np.nan, 0.25, np.nan], equal_nan=True) and line.connectgaps is False
    assert (list(crosses.x), list(crosses.y)) == ([0, 2], [0.25, 0.25])


def test_a_policy_that_has_never_arrived_is_marked_below_the_optimum():
    crosses = named(policy_curve(truth([-np.inf] * 3), [], 0.0))["greedy policy never arrives (−∞)"]
    assert list(crosses.y) == [0.0] * 3


def test_a_policy_that_always_arrives_has_no_such_marks():
    assert len(policy_curve(truth([0.1, 0.2, 0.3]), [], 0.0).data) == 2


@pytest.mark.parametrize(("draw", "role"), [(error_curve, "target"), (policy_curve, "new"), (regret_curve, "old")])
def test_a_curve_has_the_colour_of_its_quantity(draw, role):
    assert ROLES[role] in [trace.line.color for trace in draw(truth([0.1, 0.2, 0.3]), [], 0.0).data]


def test_the_return_has_the_colour_of_the_reward_and_the_seeds_the_accent():
    figure = drawn([1.0, 2.0], 3, Band(*(np.zeros(2) for _ in range(5))))
    assert named(figure)["your run (mean of 3)"].line.color == ROLES["reward"]
    assert named(figure)["100 seeds: mean"].line.color == ACCENT


def test_the_stage_has_the_colours_of_the_figures():
    assert palette().items() >= ROLES.items() and palette()["accent"] == ACCENT and palette()["explore"] == EXPLORE
    for kind in AGENTS.values():
        assert {token.role for token in kind().equation if token.role} <= palette().keys()


def test_colours_are_written_once():
    colours = {colour.lower() for colour in [ACCENT, EXPLORE, GREY, *ROLES.values(), *DIVERGING.values(), *COUNTS]}
    figures = Path(__file__).parents[1] / "rl" / "figures"
    for path in figures.glob("*.py"):
        assert path.name == "theme.py" or not any(colour in path.read_text().lower() for colour in colours)


def test_a_tint_is_the_same_colour_let_through():
    assert tint("#0A9A74", 0.5) == "rgba(10,154,116,0.5)"


def test_figures_can_be_sent():
    for figure in (drawn([1.0, 2.0]), policy_curve(truth([-np.inf, 0.25, -np.inf]), [], 0.0)):
        sent = json.loads(figure.to_json())
        assert sent["layout"]["uirevision"] == "keep" and sent["data"]
