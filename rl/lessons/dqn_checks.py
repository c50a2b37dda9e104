"""What the tasks on deep Q-networks measure: the runs they open, and their checks."""

from functools import lru_cache
from typing import NamedTuple

from rl.agents.deep.base import DeepAgent
from rl.agents.deep.memory import VALUE
from rl.deep_greedy import greedy_episodes
from rl.deep_presets import GRID
from rl.envs.base import World
from rl.lessons.checks import in_run_of, is_optimal
from rl.lessons.lesson import Attempt, Verdict
from rl.run import advance, begin

FORGETFUL = f"v=1&env=grid,map:{GRID.map}&agent=dqn,alpha:0.001,span:4000,warmup:500,capacity:1&seed=0"
BOUNDED = "v=1&env=cart&agent=dqn,alpha:0.001,endings:off&seed=0"
CHASING = "v=1&env=cart&agent=dqn,alpha:0.001,target:none&seed=0"
LEARNED = "v=1&env=cart&agent=dqn,start:trained,schedule:constant,epsilon:{}&seed=0"
FALLING, WATCHING = LEARNED.format("0.02"), LEARNED.format("1")
STEPS, HIGH = 8000, 60.0
UPRIGHT, POSSIBLE = 475.0, 110.0
"""The return at which CartPole-v1 counts as learned; and 1 / (1 - gamma), with a little room for errors."""
NET = ("start", "activation", "dueling")
SAME = ("gamma", "batch", "width", "layers")
"""What belongs to a trained net; and what no task here is about: with larger nets and batches a check takes minutes."""
FEW, MOST = range(5), 4
"""Seeds that are tried, and how many must succeed."""


class Learner(NamedTuple):
    """How one seed came out."""

    optimal: bool  # whether its greedy policy is, in a world whose states are listed
    batch: float  # mean Q of the last minibatch
    lasts: float  # steps of greedy episodes on average: their return, in CartPole
    expects: float  # what its net thinks the start of them is worth


def learners(attempt: Attempt) -> tuple[Learner, ...]:
    """Runs the settings now in force under a few seeds."""
    _, env, agent = attempt.timeline.settings(attempt.t)
    return _learners(env, agent, STEPS, len(FEW))


@lru_cache(maxsize=64)
def _learners(env: World, agent: DeepAgent, steps: int, seeds: int) -> tuple[Learner, ...]:
    return tuple(learner(env, agent, steps, seed) for seed in range(seeds))


def learner(env: World, agent: DeepAgent, steps: int, seed: int) -> Learner:
    """Learns for so many steps under a seed."""
    run = begin(env, agent, seed)
    advance(run, steps)
    greedy = greedy_episodes(run)
    return Learner(is_optimal(run), float(run.memory.report[VALUE]), float(greedy.returned.mean()),
                   float(greedy.value.mean()))


@in_run_of(FORGETFUL, "alpha", *SAME)
def remembers_enough(attempt: Attempt) -> Verdict:
    """Counts the seeds whose greedy policy is optimal after so many steps."""
    n = sum(one.optimal for one in learners(attempt))
    return Verdict(n >= MOST, f"After {STEPS:,} steps the greedy policy is optimal in {n} of {len(FEW)} seeds; {MOST} "
                              f"are needed.")


@in_run_of(BOUNDED, "alpha", *SAME)
def bounded_values(attempt: Attempt) -> Verdict:
    """Looks at the values of one who has forgotten how episodes end."""
    return _of_values(attempt)


@in_run_of(CHASING, "alpha", *SAME)
def still_targets(attempt: Attempt) -> Verdict:
    """Looks at the values of one who is its own target."""
    return _of_values(attempt)


def _of_values(attempt: Attempt) -> Verdict:
    values = [one.batch for one in learners(attempt)]
    return _most(values, [value <= HIGH for value in values], "the values of the last batch average", "",
                 f"at most {HIGH:.0f}")


@in_run_of(FALLING, *NET, *SAME)
def stays_learned(attempt: Attempt) -> Verdict:
    """Counts the seeds that can still do, after more learning, what they could do to begin with."""
    lasts = [one.lasts for one in learners(attempt)]
    return _most(lasts, [value >= UPRIGHT for value in lasts], "greedy episodes last", " steps",
                 f"at least {UPRIGHT:.0f}")


@in_run_of(WATCHING, "alpha", *NET, *SAME)
def expects_what_is_possible(attempt: Attempt) -> Verdict:
    """Compares what a net expects of the start of an episode with the most that it can be."""
    values = [one.expects for one in learners(attempt)]
    return _most(values, [value <= POSSIBLE for value in values], "the net expects", " of the start",
                 f"at most {POSSIBLE:.0f}")


def _most(values: list[float], good: list[bool], what: str, unit: str, need: str) -> Verdict:
    """Says the numbers of all seeds, and how many must be good."""
    listed = ", ".join(f"{value:.0f}" for value in values)
    return Verdict(sum(good) >= MOST, f"After {STEPS:,} steps {what} {listed}{unit} in {len(FEW)} seeds; {MOST} of "
                                      f"{need} are needed.")
