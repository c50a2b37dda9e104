"""The lesson on experiments: what a sweep over settings and seeds finds is set on the stage, and judged there."""

import numpy as np

from rl.agents.control.sarsa import Sarsa
from rl.knob import carried
from rl.lessons.checks import in_run_of, setting
from rl.lessons.lesson import Attempt, Lesson, Task, Verdict
from rl.lessons.misconceptions import Misconception
from rl.mdp import Floats
from rl.timeline import Timeline
from rl.trials import run_trials

HILL = "v=1&env=grid,map:G..S....G,rewards:8=9,step_reward:0&agent=q,epsilon:1,alpha:0.5,gamma:0.9&seed=2"
CLIFF = "v=1&env=cliff&agent=q,epsilon:0.1,alpha:0.5,gamma:1&seed=4"
ICE = "v=1&env=lake&agent=q,epsilon:0.1,alpha:0.9,initial:0.5&seed=5"
SEEDS = range(30)
EPISODES = 100


def mean_returns(timeline: Timeline, episodes: int) -> Floats:
    """Returns the mean return of the first episodes of a run from each of the seeds, (n,); NaN where it never ends."""
    return np.asarray(run_trials(timeline, SEEDS, episodes).returns.mean(axis=1))


def afresh(attempt: Attempt) -> Timeline:
    """Returns a run with the settings now in force from the beginning."""
    _, env, agent = attempt.timeline.settings(attempt.t)
    return Timeline(env, agent, attempt.timeline.seed)


@in_run_of(HILL, "alpha", "gamma", "initial", "schedule", "alpha_schedule")
def enough_and_not_too_much(attempt: Attempt) -> Verdict:
    """Looks at the return of 200 episodes over many seeds, with the epsilon now set."""
    got, epsilon = float(mean_returns(afresh(attempt), 200).mean()), setting(attempt, "epsilon")
    return Verdict(got >= 6.5, f"With ε = {epsilon:g} 200 episodes return {got:.2f} on average of {len(SEEDS)} seeds; "
                               f"6.5 is asked for.")


@in_run_of(CLIFF, "epsilon", "alpha", "gamma", "initial", "schedule", "alpha_schedule")
def lucky_against_sarsa(attempt: Attempt) -> Verdict:
    """Holds the run's first episodes against those of SARSA from the same seed, and from many."""
    mine = afresh(attempt)
    other = Timeline(mine.env, carried(mine.agent, Sarsa), mine.seed)
    q, sarsa = (float(run_trials(run, [mine.seed], EPISODES).returns.mean()) for run in (mine, other))
    n = int((mean_returns(mine, EPISODES) > mean_returns(other, EPISODES)).sum())
    return Verdict(q > sarsa and len(attempt.timeline.episodes(attempt.t)) >= EPISODES,
                   f"With seed {mine.seed} {EPISODES} episodes return {q:.1f}, those of SARSA {sarsa:.1f}. Q-learning "
                   f"gets more in {n} of {len(SEEDS)} seeds.")


@in_run_of(ICE, "epsilon", "gamma", "initial", "schedule", "alpha_schedule")
def top_of_the_curve(attempt: Attempt) -> Verdict:
    """Looks at the return of 500 episodes over many seeds, with the step size now set."""
    got, alpha = float(mean_returns(afresh(attempt), 500).mean()), setting(attempt, "alpha")
    return Verdict(got >= 0.3, f"With α = {alpha:g} 500 episodes return {got:.3f} on average of {len(SEEDS)} seeds; "
                               f"0.3 is asked for.")


LESSON = Lesson(
    slug="experiments",
    title="Experiments",
    teaches="How to find out which algorithm and which settings are better, and how sure one can be.",
    minutes=30,
    idea="One [[seed]] proves nothing. Choose algorithms, worlds and settings, and let many seeds decide: a "
         "[[learning curve]] with its [[confidence band]], a [[sensitivity curve]] for each setting, and the chance "
         "that one is better than the other. Every point leads to the [[runs]] behind it.",
    tasks=(
        Task(
            slug="x.seed",
            title="I have seen it with my own eyes",
            do="The stage below shows one seed. Make an experiment of Q-learning and SARSA here, with 30 seeds; then "
               "try seeds.",
            notice="SARSA earns more in the first hundred episodes, and the [[probability of improvement]] says how "
                   "surely. Yet in some seeds Q-learning comes out ahead: one run, however closely watched, may be the "
                   "exception.",
            goal="Find a seed in which 100 episodes of Q-learning return more than those of SARSA.",
            misconception=Misconception.ONE_SEED,
            query=f"{CLIFF}&t=3650",
            check=lucky_against_sarsa,
            solved=f"{CLIFF.replace('seed=4', 'seed=20')}&t=3650",
        ),
        Task(
            slug="x.explore",
            title="As curious as can be",
            do="1 lies near, 10 far, and this agent acts at random. [[Sweep]] ε from 0 to 1, then set the best on the "
               "stage.",
            notice="The [[sensitivity curve]] is a hill. Too little exploring settles for the near goal; too much "
                   "finds the far one, and then walks past what it knows. Where the top is depends on the world, and "
                   "on how long there is to learn.",
            goal="Set an ε with which 200 episodes return 6.5 or more, the average of 30 seeds.",
            misconception=Misconception.MORE_EXPLORATION,
            query=f"{HILL}&t=2000",
            check=enough_and_not_too_much,
            solved=f"{HILL.replace('epsilon:1,', 'epsilon:0.8,')}&t=2000",
        ),
        Task(
            slug="x.step",
            title="The top of the curve",
            do="On ice, α = 0.9. Sweep α from 0.01 to 0.9 over 500 episodes, then set a good one on the stage.",
            notice="Too small a [[step size]] is too slow for 500 episodes, too large a one forgets: a curve with one "
                   "top, and flat around it. Where the [[confidence band|bands]] of two values overlap, this "
                   "experiment cannot tell them apart.",
            goal="Set an α with which 500 episodes return 0.3 or more, the average of 30 seeds.",
            misconception=Misconception.LARGER_STEP,
            query=f"{ICE}&t=5000",
            check=top_of_the_curve,
            solved=f"{ICE.replace('alpha:0.9,', 'alpha:0.2,')}&t=5000",
        ),
    ),
)
