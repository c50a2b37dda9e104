"""Hidden moods and prices that come back: laws, paths, and the optimum of each."""

import numpy as np
import pytest

from rl.envs.market_table import TABLES, MarketTable
from rl.envs.trading import Trading
from rl.markets import shelf
from rl.markets.chain import stationary
from rl.markets.influence import best_positions
from rl.markets.law import counted, decisions
from rl.markets.regimes import LIKELY, STAYS, filtered, law_of_regimes
from rl.markets.reversion import mean_reversion
from rl.planning import value_iteration


def test_a_belief_follows_bayes_rule():
    after = 0.5 * LIKELY / (0.5 * LIKELY + 0.5 * (1 - LIKELY))
    assert filtered(0.5, True) == pytest.approx(STAYS * after + (1 - STAYS) * (1 - after))
    assert filtered(0.3, True) == pytest.approx(1 - filtered(0.7, False))


@pytest.mark.parametrize("beliefs", [11, 21, 201])
def test_the_law_keeps_the_mean_of_the_belief(beliefs):
    law, grid = law_of_regimes(beliefs), np.linspace(0, 1, beliefs)
    rises = grid * LIKELY + (1 - grid) * (1 - LIKELY)
    ahead = rises * filtered(grid, True) + (1 - rises) * filtered(grid, False)
    assert law.probability @ grid == pytest.approx(ahead) and law.probability.sum(axis=1) == pytest.approx(1)


def test_a_finer_grid_of_beliefs_is_worth_about_the_same():
    """The rounded belief is worth a little more than the true one: it is sure more often."""
    worth = {}
    for beliefs in (11, 21, 401):
        law = law_of_regimes(beliefs)
        worth[beliefs] = value_iteration(decisions(law, 0.001), 0.99)[3 * (beliefs // 2) + 1]
    assert worth[11] > worth[21] > worth[401] > 0.05
    assert worth[21] == pytest.approx(worth[401], rel=0.05)


def test_the_belief_of_a_path_is_as_often_right_as_it_says():
    """Over five paths: on days with this belief the price rises as often as the law says."""
    law, paths = law_of_regimes(), [shelf.path("regimes", draw) for draw in range(5)]
    found = counted(np.concatenate([path.state for path in paths]), np.concatenate([path.growth for path in paths]),
                    np.full(sum(map(len, paths)), np.nan), 11)
    met = found.start > 0.02
    assert met.sum() >= 8 and found.earned[met] == pytest.approx(law.earned[met], abs=0.0008)


def test_what_strays_comes_back_and_one_is_short_above_and_long_below():
    chain = mean_reversion()
    assert chain.probability.sum(axis=1) == pytest.approx(1)
    assert stationary(chain) @ np.arange(-4, 5) == pytest.approx(0)
    law = Trading(market="mean reversion", use="not at all").law
    best = best_positions(law, 0.001, 0, 0.0, 0.9).reshape(9, 3, 3)
    assert best[0, 1].tolist() == [False, False, True] and best[-1, 1].tolist() == [True, False, False]
    assert best[4, 1].tolist() == [False, True, False]


@pytest.mark.parametrize("market", TABLES)
def test_the_table_and_the_days_have_one_law(market):
    table, days = MarketTable(market=market), Trading(market=market, use="not at all")
    assert table.shape == days.shape and [table.state_name(s) for s in range(table.shape[0])] == [
        days.state_name(s) for s in range(days.shape[0])]
    one, other = (value_iteration(mdp, 0.95) for mdp in (table.mdp, days.model.known))
    assert one == pytest.approx(other, abs=1e-9)


def test_in_a_random_walk_nobody_who_holds_cash_should_trade():
    law = Trading(market="random walk", use="not at all").law
    assert best_positions(law, 0.0001, 0, 0.0, 0.99)[1::3].tolist() == [[False, True, False]] * 2
