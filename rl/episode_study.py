"""The last episode of a neural agent, step by step: what it expected, what came, and where that pushes its policy.

The steps are played again. Between two updates they lie in the agent's memory, so its own judgements and advantages are
read there, and not made up afterwards.
"""

from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from rl.agents.neural.base import Neural
from rl.agents.neural.learner import FILLED, ROWS, UPDATES, advantages, prepare, sizes_of, standardise
from rl.jit import jit
from rl.losses import chances
from rl.mdp import Bools, Floats, Ints
from rl.nets import forward, make_room
from rl.physics import act_on
from rl.run import Run, advance
from rl.tape import TERMINATED, each
from rl.timeline import Timeline

KEPT = ("action", "reward", "judged", "ahead", "ended")
"""What a memory keeps of a step that is written down as it is."""


class EpisodeStudy(NamedTuple):
    """An episode of n steps with A actions: as the agent took them, and by the policy it has now."""

    number: int  # of the episode, from 0
    start: int  # the moment before its first step
    ended: int  # RUNNING where it is still under way, TERMINATED or TRUNCATED
    names: tuple[str, ...]  # of the actions, (A,)
    k: Ints  # (n,) step of the episode
    action: Ints
    chance: Floats  # (n, A) by which the action was drawn
    value: Floats  # what the critic thought of the state as the agent acted
    reward: Floats
    returned: Floats  # what really followed, discounted; beyond a time limit, or the present, as the critic has it
    advantage: Floats  # as its update had it: it looks no further than the steps of one, PPO standardises those
    log_chance: Floats
    push: Floats  # log_chance times advantage: its slope, summed, is the direction of the gradient
    now: Floats  # chance of the same action by the policy at the moment of asking
    ratio: Floats  # now over then
    clipped: Bools  # whether PPO's slope is cut off there: the ratio is out of range, where the advantage points
    body: Floats  # (n, 4) before the step

    @property
    def is_bootstrapped(self) -> bool:
        """Whether the returns end in the critic's estimate, because the episode did not end by itself."""
        return self.ended != TERMINATED


class Walk(NamedTuple):
    """Steps that were played again, T rows."""

    body: Floats  # (T, 4)
    sight: Floats  # (T, D)
    chance: Floats  # (T, A)
    action: Ints
    reward: Floats
    judged: Floats
    ahead: Floats  # value of what came next, 0 after a termination
    ended: Ints
    gamma: Floats
    advantage: Floats  # as its update had it; of steps not yet learned from, as if they were all there is


@lru_cache(maxsize=16)
def study(timeline: Timeline, t: int) -> EpisodeStudy | None:
    """Studies the last episode over by moment ``t``, or the first as far as it came; the arrays are shared.

    None where no step was taken yet, or none by a neural agent.
    """
    t = min(t, timeline.last)
    number, start, stop = _span(timeline, t)
    found = walked(timeline, start, t) if start < stop else None
    return None if found is None else _studied(number, start, stop - start, *found)


def _span(timeline: Timeline, t: int) -> tuple[int, int, int]:
    """Returns the number of the episode, and the moments it began and was over, or ``t``."""
    log = timeline.episodes(t)
    return (len(log) - 1, int(log.end[-1] - log.length[-1]), int(log.end[-1])) if len(log) else (0, 0, t)


def _studied(number: int, start: int, n: int, walk: Walk, run: Run) -> EpisodeStudy:
    walk, rows = each(walk, lambda column: column[:n]), np.arange(n)
    then, now = (chance[rows, walk.action] for chance in (walk.chance, chances_of(run, walk.sight)))
    ratio, clip = now / then, getattr(run.agent, "clip", np.inf)
    clipped = ((walk.advantage > 0) & (ratio > 1 + clip)) | ((walk.advantage < 0) & (ratio < 1 - clip))
    returned = discounted(walk.reward, walk.gamma, walk.ahead[-1])
    return EpisodeStudy(
        number, start, int(walk.ended[-1]), tuple(one.name for one in run.env.actions), rows, walk.action, walk.chance,
        walk.judged, walk.reward, returned, walk.advantage, np.log(then), np.log(then) * walk.advantage, now, ratio,
        clipped, walk.body)


