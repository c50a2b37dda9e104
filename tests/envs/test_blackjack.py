"""Blackjack against Gymnasium's own game, against the book, and solved a second time over hands of real cards."""

import random
from collections import Counter
from functools import cache
from itertools import product

import gymnasium
import numpy as np
import pytest
from gymnasium.envs.toy_text.blackjack import BlackjackEnv, deck, is_natural, score, sum_hand, usable_ace

from rl.agents.control.q_learning import QLearning
from rl.dice import WORLD, uniform
from rl.envs.blackjack import DEALS, DECK, HIT, STATE_OF, STICK, Blackjack, Deal, Hand, dealers_hands, two_cards
from rl.planning import policy_values, start_value
from rl.timeline import Timeline
from tests.envs.outcomes import outcomes, solve

RULES = {"win": {"sab": True}, "bonus": {"natural": True}, "plain": {}}
every_rule = pytest.mark.parametrize("naturals", RULES)
CARDS = {card: deck.count(card) / len(deck) for card in deck}


def game(naturals):
    """Gymnasium's game with quicker dice."""
    env = BlackjackEnv(**RULES[naturals])
    env.np_random = random.Random(7)
    return env


def held(hand):
    """Some cards that make a hand."""
    if hand.natural:
        return [1, 10]
    if hand.usable_ace:
        return [1, hand.total - 11] if hand.total < 21 else [1, 5, 5]
    return [10, 9, 2] if hand.total == 21 else [hand.total // 2, hand.total - hand.total // 2]


def seen(env):
    """Which of our states Gymnasium's table is in."""
    hand = Hand(sum_hand(env.player), bool(usable_ace(env.player)), is_natural(env.player))
    return STATE_OF[Deal(hand, env.dealer[0])]


def surprise(counts, expected):
    """Pearson's chi-square of counted outcomes, and its degrees of freedom."""
    n = sum(counts.values())
    assert set(counts) <= set(expected)
    return sum((counts[o] - n * p) ** 2 / (n * p) for o, p in expected.items()), len(expected) - 1


@every_rule
def test_every_outcome_is_as_frequent_as_in_gymnasiums_game(naturals):
    env, mdp, each, total, freedom = game(naturals), Blackjack(naturals).mdp, 120, 0.0, 0
    for (s, deal), a in product(enumerate(DEALS), (STICK, HIT)):
        counts = Counter()
        for _ in range(each):
            env.player, env.dealer = held(deal.you), [deal.dealer, env.np_random.choice(deck)]
            _, reward, ends, cut, _ = env.step(a)
            counts[s if ends else seen(env), reward, ends] += 1
            assert not cut
        chi_square, degrees = surprise(counts, outcomes(mdp, s, a))
        total, freedom = total + chi_square, freedom + degrees
    assert abs(total - freedom) < 5 * (2 * freedom) ** 0.5


def test_hands_are_dealt_as_gymnasium_deals_them():
    env, counts, start = game("win"), Counter(), Blackjack().mdp.start
    for _ in range(40_000):
        env.reset()
        counts[seen(env)] += 1
    chi_square, freedom = surprise(counts, {s: p for s, p in enumerate(start) if p > 0})
    assert abs(chi_square - freedom) < 5 * (2 * freedom) ** 0.5


def test_the_first_two_cards_by_hand():
    start = Blackjack().mdp.start
    chance = {hand: sum(start[s] for s, deal in enumerate(DEALS) if deal.you == hand) for hand, _ in DEALS}
    assert chance[Hand(21, True, True)] == pytest.approx(2 * 1 / 13 * 4 / 13)
    assert chance[Hand(20)] == pytest.approx((4 / 13) ** 2)
    assert [chance[Hand(12, True)], chance[Hand(4)]] == pytest.approx([1 / 169] * 2)
    assert chance[Hand(21)] == chance[Hand(21, True)] == 0  # takes three cards


def test_the_default_is_gymnasiums():
    assert gymnasium.spec("Blackjack-v1").kwargs == {"sab": True, "natural": False}
    assert Blackjack().naturals == "win" and Blackjack().mdp.horizon == 0


@cache
def dealers(cards):
    """Chance of each pair (score, natural?) the dealer ends with; a hand is a tuple of cards."""
    if len(cards) > 1 and sum_hand(cards) >= 17:
        return {(score(cards), is_natural(cards)): 1.0}
    ends = Counter()
    for card, chance in CARDS.items():
        for end, after in dealers(tuple(sorted((*cards, card)))).items():
            ends[end] += chance * after
    return ends


@cache
def stuck(player, dealer, naturals):
    """Expected reward for sticking."""
    total, natural = 0.0, is_natural(player)
    for (points, theirs), chance in dealers((dealer,)).items():
        pay = (score(player) > points) - (score(player) < points)
        if natural and naturals == "win":
            pay = not theirs
        if natural and naturals == "bonus" and pay == 1:
            pay = 1.5
        total += chance * pay
    return total


def exact(naturals, choose):
    """Value of the start; ``choose(player, dealer, stick, hit)`` picks one of the two values."""
    @cache
    def worth(player, dealer):
        if sum_hand(player) > 21:
            return -1.0
        hit = sum(chance * worth(tuple(sorted((*player, card))), dealer) for card, chance in CARDS.items())
        return choose(player, dealer, stuck(player, dealer, naturals), hit)

    return sum(CARDS[a] * CARDS[b] * CARDS[d] * worth(tuple(sorted((a, b))), d) for a, b, d in product(CARDS, repeat=3))


@every_rule
def test_the_value_of_the_best_play_is_that_of_the_cards_themselves(naturals):
    """Solved over hands of cards, by Gymnasium's own rules, which knows nothing of our states."""
    mdp = Blackjack(naturals).mdp
    best = exact(naturals, lambda player, dealer, stick, hit: max(stick, hit))
    assert mdp.start @ solve(mdp, 1.0, 40).max(1) == pytest.approx(best, abs=1e-12)
    assert best == pytest.approx({"win": -0.043113, "bonus": -0.025729, "plain": -0.046556}[naturals], abs=1e-6)


def test_the_books_player_who_sticks_only_on_20_and_21():
    """The policy of S&B example 5.1, in our arrays, over hands of cards, and played in Gymnasium."""
    mdp = Blackjack().mdp
    policy = np.array([[1.0, 0.0] if deal.you.total >= 20 else [0.0, 1.0] for deal in DEALS])
    value = start_value(mdp, policy_values(mdp, policy, 1.0))
    rule = exact("win", lambda player, dealer, stick, hit: stick if sum_hand(player) >= 20 else hit)
    assert value == pytest.approx(rule, abs=1e-9)
    env, returns = game("win"), []
    for _ in range(20_000):
        env.reset()
        ends = False
        while not ends:
            _, reward, ends, _, _ = env.step(STICK if sum_hand(env.player) >= 20 else HIT)
        returns.append(reward)
    assert np.mean(returns) == pytest.approx(value, abs=5 * np.std(returns) / len(returns) ** 0.5)


@every_rule
def test_the_best_play_is_the_books(naturals):
    """S&B figure 5.2, dealer's card ace to 10: the lowest sum from which to stick, in each of its two panels."""
    best = solve(Blackjack(naturals).mdp, 1.0, 40).argmax(1)

    def sticks_from(ace):
        return [min(you.total for (you, dealer), a in zip(DEALS, best, strict=True)
                    if (dealer, you.usable_ace, you.natural, a) == (card, ace, False, STICK)) for card in DECK]

    assert sticks_from(False) == [17, 13, 13, 12, 12, 12, 17, 17, 17, 17]
    assert sticks_from(True) == [19, 18, 18, 18, 18, 18, 18, 18, 19, 19]


@every_rule
def test_a_hand_ends_where_it_is_and_a_stick_ends_it(naturals):
    mdp, stays = Blackjack(naturals).mdp, np.arange(len(DEALS))[:, None, None]
    assert (mdp.next_state == stays)[mdp.terminal].all()
    assert mdp.terminal[:, STICK][mdp.probability[:, STICK] > 0].all()
    assert mdp.visitable.all() and not mdp.absorbing.any()


def test_a_natural_is_known_only_at_the_deal():
    happens = Blackjack().mdp.probability > 0
    after = {int(s) for s in Blackjack().mdp.next_state[:280][happens[:280]]}
    assert not any(DEALS[s].you.natural for s in after)
    assert [two_cards(1, 10), two_cards(10, 1), two_cards(1, 1)] == [Hand(21, True, True)] * 2 + [Hand(12, True)]


def test_what_lay_behind_each_step_is_told_by_its_luck():
    """The card and the dealer's sum that are named lead to the very step of the log."""
    run = Timeline(Blackjack(), QLearning(epsilon=0.5), 5)
    log = run.steps(0, 2000)
    for t, (s, a, r, s_next) in enumerate(zip(log.state, log.action, log.reward, log.next_state, strict=True)):
        k = int(np.searchsorted(run.env.mdp.cdf[s, a], uniform(5, t, WORLD), side="right"))
        said, you = run.env.tells(int(s), int(a), k), DEALS[s].you
        if a == HIT:
            card = 1 if said == "You drew an ace." else int(said.split()[-1][:-1])
            total = sum_hand([*held(you), card])
            assert total == DEALS[s_next].you.total if r == 0 else total > 21
        elif "over" in said:
            assert r == 1
        elif not you.natural:
            dealer = int(said.split()[3].strip(".,"))
            assert r == (you.total > dealer) - (you.total < dealer)
        else:
            assert r == (0 if "natural" in said else 1)


def test_dealers_chances_are_those_of_real_cards():
    for card in DECK:
        ours = {(hand.total, hand.natural): chance for hand, chance in dealers_hands(card).items()}
        assert ours == pytest.approx(dealers((card,)), abs=1e-12)


def test_names_and_places_on_the_chart():
    env, picture = Blackjack(), Blackjack().picture()
    spots = {Deal(Hand(15), 10): (0, 6, 10, "15"), Deal(Hand(12, True), 1): (1, 9, 1, "A12"),
             Deal(Hand(4), 2): (2, 9, 2, "4"), Deal(Hand(21, True, True), 8): (2, 0, 8, "A10")}
    for deal, (layer, row, col, label) in spots.items():
        assert np.argwhere(picture.state_at == STATE_OF[deal]).tolist() == [[layer, row * picture.cols + col]]
        tags = {cell: text for cell, text, _ in picture.tags[layer]}
        dealer = "A" if deal.dealer == 1 else str(deal.dealer)
        assert (tags[row * picture.cols], tags[10 * picture.cols + col]) == (label, dealer)
        assert picture.cells[row * picture.cols] == picture.cells[10 * picture.cols + col] == " "
    assert [env.state_name(STATE_OF[deal]) for deal in spots] == [
        "you 15, dealer shows 10", "you 12, usable ace, dealer shows an ace", "you 4, dealer shows 2",
        "you 21, a natural, dealer shows 8"]
