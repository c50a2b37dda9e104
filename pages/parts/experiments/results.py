"""How an experiment stands: progress, charts that fill as results come in, and files to take away."""

from collections.abc import Callable

import plotly.graph_objects as go
import streamlit as st

from pages.parts.again.again import again
from pages.parts.experiments.lab import Lab
from pages.parts.plot.plot import plot
from rl.experiments.groups import best_of_each
from rl.experiments.measures import MEASURES
from rl.experiments.results import Results
from rl.experiments.saved import to_json
from rl.experiments.script import script
from rl.experiments.sweep import CANCELLED, FAILED, LEFT, RUNNING, WAITING, Progress
from rl.experiments.table import table, to_csv, to_parquet
from rl.figures.comparison import improvement_figure, profile_figure
from rl.figures.experiments import COSTS, cost_figure, heatmap_figure, learning_curves, sensitivity_figure

PAUSE = 400
"""Milliseconds between two looks at a sweep under way: the browser draws in between."""
MOST_LINES = 12
Draw = Callable[[Lab, Results], go.Figure | None]
OPENS = "Click a point to see the run in the middle of those behind it, on the stage below."


def results(lab: Lab, opened: Callable[[str], None]) -> None:
    """Draws how far it is, and the chart whose tab is open; ``opened`` is called with the query of a clicked run."""
    sweep = lab.look()
    progress, found = sweep.progress(), sweep.snapshot()
    _bar(lab, progress)
    _complaints(found)
    for tab, name in zip(st.tabs(list(TABS), key="lab.tabs", on_change="rerun"), TABS, strict=True):
        if tab.open:
            with tab:
                _tab(lab, found, name, opened)
    lab.turns += 1
    again("lab.again", lab.turns if progress.state in (RUNNING, WAITING) else None, PAUSE)


def _bar(lab: Lab, progress: Progress) -> None:
    assert lab.sweep is not None
    words, button = st.columns([4, 1], vertical_alignment="center")
    words.progress(progress.done / max(1, progress.total), text=progress.sentence)
    if progress.state in (RUNNING, WAITING):
        button.button("Cancel", key="lab.cancel", icon=":material/stop:", width="stretch", on_click=lab.sweep.cancel,
                      help="Stops; what is done so far stays, and can be gone on with.")
    elif progress.state in (CANCELLED, LEFT, FAILED):
        button.button("Go on", key="lab.resume", icon=":material/play_arrow:", width="stretch",
                      on_click=lab.sweep.resume, help="Goes on where it was left; the result is the same.")


def _complaints(found: Results) -> None:
    plan = found.experiment.plan
    said = [*plan.dropped, *(f"{plan.conditions[c].label}: {why}" for c, why in found.errors.items())]
    if said:
        st.caption(" ".join(f":orange[:material/info:] {sentence}" for sentence in said[:5]))


def _tab(lab: Lab, found: Results, name: str, opened: Callable[[str], None]) -> None:
    if name == "Files":
        _files(found)
        return
    draw, says = TABS[name]
    chart = draw(lab, found)
    if chart is None:
        st.info(MISSING[name])
    else:
        plot(chart, f"lab.{name}", says, opened)
    st.caption(f"{says} {OPENS if name in CLICKABLE else ''}")


def _shown(found: Results) -> list[int]:
    """Chooses the conditions that are drawn as lines: all where they are few, else each agent's best."""
    conditions = range(len(found.experiment.plan.conditions))
    if len(conditions) <= MOST_LINES:
        return list(conditions)
    return best_of_each(found, found.experiment.measure)[:MOST_LINES]


