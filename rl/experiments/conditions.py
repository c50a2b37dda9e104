"""The unit of work: one agent with its settings in one world, to be run from many seeds."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from typing import Any, NamedTuple

from rl.agents.base import NEVER, Agent
from rl.agents.planning.base import Planner
from rl.envs.base import Env, World
from rl.experiments.values import Value
from rl.knob import knobs
from rl.link import with_edit
from rl.timeline import Timeline

WORLD_PREFIX = "env."
Grid = tuple[tuple[str, tuple[Value, ...]], ...]
"""Swept settings with their values; those of the world are marked ``env.``, as in links."""


class Condition(NamedTuple):
    """A run's settings, edits included, and what tells them from the others of an experiment."""

    world: str
    agent: str
    timeline: Timeline
    values: tuple[tuple[str, Value], ...] = ()  # of the swept settings it has

    @property
    def label(self) -> str:
        return ", ".join([f"{self.agent} · {self.world}", *(f"{name} {shown(value)}" for name, value in self.values)])


class Plan(NamedTuple):
    """What an experiment comes to."""

    conditions: tuple[Condition, ...]
    dropped: tuple[str, ...]  # a sentence for each pair that is left out


def shown(value: Value) -> str:
    """Writes a swept value for people."""
    return value if isinstance(value, str) else f"{value:.6g}"


def planned(envs: Sequence[World], agents: Sequence[Agent], grid: Grid, edits: Sequence[str]) -> Plan:
    """Lists worlds x agents x swept values; a setting that an agent does not have is not swept for it.

    ``edits`` are spelled as in links. Raises ValueError for a setting nobody has and a value that does not fit.
    """
    worlds, names = _named(envs, grid, WORLD_PREFIX), _named(agents, grid, "")
    found: list[Condition] = []
    dropped: list[str] = []
    for env, agent in product(envs, agents):
        reason = unfit(env, agent)
        if reason:
            dropped.append(reason)
        else:
            found += _pair(worlds[env], names[agent], env, agent, grid, edits)
    _check_swept(grid, [*envs, *agents])
    return Plan(tuple({condition.timeline: condition for condition in found}.values()), tuple(dropped))


def unfit(env: World, agent: Agent) -> str:
    """Says why an agent is not run in a world, or nothing where it can be."""
    if not agent.can_play(env):
        return f"{agent.title} cannot play {env.title}: it is made for other worlds."
    if isinstance(agent, Planner):
        return f"{agent.title} is left out: it plans instead of acting, so it has no returns to compare."
    if agent.last_step < NEVER:
        return f"{agent.title} is left out: a person's moves are one run, not a rule to try on many seeds."
    return "" if episodic(env) else f"{env.title} is left out: it has no episodes, so no returns to compare."


def episodic(env: World) -> bool:
    """Tells whether episodes can end in a world, by its rules or by a time limit."""
    horizon = getattr(env.model, "horizon", None)
    if not isinstance(env, Env) or horizon:
        return horizon is not None
    mdp = env.mdp
    return bool((mdp.terminal & (mdp.probability > 0))[mdp.visitable].any())


def _pair(world: str, name: str, env: World, agent: Agent, grid: Grid, edits: Sequence[str]) -> list[Condition]:
    swept = [(knob, values) for knob, values in grid if _has(env if knob.startswith(WORLD_PREFIX) else agent, knob)]
    conditions = []
    for values in product(*(values for _, values in swept)):
        chosen = dict(zip((knob for knob, _ in swept), values, strict=True))
        timeline = Timeline(_set(env, chosen, WORLD_PREFIX), _set(agent, chosen, ""))
        for edit in edits:
            timeline = with_edit(timeline, edit)
        conditions.append(Condition(world, name, timeline, tuple(chosen.items())))
    return conditions


def _has(settings: Any, knob: str) -> bool:
    return knob.removeprefix(WORLD_PREFIX) in knobs(settings)


def _set(settings: Any, chosen: dict[str, Value], prefix: str) -> Any:
    mine = {name: value for name, value in chosen.items() if name.startswith(WORLD_PREFIX) == bool(prefix)}
    return replace(settings, **{name.removeprefix(prefix): value for name, value in mine.items()})


def _check_swept(grid: Grid, settings: Sequence[Any]) -> None:
    for knob, _ in grid:
        of_world = knob.startswith(WORLD_PREFIX)
        if not any(_has(thing, knob) for thing in settings if isinstance(thing, World) == of_world):
            kind = "environment" if of_world else "agent"
            raise ValueError(f"No {kind} here has a setting called {knob.removeprefix(WORLD_PREFIX)[:40]!r}.")


def _named(things: Sequence[Any], grid: Grid, prefix: str) -> dict[Any, str]:
    """Names worlds or agents by their titles, and by the settings in which those of one kind differ."""
    swept = {name.removeprefix(prefix) for name, _ in grid if name.startswith(WORLD_PREFIX) == bool(prefix)}
    names = {}
    for thing in things:
        alike = [other for other in things if type(other) is type(thing)]
        differing = [name for name in knobs(thing) if len({getattr(other, name) for other in alike}) > 1]
        told = [f"{name} {_short(getattr(thing, name))}" for name in differing if name not in swept]
        names[thing] = " ".join([thing.title, f"({', '.join(told)})" if told else ""]).strip()
    return names


def _short(value: Any) -> str:
    text = shown(value)
    return text if len(text) <= 24 else f"{text[:23]}…"
