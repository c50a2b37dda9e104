"""How an experiment stands: progress, charts that fill as results come in, and files to take away."""

from collections.abc import Callable
from typing import Any, NamedTuple

import plotly.graph_objects as go
import streamlit as st

from pages.parts.again.again import again
from pages.parts.escape import plain
from pages.parts.experiments.lab import Lab
from pages.parts.plot.plot import plot
from rl.experiments.config import Experiment
from rl.experiments.groups import best_of_each
from rl.experiments.measures import MEASURES
from rl.experiments.results import Results
from rl.experiments.saved import to_json
from rl.experiments.script import script
from rl.experiments.sweep import CANCELLED, FAILED, LEFT, RUNNING, WAITING, Progress, Sweep
from rl.experiments.table import table, to_csv, to_parquet
from rl.figures.comparison import improvement_figure, profile_figure
from rl.figures.experiments import COSTS, cost_figure, heatmap_figure, learning_curves, sensitivity_figure

PAUSE = 400
"""Milliseconds between two looks at a sweep under way: the browser draws in between."""
MOST_LINES = 12
Choices = tuple[Any, ...]
OPENS = "Click a point to see the run in the middle of those behind it, on the stage below."
STANDS = "A point here stands for many runs, so there is no single one to open."
ZOOMED = "What lies far below most of the curves is left out at first: a double click shows all."


def results(lab: Lab, opened: Callable[[str], None]) -> None:
    """Draws how far it is, and the chart whose tab is open; ``opened`` is called with the query of a clicked run."""
    sweep = lab.look()
    progress = sweep.progress()
    _bar(sweep, progress)
    _complaints(sweep)
    for tab, name in zip(st.tabs(list(TABS), key="lab.tabs", on_change="rerun"), TABS, strict=True):
        if tab.open:
            with tab:
                _tab(lab, sweep, name, opened)
    lab.turns += 1
    again("lab.again", lab.turns if progress.state in (RUNNING, WAITING) else None, PAUSE)


def _bar(sweep: Sweep, progress: Progress) -> None:
    words, button = st.columns([4, 1], vertical_alignment="center")
    words.progress(progress.done / max(1, progress.total), text=plain(progress.sentence))
    if progress.state in (RUNNING, WAITING):
        button.button("Cancel", key="lab.cancel", icon=":material/stop:", width="stretch", on_click=sweep.cancel,
                      help="Stops; what is done so far stays, and can be gone on with.")
    elif progress.state in (CANCELLED, LEFT, FAILED):
        button.button("Go on", key="lab.resume", icon=":material/play_arrow:", width="stretch",
                      on_click=sweep.resume, help="Goes on where it was left; the result is the same.")


def _complaints(sweep: Sweep) -> None:
    plan = sweep.experiment.plan
    said = [*plan.dropped, *(f"{plan.conditions[c].label}: {why}" for c, why in sweep.errors.items())]
    if said:
        st.caption(" ".join(f":orange[:material/info:] {plain(sentence)}" for sentence in said[:5]))


def _tab(lab: Lab, sweep: Sweep, name: str, opened: Callable[[str], None]) -> None:
    tab = TABS[name]
    choices = tab.choose(sweep.experiment)
    if choices is None:
        st.info(MISSING[name])
    elif name == "Files":
        _files(sweep, lab.shelf.get(name, sweep, tab.draw))
    else:
        chart = lab.shelf.get((name, *choices), sweep, lambda found: tab.draw(found, *choices))
        plot(chart, f"lab.{name}", tab.says, opened)
    if tab.says:
        st.caption(f"{tab.says} {tab.hint}")


def _shown(found: Results) -> list[int]:
    """Chooses the conditions that are drawn as lines: all where they are few, else each agent's best."""
    conditions = range(len(found.experiment.plan.conditions))
    if len(conditions) <= MOST_LINES:
        return list(conditions)
    return best_of_each(found, found.experiment.measure)[:MOST_LINES]


def _curves(found: Results) -> go.Figure:
    return learning_curves(found, _shown(found), window=_window(found))


