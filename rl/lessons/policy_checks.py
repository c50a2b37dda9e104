"""What the tasks on exact gradients and on tables of preferences measure: the runs they open, and their checks."""

import math

import numpy as np

from rl.agents.policy.ascent import Ascent
from rl.agents.policy.base import PolicyGradient
from rl.gradient_cloud import clouds
from rl.lessons.checks import SEEDS, afresh, in_run_of, setting
from rl.lessons.lesson import Attempt, Verdict
from rl.policy_gradient import expected, judged
from rl.run import Run
from rl.truth import solution, tabular

NOISE = "v=1&env=arms3&agent=ascent,alpha:2,follows:a%20sample&seed=7"
HIGH = "v=1&env=arms3,mean_1:8.5,mean_2:9,mean_3:8&agent=ascent,alpha:0.3,follows:a%20sample&seed=7"
SEEING = "v=1&env=corridor&agent=ascent,alpha:0.03,preference:3&seed=1"
PLATEAU = "v=1&env=arms3,mean_1:0,mean_2:1,mean_3:0.5&agent=ascent,alpha:0.1,preference:4&seed=1"
STEP = "v=1&env=grid,map:S......./......../......../.......G&agent=reinforce,alpha:1,gamma:0.99&seed=1"
LUCKY = ("v=1&env=grid,map:S.../..../...G,step_reward:-1,goal_reward:0&agent=reinforce,alpha:0.04,gamma:0.99&seed=0")
BLIND = "v=1&env=corridor&agent=ac,alpha:0.002,alpha_v:0.1,gamma:1,sees:nothing&seed=1"
CRITIC = "v=1&env=grid,map:G..S....G,rewards:8=9,step_reward:0&agent=ac,alpha:0.3,alpha_v:0.05,gamma:0.99&seed=4"
MOST = 9
"""Seeds of ten that must succeed: one lucky seed is no proof, and one unlucky seed no disproof."""
DICE = 2 - math.sqrt(2)
"""How often the best blind policy goes right in the short corridor (S&B example 13.1)."""
SAMPLES = 1000


def worth(run: Run) -> float:
    """Returns what a run's policy is truly worth from the start, time limits left out; NaN where that is not finite."""
    gamma = run.agent.discount
    known = expected(tabular(run.env).mdp, gamma)
    return judged(known, run.memory.pi[known.states], gamma).worth


def seeds_above(attempt: Attempt, least: float, **until: int) -> int:
    """Counts the seeds in which the settings now in force lead to a policy worth more than ``least``.

    ``until`` is a number of ``episodes``, or of steps: the ``patience``.
    """
    return sum(worth(afresh(attempt, seed, **until)) > least for seed in SEEDS)


def counted(n: int) -> str:
    """Says how many seeds succeed, and how many are asked for."""
    return f"{n} of {len(SEEDS)} seeds; {MOST} are needed"


def amount(value: float) -> str:
    """Writes what a policy is worth."""
    return f"{value:,.2f}".replace("-", "−") if math.isfinite(value) else "nothing finite"


@in_run_of(NOISE, "alpha", "follows", "preference", "gamma")
def steady_by_samples(attempt: Attempt) -> Verdict:
    """Counts the seeds in which fifty sampled steps lead to the best arm."""
    n, batch = seeds_above(attempt, 0.95, patience=50), setting(attempt, "batch")
    return Verdict(n >= MOST, f"With {batch} {'episode' if batch == 1 else 'episodes'} a sample the policy is worth "
                              f"more than 0.95 after 50 updates in {counted(n)}.")


@in_run_of(HIGH, "alpha", "batch", "follows", "preference", "gamma", "entropy")
def steady_by_a_baseline(attempt: Attempt) -> Verdict:
    """Measures how samples scatter about the gradient of the first policy, and counts the seeds that find the best arm.
    """
    agent = attempt.timeline.settings(attempt.t).agent
    assert isinstance(agent, Ascent)
    mdp = tabular(attempt.timeline.env).mdp
    n, pair = seeds_above(attempt, 8.8, patience=60), clouds(mdp, np.zeros(attempt.timeline.env.shape), 1.0, SAMPLES)
    cloud = pair[agent.baseline != "none"]
    return Verdict(n >= MOST, f"At first the variance of a sample is {cloud.variance:.1f}, and the mean of {SAMPLES:,} "
                              f"is {cloud.angle:.0f}° off. After 60 updates the policy is worth more than 8.8 in "
                              f"{counted(n)}.")


@in_run_of(SEEING, "gamma", of=Ascent)
def the_best_dice(attempt: Attempt) -> Verdict:
    """Looks for a blind policy that goes right as often as is best."""
    run = attempt.timeline.at(attempt.t)
    right, blind = float(run.memory.pi[run.env.first_state(run.seed, 0), 1]), setting(attempt, "sees") == "nothing"
    sight = "It sees nothing" if blind else "It still sees where it is"
    return Verdict(blind and abs(right - DICE) <= 0.02,
                   f"{sight}, goes right first with chance {right:.3f}, and is worth {amount(worth(run))}.")


@in_run_of(PLATEAU, "alpha", "preference", "gamma")
def off_the_plateau(attempt: Attempt) -> Verdict:
    """Looks at what the policy is worth two hundred updates after the beginning."""
    run = afresh(attempt, attempt.timeline.seed, patience=200)
    value, best = worth(run), solution(tabular(run.env), 1.0).start
    return Verdict(value >= 0.9 * best,
                   f"After 200 updates from the beginning the policy is worth {value:.2f}; the best is {best:g}.")


@in_run_of(STEP, "gamma", "sees")
def a_fitting_step_size(attempt: Attempt) -> Verdict:
    """Counts the seeds whose policy is good after three hundred episodes."""
    n, alpha = seeds_above(attempt, 0.3, episodes=300), setting(attempt, "alpha")
    return Verdict(n >= MOST, f"With α = {alpha:g} the policy is worth more than 0.3 after 300 episodes in "
                              f"{counted(n)}.")


@in_run_of(LUCKY, "alpha", "gamma", "sees", of=PolicyGradient)
def not_only_this_seed(attempt: Attempt) -> Verdict:
    """Counts the seeds whose policy is good after two hundred episodes."""
    n, here = seeds_above(attempt, -7, episodes=200), worth(attempt.timeline.at(attempt.t))
    return Verdict(n >= MOST, f"This policy is worth {amount(here)}. After 200 episodes it is worth more than −7 in "
                              f"{counted(n)}.")


@in_run_of(BLIND, "alpha", "gamma", "sees", of=PolicyGradient)
def better_than_a_coin(attempt: Attempt) -> Verdict:
    """Counts the seeds whose blind policy is better after a thousand episodes than at first."""
    n, here = seeds_above(attempt, -12, episodes=1000), worth(attempt.timeline.at(attempt.t))
    return Verdict(n >= MOST, f"This policy is worth {amount(here)}. After 1,000 episodes it is worth more than −12 in "
                              f"{counted(n)}.")


@in_run_of(CRITIC, "gamma", "sees")
def right_and_good(attempt: Attempt) -> Verdict:
    """Holds the critic's word on the start against the truth, and counts the seeds whose policy is good."""
    run = attempt.timeline.at(attempt.t)
    said, here = float(run.memory.v[run.env.first_state(run.seed, 0)]), worth(run)
    n = seeds_above(attempt, 9, episodes=500)
    return Verdict(n >= MOST, f"The critic says {said:.2f}, the truth is {here:.2f}. After 500 episodes the policy is "
                              f"worth more than 9 in {counted(n)}.")
