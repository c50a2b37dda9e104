"""What to try with the relatives of Q-learning: each task is solved by another line of the loop."""

import numpy as np

from rl.agents.control.base import Control
from rl.envs.dyna_maze import DynaMaze
from rl.envs.maximisation_bias import A
from rl.lessons.checks import OTHER_RUN, SEEDS, afresh, in_run_of, last_episodes, opened, setting, settings_so_far
from rl.lessons.lesson import Attempt, Task, Verdict
from rl.lessons.misconceptions import Misconception
from rl.timeline import Timeline

CLIFF = "v=1&env=cliff&agent=q,epsilon:0.1,alpha:0.5,gamma:1&seed=4"
LUCKY = "v=1&env=bias&agent=q,epsilon:0.1,alpha:0.1,gamma:1&seed=2"
SNAKE = ("v=1&env=grid,map:S......./%23%23%23%23%23%23%23./......../.%23%23%23%23%23%23%23/.......G,step_reward:0"
         "&agent=q,epsilon:0.1,alpha:0.5,gamma:0.95&seed=0")
MAZE = "v=1&env=maze&agent=q,epsilon:0.1,alpha:0.1,gamma:0.95&seed=4"
WALL = "v=1&env=maze,layout:{}&agent={},epsilon:0.1,alpha:0.5,gamma:0.95&seed=0&edits=3000,env.layout:{}"
CLOSED, OPEN = "shortcut: closed", "shortcut: open"
SHORTCUT = WALL.format(CLOSED, "dyna", OPEN)
WIND = "v=1&env=windy&agent=mc,epsilon:0.1,alpha:0.5,alpha_schedule:constant,gamma:1&seed=1"
LEFT = 0
MOST = 9
OPENED, SOON = 3000, 1000


@in_run_of(CLIFF, "gamma", "epsilon", of=Control)
def safer_along_the_cliff(attempt: Attempt) -> Verdict:
    """Looks at the returns of the last hundred episodes of a run that explores all along."""
    if set(settings_so_far(attempt, "epsilon")) != {0.1} or setting(attempt, "schedule") != "constant":
        return Verdict(False, "Keep ε at 0.1 from the beginning: exploring is what this is about.")
    recent = last_episodes(attempt.timeline, attempt.t, 100).ret
    got = f"{recent.mean():.1f}" if len(recent) else "nothing yet"
    return Verdict(len(recent) == 100 and bool(recent.mean() > -40),
                   f"The last {len(recent)} episodes returned {got} on average; above −40 over 100 is asked for.")


@in_run_of(LUCKY, "gamma", "epsilon", "schedule", "alpha", "alpha_schedule", "initial", of=Control)
def not_taken_in(attempt: Attempt) -> Verdict:
    """Counts the seeds in which left is seldom taken in episodes 101 to 300."""
    shares = [share_of_left(attempt, seed) for seed in SEEDS]
    n = sum(share < 0.2 for share in shares)
    return Verdict(n >= MOST, f"Left is taken in {100 * np.mean(shares):.0f} % of episodes 101 to 300, and in less "
                              f"than 20 % in {n} of {len(SEEDS)} seeds; {MOST} are needed.")


def share_of_left(attempt: Attempt, seed: int) -> float:
    """Returns how often, under a seed and the settings now in force, episodes 101 to 300 go left."""
    early, late = (afresh(attempt, seed, episodes).memory.visits[A] for episodes in (100, 300))
    return float((late - early)[LEFT] / max(1, (late - early).sum()))


@in_run_of(SNAKE, "gamma", "initial", of=Control)
def soon_back_at_the_start(attempt: Attempt) -> Verdict:
    """Looks for a value above zero at the start after two episodes at the most."""
    run = attempt.timeline.at(attempt.t)
    value = float(run.memory.q[run.env.first_state(run.seed, 0)].max())
    return Verdict(value > 0 and 1 <= run.episode <= 2,
                   f"Episodes over: {run.episode}; the start is worth {value:.2g}, the goal 1.")


@in_run_of(MAZE, "gamma", "initial", of=Control)
def learned_in_the_head(attempt: Attempt) -> Verdict:
    """Looks for a short way among the first four episodes."""
    lengths = attempt.timeline.episodes(attempt.t).length[:4]
    best = f"the shortest took {lengths.min()} steps" if len(lengths) else "none is over yet"
    return Verdict(bool((lengths <= 16).any()), f"Of the first 4 episodes {best}; at most 16 are asked for.")


def opened_at(timeline: Timeline) -> int | None:
    """Returns the step at which a run's shortcut was opened; None where it is no such run."""
    worlds = [(0, timeline.env), *((edit.step, edit.env) for edit in timeline.edits)]
    layouts = [(step, env.layout) for step, env in worlds if isinstance(env, DynaMaze)]
    names = [layout for _, layout in layouts]
    if len(names) < len(worlds) or names != sorted(names) or set(names) != {CLOSED, OPEN}:
        return None
    return next(step for step, layout in layouts if layout == OPEN)


