"""How training goes: returns over seeds and greedy, the exact truth of a table, and what a falling loss hides."""

import time

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from pages.parts.again.again import again
from pages.parts.charts import CURVES
from pages.parts.dqn.player import DqnPlayer
from pages.parts.plot.plot import plot
from pages.parts.policy.arrow_charts import edits_by_step
from pages.parts.seeds import SOLVED, seeds_job, seeds_progress
from rl.deep_brink import says
from rl.deep_study import FINE, Diagnostics, studied_at, study_moment, training
from rl.figures.curves import draw_marks, policy_curve
from rl.figures.deep import SAYS, STEP, diagnostics_figure, greedy_figure, kinds
from rl.figures.neural import seeds_figure
from rl.figures.theme import ROLES
from rl.training import WINDOW
from rl.trials import moving_average
from rl.truth import truth_curves

RETURN = ("Return of the episodes, exploration included (mean of 10), and of 10 greedy ones beside the run; behind it "
          "{n} seeds of the same settings, worked out in the background (IQM: mean of the middle half).")
ENDLESS = "At γ = 1 reward can be collected here for ever: there is no finite optimum. Lower γ."
PATIENCE = 0.2
"""Seconds of studying a run between two looks at what the learner does."""
GREEDY = "Greedy evaluation"
EVALUATED = "What the greedy policy of a moment gets in 10 episodes: exploration off, learning off."
TRUTHS = {"values": SAYS["Truth"], "policy": CURVES["Policy"]}


@st.fragment
def returns(me: DqnPlayer) -> None:
    """Draws the run over its seeds as far as these have come; looks again soon while there are more to come."""
    job, log, found = seeds_job(me.timeline, me.end), me.timeline.episodes(me.end), studied(me, "dqn.greedy")
    own, text = moving_average(log.ret, WINDOW) if len(log) else log.ret, RETURN.format(n=job.total)
    chart = seeds_figure(job.steps, job.curves, log.end, own, job.done, job.total, SOLVED.get(me.env.slug))
    if found is not None:
        chart.add_scatter(x=found.moments, y=found.greedy, mode="lines+markers", name="greedy", marker={"size": 4},
                          line={"color": ROLES["new"], "width": 2}, hovertemplate="%{y:.4g}")
    _marked(chart, me)
    plot(chart, "dqn.seeds", text)
    seeds_progress(job, "dqn")
    st.caption(text)


def _marked(chart: go.Figure, me: DqnPlayer) -> None:
    """Marks the edits and the moment shown on an axis of steps."""
    draw_marks(chart, edits_by_step(me.timeline), float(me.t))


def studied(me: DqnPlayer, key: str) -> Diagnostics | None:
    """Returns the diagnostics of a run at its keyframes; None as long as some are missing, which come in slices."""
    t, begun = me.end // FINE * FINE, time.monotonic()
    steps = studied_at(me.timeline, t)
    for i, step in enumerate(steps):
        study_moment(me.timeline, step)
        if time.monotonic() - begun > PATIENCE and step != steps[-1]:
            st.progress(i / len(steps), f"Greedy episodes are played: {i} of {len(steps)} moments")
            again(f"{key}.again", me.counted())
            return None
    again(f"{key}.again", None)
    return training(me.timeline, t)


def diagnostics(me: DqnPlayer) -> None:
    """Draws one of the things that a falling loss hides."""
    names = [GREEDY, *(name for name in SAYS if name != "Truth")]
    which = st.selectbox("what to see", names, key="dqn.diagnostics", help="What tells more than the loss does.",
                         label_visibility="collapsed")
    _diagnosed(me, which)


@st.fragment
def _diagnosed(me: DqnPlayer, which: str) -> None:
    found, marks = studied(me, "dqn.studied"), edits_by_step(me.timeline)
    if found is not None and which == GREEDY:
        plot(greedy_figure(found, SOLVED.get(me.env.slug), marks, float(me.t)), "dqn.greedy.chart", EVALUATED)
        st.caption(EVALUATED)
    elif found is not None:
        words = f"{SAYS[which]} Here: {says(me.env)}." if which == "Doomed" else SAYS[which]
        plot(diagnostics_figure(found, which, marks, float(me.t)), f"dqn.{which}", words)
        st.caption(words)


def truth(me: DqnPlayer) -> None:
    """Draws how far a table's values and policy are from the exact ones."""
    which = st.segmented_control("what of the truth", list(TRUTHS), default="values", key="dqn.truth", required=True,
                                 label_visibility="collapsed", help="What to hold against the exact solution.")
    (_policy if which == "policy" else _values)(me)


@st.fragment
def _values(me: DqnPlayer) -> None:
    found = studied(me, "dqn.values")
    if found is not None and "Truth" not in kinds(found):
        st.info(ENDLESS)
    elif found is not None:
        plot(diagnostics_figure(found, "Truth", edits_by_step(me.timeline), float(me.t)), "dqn.truth.values",
             TRUTHS["values"])
        st.caption(TRUTHS["values"])


def _policy(me: DqnPlayer) -> None:
    found = truth_curves(me.timeline, me.end, max(1, me.end // FINE))
    if not np.isfinite(found.optimum).all():
        st.info(ENDLESS)
        return
    chart = policy_curve(found._replace(episode=found.step), edits_by_step(me.timeline), float(me.t))
    chart.update_xaxes(title_text=STEP)
    plot(chart, "dqn.truth.policy", TRUTHS["policy"])
    st.caption(TRUTHS["policy"])
