"""Trading, with a language model to ask: whether it helps, worked through honestly."""

import streamlit as st

from pages.parts import lesson
from pages.parts.controls import controls
from pages.parts.seat import live_stage, seat
from pages.parts.trading.ask import ask
from pages.parts.trading.charts import charts
from pages.parts.trading.fooled import fool
from pages.parts.trading.own_prices import own_prices
from pages.parts.trading.player import KINDS, TradingPlayer
from pages.parts.trading.versus import versus
from rl.agents.market.q_learning import TradingQLearning
from rl.envs.trading import Trading
from rl.lessons.trading import LESSON
from rl.link import View
from rl.timeline import Timeline

PAGE = {"title": "Trading with an LLM", "icon": ":material/candlestick_chart:", "order": 60}
PRESET = View(Timeline(Trading(), TradingQLearning(), 1), 25_300, 25_300)
FRONT = ["epsilon", "alpha", "gamma"]
ADVICE = "This is a lesson about reinforcement learning and about being fooled. It is no investment advice."


@st.fragment
def lab() -> None:
    """The market on its stage, its knobs and what the agent makes of days nobody learned from."""
    me = seat("trading", PRESET, TradingPlayer)
    left, right = st.columns([11, 9], gap="medium")
    with right:
        controls(me, FRONT, KINDS)
        own_prices(me)
        charts(me)
    with left:
        live_stage(me, "trading")


TABS = {"Market and agent": lab, "Ask the analyst": st.fragment(ask), "With against without": st.fragment(versus),
        "Ways to fool yourself": st.fragment(fool)}

lesson.heading(LESSON)
for tab, draw in zip(st.tabs(list(TABS), key="trading.tabs", on_change="rerun"), TABS.values(), strict=True):
    if tab.open:
        with tab:
            draw()
st.caption(ADVICE)
lesson.below(LESSON, seat("trading", PRESET, TradingPlayer))
