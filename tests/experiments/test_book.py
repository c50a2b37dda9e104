"""'Reproduce the book': every claim holds, in slices of any size and threads of any number."""

import re

import numpy as np
import pytest

from rl.experiments.book import BOOK, bandits, prediction
from rl.experiments.book.making import AT_ONCE, Claim, Drawing, Line, Made, Mark, Reproduction, episodes_of, joined
from rl.figures.book import book_figure
from rl.trials import run_trials
from tests.experiments.test_work import CLIFF

FEWER = {  # tests/bandits/test_published.py and tests/agents/test_prediction.py test the same claims of all runs
    "fig-2-6": (bandits, "RUNS", 300), "ex-6-2": (prediction, "RUNS", 40), "fig-7-2": (prediction, "RUNS", 40),
    "fig-12-6": (prediction, "RUNS", 40)}
LONG = {"fig-2-2", "fig-2-4", "fig-2-6", "ex-4-2", "fig-6-3", "fig-6-5", "ex-6-2", "fig-7-2", "fig-12-6"}
DRAWING = Drawing("x", "y", {"a": Line(np.arange(3.0), np.array([1.0, 2.0, np.nan]))}, (Mark(1.0, 2.1, 0.2),))
HALVES = Reproduction(
    "halves", "Halves", "a test", "Nothing.", (Claim("one", 1.0, 0.5, "said"), Claim("two", 2.0, 0.0, "said")),
    lambda: [lambda i=i: i for i in range(7)], lambda found: Made((sum(found) / 14, 2.25), DRAWING))


def made(reproduction, threads=2):
    making = reproduction.begin()
    while not making.advance(0.2, threads):
        assert making.result is None and making.progress < 1
    assert making.progress == 1 and making.advance(0.2)
    return making.result


@pytest.mark.parametrize("slug", [pytest.param(slug, marks=pytest.mark.slow if slug in LONG else ()) for slug in BOOK])
def test_every_claim_holds(slug, monkeypatch):
    monkeypatch.setattr(*FEWER.get(slug, (bandits, "RUNS", bandits.RUNS)))
    reproduction = BOOK[slug]
    result = made(reproduction)
    rows = reproduction.rows(result.measured)
    assert len(rows) == len(reproduction.claims) > 0
    assert [row for row in rows if not row.holds] == []
    chart = book_figure(result.drawing)
    assert chart.to_json() and (chart.data[-1].name == "published") == bool(result.drawing.marks)


def test_a_reproduction_says_what_it_is():
    for slug, one in BOOK.items():
        assert re.fullmatch(r"(fig|ex)-\d+-\d+", slug) and one.source.startswith("Sutton & Barto, ")
        assert one.what.endswith(".") and one.title and all(claim.how and claim.tolerance >= 0 for claim in one.claims)
        assert slug.split("-", 1)[1].replace("-", ".") in one.source


def test_what_is_too_far_off_gets_no_tick():
    rows = HALVES.rows(made(HALVES).measured)
    assert [(row.measured, row.holds) for row in rows] == [(1.5, True), (2.25, False)]
    assert (rows[0].name, rows[0].published, rows[0].tolerance, rows[0].how) == ("one", 1.0, 0.5, "said")
    assert not HALVES.rows((float("nan"), 2.0))[0].holds


def test_a_slice_without_time_does_nothing_and_progress_grows():
    making = HALVES.begin()
    assert not making.advance(0.0) and making.progress == 0
    assert making.advance(10.0) and making.progress == 1


def test_jobs_are_joined_in_the_order_of_seeds():
    seeds = 2 * AT_ONCE + 1
    jobs = episodes_of([CLIFF, CLIFF.edited(50, alpha=0.9)], seeds, 4)
    first, second = joined([job() for job in jobs], 2)
    assert np.array_equal(first[:, 0], run_trials(CLIFF, range(seeds), 4).returns)
    assert first.shape == second.shape == (seeds, 2, 4) and not np.array_equal(first, second)


def test_threads_change_nothing():
    one, two = (made(BOOK["fig-8-2"], threads) for threads in (1, 3))
    assert one.measured == two.measured
    assert all(np.array_equal(one.drawing.lines[name].y, two.drawing.lines[name].y) for name in one.drawing.lines)


def test_published_numbers_stand_in_the_figure_with_their_tolerance():
    chart = book_figure(DRAWING)
    line, published = chart.data
    assert line.name == "a" and list(line.x) == [0, 1, 2]
    assert (list(published.x), list(published.y), list(published.error_y.array)) == ([1.0], [2.1], [0.2])
    assert chart.layout.xaxis.type is None
