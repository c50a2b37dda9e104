"""An experiment under way: it runs in the background, can be looked at, cancelled and gone on with at any time.

Blocks of seeds come back in any order and are entered where they belong, and no run depends on another, so a sweep that
was cancelled and gone on with ends with the very numbers of one that was not, in threads as on a cluster.
"""

import os
import time
from collections.abc import Iterator
from threading import Event, RLock, Thread
from typing import NamedTuple

import numpy as np

from rl.experiments.config import Experiment
from rl.experiments.pool import Job, NoCluster, cluster_address, streamed
from rl.experiments.queue import Queue, queue
from rl.experiments.results import Results, blank_results
from rl.experiments.work import Outcome, Task, attempt

AIM = 0.25
"""Seconds a block should take: short enough to be cancelled, long enough to be worth handing out."""
TURN = 20.0
"""Seconds of work after which a sweep lets others go first, if somebody is in line, and goes to its end."""
UNSEEN = 60.0
"""Seconds after which a sweep that nobody looks at stops."""
GROWTH = 8
"""A block has at most so many times the seeds of the largest before it: the first runs may be the fastest."""

NEW, WAITING, RUNNING, CANCELLED, LEFT, FAILED, DONE = (
    "new", "waiting", "running", "cancelled", "left", "failed", "done")


class Progress(NamedTuple):
    """How far a sweep is."""

    state: str  # NEW, WAITING, RUNNING, CANCELLED, LEFT (nobody looked), FAILED or DONE
    done: int  # runs
    total: int
    ahead: int  # sweeps before this one in line
    seconds: float  # of work so far
    sentence: str  # the same for people


