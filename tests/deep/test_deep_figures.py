"""The figures of deep Q-networks draw the numbers they are given, and stand whatever these are."""

import json
from dataclasses import replace

import numpy as np
import pytest

from rl.agents.dqn import DQN
from rl.deep_batch import batch_of
from rl.deep_net import picture
from rl.deep_presets import GRID
from rl.deep_study import Diagnostics, training
from rl.deep_surface import first, surface
from rl.envs.acrobot import Acrobot
from rl.envs.cart import Cart
from rl.envs.frozen_lake import FrozenLake
from rl.envs.mountain_car import MountainCar
from rl.figures.curves import Mark
from rl.figures.deep import SAYS, diagnostics_figure, greedy_figure, kinds
from rl.figures.deep_batch import batch_figure, tells
from rl.figures.deep_net import MOST, drawn_inputs, net_figure
from rl.figures.deep_surface import MAPS, broken, scale_of, surface_figure
from rl.figures.theme import COUNTS, DIVERGING, EXPLORE, ROLES
from rl.timeline import Timeline

SMALL = {"width": 8, "layers": 1, "batch": 6, "warmup": 20, "alpha": 0.01, "capacity": 80}
CART = Timeline(Cart(), DQN(**SMALL), 2)
LAKE = Timeline(FrozenLake(), DQN(n=2, dueling="on", **SMALL), 2)
CAR = Timeline(MountainCar(horizon=30), DQN(**SMALL), 2)
SWING = Timeline(Acrobot(horizon=30), DQN(activation="tanh", **SMALL), 2)
RUNS = pytest.mark.parametrize("run", [CART, LAKE, CAR, SWING], ids=lambda run: run.env.slug)
BODIES = pytest.mark.parametrize("run", [CART, CAR, SWING], ids=lambda run: run.env.slug)
EMPTY = Diagnostics(np.array([0.0]), *(np.array([np.nan]) for _ in Diagnostics._fields[1:]))


def named(chart):
    return {trace.name: trace for trace in chart.data if trace.name}


def is_readable(chart):
    """Everything can be sent to a browser, and every axis that has ticks has a name."""
    json.loads(chart.to_json())
    return all(axis.title.text for axis in (chart.layout.xaxis, chart.layout.yaxis))


@pytest.mark.parametrize("what", SAYS)
def test_every_diagnostic_stands_before_anything_was_learned_and_where_all_diverges(what):
    wild = replace_all(training(CART, 60), 1e30)
    for found in (EMPTY, wild, training(LAKE, 0), training(LAKE, 90), replace_all(wild, np.inf)):
        assert is_readable(diagnostics_figure(found, what, [Mark(3.0, "ε = 0.1")], 5.0))
    assert SAYS[what].endswith(".")


def replace_all(found, value):
    return Diagnostics(found.moments, *(np.full(len(found.moments), value) for _ in found[1:]))


@pytest.mark.parametrize(("what", "line", "column", "factor"), [
    ("Overestimation", "greedy episodes got", "returned", 1),
    ("Overestimation", "max Q at their starts", "start_value", 1),
    ("Overestimation", "max Q, stored states", "value", 1), ("Loss", "greedy return", "greedy", 1),
    ("Loss", "loss of the batch", "loss", 1), ("Loss", "|TD error|", "error", 1),
    ("Gradient", "gradient norm", "norm", 1), ("Gap", "action gap", "gap", 1),
    ("Doomed", "what the net says", "doomed", 1),
    ("Doomed", "the truth", "doomed_truth", 1), ("Endings", "terminal transitions (%)", "endings", 100),
    ("Drift", "|θ − θ⁻| / |θ|  (%)", "drift", 100), ("Truth", "error of max Q", "truth_error", 1),
    ("Truth", "states with an optimal greedy action", "optimal", 100)])
def test_a_diagnostic_draws_its_column_over_the_steps(what, line, column, factor):
    found = training(LAKE, 200)
    trace = named(diagnostics_figure(found, what))[line]
    values = factor * getattr(found, column)
    known = np.isfinite(values) & ((values > 0) | (what not in ("Loss", "Gradient")) | (column == "greedy"))
    assert known.any()
    assert np.array_equal(trace.x, found.moments[known]) and np.array_equal(trace.y, values[known])


def test_only_a_table_has_a_truth_and_an_unknown_diagnostic_is_an_error():
    assert "Truth" in kinds(training(LAKE, 60)) and "Truth" not in kinds(training(CART, 60))
    with pytest.raises(KeyError):
        diagnostics_figure(EMPTY, "Fame")


def test_losses_have_a_log_axis_and_edits_a_line_with_words():
    chart = diagnostics_figure(training(CART, 120), "Loss", [Mark(40.0, "memory = 1")], 100.0)
    assert chart.layout.yaxis2.type == "log" and chart.layout.yaxis.type != "log"
    assert {shape.x0 for shape in chart.layout.shapes} == {40.0, 100.0}
    assert [note.text for note in chart.layout.annotations] == ["memory = 1"]


