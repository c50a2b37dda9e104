"""What is said of readers is what comes out: over many seeds, on days that nobody learned from."""

import numpy as np
import pytest

from pages.parts.trading.comparison import HONEST, USUAL, accuracy_arms, arms_of
from rl import fooled
from rl.figures.trading import equity_figure, policy_map, seeds_figure
from rl.lessons.trading_checks import COSTLY, PLEASES
from rl.link import from_query_string
from rl.markets import shelf
from rl.markets.influence import share_changed
from rl.markets.trading import BONUS, POTENTIAL
from rl.trading_study import TradingStudy, column, outcome, share_above

FOREVER = 1e9


def medians(market, names, seeds=20, measure="sharpe"):
    study = TradingStudy(arms_of(market, tuple(names)), seeds)
    study.advance(FOREVER)
    return {arm.name: float(np.median(column(study.of(i), measure))) for i, arm in enumerate(study.arms)}


def test_work_in_slices_comes_to_the_same_and_every_arm_of_a_seed_comes_before_the_next_seed():
    arms = arms_of("news", ("SmolLM2", "buy and hold", "flat"))
    slices, whole = TradingStudy(arms, 2, 3), TradingStudy(arms, 2, 3)
    whole.advance(FOREVER)
    places = []
    while slices.progress < 1:
        slices.advance(0.0)
        places = [*places, *(place for place in slices.found if place not in places)]
    assert slices.found == whole.found and places == [(seed, arm) for seed in range(2) for arm in range(3)]


def test_all_arms_of_a_seed_meet_the_same_market_and_seeds_meet_others():
    arms = arms_of("news", ("buy and hold", "SmolLM2"))
    held = [outcome(arms[1], seed, 1) for seed in range(3)]
    assert len({one.log_wealth for one in held}) == 3
    assert all(one.over_hold == pytest.approx(0, abs=1e-12) for one in held)


def test_who_stays_out_has_no_risk_no_cost_and_nothing():
    (flat,) = arms_of("IBM", ("flat",))
    found = outcome(flat, 0, 1)
    assert (found.log_wealth, found.sharpe, found.drawdown, found.turnover, found.costs) == (0, 0, 0, 0, 0)


@pytest.mark.slow
def test_in_the_news_world_it_helps_to_read_and_as_much_as_one_reads():
    """Sharpe ratios of 20 seeds. Without a reader and with a placebo they are below 0: what luck has taught costs."""
    found = medians("news", [*USUAL, "perfect decides", "flat"])
    assert max(found["nobody asked"], found["placebo"], found["word list"]) < 0.1
    assert found["word list"] < found["placebo"] + 0.3
    assert 0.3 < found["SmolLM2"] < 1.0 and 1.8 < found["perfect"] < 2.8
    assert found["inverted"] == found["perfect"]
    assert found["inverted decides"] < -2 and found["inverted, bonus"] < -2
    assert found["inverted, potential"] > 1.8 and found["perfect decides"] > 2


@pytest.mark.slow
def test_on_real_papers_nobody_who_does_not_know_tomorrow_beats_buying_and_holding_in_most_seeds():
    for paper in shelf.REAL:
        study = TradingStudy(arms_of(paper, HONEST))
        study.advance(FOREVER)
        assert max(share_above(study.of(i)) for i in range(len(study.arms))) <= 1 / 3


@pytest.mark.slow
def test_the_worth_of_a_reader_rises_with_how_often_it_is_right_and_always_wrong_is_as_good_if_it_is_seen():
    study = TradingStudy(accuracy_arms("news"), 20)
    study.advance(FOREVER)
    half = len(study.arms) // 2
    seen, decides = ([float(np.median(column(study.of(i), "sharpe"))) for i in arms]
                     for arms in (range(half), range(half, 2 * half)))
    assert seen[0] == pytest.approx(seen[-1]) and min(seen) == pytest.approx(min(seen[2:5])) and max(seen[2:5]) < 0.5
    assert decides == sorted(decides) and decides[0] < -2 and decides[-1] > 2


def test_the_bonus_of_an_inverted_critic_changes_most_of_what_is_best_and_a_potential_nothing():
    world = from_query_string(PLEASES).timeline.env
    assert share_changed(world.law, world.cost, BONUS, 1.0, 0.9) > 0.9
    assert share_changed(world.law, world.cost, POTENTIAL, 1.0, 0.9) == 0


def test_the_edge_of_the_lesson_is_what_it_says():
    law = from_query_string(COSTLY).timeline.env.law
    assert law.earned[1, 2] == pytest.approx(0.002, abs=1e-4) and 1 / law.probability[0, 1] == pytest.approx(2.5)


@pytest.mark.slow
@pytest.mark.parametrize(("way", "told", "truth"), [
    (fooled.look_ahead, (20, 1000), (-9, 0.1)), (fooled.no_costs, (1.5, 9), (-9, -0.5)),
    (fooled.too_many_states, (0.8, 3), (-3, 0.2)), (fooled.best_of_many, (0.3, 2), (-2, 0.2)),
    (fooled.one_seed, (0.4, 2), (-2, 0.2)), (fooled.trained_on_the_test, (0.8, 3), (-3, 0.2)),
    (fooled.one_that_remembers, (5, 99), (-1, 1))], ids=lambda x: getattr(x, "__name__", ""))
def test_a_way_to_fool_oneself_does_and_what_comes_after_shows_it(way, told, truth):
    fool, honest = way(True), way(False)
    assert told[0] < fool.told < told[1] and truth[0] < fool.truth < truth[1]
    assert honest.told < fool.told and fool.told - fool.truth > honest.told - honest.truth


class TestFigures:
    def test_every_seed_is_a_dot_and_the_median_a_line(self):
        chart = seeds_figure({"a": np.array([1.0, 2.0, 9.0]), "b": np.zeros(0)}, "Sharpe", 0.0)
        assert [len(trace.x) for trace in chart.data] == [3, 2, 0] and list(chart.data[1].x) == [2.0, 2.0]

    def test_a_policy_map_has_a_picture_for_each_position_held(self):
        position = np.zeros((2, 3, 3))
        position[0, 0, 2], position[1, 2, 0] = 1.0, np.nan
        chart = policy_map(position, ["up", "down"], ["a", "b", "c"])
        assert len(chart.data) == 3 and chart.data[2].z[0][0] == 1.0
        assert chart.data[0].customdata[1][2] == "never met" and chart.data[2].customdata[0][0] == "long"

    def test_wealth_is_drawn_from_one_on_a_scale_of_growth(self):
        chart = equity_figure({"me": np.array([1.0, 2.0])})
        assert chart.layout.yaxis.type == "log" and list(chart.data[0].y) == [1.0, 2.0]
