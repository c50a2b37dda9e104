"""Many runs of many algorithms on the same bandits, in slices that a page can show, and stop, at any time."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import NamedTuple, TypeVar

import numpy as np

from rl.agents.bandits.base import Bandit
from rl.arms import Arms, drift, first_values
from rl.dice import MAX_SEED
from rl.envs.testbed import Testbed
from rl.jit import jit
from rl.mdp import Floats
from rl.run import FOREVER
from rl.tape import Clock, EpisodeLog, StepLog, Tape, blank, each

T = TypeVar("T")

AT_ONCE = 20
"""Runs between two looks at the time: a few milliseconds of work."""
MOST_RUNS, MOST_STEPS = 20_000, 20_000
REMEMBERED = 128
"""Results kept for the next study, the least recently used forgotten first: 40 bytes a step each."""


class Curve(NamedTuple):
    """A quantity at every step, averaged over runs; both (steps,)."""

    mean: Floats
    error: Floats  # standard error; NaN with fewer than two runs


class Result(NamedTuple):
    """What an algorithm came to, over the runs so far."""

    runs: int
    reward: Curve
    optimal: Curve  # share of runs that pulled a best arm
    regret: Curve  # sum so far of the best mean less the pulled arm's
    average: float  # reward, over all steps
    average_error: float


class Task(NamedTuple):
    """One algorithm's part of a study."""

    testbed: Testbed
    agent: Bandit
    runs: int
    steps: int
    same_arms: bool
    seed: int


class Series:
    """The runs of one algorithm, summed up as they are made. Threads may share it."""

    def __init__(self, task: Task) -> None:
        self.task, self.done, self.lock = task, 0, Lock()
        self.model, self.parameters = task.testbed.model, task.agent.parameters()
        self.sums, self.averages = np.zeros((5, task.steps)), np.zeros((2, 1))  # see `count`
        self.blank: Arms = task.agent.new_memory(self.model, 0)  # but for the arms, which are each run's own
        self.memory = each(self.blank, np.copy)

    def advance(self, runs: int) -> None:
        """Makes some more runs, as long as any are left."""
        with self.lock:
            tape = Tape(0, 0, blank(StepLog, self.task.steps), blank(EpisodeLog, 0))
            for number in range(self.done, min(self.done + runs, self.task.runs)):
                self._run(number, tape)
                self.done = number + 1

    def _run(self, number: int, tape: Tape) -> None:
        _, agent, _, steps, same_arms, first = self.task
        seed = (first + number) % (MAX_SEED + 1)
        arms_seed, model = first if same_arms else seed, self.model
        clock = Clock(np.zeros(4, np.int64), np.zeros(1))
        agent.loop(model, seed, self._fresh(arms_seed), clock, tape, steps, FOREVER, *self.parameters)
        count(model, arms_seed, seed, model.arms, tape.steps.action, tape.steps.reward, self.sums)
        self.averages[:, 0] += (average := clock.ret[0] / steps), average * average

    def _fresh(self, arms_seed: int) -> Arms:
        """Wipes the memory and draws the arms of a seed: a third of the time that making a new one takes."""
        for array, first in zip(self.memory, self.blank, strict=True):
            np.copyto(array, first)
        first_values(self.model, arms_seed, self.memory.value)
        return self.memory

    def result(self) -> Result:
        """Averages what there is."""
        with self.lock:
            n, sums, averages = self.done, self.sums.copy(), self.averages.copy()
        reward, rewards, best, regret, regrets = sums
        average = _curve(n, *averages)
        return Result(n, _curve(n, reward, rewards), _curve(n, best, best), _curve(n, regret, regrets),
                      float(average.mean[0]), float(average.error[0]))


def _curve(n: int, total: Floats, squares: Floats) -> Curve:
    """Turns sums over ``n`` runs into a mean and its standard error."""
    mean = total / n if n else np.full(len(total), np.nan)
    variance = np.maximum(squares / n - mean * mean, 0.0) * n / (n - 1) if n > 1 else np.full(len(total), np.nan)
    return Curve(mean, np.sqrt(variance / max(n, 1)))


@jit
def count(model, arms_seed, seed, arms, action, reward, sums):
    """Adds one run to the sums: rewards, their squares, pulls of a best arm, regret so far, and its square."""
    value, total = np.empty(arms), 0.0
    first_values(model, arms_seed, value)
    best = value.max()
    for t in range(action.shape[0]):
        gap = best - value[action[t]]
        total += gap
        sums[0, t] += reward[t]
        sums[1, t] += reward[t] * reward[t]
        sums[2, t] += 1.0 if gap == 0.0 else 0.0
        sums[3, t] += total
        sums[4, t] += total * total
        if model.drift > 0.0:
            drift(model, value, seed, t)
            best = value.max()


class Memory:
    """Results by what they are of, so that one algorithm's slider makes only its own runs anew."""

    def __init__(self) -> None:
        self.kept: OrderedDict[Hashable, Series] = OrderedDict()
        self.lock = Lock()

    def series(self, task: Task) -> Series:
        with self.lock:
            found = self.kept.setdefault(task, Series(task))
            self.kept.move_to_end(task)
            while len(self.kept) > REMEMBERED:
                self.kept.popitem(last=False)
        return found


remembered = Memory()


class Study:
    """Algorithms side by side. Run i has seed + i: all meet the same arms and the same luck in it.

    With ``same_arms`` every run has the arms of ``seed``, and only the luck differs. `result` may be asked at any
    time; it depends on how many runs are done, not on how they were sliced. Raises ValueError for sizes out of range.
    """

    def __init__(self, testbed: Testbed, agents: tuple[Bandit, ...], runs: int = 2000, steps: int = 1000,
                 same_arms: bool = False, seed: int = 0, threads: int = 1) -> None:
        if not (1 <= runs <= MOST_RUNS and 1 <= steps <= MOST_STEPS):
            raise ValueError(f"A study has 1 to {MOST_RUNS:,} runs of 1 to {MOST_STEPS:,} steps.")
        self.runs, self.threads = runs, threads
        self.parts = {a: remembered.series(Task(testbed, a, runs, steps, same_arms, seed)) for a in agents}

    @property
    def progress(self) -> float:
        """How much is done, from 0 to 1."""
        return sum(part.done for part in self.parts.values()) / (self.runs * max(1, len(self.parts)))

    @property
    def done(self) -> bool:
        return all(part.done >= self.runs for part in self.parts.values())

    def advance(self, seconds: float) -> bool:
        """Works for about so long, on the algorithms that are least far. Returns whether all is done."""
        stop = time.perf_counter() + seconds
        parts = list(self.parts.values())
        in_threads(self.threads, lambda first: _advance(parts[first :: self.threads], stop))
        return self.done

    def result(self, agent: Bandit) -> Result:
        """Returns what one of the algorithms came to so far."""
        return self.parts[agent].result()


def _advance(parts: list[Series], stop: float) -> None:
    left = [part for part in parts if part.done < part.task.runs]
    while left and time.perf_counter() < stop:
        min(left, key=lambda part: part.done).advance(AT_ONCE)
        left = [part for part in left if part.done < part.task.runs]


def in_threads(threads: int, work: Callable[[int], T]) -> list[T]:
    """Calls ``work`` with 0, 1, ... in so many threads at once; with one, right here."""
    if threads == 1:
        return [work(0)]
    with ThreadPoolExecutor(threads, thread_name_prefix="study") as pool:
        return list(pool.map(work, range(threads)))