def _curves(lab: Lab, found: Results) -> go.Figure:
    return learning_curves(found, _shown(found), window=max(1, found.experiment.last // (5 * found.experiment.stride)))


def _sensitivity(lab: Lab, found: Results) -> go.Figure | None:
    grid = found.experiment.grid
    return sensitivity_figure(found, grid[0][0], found.experiment.measure) if grid else None


def _heatmap(lab: Lab, found: Results) -> go.Figure | None:
    grid, plan = found.experiment.grid, found.experiment.plan.conditions
    pairs = list(dict.fromkeys((c.agent, c.world) for c in plan if len(dict(c.values)) > 1))
    if len(grid) < 2 or not pairs:
        return None
    key = "lab.heatmap"
    names = [f"{agent} · {world}" for agent, world in pairs]
    chosen = st.selectbox("of", names, key=key, help="Whose settings the map shows.") if len(pairs) > 1 else names[0]
    agent, world = pairs[names.index(chosen)] if chosen in names else pairs[0]
    return heatmap_figure(found, grid[0][0], grid[1][0], found.experiment.measure, agent, world)


def _profile(lab: Lab, found: Results) -> go.Figure:
    return profile_figure(found, found.experiment.measure, best_of_each(found, found.experiment.measure))


def _better(lab: Lab, found: Results) -> go.Figure | None:
    best = best_of_each(found, found.experiment.measure)
    agents = {found.experiment.plan.conditions[c].agent for c in best}
    return improvement_figure(found, found.experiment.measure, best) if len(agents) > 1 else None


def _cost(lab: Lab, found: Results) -> go.Figure:
    cost = st.segmented_control("against", list(COSTS), default="steps", key="lab.cost", format_func=COSTS.__getitem__,
                                help="What learning is paid in.")
    return cost_figure(found, best_of_each(found, found.experiment.measure) or _shown(found), cost or "steps",
                       window=max(1, found.experiment.last // (5 * found.experiment.stride)))


def _files(found: Results) -> None:
    st.markdown("Every row of the table is one run, with its link. The configuration can be loaded again here; the "
                "script repeats the whole experiment and needs only numpy and gymnasium.")
    with st.container(horizontal=True):
        for label, file, make in (
                ("Results (CSV)", "results.csv", lambda: to_csv(table(found))),
                ("Results (Parquet)", "results.parquet", lambda: to_parquet(table(found))),
                ("Configuration (JSON)", "experiment.json", lambda: to_json(found.experiment)),
                ("Python script", "experiment.py", lambda: script(found.experiment))):
            st.download_button(label, make, file, on_click="ignore", icon=":material/download:")
    st.dataframe(_summary(found), hide_index=True)


def _summary(found: Results) -> list[dict[str, object]]:
    rows = []
    for c, condition in enumerate(found.experiment.plan.conditions):
        done = found.done[c]
        means = {MEASURES[name].title: float(found.of(name)[c, done].mean()) if done.any() else None
                 for name in ("online", "greedy", "steps", "updates", "seconds", "memory")}
        rows.append({"condition": condition.label, "seeds": int(done.sum()), **means})
    return rows


MISSING = {
    "Sensitivity": "Choose a setting to sweep: then its values are drawn against the measure.",
    "Heatmap": "Choose two settings to sweep: then each pair of their values is a field of the map.",
    "Who is better": "Choose at least two algorithms: then the chance that one does better than the other is drawn.",
}
CLICKABLE = ("Curves", "Sensitivity", "Heatmap", "Cost")
TABS: dict[str, tuple[Draw, str]] = {
    "Curves": (_curves, "Interquartile mean of the seeds, with its 95 % bootstrap band."),
    "Sensitivity": (_sensitivity, "How much the measure depends on the first swept setting, with 95 % intervals."),
    "Heatmap": (_heatmap, "The measure over both swept settings."),
    "Profile": (_profile, "The share of runs that do better than each score, every algorithm at its best settings "
                          "(Agarwal et al., 2021)."),
    "Who is better": (_better, "The chance that a run of the first does better than one of the second, with its 95 % "
                               "interval: where it holds one half, these seeds prove nothing."),
    "Cost": (_cost, "What was earned against what was spent, every algorithm at its best settings."),
    "Files": (_curves, ""),
}
