"""Gymnasium's Blackjack: draw cards, and stop before they are too many."""

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import NamedTuple

import numpy as np

from rl.envs.base import Action, Env, Picture
from rl.knob import choice
from rl.mdp import Floats, Outcome, TabularMDP, from_table

BEST, BUST, STANDS = 21, 0, 17  # the dealer stands from 17 on; whoever is bust has nothing
DECK = {card: (4 if card == 10 else 1) / 13 for card in range(1, 11)}
"""Chance of each card: an ace is 1, jack, queen and king count 10. Cards are put back, so it never changes."""


STICK, HIT = 0, 1  # in Gymnasium's order


class Hand(NamedTuple):
    """What counts of the cards somebody holds."""

    total: int
    usable_ace: bool = False  # an ace counted as 11
    natural: bool = False  # an ace and a ten, and nothing else


class Deal(NamedTuple):
    """What a player sees: a state."""

    you: Hand
    dealer: int  # the card that is face up


DEALS = [Deal(hand, card) for hand in [
    *(Hand(total) for total in range(4, BEST + 1)), *(Hand(total, True) for total in range(12, BEST + 1)),
    Hand(BEST, True, True)] for card in DECK]
STATE_OF = {deal: s for s, deal in enumerate(DEALS)}
LOW, HIGH = range(4, 12), range(12, BEST + 1)


@dataclass(frozen=True)
class Blackjack(Env):
    """Blackjack-v1 from an infinite deck (S&B example 5.1), solved card by card.

    Gymnasium shows a natural as any other 21 with a usable ace, and yet pays it differently; here it has states of its
    own, without which this would be no MDP. The state a hand ends in is the one it was in.
    """

    naturals: str = choice("win", ("win", "bonus", "plain"), "What an ace and a ten at once are worth: win, as in the "
                           "book, beats all but the dealer's own (Gymnasium's sab); bonus pays 1.5 when it wins "
                           "(Gymnasium's natural); plain is a 21 like any other.")

    slug = "blackjack"
    title = "Blackjack"
    order = 50
    idea = "Come closer to 21 than the dealer, but not over it. A win pays 1, a loss costs 1, a draw pays nothing."
    actions = (Action("stick"), Action("hit"))
    front = ("naturals",)

    def build(self) -> TabularMDP:
        table = [[self._stick(deal), _hit(deal)] for deal in DEALS]
        return from_table(table, _dealt())

    def _stick(self, deal: Deal) -> list[Outcome]:
        """Lists the hands the dealer may come to, and what each means."""
        ends = dealers_hands(deal.dealer)
        return [(chance, STATE_OF[deal], self._pay(deal.you, dealer), True) for dealer, chance in ends.items()]

    def _pay(self, you: Hand, dealer: Hand) -> float:
        if self.naturals == "win" and you.natural:
            return 0.0 if dealer.natural else 1.0
        if self.naturals == "bonus" and you.natural and dealer.total < BEST:
            return 1.5
        return float(you.total > dealer.total) - float(you.total < dealer.total)

    def picture(self) -> Picture:
        return _picture()

    def tells(self, s: int, a: int, k: int) -> str:
        return told(s, a, k)

    def state_name(self, s: int) -> str:
        you, dealer = DEALS[s]
        ace = ", a natural" if you.natural else ", usable ace" if you.usable_ace else ""
        return f"you {you.total}{ace}, dealer shows {'an ace' if dealer == 1 else dealer}"


def with_card(hand: Hand, card: int) -> Hand:
    """Adds a card to a hand; an ace counts as 11 unless that is too much."""
    least = hand.total - 10 * hand.usable_ace + card
    usable = (hand.usable_ace or card == 1) and least <= 11
    return Hand(least + 10 * usable, usable)


def two_cards(first: int, second: int) -> Hand:
    """Makes the hand that is dealt."""
    hand = with_card(with_card(Hand(0), first), second)
    return hand._replace(natural=hand.total == BEST)


