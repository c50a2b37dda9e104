"""A run as a small value: a seed and a list of edits, from which any moment can be derived.

Time is counted in steps of the environment. Moment t lies before step t; an edit at t applies from step t on.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

from rl.agents.base import Agent
from rl.dice import MAX_SEED
from rl.envs.base import World
from rl.keyframes import Track, shelf, track
from rl.run import FOREVER, Run, advance, begin, changed
from rl.tape import EpisodeLog, StepLog, blank, joined

MAX_STEP = 2_000_000
"""A run is no longer than this, so that no link can keep a server busy, or fill its memory."""
MAX_WORK = 60_000_000
"""Nor does it take more work than so many steps of Q-learning, some five seconds: heavier steps make it shorter."""
MAX_EDITS = 100


class Edit(NamedTuple):
    """The settings in force from a step on."""

    step: int
    env: World
    agent: Agent


def work_of(env: World, agent: Agent) -> float:
    """How many times as long a step may take as one of Q-learning where a table is played."""
    return env.slowness * agent.work(agent.model_of(env))


@dataclass(frozen=True)
class Timeline:
    """A run: what happens is fixed by the first settings, the seed, and the edits made on the way."""

    env: World
    agent: Agent
    seed: int = 0
    edits: tuple[Edit, ...] = ()

    def __post_init__(self) -> None:
        if isinstance(self.seed, bool) or not isinstance(self.seed, int) or not 0 <= self.seed <= MAX_SEED:
            raise ValueError(f"The seed must be a whole number from 0 to {MAX_SEED}.")
        if len(self.edits) > MAX_EDITS:
            raise ValueError(f"A run holds at most {MAX_EDITS} edits: start a new one.")
        for env, agent in [(self.env, self.agent), *(edit[1:] for edit in self.edits)]:
            if not agent.can_play(env):
                raise ValueError(f"{agent.title} cannot play {env.title}: it is made for other worlds.")
        steps = [0, *(edit.step for edit in self.edits)]
        if any(later <= earlier for earlier, later in pairwise(steps)) or steps[-1] > MAX_STEP:
            raise ValueError(f"Edits must come one after the other, at steps 1 to {MAX_STEP:,}.")
        if any(edit.step > last for edit, last in zip(self.edits, self._lasts(), strict=False)):
            raise ValueError("An edit comes after the last step of this run.")  # a person's moves end earlier

    @cached_property
    def last(self) -> int:
        """The last moment there is: where the run ends by rule, or its agent has nothing left to do."""
        return list(self._lasts())[-1]

    def _lasts(self) -> Iterator[int]:
        """Yields the last moment each of the settings could go on to."""
        left, stretches = float(MAX_WORK), [Edit(0, self.env, self.agent), *self.edits]
        for i, (step, env, agent) in enumerate(stretches):
            work = work_of(env, agent)
            yield min(MAX_STEP, env.last_step, agent.last_step, step + int(left / work))
            left -= (stretches[i + 1].step - step) * work if self.edits[i:] else 0

    @property
    def work(self) -> float:
        """How many times as long a step may take as one of Q-learning where a table is played."""
        return max(work_of(env, agent) for _, env, agent in [Edit(0, self.env, self.agent), *self.edits])

    def settings(self, t: int) -> Edit:
        """Returns the settings that govern step ``t``, and since when."""
        return [Edit(0, self.env, self.agent), *(e for e in self.edits if e.step <= t)][-1]

    def edited(self, t: int, env: World | None = None, agent: Agent | None = None, **changes: Any) -> "Timeline":
        """Branches off at moment ``t`` with other settings; the past is shared and any later edits are left behind.

        ``changes`` name knobs of the agent. Raises ValueError when a value does not fit or the world's states differ.
        """
        _, old_env, old_agent = self.settings(t)
        env, agent = env or old_env, replace(agent or old_agent, **changes)
        if t <= 0:
            return Timeline(env, agent, self.seed)
        before = replace(self, edits=tuple(e for e in self.edits if e.step < t))
        if before.settings(t)[1:] == (env, agent):
            return before
        edited = replace(before, edits=(*before.edits, Edit(t, env, agent)))
        changed(begin(old_env, old_agent, self.seed), env, agent)  # says at once when the world does not fit
        return edited

    def at(self, t: int) -> Run:
        """Returns the run as it stands at moment ``t``: everything needed to draw it and to go on from it."""
        return self._track(t).run_at(min(t, self.last))

    def ready(self, t: int) -> int:
        """Returns the furthest moment up to ``t`` that is a short replay away, without computing anything."""
        t = min(t, self.last)
        for start, stop in self._stretches(0, t):
            known = shelf.get(past_of(self, start))
            reach = known.reach if known else start
            if reach < stop:
                return reach
        return t

    def steps(self, t0: int, t1: int) -> StepLog:
        """Returns the log of steps ``t0`` to ``t1 - 1``, a column each."""
        logs = [blank(StepLog, 0)]
        for start, stop in self._stretches(t0, min(t1, self.last)):
            logs.append(advance(self.at(start), stop, FOREVER, stop - start)[0])
        return joined(logs)

    def episodes(self, t: int) -> EpisodeLog:
        """Returns the log of all episodes over by moment ``t``."""
        logs = [blank(EpisodeLog, 0)]
        for start, stop in self._stretches(0, min(t, self.last)):
            logs.append(self._track(start).episodes_until(stop))
        return joined(logs)

    def after_episodes(self, t: int, n: int, patience: int = 1_000_000) -> int:
        """Returns the moment at which ``n`` more episodes are over, or the last tried when they do not end."""
        run, last = self.at(t), min(self.last, t + patience)
        goal = run.episode + n
        for start, stop in self._stretches(t, last):
            run = self.at(start)
            advance(run, stop, goal)
            if run.episode >= goal:
                break
        return run.step

    def episode_before(self, t: int) -> int:
        """Returns the moment this episode began, or, at its very beginning, the one before."""
        ends = self.episodes(t).end
        earlier = ends[ends < t]
        return int(earlier[-1]) if len(earlier) else 0

    def _stretches(self, t0: int, t1: int) -> list[tuple[int, int]]:
        cuts = [t0, *(e.step for e in self.edits if t0 < e.step < t1), t1]
        return [(start, stop) for start, stop in pairwise(cuts) if start < stop]

    def _track(self, t: int) -> Track:
        past = past_of(self, t)
        return track(past, past._last_start)

    def _last_start(self) -> Run:
        if not self.edits:
            return begin(self.env, self.agent, self.seed)
        step, env, agent = self.edits[-1]
        past = replace(self, edits=self.edits[:-1])
        return changed(past._track(step).run_at(step), env, agent)


def past_of(timeline: Timeline, t: int) -> Timeline:
    """Leaves later edits away, so that what is known of the past is known to all that branch off later."""
    return replace(timeline, edits=tuple(edit for edit in timeline.edits if edit.step <= t))
