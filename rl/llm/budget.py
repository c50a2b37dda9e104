"""What asking may cost, in calls, tokens and money: counted, shown, and never passed."""

from dataclasses import dataclass, field
from threading import Lock
from typing import Any

LETTERS_A_TOKEN = 4
"""A rough count for endpoints that do not say how many tokens they took."""


class OverBudget(Exception):
    """The budget is spent; the text says of what, and what to do."""


@dataclass
class Budget:
    """Limits, and what is used of them. ``price_in`` and ``price_out`` are dollars for a million tokens."""

    most_calls: int = 200
    most_tokens: int = 200_000
    most_money: float = 1.0
    price_in: float = 0.0
    price_out: float = 0.0
    calls: int = 0
    tokens: int = 0
    money: float = 0.0
    _lock: Any = field(default_factory=Lock, repr=False)

    def take(self, messages: list[dict[str, str]], longest: int) -> None:
        """Sets aside what a question may cost at most. Raises OverBudget with a sentence, and takes nothing then."""
        told = _tokens("".join(message["content"] for message in messages))
        dollars = self._dollars(told, longest)
        with self._lock:
            for name, used, limit in (("calls", self.calls + 1, self.most_calls),
                                      ("tokens", self.tokens + told + longest, self.most_tokens),
                                      ("dollars", self.money + dollars, self.most_money)):
                if used > limit:
                    raise OverBudget(f"The budget of {limit:,} {name} is spent: raise it to ask more.")
            self.calls += 1
            self.tokens += told + longest
            self.money += dollars

    def settle(self, messages: list[dict[str, str]], longest: int, answer: dict[str, Any]) -> None:
        """Puts what an answer really took in the place of what was set aside for it."""
        told = _tokens("".join(message["content"] for message in messages))
        usage = answer.get("usage")
        known = usage if isinstance(usage, dict) else {}
        in_, out = _count(known, "prompt_tokens", told), _count(known, "completion_tokens", longest)
        with self._lock:
            self.tokens += in_ + out - told - longest
            self.money += self._dollars(in_, out) - self._dollars(told, longest)

    def _dollars(self, told: int, said: int) -> float:
        return (told * self.price_in + said * self.price_out) / 1e6


def _tokens(text: str) -> int:
    return len(text) // LETTERS_A_TOKEN + 1


def _count(usage: dict[str, Any], name: str, otherwise: int) -> int:
    """Returns how many tokens an endpoint says it took, where that is a number."""
    value = usage.get(name)
    good = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9
    return value if good and value is not None else otherwise
