"""The lesson on Q-learning and its family; what to try with its relatives is in `rl.lessons.relatives`."""

import numpy as np

from rl.lessons.checks import (
    SEEDS,
    afresh,
    error,
    greedy_value,
    in_run_of,
    is_optimal,
    last_episodes,
    seeds_optimal,
    setting,
    settings_so_far,
)
from rl.lessons.lesson import Attempt, Lesson, Task, Verdict
from rl.lessons.misconceptions import Misconception
from rl.lessons.relatives import TASKS
from rl.truth import solution, tabular

BACKWARDS = ("v=1&env=grid,map:S..%23..../...%23..../.%23...%23../.%23....%23./....%23..G,step_reward:0"
             "&agent=q,epsilon:0.1,alpha:0.5,gamma:0.9&seed=6")
NEVER = "v=1&env=grid,map:G..S....G,rewards:8=9,step_reward:0&agent=q,epsilon:0,alpha:0.5,gamma:0.9&seed=2&t=0"
HOPE = "v=1&env=lake,size:8x8,success:1&agent=q,epsilon:0,alpha:0.5,initial:1&seed=3"
CLIFF = "v=1&env=cliff&agent=q,epsilon:0.1,alpha:0.5,gamma:1&seed=4"
SLIPPERY = "v=1&env=lake&agent=q,epsilon:0.1,alpha:0.9,initial:0.5&seed=5&t=20000"
SHORT = "v=1&env=grid,map:G...S.........G,rewards:14=9,step_reward:0&agent=q,epsilon:1,alpha:0.5,gamma:0.5&seed=6"
MOST = 9
"""Seeds of ten that must succeed: one lucky seed is no proof, and one unlucky seed no disproof."""


@in_run_of(BACKWARDS, "initial")
def value_at_the_start(attempt: Attempt) -> Verdict:
    """Looks for a value above zero in the state the run began in."""
    run = attempt.timeline.at(attempt.t)
    best, valued = run.memory.q.max(axis=1), int((run.memory.q.max(axis=1) > 0).sum())
    start = float(best[run.env.first_state(run.seed, 0)])
    if start > 0:
        return Verdict(True, f"After {run.episode} episodes the start is worth {start:.3f}, though leaving it pays 0.")
    return Verdict(False, f"After {run.episode} episodes {valued} cells hold a value; the start is still worth 0.")


@in_run_of(NEVER, "gamma", "initial")
def enough_exploration(attempt: Attempt) -> Verdict:
    """Counts the seeds whose greedy policy is optimal after 200 episodes with the epsilon now set."""
    n, epsilon = seeds_optimal(attempt, 200), setting(attempt, "epsilon")
    return Verdict(n >= MOST, f"With ε = {epsilon:g} the greedy policy is optimal after 200 episodes in {n} of "
                              f"{len(SEEDS)} seeds; {MOST} are needed.")


@in_run_of(HOPE)
def optimal_without_chance(attempt: Attempt) -> Verdict:
    """Looks for an optimal greedy policy in a run whose epsilon is 0 all along."""
    run = attempt.timeline.at(attempt.t)
    if any(settings_so_far(attempt, "epsilon")):
        return Verdict(False, "In this run some actions were random: keep ε at 0 from the beginning.")
    worth, best = greedy_value(run), solution(tabular(run.env), run.agent.discount).start
    return Verdict(is_optimal(run), f"After {run.step:,} steps, none of them random, the greedy policy is worth "
                                    f"{worth:.3f} at the start; the best is worth {best:.3f}.")


@in_run_of(CLIFF, "gamma")
def nothing_lost_at_the_cliff(attempt: Attempt) -> Verdict:
    """Looks at the returns of the last ten episodes."""
    recent = last_episodes(attempt.timeline, attempt.t, 10).ret
    worth = greedy_value(attempt.timeline.at(attempt.t))
    got = f"{recent.mean():.1f}" if len(recent) else "nothing yet"
    return Verdict(len(recent) == 10 and bool((recent == -13).all()),
                   f"The last {len(recent)} episodes returned {got} on average; the greedy policy is worth "
                   f"{'nothing finite' if np.isinf(worth) else f'{worth:.0f}'}.")


@in_run_of(SLIPPERY, "gamma", "epsilon")
def a_fitting_step_size(attempt: Attempt) -> Verdict:
    """Counts the seeds whose greedy policy is optimal after 20,000 steps with the step size now set."""
    n, alpha = sum(is_optimal(afresh(attempt, seed)) for seed in SEEDS), setting(attempt, "alpha")
    return Verdict(n >= MOST, f"With α = {alpha:g} the greedy policy is optimal after 20,000 steps in {n} of "
                              f"{len(SEEDS)} seeds; {MOST} are needed.")


@in_run_of(SHORT)
def right_before_it_knows(attempt: Attempt) -> Verdict:
    """Looks for an optimal greedy policy while a value is still far off."""
    run = attempt.timeline.at(attempt.t)
    if run.agent.discount < 0.7:
        return Verdict(False, f"With γ = {run.agent.discount:g} the far goal is too far: set γ to 0.7 or more.")
    off, good = error(run), is_optimal(run)
    return Verdict(good and off > 1, f"At step {run.step:,} the greedy policy is {'' if good else 'not '}optimal, and "
                                     f"the largest error of a value is {off:.2f}.")


