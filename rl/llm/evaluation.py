"""What it means to be asked: one protocol for rules, recordings, live models, and the controls among them."""

import math
from dataclasses import dataclass
from typing import Protocol

OK, REFUSED, MALFORMED, FAILED, OVER_BUDGET, MISSING = (
    "ok", "refused", "malformed", "failed", "over budget", "missing")
STATUSES = (OK, REFUSED, MALFORMED, FAILED, OVER_BUDGET, MISSING)
LONGEST_REASON = 300


@dataclass(frozen=True)
class Evaluation:
    """An answer, or why there is none. ``score`` is from -1, falls or wrong, to 1, rises or right; None if not ok.

    Raises ValueError where the numbers are none: a score is never made up, and never brought into range.
    """

    status: str
    score: float | None = None
    confidence: float | None = None  # from 0 to 1, as the reader says itself
    reason: str = ""
    source: str = ""
    cached: bool = False

    def __post_init__(self) -> None:
        if self.status not in STATUSES:
            raise ValueError(f"there is no status {self.status!r}.")
        if (self.score is None) == (self.status == OK):
            raise ValueError("an answer has a score, and only an answer.")
        for name, value, low in (("score", self.score, -1.0), ("confidence", self.confidence, 0.0)):
            if value is not None and not (math.isfinite(value) and low <= value <= 1.0):
                raise ValueError(f"{name} must be between {low:g} and 1; got {value}.")

    @property
    def number(self) -> float:
        """Returns the score, NaN where there is none: an observation of its own, never a 0."""
        return math.nan if self.score is None else self.score


@dataclass(frozen=True)
class MarketState:
    """What a reader is told of a day: nothing after its close, and no name or date unless one is given."""

    note: str  # what the price did, in words
    week: float  # what it earned over the last 5 days, .01 for 1 %
    month: float  # over the last 21
    volatility: float  # standard deviation of a day's return over the last 60
    ticker: str = ""
    date: str = ""


class Evaluator(Protocol):
    """Anybody who can be asked about data, and about an action."""

    badge: str  # what kind of reader this is, always shown

    def evaluate_data(self, state: MarketState, headlines: tuple[str, ...]) -> Evaluation:
        """Says whether the price will fall (-1) or rise (1)."""
        ...

    def evaluate_action(self, state: MarketState, headlines: tuple[str, ...], position: int,
                        action: int) -> Evaluation:
        """Says whether going from a position to another, each -1, 0 or 1, is wrong (-1) or right (1)."""
        ...


def agreement(opinion: Evaluation, action: int) -> Evaluation:
    """Judges an action by an opinion of the data: right as far as it goes with it. Staying flat is neither."""
    if opinion.score is None:
        return opinion
    position = ("short", "flat", "long")[action + 1]
    reason = f"{position} against a score of {opinion.score:+.2f}: {opinion.reason}"[:LONGEST_REASON]
    return Evaluation(OK, opinion.score * action, opinion.confidence, reason, opinion.source, opinion.cached)
