"""What the tasks on deep Q-networks measure: the runs they open, and their checks."""

from rl.agents.deep.memory import VALUE
from rl.deep_presets import GRID
from rl.lessons.checks import afresh, in_run_of
from rl.lessons.lesson import Attempt, Verdict
from rl.run import Run
from rl.truth import is_greedy_optimal

FORGETFUL = f"v=1&env=grid,map:{GRID.map}&agent=dqn,alpha:0.001,span:4000,warmup:500,capacity:1&seed=0"
BOUNDED = "v=1&env=cart&agent=dqn,alpha:0.001,endings:off&seed=0"
CHASING = "v=1&env=cart&agent=dqn,alpha:0.001,target:none&seed=0"
STEPS, HIGH = 8000, 60.0
FEW, MOST = range(5), 4
"""Seeds that are tried, and how many must succeed."""


def runs(attempt: Attempt) -> list[Run]:
    """Runs the settings now in force under a few seeds."""
    return [afresh(attempt, seed, patience=STEPS) for seed in FEW]


@in_run_of(FORGETFUL, "alpha", "gamma", "width", "layers")
def remembers_enough(attempt: Attempt) -> Verdict:
    """Counts the seeds whose greedy policy is optimal after so many steps."""
    n = sum(is_greedy_optimal(GRID, run.agent.discount, run.memory.q) for run in runs(attempt))
    return Verdict(n >= MOST, f"After {STEPS:,} steps the greedy policy is optimal in {n} of {len(FEW)} seeds; {MOST} "
                              f"are needed.")


@in_run_of(BOUNDED, "gamma", "alpha", "width", "layers")
def bounded_values(attempt: Attempt) -> Verdict:
    """Looks at the values of one who has forgotten how episodes end."""
    return _of_values(attempt)


@in_run_of(CHASING, "gamma", "alpha", "width", "layers")
def still_targets(attempt: Attempt) -> Verdict:
    """Looks at the values of one who is its own target."""
    return _of_values(attempt)


def _of_values(attempt: Attempt) -> Verdict:
    """Counts the seeds whose values of the last batch are not too high."""
    values = [float(run.memory.report[VALUE]) for run in runs(attempt)]
    n = sum(value <= HIGH for value in values)
    return Verdict(n >= MOST, f"After {STEPS:,} steps the values of the last batch average "
                              f"{', '.join(f'{value:.0f}' for value in values)} in {len(FEW)} seeds; {MOST} of at most "
                              f"{HIGH:.0f} are needed.")
