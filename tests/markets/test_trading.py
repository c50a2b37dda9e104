"""Trading on days in order: what is seen, held, earned and paid, and what is best under a law that is known."""

import warnings
from dataclasses import replace

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from rl.agents.market.q_learning import TradingExpectedSarsa, TradingQLearning
from rl.agents.market.reinforce import TradingReinforce
from rl.agents.market.rule import RULES, FixedRule
from rl.agents.market.trader import Trader
from rl.envs.trading import FILE, Trading
from rl.markets import readers, shelf
from rl.markets.chain import planted_edge, trading_mdp
from rl.markets.influence import best_positions, share_changed
from rl.markets.law import Law, counted, decisions, law_of_chain
from rl.markets.news import AGES, ARRIVAL, Report, drift, law_of_news
from rl.markets.notes import NOTES, note_numbers
from rl.markets.paths import Path, with_notes
from rl.markets.series import Series
from rl.markets.sights import seen, with_opinion
from rl.markets.trading import ADJUSTMENT, BONUS, OBSERVATION, POTENTIAL, USES, blended, first_day
from rl.markets.wealth import rewards
from rl.planning import value_iteration
from rl.run import advance, begin
from rl.timeline import Timeline

AGENTS = [TradingQLearning(), TradingExpectedSarsa(), TradingReinforce(), FixedRule(rule="at random"),
          Trader("0120210" * 100)]
WORLDS = [Trading(use=use, market=market, reader=reader, weight=1.0) for use in USES
          for market, reader in (("news", readers.PERFECT), ("planted edge", readers.MODEL), ("IBM", readers.PLACEBO))]
prices = arrays.arrays(np.float64, st.integers(400, 500), elements=st.floats(1, 1000))


def of(world):
    return f"{world.market} {world.use}"


class TestSight:
    @given(prices, st.integers(70, 390), st.integers(0, 2**31), st.integers(1, 60), st.integers(1, 9))
    def test_the_future_changes_nothing_that_is_seen_or_read(self, price, day, seed, look_back, bins):
        other = price.copy()
        other[day + 1 :] = np.random.default_rng(seed).uniform(1, 1000, len(price) - day - 1)
        seen_then = [seen(with_notes("x", p, 300), look_back, bins).number[: day + 1] for p in (price, other)]
        assert (seen_then[0] == seen_then[1]).all()
        assert (note_numbers(price)[: day + 1] == note_numbers(other)[: day + 1]).all()

    def test_whoever_peeks_sees_the_day_that_is_decided_about(self):
        path = shelf.path("IBM", 0)
        honest, peeking = (seen(path, 1, 2, peek).number[100:] for peek in (False, True))
        up = path.growth[100:] > 0
        assert (peeking == up).mean() > 0.97  # a day without a move falls between the bins
        assert (honest == up).mean() < 0.6

    def test_notes_say_what_happened(self):
        price = np.concatenate([np.resize([100.0, 101.0], 100), np.linspace(101, 140, 6)[1:]])
        assert NOTES[note_numbers(price)[-1]] == (
            "Company A's share price rose sharply this week, after it rose sharply over the month.")
        assert (note_numbers(price)[:60] == -1).all()

    def test_no_answer_is_an_observation_of_its_own(self):
        found = with_opinion(seen(shelf.path("news", 0), 1, 1), np.resize([-1, 0, 1, np.nan], 3840))
        ages = shelf.path("news", 0).state[:4]
        assert found.number[:4].tolist() == [len(AGES) * kind + age for kind, age in enumerate(ages)]
        assert "no answer" in found.names[-1]


class TestHeld:
    @pytest.mark.parametrize(("weight", "wanted", "opinion", "held"), [
        (0.0, 1, -1, 1), (0.2, 1, -1, 1), (0.5, 1, -1, 0), (0.5, 1, 1, 1), (0.5, 0, 1, 0), (0.6, 0, 1, 1),
        (0.8, 1, -1, -1), (1.0, 1, -1, -1), (1.0, -1, 0, 0), (0.4, -1, 0, -1), (1.0, 0, 1, 1),
        (5.0, 1, 0, 0)])
    def test_an_adjustment_is_the_nearest_position(self, weight, wanted, opinion, held):
        assert blended(weight, wanted, opinion) == held == -blended(weight, -wanted, -opinion)


@pytest.mark.parametrize("agent", AGENTS, ids=lambda agent: agent.slug)
@pytest.mark.parametrize("world", WORLDS, ids=of)
def test_the_return_is_the_log_of_wealth_whatever_the_agent_is_paid(world, agent):
    run = begin(world, agent, 3)
    steps, episodes = advance(run, 600, step_rows=600, episode_rows=3)
    assert len(episodes.ret) == 2 and (episodes.length == 252).all()
    day, held = first_day(world.model, 3, 0), steps.next_state[:252] % 3 - 1
    daily = rewards(held, world.model.growth[day : day + 252], world.cost)
    assert episodes.ret[0] == pytest.approx(daily.sum(), abs=1e-12) == steps.ret[251]
    assert (steps.state[1:252] == steps.next_state[:251]).all()
    heard = np.nan_to_num(world.model.opinion[day : day + 252]) * held
    shaped = world.use in (USES[BONUS], USES[POTENTIAL]) and heard.any()
    assert np.allclose(steps.reward[:252], daily, atol=1e-12) == (not shaped)


