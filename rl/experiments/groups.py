"""Which conditions are held against each other, and the scores of their runs, environment by environment."""

import numpy as np

from rl.experiments.conditions import Condition
from rl.experiments.measures import MEASURES
from rl.experiments.results import Results
from rl.experiments.statistics import normalised
from rl.experiments.values import Value
from rl.mdp import Floats
from rl.trials import STATISTICS

Group = dict[str, list[int]]
"""Conditions by the name of the line they make."""


def scores(results: Results, condition: int, measure: str) -> Floats:
    """Returns a measure of the runs of a condition that are done, in the order of seeds, (n,)."""
    return np.asarray(results.of(measure)[condition, results.done[condition]])


def summed_up(results: Results, condition: int, measure: str, statistic: str = "IQM") -> float:
    """Returns one of `rl.trials.STATISTICS` of a condition; NaN where no run is done."""
    with np.errstate(invalid="ignore"):  # plus and minus infinity may meet
        found = scores(results, condition, measure)
        return float(STATISTICS[statistic](found)) if len(found) else float("nan")


def best_of_each(results: Results, measure: str, statistic: str = "IQM") -> list[int]:
    """Returns for every agent in every world the condition that does best so far, as a fair comparison takes it.

    The first of several equals; an agent is left out of a world in which none of its conditions has a number yet.
    """
    best: dict[tuple[str, str], tuple[float, int]] = {}
    sign = 1.0 if MEASURES[measure].more_is_better else -1.0
    for c, condition in enumerate(results.experiment.plan.conditions):
        value = sign * summed_up(results, c, measure, statistic)
        pair = condition.world, condition.agent
        if not np.isnan(value) and (pair not in best or value > best[pair][0]):
            best[pair] = value, c
    return [c for _, c in best.values()]


def lines(results: Results, knob: str) -> Group:
    """Groups the conditions that sweep a setting by all that else tells them apart, in the order of its values."""
    found: Group = {}
    for c, condition in enumerate(results.experiment.plan.conditions):
        if knob in dict(condition.values):
            found.setdefault(_without(condition, knob).label, []).append(c)
    conditions = results.experiment.plan.conditions
    return {name: sorted(members, key=lambda c: _place(conditions[c], knob)) for name, members in found.items()}


def value_of(condition: Condition, knob: str) -> Value:
    """Returns the value a condition has of a swept setting."""
    return dict(condition.values)[knob]


def _without(condition: Condition, knob: str) -> Condition:
    return condition._replace(values=tuple((name, value) for name, value in condition.values if name != knob))


def _place(condition: Condition, knob: str) -> tuple[bool, float]:
    value = value_of(condition, knob)
    return (True, 0.0) if isinstance(value, str) else (False, value)


def by_agent(results: Results, conditions: list[int], measure: str) -> dict[str, list[Floats]]:
    """Returns the scores of every agent, an array for each world that all of them were run in.

    More is better: what is better small comes with a minus sign. With several worlds, the scores in each are brought to
    [0, 1]. Agents of which two conditions are in one world are told apart by their settings.
    """
    sign, plan = (1.0 if MEASURES[measure].more_is_better else -1.0), results.experiment.plan.conditions
    members: dict[str, dict[str, Floats]] = {}
    for c in conditions:
        alike = [other for other in conditions if plan[other][:2] == plan[c][:2]]
        name = plan[c].agent if len(alike) == 1 else plan[c]._replace(world="").label.replace(" · ", "")
        found = scores(results, c, measure)
        if len(found):
            members.setdefault(name, {})[plan[c].world] = sign * found
    worlds = [w for w in dict.fromkeys(plan[c].world for c in conditions) if all(w in own for own in members.values())]
    if len(worlds) > 1:
        for world in worlds:
            scaled = normalised([own[world] for own in members.values()])
            for own, values in zip(members.values(), scaled, strict=True):
                own[world] = values
    return {name: [own[world] for world in worlds] for name, own in members.items() if worlds}
