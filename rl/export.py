"""Take a run away: its steps and episodes as CSV, its tables as npz."""

import csv
import io
from typing import Any

import numpy as np

from rl.tape import RUNNING, TERMINATED, TRUNCATED
from rl.timeline import Timeline

MOST_ROWS = 100_000
"""Steps in one CSV: the newest ones of a longer run."""
ENDINGS = {RUNNING: "", TERMINATED: "terminated", TRUNCATED: "truncated"}


def steps_csv(timeline: Timeline, t: int) -> str:
    """Lists the steps before moment ``t``, at most the newest MOST_ROWS of them, a row each."""
    first = max(0, t - MOST_ROWS)
    log = timeline.steps(first, t)
    columns = {"step": np.arange(first, t), **log._asdict()}
    columns["explored"] = log.explored.astype(int)
    columns["ended"] = [ENDINGS[int(e)] for e in log.ended]
    return _csv(columns)


def episodes_csv(timeline: Timeline, t: int) -> str:
    """Lists the episodes over by moment ``t``: number, return, length, and the moment each was over."""
    log = timeline.episodes(t)
    return _csv({"episode": np.arange(1, len(log) + 1), "return": log.ret, "length": log.length, "end": log.end})


def _csv(columns: dict[str, Any]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*(np.asarray(column).tolist() for column in columns.values()), strict=True))
    return out.getvalue()


def tables_npz(timeline: Timeline, t: int) -> bytes:
    """Packs what the agent knows at moment ``t`` (q and visits, each states x actions) as a numpy npz file."""
    out = io.BytesIO()
    np.savez_compressed(out, **timeline.at(t).memory._asdict())
    return out.getvalue()
