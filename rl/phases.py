"""One step of the agent-environment loop, taken apart into its six phases, each with the numbers it handles.

Observe the state, choose among the actions, act, receive the reward, update, repeat (S&B figure 3.1). Nothing is played
here: the phases are read off a run's log, its tables and its dice, which are known for every step.
"""

from typing import NamedTuple

import numpy as np

from rl.dice import ACTION, EXPLORE, TIE, WORLD, shown, uniform
from rl.envs.base import Env, World
from rl.mdp import Floats
from rl.tape import RUNNING, TERMINATED, TRUNCATED, StepLog
from rl.timeline import Timeline

NAMES = ("observe", "choose", "act", "reward", "update", "repeat")


class Die(NamedTuple):
    """A number in [0, 1) that decided something, and the parts of the interval it could fall into."""

    asks: str  # what was to be decided
    roll: float
    parts: tuple[tuple[float, str], ...]  # (length, what it stands for); the lengths sum to 1
    hit: int  # the part it fell into


class Phases(NamedTuple):
    """What each phase of a step says, and the numbers behind it."""

    says: tuple[str, ...]  # a text for each of NAMES
    row: tuple[float, ...]  # Q(s, a) of each action when it chose
    chances: tuple[float, ...]  # how likely each action was then; empty where a person chose
    choice: tuple[Die, ...]  # the dice of the choice
    luck: tuple[Die, ...]  # the die of the world; none where it had only one answer


def phases(timeline: Timeline, t0: int, t1: int) -> list[Phases]:
    """Takes the steps t0 to t1 - 1 apart, as far as the run goes."""
    log = timeline.steps(t0, t1)
    q = timeline.at(t0).memory.q
    found = []
    changes = {edit.step for edit in timeline.edits}
    for i, t in enumerate(range(t0, t0 + len(log))):
        if t in changes:  # other settings may bring other initial values
            q = timeline.at(t).memory.q
        row = q[log.state[i]].copy()
        found.append(_step(timeline, t, log, i, row))
        q[log.state[i], log.action[i]] = log.new[i]
    return found


def _step(timeline: Timeline, t: int, log: StepLog, i: int, row: Floats) -> Phases:
    _, env, agent = timeline.settings(t)
    epsilon = float(log.epsilon[i])
    names = [action.name for action in env.actions]
    by_person = np.isnan(epsilon)
    choice = () if by_person else epsilon_greedy_dice(row, epsilon, timeline.seed, t, names)
    luck = world_dice(env, int(log.state[i]), int(log.action[i]), timeline.seed, t)
    says = (
        f"The agent is told where it is: {env.state_name(int(log.state[i]))}.",
        _choose(names, row, int(log.action[i]), choice),
        _act(env, names[log.action[i]], int(log.next_state[i]), luck),
        _reward(env, log, i),
        _update(log, i, float(log.alpha[i]), agent.discount),
        _repeat(timeline, log, i, t),
    )
    chances = () if by_person else tuple(epsilon_greedy_chances(row, epsilon).tolist())
    return Phases(says, tuple(row.tolist()), chances, choice, luck)


def epsilon_greedy_chances(row: Floats, epsilon: float) -> Floats:
    """Returns the probability of each action: epsilon shared by all, the rest by those that are best, (A,)."""
    best, there = row == row.max(), row > -np.inf
    return np.asarray(epsilon * there / there.sum() + (1 - epsilon) * best / best.sum())


def epsilon_greedy_dice(row: Floats, epsilon: float, seed: int, t: int, names: list[str]) -> tuple[Die, ...]:
    """Rolls again the dice by which `rl.policies.epsilon_greedy` chose at step ``t``."""
    first = _die("explore?", uniform(seed, t, EXPLORE), [(epsilon, "explore"), (1 - epsilon, "exploit")])
    if first.parts[first.hit][1] == "explore":
        there = [name for name, value in zip(names, row, strict=False) if value > -np.inf]
        return first, _even("which at random?", uniform(seed, t, ACTION), there)
    best = [name for name, value in zip(names, row, strict=False) if value == row.max()]
    return (first,) if len(best) == 1 else (first, _even("which of the equals?", uniform(seed, t, TIE), best))


def world_dice(env: World, s: int, a: int, seed: int, t: int) -> tuple[Die, ...]:
    """Rolls again the world's die of step ``t``; nothing where there is one outcome only, or no table of them."""
    if not isinstance(env, Env):
        return ()
    mdp = env.mdp
    chances = mdp.probability[s, a]
    parts = [(float(chances[k]), _outcome(env, s, a, int(k))) for k in np.flatnonzero(chances > 0)]
    return (_die("what happens?", uniform(seed, t, WORLD), parts),) if len(parts) > 1 else ()


