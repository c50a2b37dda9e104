"""Algorithms against each other over thousands of runs, worked out in slices so that every click is answered."""

from functools import partial
from typing import Any

import streamlit as st

from pages.parts.again.again import again
from pages.parts.bandits.charts import SAYS, TABS, bound, lowest
from pages.parts.bandits.comparison import CONTENDERS, NEW, RUNS, SAME, STEPS, Comparison, to_query
from pages.parts.bandits.controls import front, testbed
from pages.parts.bandits.player import ArmsPlayer
from pages.parts.knobs import knob_widgets
from pages.parts.plot.plot import plot
from rl import link
from rl.bandit_study import Study
from rl.figures.bandits import parameter_figure, study_figure
from rl.knob import knobs
from rl.link import View
from rl.parameter_study import ParameterStudy

SLICE = 0.15
"""Seconds of work before the page is drawn again, and clicks are heard."""
SWEPT = "The average reward over the first 1,000 pulls, by each algorithm's parameter (as in S&B Figure 2.6)."


def compare(me: ArmsPlayer) -> None:
    """Draws what is compared and how it comes out so far, and works on it for a slice of time."""
    now = st.session_state.setdefault("bandits.comparison", Comparison())
    _address(me, now)
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


def _address(me: ArmsPlayer, now: Comparison) -> None:
    """Sees to it that the address leads back to this comparison: the stage, which writes it elsewhere, is away."""
    wanted = link.to_query(View(me.timeline, me.t, me.end)) | to_query(now)
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)


def _sizes(now: Comparison) -> None:
    one, two = st.columns([2, 3])
    one.segmented_control("runs", RUNS, key="compare.runs", default=now.runs, required=True, width="stretch",
                          format_func=lambda n: f"{n:,}", on_change=lambda: _set(now, "runs"),
                          help="How many runs of 1,000 pulls are averaged. Few are quick and say little.")
    two.selectbox("pulling at", (NEW, SAME), (NEW, SAME).index(now.bandits), key="compare.bandits",
                  on_change=lambda: _set(now, "bandits"),
                  help="New arms in every run say how good an algorithm is in general; the arms of this seed, with new "
                       "luck in every run, how good it is here.")


def _set(now: Comparison, name: str) -> None:
    setattr(now, name, st.session_state[f"compare.{name}"] or getattr(now, name))


def _algorithms(now: Comparison) -> None:
    st.pills("algorithms", list(CONTENDERS), selection_mode="multi", key="compare.chosen", default=list(now.chosen),
             format_func=lambda slug: CONTENDERS[slug][0], on_change=lambda: _choose(now),
             help="Which algorithms are compared. Their knobs are below.", wrap=True)
    for slug in now.chosen:
        _contender(now, slug)


def _contender(now: Comparison, slug: str) -> None:
    agent, turn = now.agents[slug], partial(now.turn, slug)
    shown = front(agent)[:2]
    others = [name for name in knobs(agent) if name not in shown]
    first, *rest = st.columns([2, 3, 3], vertical_alignment="center")
    with first:
        st.markdown(f"**{CONTENDERS[slug][0]}**")
        if others:
            with st.popover("More", width="stretch", help="Its other settings"):
                knob_widgets(f"compare.{slug}", agent, others, turn)
    for column, name in zip(rest, shown, strict=False):
        with column:
            knob_widgets(f"compare.{slug}", agent, [name], turn)


def _choose(now: Comparison) -> None:
    chosen = st.session_state["compare.chosen"]
    now.chosen, now.sweep = tuple(slug for slug in CONTENDERS if slug in chosen), False


@st.fragment
def _results(me: ArmsPlayer, now: Comparison) -> None:
    """Works for a slice of time and draws how things stand; the browser asks for the next slice when it has drawn this.

    The knobs are not drawn again meanwhile, so that nothing comes between them and whoever moves them.
    """
    study, stands = now.study(me), now.stands(me)
    working = now.cancelled != stands
    if working:
        study.advance(SLICE)
    finished = study.progress == 1
    _bar(now, study.progress, finished, working, stands)
    if isinstance(study, ParameterStudy):
        plot(now.figure(stands, finished, lambda: parameter_figure(study.results())), "compare.sweep", SWEPT)
        st.caption(f"{SWEPT} Look for the hills: too little exploring costs reward, and so does too much.")
    else:
        _curves(me, now, study, finished)
    now.slices += 1
    again("compare.again", now.slices if now.is_busy(me) else None)


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
        results = {CONTENDERS[slug][0]: study.result(now.agents[slug]) for slug in now.chosen}
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
