"""What an experiment is: worlds, agents, swept settings, seeds, episodes and a measure, in bounds a server can bear."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rl.agents.base import Agent
from rl.dice import MAX_SEED
from rl.envs.base import World
from rl.experiments.conditions import Grid, Plan, planned
from rl.experiments.measures import MEASURES
from rl.experiments.values import MOST_VALUES
from rl.knob import is_finite
from rl.link import LONGEST
from rl.timeline import MAX_STEP
from rl.trials import PATIENCE

MOST_SEEDS, MOST_EPISODES, MOST_CONDITIONS = 5000, 10_000, 500
MOST_FIRST_SEED = MAX_SEED + 1 - MOST_SEEDS
"""Whatever the number of seeds, so that it can be raised."""
MOST_THRESHOLD = 1e6
MOST_RUNS, MOST_WORK = 200_000, 20_000_000
"""Seeds x conditions, and episodes of all of them, times the work of a step: minutes on two cores."""
MOST_CELLS = 4_000_000
"""Points of all learning curves together; where episodes are more, neighbours are averaged."""
MOST_THINGS, MOST_SWEPT, MOST_SHIFTS = 20, 4, 10
STEPS_AN_EPISODE = 400
"""Steps a seed may take on average before it gives up, where that is more than its usual patience."""


@dataclass(frozen=True)
class Experiment:
    """A comparison: every agent in every world, for every value of the swept settings, from every seed."""

    envs: tuple[World, ...]
    agents: tuple[Agent, ...]
    grid: Grid = ()
    seeds: int = 30
    first_seed: int = 0
    episodes: int = 500
    measure: str = "online"
    threshold: float = 0.0  # of the mean return of the last episodes
    last: int = 100  # episodes the online return is the mean of
    edits: tuple[str, ...] = ()  # changes in mid-run, spelled as in links

    def __post_init__(self) -> None:
        for name, value in vars(self).copy().items():
            if isinstance(value, list):
                object.__setattr__(self, name, tuple(value))
        object.__setattr__(self, "grid", tuple((name, tuple(values)) for name, values in self.grid))
        _check(self)
        object.__setattr__(self, "threshold", float(self.threshold))
        if not self.plan.conditions:
            raise ValueError(f"Nothing is left to compare: {' '.join(self.plan.dropped)}")

    @property
    def plan(self) -> Plan:
        """The conditions to be run, and which pairs are left out."""
        return _planned(self.envs, self.agents, self.grid, self.edits)

    @property
    def runs(self) -> int:
        return self.seeds * len(self.plan.conditions)

    @property
    def work(self) -> float:
        """Episodes of all runs, those of agents that work longer at every step counted so many times."""
        return self.seeds * self.episodes * sum(condition.timeline.work for condition in self.plan.conditions)

    @property
    def patience(self) -> int:
        """Steps after which a seed gives up on finishing its episodes."""
        return min(MAX_STEP, max(PATIENCE, STEPS_AN_EPISODE * self.episodes))

    @property
    def stride(self) -> int:
        """Episodes averaged to one point of the learning curves that are kept."""
        points = max(1, MOST_CELLS // self.runs)
        return -(-self.episodes // points)


@lru_cache(maxsize=64)
def _planned(envs: tuple[World, ...], agents: tuple[Agent, ...], grid: Grid, edits: tuple[str, ...]) -> Plan:
    return planned(envs, agents, grid, edits)


def _check(e: Experiment) -> None:
    """Raises ValueError with a sentence for what is out of bounds."""
    for things, kind, what in ((e.envs, World, "environment"), (e.agents, Agent, "agent")):
        if not things or not all(isinstance(thing, kind) for thing in things):
            raise ValueError(f"An experiment needs at least one {what}.")
        if len(things) > MOST_THINGS or len(set(things)) < len(things):
            raise ValueError(f"An experiment compares at most {MOST_THINGS} {what}s, each once.")
    _whole("seeds", e.seeds, 1, MOST_SEEDS)
    _whole("episodes", e.episodes, 1, MOST_EPISODES)
    _whole("first_seed", e.first_seed, 0, MOST_FIRST_SEED)
    _whole("last", e.last, 1, MOST_EPISODES)
    if isinstance(e.threshold, bool) or not isinstance(e.threshold, int | float) or not is_finite(e.threshold):
        raise ValueError("threshold must be a number.")
    if abs(e.threshold) > MOST_THRESHOLD:
        raise ValueError(f"threshold must be between {-MOST_THRESHOLD:,.0f} and {MOST_THRESHOLD:,.0f}.")
    if e.measure not in tuple(MEASURES):  # what is loaded may not be hashable
        raise ValueError(f"measure must be one of {', '.join(MEASURES)}; got {str(e.measure)[:40]!r}.")
    _check_grid(e)
    _check_work(e)


def _whole(name: str, value: Any, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ValueError(f"{name} must be a whole number from {low} to {high:,}; got {str(value)[:40]}.")


def _check_grid(e: Experiment) -> None:
    names = [name for name, _ in e.grid]
    if len(names) > MOST_SWEPT or len(set(names)) < len(names):
        raise ValueError(f"At most {MOST_SWEPT} settings are swept, each once.")
    for name, values in e.grid:
        if not 0 < len(values) <= MOST_VALUES or len(set(values)) < len(values):
            raise ValueError(f"{name[:40]} takes 1 to {MOST_VALUES} values in a sweep, each once.")
    if len(e.edits) > MOST_SHIFTS or not all(isinstance(edit, str) and len(edit) <= LONGEST for edit in e.edits):
        raise ValueError(f"An experiment has at most {MOST_SHIFTS} edits in mid-run, spelled as in links.")


def _check_work(e: Experiment) -> None:
    most = len(e.envs) * len(e.agents)
    for _, values in e.grid:
        most *= len(values)
    if most > MOST_CONDITIONS:  # before they are made
        raise ValueError(f"An experiment has at most {MOST_CONDITIONS} conditions; these settings make up to {most:,}.")
    if e.runs > MOST_RUNS or e.work > MOST_WORK:
        raise ValueError(f"That is {e.runs:,} runs of {e.episodes:,} episodes; at most {MOST_RUNS:,} runs and "
                         f"{MOST_WORK:,} episodes in all are made, and fewer by agents that do more at each step: "
                         "choose fewer seeds, episodes or values.")
