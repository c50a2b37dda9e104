"""The lesson on the agent-environment loop."""

import numpy as np

from rl.lessons.checks import greedy_value, in_run_of, is_optimal, setting
from rl.lessons.lesson import Attempt, Lesson, Task, Verdict
from rl.lessons.misconceptions import Misconception
from rl.tape import TERMINATED, TRUNCATED
from rl.truth import solution, tabular

CORRIDOR = "v=1&env=grid,map:S...G,step_reward:0&agent=human"
TWO_GOALS = "v=1&env=grid,map:G..S....G,rewards:8=9,step_reward:0&agent=human"
ICE = "v=1&env=lake&agent=human"
LIMITED = ("v=1&env=grid,map:S..../...../....G,horizon:8,step_reward:-0.1"
           "&agent=q,epsilon:0.1,alpha:0.5,gamma:0.9&seed=4")
FIELD = "v=1&env=grid,map:S...../....../.....G,step_reward:-0.1&agent=human"
RANDOM = "v=1&env=grid&agent=q,epsilon:1,alpha:0&seed=3&t=2000"
FAR = 10.0
STRAIGHT = 7


@in_run_of(CORRIDOR, "alpha", "gamma")
def start_is_worth_something(attempt: Attempt) -> Verdict:
    """Looks at the value of the first state."""
    run = attempt.timeline.at(attempt.t)
    value = float(run.memory.q[run.env.first_state(run.seed, 0)].max())
    return Verdict(value > 0, f"After {run.episode} walks to the goal, leaving the start is worth {value:.3g}.")


@in_run_of(TWO_GOALS)
def far_goal_found(attempt: Attempt) -> Verdict:
    """Looks for an episode that brought the larger goal."""
    returns = attempt.timeline.episodes(attempt.t).ret
    best = f"the best of {len(returns)} brought {returns.max():g}" if len(returns) else "none is over yet"
    return Verdict(bool((returns >= FAR).any()), f"Of your episodes {best}.")


@in_run_of(ICE)
def goal_on_the_ice(attempt: Attempt) -> Verdict:
    """Looks for an episode that ended at the goal."""
    returns = attempt.timeline.episodes(attempt.t).ret
    reached = f"You reached the goal in {int(returns.sum())} of {len(returns)} episodes"
    return Verdict(bool((returns > 0).any()), f"{reached}; the best policy does in 74 of 100.")


@in_run_of(LIMITED, "gamma")
def time_was_up(attempt: Attempt) -> Verdict:
    """Looks whether the step that led here was cut short, and still looked ahead."""
    log = attempt.timeline.steps(max(0, attempt.t - 1), attempt.t)
    if not len(log) or log.ended[0] != TRUNCATED:
        did = "reached the goal" if len(log) and log.ended[0] == TERMINATED else "did not end an episode"
        return Verdict(False, f"Step {max(0, attempt.t - 1):,} {did}.")
    ahead = float(log.target[0] - log.reward[0])
    return Verdict(ahead != 0, f"Time was up after the last step; its target counts {ahead:.3g} for what lies ahead.")


@in_run_of(FIELD)
def two_shortest_ways(attempt: Attempt) -> Verdict:
    """Counts the different ways of least length to the goal."""
    log = attempt.timeline.steps(0, attempt.t)
    ends = np.flatnonzero(log.ended) + 1
    walks = np.split(log.state, ends)[: len(ends)]
    ways = {tuple(walk.tolist()) for walk in walks if len(walk) == STRAIGHT}
    return Verdict(len(ways) >= 2, f"Different ways of {STRAIGHT} steps found: {len(ways)}.")


@in_run_of(RANDOM, "epsilon", "gamma")
def learned_at_random(attempt: Attempt) -> Verdict:
    """Looks whether the greedy policy of an agent that acts at random alone is optimal."""
    run = attempt.timeline.at(attempt.t)
    worth, best = greedy_value(run), solution(tabular(run.env), run.agent.discount).start
    shown = "never arrives" if np.isinf(worth) else f"is worth {worth:.3g}"
    return Verdict(is_optimal(run) and setting(attempt, "alpha") > 0,
                   f"It has only ever acted at random; its greedy policy {shown}, the best one {best:.3g}.")


