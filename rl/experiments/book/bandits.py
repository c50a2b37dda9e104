"""Chapter 2: the ten-armed testbed."""

from typing import Any

import numpy as np

from rl.agents.bandits.base import Bandit
from rl.agents.bandits.epsilon_greedy import EpsilonGreedy
from rl.agents.bandits.greedy import Greedy
from rl.agents.bandits.ucb import UCB
from rl.bandit_study import Result, Series, Task
from rl.envs.testbed import Testbed
from rl.experiments.book.making import Claim, Drawing, Job, Line, Made, Mark, Reproduction
from rl.parameter_study import figure_2_6

RUNS, STEPS, AT_ONCE, LAST = 2000, 1000, 100, 50
SPREAD = "five standard deviations of a batch of 2000 runs"
FIGURE_2_2: dict[str, Bandit] = {
    "ε = 0": Greedy(), "ε = 0.01": EpsilonGreedy(epsilon=0.01), "ε = 0.1": EpsilonGreedy(epsilon=0.1)}
FIGURE_2_4: dict[str, Bandit] = {"UCB c = 2": UCB(c=2.0), "ε-greedy 0.1": EpsilonGreedy(epsilon=0.1)}


def _series(agents: list[Bandit]) -> list[Job]:
    """Jobs that make the runs of each agent piece by piece; every piece returns the result so far."""
    def job(series: Series) -> Job:
        def work() -> Result:
            series.advance(AT_ONCE)
            return series.result()
        return work

    made = [Series(Task(Testbed(), agent, RUNS, STEPS, False, 0)) for agent in agents]
    return [job(series) for _ in range(RUNS // AT_ONCE) for series in made]  # in turn: threads seldom meet


def _results(found: list[Any]) -> list[Result]:
    """Returns the result of each agent: that of the piece after which most runs were done."""
    agents = len(found) // (RUNS // AT_ONCE)
    return [max(found[i::agents], key=lambda result: result.runs) for i in range(agents)]


def _drawing(names: list[str], results: list[Result], marks: tuple[Mark, ...]) -> Drawing:
    lines = {name: Line(np.arange(1, STEPS + 1.0), result.reward.mean)
             for name, result in zip(names, results, strict=True)}
    return Drawing("step", "average reward", lines, marks)


def _late(result: Result) -> tuple[float, float]:
    """Returns the mean reward of the last steps, and the percentage of optimal actions."""
    return float(result.reward.mean[-LAST:].mean()), float(100 * result.optimal.mean[-LAST:].mean())


def _figure_2_2(found: list[Any]) -> Made:
    results = _results(found)
    marks = tuple(Mark(975.0, claim.published, claim.tolerance) for claim in CLAIMS_2_2[::2])
    return Made(tuple(number for r in results for number in _late(r)), _drawing(list(FIGURE_2_2), results, marks))


def _figure_2_4(found: list[Any]) -> Made:
    results = _results(found)
    marks = (Mark(11.0, 1.10, 0.1), Mark(975.0, 1.483, 0.07))
    spike = float(results[0].reward.mean[10])  # step 11: every arm was tried once
    return Made((*_late(results[0]), spike), _drawing(list(FIGURE_2_4), results, marks))


def _figure_2_6(found: list[Any]) -> Made:
    results, swept = iter(_results(found)), figure_2_6()
    lines: dict[str, Line] = {}
    for name, settings in swept.items():
        averages = np.array([next(results).average for _ in settings])
        lines[name] = Line(np.array(list(settings)), averages)
    best = {name: float(np.log2(line.x[line.y.argmax()])) for name, line in lines.items()}
    first = 1.0 if max(lines, key=lambda name: lines[name].y.max()) == "UCB" else 0.0
    return Made((*best.values(), first), Drawing("parameter", "average reward over 1000 steps", lines, log=True))


def _agents_2_6() -> list[Bandit]:
    return [agent for settings in figure_2_6().values() for agent in settings.values()]


CLAIMS_2_2 = (
    Claim("reward at the end, ε = 0", 1.047, 0.065, SPREAD), Claim("% optimal at the end, ε = 0", 35.5, 4.5, SPREAD),
    Claim("reward at the end, ε = 0.01", 1.314, 0.05, SPREAD),
    Claim("% optimal at the end, ε = 0.01", 60.4, 4.0, SPREAD),
    Claim("reward at the end, ε = 0.1", 1.364, 0.025, SPREAD),
    Claim("% optimal at the end, ε = 0.1", 80.3, 2.5, SPREAD),
)
A_FACTOR = "read off the figure, where neighbours are a factor of two apart"

REPRODUCTIONS = (
    Reproduction("fig-2-2", "Greedy and ε-greedy on the ten-armed testbed", "Sutton & Barto, Figure 2.2",
                 "2000 bandits of ten arms, 1000 pulls each, sample averages; the last 50 pulls are compared.",
                 CLAIMS_2_2, lambda: _series(list(FIGURE_2_2.values())), _figure_2_2),
    Reproduction("fig-2-4", "Optimism in the face of uncertainty", "Sutton & Barto, Figure 2.4",
                 "UCB with c = 2 beside ε-greedy on 2000 bandits of ten arms; the spike comes at pull 11.", (
                     Claim("reward at the end", 1.483, 0.07, SPREAD), Claim("% optimal at the end", 85.9, 2.5, SPREAD),
                     Claim("reward at pull 11", 1.10, 0.1, "five standard errors, and the width of the line")),
                 lambda: _series(list(FIGURE_2_4.values())), _figure_2_4),
    Reproduction("fig-2-6", "Every bandit algorithm is best in the middle", "Sutton & Barto, Figure 2.6",
                 "Average reward over 1000 pulls on 2000 bandits, for every setting of four algorithms.", (
                     Claim("log₂ of the best ε", -4.0, 1.0, A_FACTOR), Claim("log₂ of the best α", -2.0, 1.0, A_FACTOR),
                     Claim("log₂ of the best c", 0.0, 1.0, A_FACTOR), Claim("log₂ of the best Q₀", 0.0, 1.0, A_FACTOR),
                     Claim("UCB is best of all (1: yes)", 1.0, 0.0, "as the figure shows")),
                 lambda: _series(_agents_2_6()), _figure_2_6),
)
