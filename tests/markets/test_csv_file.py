"""Any file is prices, or one sentence that says what is wrong with it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rl.envs.trading import FILE, Trading
from rl.markets import shelf
from rl.markets.csv_file import FEWEST_DAYS, read_csv

DATES = [str(day) for day in np.datetime64("2015-01-01") + np.arange(FEWEST_DAYS)]


def file(rows=None, header="date,A", separator=","):
    lines = rows or [f"{day}{separator}{100 + i % 7}" for i, day in enumerate(DATES)]
    return "\n".join([header.replace(",", separator), *lines])


def with_line(number, line):
    rows = file().split("\n")
    rows[number - 1] = line
    return "\n".join(rows)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encode", [lambda text: text.encode(), lambda text: b"\xef\xbb\xbf" + text.encode(),
                                    lambda text: text.replace("\n", "\r\n").encode() + b"\r\n\r\n"],
                         ids=["plain", "bom", "dos"])
def test_a_good_file_is_read_as_it_is(separator, encode):
    (found,) = read_csv(encode(file(separator=separator)))
    assert (found.name, len(found), str(found.dates[1])) == ("A", FEWEST_DAYS, "2015-01-02")
    assert found.prices[:8].tolist() == [100, 101, 102, 103, 104, 105, 106, 100]


def test_several_columns_are_several_series_and_each_is_a_market():
    rows = [f"{day},{100 + i},{300 - i / 2}" for i, day in enumerate(DATES)]
    found = read_csv(file(rows, "date,up,down").encode())
    assert [one.name for one in found] == ["up", "down"] and (np.diff(found[1].prices) < 0).all()
    world = Trading(market=FILE, file=shelf.put(found[0]))
    assert world.path.name == "up" and (world.path.growth > 0).all() and world.shape[1] == 3


BAD = {
    "latin": (file().encode() + "é".encode("latin-1"), "UTF-8"),
    "empty": (b"", "0 lines of prices"),
    "short": (file().encode()[:2000], "at least 400"),
    "huge": (b"x" * 5_000_001, "5 are the most"),
    "one column": ("\n".join(["date", *DATES]).encode(), "one column only"),
    "no name": (file(header="date,").encode(), "name of its own"),
    "cells": (with_line(9, "2015-01-08,1,2").encode(), "Line 9 has 3 cells"),
    "date": (with_line(9, "8/1/2015,100").encode(), "Line 9 begins with '8/1/2015'"),
    "no such day": (with_line(9, "2015-02-30,100").encode(), "Line 9"),
    "order": (with_line(9, "2014-01-01,100").encode(), "Line 9 is not later"),
    "twice": (with_line(9, "2015-01-07,100").encode(), "Line 9 is not later"),
    "doubles": (with_line(9, "2015-01-08,250").encode(), "short would lose everything"),
    "gap": (with_line(401, "2019-01-07,100").encode(), "Before line 401"),
    **{text: (with_line(9, f"2015-01-08,{text}").encode(), "Line 9 has")
       for text in ("0", "-5", "nan", "inf", "abc", "", "1_000", "1e300")},
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_in_a_sentence_that_says_where(name):
    data, says = BAD[name]
    with pytest.raises(ValueError) as refused:
        read_csv(data)
    assert says in str(refused.value) and str(refused.value).endswith(".") and "\n" not in str(refused.value)


@given(st.binary(max_size=300) | st.integers(0, 8000).flatmap(lambda place: st.binary(min_size=1, max_size=9).map(
    lambda junk: file().encode()[:place] + junk + file().encode()[place:])))
def test_any_bytes_are_prices_or_a_sentence(data):
    try:
        found = read_csv(data)
    except ValueError as wrong:
        refused = str(wrong)
    else:
        assert all((one.prices > 0).all() and (np.diff(one.dates).astype(int) > 0).all() for one in found)
        return
    assert refused.endswith(".") and len(refused) < 200
