"""What is compared on the page of trading: arms by name, and the study of them."""

from dataclasses import dataclass, field
from typing import Any

from rl.agents.market.q_learning import TradingQLearning
from rl.agents.market.rule import BEST, CASH, HOLD, RANDOM, FixedRule
from rl.envs.trading import Trading
from rl.markets import readers
from rl.trading_study import SEEDS, Arm, TradingStudy

Q = TradingQLearning()
HONEST = ("nobody asked", "placebo", "word list", "rules", "SmolLM2")
"""Those who know nothing that a trader could not know."""
MEASURES = {"Sharpe ratio": "sharpe", "log wealth": "log_wealth", "drawdown": "drawdown", "turnover": "turnover",
            "costs paid": "costs", "over buy and hold": "over_hold"}
READS = (("nobody asked", readers.MODEL, "not at all"), ("placebo", readers.PLACEBO, "observation"),
         ("word list", readers.WORDS, "observation"), ("rules", readers.RULES, "observation"),
         ("SmolLM2", readers.MODEL, "observation"), ("perfect", readers.PERFECT, "observation"),
         ("inverted", readers.INVERTED, "observation"), ("perfect decides", readers.PERFECT, "adjustment"),
         ("SmolLM2 decides", readers.MODEL, "adjustment"), ("inverted decides", readers.INVERTED, "adjustment"),
         ("inverted, bonus", readers.INVERTED, "bonus"), ("inverted, potential", readers.INVERTED, "potential"))
RULES = {"buy and hold": HOLD, "flat": CASH, "at random": RANDOM, "optimum, SmolLM2": BEST}
USUAL = ("nobody asked", "placebo", "word list", "SmolLM2", "perfect", "inverted", "inverted decides",
         "inverted, bonus", "inverted, potential", "buy and hold")
ACCURACIES = (0.0, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 1.0)
ARMS, ACCURACY, FORECASTS = VIEWS = ("Arms", "Accuracy", "Forecasters")


@dataclass
class Versus:
    """What is compared in this session."""

    market: str = "news"
    chosen: tuple[str, ...] = USUAL
    seeds: int = SEEDS
    measure: str = "Sharpe ratio"
    view: str = ARMS
    slices: int = 0
    studies: dict[Any, TradingStudy] = field(default_factory=dict)

    def study(self) -> TradingStudy:
        """Returns the study of what is chosen; one that was begun goes on."""
        arms = arms_of(self.market, self.chosen) if self.view == ARMS else accuracy_arms(self.market)
        key = arms, self.seeds
        if key not in self.studies:
            self.studies = dict(list(self.studies.items())[-7:]) | {key: TradingStudy(arms, self.seeds)}
        return self.studies[key]


def arms_of(market: str, chosen: tuple[str, ...]) -> tuple[Arm, ...]:
    """Makes the arms of these names, in the order in which they are listed."""
    learners = {name: Arm(name, Trading(market=market, reader=reader, use=use, weight=1.0), Q)
                for name, reader, use in READS}
    rules = {name: Arm(name, Trading(market=market), FixedRule(rule=rule)) for name, rule in RULES.items()}
    return tuple(arm for name, arm in (learners | rules).items() if name in chosen)


def accuracy_arms(market: str) -> tuple[Arm, ...]:
    """Makes a reader of each accuracy, once seen and once deciding."""
    return tuple(Arm(f"{use} {right:g}", Trading(market=market, reader=readers.SO_OFTEN, use=use, weight=1.0,
                                                 accuracy=right), Q)
                 for use in ("observation", "adjustment") for right in ACCURACIES)
