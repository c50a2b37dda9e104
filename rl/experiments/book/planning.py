"""Chapters 3, 4 and 13: what is solved exactly."""

from typing import Any

import numpy as np

from rl.envs.car_rental import MOVES, CarRental
from rl.envs.five_by_five import FiveByFive
from rl.envs.gambler import Gambler
from rl.envs.grid_world import GridWorld
from rl.envs.short_corridor import ShortCorridor
from rl.experiments.book.making import Claim, Drawing, Job, Line, Made, Mark, Reproduction
from rl.mdp import Floats, TabularMDP
from rl.planning import action_values, optimal_actions, policy_values, value_iteration

PRINTED = "half a unit of the last digit printed"
READ = "read off the figure"
SMALL_GRID = GridWorld(map="G.../.S../..../...G", goal_reward=0.0, step_reward=-1.0)
TABLES = {  # the upper left half of each, row by row; the rest is the same turned round
    "0": "0 0 0 0 0 0 0 0", "1": "0 -1 -1 -1 -1 -1 -1 -1", "2": "0 -1.7 -2 -2 -1.7 -2 -2 -2",
    "3": "0 -2.4 -2.9 -3 -2.4 -2.9 -3 -2.9", "10": "0 -6.1 -8.4 -9 -6.1 -7.7 -8.4 -8.4",
    "∞": "0 -14 -20 -22 -14 -18 -20 -20"}
A, B = 1, 3  # states of the 5 x 5 grid
HEADS = (25, 50, 75, 1, 99)  # capitals
EPSILON = 0.1


def _grid() -> tuple[Floats, Floats]:
    mdp = FiveByFive().mdp
    return policy_values(mdp, np.full(mdp.cdf.shape[:2], 0.25), 0.9), value_iteration(mdp, 0.9)


def _grid_made(found: list[Any]) -> Made:
    random, best = found[0]
    measured = (random[A], random[B], random[0], *best[:5])
    lines = {"random policy": Line(np.arange(1.0, 26), random), "optimal policy": Line(np.arange(1.0, 26), best)}
    marks = (Mark(2.0, 8.8, 0.05), Mark(4.0, 5.3, 0.05), Mark(1.0, 3.3, 0.05), Mark(2.0, 24.4194, 0.05))
    return Made(tuple(map(float, measured)), Drawing("cell, row by row", "value", lines, marks))


def _sweeps() -> dict[str, Floats]:
    """Evaluates the random policy of the small grid sweep by sweep, all states at once."""
    mdp = SMALL_GRID.mdp
    found, v = {"∞": policy_values(mdp, np.full(mdp.cdf.shape[:2], 0.25), 1.0)}, np.zeros(len(mdp.cdf))
    for k in range(11):
        found[f"{k}"] = v
        v = np.where(mdp.absorbing, 0.0, action_values(mdp, v, 1.0).mean(axis=1))
    return found


def _sweeps_made(found: list[Any]) -> Made:
    tables = {k: np.array(half.split(), np.float64) for k, half in TABLES.items()}
    printed = {k: np.append(half, half[::-1]) for k, half in tables.items()}
    cells = np.arange(1.0, 17)
    lines = {f"k = {k}": Line(cells, found[0][k]) for k in printed}
    marks = tuple(Mark(x, float(y), 0.05) for table in printed.values() for x, y in enumerate(table, 1))
    furthest = tuple(float(np.abs(found[0][k] - table).max()) for k, table in printed.items())
    return Made(furthest, Drawing("cell, row by row", "value", lines, marks))


def _gambler() -> tuple[Floats, int]:
    mdp = Gambler().mdp
    v = value_iteration(mdp, 1.0)
    return v, int(optimal_actions(action_values(mdp, v, 1.0))[50].sum())


def _gambler_made(found: list[Any]) -> Made:
    v, stakes = found[0]
    capital = np.arange(1.0, 100)
    marks = tuple(Mark(float(s), c.published, 0.0) for s, c in zip(HEADS, GAMBLER, strict=False))
    drawing = Drawing("capital", "chance of reaching the goal", {"optimal policy": Line(capital, v[1:100])}, marks)
    return Made((*(float(v[s]) for s in HEADS), float(stakes)), drawing)


def _car_rental() -> tuple[Floats, int]:
    """Improves the policy that moves no car until nothing changes. Returns its values and how often it changed."""
    mdp = CarRental().mdp
    action, changes = np.full(len(mdp.cdf), int(np.flatnonzero(MOVES == 0)[0])), -1
    v, better = np.zeros(len(mdp.cdf)), action
    while changes < 0 or (better != action).any():
        action, changes = better, changes + 1
        v = policy_values(mdp, np.eye(len(MOVES))[action], 0.9, 1e-6)
        q = action_values(mdp, v, 0.9)
        stays = q[np.arange(len(q)), action] >= q.max(axis=1) - 1e-6
        better = np.where(stays, action, q.argmax(axis=1))
    return v, changes


