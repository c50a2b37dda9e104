"""What a deep Q-network is at every moment of a run, found by playing it again step by step.

Its replay memory is too large to be told of every moment: it is told once, and then what each step put into it.
"""

from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from rl.agents.deep.base import ON
from rl.agents.deep.learning import aim, load
from rl.agents.deep.memory import BATCH, FILLED, MOST_BATCH, UPDATES, Deep, evaluate, read_values
from rl.deep_greedy import nets_of, scene_of_run
from rl.jit import jit_apart
from rl.mdp import Floats, Ints
from rl.nets import Singles, forward
from rl.physics import act_on
from rl.replay import ACTION, BORN, ENDED, EXTRA, REWARD, STEPS, latest
from rl.run import Run, one_by_one
from rl.scenes import TABLE, see
from rl.tape import cut, joined
from rl.timeline import Timeline


class Moments(NamedTuple):
    """For each of m moments; what a step brought stands with the moment it led to."""

    body: Floats  # (m, 4) right after an episode it is the next one's; of a table, the number of the state
    landed: Floats  # (m, 4) where the step led, at an episode's end too
    q: Floats  # (m, S * A) what the net says of all states of a table, or of what is seen
    target: Floats  # (m, A) what the target net says of the state it is in
    batch: Ints  # (m, B) places of the minibatch; -1 beyond its end, or where no gradient step was made
    errors: Floats  # (m, B) their TD errors, before that gradient step; NaN where there is no batch
    report: Floats  # (m, 6) what is said of the batch, see rl.agents.deep.memory; NaN where there is none
    fill: Ints  # (m, 2) transitions kept, and gradient steps so far


class Transitions(NamedTuple):
    """Transitions of a replay memory, n rows."""

    place: Ints
    kept: Singles  # (n, K) what was kept of the sight before
    after: Singles  # (n, K) and of the one that came of it
    action: Ints
    reward: Singles  # of all its steps, discounted and summed
    steps: Ints
    ended: Ints
    born: Ints  # the step it began with
    error: Floats  # |TD error| by the nets of the moment


class Resize(NamedTuple):
    """An edit: the memory is laid out anew, oldest transition first, as `rl.agents.deep.memory.resized` does."""

    moment: int
    capacity: int
    endings: bool  # whether the terminal ones stay


class Recall(NamedTuple):
    """A replay memory in the moments t0 to t1: what it holds at t0, and what became of it."""

    capacity: int
    held: Transitions  # at t0, oldest first
    first: Ints  # (t1 - t0 + 1,) where those that each step stored begin in the columns below
    stored: Transitions
    resizes: tuple[Resize, ...]


class Eyes:
    """Looks at a run that moves on under the same settings."""

    def __init__(self, run: Run) -> None:
        self.run: Run = run
        self.agent: Any = run.agent
        self.scene, self.nets = scene_of_run(run), nets_of(run, MOST_BATCH)

    def target(self) -> Floats:
        """Returns what the target net says of the state the run is in, (A,)."""
        q = np.empty(self.scene.actions)
        look(self.run.memory, self.nets, self.scene, int(self.run.clock.counts[1]), q)
        return q

    def transitions(self, places: Ints) -> Transitions:
        """Reads some transitions, and judges them by the nets as they are."""
        memory, k = self.run.memory, self.scene.kept
        rows = memory.rows[places]
        action, steps, ended, born = (rows[:, 2 * k + i].astype(np.int64) for i in (ACTION, STEPS, ENDED, BORN))
        return Transitions(places, rows[:, :k], rows[:, k : 2 * k], action, rows[:, 2 * k + REWARD], steps, ended, born,
                           self.errors(places))

    def errors(self, places: Ints) -> Floats:
        """Returns the absolute TD errors of some transitions."""
        found = np.empty(len(places))
        for start in range(0, len(places), MOST_BATCH):
            picked = np.ascontiguousarray(places[start : start + MOST_BATCH], np.int64)
            n = len(picked)
            batch = self.run.memory._replace(picked=picked, wanted=np.empty(n), valued=np.empty(n),
                                             counts=np.array([0, 0, 0, 0, n]))
            aim(batch, self.nets, self.scene, self.agent.gamma, self.agent.double == ON)
            judge(batch, self.nets, self.scene)
            found[start : start + n] = np.abs(batch.wanted - batch.valued)
        return found

    def fresh(self) -> Ints:
        """Returns the places that the last step has written to, oldest first: what ends with it was stored by it."""
        memory: Deep = self.run.memory
        newest = latest(memory.counts, len(memory.rows), min(int(memory.counts[FILLED]), len(memory.trail)))
        extra = memory.rows[newest, -EXTRA:]
        return newest[extra[:, BORN] + extra[:, STEPS] == self.run.step]


