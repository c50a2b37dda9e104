"""'Reproduce the book': one click a figure, drawn beside what was published."""

import os

import streamlit as st

from pages.parts.again.again import again
from pages.parts.experiments.lab import Lab
from pages.parts.plot.plot import plot
from rl.experiments.book import BOOK
from rl.experiments.book.making import Made, Reproduction, Row
from rl.figures.book import book_figure

SLICE = 0.4
"""Seconds of work between two looks at the page."""
MADE: dict[str, Made] = {}
"""What was made since the server started: the same for everybody."""
TICK, CROSS = ":green[:material/check_circle:]", ":red[:material/cancel:]"


def book(lab: Lab) -> None:
    """Draws the list of reproductions, and the one that was asked for."""
    left, right = st.columns([4, 8], gap="medium")
    with left:
        for one in BOOK.values():
            done = f"{TICK if _holds(one) else CROSS} " if one.slug in MADE else ""
            st.button(f"{done}{one.title}", key=f"book.{one.slug}", width="stretch", help=f"{one.source}. {one.what}",
                      on_click=_begin, args=(lab, one), type="primary" if lab.book == one.slug else "secondary")
    with right:
        _work(lab)


def _holds(one: Reproduction) -> bool:
    return all(row.holds for row in one.rows(MADE[one.slug].measured))


def _begin(lab: Lab, one: Reproduction) -> None:
    lab.book = one.slug
    lab.making = None if one.slug in MADE else one.begin()


@st.fragment
def _work(lab: Lab) -> None:
    """Works for a slice of time and draws how things stand; the browser asks for the next slice."""
    if lab.book not in BOOK:
        st.info("Choose a figure: it is made again here, from scratch, and held against the published numbers.")
        return
    one = BOOK[lab.book]
    st.markdown(f"**{one.title}**, {one.source}. {one.what}")
    if lab.making is not None and lab.making.of is one and lab.making.advance(SLICE, os.cpu_count() or 1):
        assert lab.making.result is not None
        MADE[one.slug], lab.making = lab.making.result, None
        st.rerun()  # the list gets its tick
    if one.slug in MADE:
        _show(one, MADE[one.slug])
    elif lab.making is not None:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.progress(lab.making.progress, text=f"{lab.making.progress:.0%} of the work")
            st.button("Cancel", key="book.cancel", icon=":material/stop:", on_click=_cancel, args=(lab,),
                      help="Stops; what was done is thrown away.")
    else:
        st.info("Cancelled. Choose it again to begin anew.")
    lab.turns += 1
    again("book.again", lab.turns if lab.making is not None else None)


def _cancel(lab: Lab) -> None:
    lab.making = None


def _show(one: Reproduction, made: Made) -> None:
    rows = one.rows(made.measured)
    head = ["| | | published | measured here | tolerance | which is |", "|-|-|-|-|-|-|"]
    st.markdown("\n".join([*head, *map(_line, rows)]))
    plot(book_figure(made.drawing), f"book.figure.{one.slug}", f"{one.title}, made again, and the published numbers.")


def _line(row: Row) -> str:
    name = row.name.replace("|", "∣")
    return (f"| {TICK if row.holds else CROSS} | {name} | {row.published:.6g} | {row.measured:.5g} | "
            f"± {row.tolerance:.3g} | {row.how.replace('|', '∣')} |")
