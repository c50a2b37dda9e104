"""The charts of a neural agent: returns over seeds, its last episode taken apart, how training went, the noise."""

import plotly.graph_objects as go
import streamlit as st

from pages.parts.branching.runs import on_screen
from pages.parts.charts import COST
from pages.parts.costs import cost_table
from pages.parts.player import Player
from pages.parts.plot.plot import plot
from pages.parts.seeds import SOLVED, seeds_job, seeds_progress
from rl.episode_study import EpisodeStudy, study
from rl.figures.neural import (
    actions_figure,
    noise_figure,
    push_figure,
    ratio_figure,
    seeds_figure,
    training_figure,
    values_figure,
)
from rl.gradient_noise import noise_curve
from rl.training import WINDOW, training_curves
from rl.trials import moving_average

EPISODE = {
    "actions": "The chances of the actions along the last episode, each as the agent acted, and the one it took.",
    "log π × A": "ln π(A|S) times the advantage, step by step: its slope is the gradient. A logarithm of a chance is "
                 "below 0, so the bars of actions that went better than expected (PPO: than its batch) hang "
                 "down, and an update pulls them up.",
    "values": "What the critic expected at each step, V(S), and what really followed, G.",
    "ratio": "How likely each action would be now, over how likely it was then. Beyond the clip range PPO moves it no "
             "further the same way.",
}
TRAINING = {
    "entropy": "How undecided the policy is at the steps it learned from, in nats.",
    "clipped": "The share of steps whose slope PPO cut off, because the policy had moved far enough.",
    "divergence": "How far the policy is from the one that acted, on average over the passes of an update: the "
                  "Kullback-Leibler (KL) divergence, in nats.",
    "norm": "The length of the policy's gradient, before it is cut to the longest that is allowed.",
    "value_error": "The mean squared error of the critic's values. A falling loss is not learning: as returns grow, it "
                   "may well rise.",
}
WORDS = {"divergence": "KL", "norm": "gradient", "value_error": "value error"}
NOISE = ("How much the gradients of 30 fresh episodes differ, by the policy as it was at some moments: their variance "
         "without a baseline, and with the critic's values for one.")
RETURN = ("Return of the episodes (mean of 10) against steps: your run over {n} seeds of the same settings, worked out "
          "in the background. IQM: mean of the middle half of the seeds; the bands hold 95 % of what it could be by "
          "chance, and 8 of 10 seeds.")
SPENT = ("What learning has cost so far, measured on this server just now. An update moves both nets by all the steps "
         "it was given; PPO goes through them several times, which costs computation and saves steps.")
NOTHING = "No episode yet: press play."


def charts(me: Player) -> None:
    """Draws the chart whose tab is open, and says what it shows."""
    draw = {"Return": returns, "Episode": _episode, "Training": _training, "Noise": _noise, COST: _cost}
    for tab, name in zip(st.tabs(list(draw), key="policy.network", on_change="rerun"), draw, strict=True):
        if tab.open:
            with tab:
                draw[name](me)


@st.fragment
def returns(me: Player) -> None:
    """Draws the run over its seeds as far as these have come; looks again soon while there are more to come."""
    job = seeds_job(me.timeline, me.end)
    log, says = me.timeline.episodes(me.end), RETURN.format(n=job.total)
    threshold = SOLVED.get(me.env.slug)
    own = moving_average(log.ret, WINDOW) if len(log) else log.ret
    chart = seeds_figure(job.steps, job.curves, log.end, own, job.done, job.total, threshold)
    plot(chart, "policy.seeds", says)
    seeds_progress(job, "policy")
    st.caption(says)


def _episode(me: Player) -> None:
    found = study(me.timeline, me.t)
    if found is None:
        st.info(NOTHING)
        return
    kinds = [kind for kind in EPISODE if kind != "ratio" or hasattr(me.agent, "clip")]
    kind = st.segmented_control("what of the episode", kinds, default=kinds[0], key="policy.episode", required=True,
                                label_visibility="collapsed", help="What to see of the last episode.")
    plot(_of_episode(kind, found, me), "policy.episode.chart", EPISODE[kind])
    st.caption(f"Episode {found.number + 1}, {len(found.k)} steps. {EPISODE[kind]}")


def _of_episode(kind: str, found: EpisodeStudy, me: Player) -> go.Figure:
    if kind == "ratio":
        return ratio_figure(found, getattr(me.agent, "clip", None))
    return {"actions": actions_figure, "log π × A": push_figure, "values": values_figure}[kind](found)


def _training(me: Player) -> None:
    names = [name for name in TRAINING if name != "clipped" or hasattr(me.agent, "clip")]
    which = st.segmented_control("what of the training", names, default=names[0], key="policy.training", required=True,
                                 label_visibility="collapsed", help="What the updates said of themselves.",
                                 format_func=lambda name: WORDS.get(name, name))
    plot(training_figure(training_curves(me.timeline, me.end), which), "policy.training.chart", TRAINING[which])
    st.caption(f"{TRAINING[which]} Seen at some moments: the dots.")


def _noise(me: Player) -> None:
    plot(noise_figure(noise_curve(me.timeline, me.end)), "policy.noise", NOISE)
    st.caption(NOISE)


def _cost(me: Player) -> None:
    st.markdown(cost_table(me, on_screen(me)))
    st.caption(SPENT)