@pytest.mark.parametrize("agent", AGENTS, ids=lambda agent: agent.slug)
def test_rewinding_is_replaying(agent):
    run = Timeline(WORLDS[0], agent, 5)
    straight = begin(WORLDS[0], agent, 5)
    advance(straight, 700)
    run.at(695)
    run.at(10)
    again = run.at(min(700, run.last))
    for mine, other in zip(again.memory, straight.memory, strict=True):
        assert np.array_equal(mine, other)


def test_a_person_earns_what_they_hold():
    world = Trading(market="IBM", use=USES[0], cost=0.01)
    run = begin(world, Trader("2" * 252), 0)
    _, episodes = advance(run, 252, episode_rows=1)
    hold = begin(world, FixedRule(rule="buy and hold"), 0)
    _, other = advance(hold, 252, episode_rows=1)
    assert episodes.ret[0] == other.ret[0]


@pytest.mark.parametrize("world", WORLDS, ids=of)
def test_gymnasium_takes_it_for_an_environment(world):
    kwargs = {"market": world.market, "use": world.use, "reader": world.reader}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        env = gymnasium.make("stepwise/Trading-v0", **kwargs)
        check_env(env.unwrapped)
    env.reset(seed=1)
    ends = [env.step(2)[3] for _ in range(252)]
    assert ends == [False] * 251 + [True]


class TestLaw:
    @pytest.mark.parametrize("gamma", [0.5, 0.9, 0.99])
    def test_both_ways_to_build_a_known_market_agree(self, gamma):
        chain = planted_edge(0.7, 0.02)
        one = value_iteration(trading_mdp(chain, 0.002), gamma)
        other = value_iteration(decisions(law_of_chain(chain), 0.002), gamma)
        assert one == pytest.approx(other, abs=1e-9)

    def test_a_law_is_counted_right(self):
        path = shelf.path("planted edge", 1)
        found = counted(path.state, path.growth, np.full(len(path), np.nan), 2)
        assert found.probability == pytest.approx(path.law.probability, abs=0.03)
        assert found.earned == pytest.approx(path.law.earned, abs=0.0006) and not found.exact

    def test_the_news_law_is_that_of_its_paths(self):
        world = Trading(reader=readers.PERFECT)
        paths = [replace(world, draw=draw) for draw in range(12)]
        sight = np.concatenate([one.sights.number for one in paths])
        growth = np.concatenate([one.path.growth for one in paths])
        found = counted(sight, growth, np.full(len(sight), np.nan), 36)
        law, met = world.law, np.bincount(sight, minlength=36) > 500
        assert law.exact and met.sum() == 18 and ((law.start > 0) == met).all()
        assert found.start == pytest.approx(law.start, abs=0.01)
        assert found.earned[met] == pytest.approx(law.earned[met], abs=0.0015)
        assert found.probability[met] == pytest.approx(law.probability[met], abs=0.05)

    def test_without_a_reader_no_headline_is_worth_a_trade(self):
        law = law_of_news((Report(np.nan, 1.0, 1.0),))
        assert (best_positions(law, 0.001, 0, 0.0, 0.9)[1::3] == [False, True, False]).all()  # flat stays flat
        assert law.earned[:, 2].max() < 0

    def test_a_perfect_reader_buys_good_news_while_it_is_fresh(self):
        law = law_of_news((Report(1.0, 1.0, 0.0), Report(-1.0, 0.0, 1.0)))
        best = best_positions(law, 0.001, 0, 0.0, 0.9).reshape(2, len(AGES), 3, 3)
        assert best[0, 0, :, 2].all() and best[1, 0, :, 0].all()
        assert best[:, -1, 1, 1].all()
        assert law.start.sum() == pytest.approx(1) and law.probability.sum(axis=1) == pytest.approx(1)
        assert law.start[0] == pytest.approx(ARRIVAL / 2) and drift(0) == 0.005 and drift(len(AGES) - 1) == 0


