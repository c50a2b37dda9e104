"""Read a model's answer strictly: what is not quite an answer is none."""

import json
import math
import re
from typing import Any

from rl.llm.evaluation import LONGEST_REASON, MALFORMED, OK, REFUSED, Evaluation

FENCE = re.compile(r"\A\s*```(?:json)?\s*\n(.*?)\n?\s*```\s*\Z", re.DOTALL)
REFUSALS = re.compile(r"\b(i can(?:no|')t|i am unable|i'm unable|i won't|as an ai|i'm sorry|i am sorry)\b",
                      re.IGNORECASE)
FIELDS = {"score", "confidence", "reason"}


class Malformed(ValueError):
    """An answer that is none; the text says why, in a sentence a model may be told."""


def said(answer: dict[str, Any]) -> tuple[str, str]:
    """Returns what a model wrote, and why it refused, each "" where it did not. Raises Malformed."""
    try:
        message = answer["choices"][0]["message"]
        refusal, content = message.get("refusal"), message.get("content")
    except (KeyError, IndexError, TypeError, AttributeError):
        raise Malformed("there is no message in it.") from None
    if answer["choices"][0].get("finish_reason") == "content_filter":
        refusal = refusal or "its filter stopped it."
    if content is not None and not isinstance(content, str):
        raise Malformed("the message is no text.")
    return content or "", str(refusal)[:LONGEST_REASON] if refusal else ""


def parsed(text: str, source: str) -> Evaluation:
    """Reads the JSON object of an answer; nothing is clamped and nothing guessed. Raises Malformed with a sentence."""
    found = _loaded(text)
    if set(found) != FIELDS:
        raise Malformed("it must have score, confidence and reason, and nothing else.")
    score, confidence = _number(found, "score", -1.0), _number(found, "confidence", 0.0)
    if not isinstance(found["reason"], str):
        raise Malformed("reason must be a text.")
    reason = " ".join(found["reason"].split())[:LONGEST_REASON]
    return Evaluation(OK, score, confidence, reason, source)


def _loaded(text: str) -> dict[str, Any]:
    fenced = FENCE.match(text)
    try:
        found = json.loads(fenced.group(1) if fenced else text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Malformed("it is no JSON object.") from None
    if not isinstance(found, dict):
        raise Malformed("it is no JSON object.")
    return found


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")


def _number(found: dict[str, Any], name: str, low: float) -> float:
    value = found[name]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Malformed(f"{name} must be a number.")
    if not low <= value <= 1 or not math.isfinite(value):
        raise Malformed(f"{name} must be between {low:g} and 1.")
    return float(value)


def no_answer(text: str, wrong: str, source: str) -> Evaluation:
    """Returns what an answer that is none is taken for: a refusal where it reads like one."""
    if REFUSALS.search(text):
        return Evaluation(REFUSED, reason=f"The model refuses: {' '.join(text.split())[:200]}", source=source)
    return Evaluation(MALFORMED, reason=f"The answer cannot be used: {wrong}", source=source)
