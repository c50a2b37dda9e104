"""A live model as an evaluator: any endpoint that speaks the OpenAI protocol, whatever it answers."""

from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any

from rl.llm import prompt
from rl.llm.answers import Malformed, no_answer, parsed, said
from rl.llm.budget import Budget, OverBudget
from rl.llm.cache import Cache, key_of
from rl.llm.evaluation import OVER_BUDGET, REFUSED, Evaluation, MarketState
from rl.llm.prompt import Messages
from rl.llm.transport import NoAnswer, Transport

NO_SUCH_FORM = (400, 422)
"""How endpoints say that they do not know a form of answer."""
LONGEST = 200


@dataclass
class Exchange:
    """What was sent last and what came back, word for word, to be shown: without the key, which is in neither."""

    messages: Messages = field(default_factory=list)
    answers: list[str] = field(default_factory=list)


@dataclass
class LiveModel:
    """Asks an endpoint. Every fault ends in a status and a sentence; nothing it does raises."""

    transport: Transport
    model: str
    budget: Budget = field(default_factory=Budget)
    cache: Cache = field(default_factory=Cache)
    anonymous: bool = True
    last: Exchange = field(default_factory=Exchange)
    _form: int = 0  # which form of answer this endpoint knows; it is found out once
    _lock: Any = field(default_factory=Lock, repr=False)

    @property
    def badge(self) -> str:
        """Says what kind of reader this is."""
        return f"a live model: {self.model} at {self.transport.base}"

    def evaluate_data(self, state: MarketState, headlines: tuple[str, ...]) -> Evaluation:
        """Says whether the price will fall (-1) or rise (1)."""
        return self._evaluate(prompt.data_messages(state, headlines, self.anonymous))

    def evaluate_action(self, state: MarketState, headlines: tuple[str, ...], position: int,
                        action: int) -> Evaluation:
        """Says whether going from one position to another is wrong (-1) or right (1)."""
        return self._evaluate(prompt.action_messages(state, headlines, position, action, self.anonymous))

    def _evaluate(self, messages: Messages) -> Evaluation:
        question = key_of(self.transport.base, self.model, messages)
        self.last = Exchange(messages)
        known = self.cache.get(question)
        if known is not None:
            return known
        try:
            found = self._answer(messages)
        except NoAnswer as wrong:
            return Evaluation(wrong.status, reason=str(wrong), source=self.model)
        except OverBudget as wrong:
            return Evaluation(OVER_BUDGET, reason=str(wrong), source=self.model)
        hide = self.transport.key.hide
        found = replace(found, reason=hide(found.reason))
        self.cache.put(question, found)
        return found

    def _answer(self, messages: Messages) -> Evaluation:
        """Asks, and once more where the answer cannot be read."""
        text, wrong = "", ""
        for attempt in range(2):
            asked = messages if attempt == 0 else prompt.repair(messages, text, wrong)
            try:
                text, refusal = said(self._ask(asked))
                self.last.answers.append(self.transport.key.hide(text or refusal))
                if refusal:
                    return Evaluation(REFUSED, reason=f"The model refuses: {refusal}", source=self.model)
                return parsed(text, self.model)
            except Malformed as fault:
                wrong = str(fault)
        return no_answer(text, wrong, self.model)

    def _ask(self, messages: Messages) -> dict[str, Any]:
        """Asks in the best form the endpoint knows: a schema, JSON, or plain text."""
        forms = prompt.formats()
        with self._lock:
            first = self._form
        for form in range(first, len(forms)):
            try:
                answer = self._post(messages, forms[form])
            except NoAnswer as wrong:
                if wrong.code not in NO_SUCH_FORM or form == len(forms) - 1:
                    raise
                continue
            with self._lock:
                self._form = form
            return answer
        raise NoAnswer("The endpoint knows no form of answer.")

    def _post(self, messages: Messages, form: dict[str, Any] | None) -> dict[str, Any]:
        self.budget.take(messages, LONGEST)
        body = {"model": self.model, "messages": messages, "temperature": 0, "max_tokens": LONGEST}
        if form is not None:
            body["response_format"] = form
        answer = self.transport.post("chat/completions", body)
        self.budget.settle(messages, LONGEST, answer)
        return answer