def _car_rental_made(found: list[Any]) -> Made:
    v, changes = found[0]
    table = v.reshape(21, 21)
    cars = np.arange(21.0)
    lines = {f"{n} cars at the 2nd location": Line(cars, table[:, n]) for n in (0, 10, 20)}
    marks = (Mark(0.0, 420.0, 2.0),)
    drawing = Drawing("cars at the 1st location in the evening", "value", lines, marks)
    return Made((float(table[0, 0]), float(changes)), drawing)


def _blind(mdp: TabularMDP, right: float) -> float:
    """Returns the value of the corridor's start for an agent that goes right with one chance everywhere."""
    return float(policy_values(mdp, np.tile([1 - right, right], (len(mdp.cdf), 1)), 1.0)[0])


def _corridor() -> tuple[Floats, Floats]:
    mdp = ShortCorridor(horizon=0).mdp
    chances = np.unique(np.round([*np.arange(0.03, 0.981, 0.01), *np.arange(0.57, 0.6, 0.0002)], 4))
    return chances, np.array([_blind(mdp, float(p)) for p in chances])


def _corridor_made(found: list[Any]) -> Made:
    p, v = found[0]
    mdp, best = ShortCorridor(horizon=0).mdp, int(v.argmax())
    greedy = _blind(mdp, 1 - EPSILON / 2), _blind(mdp, EPSILON / 2)
    marks = (Mark(0.5858, -11.657, 0.0), Mark(0.95, -44.21, 0.0), Mark(0.05, -82.11, 0.0))
    drawing = Drawing("chance of going right", "value of the start", {"blind agent": Line(p, v)}, marks)
    return Made((float(p[best]), float(v[best]), *greedy), drawing)


def _once(work: Any) -> list[Job]:
    return [work]


EXACT = "exact; the digits given"
GAMBLER = (
    Claim("value of 25", 0.16, 1e-6, EXACT), Claim("value of 50", 0.40, 1e-6, EXACT),
    Claim("value of 75", 0.64, 1e-6, EXACT), Claim("value of 1", 0.002066, 5e-7, EXACT),
    Claim("value of 99", 0.964333, 5e-7, EXACT),
)
REPRODUCTIONS = (
    Reproduction("ex-3-5", "What states are worth in the 5×5 grid", "Sutton & Barto, Examples 3.5 and 3.8",
                 "The values of the random and of the optimal policy are computed, γ = 0.9.", (
                     Claim("random policy, A", 8.8, 0.05, PRINTED), Claim("random policy, B", 5.3, 0.05, PRINTED),
                     Claim("random policy, top left", 3.3, 0.05, PRINTED),
                     *(Claim(f"optimal, cell {i} of the top row", value, 0.05, PRINTED)
                       for i, value in enumerate((22.0, 24.4, 22.0, 19.4, 17.5), 1))),
                 lambda: _once(_grid), _grid_made),
    Reproduction("fig-4-1", "The random policy in a small grid, sweep by sweep", "Sutton & Barto, Figure 4.1",
                 "All 16 values after k sweeps of policy evaluation, γ = 1, each step −1.",
                 tuple(Claim(f"k = {k}, the furthest of all values from the table", 0.0, 0.0501,
                             "half a unit of the last digit printed; −1.75 is printed as −1.7") for k in TABLES),
                 lambda: _once(_sweeps), _sweeps_made),
    Reproduction("ex-4-3", "The gambler's problem", "Sutton & Barto, Example 4.3",
                 "The optimal chances to reach 100 are computed for a coin with p = 0.4.",
                 (*GAMBLER, Claim("optimal stakes at 50", 1.0, 0.0, "all must be staked there, and there alone")),
                 lambda: _once(_gambler), _gambler_made),
    Reproduction("ex-4-2", "Jack's car rental", "Sutton & Barto, Figure 4.2",
                 "A policy that moves no car is improved until it is stable, γ = 0.9.", (
                     Claim("value without a car", 420.0, 2.0, READ),
                     Claim("improvements that change the policy", 4.0, 0.0, "π₀ to π₄")),
                 lambda: _once(_car_rental), _car_rental_made),
    Reproduction("ex-13-1", "The short corridor with switched actions", "Sutton & Barto, Example 13.1",
                 "The exact value of going right with the same chance in states that look alike.", (
                     Claim("best chance of going right", 2 - 2**0.5, 2e-4, "the spacing of the chances tried"),
                     Claim("its value", -11.657, 1e-3, EXACT), Claim("ε-greedy right", -44.21, 0.005, EXACT),
                     Claim("ε-greedy left", -82.11, 0.005, EXACT)), lambda: _once(_corridor), _corridor_made),
)
