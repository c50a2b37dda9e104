"""What is drawn is what was measured, and every point leads to a run behind it."""

from dataclasses import replace

import numpy as np
import pytest

from rl.agents.control.q_learning import QLearning
from rl.envs.cliff_walking import CliffWalking
from rl.envs.frozen_lake import FrozenLake
from rl.experiments.config import Experiment
from rl.experiments.groups import best_of_each, by_agent, lines, scores, summed_up
from rl.experiments.results import blank_results
from rl.experiments.statistics import interval, performance_profile, probability_of_improvement
from rl.figures.comparison import improvement_figure, profile_figure
from rl.figures.experiments import COSTS, cost_figure, heatmap_figure, learning_curves, sensitivity_figure
from rl.link import from_query_string
from rl.trials import band, interquartile_mean
from tests.experiments.lab import swept

LAB = Experiment(
    (CliffWalking(), FrozenLake()), (QLearning(gamma=1.0), QLearning(gamma=1.0, initial=1.0)),
    (("alpha", (0.01, 0.1, 1.0)), ("epsilon", (0.1, 0.5))), 9, 4, 300, threshold=-100.0, last=20)
FIGURES = {
    "curves": lambda r, m: learning_curves(r, range(12)),
    "lengths": lambda r, m: learning_curves(r, [0], "mean", 5, "lengths"),
    **{cost: lambda r, m, cost=cost: cost_figure(r, range(12), cost) for cost in COSTS},
    "sensitivity": lambda r, m: sensitivity_figure(r, "alpha", m),
    "heatmap": lambda r, m: heatmap_figure(r, "alpha", "epsilon", m, "Q-learning (initial 0)", "CliffWalking"),
    "profile": profile_figure, "improvement": improvement_figure}


@pytest.fixture(scope="module")
def results():
    return swept(LAB)


def drawn(chart):
    """The lines with a name, without bands."""
    return {trace.name: trace for trace in chart.data if trace.name}


def test_a_curve_is_the_statistic_of_the_seeds_with_its_band(results):
    chart = learning_curves(results, [3, 5])
    label = LAB.plan.conditions[3].label
    line = drawn(chart)[label]
    expected = interquartile_mean(results.returns[3].astype(float))
    assert np.asarray(line.x)[[0, -1]].tolist() == [1, 300] and len(line.x) == 120
    assert np.asarray(line.y) == pytest.approx(expected[np.asarray(line.x, int) - 1])
    around = chart.data[0]
    exact = band(results.returns[3].astype(float)[:, np.asarray(line.x, int) - 1], "IQM")
    assert np.asarray(around.y)[:120] == pytest.approx(exact.high)
    view = from_query_string(line.customdata[0])
    assert view.timeline.agent == LAB.plan.conditions[3].timeline.agent
    assert view.timeline.episodes(view.t).ret[-20:].mean() == np.median(results.of("online")[3])


def test_at_first_most_of_the_curves_is_seen_and_what_is_far_below_is_not(results):
    for chart in (learning_curves(results, range(6)), cost_figure(results, range(6))):
        y = np.concatenate([np.asarray(line.y) for line in drawn(chart).values()])
        low, high = chart.layout.yaxis.range
        assert y.max() < high < y.max() + 0.2 * (high - low) and low > y.min() + 2 * (high - low)
        assert 0.85 <= (y >= low).mean() < 1
    chart = learning_curves(results, range(6), quantity="lengths")
    y = np.concatenate([np.asarray(line.y) for line in drawn(chart).values()])
    low, high = chart.layout.yaxis.range
    assert low < y.min() and high < y.max()
    lake = learning_curves(results, range(12, 18))  # from 0 to 1: nothing is far off
    assert lake.layout.yaxis.range is None


def test_costs_are_those_of_the_runs(results):
    for cost in COSTS:
        line = drawn(cost_figure(results, [2], cost))[LAB.plan.conditions[2].label]
        assert line.x[-1] == pytest.approx(results.of(cost)[2].mean(), rel=1e-5)
        assert (np.diff(np.asarray(line.x)) > 0).all()


def test_sensitivity_is_a_line_for_all_that_else_differs(results):
    chart = sensitivity_figure(results, "alpha", "online")
    assert chart.layout.xaxis.type == "log" and len(drawn(chart)) == 2 * 2 * 2
    line = drawn(chart)["Q-learning (initial 1) · FrozenLake, epsilon 0.5"]
    members = lines(results, "alpha")[line.name]
    expected = [interval([scores(results, c, "online")]) for c in members]
    assert line.x == (0.01, 0.1, 1.0) and list(line.y) == [one.middle for one in expected]
    assert line.error_y.array[0] == pytest.approx(expected[0].high - expected[0].middle)
    assert from_query_string(line.customdata[1]).timeline.agent.alpha == 0.1
    assert sensitivity_figure(results, "epsilon", "online").layout.xaxis.type is None