def _outcome(env: Env, s: int, a: int, k: int) -> str:
    s_next = int(env.mdp.next_state[s, a, k])
    over = s_next == s and env.mdp.terminal[s, a, k]
    return env.tells(s, a, k) or ("it is over" if over else moved(env, s, s_next))


def _die(asks: str, roll: float, parts: list[tuple[float, str]]) -> Die:
    edges = np.cumsum([length for length, _ in parts])
    hit = min(int(np.searchsorted(edges, roll, side="right")), len(parts) - 1)
    return Die(asks, roll, tuple(parts), hit)


def _even(asks: str, roll: float, names: list[str]) -> Die:
    return _die(asks, roll, [(1 / len(names), name) for name in names])


def moved(env: Env, s: int, s_next: int) -> str:
    """Says in a word or two how one gets from a state to another: a direction on a grid, else the state's name."""
    picture = env.picture()
    if s == s_next:
        return "stay"
    if picture is None:
        return env.state_name(s_next)
    places = [np.argwhere(picture.state_at == state) for state in (s, s_next)]
    if not all(len(place) for place in places) or places[0][0, 0] != places[1][0, 0]:
        return env.state_name(s_next)
    (row, col), (new_row, new_col) = (divmod(int(place[0, 1]), picture.cols) for place in places)
    move = (new_col - col, new_row - row)
    return next((a.name for a in env.actions if (a.dx, a.dy) == move), env.state_name(s_next))


def _choose(names: list[str], row: Floats, action: int, dice: tuple[Die, ...]) -> str:
    if not dice:
        return f"You chose {names[action]}."
    first, *more = dice
    roll, epsilon = shown(first.roll), first.parts[0][0]
    if first.parts[first.hit][1] == "explore":
        return f"The die shows {roll}, below ε = {epsilon:.3g}: explore. A second one picks {names[action]}."
    looked = f"The die shows {roll}, not below ε = {epsilon:.3g}: exploit."
    if more:
        return f"{looked} {len(more[0].parts)} actions look equally good; a second die picks {names[action]}."
    return f"{looked} {names[action].capitalize()} has the highest value, {number(row[action])}."


def _act(env: World, name: str, s_next: int, luck: tuple[Die, ...]) -> str:
    if not luck:
        return f"It does “{name}”, and here the world has only one answer to that."
    die = luck[0]
    happened = die.parts[die.hit][1]
    chance = 100 * sum(length for length, text in die.parts if text == happened)  # two ways may lead to one place
    return (f"It does “{name}”. The world rolls its own die, {shown(die.roll)}: “{happened.rstrip('.')}”, "
            f"a chance of {chance:.0f} %.")


def _reward(env: World, log: StepLog, i: int) -> str:
    paid = f"The reward is {number(log.reward[i])}, the next state {env.state_name(int(log.next_state[i]))}."
    if log.ended[i] == TERMINATED and log.next_state[i] == log.state[i]:  # where it ends is no state of its own
        paid = f"The reward is {number(log.reward[i])}."
    if log.ended[i] == RUNNING:
        return paid
    return f"{paid} {'Time is up' if log.ended[i] == TRUNCATED else 'The episode ends here'}."


def _update(log: StepLog, i: int, alpha: float, gamma: float) -> str:
    old, target, new, reward = (float(column[i]) for column in (log.old, log.target, log.new, log.reward))
    if alpha == 0:
        return "Its step size α is 0: it learns nothing, and the table stays as it is."
    ended = log.ended[i] not in (RUNNING, TRUNCATED)
    ahead = (f"Nothing comes after the end, so the target is the reward alone, {number(target)}." if ended else
             f"The target is the reward and what is ahead: {number(reward)} + {gamma:.3g} × "
             f"{number((target - reward) / gamma) if gamma else 'max Q'} = {number(target)}.")
    return f"{ahead} Q moves the part α = {alpha:.3g} of the way there: {number(old)} → {number(new)}."


def _repeat(timeline: Timeline, log: StepLog, i: int, t: int) -> str:
    if log.ended[i] == RUNNING:
        return f"The next state becomes the present one, and the loop begins again with step {t + 1:,}."
    start = timeline.settings(t + 1).env.state_name(timeline.at(t + 1).clock.counts[1])
    steps = int(log.k[i]) + 1
    return (f"The episode is over: {steps:,} step{'s' if steps > 1 else ''}, return {number(log.ret[i])}. "
            f"The next one starts at {start}.")


def number(x: float) -> str:
    """Writes a number as a learner reads it: three digits that matter, a real minus sign, 1,102 and not 1.1e+03."""
    spelled = f"{x:,.0f}" if 1000 <= abs(x) < 1e7 else f"{0.0 if abs(x) < 5e-12 else x:.3g}"
    return spelled.replace("-", "−")
