"""The lesson on bandits."""

from functools import wraps

import numpy as np

from rl.agents.bandits.base import Bandit
from rl.bandit_study import Result, Study
from rl.bandits import bandit, tally
from rl.envs.testbed import Testbed
from rl.lessons.checks import Check, in_run_of, setting
from rl.lessons.lesson import Attempt, Lesson, Task, Verdict
from rl.lessons.misconceptions import Misconception

STUCK = "v=1&env=bandit,arms:8&agent=eps,epsilon:0&seed=7"
CURIOUS = "v=1&env=bandit&agent=ucb,c:10&seed=4"
LUCKY = "v=1&env=bandit&agent=greedy&seed=3"
UNKNOWN = "v=1&env=bandit,level:4&agent=greedy&seed=1"
NOISY = "v=1&env=bandit,level:4&agent=gradient,baseline:no&seed=1"
DRIFTING = "v=1&env=bandit,drift:0.02&agent=eps,alpha:1&seed=1"
BANDITS = 200
"""So many bandits settle a question that one cannot."""
LAST, LEAST = 100, 50


def over_bandits(attempt: Attempt, steps: int) -> Result:
    """Plays many bandits of the kind shown with the settings now in force, from the first pull on."""
    env, agent = attempt.timeline.settings(attempt.t)[1:]
    assert isinstance(env, Testbed)
    player: Bandit = bandit(agent)
    study = Study(env, (player,), BANDITS, steps)
    while not study.done:
        study.advance(1.0)
    return study.result(player)


def best_at_last(attempt: Attempt, steps: int) -> float:
    """Returns how much of the last hundred pulls, in percent and over many bandits, the best arm gets."""
    return 100.0 * float(np.mean(over_bandits(attempt, steps).optimal.mean[-LAST:]))


def watched(check: Check) -> Check:
    """Makes a check ask for a few pulls first: whoever has seen none has learned nothing from the answer."""
    @wraps(check)
    def checked(attempt: Attempt) -> Verdict:
        if attempt.t < LEAST:
            return Verdict(False, f"Let it pull at least {LEAST} times first; it has pulled {attempt.t} times so far.")
        return check(attempt)
    return checked


@in_run_of(STUCK, "alpha", "initial")
@watched
def enough_exploration(attempt: Attempt) -> Verdict:
    """Looks whether the best arm is found in most bandits with the epsilon now set."""
    found, epsilon = best_at_last(attempt, 1000), setting(attempt, "epsilon")
    return Verdict(found >= 75, f"With ε = {epsilon:g} the best arm gets {found:.0f} % of pulls 901 to 1,000 in "
                                f"{BANDITS} bandits; 75 % are asked for.")


@in_run_of(CURIOUS, "alpha")
@watched
def little_regret(attempt: Attempt) -> Verdict:
    """Looks at the regret with the confidence now set."""
    cost, c = float(over_bandits(attempt, 1000).regret.mean[-1]), setting(attempt, "c")
    return Verdict(cost < 100, f"With c = {c:g} a thousand pulls cost {cost:.0f} in regret, the average of {BANDITS} "
                               f"bandits; below 100 is asked for.")


@in_run_of(LUCKY, "alpha", "initial")
def unlucky(attempt: Attempt) -> Verdict:
    """Looks for a run in which greedy hardly ever pulls the best arm."""
    seed, share = attempt.timeline.seed, 100.0 * tally(attempt.timeline, attempt.t).best / max(1, attempt.t)
    usual = best_at_last(attempt, 1000)
    return Verdict(attempt.t >= 200 and share < 20,
                   f"With seed {seed} the best arm got {share:.0f} % of {attempt.t:,} pulls. In {BANDITS} bandits it "
                   f"gets {usual:.0f} % of pulls 901 to 1,000.")


@in_run_of(UNKNOWN, "alpha")
def every_arm_tried(attempt: Attempt) -> Verdict:
    """Counts the arms that were ever pulled."""
    visits, initial = attempt.timeline.at(attempt.t).memory.visits[0], setting(attempt, "initial")
    tried = int((visits > 0).sum())
    return Verdict(tried == len(visits), f"After {attempt.t:,} pulls {tried} of {len(visits)} arms were tried, with an "
                                         f"initial value of {initial:g}.")


@in_run_of(NOISY, "alpha")
@watched
def a_quiet_gradient(attempt: Attempt) -> Verdict:
    """Looks whether the best arm is found in most bandits, with or without the baseline."""
    found, baseline = best_at_last(attempt, 1000), setting(attempt, "baseline")
    return Verdict(found >= 75, f"{'With' if baseline == 'yes' else 'Without'} a baseline the best arm gets "
                                f"{found:.0f} % of pulls 901 to 1,000 in {BANDITS} bandits; 75 % are asked for.")


@in_run_of(DRIFTING, "epsilon", "initial")
@watched
def a_fitting_step(attempt: Attempt) -> Verdict:
    """Looks whether the best arm is kept up with, with the step size now set."""
    found, alpha = best_at_last(attempt, 2000), setting(attempt, "alpha")
    step = f"α = {alpha:g}" if alpha else "averages (α = 0)"
    return Verdict(found >= 70, f"With {step} the best arm gets {found:.0f} % of pulls 1,901 to 2,000 in {BANDITS} "
                                f"bandits; 70 % are asked for.")


