"""Chapter 6: learning to act."""

from dataclasses import replace
from typing import Any

import numpy as np

from rl.agents.control.double_q import DoubleQ
from rl.agents.control.expected_sarsa import ExpectedSarsa
from rl.agents.control.q_learning import QLearning
from rl.agents.control.sarsa import Sarsa
from rl.envs.cliff_walking import CliffWalking
from rl.envs.maximisation_bias import MaximisationBias
from rl.envs.windy_gridworld import WindyGridworld
from rl.experiments.book.making import (
    AT_ONCE,
    Claim,
    Drawing,
    Job,
    Line,
    Made,
    Mark,
    Reproduction,
    episodes_of,
    joined,
)
from rl.experiments.work import greedy_value
from rl.mdp import Floats, Ints
from rl.planning import start_value, value_iteration
from rl.run import advance, begin
from rl.timeline import MAX_STEP, Timeline
from rl.trials import moving_average, play

CLIFF = {kind.title: kind(alpha=0.5, epsilon=0.1, gamma=1.0) for kind in (Sarsa, QLearning, ExpectedSarsa)}
CLIFF_SEEDS, CLIFF_EPISODES = 50, 500
BIAS = {kind.title: kind(alpha=0.1, epsilon=0.1, gamma=1.0) for kind in (QLearning, DoubleQ)}
BIAS_SEEDS, BIAS_EPISODES = 4000, 300
STEP_SIZES = tuple(round(0.1 * i, 1) for i in range(1, 11))
SHORT, LONG = (200, 100), (10, 5000)  # seeds and episodes
WARM = 500  # episodes that are left out of the long run
WINDY = Sarsa(alpha=0.5, epsilon=0.1, gamma=1.0)
WINDY_SEEDS, WINDY_STEPS = 100, 8000


def _cliff_jobs() -> list[Job]:
    def job(timeline: Timeline, first: int) -> Job:
        return lambda: [_cliff_run(timeline, seed) for seed in range(first, first + AT_ONCE)]

    return [job(Timeline(CliffWalking(), agent), first) for agent in CLIFF.values()
            for first in range(0, CLIFF_SEEDS, AT_ONCE)]


def _cliff_run(timeline: Timeline, seed: int) -> Floats:
    """Returns the returns of the episodes, and behind them the value of the greedy policy in the end."""
    run, curves = play(timeline, seed, CLIFF_EPISODES)
    return np.append(curves[0], greedy_value(run))


def _cliff(found: list[Any]) -> Made:
    blocks = joined(found, len(CLIFF))
    episode = np.arange(1.0, CLIFF_EPISODES + 1)
    lines = {name: Line(episode, moving_average(block[:, :-1].mean(axis=0), 20))
             for name, block in zip(CLIFF, blocks, strict=True)}
    late = [float(block[:, 400:CLIFF_EPISODES].mean()) for block in blocks]
    edge = [float(np.mean(np.abs(block[:, -1] - best) < 1e-6)) for block, best in zip(blocks, (-17, -13), strict=False)]
    marks = tuple(Mark(450.0, claim.published, claim.tolerance) for claim in CLAIMS_6_6[:3])
    return Made((*late, edge[1], edge[0]), Drawing("episode", "return, mean of 20 episodes", lines, marks))


def _step_size_jobs() -> list[Job]:
    def job(timeline: Timeline, first: int, seeds: int, episodes: int) -> Job:
        block = range(first, min(first + AT_ONCE, seeds))
        return lambda: np.stack([play(timeline, seed, episodes, MAX_STEP)[1][0] for seed in block])

    return [job(Timeline(CliffWalking(), replace(agent, alpha=alpha)), first, seeds, episodes)
            for seeds, episodes in (SHORT, LONG) for agent in CLIFF.values() for alpha in STEP_SIZES
            for first in range(0, seeds, AT_ONCE)]


