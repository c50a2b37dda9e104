"""The minibatch of one step in numbers: what was drawn, what its values were, and what they should have been."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from rl.agents.deep.base import HUBER, ON
from rl.agents.deep.memory import BATCH, UPDATES
from rl.deep_greedy import deep, scene_of_run, values_of
from rl.envs.base import World
from rl.mdp import Bools, Floats, Ints
from rl.replay import ACTION, BORN, ENDED, REWARD, STEPS
from rl.run import Run, advance
from rl.tape import RUNNING, TERMINATED, TRUNCATED
from rl.timeline import Timeline, past_of

ENDINGS = {RUNNING: "", TERMINATED: "terminal", TRUNCATED: "time limit"}


@dataclass(frozen=True)
class BatchStudy:
    """The n transitions that the gradient step of step ``step`` learned from; columns are (n,) unless they say else.

    ``target = reward + discount * ahead``, ``error = target - q``; all as they were right before the gradient step.
    """

    step: int
    update: int  # the how-manieth gradient step it is, from 1
    place: Ints  # in the replay memory
    age: Ints  # steps since its first step was taken; 0 is the step itself
    seen: Floats  # (n, K) what was seen: a state's number, or the numbers of a body
    name: tuple[str, ...]  # the same in words
    after: Floats  # (n, K) what came next, after ``steps`` steps
    after_name: tuple[str, ...]
    action: tuple[str, ...]
    reward: Floats  # of all its steps, discounted and summed
    steps: Ints
    ended: tuple[str, ...]  # "terminal", "time limit", or "" where the episode went on
    terminal: Bools
    q: Floats  # Q(S,A) by the net
    ahead: Floats  # what the target net says of ``best`` in what came next; NaN after a termination
    best: tuple[str, ...]  # the action that was chosen there, "" after a termination
    discount: Floats  # gamma to the power of ``steps``, 0 after a termination
    target: Floats
    error: Floats
    weight: Floats  # importance weight; 1 where transitions are drawn evenly
    loss: Floats  # weight times error^2 / 2, or Huber's loss
    share: Floats  # of all losses together


def batch_of(timeline: Timeline, t: int) -> BatchStudy | None:
    """Returns the minibatch of the step before moment ``t``; None where that step learned nothing.

    Raises TypeError where another agent plays.
    """
    t = min(t, timeline.last)
    if t <= 0:
        return None
    before = past_of(timeline, t - 1).at(t - 1)
    after = before.copy()
    learned = deep(before).counts[UPDATES]
    advance(after, t)
    return _study(before, after) if deep(after).counts[UPDATES] > learned else None


def _study(before: Run, after: Run) -> BatchStudy:
    memory, agent, kept = after.memory, _agent(before), scene_of_run(before).kept
    n = int(memory.counts[BATCH])
    place = memory.picked[:n].copy()
    rows = memory.rows[place].astype(np.float64)
    seen, following, extra = rows[:, :kept], rows[:, kept : 2 * kept], rows[:, 2 * kept :]
    ended, terminal = extra[:, ENDED].astype(np.int64), extra[:, ENDED] == TERMINATED
    best, ahead = _looked_ahead(before, following)
    q, target, weight = memory.valued[:n].copy(), memory.wanted[:n].copy(), memory.weight[:n].copy()
    loss = weight * losses(target - q, agent.loss == HUBER)
    names = [action.name for action in before.env.actions]
    return BatchStudy(
        before.step, int(memory.counts[UPDATES]), place, before.step - extra[:, BORN].astype(np.int64), seen,
        names_of(before.env, seen), following, names_of(before.env, following),
        tuple(names[int(a)] for a in extra[:, ACTION]), extra[:, REWARD], extra[:, STEPS].astype(np.int64),
        tuple(ENDINGS[int(how)] for how in ended), terminal, q, np.where(terminal, np.nan, ahead),
        tuple("" if over else names[a] for a, over in zip(best, terminal, strict=True)),
        np.where(terminal, 0.0, agent.gamma ** extra[:, STEPS]), target, target - q, weight, loss, shares(loss))


def _agent(run: Run) -> Any:
    return run.agent


def _looked_ahead(run: Run, following: Floats) -> tuple[Ints, Floats]:
    """Returns the best action in what came next, and what the target net says of it, (n,) each, before a step learns.

    By the target net itself, or by the net that learns where that is Double DQN.
    """
    judged = values_of(run, following, deep(run).target)
    chooser = values_of(run, following) if _agent(run).double == ON else judged
    best = chooser.argmax(axis=1)
    return best, judged[np.arange(len(best)), best]


def losses(error: Floats, huber: bool) -> Floats:
    """Returns e^2 / 2 of errors, or Huber's loss: |e| - 1/2 beyond 1."""
    return np.where(huber & (np.abs(error) > 1.0), np.abs(error) - 0.5, 0.5 * error**2)


def shares(loss: Floats) -> Floats:
    """Returns what share of their sum losses are, 0 where there is none."""
    total = float(loss.sum())
    return loss / total if total > 0 else np.zeros(len(loss))


def names_of(world: World, seen: Floats) -> tuple[str, ...]:
    """Says in words what was seen, (n, K): the state's name, or the numbers with three digits."""
    if world.family == "physics":
        return tuple(", ".join(f"{number:.3g}".replace("-", "−") for number in row) for row in seen)
    return tuple(world.state_name(int(s)) for s in seen[:, 0])