def test_never_is_a_cross_and_no_point(results):
    chart = sensitivity_figure(results, "alpha", "greedy")
    line = drawn(chart)["Q-learning (initial 0) · CliffWalking, epsilon 0.1"]
    infinite = ~np.isfinite([summed_up(results, c, "greedy") for c in lines(results, "alpha")[line.name]])
    assert infinite.any() and [y is None for y in line.y] == infinite.tolist()
    crosses = drawn(chart)["no finite number"]
    assert set(np.array([0.01, 0.1, 1.0])[infinite]) <= set(crosses.x)


def test_a_heatmap_has_a_cell_for_each_pair_of_values(results):
    cells = heatmap_figure(results, "alpha", "epsilon", "online", "Q-learning (initial 0)", "CliffWalking").data[0]
    assert np.asarray(cells.z).shape == (2, 3)
    conditions = [dict(c.values) for c in LAB.plan.conditions]
    which = conditions.index({"alpha": 0.1, "epsilon": 0.5})
    assert cells.z[1][1] == summed_up(results, which, "online")
    view = from_query_string(cells.customdata[1][1]).timeline
    assert (view.agent.alpha, view.agent.epsilon, view.env) == (0.1, 0.5, CliffWalking())


def test_a_heatmap_shows_the_best_of_a_third_setting(results):
    three = replace(LAB, grid=(*LAB.grid, ("initial", (0.0, 1.0))), agents=LAB.agents[:1], envs=LAB.envs[:1])
    found = swept(three)
    cells = heatmap_figure(found, "alpha", "epsilon", "online", "Q-learning", "CliffWalking").data[0]
    both = [summed_up(found, c, "online") for c, x in enumerate(three.plan.conditions)
            if dict(x.values)["alpha"] == 0.1 and dict(x.values)["epsilon"] == 0.1]
    assert len(both) == 2 and cells.z[0][1] == max(both)


def test_the_best_of_each_is_the_best(results):
    best = best_of_each(results, "online")
    assert len(best) == 4
    for c in best:
        rivals = [d for d, x in enumerate(LAB.plan.conditions) if x[:2] == LAB.plan.conditions[c][:2]]
        assert summed_up(results, c, "online") == max(summed_up(results, d, "online") for d in rivals)
    cheapest = best_of_each(results, "steps")[0]
    assert summed_up(results, cheapest, "steps") == min(summed_up(results, d, "steps") for d in range(6))


def test_profiles_and_improvements_are_those_of_the_scores(results):
    groups = by_agent(results, best_of_each(results, "online"), "online")
    assert list(groups) == ["Q-learning (initial 0)", "Q-learning (initial 1)"]
    assert all(len(strata) == 2 and all(s.min() >= 0 and s.max() <= 1 for s in strata) for strata in groups.values())
    line = drawn(profile_figure(results, "online"))["Q-learning (initial 1)"]
    expected = performance_profile(groups["Q-learning (initial 1)"], np.asarray(line.x))
    assert list(line.y) == expected.share.tolist() and (line.x[0], line.x[-1]) == (0.0, 1.0)
    point = improvement_figure(results, "online").data[0]
    found = probability_of_improvement(*groups.values())
    assert point.x == (found.middle,) and point.y == ("Q-learning (initial 0)<br>over Q-learning (initial 1)",)
    assert point.error_x.array[0] == pytest.approx(found.high - found.middle)


def test_less_is_better_where_it_is():
    results = swept(replace(LAB, envs=(CliffWalking(),), grid=(("alpha", (0.5,)),), agents=(
        QLearning(), QLearning(epsilon=1.0))))
    quick, slow = by_agent(results, [0, 1], "steps").values()
    assert quick[0].mean() > slow[0].mean() and (slow[0] < 0).all()
    assert improvement_figure(results, "steps").data[0].x == (1.0,)
    chart = profile_figure(results, "steps")
    assert "below" in chart.layout.yaxis.title.text and min(drawn(chart)["Q-learning (epsilon 0.1)"].x) > 0


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("measure", ["online", "greedy", "steps_to"])
def test_every_figure_of_every_measure_is_drawn_at_any_time(results, name, measure):
    nothing, some = blank_results(LAB), results.copy()
    some.done[:, 5:], some.done[::2] = False, False
    for state in (nothing, some, results):
        chart = FIGURES[name](state, measure)
        assert chart.to_json()
    assert len(chart.data) > 0