def test_the_greedy_return_has_its_worst_and_best_around_it_and_a_line_where_it_is_solved():
    found = training(CART, 150)
    chart = greedy_figure(found, threshold=475.0)
    lines = named(chart)
    assert np.array_equal(lines["mean of 10 greedy episodes"].y, found.greedy)
    assert any(np.array_equal(trace.y, found.low) for trace in chart.data)
    assert np.array_equal(lines["worst to best of 10"].y, found.high)
    assert chart.layout.annotations[0].text == "475: solved" and chart.layout.shapes[0].y0 == 475
    assert is_readable(chart) and is_readable(greedy_figure(EMPTY))


@RUNS
def test_a_batch_goes_from_the_most_under_to_the_most_over_estimated(run):
    t = next(t for t in range(60, 200) if (batch_of(run, t) and batch_of(run, t).terminal.any()) or t == 199)
    found = batch_of(run, t)
    chart = batch_figure(found)
    lines, order = named(chart), np.argsort(-found.error, kind="stable")
    assert np.array_equal(lines["Q(S,A), was"].y, found.q[order])
    assert np.array_equal(lines["error"].y, found.error[order])
    drawn = np.concatenate([lines["target"].y, lines["target, terminal"].y])
    assert sorted(drawn) == sorted(found.target) and (np.diff(lines["error"].y) <= 0).all()
    assert len(lines["target, terminal"].y) == found.terminal.sum()
    assert lines["target, terminal"].marker.color == EXPLORE and lines["target"].marker.color == ROLES["target"]
    assert is_readable(chart)


def test_what_is_told_of_a_transition_is_escaped_and_says_its_numbers():
    found = batch_of(LAKE, 90)
    hostile = replace(found, name=("<script>",) * len(found.q), action=("<b>",) * len(found.q))
    for i in range(len(found.q)):
        said = tells(hostile, i)
        assert "<script>" not in said and "<b>" not in said and "&lt;script&gt;" in said
        assert f"target {found.target[i]:.4g}".replace("-", "−") in said and ("terminal" in said) == found.terminal[i]


@BODIES
@pytest.mark.parametrize("what", MAPS)
def test_a_map_shows_the_numbers_of_its_surface_and_the_path_to_now(run, what):
    found = surface(run, 77, *first(run.env), 9)
    chart = surface_figure(found, what)
    heat = chart.data[0]
    assert np.array_equal(heat.z, found.value if what == "value" else found.action)
    assert np.array_equal(heat.x, found.xs) and np.array_equal(heat.y, found.ys)
    assert (chart.layout.xaxis.title.text, chart.layout.yaxis.title.text) == (found.x.title, found.y.title)
    now = named(chart)["now"]
    assert [now.x[0], now.y[0]] == found.trace[-1].tolist() and is_readable(chart)
    if what == "action":
        assert {action.name for action in run.env.actions} <= set(named(chart))
    with pytest.raises(KeyError):
        surface_figure(found, "colour")


def test_colours_lie_around_nought_where_there_is_much_on_both_sides():
    both, one = scale_of(np.array([-3.0, 2.0])), scale_of(np.array([5.0, 9.0, np.nan]))
    assert (both["zmin"], both["zmax"]) == (-3, 3) and both["colorscale"][0][1] == DIVERGING["low"]
    assert (one["zmin"], one["zmax"], one["colorscale"]) == (5, 9, COUNTS)
    assert scale_of(np.full(3, np.nan))["zmax"] == 1 and scale_of(np.full(3, 2.0))["zmax"] == 3
    assert scale_of(np.array([-0.1, 9.0]))["colorscale"] == COUNTS


def test_a_path_that_goes_round_is_broken_there():
    found = surface(SWING, 77, *first(SWING.env), 3)
    path = broken(found, np.array([[170.0, 0.0], [179.0, 1.0], [-179.0, 2.0], [-170.0, 3.0]]))
    assert np.isnan(path[2]).all() and len(path) == 5 and np.isfinite(np.delete(path, 2, 0)).all()


@RUNS
def test_a_net_is_drawn_layer_by_layer_with_its_own_numbers(run):
    found = picture(run, 90)
    chart = net_figure(found)
    heats = [trace for trace in chart.data if trace.type == "heatmap"]
    assert len(heats) == 1 + 2 * len(found.layers)
    assert heats[0].z[:, 0].tolist() == found.inputs[drawn_inputs(found.inputs)].tolist()
    for layer, matrix, units in zip(found.layers, heats[1::2], heats[2::2], strict=True):
        assert np.array_equal(matrix.z, layer.weights[drawn_inputs(found.inputs)].T if layer is found.layers[0]
                              else layer.weights.T)
        assert units.z[:, 0].tolist() == layer.activation.tolist()
    json.loads(chart.to_json())
    said = [note.text for note in chart.layout.annotations]
    assert said[0] == f"sees<br>{len(found.inputs)}" and said[-1].startswith("says")


def test_of_many_inputs_some_are_drawn_and_among_them_what_is_seen():
    inputs = np.zeros(1000)
    inputs[777] = 1.0
    at = drawn_inputs(inputs)
    assert len(at) <= MOST and 777 in at and drawn_inputs(np.zeros(MOST)).tolist() == list(range(MOST))
    assert len(drawn_inputs(np.ones(1000))) <= MOST
    net_figure(picture(Timeline(GRID, DQN(**SMALL), 0), 5))
