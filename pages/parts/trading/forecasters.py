"""How good the readers themselves are: on headlines no agent has learned from."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import streamlit as st

from pages.parts.plot.plot import plot
from rl.figures.trading import line_figure
from rl.markets import readers
from rl.markets.headlines import TEST, all_headlines
from rl.markets.measures import Calibration, brier, calibration
from rl.markets.readings import opinion_of

ASKED = {"SmolLM2": readers.MODEL, "word list (VADER)": readers.WORDS, "rules": readers.RULES}


class Forecast(NamedTuple):
    """How a reader did on the test headlines."""

    auc: float
    paired: float  # AUC on those in minimal pairs
    right: float  # share of its opinions that were right, those of neither left out
    asked: float  # share of headlines it had an opinion of
    brier: float
    calibration: Calibration


@lru_cache(maxsize=8)
def forecast(reader: str) -> Forecast:
    """Scores a reader; its chance of good news is (score + 1) / 2."""
    late = [headline for headline in all_headlines() if headline.split == TEST]
    score, truth = readers.scores(reader, tuple(one.text for one in late)), np.array([one.truth for one in late])
    pair, opinion, good = np.array([one.pair != "" for one in late]), opinion_of(score), (truth > 0).astype(np.float64)
    said = opinion != 0
    return Forecast(_auc(score, truth), _auc(score[pair], truth[pair]), float(np.mean((opinion == truth)[said])),
                    float(said.mean()), brier((score + 1) / 2, good), calibration((score + 1) / 2, good, 5))


def _auc(score: np.ndarray, truth: np.ndarray) -> float:
    """Returns the chance that a good headline has the higher score of a good and a bad one, ties counting half."""
    up, down = score[truth > 0], score[truth < 0]
    return float(np.mean((up[:, None] > down) + 0.5 * (up[:, None] == down)))


def forecasters() -> None:
    """Draws how often what readers say comes true, and lists their scores."""
    found = {name: forecast(reader) for name, reader in ASKED.items()}
    lines = {name: (one.calibration.said, one.calibration.happened) for name, one in found.items()}
    plot(line_figure(lines, "chance of good news, as said", "as it happened", diagonal=True), "versus.calibration",
         "How often what each reader says comes true.")
    head = "| reader | AUC | AUC, minimal pairs | right | has an opinion | Brier score |\n|---|--:|--:|--:|--:|--:|\n"
    st.markdown(head + "\n".join(
        f"| {name} | {one.auc:.2f} | {one.paired:.2f} | {one.right:.0%} | {one.asked:.0%} | {one.brier:.3f} |"
        for name, one in found.items()))
    st.caption("The 120 test headlines; half are in minimal pairs, nearly the same words and the opposite news. An AUC "
               "of 0.5 is guessing. Always saying one half has a Brier score of 0.25. The rules were written by "
               "somebody who had read these headlines, so that they do well says little.")
