"""Reading without writing: how much likelier a model thinks " up" is than " down" as the next word.

A small model cannot be brought to write scores worth reading. What it expects next can be read all the same: the shots
are headlines with their outcomes, and what is asked about comes last. None of the shots is among the shipped headlines.
"""

import math
from hashlib import sha256

from rl.llm.transport import NoAnswer, Transport

SHOTS = (
    ("Brunswell posts better results than anyone predicted", "up"),
    ("Brunswell warns that this year will be worse than last", "down"),
    ("Tarnfield loses less money than it did a year ago", "up"),
    ("Tarnfield earns less money than it did a year ago", "down"),
    ("Overtoun is cleared of all charges", "up"),
    ("Overtoun is charged with misleading investors", "down"),
)
UP, DOWN = " up", " down"
TOP = 40
"""Likeliest tokens asked for; what is not among them is taken for as likely as the last."""


def prompt_for(text: str) -> str:
    """Returns the prompt whose next word says what a text is taken for. A text is brought onto one line."""
    told = "".join(f"Headline: {shot}\nThe share price went {way}\n\n" for shot, way in SHOTS)
    return f"{told}Headline: {' '.join(text.split())}\nThe share price went"


def prompt_hash() -> str:
    """Returns the sha256 of the prompt around a text: an answer to another prompt is another answer."""
    return sha256(prompt_for("{text}").encode()).hexdigest()


def log_odds(transport: Transport, model: str, text: str) -> tuple[float, float]:
    """Asks for the log-probabilities of " up" and " down". Raises NoAnswer where an endpoint offers none."""
    body = {"model": model, "prompt": prompt_for(text), "max_tokens": 1, "temperature": 0, "logprobs": TOP}
    found = tokens(transport.post("completions", body))
    if not found:
        raise NoAnswer("This endpoint gives no log-probabilities: ask it to write scores instead.")
    least = min(found.values())
    return found.get(UP, least), found.get(DOWN, least)


def tokens(answer: object) -> dict[str, float]:
    """Returns the log-probabilities of the first token of an answer, in either of the protocol's two spellings."""
    try:
        logprobs = answer["choices"][0]["logprobs"]  # type: ignore[index]
        if "content" in logprobs:
            pairs = [(one["token"], one["logprob"]) for one in logprobs["content"][0]["top_logprobs"]]
        else:
            pairs = list(logprobs["top_logprobs"][0].items())
        return {str(token): float(value) for token, value in pairs if math.isfinite(value)}
    except (KeyError, IndexError, TypeError, ValueError, AttributeError):
        return {}


def score_of(up: float, down: float, bias: float) -> float:
    """Returns p(up) - p(down) for log-probabilities, as if there were only the two and neither preferred by ``bias``.

    ``bias`` is the mean of up - down over headlines of which half are good: what the model says before it has read.
    """
    return math.tanh((up - down - bias) / 2)
