"""Prices of a learner's own: a file, or a ticker where the extra is installed."""

from dataclasses import replace

import streamlit as st

from pages.parts.escape import plain
from pages.parts.trading.player import TradingPlayer
from rl.envs.trading import FILE, Trading
from rl.markets import shelf
from rl.markets.csv_file import read_csv
from rl.markets.live_prices import fetch
from rl.markets.series import Series

SAYS = ("A CSV with a header: dates as 2024-01-31 in the first column, oldest first, and a column of prices for each "
        "paper. It stays on this server for as long as it runs, and a link leads to it only until then.")


def own_prices(me: TradingPlayer) -> None:
    """Offers to open a file, or to fetch a ticker, and shows its first series as the market."""
    with st.popover("Open prices", icon=":material/upload_file:", help="Trade prices of your own."):
        st.caption(SAYS)
        file = st.file_uploader("prices (CSV)", type=["csv", "txt"], key="prices.file", max_upload_size=5,
                                help="At most 5 MB.")
        ticker = st.text_input("or a ticker", key="prices.ticker", max_chars=20, placeholder="AAPL",
                               help="Asks Yahoo, where the package yfinance is installed.")
        wanted = st.button("Fetch", key="prices.fetch", icon=":material/download:", help="Asks Yahoo for this ticker.")
        found = _series(file, ticker if wanted else "")
        if found:
            _choose(me, found)


def _series(file: object, ticker: str) -> list[Series]:
    """Reads what was given; a sentence is shown where that cannot be."""
    try:
        if ticker:
            st.session_state["prices.found"] = [fetch(ticker)]
        elif file is not None and st.session_state.get("prices.read") != file.file_id:  # type: ignore[attr-defined]
            st.session_state["prices.read"] = file.file_id  # type: ignore[attr-defined]
            st.session_state["prices.found"] = read_csv(file.getvalue())  # type: ignore[attr-defined]
    except ValueError as wrong:
        st.session_state["prices.found"] = []
        st.warning(plain(str(wrong)))
    found: list[Series] = st.session_state.get("prices.found", [])
    return found


def _choose(me: TradingPlayer, found: list[Series]) -> None:
    names = [one.name for one in found]
    picked = st.selectbox("column", range(len(names)), key="prices.column", format_func=lambda i: names[i],
                          help="Which of its prices to trade.")
    if st.button("Trade this", key="prices.trade", type="primary", help="Learning starts anew with these prices."):
        world = me.env
        assert isinstance(world, Trading)
        me.set(env=replace(world, market=FILE, file=shelf.put(found[picked])))
        st.rerun()
