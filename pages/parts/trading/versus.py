"""With a reader against without: arms and seeds, worked out in slices so that every click is answered."""

from functools import lru_cache

import numpy as np
import streamlit as st

from pages.parts.again.again import again
from pages.parts.plot.plot import plot
from pages.parts.trading.comparison import (
    ACCURACIES,
    ACCURACY,
    ARMS,
    FORECASTS,
    HONEST,
    MEASURES,
    READS,
    RULES,
    VIEWS,
    Versus,
)
from pages.parts.trading.forecasters import forecasters
from rl.figures.trading import line_figure, seeds_figure
from rl.markets import measures, shelf
from rl.trading_study import (
    YEARS,
    Arm,
    Outcome,
    TradingStudy,
    column,
    judged,
    share_above,
    trained,
    with_seed,
)

SLICE = 0.15
"""Seconds of work before the page is drawn again, and clicks are heard."""


ANSWER = ("**Does a language model help?** Where news moves prices, as it does in the news world by construction: yes, "
          "as far as it reads right, and not because it is a language model. On four real papers, with notes on their "
          "prices to read: no. None of the arms that know nothing of the future beats buying and holding in more than "
          "a third of its seeds.")


def versus() -> None:
    """Draws what is compared, and how it comes out so far."""
    st.markdown(ANSWER)
    now = st.session_state.setdefault("trading.versus", Versus())
    _choices(now)
    if now.view == FORECASTS:
        forecasters()
    else:
        _results(now)


def _choices(now: Versus) -> None:
    view, market, seeds, measure = st.columns([3, 2, 2, 2], vertical_alignment="bottom")
    view.segmented_control("show", VIEWS, default=now.view, key="versus.view", required=True, width="stretch",
                           help="Arms side by side, how good a reader has to be, or how good the readers are.",
                           on_change=lambda: _set(now, "view"))
    market.selectbox("market", shelf.MARKETS, shelf.MARKETS.index(now.market), key="versus.market",
                     help="Each seed has a path of its own in markets we made.", on_change=lambda: _set(now, "market"))
    seeds.slider("seeds", 20, 100, now.seeds, 10, key="versus.seeds", help="More seeds say more, and take longer.",
                 on_change=lambda: _set(now, "seeds"))
    measure.selectbox("measure", list(MEASURES), list(MEASURES).index(now.measure), key="versus.measure",
                      help="Of the test days, costs paid, bonus and potential left out.",
                      on_change=lambda: _set(now, "measure"))
    if now.view == ARMS:
        names = [name for name, _, _ in READS] + list(RULES)
        st.pills("arms", names, selection_mode="multi", default=list(now.chosen), key="versus.chosen", wrap=True,
                 help="What is compared. Learners are Q-learning at its usual settings, 400 years of training days.",
                 on_change=lambda: setattr(now, "chosen", tuple(st.session_state["versus.chosen"])))


def _set(now: Versus, name: str) -> None:
    setattr(now, name, st.session_state[f"versus.{name}"])


@st.fragment
def _results(now: Versus) -> None:
    """Works for a slice of time and draws how things stand; the browser asks for the next when it has drawn this."""
    study = now.study()
    if study.progress < 1:
        study.advance(SLICE)
    done = study.progress == 1
    st.progress(study.progress, text=f"{now.seeds} seeds of {len(study.arms)} arms, {YEARS} years each" if done
                else f"{study.progress:.0%} of {now.seeds} seeds of {len(study.arms)} arms")
    if now.view == ACCURACY:
        _accuracy(now, study)
    else:
        _arms(now, study, done)
    now.slices += 1
    again("versus.again", None if done else now.slices)


def _arms(now: Versus, study: TradingStudy, done: bool) -> None:
    if not study.arms:
        st.info("Choose an arm, or several.", icon=":material/stacked_line_chart:")
        return
    found = {arm.name: study.of(i) for i, arm in enumerate(study.arms)}
    name = MEASURES[now.measure]
    dots = {arm: column(outcomes, name) for arm, outcomes in found.items()}
    plot(seeds_figure(dots, f"{now.measure} on the test days, a dot a seed", 0.0), "versus.dots",
         "All seeds of all arms.")
    st.markdown(_table(found, study, done))
    st.caption(_verdict(now, found))


def _table(found: dict[str, list[Outcome]], study: TradingStudy, done: bool) -> str:
    head = ("| arm | log wealth | Sharpe | drawdown | turnover | costs | beat buy and hold | Sharpe of seed 0, 95 % |\n"
            "|---|--:|--:|--:|--:|--:|--:|--:|\n")
    rows = []
    for arm in study.arms:
        outcomes = found[arm.name]
        if not outcomes:
            continue
        middle = {name: float(np.median(column(outcomes, name))) for name in Outcome._fields}
        low, high = interval(arm) if done else (np.nan, np.nan)
        rows.append(f"| {arm.name} | {_n(middle['log_wealth'])} | {_n(middle['sharpe'])} | {middle['drawdown']:.0%} | "
                    f"{middle['turnover']:.2f} | {middle['costs']:.0%} | {share_above(outcomes):.0%} of seeds | "
                    f"{_n(low)} to {_n(high)} |")
    return head + "\n".join(rows)


@lru_cache(maxsize=128)
def interval(arm: Arm) -> tuple[float, float]:
    """Returns the block-bootstrap interval of the Sharpe ratio of seed 0: what its days alone leave open."""
    arm = with_seed(arm, 0)
    found = judged(arm.world, arm.agent, trained(arm, 0, YEARS).memory, 0)
    return measures.block_interval(found.earned, measures.sharpe, 0, draws=400)


def _n(x: float) -> str:
    return "–" if np.isnan(x) else f"{x:.2f}".replace("-", "−")


def _verdict(now: Versus, found: dict[str, list[Outcome]]) -> str:
    says = ("Medians over the seeds. The last column draws blocks of 20 test days of one seed again and again: what "
            "five years of days leave open, before any luck of learning.")
    if now.market in shelf.REAL:
        beat = max((share_above(found[name]) for name in HONEST if found.get(name)), default=0.0)
        says += (f" One real paper is one path: seeds differ by their luck in learning alone. Of those who know "
                 f"nothing of the future the best arm beats buying and holding in {beat:.0%} of its seeds; try the "
                 "other papers before you believe in it. “Perfect” and “inverted” know tomorrow, which nobody does.")
    if now.market == "random walk":
        says += " There is nothing to learn in a random walk: every trade is a cost."
    return says


def _accuracy(now: Versus, study: TradingStudy) -> None:
    lines = {}
    for k, name in enumerate(("seen", "decides")):
        outcomes = [study.of(k * len(ACCURACIES) + i) for i in range(len(ACCURACIES))]
        ready = [i for i, some in enumerate(outcomes) if some]
        up = np.array([np.median(column(outcomes[i], MEASURES[now.measure])) for i in ready])
        lines[name] = (np.array(ACCURACIES)[ready], up)
    plot(line_figure(lines, "how often the reader is right", f"median {now.measure}"), "versus.accuracy",
         "What a reader of each accuracy is worth.")
    st.caption("A reader who is right half the time is worth nothing. One who is always wrong is worth as much as one "
               "who is always right, to an agent that sees what it says and learns what it means; where it decides by "
               "itself, it ruins.")
