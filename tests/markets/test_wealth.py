"""Wealth: rewards are its log, and nothing is forgotten, least of all the costs."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rl.jit import plain
from rl.markets.wealth import log_growth, rewards, wealth_path

days = st.lists(st.tuples(st.sampled_from([-1, 0, 1]), st.floats(-0.5, 0.5)), min_size=1, max_size=60)
costs = st.floats(0, 0.1)


@pytest.mark.parametrize(("before", "after", "growth", "cost", "wealth"), [
    (0, 0, 0.10, 0.01, 1.0),  # who stays out neither earns nor pays
    (0, 1, 0.10, 0.01, 0.99 * 1.10),
    (1, 1, 0.10, 0.01, 1.10),  # holding on costs nothing
    (1, -1, 0.10, 0.01, 0.98 * 0.90),  # turning round is trading twice
    (-1, 0, 0.10, 0.01, 0.99),
    (0, -1, -0.20, 0.001, 0.999 * 1.20),
])
def test_a_day_by_hand(before, after, growth, cost, wealth):
    assert math.exp(log_growth(before, after, growth, cost)) == pytest.approx(wealth, rel=1e-14)
    assert log_growth(before, after, growth, cost) == plain(log_growth)(before, after, growth, cost)


@given(days, costs)
def test_rewards_add_up_to_the_log_of_final_wealth_costs_included(days, cost):
    held, returns = zip(*days, strict=True)
    wealth, before = 1.0, 0
    for position, growth in days:
        wealth *= (1 - cost * abs(position - before)) * (1 + position * growth)
        before = position
    assert math.exp(rewards(held, returns, cost).sum()) == pytest.approx(wealth, rel=1e-9)
    assert wealth_path(held, returns, cost)[-1] == pytest.approx(wealth, rel=1e-9)


@given(days, costs)
def test_the_rewards_of_a_path_are_those_of_its_days(days, cost):
    held, returns = zip(*days, strict=True)
    each = [log_growth(a, b, r, cost) for a, b, r in zip((0, *held), held, returns, strict=False)]
    assert rewards(held, returns, cost) == pytest.approx(each, abs=1e-14)


@given(days, costs)
def test_whoever_stays_flat_keeps_exactly_what_they_have(days, cost):
    assert (wealth_path(np.zeros(len(days)), [growth for _, growth in days], cost) == 1.0).all()


@given(costs)
def test_a_round_trip_in_a_still_market_costs_two_trades(cost):
    assert wealth_path([1, 0], [0.0, 0.0], cost)[-1] == pytest.approx((1 - cost) ** 2)


@pytest.mark.parametrize(("held", "returns", "cost", "says"), [
    ([1], [-1.0], 0.001, "loses all there is"), ([-1], [1.5], 0.001, "loses all there is"),
    ([1], [0.1], 0.5, "cost of a trade"), ([1], [0.1], -0.1, "cost of a trade"), ([1], [0.1], math.nan, "cost of a"),
    ([1, 0], [0.1], 0.001, "2 positions for 1 returns"), ([1], [math.nan], 0.001, "loses all there is"),
])
def test_what_cannot_be_is_refused_in_a_sentence(held, returns, cost, says):
    with pytest.raises(ValueError, match=says):
        rewards(held, returns, cost)
