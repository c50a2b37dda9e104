"""What the tasks on planning measure: the runs they open, and their checks."""

import numpy as np

from rl.agents.planning.base import Plan, Planner
from rl.convergence import is_optimal_everywhere, truth_of
from rl.lessons.checks import in_run_of, setting
from rl.lessons.lesson import Attempt, Verdict
from rl.planning import optimal_actions, policy_values, start_value
from rl.run import Run
from rl.truth import solution, tabular

FIELD = "v=1&env=grid,map:S....../..%23..../.....%23./......G,step_reward:0&agent=vi"
FOREVER = "v=1&env=five&agent=vi"
CORNERS = "v=1&env=grid,map:GSSS/SSSS/SSSS/SSSG,step_reward:-1,goal_reward:0&agent=pe,gamma:1"
BY_HAND = "v=1&env=grid,map:S.../..../...G,step_reward:0&agent=vi,backups:in%20place,sequence:by%20hand"
NEAR_FAR = "v=1&env=grid,map:G.S......G,rewards:9=2,step_reward:0&agent=vi,gamma:0.5"
TIES = "v=1&env=grid,map:S...../....../.....G,step_reward:0&agent=pi,first:2"
BRIDGE = "v=1&env=grid,map:........./........./.HHHHHHH./S.......G/.HHHHHHH.&agent=vi,gamma:0.99"
SWEEPS, CLICKS = 3, 5
RIGHT = 2


def off(run: Run) -> float:
    """Returns the largest error of a value in the states that are backed up; infinite where no finite truth exists."""
    assert isinstance(run.agent, Planner)
    env = tabular(run.env)
    truth = truth_of(env, run.agent)
    return float("inf") if truth is None else float(np.abs(run.memory.v - truth)[~env.mdp.absorbing].max())


def right_everywhere(run: Run) -> bool:
    """Tells whether the policy that is greedy on the values is optimal in every state."""
    plan: Plan = run.memory
    return is_optimal_everywhere(tabular(run.env), run.agent.discount, plan)


def best_first(run: Run, gamma: float) -> set[int]:
    """Returns the actions that are best at the start of an episode under a discount."""
    best = optimal_actions(solution(tabular(run.env), gamma).q)[run.env.first_state(run.seed, 0)]
    return set(np.flatnonzero(best).tolist())


def named(run: Run, actions: set[int]) -> str:
    """Names some actions, as in "left or right"."""
    return " or ".join(run.env.actions[a].name for a in sorted(actions))


@in_run_of(FIELD, "gamma")
def exact_in_three_sweeps(attempt: Attempt) -> Verdict:
    """Looks at the largest error, and at how many sweeps there were."""
    run = attempt.timeline.at(attempt.t)
    sweeps = run.step / run.memory.counts[0]
    return Verdict(off(run) < 1e-3 and sweeps <= SWEEPS,
                   f"After {sweeps:.1f} sweeps the largest error of a value is {off(run):.3f}.")


@in_run_of(FOREVER, "gamma", "initial")
def right_before_it_knows(attempt: Attempt) -> Verdict:
    """Looks for an optimal greedy policy while a value is still far off."""
    run = attempt.timeline.at(attempt.t)
    good = right_everywhere(run)
    return Verdict(good and off(run) > 3, f"After sweep {run.episode} the greedy policy is {'' if good else 'not '}"
                                          f"optimal in every cell, and a value is off by {off(run):.2f}.")


@in_run_of(CORNERS, "gamma", "initial")
def best_of_a_random_walk(attempt: Attempt) -> Verdict:
    """Looks for values of the random policy whose greedy policy is optimal long before they are exact."""
    run = attempt.timeline.at(attempt.t)
    good = right_everywhere(run)
    return Verdict(good and off(run) > 15,
                   f"After sweep {run.episode} the values of acting at random are off by up to {off(run):.1f}; the "
                   f"policy greedy on them is {'' if good else 'not '}optimal in every cell.")


@in_run_of(BY_HAND, "gamma", "initial", "backups", "sequence")
def exact_by_hand(attempt: Attempt) -> Verdict:
    """Looks at the start's value, and at how many cells were clicked."""
    run = attempt.timeline.at(attempt.t)
    start = run.env.first_state(run.seed, 0)
    value, truth = float(run.memory.v[start]), float(solution(tabular(run.env), run.agent.discount).v[start])
    return Verdict(abs(value - truth) < 1e-9 and run.step <= CLICKS,
                   f"Backups: {run.step}. The start is said to be worth {value:.4f}; it is worth {truth:.4f}.")


@in_run_of(NEAR_FAR)
def where_it_turns(attempt: Attempt) -> Verdict:
    """Looks whether a hundredth less of gamma turns the best first action around."""
    run, gamma = attempt.timeline.at(attempt.t), setting(attempt, "gamma")
    less = max(0.0, gamma - 0.01)
    here, before = best_first(run, gamma), best_first(run, less)
    return Verdict(here == {RIGHT} and RIGHT not in before and off(run) < 1e-3,
                   f"With γ = {gamma:g} it is best to go {named(run, here)}, with {less:g} {named(run, before)}; the "
                   f"values shown are off by {off(run):.3f}.")


@in_run_of(TIES, "gamma")
def another_optimum(attempt: Attempt) -> Verdict:
    """Looks for an optimal policy that begins to the right."""
    run = attempt.timeline.at(attempt.t)
    env, policy, gamma = tabular(run.env), run.memory.policy, run.agent.discount
    first = set(np.flatnonzero(policy[run.env.first_state(run.seed, 0)]).tolist())
    worth, best = start_value(env.mdp, policy_values(env.mdp, policy, gamma)), solution(env, gamma).start
    return Verdict(first == {RIGHT} and worth > best - 1e-9,
                   f"After sweep {run.episode} the policy goes {named(run, first)} first and is worth {worth:.4f} at "
                   f"the start; the best is worth {best:.4f}.")


@in_run_of(BRIDGE, "gamma", free=("slip",))
def round_the_bridge(attempt: Attempt) -> Verdict:
    """Looks whether values that are right lead round the bridge, and how slippery it is."""
    run = attempt.timeline.at(attempt.t)
    slip, best = getattr(run.env, "slip"), best_first(run, run.agent.discount)  # noqa: B009 - a World has no slip
    return Verdict(slip <= 0.05 and RIGHT not in best and off(run) < 0.01,
                   f"With a slip of {slip:g} it is best to go {named(run, best)} first; the values shown are off by "
                   f"{off(run):.3f}.")
