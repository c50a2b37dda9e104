"""Those who may be asked on the page, beside a live model: rules, and recorded answers."""

from dataclasses import dataclass, field

from rl.llm.budget import Budget, OverBudget
from rl.llm.evaluation import LONGEST_REASON, MISSING, OK, OVER_BUDGET, Evaluation, MarketState, agreement
from rl.llm.few_shot import log_odds, prompt_for, score_of
from rl.llm.prompt import without_names
from rl.llm.transport import NoAnswer, Transport
from rl.markets import analyst, readers


class ByWords:
    """One who goes by the words of each headline: what is said of several is their mean."""

    name: str
    badge: str

    def read(self, text: str) -> Evaluation:
        """Says what it thinks of one text."""
        raise NotImplementedError

    def evaluate_data(self, state: MarketState, headlines: tuple[str, ...]) -> Evaluation:
        """Says whether the price will fall (-1) or rise (1): the mean of all it has an answer to."""
        found = [self.read(text) for text in headlines or (state.note,)]
        answered = [one for one in found if one.score is not None]
        if not answered:
            return found[0]
        score = sum(one.number for one in answered) / len(answered)
        missing = len(found) - len(answered)
        left = f" {missing} of {len(found)} texts got no answer." if missing else ""
        return Evaluation(OK, score, abs(score), (answered[0].reason + left)[:LONGEST_REASON], self.name)

    def evaluate_action(self, state: MarketState, headlines: tuple[str, ...], position: int,
                        action: int) -> Evaluation:
        """Says whether going from a position to another is right: as far as it goes with the data."""
        return agreement(self.evaluate_data(state, headlines), action)


@dataclass
class RuleAnalyst(ByWords):
    """The analyst made of rules; it is no language model."""

    name: str = readers.RULES
    badge: str = readers.BADGES[readers.RULES]

    def read(self, text: str) -> Evaluation:
        score = analyst.score(text)
        return Evaluation(OK, score, abs(score), "It counts good and bad words, and what turns them round.", self.name)


@dataclass
class Recorded(ByWords):
    """Answers that a model or a word list gave once; of any other text it knows nothing, and says so."""

    name: str = readers.MODEL

    @property
    def badge(self) -> str:  # type: ignore[override]
        """Says whose answers these are, and when they were given."""
        found = readers.recording(readers.RECORDED[self.name])
        return f"{readers.BADGES[self.name]}; recorded {found['recorded']}"

    def read(self, text: str) -> Evaluation:
        answer = readers.recording(readers.RECORDED[self.name])["answers"].get(readers.key_of(text))
        if answer is None:
            return Evaluation(MISSING, reason="It was never asked about this text, and recorded answers cannot be made "
                              "up: ask a live model instead (`make llm` starts one here).", source=self.name)
        score = float(answer["score"])
        reason = "The score of the word list."
        if "up" in answer:
            reason = f"log p(“ up”) = {answer['up']:.2f}, log p(“ down”) = {answer['down']:.2f}, its bias taken out."
        return Evaluation(OK, score, abs(score), reason, self.name)


@dataclass
class NextWord(ByWords):
    """A live model that is not made to write: how likely are " up" and " down" as its next word?"""

    transport: Transport
    model: str
    bias: float = 0.0
    budget: Budget = field(default_factory=Budget)
    anonymous: bool = True
    name: str = "next word"
    prompts: list[str] = field(default_factory=list)

    @property
    def badge(self) -> str:  # type: ignore[override]
        """Says what kind of reader this is."""
        return f"a live model, by its next word: {self.model} at {self.transport.base}"

    def read(self, text: str) -> Evaluation:
        text = without_names(text) if self.anonymous else text
        self.prompts.append(prompt_for(text))
        asked = [{"role": "user", "content": self.prompts[-1]}]
        try:
            self.budget.take(asked, 1)
            up, down = log_odds(self.transport, self.model, text)
        except NoAnswer as wrong:
            return Evaluation(wrong.status, reason=str(wrong), source=self.model)
        except OverBudget as wrong:
            return Evaluation(OVER_BUDGET, reason=str(wrong), source=self.model)
        score = score_of(up, down, self.bias)
        return Evaluation(OK, score, abs(score), f"log p(“ up”) = {up:.2f}, log p(“ down”) = {down:.2f}.", self.model)
