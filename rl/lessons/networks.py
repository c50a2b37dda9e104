"""What to try with policies that are neural networks."""

import numpy as np

from rl.agents.neural.base import Neural
from rl.agents.neural.learner import ENTROPY
from rl.agents.neural.ppo import PPO
from rl.lessons.checks import in_run_of, last_episodes, opened
from rl.lessons.lesson import Attempt, Task, Verdict
from rl.lessons.misconceptions import Misconception
from rl.timeline import Timeline
from rl.trials import run_trials

RUINED = "v=1&env=cart&agent=ppo,alpha:0.05,alpha_v:0.003,clip:1,layers:1&seed=0"
SWING = "v=1&env=acrobot&agent={},alpha:0.003,alpha_v:0.01,layers:1&seed=1"
WAITS = SWING.format("netreinforce")
BALANCED = 475
"""What CartPole-v1 calls solved, as Gymnasium registers it."""
FEW, MOST = range(5), 4
STEPS, EPISODES, LAST = 20_000, 400, 5


@in_run_of(RUINED, "width", "layers")
def mended_in_time(attempt: Attempt) -> Verdict:
    """Looks at the last ten episodes of a run that began with the steps that ruin it."""
    run, first, wanted = attempt.timeline, attempt.timeline.agent, opened(RUINED).timeline.agent
    assert isinstance(first, PPO) and isinstance(wanted, PPO)
    if (first.alpha, first.clip) != (wanted.alpha, wanted.clip):
        return Verdict(False, f"Begin with α = {wanted.alpha:g} and a clip range of {wanted.clip:g}: this is about "
                              f"mending such a run.")
    recent, entropy = last_episodes(run, attempt.t, 10).ret, run.at(attempt.t).memory.report[ENTROPY]
    mean = recent.mean() if len(recent) else 0.0
    return Verdict(len(recent) == 10 and bool(mean >= BALANCED),
                   f"The last {len(recent)} episodes returned {mean:.0f} on average; {BALANCED} are asked for. "
                   f"The policy's entropy is {entropy:.2g}.")


@in_run_of(WAITS, "width", "layers", of=Neural)
def swings_up(attempt: Attempt) -> Verdict:
    """Counts the seeds whose last episodes are short after so many steps of the settings now in force."""
    _, env, agent = attempt.timeline.settings(attempt.t)
    returns = run_trials(Timeline(env, agent), FEW, EPISODES, STEPS).returns
    last = [float(row[~np.isnan(row)][-LAST:].mean()) if (~np.isnan(row)).any() else -np.inf for row in returns]
    n = sum(value > -150 for value in last)
    return Verdict(n >= MOST, f"After {STEPS:,} steps the last {LAST} episodes return more than −150 in {n} of "
                              f"{len(FEW)} seeds; {MOST} are needed.")


TASKS = (
    Task(
        slug="g.ruin",
        title="A step too far, and all is lost",
        do="It balanced better and better, and fell. Lower α now: nothing. Go back to step 1,500, set α to 0.003 and "
           "the clip range to 0.2.",
        notice="Unclipped, old steps push the policy further than they can vouch for. In the end its [[entropy]] is "
               "nearly 0: it always does the same, learns nothing from that, and stays as it is. The [[clip]] of "
               "[[PPO]] stops each update in time. Going back to an earlier moment is what checkpoints are for.",
        goal="Mend this run on its way: have the last 10 episodes return 475 or more on average.",
        misconception=Misconception.UNLEARNED,
        query=f"{RUINED}&t=6000",
        check=mended_in_time,
        solved=f"{RUINED}&edits=1500,alpha:0.003,clip:0.2&t=7000",
    ),
    Task(
        slug="g.swing",
        title="Nothing to learn from",
        do="Every step costs 1 and nearly every episode −500. Start over with the [[actor-critic]], or with [[PPO]].",
        notice="Until the free end first crosses the line, all episodes cost the same: there is nothing to prefer, and "
               "luck must help. REINFORCE then learns once an episode, of up to 500 steps. The others ask their "
               "[[critic]] what lies ahead and learn in between, many times as often.",
        goal="In 4 of 5 seeds, have the last 5 episodes return more than −150 after 20,000 steps.",
        misconception=Misconception.WAITING,
        query=f"{WAITS}&t=20000",
        check=swings_up,
        solved=f"{SWING.format('netac')}&t=20000",
    ),
)