def discounted(reward: Floats, gamma: Floats, beyond: float) -> Floats:
    """Returns what follows each of n steps, (n,), each discounted by its own gamma; ``beyond`` is after the last."""
    following, returned = float(beyond), np.zeros(len(reward))
    for i in range(len(reward) - 1, -1, -1):
        returned[i] = following = reward[i] + gamma[i] * following
    return returned


def walked(timeline: Timeline, start: int, stop: int) -> tuple[Walk, Run] | None:
    """Plays steps ``start`` to ``stop - 1`` again; returns them, and the run as it stands then.

    None where it is no neural agent that plays all of them.
    """
    edits = [edit.step for edit in timeline.edits if start < edit.step <= stop]
    if not all(isinstance(timeline.settings(t).agent, Neural) for t in (start, *edits)):
        return None
    run = timeline.at(start)
    walk = _blank(stop - start, run)
    for since, until in pairwise([start, *edits, stop]):
        run = timeline.at(since) if since > start else run
        while run.step < until:
            _piece(walk, run, start, until, run.step == since)
    _estimate(walk, run, stop - start)
    return walk, run


def _blank(n: int, run: Run) -> Walk:
    model = run.env.model
    body, sight, chance = (np.zeros((n, width)) for width in (model.body, model.sight, model.actions))
    reward, judged, ahead, gamma, advantage = np.zeros((5, n))
    action, ended = np.zeros((2, n), np.int64)
    return Walk(body, sight, chance, action, reward, judged, ahead, ended, gamma, advantage)


def _piece(walk: Walk, run: Run, start: int, until: int, is_first: bool) -> None:
    """Plays on until the agent has learned, an episode is over, or ``until``, and writes the steps down.

    The first step under new settings is played alone, for they may find that learning is overdue.
    """
    memory, before, row = run.memory, run.copy(), run.step - start
    first, updates = memory.counts[FILLED], memory.counts[UPDATES]
    left = 1 if is_first else min(getattr(run.agent, "steps", ROWS), ROWS - 1) - int(first)
    advance(run, min(until, run.step + left), run.episode + 1)
    here = slice(row, run.step - start)
    kept = slice(first, first + here.stop - here.start)
    for name in KEPT:
        getattr(walk, name)[here] = getattr(memory, name)[kept]
    walk.sight[here], walk.gamma[here] = memory.sight[kept], run.agent.discount
    walk.chance[here] = chances_of(before, walk.sight[here])
    retrace(run.env.model.kind, before.memory.body, walk.action[here], walk.body[here])
    if memory.counts[UPDATES] > updates:
        _estimate(walk, run, here.stop, kept.stop)


def _estimate(walk: Walk, run: Run, stop: int, n: int | None = None) -> None:
    """Writes the advantages of the ``n`` steps before row ``stop`` as the agent has them; of all it has kept."""
    agent: Any = run.agent
    n = int(run.memory.counts[FILLED]) if n is None else int(n)
    nets: Any = prepare(*(run.env.model, *agent.nets(), 1))
    advantages(run.memory, nets, n, agent.discount, getattr(agent, "lam", 1.0))
    if agent.standardises:
        standardise(nets.advantage, n)
    inside = min(n, stop)
    walk.advantage[stop - inside : stop] = nets.advantage[n - inside : n]


def chances_of(run: Run, sight: Floats) -> Floats:
    """Returns the chances of the actions by the policy of a run, (n, A), for what is seen, (n, D)."""
    agent: Any = run.agent
    width, layers, activation = agent.nets()
    model = run.env.model
    found = np.zeros((len(sight), model.actions))
    policy(run.memory.actor, sizes_of(model.sight, width, layers, model.actions), activation,
           sight.astype(np.float32), found)
    return found


@jit
def policy(actor, sizes, activation, sight, chance):
    """Writes the chances of the actions, (n, A), for what is seen, (n, D)."""
    n, width = sight.shape
    room = make_room(sizes, n)
    room.values[0, :, :width] = sight
    forward(actor, sizes, activation, n, room)
    for row in range(n):
        chances(room.values[-1], row, chance[row])


@jit
def retrace(kind, body, actions, bodies):
    """Moves a body by actions (n,) again; writes where it was before each of them, (n, 4)."""
    for i in range(len(actions)):
        bodies[i] = body
        act_on(kind, body, actions[i])
