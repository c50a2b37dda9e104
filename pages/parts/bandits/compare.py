"""Algorithms against each other over thousands of runs, worked out in slices so that every click is answered."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from time import perf_counter
from typing import Any

import streamlit as st
from streamlit.errors import StreamlitAPIException

from pages.parts.bandits.charts import SAYS, TABS, bound, lowest
from pages.parts.bandits.controls import ALGORITHMS, front, testbed
from pages.parts.bandits.player import ArmsPlayer
from pages.parts.knobs import knob_widgets
from pages.parts.plot.plot import plot
from rl.agents.bandits.base import Bandit
from rl.bandit_study import Study
from rl.figures.bandits import parameter_figure, study_figure
from rl.parameter_study import ParameterStudy

SLICE = 0.15
"""Seconds of work before the page is drawn again, and clicks are heard."""
REDRAW = 0.6
"""Seconds between two charts of unfinished results."""
STEPS = 1000
RUNS = (100, 500, 2000)
NEW, SAME = "a new bandit every run", "this very bandit every run"
FIRST = ("greedy", "eps", "ucb", "thompson")
SWEPT = "The average reward over the first 1,000 pulls, by each algorithm's parameter (S&B Figure 2.6)."


@dataclass
class Comparison:
    """What a session compares."""

    agents: dict[str, Bandit] = field(default_factory=lambda: {slug: kind() for slug, kind in ALGORITHMS.items()})
    chosen: tuple[str, ...] = FIRST
    runs: int = RUNS[-1]
    bandits: str = NEW
    sweep: bool = False
    drawn: tuple[Any, float, Any] = (None, 0.0, None)  # the chart on screen: of what, since when
    cancelled: Any = None  # what was given up: it is taken up again when anything is changed

    def figure(self, of: Any, finished: bool, make: Callable[[], Any]) -> Any:
        """Returns the chart of something, made anew only now and then while it is being worked out: that takes time."""
        now = perf_counter()
        if finished or self.drawn[0] != of or now - self.drawn[1] > REDRAW:
            self.drawn = of, now, make().update_layout(height=400)
        return self.drawn[2]

    def turn(self, slug: str, name: str, value: Any) -> None:
        """Takes one knob of one algorithm; what it cannot have is passed over."""
        try:
            self.agents[slug] = replace(self.agents[slug], **{name: value})
        except ValueError:
            return

    def stands(self, me: ArmsPlayer) -> Any:
        """Names what is worked out now."""
        return me.bandit, me.env, self.runs, self.bandits, self.sweep, tuple(self.agents[slug] for slug in self.chosen)

    def study(self, me: ArmsPlayer) -> Study | ParameterStudy:
        """Returns the study of what is set now; what was worked out before is remembered."""
        sizes = {"runs": self.runs, "steps": STEPS, "same_arms": self.bandits == SAME, "seed": me.timeline.seed}
        if self.sweep:
            return ParameterStudy(me.env, **sizes)
        return Study(me.env, tuple(self.agents[slug] for slug in self.chosen), **sizes)


def compare(me: ArmsPlayer) -> None:
    """Draws what is compared and how it comes out so far, and works on it for a slice of time."""
    now = st.session_state.setdefault("bandits.comparison", Comparison())
    left, right = st.columns([11, 9], gap="medium")
    with right:
        testbed(me)
        _sizes(now)
        _algorithms(now)
    with left:
        if now.chosen or now.sweep:
            _results(me, now)
        else:
            st.info("Choose an algorithm, or several.", icon=":material/stacked_line_chart:")


def _sizes(now: Comparison) -> None:
    shown = {"runs": now.runs, "bandits": now.bandits, "chosen": list(now.chosen)}
    for name, value in shown.items():  # Streamlit forgets what a widget showed while it was away
        st.session_state.setdefault(f"compare.{name}", value)
    one, two = st.columns([2, 3])
    one.segmented_control("runs", RUNS, key="compare.runs", required=True, width="stretch",
                          format_func=lambda n: f"{n:,}", on_change=lambda: _set(now, "runs"),
                          help="How many runs of 1,000 pulls are averaged. Few are quick and say little.")
    two.selectbox("pulling at", (NEW, SAME), key="compare.bandits", on_change=lambda: _set(now, "bandits"),
                  help="New arms in every run say how good an algorithm is in general; the arms of this seed, with new "
                       "luck in every run, how good it is here.")


def _set(now: Comparison, name: str) -> None:
    setattr(now, name, st.session_state[f"compare.{name}"] or getattr(now, name))


def _algorithms(now: Comparison) -> None:
    st.pills("algorithms", list(ALGORITHMS), selection_mode="multi", key="compare.chosen",
             format_func=lambda slug: ALGORITHMS[slug].title, on_change=lambda: _choose(now),
             help="Which algorithms are compared. Their knobs are below.", wrap=True)
    for slug in now.chosen:
        names = front(now.agents[slug])[:2]
        first, *rest = st.columns([2, 3, 3], vertical_alignment="center")
        first.markdown(f"**{ALGORITHMS[slug].title}**")
        for column, name in zip(rest, names, strict=False):
            with column:
                knob_widgets(f"compare.{slug}", now.agents[slug], [name], partial(now.turn, slug))


def _choose(now: Comparison) -> None:
    chosen = st.session_state["compare.chosen"]
    now.chosen, now.sweep = tuple(slug for slug in ALGORITHMS if slug in chosen), False


def _results(me: ArmsPlayer, now: Comparison) -> None:
    study = now.study(me)
    stands = now.stands(me)
    working = now.cancelled != stands
    if working and study.progress == 0:
        study.advance(SLICE / 3)
    finished = study.progress == 1
    _bar(now, study.progress, finished, working, stands)
    if isinstance(study, ParameterStudy):
        plot(now.figure(stands, finished, lambda: parameter_figure(study.results())), "compare.sweep", SWEPT)
        st.caption(f"{SWEPT} Each curve has its hill: too little exploring is as bad as too much.")
    else:
        _curves(me, now, study, finished)
    if working and not finished:  # after drawing, so that nothing on the page waits for it
        study.advance(SLICE)
        go_on()


def _bar(now: Comparison, progress: float, finished: bool, working: bool, stands: Any) -> None:
    words, button, sweep = st.columns([5, 3, 4], vertical_alignment="center")
    share = f"{progress:.0%} of {now.runs:,} runs{'' if working else ', stopped'}"
    words.progress(progress, text=f"{now.runs:,} runs of {STEPS:,} pulls" if finished else share)
    if working and not finished:
        button.button("Cancel", key="compare.cancel", icon=":material/stop:", width="stretch",
                      on_click=lambda: setattr(now, "cancelled", stands))
    elif not finished:
        button.button("Go on", key="compare.go_on", icon=":material/play_arrow:", width="stretch",
                      on_click=lambda: setattr(now, "cancelled", None))
    name = "Back to the curves" if now.sweep else "Parameter study"
    sweep.button(name, key="compare.sweep_button", icon=":material/tune:", width="stretch",
                 help="Every algorithm with many settings of its parameter (S&B Figure 2.6).",
                 on_click=lambda: setattr(now, "sweep", not now.sweep))


def _curves(me: ArmsPlayer, now: Comparison, study: Study, finished: bool) -> None:
    same = now.bandits == SAME
    line = bound(me.env, me.timeline.seed) if same else None

    def make(measure: str) -> Any:
        results = {ALGORITHMS[slug].title: study.result(now.agents[slug]) for slug in now.chosen}
        return study_figure(results, measure, line)

    tabs = st.tabs(list(TABS), key="compare.curves", on_change="rerun")
    for tab, (name, measure) in zip(tabs, TABS.items(), strict=True):
        if tab.open:
            with tab:
                figure = now.figure((now.stands(me), measure), finished, partial(make, measure))
                plot(figure, f"compare.{name}", SAYS[measure])
                st.caption(_says(me, measure, same))


def _says(me: ArmsPlayer, measure: str, same: bool) -> str:
    said = {"reward": "The reward of each pull", "optimal": "The share of runs that pulled the truly best arm",
            "regret": "What the pulls so far have cost"}[measure]
    why = lowest(me.env, me.timeline.seed) if same else " Lai and Robbins' bound belongs to one bandit: choose that."
    return f"{said}, averaged over the runs; the band is two standard errors.{why if measure == 'regret' else ''}"


def go_on() -> None:
    """Runs this part of the page again; on a run of the whole page Streamlit can only run all of it again."""
    try:
        st.rerun(scope="fragment")
    except StreamlitAPIException:
        st.rerun()
