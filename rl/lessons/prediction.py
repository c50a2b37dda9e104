"""The lesson on prediction."""

import numpy as np

from rl.agents.prediction.base import Prediction
from rl.envs.base import Env
from rl.lessons.checks import afresh, in_run_of, setting
from rl.lessons.lesson import Attempt, Lesson, Task, Verdict
from rl.lessons.misconceptions import Misconception
from rl.run import Run
from rl.truth import policy_truth, rms_error, tabular

FIRST = "v=1&env=walk&agent=td,initial:0.5&seed=1"
LUCK = "v=1&env=walk&agent=mcp,initial:0.5,alpha:0.03&seed=2"
STEP = "v=1&env=walk&agent=td,initial:0.5,alpha:0.2&seed=3"
LONG = "v=1&env=walk,states:19,left_reward:-1&agent=ntd,n:64,alpha:0.4&seed=1"
ICE = "v=1&env=lake&agent=td,gamma:0.99,alpha:0.05&seed=1"
WALKS = range(100)
"""So many walks settle a question that one cannot."""


def truth(run: Run) -> tuple[Env, np.ndarray[tuple[int], np.dtype[np.float64]]]:
    """Returns a run's world, and the exact values of the policy its agent follows, (S,)."""
    assert isinstance(run.agent, Prediction)
    env = tabular(run.env)
    return env, policy_truth(env, run.agent)


def mean_error(attempt: Attempt, episodes: int) -> float:
    """Returns the RMS error over the states after so many episodes of the settings now in force, over many seeds."""
    runs = [afresh(attempt, seed, episodes) for seed in WALKS]
    env, exact = truth(runs[0])
    with np.errstate(over="ignore"):  # large steps along long traces diverge
        return float(np.mean([rms_error(run.memory.v, exact, ~env.mdp.absorbing) for run in runs]))


@in_run_of(FIRST, "alpha", "gamma", "initial", "policy", of=Prediction)
def more_than_one_state(attempt: Attempt) -> Verdict:
    """Counts the states whose value changed in the first episode."""
    run = attempt.timeline.at(attempt.t)
    changed = int((run.memory.v != setting(attempt, "initial"))[~tabular(run.env).mdp.absorbing].sum())
    return Verdict(run.episode == 1 and changed >= 3,
                   f"Episodes over: {run.episode}; states whose value has changed: {changed}.")


@in_run_of(LUCK, "gamma", "initial", "policy", "alpha_schedule", of=Prediction)
def close_after_a_hundred(attempt: Attempt) -> Verdict:
    """Looks at the error after a hundred episodes, over many seeds."""
    off, alpha = mean_error(attempt, 100), setting(attempt, "alpha")
    return Verdict(off < 0.045, f"With α = {alpha:g} the error after 100 episodes is {off:.3f}, the average of "
                                f"{len(WALKS)} seeds; below 0.045 is asked for.")


@in_run_of(STEP, "gamma", "initial", "policy")
def close_after_a_thousand(attempt: Attempt) -> Verdict:
    """Looks at the error after a thousand episodes, over many seeds."""
    early, late = mean_error(attempt, 100), mean_error(attempt, 1000)
    return Verdict(late < 0.03, f"The error is {early:.3f} after 100 episodes and {late:.3f} after 1,000, the average "
                                f"of {len(WALKS)} seeds; below 0.03 is asked for.")


@in_run_of(LONG, "alpha", "gamma", "initial", "policy", "alpha_schedule")
def a_fitting_n(attempt: Attempt) -> Verdict:
    """Looks at the error after ten episodes, over many seeds."""
    off, n = mean_error(attempt, 10), setting(attempt, "n")
    return Verdict(off < 0.2, f"With n = {n} the error after 10 episodes is {off:.2f}, the average of {len(WALKS)} "
                              f"seeds; below 0.2 is asked for.")


@in_run_of(ICE, "gamma", of=Prediction)
def a_better_policy(attempt: Attempt) -> Verdict:
    """Looks at what the start is worth under the policy followed, and whether that was learned."""
    run = attempt.timeline.at(attempt.t)
    start = run.env.first_state(run.seed, 0)
    learned, exact = float(run.memory.v[start]), float(truth(run)[1][start])
    return Verdict(exact > 0.5 and abs(learned - exact) < 0.1,
                   f"Under this policy the start is worth {exact:.3f}; after {run.episode:,} episodes it is said to "
                   f"be worth {learned:.3f}.")


