"""The bandit figures draw the numbers they are given, in lines that can be told apart, and no longer names than fit."""

import numpy as np
import pytest

from rl.agents.bandits.epsilon_greedy import EpsilonGreedy
from rl.agents.bandits.greedy import Greedy
from rl.agents.bandits.hand import Hand
from rl.bandit_study import Curve, Result, Study
from rl.bandits import run_curves
from rl.envs.testbed import Testbed
from rl.figures.bandits import MEASURES, line_style, parameter_figure, run_figure, study_figure
from rl.figures.curves import POINTS
from rl.parameter_study import SYMBOLS, Sweep
from rl.timeline import Timeline


def result(n=5, level=1.0):
    curve = Curve(np.linspace(0, level, n), np.full(n, 0.1))
    return Result(3, curve, curve, curve, 0.5, 0.1)


def named(figure):
    return {trace.name: trace for trace in figure.data if trace.name}


@pytest.mark.parametrize("measure", MEASURES)
def test_a_study_is_a_line_with_two_standard_errors_around_it(measure):
    figure = study_figure({"greedy": result(), "UCB": result(level=2.0)}, measure)
    scale = 100 if measure == "optimal" else 1
    line = named(figure)["UCB"]
    assert list(line.x) == [1, 2, 3, 4, 5] and line.y == pytest.approx(scale * np.linspace(0, 2, 5))
    band = next(trace for trace in figure.data if trace.legendgroup == "UCB" and trace.fill)
    around = np.append(np.linspace(0, 2, 5) + 0.2, (np.linspace(0, 2, 5) - 0.2)[::-1])
    assert band.y == pytest.approx(scale * around)
    assert figure.layout.yaxis.title.text == MEASURES[measure]


def test_a_long_study_has_no_more_points_than_can_be_seen():
    figure = study_figure({"greedy": result(10_000)}, "reward")
    assert len(named(figure)["greedy"].x) <= POINTS + 1 and len(figure.data) == 2


def test_a_study_that_has_just_begun_is_drawn_without_a_band():
    study = Study(Testbed(), (Greedy(),), runs=5, steps=9, seed=77)
    assert len(study_figure({"greedy": study.result(Greedy())}, "regret").data) == 1


def test_two_dozen_lines_differ_in_colour_or_dash():
    styles = {(style["color"], style["dash"]) for style in map(line_style, range(24))}
    assert len(styles) == 24
    assert len({line_style(number)["color"] for number in range(8)}) == 8


def test_a_hand_played_run_is_drawn_beside_others_and_the_bound():
    beds = {"you": Hand(pulls="0123456789" * 3), "ε-greedy": EpsilonGreedy()}
    curves = {name: run_curves(Timeline(Testbed(), agent, 2), 100) for name, agent in beds.items()}
    lines = named(run_figure(curves, "regret", 12.0))
    assert list(lines) == ["you", "ε-greedy", "Lai–Robbins"]
    assert lines["you"].x[-1] == 30 and lines["you"].y[-1] == curves["you"].regret[-1]
    assert lines["you"].line.width > lines["ε-greedy"].line.width
    assert lines["Lai–Robbins"].y == pytest.approx(12.0 * np.log(lines["Lai–Robbins"].x))
    assert "Lai–Robbins" not in named(run_figure(curves, "optimal", 12.0))
    assert "Lai–Robbins" not in named(run_figure(curves, "regret", np.nan))
    assert named(run_figure(curves, "optimal"))["you"].y == pytest.approx(100 * curves["you"].optimal)


def test_a_study_of_the_same_arms_can_have_the_bound_too():
    line = named(study_figure({"UCB": result()}, "regret", 3.0))["Lai–Robbins"]
    assert line.x[-1] == pytest.approx(5) and line.y == pytest.approx(3.0 * np.log(line.x))
    assert "Lai–Robbins" not in named(study_figure({"UCB": result()}, "reward", 3.0))


def test_nothing_to_draw_is_an_empty_figure():
    assert len(run_figure({}, "regret").data) == len(study_figure({}, "reward").data) == 0
    empty = run_curves(Timeline(Testbed(), Hand()), 0)
    assert len(run_figure({"you": empty}, "regret", 3.0).data) == 2


def test_parameters_are_drawn_in_powers_of_two():
    sweep = Sweep("ε", np.array([1 / 128, 1 / 4, 1.0, 4.0]), np.arange(4.0), np.full(4, 0.5))
    figure = parameter_figure({"ε-greedy": sweep})
    assert figure.layout.xaxis.type == "log"
    assert figure.layout.xaxis.ticktext == ("1/128", "1/4", "1", "4")
    assert figure.layout.xaxis.tickvals == (1 / 128, 1 / 4, 1.0, 4.0)
    assert list(named(figure)["ε-greedy (ε)"].error_y.array) == [1.0] * 4


def test_names_are_short_enough_for_a_phone():
    assert all(len(f"{name} ({symbol})") <= 16 for name, symbol in SYMBOLS.items())