LESSON = Lesson(
    slug="q_learning",
    title="Q-learning and its family",
    teaches="How a table learns to act, step by step, by Q-learning and eleven relatives.",
    minutes=60,
    idea="The [[agent]] keeps a [[Q-table|table Q]] of how good each [[action]] is in each [[state]]. After every "
         "[[step]] it moves one entry towards *the [[reward]] it got, plus the best [[value]] it now sees ahead*. Its "
         "relatives differ in a line: in what they look ahead to, how far, or how often.",
    tasks=(
        Task(
            slug="q.backwards",
            title="Value flows backwards",
            do="Press play, or step with the arrow keys. The only reward lies at the goal.",
            notice="The first time the goal is reached a single cell changes. Each [[episode]] after that carries the "
                   "value about one cell further back towards the start. Q is not the reward: it is what is still to "
                   "come.",
            goal="Reach a moment at which the start itself has a value above 0.",
            misconception=Misconception.Q_IS_REWARD,
            query=f"{BACKWARDS}&t=0",
            check=value_at_the_start,
            solved=f"{BACKWARDS}&t=2000",
        ),
        Task(
            slug="q.explore",
            title="Never explore, never find out",
            do="[[epsilon|ε]] is 0 here and the agent always does what looks best. Let it run for 100 episodes, then "
               "raise ε to 0.8.",
            notice="In most of the hundred [[seeds]] it settles for the goal on the left, worth 1, though 10 wait on "
                   "the right. The curve labelled Policy shows how far from the best that is; the error never reaches "
                   "zero, since untried actions are never corrected. With a high ε both soon change.",
            goal="Find an ε with which the greedy policy is optimal after 200 episodes in 9 of 10 seeds.",
            misconception=Misconception.GREEDY_ONCE_LEARNED,
            query=NEVER,
            check=enough_exploration,
            solved=NEVER.replace("epsilon:0,", "epsilon:0.8,"),
        ),
        Task(
            slug="q.hope",
            title="Hope makes it curious",
            do="Still no exploration, but every untried action is given the value 1 beforehand. Compare the curves "
               "with those of initial value 0.",
            notice="Whatever it tries disappoints, so it tries the rest. [[Optimism]] explores without a single random "
                   "action. The value of what was never tried is not zero: it is unknown.",
            goal="Reach a moment at which the greedy policy is optimal, without one random action.",
            misconception=Misconception.UNVISITED_IS_ZERO,
            query=f"{HOPE}&t=0",
            check=optimal_without_chance,
            solved=f"{HOPE}&t=5000",
        ),
        Task(
            slug="q.cliff",
            title="The cliff: it learns the best way and keeps falling off",
            do="Watch a few episodes along the cliff, then take ε down to 0 in mid-run.",
            notice="The [[greedy]] [[policy]] is [[optimal policy|optimal]], a [[return]] of −13, while the return it "
                   "gets is far worse: the [[training return]] is not the quality of the policy. With ε = 0 the two "
                   "meet.",
            goal="Make ten episodes in a row return −13.",
            misconception=Misconception.TRAINING_RETURN,
            query=f"{CLIFF}&t=6000",
            check=nothing_lost_at_the_cliff,
            solved=f"{CLIFF}&edits=6000,epsilon:0&t=6200",
        ),
        Task(
            slug="q.slippery",
            title="A larger step is not a faster one",
            do="On ice the agent goes where it meant to only one time in three. Watch it with α = 0.9; then lower α "
               "and start over.",
            notice="With a large [[step size]] the values jump with every slip and never settle; with a tiny one they "
                   "are long on the way. The best policy here often walks into the wall on purpose: that way it cannot "
                   "slip into a hole. A [[slippery]] world is not a broken one.",
            goal="Find an α with which the greedy policy is optimal after 20,000 steps in 9 of 10 seeds.",
            misconception=Misconception.LARGER_STEP,
            query=SLIPPERY,
            check=a_fitting_step_size,
            solved=SLIPPERY.replace("alpha:0.9,", ""),
        ),
        Task(
            slug="q.short",
            title="Short-sighted",
            do="Near lies 1, far away lies 10. Move γ between 0.5 and 0.95; each time start over and skip 100 "
               "episodes.",
            notice="Below about 0.68 the near goal really is the better one: [[discount|γ]] belongs to the question, "
                   "not to the answer. Note, too, that ε is 1: the agent only ever acts at random, and still learns "
                   "what would be best, long before its values are right.",
            goal="With γ at 0.7 or more, stop where the greedy policy is optimal already, though a value is off by "
                 "more than 1.",
            misconception=Misconception.CONVERGED,
            query=f"{SHORT}&t=4000",
            check=right_before_it_knows,
            solved=f"{SHORT.replace('gamma:0.5', 'gamma:0.9')}&t=2000",
        ),
        *TASKS,
    ),
)
