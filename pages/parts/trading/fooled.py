"""Ways to fool yourself: each is a switch, and what it does is seen beside what comes after."""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import streamlit as st

from rl import fooled
from rl.fooled import Shown


class Way(NamedTuple):
    """A way to fool yourself: its switch, what it does, and the two results, as they are told and as they turn out."""

    key: str
    title: str
    says: str
    told: Callable[[bool], Shown]


def ways() -> list[Way]:
    """Lists them."""
    return [
        Way("peek", "See tomorrow", "What is seen includes the day that is decided about: a column shifted by one row. "
            "In a random walk, where there is nothing to learn.", fooled.look_ahead),
        Way("costs", "Leave out the costs", "Six days in ten repeat the last one's sign. Here a trade costs 0.4 %, "
            "unless that is left out.",
            fooled.no_costs),
        Way("bins", "Cut it finer", "50 bins of the past month instead of 3: every odd day gets a state of its own, "
            "and its luck is learned by heart.", fooled.too_many_states),
        Way("best", "Keep the best of 500", "500 policies made of dice; the best on the training days is shown.",
            fooled.best_of_many),
        Way("seed", "Show one seed", "20 seeds learn the same thing. Show the one that did best on the test days.",
            fooled.one_seed),
        Way("train", "Learn from the test days", "The days that are to judge are the days that were learned from.",
            fooled.trained_on_the_test),
        Way("memory", "Ask a model that remembers", "A reader that has read what happened up to the middle of the test "
            "days answers about a past it knows.", fooled.one_that_remembers),
    ]


def fool() -> None:
    """Draws a card for each way."""
    st.markdown("Each switch makes a result look better. What is told is on the left; what came of it, on days that "
                "nobody has touched, on the right. All numbers are Sharpe ratios: 0.5 is good, 1 is very good.")
    listed = ways()
    for pair in zip(listed[::2], [*listed[1::2], None], strict=False):
        for place, way in zip(st.columns(2), pair, strict=True):
            if way is not None:
                with place.container(border=True, height="stretch"):
                    _card(way)


def _card(way: Way) -> None:
    on = st.toggle(f"**{way.title}**", key=f"fool.{way.key}", help="Fool yourself, or do not.")
    st.markdown(way.says)
    found = shown(way.key, on)
    told, truth = st.columns(2)
    told.metric(found.told_as, _number(found.told), help="Median Sharpe ratio, as it would be reported.")
    truth.metric(found.truth_as, _number(found.truth), help="Median Sharpe ratio of the same policies.")
    st.caption(found.says)


@lru_cache(maxsize=32)
def shown(key: str, on: bool) -> Shown:
    """Returns what a card shows; worked out once for all who look."""
    return next(way for way in ways() if way.key == key).told(on)


def _number(x: float) -> str:
    return "–" if np.isnan(x) else f"{x:.2f}".replace("-", "−")
