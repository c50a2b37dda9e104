"""What stands beside the market: wealth on days nobody learned from, what is held when, and what an opinion changes."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
import streamlit as st

from pages.parts.charts import curve
from pages.parts.plot.plot import plot
from pages.parts.trading.player import TradingPlayer
from rl.agents.market.rule import BEST, FixedRule
from rl.envs.trading import Trading
from rl.figures.trading import equity_figure, line_figure, policy_map
from rl.markets.influence import share_changed
from rl.markets.sights import OPINIONS
from rl.markets.trading import USES
from rl.mdp import Floats
from rl.trading_study import Backtest, chances_of, held, judged, test_days

WEIGHTS = (0.0, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0)
RED = ":red[**A bonus changes what is best to do**: the agent comes to please the reader.]"
FORMULAS = {
    "not at all": "Nobody is asked.",
    "observation": "The answer is seen: the state is (what is seen, opinion, position).",
    "adjustment": "held = round((1 − w) · yours + w · e), opinion e = −1, 0, 1: at w = ½ a veto, from 1 on it decides.",
    "bonus": "R′ = R + w · 1 % · e · position. " + RED,
    "potential": "R′ = R + γΦ(s′) − Φ(s) with Φ = w · 1 % · e · position: what is best stays best (Ng et al., 1999).",
}


def charts(me: TradingPlayer) -> None:
    """Draws the chart whose tab is open, and says what it shows."""
    draw = {"Test days": equity, "Policy": policy, "Opinion": influence, "Return": returns}
    for tab, name in zip(st.tabs(list(draw), key="trading.charts", on_change="rerun"), draw, strict=True):
        if tab.open:
            with tab:
                draw[name](me)


def equity(me: TradingPlayer) -> None:
    """Goes through the test days with the policy of this moment, beside buying and holding and the optimum."""
    env, run = me.timeline.settings(me.t).env, me.timeline.at(me.t)
    mine = judged(env, run.agent, run.memory, run.seed)
    lines = {run.agent.short or run.agent.title: mine, "buy and hold": held(env), _optimum_name(env): best(env)}
    first, end = test_days(env)
    dates = None if env.path.dates is None else env.path.dates[first : end + 1]
    wealth = {name: np.exp(np.concatenate([[0.0], np.cumsum(one.earned)])) for name, one in lines.items()}
    plot(equity_figure(wealth, dates), "trading.equity", "Wealth on the test days.")
    st.markdown(_table(lines))
    st.caption(f"{end - first:,} days after the training days, gone through once, greedily, with what was learned up "
               "to the moment shown. Costs are paid; bonus and potential do not count. One seed says little: see “With "
               "against without”.")


def _optimum_name(env: Trading) -> str:
    return "optimum" if env.law.exact else "best on training days"


@lru_cache(maxsize=64)
def best(env: Trading) -> Backtest:
    """Goes through the test days by the optimum of the market's law."""
    agent = FixedRule(rule=BEST)
    plain = replace(env, use="observation") if env.use in ("bonus", "potential") else env
    return judged(plain, agent, agent.new_memory(plain.model, 0), 0)


def _table(lines: dict[str, Backtest]) -> str:
    head = "| | wealth | Sharpe | drawdown | turnover | costs |\n|---|--:|--:|--:|--:|--:|\n"
    return head + "\n".join(
        f"| {name} | {np.exp(one.log_wealth):.2f} | {_number(one.sharpe)} | {one.drawdown:.0%} | {one.turnover:.2f} | "
        f"{one.costs:.0%} |" for name, one in lines.items())


def _number(x: float) -> str:
    return "–" if np.isnan(x) else f"{x:.2f}".replace("-", "−")


def policy(me: TradingPlayer) -> None:
    """Draws what is held next, for all that can be seen and held."""
    env, run = me.timeline.settings(me.t).env, me.timeline.at(me.t)
    optimum = st.toggle("Show the optimum instead", key="trading.optimum",
                        help="What is best under the law of the market: exact where the market is one we made, counted "
                             "on training days elsewhere.")
    chances = chances_of(run.memory, run.agent)
    if optimum:
        agent = FixedRule(rule=BEST)
        chances = agent.policy(env.model)
    position = chances @ np.array([-1.0, 0.0, 1.0])
    met = run.memory.visits.sum(axis=1) > 0 if not optimum else np.repeat(env.law.start > 0, 3)
    columns, rows = axes(env)
    plot(policy_map(np.where(met, position, np.nan).reshape(len(rows), len(columns), 3), rows, columns),
         "trading.policy", "The position taken in every state.")
    st.caption("Red is short, grey flat, blue long; white was never met. Down: what the reader says. Across: what is "
               "seen of the market. The three pictures: what was held before, since changing it costs.")


def axes(env: Trading) -> tuple[list[str], list[str]]:
    """Names what is seen of the market, and what a reader says."""
    names = env.sights.names
    if env.use == USES[0]:
        return list(names), ["nobody asked"]
    bins = len(names) // len(OPINIONS)
    return [name.split(";")[0] for name in names[:bins]], list(OPINIONS)


def influence(me: TradingPlayer) -> None:
    """Draws in how many states each use of the opinion changes what is best, by its weight."""
    env, agent = me.timeline.settings(me.t)[1:]
    st.markdown(f"**{env.use}**: {FORMULAS[env.use]}")
    gamma = min(agent.discount, 0.99)
    seen = replace(env, use="observation", weight=0.0)
    found = {use: (np.array(WEIGHTS), shares(seen, use, gamma)) for use in USES[1:]}
    plot(line_figure(found, "weight w", "share of states changed"), "trading.influence",
         "How many states' best positions each use changes.")
    law = "known" if env.law.exact else "counted on the training days"
    st.caption(f"Solved exactly, with the opinion and without, under the law of this market, which is {law}; states "
               "that never occur are left out. A potential changes none, whatever it says.")


@lru_cache(maxsize=128)
def shares(env: Trading, use: str, gamma: float) -> Floats:
    """Returns the share of states whose best position changes, for each of `WEIGHTS`."""
    return np.array([share_changed(env.law, env.cost, USES.index(use), weight, gamma) for weight in WEIGHTS])


def returns(me: TradingPlayer) -> None:
    """Draws the return of each year that was learned from."""
    chart = curve("Return", me.timeline, me.t, me.end)
    if chart is not None:
        plot(chart, "trading.returns", "Log wealth of each year.")
    st.caption("Log of what each year of training made of wealth, exploration and costs included, beside many seeds. "
               "These days are learned from again and again: nothing here says how the agent will do on others.")