LESSON = Lesson(
    slug="prediction",
    title="Prediction",
    teaches="How the value of a policy is learned from experience, and what a guess is good for.",
    minutes=25,
    idea="The [[policy]] stays as it is; the question is what each [[state]] is [[value|worth]] under it. "
         "[[Monte Carlo]] waits for the [[return]]. [[TD(0)]] learns after every [[step]], from the [[reward]] and its "
         "own next guess.",
    tasks=(
        Task(
            slug="v.guess",
            title="Learning a guess from a guess",
            do="One episode is over and one value has changed. Start over with another algorithm, for one episode.",
            notice="All states are guessed at 0.5, so TD finds nothing new until the end: only there is a reward. "
                   "[[Monte Carlo]] and long traces change all states on the way. Yet TD is no circle: step by step "
                   "what is true at the end moves through the guesses.",
            goal="Have the first episode change the values of three states or more.",
            misconception=Misconception.GUESSES,
            query=f"{FIRST}&t=3",
            check=more_than_one_state,
            solved=f"{FIRST.replace('agent=td', 'agent=mcp')}&t=3",
        ),
        Task(
            slug="v.luck",
            title="What really happened is mostly luck",
            do="Monte Carlo, at about the best α it has here. Start over with TD(0), compare the errors, try other α.",
            notice="From the middle a [[return]] is 0 or 1, by a coin: true, and far from 0.5 each time. TD moves to "
                   "the next guess instead, which is close by and holds what other episodes have found. It is "
                   "[[bias|biased]] at first, and has less [[variance]].",
            goal="Have an error below 0.045 after 100 episodes, the average over many seeds, at a constant α.",
            misconception=Misconception.TRUE_RETURN,
            query=f"{LUCK}&t=900",
            check=close_after_a_hundred,
            solved=f"{LUCK.replace('agent=mcp', 'agent=td').replace('alpha:0.03', 'alpha:0.05')}&t=900",
        ),
        Task(
            slug="v.step",
            title="A step that never settles",
            do="At α = 0.2 a thousand episodes are no better than a hundred. Lower α, or let it fall as 1/n (under "
               "More).",
            notice="A constant [[step size]] always believes the last episodes most, so the values keep trembling, the "
                   "more so the larger it is. A small one takes longer and ends closer. With 1/n every episode counts "
                   "the same, and the values settle.",
            goal="Have an error below 0.03 after 1,000 episodes, the average over many seeds.",
            misconception=Misconception.LARGER_STEP,
            query=f"{STEP}&t=900",
            check=close_after_a_thousand,
            solved=f"{STEP.replace('alpha:0.2', 'alpha_schedule:1/n')}&t=900",
        ),
        Task(
            slug="v.n",
            title="How far to look before guessing",
            do="19 states; n rewards are counted before the guess. Move n between 1 and 64, and start over each time.",
            notice="With n = 1 news moves one state an episode; with n = 64 it is all but Monte Carlo, and as noisy. "
                   "In between is best: more true rewards are not always better. This is figure 7.2 of Sutton & Barto.",
            goal="At α = 0.4, find an n with an error below 0.2 after 10 episodes, the average over many seeds.",
            misconception=Misconception.MORE_STEPS,
            query=f"{LONG}&t=800",
            check=a_fitting_n,
            solved=f"{LONG.replace('n:64', 'n:3')}&t=800",
        ),
        Task(
            slug="v.policy",
            title="Worth to whom?",
            do="On ice, acting at random, the start is worth about 0.01. Predict another policy (under More).",
            notice="The ice is the same, and so is the start; acting well it is worth forty times as much. A [[value]] "
                   "belongs to a [[policy]], not to a state alone. Control does just this: it values a policy while it "
                   "makes a better one of it.",
            goal="Learn, to within 0.1, the value of a start that is worth more than 0.5.",
            misconception=Misconception.VALUE_OF_POLICY,
            query=f"{ICE}&t=1000",
            check=a_better_policy,
            solved=f"{ICE.replace('agent=td', 'agent=td,policy:optimal')}&t=15000",
        ),
    ),
)
