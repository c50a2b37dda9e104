"""Trading day by day: short, flat or long, with somebody's opinion to go by or not."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from rl.envs.base import Action, World
from rl.envs.market_days import days_of
from rl.knob import choice, knob, text
from rl.markets import readers, shelf
from rl.markets.law import Law, counted, decisions
from rl.markets.news import law_of_news
from rl.markets.paths import WARM_UP, Path
from rl.markets.readings import Reading
from rl.markets.sights import Sights, seen, with_opinion
from rl.markets.trading import ADJUSTMENT, UNUSED, USES, YEAR, MarketModel, first_sight

FILE = "your file"
PERIODS = ("training days", "test days")
WITHOUT, WITH = "no", "yes"


@dataclass(frozen=True)
class Trading(World):
    """A market of one paper. An episode is a year, from a random day of the training days, and begins with cash."""

    market: str = choice("news", (*shelf.MARKETS, FILE), "Where the prices come from: markets we made, whose law is "
                         "known, four real papers, or a file of yours.")
    draw: int = knob(0, 0, 9999, "Which path of a market we made: another number is another path of the same law.")
    reader: str = choice("SmolLM2", readers.READERS, "Who is asked about each day's text: a headline, or a note on the "
                         "price.")
    use: str = choice("observation", USES, "How the answer is used. Seeing it never hurts for long; a bonus changes "
                      "what is best to do; a potential does not.")
    weight: float = knob(0.5, 0.0, 5.0, "How much the answer counts: as an adjustment from 0, not at all, to 1, it "
                         "decides; as a bonus or potential in percent of wealth.", 0.05)
    accuracy: float = knob(0.75, 0.0, 1.0, "How often the reader is right who is right so often.", 0.05)
    cost: float = knob(0.001, 0.0, 0.05, "Cost of a trade, as a share of what is traded: .001 is 10 basis points.",
                       0.0005)
    look_back: int = knob(20, 1, 60, "How many days' move the agent sees, in markets that are only a price.")
    bins: int = knob(3, 1, 50, "Bins of that move. Finer bins tell more, and have less to learn from each.")
    period: str = choice(PERIODS[0], PERIODS, "Which days are learned from. Whoever learns from test days has no test "
                         "left.")
    peek: str = choice(WITHOUT, (WITHOUT, WITH), "Look-ahead: whether what is seen includes the day that is decided "
                       "about. No trader has that.", label="see tomorrow")
    horizon: int = knob(YEAR, 5, 1000, "Trading days in an episode.", 1)
    file: str = text("", "The name a file's prices were given when it was opened.")

    family = "market"
    slug = "trading"
    drawn_as = "market"
    title = "Trading"
    order = 400
    idea = "End each year with more than you began with. Every trade costs; the reward is the log of what wealth grew."
    actions = (Action("short", 0, 1), Action("flat"), Action("long", 0, -1))
    front = ("market", "reader", "use", "weight")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.market == FILE:
            shelf.check(self.file)

    @property
    def path(self) -> Path:
        """The days and their prices; shared, never write into them."""
        return shelf.path(self.file if self.market == FILE else self.market, self.draw)

    @property
    def days(self) -> tuple[int, int]:
        """The first day that may be traded, and the one after the last."""
        path = self.path
        return (WARM_UP, path.split) if self.period == PERIODS[0] else (path.split, len(path) - 1)

    @property
    def reading(self) -> Reading:
        """What the reader says of every day."""
        return _reading(replace(self, use=USES[0], weight=0.0, cost=0.0))

    @property
    def sights(self) -> Sights:
        """What the agent sees of every day."""
        return _sights(self)

    @property
    def law(self) -> Law:
        """How what is seen goes on and what it earns: exact where the market is ours, counted where it is not."""
        return _law(self)

    @property
    def model(self) -> MarketModel:
        return _model(self)

    @property
    def shape(self) -> tuple[int, int]:
        return 3 * len(self.sights.names), 3

    def first_state(self, seed: int, episode: int) -> int:
        return int(first_sight(self.model, seed, episode))

    def fits(self, other: World) -> bool:
        """Tells whether the same days are seen in the same way: what was learned of others means nothing here."""
        return isinstance(other, Trading) and self._seen == other._seen and self.sights.names == other.sights.names

    @property
    def _seen(self) -> tuple[Any, ...]:
        """What decides which days there are and what is said of them."""
        return (self.market, self.file, self.draw, self.reader, self.accuracy, self.period, self.horizon, self.peek,
                self.look_back)

    def in_a_script(self, planned_by: bool) -> World:
        return days_of(self.model, self.law if planned_by else None)

    def state_name(self, s: int) -> str:
        return f"{self.sights.names[s // 3]}; {('short', 'flat', 'long')[s % 3]}"


@lru_cache(maxsize=64)
def _reading(world: Trading) -> Reading:
    return readers.ask(world.reader, world.path, world.accuracy, world.draw)


@lru_cache(maxsize=64)
def _sights(world: Trading) -> Sights:
    found = seen(world.path, world.look_back, world.bins, world.peek == WITH)
    return found if world.use == USES[UNUSED] else with_opinion(found, world.reading.opinion)


@lru_cache(maxsize=64)
def _law(world: Trading) -> Law:
    path, reads = world.path, world.use != USES[UNUSED]
    if world.peek == WITHOUT and path.law is not None and not reads:
        return path.law
    if world.peek == WITHOUT and world.market == "news":
        said = readers.reports_of(world.reader, path, world.accuracy, world.draw) if reads else readers.NOBODY
        return law_of_news(said)
    days = slice(*world.days)
    opinion = world.reading.opinion if reads else np.full(len(path), np.nan)
    return counted(world.sights.number[days], path.growth[days], opinion[days], len(world.sights.names))


@lru_cache(maxsize=64)
def _model(world: Trading) -> MarketModel:
    first, end = world.days
    horizon = min(world.horizon, end - first - 1)
    use = USES.index(world.use)
    mixed = use if use == ADJUSTMENT else UNUSED
    known = decisions(world.law, world.cost, mixed, world.weight, horizon=horizon)
    return MarketModel(_shared(world.sights.number), _shared(world.path.growth), _shared(world.reading.opinion), use,
                       world.weight, world.cost, horizon, first, end - first - horizon, len(world.sights.names), known)


def _shared(array: Any) -> Any:
    array.flags.writeable = False
    return array
