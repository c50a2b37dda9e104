"""Carry a run from one step to another: the one way any page, experiment or test makes an agent learn."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from rl.agents.base import Agent
from rl.envs.base import World
from rl.tape import Clock, EpisodeLog, StepLog, Tape, blank, cut, each

FOREVER = 2**62


@dataclass
class Run:
    """Where a run stands. `advance` moves it in place; `copy` keeps a place to come back to."""

    env: World
    agent: Agent
    seed: int
    memory: Any
    clock: Clock
    journal: tuple[int, ...] = ()  # the actions of this episode, where a world cannot be put into a state otherwise

    @property
    def step(self) -> int:
        return int(self.clock.counts[0])

    @property
    def episode(self) -> int:
        return int(self.clock.counts[2])

    def copy(self) -> "Run":
        """Copies the place, so that one of the two can move on."""
        memory, clock = (each(arrays, np.copy) for arrays in (self.memory, self.clock))
        return Run(self.env, self.agent, self.seed, memory, clock, self.journal)


def begin(env: World, agent: Agent, seed: int) -> Run:
    """Puts a new agent at the start of its first episode."""
    clock = Clock(np.array([0, env.first_state(seed, 0), 0, 0], np.int64), np.zeros(1))
    return Run(env, agent, seed, agent.new_memory(agent.model_of(env), seed), clock)


def changed(run: Run, env: World, agent: Agent) -> Run:
    """Goes on with other settings and what was learned so far.

    An agent that the new world has put into a wall or a goal begins its episode anew. Raises ValueError when the
    world has other states or actions, or the agent another kind of memory: what was learned would mean nothing there.
    """
    if not env.fits(run.env):
        raise ValueError("This world has other states, so what was learned does not fit it: start over instead.")
    if agent.learns != run.agent.learns:
        raise ValueError(f"{agent.title} learns other things than {run.agent.title}: start over instead.")
    new = run.copy()
    new.env, new.agent = env, agent
    model = agent.model_of(env)
    if type(agent) is not type(run.agent) and type(agent.new_memory(model, run.seed)) is not type(run.memory):
        new.memory = agent.inherit(run.memory, model, run.seed)
    taken = agent.adopt(new.memory, model)
    new.memory = new.memory if taken is None else taken
    _, state, episode, _ = new.clock.counts
    if env.is_stuck(int(state)):
        new.clock.counts[1] = env.first_state(run.seed, int(episode))
        new.clock.counts[3], new.clock.ret[0] = 0, 0.0
    return new


def advance(run: Run, stop_step: int, stop_episode: int = FOREVER, step_rows: int = 0,
            episode_rows: int = 0) -> tuple[StepLog, EpisodeLog]:
    """Runs until a step or an episode is reached; returns the log of the first so many steps and episodes."""
    first_step, first_episode = run.step, run.episode
    tape = Tape(first_step, first_episode, blank(StepLog, step_rows), blank(EpisodeLog, episode_rows))
    run.env.play(run, tape, stop_step, stop_episode)
    return (cut(tape.steps, 0, min(step_rows, run.step - first_step)),
            cut(tape.episodes, 0, min(episode_rows, run.episode - first_episode)))


def one_by_one(run: Run, stop: int) -> Iterator[None]:
    """Moves a run on to ``stop`` or its end, and stops after every step: a world that has to be opened is so once."""
    tape = Tape(0, 0, blank(StepLog, 0), blank(EpisodeLog, 0))
    with run.env.opened(run) as play:
        for t in range(run.step, stop):
            play(run, tape, t + 1, FOREVER)
            if run.step == t:
                return
            yield
