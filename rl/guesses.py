"""Predictions of an update: what the learner said, what came out, and where a wrong one probably came from."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from rl.mdp import Floats
from rl.phases import number
from rl.timeline import Timeline

QUESTIONS = ("value", "action")
"""What the new Q(s, a) will be; which action will then be the greedy one in s."""
NEAR, PART = 0.006, 0.05
"""How close a value must be: within a twentieth of the right one, or as near as two decimals can say."""


class Guess(NamedTuple):
    """A prediction of the update in step ``t``, judged."""

    t: int
    question: str
    said: float  # a value, or an action's number
    truth: float  # the value, or one of the greedy actions
    right: bool
    says: str  # the reason


def judge(timeline: Timeline, t: int, question: str, said: float) -> Guess:
    """Judges a prediction. Raises ValueError with a sentence where there is nothing to judge."""
    if question not in QUESTIONS or not np.isfinite(said):
        raise ValueError("a prediction is a number, or one of the actions.")
    if not 0 <= t < timeline.last:
        raise ValueError("there is no such step in this run.")
    return (_judge_value if question == "value" else _judge_action)(timeline, t, said)


def _judge_value(timeline: Timeline, t: int, said: float) -> Guess:
    log, alpha = timeline.steps(t, t + 1), timeline.settings(t).agent.step_size
    old, target, new = float(log.old[0]), float(log.target[0]), float(log.new[0])
    right = is_near(said, new)
    taken = f"({number(old)})" if old < 0 else number(old)
    sum_ = f"{number(old)} + {alpha:.3g} × ({number(target)} − {taken}) = {number(new)}"
    reason = "" if right else _slip(said, old, target, float(log.reward[0]), alpha)
    return Guess(t, "value", said, new, right, f"{'Right' if right else 'Not quite'}: {sum_}.{reason}")


def _slip(said: float, old: float, target: float, reward: float, alpha: float) -> str:
    """Names the mistake that leads to a wrong value, where there is a likely one."""
    slips = [
        (target, "That is the target itself; one step goes only the part α of the way."),
        (old, "That is the old value; it moves whenever the target differs from it."),
        (reward, "That is the reward; Q also counts what is still to come."),
        (old + alpha * target, "That adds α times the target; α takes a part of the difference to it."),
        (old - alpha * (target - old), "That is the right distance in the wrong direction: towards the target."),
        (old + alpha * (reward - old), "That leaves out what is ahead: the target is R + γ max Q(S′, a)."),
    ]
    return next((f" {words}" for value, words in slips if is_near(said, value)), "")


def is_near(said: float, truth: float) -> bool:
    """Tells whether a predicted value counts as right."""
    return abs(said - truth) <= max(NEAR, PART * abs(truth))


def _judge_action(timeline: Timeline, t: int, said: float) -> Guess:
    log, env = timeline.steps(t, t + 1), timeline.settings(t).env
    row = timeline.at(t + 1).memory.q[log.state[0]]
    names = [action.name for action in env.actions]
    if said != int(said) or not 0 <= said < len(row):
        raise ValueError("there is no such action.")
    best = np.flatnonzero(row == row.max())
    right = int(said) in best
    values = ", ".join(f"{name} {number(value)}" for name, value in zip(names, row, strict=False))
    reason = f"{'Right' if right else 'Not so'}: the values are now {values}."
    tie = "" if len(best) == 1 else f" {len(best)} actions tie."
    return Guess(t, "action", said, float(best[0]), right, reason + tie)


def score(guesses: Iterable[Guess]) -> tuple[int, int]:
    """Counts the right ones and all."""
    every = [guess.right for guess in guesses]
    return sum(every), len(every)


def values_of(guesses: Iterable[Guess]) -> tuple[Floats, Floats]:
    """Returns what was said and what came out, of the predicted values alone."""
    pairs = [(guess.said, guess.truth) for guess in guesses if guess.question == "value"]
    said, truth = np.array(pairs, np.float64).reshape(-1, 2).T
    return said, truth