class TestInfluence:
    laws = st.integers(1, 6).flatmap(lambda n: st.tuples(
        arrays.arrays(np.float64, (n, n), elements=st.floats(0.01, 1)),
        arrays.arrays(np.float64, n, elements=st.floats(-0.03, 0.03)),
        arrays.arrays(np.float64, n, elements=st.sampled_from([-1.0, 0.0, 1.0, np.nan]))))

    @settings(deadline=None)
    @given(laws, st.floats(0, 5), st.sampled_from([0.0, 0.5, 0.9, 0.99]))
    def test_a_potential_changes_no_best_position_and_seeing_changes_none(self, made, weight, gamma):
        weights, mean, opinion = made
        earned = np.log1p(np.array([-1.0, 0.0, 1.0]) * mean[:, None])
        start = np.full(len(mean), 1 / len(mean))
        law = Law(weights / weights.sum(axis=1, keepdims=True), earned, opinion, start, True)
        assert share_changed(law, 0.001, POTENTIAL, weight, gamma) == 0
        assert share_changed(law, 0.001, OBSERVATION, weight, gamma) == 0

    def test_a_critic_who_is_always_wrong_spoils_a_bonus_and_an_override_but_no_potential(self):
        law = Trading(reader=readers.INVERTED).law
        shares = {use: share_changed(law, 0.001, use, 1.0, 0.9) for use in (BONUS, ADJUSTMENT, POTENTIAL)}
        assert shares[BONUS] > 0.8 and shares[ADJUSTMENT] > 0.8 and shares[POTENTIAL] == 0

    def test_the_optimum_knows_an_inverted_reader_as_well_as_a_perfect_one(self):
        values = [value_iteration(decisions(Trading(reader=reader).law, 0.001), 0.9).max()
                  for reader in (readers.PERFECT, readers.INVERTED)]
        assert values[0] == pytest.approx(values[1], rel=1e-9)


class TestReaders:
    @pytest.mark.parametrize("reader", readers.READERS)
    @pytest.mark.parametrize("market", shelf.MARKETS)
    def test_everybody_says_something_of_every_market(self, reader, market):
        found = Trading(market=market, reader=reader).reading
        said = found.opinion[100:]
        same = reader == readers.WORDS and market != "news"  # "share" is a friendly word to it, and in every note
        assert set(np.unique(said)) <= {-1.0, 0.0, 1.0} and (len(np.unique(said)) == 1) == same

    def test_controls_are_what_they_are_called(self):
        perfect, wrong = (Trading(reader=reader).reading.opinion for reader in (readers.PERFECT, readers.INVERTED))
        path = shelf.path("news", 0)
        assert (perfect == path.truth).all() and (wrong == -path.truth).all()

    def test_a_placebo_says_the_same_words_of_other_texts(self):
        path = shelf.path("news", 0)
        real, fake = (readers.ask(reader, path, 0.5, 1) for reader in (readers.MODEL, readers.PLACEBO))
        texts = np.unique(path.text[: path.split], return_index=True)[1]
        assert sorted(real.score[texts]) == sorted(fake.score[texts])
        assert abs(np.corrcoef(real.score[texts], fake.score[texts])[0, 1]) < 0.3

    @pytest.mark.parametrize("accuracy", [0.0, 0.3, 0.75, 1.0])
    def test_one_who_is_right_so_often_is(self, accuracy):
        for market in ("news", "IBM"):
            world = Trading(market=market, reader=readers.SO_OFTEN, accuracy=accuracy)
            path, said = world.path, world.reading.opinion
            asked = (path.text >= 0) & (path.truth != 0)
            once = asked if market == "IBM" else np.isin(np.arange(len(path)), np.unique(path.text, True)[1])
            assert (said[once] == path.truth[once]).mean() == pytest.approx(accuracy, abs=0.09)

    def test_one_who_remembers_knows_nothing_new(self):
        path = shelf.path("IBM", 0)
        found, middle = Trading(market="IBM", reader=readers.REMEMBERS).reading.opinion, (path.split + len(path)) // 2
        assert (found[:middle] == path.truth[:middle]).all() and not found[middle:].any()


class TestShelf:
    def test_prices_of_a_file_are_a_market_as_long_as_they_are_there(self):
        days = np.datetime64("2020-01-01") + np.arange(500)
        name = shelf.put(Series("mine", days, np.linspace(50, 80, 500)))
        assert Trading(market=FILE, file=name).path.split == 500 * 2 // 3
        with pytest.raises(ValueError, match="open that file again"):
            Trading(market=FILE, file="file-0123456789abcdef")
        with pytest.raises(ValueError, match="there is no market"):
            Trading(market=FILE, file="elsewhere")
        with pytest.raises(ValueError, match="open a file of prices first"):
            Trading(market=FILE)

    def test_a_path_needs_days_to_learn_from(self):
        with pytest.raises(ValueError, match="needs more than"):
            Path("x", np.ones(50), np.zeros(49, np.int64), ("a",), np.zeros(49), 20)

    @pytest.mark.parametrize("rule", RULES)
    def test_every_rule_trades_every_market(self, rule):
        for market in shelf.MARKETS:
            run = begin(Trading(market=market), FixedRule(rule=rule), 0)
            advance(run, 20)
            assert run.memory.pi.sum(axis=1) == pytest.approx(1)
