"""A class at work: thirty simulated students, each with another run, playing on one server at once."""

import asyncio
import random
from typing import Any

import numpy as np

from tests.bench.app import App, serving
from tests.bench.measure import Row, below
from tests.bench.student import Student

CLASS, SECONDS, ARRIVAL = 30, 30.0, 0.2
PAGE = "q_learning"
CLICKS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("episodes", {"n": 10}), ("cell", {"state": 0, "action": 1}), ("close", {}), ("jump", {"t": 40}), ("restart", {}),
)
Click = tuple[float, str, dict[str, Any]]


def query(seed: int) -> str:
    """The link of a run nobody else has."""
    return f"v=1&env=lake&agent=q&seed={seed}&t=200"


def clicks(seed: int) -> list[Click]:
    """When a student does what: about every six seconds, and not in step with the others."""
    dice = random.Random(seed)
    return [(dice.uniform(6 * i, 6 * i + 6), *action) for i, action in enumerate(CLICKS)]


async def come_and_play(app: App, seed: int) -> Student:
    await asyncio.sleep(ARRIVAL * seed)
    student = await Student.arrive(app, PAGE, query(seed))
    await student.play(SECONDS, clicks(seed))
    return student


async def lesson(app: App) -> tuple[list[Student], list[str], float, float]:
    """Lets the first student warm the server up, then the class come; returns them, failures, and what it cost."""
    await (await come_and_play_briefly(app)).leave()
    memory, cpu = app.megabytes(), app.cpu_seconds()
    results = await asyncio.gather(*(come_and_play(app, seed) for seed in range(CLASS)), return_exceptions=True)
    grown, used = app.megabytes() - memory, app.cpu_seconds() - cpu
    present = [student for student in results if isinstance(student, Student)]
    for student in present:
        await student.leave()
    return present, [repr(result) for result in results if isinstance(result, BaseException)], grown, used


async def come_and_play_briefly(app: App) -> Student:
    student = await Student.arrive(app, PAGE, query(999))
    for kind, extra in CLICKS:
        await student.say(kind, **extra)
    return student


def classroom() -> list[Row]:
    """Measures how long a student waits for an answer, what fails, and what each costs in memory."""
    with serving() as app:
        present, failed, grown, used = asyncio.run(lesson(app))
        tracebacks = app.errors()
    delays = 1000 * np.array([delay for student in present for delay in student.delays])
    errors = len(failed) + tracebacks + sum(student.errors for student in present)
    if not len(delays):
        return [Row("students", f"none could play: {failed[:1]}", "", False)]
    share = used / (SECONDS + ARRIVAL * CLASS)
    name = f"{CLASS} students playing at once:"
    return [
        below(f"{name} event to the end of its answer, p95", float(np.percentile(delays, 95)), 250, "ms",
              f" (median {np.median(delays):.3g}, worst {delays.max():.3g}, {len(delays)} events)"),
        Row(f"{name} errors", f"{errors}{' ' + failed[0] if failed else ''}", "0", errors == 0),
        below(f"{name} memory a student", grown / CLASS, 5, "MB"),
        Row(f"{name} the server's CPU", f"{100 * share:.3g} % of a core"),
    ]
