"""Work that nobody has to wait for: the same run under many seeds, one after the other, while a page stays alive.

All who look share a few threads. Jobs take turns, a seed each, a new one first, so that a long one holds nobody up.
What is asked for twice is done once; a job that nobody looks at stops, and goes on when somebody does.
"""

import os
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from threading import Condition, Event, Thread

import numpy as np

from rl.mdp import Floats
from rl.timeline import Timeline
from rl.training import episodes_of, grid, returns_at

THREADS = max(1, (os.cpu_count() or 1) // 2)
"""Seeds that run at once on this server, whoever asks."""
UNSEEN = 20.0
"""Seconds after which a job that nobody asks about stops."""
MOST_JOBS = 32

WAITING, RUNNING, LEFT, CANCELLED, FAILED, DONE = "waiting", "running", "left", "cancelled", "failed", "done"
FAILURES = (ArithmeticError, AssertionError, AttributeError, LookupError, MemoryError, OSError, RuntimeError, TypeError,
            ValueError)
"""What a world or an agent may raise; anything else is the machine's fault, and printed where the server runs."""
BROKEN = "Something went wrong on this server."


class GivenUp(Exception):
    """Nobody waits for this run any more."""


class Job:
    """The runs of one timeline under many seeds. All methods may be called from any thread; to ask is to look."""

    def __init__(self, timeline: Timeline, seeds: Sequence[int], steps: int, line: "Line") -> None:
        self.timeline, self.seeds, self.line = timeline, tuple(dict.fromkeys(seeds)), line
        self.last = min(steps, timeline.last)
        self.steps = grid(self.last)
        self.todo, self.total = list(self.seeds), len(self.seeds)
        self.found: dict[int, Floats] = {}
        self.held, self.error = "", ""  # LEFT, CANCELLED or FAILED, and then a sentence why it failed
        self.stop = Event()  # of the runs under way; those begun after a pause have another
        self.looked, self.turn = line.clock(), 0  # when somebody looked last, and the number of its last turn

    @property
    def done(self) -> int:
        """How many seeds are finished."""
        self.line.look(self)
        return len(self.found)

    @property
    def curves(self) -> Floats:
        """The returns of the seeds that are finished, in the order of the seeds, at each of ``steps``, (done, m)."""
        self.line.look(self)
        found = self.found.copy()
        return np.array([found[seed] for seed in self.seeds if seed in found]).reshape(-1, len(self.steps))

    @property
    def state(self) -> str:
        """What becomes of it: WAITING for a thread, RUNNING, CANCELLED, FAILED or DONE."""
        self.line.look(self)
        with self.line.lock:
            if len(self.found) == self.total:
                return DONE
            return self.held or (RUNNING if self.line.under_way[self] else WAITING)

    def cancel(self) -> None:
        """Stops within a slice of a run, for all who look; finished seeds are kept."""
        self.line.hold(self, CANCELLED)

    def resume(self) -> None:
        """Goes on with the seeds that are left, whatever has stopped it."""
        self.line.resume(self)

    def run(self, seed: int, stop: Event) -> Floats:
        """Runs one seed. Raises GivenUp when it is not wanted any more, and what the run raises."""
        def pause() -> None:
            if stop.is_set() or self.line.is_held(self):
                raise GivenUp

        return returns_at(episodes_of(self.timeline, seed, self.last, pause), self.steps)


class Line:
    """Jobs that take turns on a few threads, a seed each; and all jobs that are remembered."""

    def __init__(self, threads: int = THREADS, unseen: float = UNSEEN, most: int = MOST_JOBS,
                 clock: Callable[[], float] = time.monotonic) -> None:
        self.threads, self.unseen, self.most, self.clock = threads, unseen, most, clock
        self.lock = Condition()  # notified whenever a seed is over
        self.waiting: list[Job] = []
        self.under_way: Counter[Job] = Counter()  # seeds of each that run now
        self.turns = 0
        self.jobs: OrderedDict[tuple[Timeline, tuple[int, ...], int], Job] = OrderedDict()

    def job(self, timeline: Timeline, seeds: Sequence[int], steps: int) -> Job:
        """Returns the job of these runs, which begins where nobody has asked for it lately."""
        timeline = replace(timeline, seed=0)  # one job for all who look at these settings
        key = timeline, tuple(seeds), steps
        with self.lock:
            if key not in self.jobs:
                self.jobs[key] = Job(timeline, seeds, steps, self)
                self._enter(self.jobs[key])
            self.jobs.move_to_end(key)
            while len(self.jobs) > self.most:
                self.hold(self.jobs.popitem(last=False)[1], CANCELLED)
            self.look(self.jobs[key])
            return self.jobs[key]

    def look(self, job: Job) -> None:
        """Notes that somebody looks at a job; one that was left alone goes on."""
        with self.lock:
            job.looked = self.clock()
            if job.held == LEFT:
                self.resume(job)

    def is_held(self, job: Job) -> bool:
        """Tells whether a job has stopped, as it does where nobody has looked for long."""
        with self.lock:
            if self.clock() - job.looked > self.unseen:
                self.hold(job, LEFT)
            return bool(job.held)

    def hold(self, job: Job, why: str, error: str = "") -> None:
        """Stops a job, unless it is stopped or done."""
        with self.lock:
            if not job.held and len(job.found) < job.total:
                job.held, job.error = why, error
                job.stop.set()
                self.waiting = [other for other in self.waiting if other is not job]

    def resume(self, job: Job) -> None:
        """Lets a job go on."""
        with self.lock:
            if job.held:
                job.held, job.error, job.stop = "", "", Event()
                self._enter(job)

    def _enter(self, job: Job) -> None:
        """Lets a job wait for a turn, if it has seeds to run, and gives turns to those that had none for longest."""
        if job.todo and not job.held and job not in self.waiting:
            self.waiting.append(job)
        while self.waiting and self.under_way.total() < self.threads:
            self._begin(min(self.waiting, key=lambda one: one.turn))

    def _begin(self, job: Job) -> None:
        if self.is_held(job):
            return
        seed = job.todo.pop(0)
        if not job.todo:
            self.waiting.remove(job)
        self.turns += 1
        job.turn, self.under_way[job] = self.turns, self.under_way[job] + 1
        Thread(target=self._turn, args=(job, seed, job.stop), name="background", daemon=True).start()

    def _turn(self, job: Job, seed: int, stop: Event) -> None:
        found, error = None, BROKEN
        try:
            found, error = job.run(seed, stop), ""
        except GivenUp:
            error = ""
        except FAILURES as problem:
            error = str(problem) if type(problem) is ValueError else f"{type(problem).__name__}: {problem}"
        finally:  # what nobody expects goes on up
            self._keep(job, seed, found, error)

    def _keep(self, job: Job, seed: int, found: Floats | None, error: str) -> None:
        with self.lock:
            self.under_way[job] -= 1
            self.under_way += Counter()  # forgets those of which none runs
            if found is not None:
                job.found[seed] = found
            else:
                job.todo.insert(0, seed)
            if error:
                self.hold(job, FAILED, error)
            self._enter(job)
            self.lock.notify_all()


line = Line()
"""The line of this server."""


def band_job(timeline: Timeline, seeds: Sequence[int], steps: int) -> Job:
    """Returns the job that runs these settings from each of the seeds for so many steps; its own seed plays no part."""
    return line.job(timeline, seeds, steps)
