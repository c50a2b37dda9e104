"""The prices that come with the program, and how they are cut."""

import numpy as np
import pytest

from rl.markets.series import FILE, Series, shipped, split


def test_four_papers_are_there_whole():
    papers = shipped()
    assert list(papers) == ["AAPL", "GOOG", "IBM", "MSFT"]
    for name, paper in papers.items():
        first = "2004-08-19" if name == "GOOG" else "2000-03-01"
        assert (str(paper.dates[0]), str(paper.dates[-1])) == (first, "2013-03-01")
        assert (paper.prices > 0).all() and (np.diff(paper.dates) > np.timedelta64(0, "D")).all()
    assert papers["AAPL"].prices[:2] == pytest.approx([4.1867, 3.9197])
    assert papers["IBM"].returns[0] == pytest.approx(75.7767 / 73.6677 - 1)


def test_the_data_says_where_it_comes_from():
    assert "public domain" in (FILE.parent / "README.md").read_text(encoding="utf-8").replace("\n", " ")


def test_a_cut_loses_no_day_and_shares_none():
    for paper in shipped().values():
        past, future = split(paper)
        assert past.dates[-1] < np.datetime64("2009-01-01") <= future.dates[0]
        assert np.concatenate([past.prices, future.prices]).tolist() == paper.prices.tolist()


def test_prices_are_shared_and_so_read_only():
    with pytest.raises(ValueError, match="read-only"):
        shipped()["IBM"].prices[0] = 1.0


def test_dates_and_prices_come_in_pairs():
    with pytest.raises(ValueError, match="2 dates and 1 prices"):
        Series("X", np.array(["2020-01-01", "2020-01-02"], "datetime64[D]"), np.ones(1))
