"""What a session has on its bench: the settings of an experiment, the sweep under way, and what of it is shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pages.parts.experiments.kept import Kept
from pages.parts.experiments.shelf import Shelf
from rl.agents import AGENTS
from rl.agents.base import Agent
from rl.agents.control.base import Control
from rl.agents.control.expected_sarsa import ExpectedSarsa
from rl.agents.control.q_learning import QLearning
from rl.agents.control.sarsa import Sarsa
from rl.envs import WORLDS
from rl.envs.base import World
from rl.envs.cliff_walking import CliffWalking
from rl.experiments.book.making import Making
from rl.experiments.config import Experiment
from rl.experiments.saved import from_json
from rl.experiments.sweep import DONE, Sweep
from rl.experiments.values import parse_values, spell_values, spread
from rl.knob import knobs

LEARNERS: dict[str, type[Agent]] = {slug: kind for slug, kind in AGENTS.items() if issubclass(kind, Control)}
PLAYABLE: dict[str, type[World]] = {
    slug: kind for slug, kind in WORLDS.items() if kind.family in {agent.family for agent in LEARNERS.values()}}
SHARED = {"epsilon": 0.1, "alpha": 0.5, "gamma": 1.0}
"""Settings of all agents that stand on the page itself, and how they start."""
SWEPT = 2
"""Rows for settings to sweep, where no file has more."""
PRESET = Experiment((CliffWalking(),), tuple(kind(**SHARED) for kind in (QLearning, Sarsa, ExpectedSarsa)),
                    (("alpha", (0.1, 0.2, 0.3, 0.5, 0.7, 0.9)),), seeds=30, episodes=100, last=50)
KEPT = Kept()


@dataclass
class Lab:
    """The bench of one session. The widgets change it; drawing only reads it."""

    agents: dict[str, Agent] = field(default_factory=lambda: {agent.slug: agent for agent in PRESET.agents})
    worlds: dict[str, World] = field(default_factory=lambda: {env.slug: env for env in PRESET.envs})
    swept: list[tuple[str, str]] = field(default_factory=lambda: [
        *((name, spell_values(values)) for name, values in PRESET.grid), *[("", "")] * (SWEPT - len(PRESET.grid))])
    edits: tuple[str, ...] = ()
    seeds: int = PRESET.seeds
    first_seed: int = PRESET.first_seed
    episodes: int = PRESET.episodes
    last: int = PRESET.last
    measure: str = PRESET.measure
    threshold: float = -30.0
    shared: dict[str, float] = field(default_factory=lambda: dict(SHARED))
    sweep: Sweep | None = None
    finished: Sweep | None = None  # the last one that was seen to be done
    shelf: Shelf = field(default_factory=Shelf)
    making: Making | None = None
    note: str | None = None
    turns: int = 0
    loaded: str = ""  # the file that was read last
    book: str = ""  # the figure that was asked for

    # settings ----------------------------------------------------------------------------------------------------

    def choose(self, part: str, slugs: list[str]) -> None:
        """Takes which "agents" or "worlds" are compared; what was set of one that stays is kept."""
        kinds: dict[str, Any] = dict(LEARNERS) if part == "agents" else dict(PLAYABLE)
        now: dict[str, Any] = getattr(self, part)
        setattr(self, part, {slug: now.get(slug) or self._fresh(kinds[slug]) for slug in slugs if slug in kinds})

    def _fresh(self, kind: Any) -> Any:
        return kind(**{name: value for name, value in self.shared.items() if name in knobs(kind)})

    def share(self, name: str, value: float) -> None:
        """Gives a setting to all agents that have it."""
        self.shared[name] = value
        for slug, agent in list(self.agents.items()):
            if name in knobs(agent):
                self.turn("agents", slug, name, value)

    def turn(self, part: str, slug: str, name: str, value: Any) -> None:
        """Takes one knob of one agent or world; a value that it cannot have leaves a note."""
        things = getattr(self, part)
        try:
            things[slug] = replace(things[slug], **{name: value})
            self.note = None
        except ValueError as error:
            self.note = f"This cannot be set: {error}"

    @property
    def sweepable(self) -> list[str]:
        """Names every setting that can be swept: numbers and choices of the agents, and of the worlds as ``env.``."""
        mine = [name for agent in self.agents.values() for name, (_, knob) in knobs(agent).items() if _counts(knob)]
        theirs = [f"env.{name}" for env in self.worlds.values() for name, (_, knob) in knobs(env).items()
                  if _counts(knob)]
        return list(dict.fromkeys([*mine, *theirs]))

    def options(self, name: str) -> tuple[str, ...]:
        """Lists the words a setting may be swept over; none where it takes numbers."""
        things = self.worlds.values() if name.startswith("env.") else self.agents.values()
        found = [knobs(thing).get(name.removeprefix("env.")) for thing in things]
        return tuple(dict.fromkeys(word for each in found if each for word in each[1].options))

    def sweep_over(self, number: int, name: str) -> None:
        """Takes which setting a row sweeps: all its words, or a few of its numbers to begin with."""
        words = self.options(name)
        self.swept[number] = name, spell_values(words) if words else self._first_numbers(name)

    def _first_numbers(self, name: str) -> str:
        things = self.worlds.values() if name.startswith("env.") else self.agents.values()
        found = [knobs(thing).get(name.removeprefix("env.")) for thing in things]
        return next((spell_values(spread(each[1])) for each in found if each), "")

    def add_edit(self, text: str) -> None:
        """Takes a change in mid-run, spelled as in links: ``1000,epsilon:0``; one that cannot be leaves a note."""
        edits = tuple(sorted((*self.edits, text.strip()), key=_step_of))

        def add() -> None:
            replace(self.experiment(), edits=edits)
            self.edits = edits

        self._say(add)

    def drop_edit(self, number: int) -> None:
        """Takes a change in mid-run away."""
        self.edits = self.edits[:number] + self.edits[number + 1 :]

    def experiment(self) -> Experiment:
        """Puts the settings together. Raises ValueError with a sentence where they make no experiment."""
        grid = tuple((name, parse_values(values)) for name, values in self.swept if name)
        return Experiment(tuple(self.worlds.values()), tuple(self.agents.values()), grid, self.seeds, self.first_seed,
                          self.episodes, self.measure, self.threshold, self.last, self.edits)

    # work --------------------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Starts the experiment as it is set; one that was finished lately, by anybody, is shown at once."""
        self._say(lambda: self._start(self.experiment()))

    def _start(self, experiment: Experiment) -> None:
        if self.sweep is not None and self.sweep.progress().state != DONE:
            self.sweep.cancel()
        self.sweep = KEPT.get(experiment) or Sweep(experiment)
        self.sweep.start()

    def look(self) -> Sweep:
        """Returns the sweep on the bench; the first visitor's is begun, and a finished one is kept for others."""
        if self.sweep is None:
            self._start(PRESET)
        assert self.sweep is not None
        if self.sweep is not self.finished and self.sweep.progress().state == DONE:
            self.finished = self.sweep
            KEPT.put(self.sweep)
        return self.sweep

    def load(self, text: str) -> None:
        """Takes an experiment from a file and runs it; a file that is none leaves a note."""
        self._say(lambda: self._take(from_json(text)))

    def _take(self, found: Experiment) -> None:
        _check_shown(found.agents, LEARNERS)
        _check_shown(found.envs, PLAYABLE)
        self.agents = {agent.slug: agent for agent in found.agents}
        self.worlds = {env.slug: env for env in found.envs}
        self.shared |= {name: getattr(agent, name) for agent in reversed(found.agents) for name in SHARED}
        grid = [(name, spell_values(values)) for name, values in found.grid]
        self.swept = [*grid, *[("", "")] * (SWEPT - len(grid))]
        self.seeds, self.first_seed, self.episodes = found.seeds, found.first_seed, found.episodes
        self.last, self.measure, self.threshold, self.edits = found.last, found.measure, found.threshold, found.edits
        self._start(found)

    def _say(self, do: Callable[[], None]) -> None:
        self.note = None
        try:
            do()
        except ValueError as error:
            self.note = str(error).replace("this link", "this experiment")


def _counts(knob: Any) -> bool:
    return bool(knob.options) or knob.low is not None


def _step_of(edit: str) -> int:
    step = edit.split(",")[0]
    return int(step) if step.isascii() and step.isdigit() and len(step) < 10 else 0


def _check_shown(things: tuple[Any, ...], kinds: Mapping[str, type]) -> None:
    """Raises ValueError with a sentence for what the form has no place for."""
    slugs = [thing.slug for thing in things]
    for thing in things:
        if thing.slug not in kinds:
            raise ValueError(f"{thing.title} cannot be chosen here, so this experiment cannot be loaded.")
        if slugs.count(thing.slug) > 1:
            raise ValueError(f"{thing.title} is in this experiment more than once, which cannot be shown here: "
                             "sweep the setting in which they differ.")
