"""Chapters 6, 7 and 12: the values of a random walk, learned."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from rl.agents.prediction.base import Prediction
from rl.agents.prediction.monte_carlo import MonteCarloPrediction
from rl.agents.prediction.n_step_td import NStepTD
from rl.agents.prediction.td import TD
from rl.agents.prediction.td_lambda import TDLambda
from rl.envs.random_walk import RandomWalk
from rl.experiments.book.making import Claim, Drawing, Job, Line, Made, Mark, Reproduction, joined
from rl.mdp import Floats
from rl.run import FOREVER, advance, begin
from rl.truth import policy_truth, rms_error

RUNS, AT_ONCE = 100, 20
SPREAD = "four to five standard deviations of a batch of 100 runs"
READ = "read off the figure"
EARLY = 10  # episodes
FIVE: dict[str, Prediction] = {
    **{f"TD α = {alpha}": TD(alpha=alpha, initial=0.5) for alpha in (0.05, 0.1, 0.15)},
    **{f"MC α = {alpha}": MonteCarloPrediction(alpha=alpha, initial=0.5, visit="every")
       for alpha in (0.01, 0.02, 0.03, 0.04)}}
FIGURE_7_2: dict[float, tuple[float, ...]] = {
    1: (0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 1.0), 2: (0.1, 0.2, 0.4, 0.5, 0.6, 0.8, 1.0),
    4: (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8), 8: (0.05, 0.1, 0.2, 0.3, 0.4, 0.6),
    16: (0.02, 0.05, 0.1, 0.2, 0.3, 0.4), 32: (0.02, 0.05, 0.1, 0.15, 0.2)}
FIGURE_12_6: dict[float, tuple[float, ...]] = {
    0.0: (0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 1.0), 0.4: (0.1, 0.2, 0.4, 0.6, 0.7, 0.8, 1.0),
    0.8: (0.05, 0.1, 0.2, 0.3, 0.4, 0.5), 0.9: (0.05, 0.1, 0.15, 0.2, 0.3), 0.95: (0.02, 0.05, 0.1, 0.15, 0.2),
    1.0: (0.005, 0.01, 0.02, 0.03)}
"""Step sizes by n, and by lambda, as far as the figures show the curves."""


def errors(world: RandomWalk, agent: Prediction, episodes: int, seeds: Sequence[int]) -> Floats:
    """Returns the root mean squared error over the states before and after each episode, (seeds, episodes + 1)."""
    truth, states, found = policy_truth(world, agent), world.mdp.visitable, []
    for seed in seeds:
        run = begin(world, agent, seed)
        for episode in range(episodes + 1):
            advance(run, FOREVER, episode)
            found.append(rms_error(run.memory.v, truth, states))
    return np.reshape(found, (len(seeds), episodes + 1))


def _jobs(world: RandomWalk, agents: Sequence[Prediction], episodes: int) -> list[Job]:
    def job(agent: Prediction, first: int) -> Job:
        return lambda: errors(world, agent, episodes, range(first, first + AT_ONCE))

    return [job(agent, first) for agent in agents for first in range(0, RUNS, AT_ONCE)]


def _five(found: list[Any]) -> Made:
    curves = [block.mean(axis=0) for block in joined(found, len(FIVE))]
    lines = {name: Line(np.arange(101.0), curve) for name, curve in zip(FIVE, curves, strict=True)}
    marks = tuple(Mark(100.0, claim.published, claim.tolerance) for claim in CLAIMS_6_2[1:])
    return Made((float(curves[0][0]), *(float(curve[-1]) for curve in curves)),
                Drawing("episodes", "RMS error over the states", lines, marks))


def _agents_7_2() -> list[Prediction]:
    return [NStepTD(n=int(n), alpha=alpha) for n, alphas in FIGURE_7_2.items() for alpha in alphas]


def _agents_12_6() -> list[Prediction]:
    return [TDLambda(lam=lam, alpha=alpha) for lam, alphas in FIGURE_12_6.items() for alpha in alphas]


def _u_shapes(found: list[Any], swept: Mapping[float, Sequence[float]]) -> dict[float, Line]:
    """Averages the first episodes: a line over the step sizes for each n, or lambda."""
    means = iter([float(block[:, 1:].mean()) for block in joined(found, sum(map(len, swept.values())))])
    return {key: Line(np.array(alphas), np.array([next(means) for _ in alphas])) for key, alphas in swept.items()}


def _drawing(symbol: str, lines: dict[float, Line], marks: tuple[Mark, ...]) -> Drawing:
    named = {f"{symbol} = {key:g}": line for key, line in lines.items()}
    return Drawing("α", f"RMS error, mean of the first {EARLY} episodes", named, marks)


def _figure_7_2(found: list[Any]) -> Made:
    lines = _u_shapes(found, FIGURE_7_2)
    best = {n: float(line.y.min()) for n, line in lines.items()}
    lowest = min(best, key=lambda n: best[n])
    return Made((float(np.log2(lowest)), best[lowest], best[1]),
                _drawing("n", lines, (Mark(0.4, 0.265, 0.012), Mark(0.8, 0.35, 0.02))))


def _figure_12_6(found: list[Any]) -> Made:
    lines = _u_shapes(found, FIGURE_12_6)
    best = {lam: float(line.y.min()) for lam, line in lines.items()}
    lowest = min(best, key=lambda lam: best[lam])
    return Made((lowest, best[lowest]), _drawing("λ", lines, (Mark(0.3, 0.265, 0.015),)))


CLAIMS_6_2 = (
    Claim("before the first episode", 0.2357, 5e-5, "exact; the digits given"),
    Claim("TD α = 0.05 after 100", 0.035, 0.01, SPREAD), Claim("TD α = 0.1 after 100", 0.055, 0.01, SPREAD),
    Claim("TD α = 0.15 after 100", 0.070, 0.015, SPREAD), Claim("MC α = 0.01 after 100", 0.097, 0.016, SPREAD),
    Claim("MC α = 0.02 after 100", 0.082, 0.016, SPREAD), Claim("MC α = 0.03 after 100", 0.093, 0.016, SPREAD),
    Claim("MC α = 0.04 after 100", 0.107, 0.016, SPREAD),
)
REPRODUCTIONS = (
    Reproduction("ex-6-2", "TD and Monte Carlo on the random walk", "Sutton & Barto, Example 6.2",
                 "Five states, all values 0.5 at first; the error of the values over 100 episodes, mean of 100 runs.",
                 CLAIMS_6_2, lambda: _jobs(RandomWalk(), list(FIVE.values()), 100), _five),
    Reproduction("fig-7-2", "Several steps are better than one, and than all", "Sutton & Barto, Figure 7.2",
                 "n-step TD on the random walk of 19 states, first 10 episodes, 100 runs of each step size.", (
                     Claim("log₂ of the best n", 2.0, 0.0, "n = 4 is lowest in the figure"),
                     Claim("its error", 0.265, 0.012, READ), Claim("least error of n = 1", 0.35, 0.02, READ)),
                 lambda: _jobs(RandomWalk(19, -1.0), _agents_7_2(), EARLY), _figure_7_2),
    Reproduction("fig-12-6", "Traces do as well as n steps", "Sutton & Barto, Figure 12.6",
                 "TD(λ) on the random walk of 19 states, first 10 episodes, 100 runs of each step size.", (
                     Claim("best λ", 0.8, 0.1, "as the figure shows, among those tried"),
                     Claim("its error", 0.265, 0.015, READ)),
                 lambda: _jobs(RandomWalk(19, -1.0), _agents_12_6(), EARLY), _figure_12_6),
)
