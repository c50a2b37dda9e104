"""Trading day by day on a path of prices: what is seen, what is held, what is earned, and what is paid for learning.

A reader's opinion of a day (-1 falls, 0 either, 1 rises, NaN where it gave no answer) may be used in four ways. All but
the first come on top of seeing it.
"""

from typing import NamedTuple

from rl.dice import START, uniform
from rl.jit import jit
from rl.markets.wealth import log_growth
from rl.mdp import Floats, Ints, TabularMDP

USES = ("not at all", "observation", "adjustment", "bonus", "potential")
UNUSED, OBSERVATION, ADJUSTMENT, BONUS, POTENTIAL = range(5)
PERCENT = 0.01
"""What a weight of 1 pays for agreeing with an opinion: one percent of wealth, roughly what a day's move is."""
SHORT, FLAT, LONG = 0, 1, 2
YEAR = 252


class MarketModel(NamedTuple):
    """What a loop trades: D days, of which an agent sees ``sight``. Its state is ``3 sight + action held``."""

    sight: Ints  # (D,) what is seen at the close of each day
    growth: Floats  # (D,) what the price earns from this close to the next, .01 for 1 %
    opinion: Floats  # (D,) of the reader, NaN where there is none
    use: int  # index into USES
    weight: float
    cost: float  # share of what is traded
    horizon: int  # days after which an episode is truncated
    first: int  # day an episode starts at the earliest
    starts: int  # how many days one may start at
    sights: int
    known: TabularMDP  # the same decisions with a law that is known or estimated: what planning solves


@jit
def position(s):
    """Returns what is held in a state: -1, 0 or 1 times wealth."""
    return s % 3 - 1


@jit
def first_day(model, seed, episode):
    """Draws the day an episode starts at."""
    return model.first + int(uniform(seed, episode, START) * model.starts)


@jit
def first_sight(model, seed, episode):
    """Returns the state an episode starts in: nothing is held yet."""
    return 3 * model.sight[first_day(model, seed, episode)] + FLAT


@jit
def blended(weight, wanted, opinion):
    """Returns the position next to (1 - weight) times the agent's own plus weight times the opinion; halves to flat.

    From a weight of 1 on the opinion decides alone.
    """
    share = min(weight, 1.0)
    mixed = (1.0 - share) * wanted + share * opinion
    return 1 if mixed > 0.5 else (-1 if mixed < -0.5 else 0)


@jit
def held_instead(model, day, wanted):
    """Returns the position that is taken when the agent wants one: another only where a reader may adjust it."""
    opinion = model.opinion[day]
    if model.use == ADJUSTMENT and opinion == opinion:
        return blended(model.weight, wanted, opinion)
    return wanted


@jit
def potential(model, day, held):
    """Returns what a state is said to be worth, a function of nothing but the state: Phi(s)."""
    opinion = model.opinion[day]
    return model.weight * PERCENT * opinion * held if opinion == opinion else 0.0


@jit
def trade(model, day, s, a, gamma):
    """Holds what action ``a`` wants from one close to the next. Returns (reward learned from, log growth, next state).

    The reward is log(W'/W). A bonus adds weight * 1 % * opinion * position; potential-based shaping adds
    gamma Phi(s') - Phi(s) (Ng, Harada & Russell, 1999).
    """
    before, held = position(s), held_instead(model, day, a - 1)
    earned = log_growth(before, held, model.growth[day], model.cost)
    s_next = 3 * model.sight[day + 1] + held + 1
    if model.use == BONUS:
        return earned + potential(model, day, held), earned, s_next
    if model.use == POTENTIAL:
        return earned + gamma * potential(model, day + 1, held) - potential(model, day, before), earned, s_next
    return earned, earned, s_next


@jit
def day_of(model, seed, episode, k):
    """Returns the day on which the ``k``-th decision of an episode is made."""
    return first_day(model, seed, episode) + k


@jit
def seen_on(model, day, s):
    """Returns the state of one who holds what is held in ``s`` on a day: after an edit another day may be seen."""
    return 3 * model.sight[day] + s % 3