def _step_sizes(found: list[Any]) -> Made:
    short = -(-SHORT[0] // AT_ONCE) * len(CLIFF) * len(STEP_SIZES)
    curves = len(CLIFF) * len(STEP_SIZES)
    early = np.array([block.mean() for block in joined(found[:short], curves)]).reshape(len(CLIFF), -1)
    late = np.array([block[:, WARM:].mean() for block in joined(found[short:], curves)]).reshape(len(CLIFF), -1)
    sarsa, q, expected = late
    lines = {f"{name}, {when}": Line(np.array(STEP_SIZES), values) for when, table in (
        ("first 100 episodes", early), ("long run", late)) for name, values in zip(CLIFF, table, strict=True)}
    marks = (Mark(0.1, -22.0, 2.0), Mark(1.0, -21.0, 1.0), Mark(0.5, -50.0, 2.5))
    best = STEP_SIZES[int(early[2].argmax())]
    return Made((float((early.argmax(axis=0) == 2).sum()), best, float(expected[-1]), float(expected[-1] - expected[0]),
                 float(q.mean()), float(sarsa[0])), Drawing("α", "return per episode", lines, marks, low=-160.0))


def _bias(found: list[Any]) -> Made:
    lefts = [100 * (block[:, 1] == 2).mean(axis=0) for block in joined(found, len(BIAS))]  # by way of B: two steps
    episode = np.arange(1.0, BIAS_EPISODES + 1)
    lines = {name: Line(episode, left) for name, left in zip(BIAS, lefts, strict=True)}
    marks = (Mark(18.0, 94.0, 4.0), Mark(300.0, 12.3, 2.5), Mark(300.0, 7.0, 2.0))
    late = [float(left[-10:].mean()) for left in lefts]
    return Made((float(lefts[0].max()), late[0], float(lefts[1].max()), late[1]),
                Drawing("episode", "% left from A", lines, marks))


def _bias_jobs() -> list[Job]:
    return episodes_of([Timeline(MaximisationBias(), agent) for agent in BIAS.values()], BIAS_SEEDS, BIAS_EPISODES)


def _windy_job(first: int) -> Job:
    return lambda: [_episodes_over(seed) for seed in range(first, first + AT_ONCE)]


def _episodes_over(seed: int) -> Ints:
    """Returns how many episodes are over by each time step."""
    run = begin(WindyGridworld(), WINDY, seed)
    log = advance(run, WINDY_STEPS, episode_rows=WINDY_STEPS)[1]
    return np.bincount(log.end, minlength=WINDY_STEPS + 1).cumsum()


def _windy(found: list[Any]) -> Made:
    over, mdp = np.concatenate(found).mean(axis=0), WindyGridworld().mdp
    shortest = -start_value(mdp, value_iteration(mdp, 1.0))
    return Made((shortest, float(over[-1])),
                Drawing("time steps", "episodes", {"SARSA": Line(np.arange(len(over) + 0.0)[::20], over[::20])},
                        (Mark(8000.0, 170.0, 15.0),)))


READ = "read off the figure"
SPREAD = "five standard deviations of a batch of 50 runs"
CLAIMS_6_6 = (
    Claim("SARSA, online return of the last 100 episodes", -26.6, 2.5, SPREAD),
    Claim("Q-learning, the same", -50.3, 5.0, SPREAD), Claim("Expected SARSA, the same", -20.9, 1.0, SPREAD),
    Claim("share of runs in which Q-learning's greedy path is along the edge", 1.0, 0.0, "in every run"),
    Claim("share of runs in which SARSA's is the safe way round, 17 steps", 0.78, 0.24, "four of sqrt(p (1 - p) / 50)"),
)
REPRODUCTIONS = (
    Reproduction("ex-6-5", "SARSA in the windy gridworld", "Sutton & Barto, Example 6.5",
                 "α = 0.5, ε = 0.1, 8000 steps, mean of 100 runs.", (
                     Claim("steps of the shortest way", 15.0, 1e-6, "exact"),
                     Claim("episodes over after 8000 steps", 170.0, 15.0, "read off the figure, which is one run")),
                 lambda: [_windy_job(first) for first in range(0, WINDY_SEEDS, AT_ONCE)], _windy),
    Reproduction("ex-6-6", "Along the cliff, or the safe way round", "Sutton & Barto, Example 6.6",
                 "SARSA, Q-learning and Expected SARSA, α = 0.5, ε = 0.1, 500 episodes, 50 runs.", CLAIMS_6_6,
                 _cliff_jobs, _cliff),
    Reproduction("fig-6-3", "Every step size along the cliff", "Sutton & Barto, Figure 6.3",
                 "Mean return of the first 100 episodes, 200 runs, and of episodes 501 to 5000, 10 runs, ε = 0.1.", (
                     Claim("step sizes of ten at which Expected SARSA is best at first", 10.0, 0.0, "at each of them"),
                     Claim("the step size at which it is best", 1.0, 0.0, "the mark in the figure"),
                     Claim("Expected SARSA in the long run, α = 1", -21.0, 1.0, READ),
                     Claim("what it loses there against α = 0.1", 0.0, 0.7, "nothing; five standard deviations"),
                     Claim("Q-learning in the long run, any α", -50.0, 2.5, READ),
                     Claim("SARSA in the long run, α = 0.1", -22.0, 2.0, READ)), _step_size_jobs, _step_sizes),
    Reproduction("fig-6-5", "Maximisation bias, and two tables against it", "Sutton & Barto, Figure 6.5",
                 "How often Q-learning and Double Q-learning go left, α = ε = 0.1, 300 episodes, 4000 runs.", (
                     Claim("Q-learning, % left at its peak", 94.0, 4.0, "five standard deviations, and of the peak"),
                     Claim("Q-learning, % left at the end", 12.3, 2.5, "five standard deviations of 4000 runs"),
                     Claim("Double Q-learning, % left at its peak", 50.0, 4.0, "five standard deviations of 4000 runs"),
                     Claim("Double Q-learning, % left at the end", 7.0, 2.0, "five standard deviations of 4000 runs")),
                 _bias_jobs, _bias),
)