LESSON = Lesson(
    slug="loop",
    title="The agent-environment loop",
    teaches="How an agent learns from reward alone, one step at a time.",
    minutes=15,
    idea="An [[agent]] sees the [[state]] of its world, chooses an [[action]], gets a [[reward]], and learns a little "
         "from it. Then all begins again.",
    tasks=(
        Task(
            slug="loop.worth",
            title="Worth more than it pays",
            do="Be the agent: walk to the goal (→, four times). Then again, and again.",
            notice="Only the last step pays, and only its cell changes the first time. Each walk carries the value one "
                   "cell back: [[action value|Q]] is not the reward, it is what is still to come.",
            goal="Make the start worth something, though leaving it pays nothing.",
            misconception=Misconception.Q_IS_REWARD,
            query=f"{CORRIDOR}&t=0",
            check=start_is_worth_something,
            solved=f"{CORRIDOR},moves:2222222222222222&t=16",
        ),
        Task(
            slug="loop.fog",
            title="In the fog",
            do="Be the agent without a map. You know a goal worth 1, three steps to the left. Look for a better one.",
            notice="What you have never tried is not worth zero, it is unknown. Who only does what has worked will "
                   "never find out: that is what [[exploration]] is for.",
            goal="Find the goal that pays ten times as much.",
            misconception=Misconception.UNVISITED_IS_ZERO,
            query=f"{TWO_GOALS},moves:000&t=3&fog=1",
            check=far_goal_found,
            solved=f"{TWO_GOALS},moves:00022222&t=8&fog=1",
        ),
        Task(
            slug="loop.ice",
            title="On the ice",
            do="Be the agent on ice. You go where you meant to one time in three; see the world's die in “Act”.",
            notice="The world is not broken, it is [[stochastic]]. A good move can end badly and a bad one well: judge "
                   "by many episodes. Sometimes it is wise to walk into the wall.",
            goal="Reach the goal once.",
            misconception=Misconception.SLIPPERY_IS_BROKEN,
            query=f"{ICE}&seed=2&t=0",
            check=goal_on_the_ice,
            solved=f"{ICE},moves:00000003333131212111&seed=2&t=20",
        ),
        Task(
            slug="loop.time",
            title="Time is up is not the end",
            do="Episodes are cut after 8 steps here. Step on to one that ends without the goal; look at “Update”.",
            notice="At the goal the target is the reward alone: nothing comes after it. When time is up the world "
                   "would have gone on, so the target still counts what lies ahead: [[truncation]] is not "
                   "[[termination]].",
            goal="Stop right after a step at which time was up and the target was not the reward alone.",
            misconception=Misconception.TIME_LIMIT,
            query=f"{LIMITED}&t=306",
            check=time_was_up,
            solved=f"{LIMITED}&t=321",
        ),
        Task(
            slug="loop.ways",
            title="Two best ways",
            do="Be the agent: go to the flag in 7 steps. Then in 7 steps another way.",
            notice="Each pays the same, so several policies are [[optimal policy|optimal]]. Two agents with other luck "
                   "may learn different ones, and neither is wrong.",
            goal="Reach the flag in 7 steps in two different ways.",
            misconception=Misconception.ONE_OPTIMUM,
            query=f"{FIELD},moves:2222211&t=7",
            check=two_shortest_ways,
            solved=f"{FIELD},moves:22222111122222&t=14",
        ),
        Task(
            slug="loop.random",
            title="It acts at random, and learns",
            do="This agent acts by chance alone and learns nothing, since α is 0. Raise α (under More) and skip 100 "
               "episodes, three times.",
            notice="Its returns stay as bad as before, for it still acts at random. But its table now knows the best "
                   "way: the return while training is not the quality of what was learned.",
            goal="Let its greedy policy become optimal while ε stays 1.",
            misconception=Misconception.TRAINING_RETURN,
            query=RANDOM,
            check=learned_at_random,
            solved="v=1&env=grid&agent=q,epsilon:1,alpha:0.5&seed=3&t=20000",
        ),
    ),
)