def _window(found: Results) -> int:
    return max(1, found.experiment.last // (5 * found.experiment.stride))


def _at_once(experiment: Experiment) -> Choices:
    return ()


def _one_setting(experiment: Experiment) -> Choices | None:
    return (experiment.grid[0][0],) if experiment.grid else None


def _sensitivity(found: Results, knob: str) -> go.Figure:
    return sensitivity_figure(found, knob, found.experiment.measure)


def _two_settings(experiment: Experiment) -> Choices | None:
    grid, plan = experiment.grid, experiment.plan.conditions
    pairs = list(dict.fromkeys((c.agent, c.world) for c in plan if len(dict(c.values)) > 1))
    if len(grid) < 2 or not pairs:
        return None
    names = [f"{agent} · {world}" for agent, world in pairs]
    chosen = names[0]
    if len(pairs) > 1:
        chosen = st.selectbox("of", names, key="lab.heatmap", help="Whose settings the map shows.")
    return grid[0][0], grid[1][0], *(pairs[names.index(chosen)] if chosen in names else pairs[0])


def _heatmap(found: Results, across: str, upwards: str, agent: str, world: str) -> go.Figure:
    return heatmap_figure(found, across, upwards, found.experiment.measure, agent, world)


def _profile(found: Results) -> go.Figure:
    return profile_figure(found, found.experiment.measure)


def _several_agents(experiment: Experiment) -> Choices | None:
    return () if len({c.agent for c in experiment.plan.conditions}) > 1 else None


def _better(found: Results) -> go.Figure:
    return improvement_figure(found, found.experiment.measure)


def _what_is_paid(experiment: Experiment) -> Choices:
    cost = st.segmented_control("against", list(COSTS), default="steps", key="lab.cost", format_func=COSTS.__getitem__,
                                help="What learning is paid in.")
    return (cost or "steps",)


def _cost(found: Results, cost: str) -> go.Figure:
    return cost_figure(found, best_of_each(found, found.experiment.measure) or _shown(found), cost,
                       window=_window(found))


def _files(sweep: Sweep, summary: list[dict[str, object]]) -> None:
    st.markdown("Every row of the table is one run, with its link. The configuration can be loaded again here; the "
                "script repeats the whole experiment and needs only numpy and gymnasium.")
    with st.container(horizontal=True):
        for label, file, make in (
                ("Results (CSV)", "results.csv", lambda: to_csv(table(sweep.snapshot()))),
                ("Results (Parquet)", "results.parquet", lambda: to_parquet(table(sweep.snapshot()))),
                ("Configuration (JSON)", "experiment.json", lambda: to_json(sweep.experiment)),
                ("Python script", "experiment.py", lambda: script(sweep.experiment))):
            st.download_button(label, make, file, on_click="ignore", icon=":material/download:")
    st.dataframe(summary, hide_index=True)


def _summary(found: Results) -> list[dict[str, object]]:
    rows = []
    for c, condition in enumerate(found.experiment.plan.conditions):
        done = found.done[c]
        means = {MEASURES[name].title: float(found.of(name)[c, done].mean()) if done.any() else None
                 for name in ("online", "greedy", "steps", "updates", "seconds", "memory")}
        rows.append({"condition": condition.label, "seeds": int(done.sum()), **means})
    return rows


class Tab(NamedTuple):
    """A chart: what is chosen of it, None where there is too little to draw, and how it is drawn."""

    choose: Callable[[Experiment], Choices | None]
    draw: Callable[..., Any]
    says: str
    hint: str = ""


MISSING = {
    "Sensitivity": "Choose a setting to sweep: then its values are drawn against the measure.",
    "Heatmap": "Choose two settings to sweep: then each pair of their values is a field of the map.",
    "Who is better": "Choose at least two algorithms: then the chance that one does better than the other is drawn.",
}
TABS = {
    "Curves": Tab(_at_once, _curves, "Interquartile mean of the seeds, with its 95 % bootstrap band.",
                  f"{ZOOMED} {OPENS}"),
    "Sensitivity": Tab(_one_setting, _sensitivity,
                       "How much the measure depends on the first swept setting, with 95 % intervals.", OPENS),
    "Heatmap": Tab(_two_settings, _heatmap, "The measure over the first two swept settings.", OPENS),
    "Profile": Tab(_at_once, _profile, "The share of runs that do better than each score, every algorithm at its best "
                                       "settings (Agarwal et al., 2021).", STANDS),
    "Who is better": Tab(_several_agents, _better, "The chance that a run of the first does better than one of the "
                         "second, with its 95 % interval: where it holds one half, these seeds prove nothing.", STANDS),
    "Cost": Tab(_what_is_paid, _cost, "What was earned against what was spent, every algorithm at its best settings.",
                f"{ZOOMED} {OPENS}"),
    "Files": Tab(_at_once, _summary, ""),
}