class Sweep:
    """The runs of an experiment. All methods may be called from any thread."""

    def __init__(self, experiment: Experiment, line: Queue = queue, unseen: float = UNSEEN,
                 threads: int = os.cpu_count() or 1) -> None:
        self.experiment, self.line, self.unseen, self.threads = experiment, line, unseen, threads
        self.lock = RLock()
        self.results = blank_results(experiment)
        self.state, self.message = NEW, ""
        self.seconds, self.since, self.looked = 0.0, 0.0, time.monotonic()
        self.thread: Thread | None = None
        self.stop = Event()  # of the present thread; the next has its own
        self.pace: dict[int, tuple[float, int]] = {}  # condition: seconds a seed, and the most seeds of a block

    def start(self) -> None:
        """Begins, or goes on with what is left; does nothing while it runs or when all is done."""
        with self.lock:
            if self.state in (WAITING, RUNNING, DONE):
                return
            self.state, self.message, self.stop, self.looked = WAITING, "", Event(), time.monotonic()
            self.thread = Thread(target=self._run, args=(self.thread, self.stop), name="sweep", daemon=True)
            self.line.join(self.stop)
            self.thread.start()

    resume = start

    def cancel(self) -> None:
        """Stops soon; what was begun is finished and kept, but for runs of more than a fraction of a second."""
        with self.lock:
            if self.state in (WAITING, RUNNING):
                self._end(self.stop, CANCELLED)

    def wait(self, seconds: float | None = None) -> bool:
        """Waits until it runs no more. Returns whether that came about."""
        thread = self.thread
        if thread is not None:
            thread.join(seconds)
        return thread is None or not thread.is_alive()

    def progress(self) -> Progress:
        """Tells how far it is; whoever asks is looking."""
        with self.lock:
            self.looked = time.monotonic()
            done, total, ahead = int(self.results.done.sum()), self.results.done.size, self.line.ahead(self.stop)
            seconds = self.seconds + (time.monotonic() - self.since if self.state == RUNNING else 0.0)
            return Progress(self.state, done, total, ahead, seconds, self._said(done, total, ahead))

    def snapshot(self) -> Results:
        """Returns the results so far, which change no more; whoever asks is looking."""
        with self.lock:
            self.looked = time.monotonic()
            return self.results if self.state == DONE else self.results.copy()

    @property
    def errors(self) -> dict[int, str]:
        """A sentence for each condition that turned out not to run."""
        with self.lock:
            return self.results.errors.copy()

    def _said(self, done: int, total: int, ahead: int) -> str:
        runs, failed = f"{done:,} of {total:,} runs", len(self.results.errors)
        waiting = f"Waiting in line: {ahead} other experiment{'s' if ahead > 1 else ''} first."
        first = {
            NEW: "Not started.", WAITING: f"{waiting} {runs} so far." if done else waiting,
            RUNNING: f"{runs}.", CANCELLED: f"Cancelled after {runs}.", FAILED: self.message,
            LEFT: f"Stopped after {runs}: nobody was looking.", DONE: f"Done: {runs}.",
        }[self.state]
        return f"{first} {failed} of {len(self.results.done)} conditions cannot be run." if failed else first

    def _end(self, stop: Event, state: str, message: str = "") -> None:
        """Ends the present thread's work, unless that was done before."""
        with self.lock:
            if not stop.is_set():
                stop.set()
                self.seconds += time.monotonic() - self.since if self.state == RUNNING else 0.0
                self.state, self.message = state, message

    def _run(self, before: Thread | None, stop: Event) -> None:
        if before is not None:
            before.join()
        again = True
        while again and self._has_slot(stop):
            again = self._take_turn(stop)

    def _take_turn(self, stop: Event) -> bool:
        """Works in a slot that was had. Returns whether it stands in line again, for its turn is over."""
        state, message, again = FAILED, "Something went wrong on this server.", False
        try:
            with self.lock:
                self.state = self.state if stop.is_set() else RUNNING
                self.since = time.monotonic()
            for outcome in streamed(self._jobs(stop), self.threads, stop.is_set):
                self._keep(outcome)
            state, message, again = DONE, "", self._step_back(stop)
        except NoCluster as error:
            message = str(error)
        finally:  # what is no cluster's fault goes on up
            if not again:
                self._end(stop, state, message)
            self.line.leave()
        return again

    def _step_back(self, stop: Event) -> bool:
        """Goes to the end of the line if something is left to do. Returns whether."""
        with self.lock:
            if stop.is_set() or self.results.is_complete:
                return False
            self.seconds, self.state = self.seconds + time.monotonic() - self.since, WAITING
            self.line.join(stop)
            return True

    def _has_slot(self, stop: Event) -> bool:
        while not self.line.enter(stop, 0.1):
            if stop.is_set() or self._is_left(stop):
                self.line.give_up(stop)
                return False
        return True

    def _is_left(self, stop: Event) -> bool:
        if time.monotonic() - self.looked > self.unseen:
            self._end(stop, LEFT)
        return stop.is_set()

    def _jobs(self, stop: Event) -> Iterator[Job]:
        """Hands out what is left, the condition that is least far first."""
        e, results = self.experiment, self.results
        task = Task(e.episodes, e.patience, e.threshold, e.last, e.stride)
        left = {c: np.flatnonzero(~done).tolist() for c, done in enumerate(results.done)}
        given_up = () if cluster_address() else (stop.is_set,)  # there, the work is called off instead
        while not self._is_left(stop):
            open_ones = [c for c, places in left.items() if places and c not in results.errors]
            if not open_ones:
                return
            c = max(open_ones, key=lambda c: len(left[c]))
            size = self._size(c)
            places, left[c] = tuple(left[c][:size]), left[c][size:]
            yield attempt, (c, places, e.plan.conditions[c].timeline, e.first_seed, task, *given_up)
            if time.monotonic() - self.since > TURN and self.line.is_waited_for:
                return  # not before a first block, or nothing might ever be done

    def _size(self, condition: int) -> int:
        """Chooses how many seeds make a block."""
        seconds, largest = self.pace.get(condition, (AIM, 0))
        return max(1, min(int(AIM / max(seconds, 1e-6)), GROWTH * largest))

    def _keep(self, outcome: Outcome) -> None:
        with self.lock:
            if outcome.block is None:
                return
            if isinstance(outcome.block, str):
                self.results.errors.setdefault(outcome.condition, outcome.block)
                return
            self.results.put(outcome.condition, outcome.places, outcome.block)
            most = max(len(outcome.places), self.pace.get(outcome.condition, (0.0, 0))[1])
            self.pace[outcome.condition] = outcome.seconds / len(outcome.places), most