LESSON = Lesson(
    slug="bandits",
    title="Explore or exploit",
    teaches="Why an agent must sometimes do what looks worse, and six ways to choose when.",
    minutes=30,
    idea="Each [[arm]] pays by chance, some more than others, and only pulling tells. Pull the one that looks best, or "
         "one you know too little of? Every pull [[explores]], [[exploits]], or wastes.",
    tasks=(
        Task(
            slug="b.greedy",
            title="Once learned, never mind?",
            do="ε is 0: it always pulls what looks best. Skip 1,000 pulls, then raise ε and watch the estimates.",
            notice="It settled after a handful of pulls, on the first arm that was not a disappointment. Its estimate "
                   "of that arm is excellent; those of the others are never mended. With some exploration it finds the "
                   "better arm, at the price of pulling bad ones for ever.",
            goal="Find an ε with which the best arm gets 75 % of the last hundred of 1,000 pulls, over many bandits.",
            misconception=Misconception.GREEDY_ONCE_LEARNED,
            query=f"{STUCK}&t=60",
            check=enough_exploration,
            solved=f"{STUCK.replace('epsilon:0', 'epsilon:0.1')}&t=60",
        ),
        Task(
            slug="b.curious",
            title="As curious as possible",
            do="UCB adds to each estimate how unsure it is, times c. Here c = 10. Turn it down, start over, compare "
               "the regret.",
            notice="With a large c it keeps asking arms whose answer it knows, and the regret grows like a straight "
                   "line. With c = 0 it stops asking too early. In between lies a hill: press “Parameter study” under "
                   "Compare to see it.",
            goal="Find a c with which 1,000 pulls cost less than 100 in regret, over many bandits.",
            misconception=Misconception.MORE_EXPLORATION,
            query=f"{CURIOUS}&t=200",
            check=little_regret,
            solved=f"{CURIOUS.replace('c:10', 'c:1')}&t=200",
        ),
        Task(
            slug="b.lucky",
            title="One lucky seed",
            do="Greedy found the best arm here, and pulls no other. Try the die button for other seeds, and skip 300 "
               "pulls.",
            notice="Seen here alone, greedy looks perfect. It was lucky: the best arm happened to pay early. Under "
                   "most other seeds it is stuck elsewhere. Only many bandits tell how good an algorithm is.",
            goal="Find a seed with which greedy gives the best arm less than 20 % of 200 pulls or more.",
            misconception=Misconception.ONE_SEED,
            query=f"{LUCKY}&t=300",
            check=unlucky,
            solved=f"{LUCKY.replace('seed=3', 'seed=4')}&t=300",
        ),
        Task(
            slug="b.unknown",
            title="Zero is not “unknown”",
            do="All arms pay about 4 here. Greedy wrote 0 for each beforehand. Set the initial value to 10, start "
               "over.",
            notice="The first arm pays more than 0, so no other is ever tried: the 0 was read as knowledge. An arm "
                   "that was never pulled is not worth 0, it is unknown. High initial values make every arm "
                   "disappoint, and so each is tried.",
            goal="Reach a moment at which greedy has pulled every arm.",
            misconception=Misconception.UNVISITED_IS_ZERO,
            query=f"{UNKNOWN}&t=100",
            check=every_arm_tried,
            solved=f"{UNKNOWN.replace('greedy', 'greedy,initial:10')}&t=100",
        ),
        Task(
            slug="b.baseline",
            title="What a baseline is for",
            do="This gradient bandit compares each reward with 0, and all arms pay about 4. Switch the baseline on, "
               "start over.",
            notice="Without a baseline whatever was pulled first is praised, since every reward is above 0. The "
                   "baseline is the same for all arms, so on average the preferences move just the same way; what "
                   "shrinks is the noise.",
            goal="Have the best arm get 75 % of the last hundred of 1,000 pulls, over many bandits, at α = 0.1.",
            misconception=Misconception.BASELINE,
            query=f"{NOISY}&t=400",
            check=a_quiet_gradient,
            solved=f"{NOISY.replace(',baseline:no', '')}&t=400",
        ),
        Task(
            slug="b.drift",
            title="Arms that change",
            do="The true values drift. With α = 1 only the last reward counts. Try α = 0 (averages), then values "
               "between.",
            notice="At α = 1 each estimate jumps with every reward: fast, and fooled by noise. Averages are calm and "
                   "sluggish: they still count what was true long ago. A larger step is not a faster learner, but some "
                   "step is needed where the world changes.",
            goal="Find an α with which the best arm gets 70 % of the last hundred of 2,000 pulls, over many bandits.",
            misconception=Misconception.LARGER_STEP,
            query=f"{DRIFTING}&t=300",
            check=a_fitting_step,
            solved=f"{DRIFTING.replace('alpha:1', 'alpha:0.1')}&t=300",
        ),
    ),
)
