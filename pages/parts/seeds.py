"""Other seeds of a run, worked out in the background: how far they reach, how far they are; they can be stopped."""

import streamlit as st

from pages.parts.again.again import again
from rl.background import CANCELLED, DONE, FAILED, Job, band_job
from rl.timeline import Timeline

SEEDS = 10
REACHES = (20_000, 50_000, 100_000, 200_000)
"""The band reaches as far as the run, rounded up to one of these."""
SOLVED = {"cart": 475.0, "acrobot": -100.0, "mountaincar": -110.0}
"""The return from which on a world counts as solved, where its registration says so."""
LOOK = 700
"""Milliseconds between two looks at seeds that run in the background."""


def reach(steps: int) -> int:
    """Rounds a number of steps up to the next the band is computed for."""
    return next((n for n in REACHES if n >= steps), REACHES[-1])


def seeds_job(timeline: Timeline, end: int) -> Job:
    """Returns the runs of some seeds, as far as this one has come at least."""
    return band_job(timeline, range(SEEDS), reach(end))


def seeds_progress(job: Job, prefix: str) -> None:
    """Says how far the seeds are, with a button to stop them, or to go on; looks again soon while there are more."""
    state, turns = job.state, st.session_state.get(f"{prefix}.turns", 0) + 1
    st.session_state[f"{prefix}.turns"] = turns
    if state != DONE:
        words, button = st.columns([3, 1], vertical_alignment="center")
        if state == FAILED:
            words.error(f"The seeds have stopped. {job.error}")
        else:
            stopped = ", stopped" if state == CANCELLED else ""
            words.progress(job.done / job.total, text=f"{job.done} of {job.total} seeds{stopped}")
        held = state in (CANCELLED, FAILED)
        button.button("Go on" if held else "Stop", key=f"{prefix}.seeds.stop", width="stretch",
                      on_click=job.resume if held else job.cancel, help="The seeds behind your run; your run goes on.")
    again(f"{prefix}.again", turns if state not in (DONE, CANCELLED, FAILED) else None, LOOK)
