"""The results as a table, one row for each run, and as files: CSV and Parquet. Every row leads to its run."""

import csv
import io
from typing import Any

import numpy as np

from rl.experiments.conditions import Condition
from rl.experiments.measures import MEASURES
from rl.experiments.results import Results
from rl.link import View, to_query_string
from rl.timeline import Timeline

Columns = dict[str, list[Any]]


def run_link(condition: Condition, seed: int, steps: float) -> str:
    """Returns the query of a run that opens at its end, so many steps from its beginning."""
    return to_query_string(run_view(condition, seed, steps))


def run_view(condition: Condition, seed: int, steps: float) -> View:
    """Returns one run of a condition, looked at after so many steps."""
    setting = condition.timeline
    timeline = Timeline(setting.env, setting.agent, seed, setting.edits)
    end = int(min(steps, timeline.last)) if np.isfinite(steps) else 0
    return View(timeline, end, end)


def links(results: Results, condition: int) -> list[str]:
    """Returns the query of each run of a condition, empty where it is not done, (n,)."""
    e, steps = results.experiment, results.of("steps")[condition]
    chosen = e.plan.conditions[condition]
    return [run_link(chosen, e.first_seed + place, steps[place]) if done else ""
            for place, done in enumerate(results.done[condition])]


def typical_link(results: Results, condition: int, measure: str) -> str:
    """Returns the query of the run in the middle of a condition: its median by a measure; empty where none is done."""
    places = np.flatnonzero(results.done[condition])
    if not len(places):
        return ""
    order = places[np.argsort(results.of(measure)[condition, places], kind="stable")]
    place, e = int(order[(len(order) - 1) // 2]), results.experiment
    return run_link(e.plan.conditions[condition], e.first_seed + place, results.of("steps")[condition, place])


def table(results: Results) -> Columns:
    """Lists the runs that are done: condition, world, agent, swept values, seed, measures, and the link of each.

    A setting that a condition does not have is None.
    """
    e = results.experiment
    swept = [name for name, _ in e.grid]
    columns: Columns = {name: [] for name in ("condition", "environment", "agent", *swept, "seed", *MEASURES, "link")}
    for c, condition in enumerate(e.plan.conditions):
        places = np.flatnonzero(results.done[c]).tolist()
        urls, values = links(results, c), dict(condition.values)
        same = {"condition": condition.label, "environment": condition.world, "agent": condition.agent}
        for name, value in (same | {name: values.get(name) for name in swept}).items():
            columns[name] += [value] * len(places)
        for number, name in enumerate(MEASURES):
            columns[name] += results.measured[c, places, number].tolist()
        columns["seed"] += [e.first_seed + place for place in places]
        columns["link"] += [urls[place] for place in places]
    return columns


def to_csv(columns: Columns) -> str:
    """Writes a table as CSV; every number reads back as it was, and what there is not is empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return out.getvalue()


def to_parquet(columns: Columns) -> bytes:
    """Writes a table as Parquet; a setting swept over words and numbers becomes words."""
    import pyarrow  # here and not above: a tenth of a second that few ask for
    from pyarrow import parquet

    out = io.BytesIO()
    parquet.write_table(pyarrow.table({name: _of_one_type(column) for name, column in columns.items()}), out)
    return out.getvalue()


def _of_one_type(column: list[Any]) -> list[Any]:
    if any(isinstance(value, str) for value in column):
        return [None if value is None else str(value) for value in column]
    return column