def watch(timeline: Timeline, t0: int, t1: int) -> tuple[Moments, Recall]:
    """Returns what a run is at the moments ``t0`` to ``t1``, edits between them included, and its replay memory.

    At the moment of an edit it is what `Timeline.at` says: its memory is laid out anew, and there is no batch.
    """
    t1 = min(t1, timeline.last)
    edges = [t0, *(edit.step for edit in timeline.edits if t0 < edit.step <= t1), t1]
    before = _updates(timeline.at(t0 - 1)) if t0 else 0
    eyes, resizes, stored = Eyes(timeline.at(t0)), [], []
    agents: list[Any] = [timeline.settings(t).agent for t in edges]
    found = _blank(eyes.run, t1 - t0 + 1, max(agent.batch for agent in agents))
    _note(found, 0, eyes, before)
    found.landed[0] = found.body[0]
    rows = eyes.run.memory.rows
    held = eyes.transitions(latest(eyes.run.memory.counts, len(rows), len(rows)))
    for start, stop in pairwise(edges):
        if start > t0:
            eyes = Eyes(timeline.at(start))
            resizes.append(Resize(start, eyes.agent.capacity, eyes.agent.endings == ON))
            _note(found, start - t0, eyes, _updates(eyes.run))
        stored += _follow(found, t0, eyes, stop)
    first = np.cumsum([0, *(len(new.place) for new in stored)])
    return found, Recall(len(rows), held, first, joined([cut(held, 0, 0), *stored]), tuple(resizes))


def _blank(run: Run, m: int, batch: int) -> Moments:
    values, actions = run.memory.q.size, run.memory.q.shape[1]
    body, landed = np.zeros((2, m, len(run.memory.body)))
    return Moments(body, landed, np.zeros((m, values)), np.zeros((m, actions)), np.zeros((m, batch), np.int64),
                   np.zeros((m, batch)), np.zeros((m, len(run.memory.report))), np.zeros((m, 2), np.int64))


def _updates(run: Run) -> int:
    return int(run.memory.counts[UPDATES])


def _note(found: Moments, i: int, eyes: Eyes, before: int) -> None:
    """Writes down where a run stands; there were so many gradient steps before the step that led there."""
    memory: Deep = eyes.run.memory
    found.body[i] = memory.body
    if eyes.scene.kind == TABLE:
        found.body[i, 0] = eyes.run.clock.counts[1]
    found.q[i], found.target[i] = memory.q.ravel(), eyes.target()
    found.fill[i] = memory.counts[[FILLED, UPDATES]]
    found.batch[i], found.errors[i], found.report[i] = -1, np.nan, np.nan
    n = int(memory.counts[BATCH])
    if n and _updates(eyes.run) > before:
        found.batch[i, :n], found.report[i] = memory.picked[:n], memory.report
        found.errors[i, :n] = memory.wanted[:n] - memory.valued[:n]


def _follow(found: Moments, t0: int, eyes: Eyes, stop: int) -> list[Transitions]:
    """Goes on to moment ``stop`` and writes down all moments on the way; returns what each step has stored."""
    run, stored = eyes.run, []
    memory: Deep = run.memory
    body, visits, before = memory.body.copy(), memory.visits[0].copy(), _updates(run)
    for _ in one_by_one(run, stop):
        i = run.step - t0
        _note(found, i, eyes, before)
        if eyes.scene.kind != TABLE and run.clock.counts[3] == 0:  # an episode is over: the body is at its next start
            act_on(eyes.scene.kind, body, int(np.argmax(memory.visits[0] - visits)))
            found.landed[i] = body
        else:
            found.landed[i] = found.body[i]
        stored.append(eyes.transitions(eyes.fresh()))
        body, visits, before = memory.body.copy(), memory.visits[0].copy(), _updates(run)
    return stored


@jit_apart
def look(memory, nets, scene, state, q):
    """Writes what the target net says of the state a run is in into ``q``, (A,)."""
    if scene.kind == TABLE:
        nets.seen[0] = np.float32(state)
    else:
        see(scene, memory.body, nets.seen)
    evaluate(memory.target, nets, scene, nets.judge, nets.seen, q)


@jit_apart
def judge(memory, nets, scene):
    """Writes what the net says of the actions of a batch into ``memory.valued``."""
    load(memory, nets.room, scene, 0)
    forward(memory.net, nets.sizes, nets.activation, memory.counts[BATCH], nets.room)
    for i in range(memory.counts[BATCH]):
        read_values(nets, nets.room.values[-1], i, nets.q[0])
        memory.valued[i] = nets.q[0, int(memory.rows[memory.picked[i], 2 * scene.kept + ACTION])]