def shortcut_found(attempt: Attempt) -> Verdict:
    """Looks for a walk through the shortcut, soon after it was opened."""
    opening, wanted = opened_at(attempt.timeline), opened(SHORTCUT).timeline.agent
    agents = [attempt.timeline.agent, *(edit.agent for edit in attempt.timeline.edits)]
    if opening is None or not all(isinstance(agent, Control) for agent in agents):
        return OTHER_RUN
    if any(getattr(agent, "epsilon") != wanted.epsilon for agent in agents):  # type: ignore[attr-defined] # noqa: B009
        return Verdict(False, "Keep ε at 0.1 all along: exploring more would find any shortcut.")
    log = attempt.timeline.episodes(min(attempt.t, opening + SOON))
    after = log.length[log.end > opening]
    best = f"the shortest took {after.min()} steps" if len(after) else "none is over yet"
    return Verdict(opening >= OPENED and bool((after <= 12).any()),
                   f"The shortcut opened at step {opening:,}. Of the episodes in the {SOON:,} steps after that {best}.")


@in_run_of(WIND, "gamma", "epsilon", of=Control)
def not_waiting_for_the_end(attempt: Attempt) -> Verdict:
    """Counts the episodes finished in the last 8,000 steps."""
    n = int((attempt.timeline.episodes(attempt.t).end > attempt.t - 8000).sum())
    return Verdict(n >= 100, f"Episodes finished in the last {min(attempt.t, 8000):,} steps: {n}; 100 are asked for.")


TASKS = (
    Task(
        slug="q.sarsa",
        title="SARSA keeps away from the edge",
        do="Q-learning keeps falling. Go on with SARSA (algorithm), ε as it is, and skip 200 episodes.",
        notice="[[SARSA]] learns what its actions are worth to one who explores: the edge is dangerous to it, so it "
               "walks further up. Its greedy path is longer, and yet it earns more while it explores. It is no worse "
               "Q-learning: it answers another question.",
        goal="With ε still 0.1, have the last 100 episodes return more than −40 on average.",
        misconception=Misconception.SARSA_IS_WORSE,
        query=f"{CLIFF}&t=6000",
        check=safer_along_the_cliff,
        solved=f"{CLIFF}&edits=6000,agent:sarsa,alpha:0.5,gamma:1&t=11000",
    ),
    Task(
        slug="q.bias",
        title="Too good to be true",
        do="Left costs 0.1 on average, right nothing. Watch how often it goes left; then start over with Double Q.",
        notice="One of the ten actions in B always looks lucky, and max takes luck for value: that is "
               "[[maximisation bias]]. [[Double Q-learning]] lets one table choose and the other judge. Learning from "
               "one's own estimates is not always safe.",
        goal="Have less than 20 % of episodes 101 to 300 go left, in 9 of 10 seeds, at this α and ε.",
        misconception=Misconception.BOOTSTRAPPING,
        query=f"{LUCKY}&t=500",
        check=not_taken_in,
        solved=f"{LUCKY.replace('agent=q', 'agent=doubleq')}&t=500",
    ),
    Task(
        slug="q.credit",
        title="Who earned the reward?",
        do="25 steps to the goal. Q-learning takes as many episodes to hear of it at the start. Try SARSA(λ), Q(λ), "
           "n steps.",
        notice="One-step rules reward the last action only; the one before learns of it next time. "
               "[[eligibility trace|Traces]] remember how one came here and pay them all at once; [[n-step]] methods "
               "pay the last n. More is not always better: luck is passed on as well.",
        goal="Have the start worth more than 0 after at most 2 episodes.",
        misconception=Misconception.LAST_ACTION,
        query=f"{SNAKE}&t=0",
        check=soon_back_at_the_start,
        solved=f"{SNAKE.replace('agent=q', 'agent=sarsal')}&t=1300",
    ),
    Task(
        slug="q.dyna",
        title="Learning in the head",
        do="Four episodes, and Q-learning still wanders. Choose [[Dyna|Dyna-Q]] with 20 planning steps and start over.",
        notice="It takes the same steps in the world, but remembers what they led to, and goes through them again in "
               "the head, many times a step. What was seen once need not be seen again to be learned from.",
        goal="Have one of the first 4 episodes reach the goal in at most 16 steps.",
        misconception=Misconception.EXPERIENCE,
        query=f"{MAZE}&t=2634",
        check=learned_in_the_head,
        solved=f"{MAZE.replace('agent=q', 'agent=dyna,planning:20')}&t=2000",
    ),
    Task(
        slug="q.wall",
        title="When the model is out of date",
        do="A way of 10 opened at step 3,000; Dyna-Q keeps to its 16. Start over, closed, with Dyna-Q+; open it at "
           "3,000.",
        notice="In the [[model]] of Dyna-Q the wall still stands, and it plans all the more surely round it. Dyna-Q+ "
               "grows curious about what it has not tried for long. A model is not the world.",
        goal="Open the shortcut at step 3,000 or later, and have it walked in at most 12 steps within 1,000 steps.",
        misconception=Misconception.MODEL_IS_WORLD,
        query=f"{SHORTCUT}&t=4000",
        check=shortcut_found,
        solved=f"{WALL.format(CLOSED, 'dynaplus', OPEN)}&t=4000",
    ),
    Task(
        slug="q.wait",
        title="It waits for an end that never comes",
        do="[[Monte Carlo]] learns at the end of an episode. 8,000 steps in the wind, and look how few have ended. Try "
           "another.",
        notice="Until an episode ends its policy stays the same, and this one leads round in circles. Methods that "
               "learn in every [[step]] notice on the way that they get nowhere, and change their mind.",
        goal="Finish 100 episodes within 8,000 steps, with ε still 0.1.",
        misconception=Misconception.WAITING,
        query=f"{WIND}&t=8000",
        check=not_waiting_for_the_end,
        solved=f"{WIND.replace('agent=mc', 'agent=sarsa')}&t=8000",
    ),
)
