"""Markets whose law is known, as tables of transitions: for every tabular agent, and for planning."""

from dataclasses import dataclass

from rl.envs.base import Action, Env
from rl.knob import choice, knob
from rl.markets.chain import Chain, planted_edge, trading_mdp
from rl.markets.law import decisions
from rl.markets.regimes import belief_names, law_of_regimes
from rl.markets.reversion import mean_reversion
from rl.markets.shelf import EDGE, MOVE, REGIMES, REVERSION, WALK, WITH_EDGE
from rl.markets.trading import YEAR
from rl.mdp import TabularMDP

TABLES = (WITH_EDGE, REVERSION, REGIMES, WALK)


@dataclass(frozen=True)
class MarketTable(Env):
    """A market known exactly: what is seen of it, and what is held, are the state. A year is an episode, cut short."""

    market: str = choice(WITH_EDGE, TABLES, "A sign that repeats, a price that comes back, two hidden moods of which a "
                         "belief is seen, or a random walk, in which nothing can be learned.")
    cost: float = knob(0.001, 0.0, 0.05, "Cost of a trade, as a share of what is traded: .001 is 10 basis points.",
                       0.0005)
    repeats: float = knob(EDGE, 0.0, 1.0, "Chance that a day's sign is that of the day before, in the market with an "
                          "edge.", 0.05)
    horizon: int = knob(YEAR, 5, 1000, "Trading days in an episode.", 1)

    slug = "market"
    title = "A market, known exactly"
    order = 190
    idea = "Be short, flat or long each day. The reward is the log of what wealth grew; every trade costs."
    actions = (Action("short", 0, 1), Action("flat"), Action("long", 0, -1))
    front = ("market", "cost")

    @property
    def chain(self) -> Chain | None:
        """The market by itself; None where only a belief of it is seen."""
        if self.market == REGIMES:
            return None
        return mean_reversion() if self.market == REVERSION else planted_edge(
            self.repeats if self.market == WITH_EDGE else 0.5, MOVE)

    def build(self) -> TabularMDP:
        chain = self.chain
        if chain is None:
            return decisions(law_of_regimes(), self.cost, horizon=self.horizon)
        return trading_mdp(chain, self.cost, horizon=self.horizon)

    def state_name(self, s: int) -> str:
        chain = self.chain
        names = chain.names if chain else belief_names()
        return f"{names[s // 3]}; {('short', 'flat', 'long')[s % 3]}"