def _dealt() -> Floats:
    """Chance of each state after the deal, (S,)."""
    start = np.zeros(len(DEALS))
    for first, second, dealer in product(DECK, repeat=3):
        start[STATE_OF[Deal(two_cards(first, second), dealer)]] += DECK[first] * DECK[second] * DECK[dealer]
    return start


def _hit(deal: Deal) -> list[Outcome]:
    """Lists the hands another card may make, and the chance of going over."""
    outcomes: list[Outcome] = []
    for card, chance in DECK.items():
        hand = with_card(deal.you, card)
        over = hand.total > BEST
        outcomes.append((chance, STATE_OF[deal if over else deal._replace(you=hand)], -1.0 if over else 0.0, over))
    return outcomes


@lru_cache(maxsize=16)
def dealers_hands(card: int) -> dict[Hand, float]:
    """Chance of each sum a dealer who shows this card ends with, as a hand; all that are bust are one."""
    chances: dict[Hand, float] = defaultdict(float)
    for hidden, chance in DECK.items():
        for hand, after in _drawn_out(two_cards(card, hidden)).items():
            chances[hand] += chance * after
    return chances


@lru_cache(maxsize=64)
def _drawn_out(hand: Hand) -> dict[Hand, float]:
    """Lets the dealer draw until they have 17, and returns the chance of each hand they come to."""
    if hand.total >= STANDS:
        return {hand._replace(usable_ace=False) if hand.total <= BEST else Hand(BUST): 1.0}
    chances: dict[Hand, float] = defaultdict(float)
    for card, chance in DECK.items():
        for end, after in _drawn_out(with_card(hand, card)).items():
            chances[end] += chance * after
    return chances


def told(s: int, a: int, k: int) -> str:
    """Says what the ``k``-th outcome of an action means at the table."""
    if a == HIT:
        return f"You drew {_card_name(list(DECK)[k])}."
    dealer = list(dealers_hands(DEALS[s].dealer))[k]
    if dealer.total == BUST:
        return "The dealer went over 21."
    return f"The dealer had {dealer.total}{', a natural' if dealer.natural else ''}."


def _card_name(card: int) -> str:
    return {1: "an ace", 8: "an 8"}.get(card, f"a {card}")


@lru_cache(maxsize=1)
def _picture() -> Picture:
    """Draws a strategy chart: your sum upwards, the dealer's card to the right, labels along two edges.

    Layers: 12 to 21 without and with a usable ace (the two panels of S&B figure 5.2), and what is left.
    """
    rest = [*(Hand(total) for total in LOW), None, Hand(BEST, True, True)]
    hands: list[list[Hand | None]] = [[Hand(total) for total in HIGH], [Hand(total, True) for total in HIGH], rest]
    state_at = np.array([_layer(column) for column in hands], np.int64)
    cells = (" " + "." * len(DECK)) * len(HIGH) + " " * (1 + len(DECK))
    return Picture(1 + len(HIGH), 1 + len(DECK), cells, state_at, tags=tuple(_labels(column) for column in hands))


def _layer(column: list[Hand | None]) -> list[int]:
    rows = [[-1, *(STATE_OF[Deal(hand, card)] if hand else -1 for card in DECK)] for hand in reversed(column)]
    return [state for row in [*rows, [-1] * (1 + len(DECK))] for state in row]


def _labels(column: list[Hand | None]) -> tuple[tuple[int, str, str], ...]:
    width, below = 1 + len(DECK), len(column)
    yours = [((below - 1 - i) * width, *_label(hand)) for i, hand in enumerate(column) if hand]
    dealers = [(below * width + card, "A" if card == 1 else str(card), f"the dealer shows {_card_name(card)}")
               for card in DECK]
    return (*yours, *dealers)


def _label(hand: Hand) -> tuple[str, str]:
    if hand.natural:
        return "A10", "you have a natural: an ace and a ten"
    ace = ", an ace counted as 11" if hand.usable_ace else ""
    return f"{'A' if hand.usable_ace else ''}{hand.total}", f"you have {hand.total}{ace}"
