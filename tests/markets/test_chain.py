"""Trading a market whose law is known: what is best there is known exactly."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rl.evaluation import policy_values
from rl.markets.chain import Chain, planted_edge, stationary, trading_mdp
from rl.markets.wealth import FLAT, LONG, SHORT
from rl.planning import action_values, optimal_actions, value_iteration

GAMMA = 0.99
FELL_FLAT, ROSE_FLAT = FLAT, 3 + FLAT


def best(chain, cost, **how):
    mdp = trading_mdp(chain, cost, **how)
    v = value_iteration(mdp, GAMMA)
    return v, optimal_actions(action_values(mdp, v, GAMMA))


@pytest.mark.parametrize(("q", "cost", "value"), [
    (0.6, 0.0, 20.0), (0.6, 0.1, 11.98), (0.6, 0.2, 3.96), (0.5, 0.0, 0.0), (0.5, 0.1, 0.0), (0.5, 0.2, 0.0),
])
def test_a_planted_edge_is_worth_what_the_reference_says(q, cost, value):
    """REFERENCES.md: exact, return +-1, cost c a unit of change, gamma .99."""
    v, _ = best(planted_edge(q), cost, additive=True)
    assert v[[FELL_FLAT, ROSE_FLAT]] == pytest.approx(value, abs=0.006)


def test_without_costs_the_edge_is_a_fifth_a_day_for_ever():
    v, choose = best(planted_edge(0.6), 0.0, additive=True)
    assert v == pytest.approx(np.full(6, 0.2 / (1 - GAMMA)))
    assert choose[ROSE_FLAT].tolist() == [False, False, True] and choose[FELL_FLAT].tolist() == [True, False, False]


def test_a_sign_that_turns_is_as_good_as_one_that_stays_if_trades_are_free():
    turns, stays = (best(planted_edge(q), 0.0, additive=True)[0] for q in (0.4, 0.6))
    assert turns == pytest.approx(stays)


def test_where_nothing_can_be_known_every_trade_is_a_loss():
    v, choose = best(planted_edge(0.5), 0.1, additive=True)
    assert choose[[FELL_FLAT, ROSE_FLAT]].tolist() == [[False, True, False]] * 2
    assert choose[SHORT].tolist() == [True, False, False] and v[SHORT] == pytest.approx(0.0)  # to get out costs, too


def test_in_log_wealth_a_fair_coin_is_worse_than_fair():
    """E[log(1 + R)] < 0 for a symmetric R: volatility costs, even where trades are free."""
    _, choose = best(planted_edge(0.5, 0.02), 0.0)
    assert (choose == [False, True, False]).all()


def test_a_position_pays_by_hand():
    mdp = trading_mdp(planted_edge(0.6, 0.01), 0.001)
    rose, fell = (mdp.next_state[ROSE_FLAT, LONG] == s for s in (3 + LONG, LONG))
    assert mdp.reward[ROSE_FLAT, LONG][rose] == pytest.approx(np.log(0.999 * 1.01))
    assert mdp.reward[ROSE_FLAT, LONG][fell] == pytest.approx(np.log(0.999 * 0.99))
    assert mdp.probability[ROSE_FLAT, LONG][rose] == pytest.approx(0.6)
    assert mdp.reward[3 + LONG, SHORT][mdp.next_state[3 + LONG, SHORT] == SHORT] == pytest.approx(np.log(0.998 * 1.01))


@st.composite
def chains(draw):
    n = draw(st.integers(1, 4))
    square = {"min_size": n * n, "max_size": n * n}
    weights = np.array(draw(st.lists(st.integers(0, 5), **square)), float).reshape(n, n)
    weights += np.eye(n) * 0.5  # some chance in every row
    growth = np.array(draw(st.lists(st.floats(-0.3, 0.3), **square))).reshape(n, n)
    return Chain(tuple(map(str, range(n))), weights / weights.sum(axis=1, keepdims=True), growth)


@given(chains(), st.floats(0, 0.1))
@settings(max_examples=40)
def test_prices_go_their_way_whatever_a_trader_does(chain, cost):
    mdp = trading_mdp(chain, cost, horizon=252)
    n = len(chain.names)
    for s in range(3 * n):
        for a in range(3):
            moves = np.bincount(mdp.next_state[s, a] // 3, mdp.probability[s, a], n)
            assert moves == pytest.approx(chain.probability[s // 3])
            assert (mdp.next_state[s, a][mdp.probability[s, a] > 0] % 3 == a).all()
    assert not mdp.terminal.any() and mdp.horizon == 252


@given(chains(), st.floats(0.001, 0.1))
@settings(max_examples=20)
def test_staying_flat_is_worth_nothing_and_the_best_no_less(chain, cost):
    mdp = trading_mdp(chain, cost)
    flat = np.tile([0.0, 1.0, 0.0], (len(mdp.cdf), 1))
    start = FLAT + 3 * np.arange(len(chain.names))
    assert policy_values(mdp, flat, GAMMA)[start] == pytest.approx(0.0, abs=1e-12)
    assert (value_iteration(mdp, GAMMA)[start] >= -1e-8).all()


def test_episodes_start_flat_in_the_markets_long_run():
    chain = Chain(("calm", "wild"), np.array([[0.9, 0.1], [0.3, 0.7]]), np.zeros((2, 2)))
    assert stationary(chain) == pytest.approx([0.75, 0.25])
    assert trading_mdp(chain, 0.0).start == pytest.approx([0, 0.75, 0, 0, 0.25, 0])


@pytest.mark.parametrize(("chain", "cost", "additive", "says"), [
    (planted_edge(0.6), 0.1, False, "lose all there is"), (planted_edge(0.6, 0.1), 0.5, False, "cost of a trade"),
    (planted_edge(0.6), -0.1, True, "must not be negative"), (planted_edge(0.6), float("nan"), True, "negative"),
])
def test_what_cannot_be_is_refused(chain, cost, additive, says):
    with pytest.raises(ValueError, match=says):
        trading_mdp(chain, cost, additive=additive)
