"""What the tasks' checks share: is it the task's run, what came of it, and what comes of it under other seeds.

A check judges the run itself, never what was clicked. Settings are judged as they are in force at the moment shown.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache, wraps
from typing import Any

import numpy as np

from rl.agents.base import Agent
from rl.envs.base import Env, World
from rl.lessons.lesson import Attempt, Verdict
from rl.link import View, from_query_string
from rl.run import FOREVER, Run, advance, begin
from rl.tape import EpisodeLog, cut
from rl.timeline import Timeline
from rl.truth import greedy_start_value, is_greedy_optimal, solution, tabular

Check = Callable[[Attempt], Verdict]
SEEDS = range(10)
PATIENCE = 20_000
"""Steps after which a seed gives up on finishing its episodes, so that a check answers at once."""
SYMBOLS = {"alpha": "α", "gamma": "γ", "epsilon": "ε", "initial": "the initial value", "schedule": "the ε schedule",
           "alpha_schedule": "the α schedule"}
OTHER_RUN = Verdict(False, "Open this task's run first.")


@cache
def opened(query: str) -> View:
    """Reads a task's run, once."""
    return from_query_string(query)


def in_run_of(query: str, *kept: str, of: type[Agent] | None = None, free: tuple[str, ...] = ()) -> Callable[
        [Check], Check]:
    """Makes a check look only at runs in the world of ``query``, with its kind of agent, from beginning to end.

    ``kept`` names knobs of the agent that must be as in ``query`` at the moment shown. Where the algorithm is to be
    chosen, ``of`` is what all of them are; ``free`` names knobs of the world that may differ.
    """
    def guarded(check: Check) -> Check:
        @wraps(check)
        def checked(attempt: Attempt) -> Verdict:
            if not is_run_of(attempt, query, of, free):
                return OTHER_RUN
            return _changed(attempt, query, kept) or check(attempt)
        return checked
    return guarded


def is_run_of(attempt: Attempt, query: str, of: type[Agent] | None = None, free: tuple[str, ...] = ()) -> bool:
    """Tells whether all of a run is in the world of ``query``, with its kind of agent or one ``of`` these."""
    wanted, run = opened(query).timeline, attempt.timeline
    return all(_same(env, wanted.env, free) and (isinstance(agent, of) if of else type(agent) is type(wanted.agent))
               for env, agent in [(run.env, run.agent), *(edit[1:] for edit in run.edits)])


def _same(env: World, wanted: World, free: tuple[str, ...]) -> bool:
    return type(env) is type(wanted) and replace(env, **{name: getattr(wanted, name) for name in free}) == wanted


def _changed(attempt: Attempt, query: str, kept: Iterable[str]) -> Verdict | None:
    for name in kept:
        value = getattr(opened(query).timeline.agent, name)
        if setting(attempt, name) != value:
            return Verdict(False, f"This task is about {SYMBOLS.get(name, name)} = {value}: set it back.")
    return None


def setting(attempt: Attempt, name: str) -> Any:
    """Returns the value of one of the agent's knobs at the moment shown."""
    return getattr(attempt.timeline.settings(attempt.t).agent, name)


def settings_so_far(attempt: Attempt, name: str) -> list[Any]:
    """Returns the values that one of the agent's knobs has had up to the moment shown, in order."""
    run = attempt.timeline
    return [getattr(agent, name) for agent in [run.agent, *(e.agent for e in run.edits if e.step <= attempt.t)]]


def afresh(attempt: Attempt, seed: int, episodes: int = FOREVER, patience: int = PATIENCE) -> Run:
    """Runs the settings now in force from the beginning under a seed, for so many episodes or ``patience`` steps."""
    _, env, agent = attempt.timeline.settings(attempt.t)
    run = begin(env, agent, seed)
    advance(run, patience, episodes)
    return run


def is_optimal(run: Run) -> bool:
    """Tells whether a run's greedy policy is optimal; False where there is no finite optimum to compare with."""
    gamma = run.agent.discount
    return isinstance(run.env, Env) and solution(run.env, gamma).finite and is_greedy_optimal(
        run.env, gamma, run.memory.q)


def seeds_optimal(attempt: Attempt, episodes: int) -> int:
    """Counts the seeds in which the settings now in force lead to an optimal greedy policy after so many episodes."""
    return sum(is_optimal(afresh(attempt, seed, episodes)) for seed in SEEDS)


def greedy_value(run: Run) -> float:
    """Returns the exact value, from the start, of a run's greedy policy; minus infinity if it never gets done."""
    return greedy_start_value(tabular(run.env), run.agent.discount, run.memory.q)


def error(run: Run) -> float:
    """Returns max |Q - Q*| over the states an agent can come to act in. NaN where there is no finite optimum."""
    best = solution(tabular(run.env), run.agent.discount)
    return float(np.abs(run.memory.q - best.q)[best.visitable].max())


def last_episodes(timeline: Timeline, t: int, n: int) -> EpisodeLog:
    """Returns the log of the last ``n`` episodes over by moment ``t``; fewer when there are fewer."""
    log = timeline.episodes(t)
    return cut(log, max(0, len(log) - n), len(log))
