"""Who may be asked about a text, by name; a name is all that a link holds."""

import json
from functools import lru_cache
from hashlib import sha256
from pathlib import Path as File
from typing import Any

import numpy as np

from rl.markets import analyst, readings
from rl.markets.news import Report
from rl.markets.paths import Path
from rl.markets.readings import Reading
from rl.mdp import Floats

RULES, WORDS, MODEL = "rule-based analyst", "word list (VADER)", "SmolLM2"
PLACEBO, INVERTED, PERFECT, SO_OFTEN, REMEMBERS = (
    "placebo", "inverted", "perfect", "right so often", "remembers the past")
READERS = (MODEL, RULES, WORDS, PLACEBO, INVERTED, PERFECT, SO_OFTEN, REMEMBERS)
BADGES = {
    MODEL: "recorded answers of a real language model, SmolLM2-135M-Instruct",
    RULES: "rules we wrote; no language model",
    WORDS: "recorded scores of a sentiment word list, VADER; no language model",
    PLACEBO: "a control: SmolLM2's answers, given to the wrong texts",
    INVERTED: "a control: the opposite of what is true",
    PERFECT: "a control: what is true, which nobody has",
    SO_OFTEN: "a control: right as often as you set",
    REMEMBERS: "a control: knows everything up to the middle of the test days, and nothing after",
}
RECORDED = {MODEL: "smollm2", WORDS: "vader"}
NOBODY = (Report(float("nan"), 1.0, 1.0),)
"""What is heard where nobody is asked."""
FOLDER = File(__file__).parent / "recordings"


@lru_cache(maxsize=8)
def recording(name: str) -> dict[str, Any]:
    """Reads a shipped recording: what a model was, and what it answered, by the sha256 of each text."""
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


def recorded(name: str, texts: tuple[str, ...]) -> Floats:
    """Returns the recorded scores of texts (N,); NaN for one that was never read."""
    answers = recording(name)["answers"]
    return np.array([answers.get(key_of(text), {}).get("score", np.nan) for text in texts], np.float64)


def key_of(text: str) -> str:
    """Returns the name under which an answer to a text is kept."""
    return sha256(text.encode()).hexdigest()


def scores(reader: str, texts: tuple[str, ...]) -> Floats:
    """Returns what a reader that goes by the words alone says of texts, (N,), NaN where it has no answer."""
    if reader == RULES:
        return np.array([analyst.score(text) for text in texts], np.float64)
    return recorded(RECORDED.get(reader, RECORDED[MODEL]), texts)


def ask(reader: str, path: Path, accuracy: float, seed: int) -> Reading:
    """Returns what a reader, one of `READERS`, says of each day of a path."""
    if reader == PERFECT:
        return readings.perfect(path)
    if reader == INVERTED:
        return readings.inverted(readings.perfect(path))
    if reader == SO_OFTEN:
        return readings.right_so_often(path, accuracy, seed)
    if reader == REMEMBERS:
        return readings.remembering(path, (path.split + len(path)) // 2)
    found = scores(reader, path.texts)
    return readings.placebo(path, found, seed) if reader == PLACEBO else readings.read(path, found)


def reports_of(reader: str, path: Path, accuracy: float, seed: int) -> tuple[Report, ...]:
    """Counts what a reader says of the training headlines that turned out good, and of those that turned out bad."""
    days = slice(0, path.split)
    said, first = ask(reader, path, accuracy, seed).opinion[days], np.unique(path.text[days], return_index=True)[1]
    truth = path.truth[days][first]
    return readings.reports({1: said[first][truth > 0].tolist(), -1: said[first][truth < 0].tolist()})

