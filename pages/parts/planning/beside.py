"""What stands beside the sweeps: how fast they close in, the values of all states, and the best actions."""

from functools import partial

import numpy as np
import streamlit as st

from pages.parts.branching.runs import on_screen
from pages.parts.costs import cost_table
from pages.parts.knobs import show
from pages.parts.planning.player import PlanningPlayer
from pages.parts.plot.plot import plot
from rl.convergence import Convergence, convergence, truth_of
from rl.envs.base import Env
from rl.figures.planning import actions_figure, convergence_figure, first_optimal, values_figure
from rl.phases import number
from rl.planning import action_values, optimal_actions

TABS = {
    "Convergence": "The largest error of any value after each sweep. With discount γ a synchronous sweep shrinks it at "
                   "least by the factor γ: the dashed bound. What is below 10⁻¹² counts as 0. The policy is read off "
                   "the values, and often right first.",
    "Values": "The value of every state after the backups so far, and the exact one.",
    "Best actions": "For every state all actions that are best, as far as the values now tell. Several are often "
                    "equally good: an optimal policy is any choice among them.",
    "Cost": "What planning has cost, measured on this server just now. An update looks at every outcome of every "
            "action; no step is taken in the world.",
}
ENDLESS = "There is no finite truth here to close in on: with γ = 1 reward or cost goes on for ever. Lower γ."


def solve(me: PlanningPlayer) -> None:
    """Draws the button that solves the world at once."""
    st.button("Solve", key="planning.solve", icon=":material/bolt:", on_click=me.solve, disabled=me.by_hand,
              width="stretch", help="Sweeps until no value changes any more.")


def stay_solved(me: PlanningPlayer) -> None:
    """Draws the switch that keeps it solved, whatever knob is moved."""
    show("planning.solved", me.solved)
    st.toggle("Stay solved", me.solved, key="planning.solved", help="Every knob you move is answered by the solution: "
              "watch the best policy follow γ, the slip and the rewards.",
              on_change=lambda: me.stay_solved(st.session_state["planning.solved"]))


def charts(me: PlanningPlayer) -> None:
    """Says how far the sweeps have come, and draws the chart whose tab is open."""
    found = convergence(me.timeline, me.end)
    with st.container(horizontal=True, vertical_alignment="center"):
        stay_solved(me)
        st.caption(ENDLESS if found is None else summary(found))
    draw = {"Convergence": _convergence, "Values": _values, "Best actions": _actions, "Cost": _cost}
    for tab, name in zip(st.tabs(list(TABS), key="planning.charts", on_change="rerun"), TABS, strict=True):
        if tab.open:
            with tab:
                partial(draw[name], me)()
                st.caption(TABS[name])


def _convergence(me: PlanningPlayer) -> None:
    found = convergence(me.timeline, me.end)
    if found is None:
        st.info(ENDLESS)
        return
    plot(convergence_figure(found, float(me.timeline.at(me.t).episode)), "planning.convergence", TABS["Convergence"])


def summary(found: Convergence) -> str:
    """Says how far the policy and the values have come."""
    n, error = int(found.sweep[-1]), found.error[-1]
    good = first_optimal(found)
    policy = "the greedy policy is not optimal yet" if good is None else (
        f"the greedy policy has been optimal since sweep **{good:.0f}**")
    return f"After **{n}** sweeps {policy}; the largest error of a value is **{number(float(error))}**."


def _cost(me: PlanningPlayer) -> None:
    st.markdown(cost_table(me, on_screen(me)))


def _values(me: PlanningPlayer) -> None:
    run = me.timeline.at(me.t)
    truth = truth_of(run.env, run.agent) if isinstance(run.env, Env) else None
    if truth is None:
        st.info(ENDLESS)
        return
    names = [run.env.state_name(s) for s in range(len(truth))]
    plot(values_figure(run.memory.v, truth, names, ~run.env.mdp.absorbing), "planning.values", TABS["Values"])


def _actions(me: PlanningPlayer) -> None:
    run = me.timeline.at(me.t)
    mdp = run.env.mdp
    with np.errstate(invalid="ignore"):
        best = optimal_actions(action_values(mdp, run.memory.v, run.agent.discount))
    names = [run.env.state_name(s) for s in range(len(best))]
    best[mdp.absorbing] = False
    plot(actions_figure(best, names, run.env.actions), "planning.actions", TABS["Best actions"])
