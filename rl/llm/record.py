"""Record what a real model, and a word list, answer to all texts that are shipped: ``make record``.

What is recorded is read by `rl.markets.readers`, so that everybody meets the same model without having it.
"""

import argparse
import datetime
import importlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rl.llm import local_model
from rl.llm.few_shot import log_odds, prompt_hash, score_of
from rl.llm.transport import Transport
from rl.markets.headlines import TRAIN, all_headlines
from rl.markets.notes import NOTES
from rl.markets.readers import FOLDER, key_of

DIGITS = 4
VADER = "VADER (vaderSentiment)"


def texts() -> list[str]:
    """Lists all shipped texts: headlines, then notes on a price."""
    return [headline.text for headline in all_headlines()] + list(NOTES)


def record_model(base: str) -> dict[str, Any]:
    """Asks the local model about every text. Its bias is the mean log-odds of the training headlines.

    As many of them are good as bad, so an unbiased reader's would be near 0; notes on a price have a bias of their own.
    """
    transport = Transport(base, deadline=60)
    odds = {text: log_odds(transport, local_model.NAME, text) for text in texts()}
    early = [headline.text for headline in all_headlines() if headline.split == TRAIN]
    bias = {**dict.fromkeys(odds, _mean_odds(odds, early)), **dict.fromkeys(NOTES, _mean_odds(odds, list(NOTES)))}
    answers = {key_of(text): {"score": round(score_of(up, down, bias[text]), DIGITS), "up": round(up, DIGITS),
                              "down": round(down, DIGITS)} for text, (up, down) in odds.items()}
    return {"model": local_model.NAME, "weights_sha256": local_model.weights_hash(), "prompt_sha256": prompt_hash(),
            "threads": 1, "bias": round(_mean_odds(odds, early), DIGITS),
            "bias_of_notes": round(_mean_odds(odds, list(NOTES)), DIGITS), "answers": answers}


def _mean_odds(odds: dict[str, tuple[float, float]], of: list[str]) -> float:
    return sum(odds[text][0] - odds[text][1] for text in of) / len(of)


def record_words(score: Callable[[str], float]) -> dict[str, Any]:
    """Records a word list's score of every text."""
    return {"model": VADER, "answers": {key_of(text): {"score": round(score(text), DIGITS)} for text in texts()}}


def write(found: dict[str, Any], name: str, folder: Path) -> None:
    """Writes a recording, dated; the same answers on the same day are the same bytes."""
    dated = {"recorded": datetime.date.today().isoformat(), **found}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(dated, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Records both."""
    parser = argparse.ArgumentParser(description="Record the answers of SmolLM2 and VADER to all shipped texts.")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where to write them")
    folder = parser.parse_args().folder
    words = importlib.import_module("vaderSentiment.vaderSentiment").SentimentIntensityAnalyzer()
    write(record_words(lambda text: words.polarity_scores(text)["compound"]), "vader", folder)
    server = local_model.serve(local_model.free_port())
    write(record_model(local_model.base_of(server)), "smollm2", folder)


if __name__ == "__main__":
    main()
