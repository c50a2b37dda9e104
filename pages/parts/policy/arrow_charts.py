"""The charts of the arrow: the objective as it is climbed, and the cloud of samples around the true gradient."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import streamlit as st

from pages.parts.charts import edit_marks
from pages.parts.player import Player
from pages.parts.plot.plot import plot
from pages.parts.policy.arrow import ground
from rl.agents.policy.ascent import Ascent
from rl.agents.policy.slope import shared_row
from rl.arrows import climb, has_arrow
from rl.figures.climb import climb_figure
from rl.figures.curves import Mark
from rl.figures.gradient import angles_figure, components_figure, plane_figure
from rl.gradient_cloud import Cloud, clouds, longest_of
from rl.landscape import is_flat, plane, reach
from rl.mdp import Floats
from rl.policy_gradient import NEVER_ENDS, Endless, available
from rl.timeline import Timeline
from rl.truth import solution, tabular

SAMPLES, EPISODES, STEPS = 400, 10_000, 8_000_000
"""Samples in a cloud, the episodes they may average together, fewer samples where each is of many, and their steps."""
FEW = 24
TABS = {
    "Objective": "What the policy is truly worth from the start, J(π), after each update, and the best there is.",
    "Cloud": "Each part of the gradient: the truth as bars, and the mean of the samples with their spread. A baseline "
             "changes the spread and not the mean.",
    "Angles": "How far single samples point away from the true gradient. Beyond 90° a step along one leads down. A "
              "sample of 0 points nowhere and is left out.",
    "Plane": "The true objective around the policy, in the plane of the gradient (to the right) and of what samples "
             "vary in most besides. Dots are where one step along a sample would lead.",
}


class Here(NamedTuple):
    """The clouds around the policy of a moment, without a baseline and with one."""

    theta: Floats
    without: Cloud
    with_baseline: Cloud
    batch: int


def charts(me: Player) -> None:
    """Draws the chart whose tab is open, and says what it shows."""
    draw = {"Objective": _objective, "Cloud": _cloud, "Angles": _angles, "Plane": _plane}
    for tab, name in zip(st.tabs(list(TABS), key="policy.arrow", on_change="rerun"), TABS, strict=True):
        if tab.open:
            with tab:
                try:
                    draw[name](me)
                    st.caption(TABS[name])
                except Endless:
                    st.info(f"{NEVER_ENDS} Lower γ, or start elsewhere.")


@lru_cache(maxsize=64)
def here(timeline: Timeline, t: int) -> Here:
    """Draws the clouds around the policy of moment ``t``. Raises ValueError where there is no gradient."""
    run = timeline.at(t)
    agent, mdp = run.agent, tabular(run.env).mdp
    assert isinstance(agent, Ascent)
    row = shared_row(run.memory.theta, available(mdp)) if agent.sees == "nothing" else run.memory.theta
    n = max(FEW, min(SAMPLES, EPISODES // agent.batch))
    longest = longest_of(n, agent.batch, STEPS)
    found = clouds(mdp, row, agent.gamma, n, agent.batch, run.seed, 0, agent.entropy, longest)
    return Here(row, *found, agent.batch)


def _objective(me: Player) -> None:
    _, env, agent = me.timeline.settings(me.t)
    best = solution(tabular(env), agent.discount)
    blind = ground(tabular(env), agent.discount).top if has_arrow(me.timeline, me.t) else np.nan
    chart = climb_figure(climb(me.timeline, me.end), best.start, blind, edits_by_step(me.timeline), me.t)
    plot(chart, "policy.climb", TABS["Objective"])


def edits_by_step(timeline: Timeline) -> list[Mark]:
    """Places the edits of a run on an axis of steps."""
    return [mark._replace(x=float(edit.step)) for mark, edit in zip(edit_marks(timeline), timeline.edits, strict=True)]


def _cloud(me: Player) -> None:
    found = here(me.timeline, me.t)
    st.markdown(cloud_table(found))
    plot(components_figure(found.without, found.with_baseline, names(me, found.theta)), "policy.cloud", TABS["Cloud"])


def cloud_table(found: Here) -> str:
    """Lists how the samples lie around the truth, without a baseline and with one."""
    each = "episode" if found.batch == 1 else f"mean of {found.batch} episodes"
    rows = [f"| {len(found.without.angles)} samples, each one {each} | no baseline | with V(s) |", "|-|-:|-:|"]
    pairs = (found.without, found.with_baseline)
    length = [np.linalg.norm(cloud.mean) for cloud in pairs]
    rows += [
        _row("length of their mean", [f"{x:.3g}" for x in length]),
        _row("angle of their mean to the truth", [_degrees(cloud.angle) for cloud in pairs]),
        _row("angle of a typical sample", [_degrees(_middle(cloud.angles)) for cloud in pairs]),
        _row("variance", [f"{cloud.variance:.3g}" for cloud in pairs]),
    ]
    cut = f" Cut short: {found.without.cut:,} of the episodes." if found.without.cut else ""
    return f"The true gradient has length {np.linalg.norm(found.without.exact):.3g}.{cut}\n\n" + "\n".join(rows)


def _middle(angles: Floats) -> float:
    known = angles[np.isfinite(angles)]
    return float(np.median(known)) if len(known) else np.nan


def _degrees(angle: float) -> str:
    return "–" if np.isnan(angle) else f"{angle:.0f}°"


def _row(name: str, values: list[str]) -> str:
    return f"| {name} | {' | '.join(values)} |"


def names(me: Player, theta: Floats) -> list[str]:
    """Names the numbers of theta: an action, and its state where each has its own."""
    actions = [action.name for action in me.env.actions]
    if len(theta) == 1:
        return actions
    states = [me.env.state_name(s) for s in range(len(theta))]
    return [action if len(states) == 1 else f"{state}: {action}" for state in states for action in actions]


def _angles(me: Player) -> None:
    found = here(me.timeline, me.t)
    plot(angles_figure(found.without, found.with_baseline), "policy.angles", TABS["Angles"])


def _plane(me: Player) -> None:
    found, agent = here(me.timeline, me.t), me.timeline.settings(me.t).agent
    mdp = tabular(me.timeline.settings(me.t).env).mdp
    far = reach(found.without, agent.step_size)
    shown = plane(mdp, found.theta, agent.discount, found.without, far)
    if is_flat(shown):
        st.info("As far as is drawn here all policies are worth the same, or nothing finite: there is nothing to see.")
        return
    plot(plane_figure(shown, [found.without, found.with_baseline], agent.step_size), "policy.plane", TABS["Plane"])
