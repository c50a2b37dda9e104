"""What the tasks on prediction say is true of the runs they open."""

import pytest

from rl.agents import AGENTS
from rl.knob import carried
from rl.lessons.lesson import Attempt
from rl.lessons.prediction import LESSON, mean_error, truth
from rl.link import from_query_string

TASKS = {task.slug: task for task in LESSON.tasks}


def opened(slug, agent=None, **knobs):
    shown = Attempt(*from_query_string(TASKS[slug].query))
    run = shown.timeline
    other = carried(run.agent, AGENTS[agent]) if agent else run.agent
    return shown._replace(timeline=run.edited(0, agent=other, **knobs))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("agent", "least", "most"), [("td", 1, 1), ("mcp", 3, 5), ("tdl", 3, 5)])
def test_td_changes_one_value_in_the_first_episode_and_others_all_on_the_way(agent, least, most, seed):
    run = opened("v.guess", agent).timeline.edited(0)
    run = type(run)(run.env, run.agent, seed)
    t = run.after_episodes(0, 1)
    met = set(run.steps(0, t).state.tolist())
    changed = {s for s in range(1, 6) if run.at(t).memory.v[s] != 0.5}
    assert least <= len(changed) <= most and (changed == met or agent != "mcp")


def test_no_constant_step_brings_monte_carlo_where_td_comes():
    best = min(mean_error(opened("v.luck", alpha=alpha), 100) for alpha in (0.01, 0.02, 0.03, 0.04, 0.05))
    assert best > 0.055 and mean_error(opened("v.luck"), 100) < best + 0.005  # "about the best it has here"
    assert mean_error(opened("v.luck", "td", alpha=0.05), 100) == pytest.approx(0.035, abs=0.01)  # S&B example 6.2


def test_with_a_constant_step_a_thousand_episodes_are_no_better_than_a_hundred_and_with_averages_they_are():
    constant, falling = opened("v.step"), opened("v.step", alpha_schedule="1/n")
    assert mean_error(constant, 1000) == pytest.approx(mean_error(constant, 100), abs=0.01)
    assert mean_error(falling, 1000) < 0.7 * mean_error(falling, 100)
    errors = [mean_error(opened("v.step", alpha=alpha), 1000) for alpha in (0.02, 0.05, 0.1, 0.2, 0.4)]
    assert errors == sorted(errors) and errors[0] < 0.03


def test_an_n_in_between_is_best():
    errors = [mean_error(opened("v.n", n=n), 10) for n in (1, 2, 3, 4, 8, 64)]
    assert min(errors) in errors[1:3] and max(errors[1:3]) < 0.2 < min(errors[0], *errors[3:])


def test_the_start_on_ice_is_worth_forty_times_as_much_to_one_who_acts_well():
    worth = {policy: truth(opened("v.policy", policy=policy).timeline.at(0))[1][0] for policy in ("random", "optimal")}
    assert worth["random"] == pytest.approx(0.0124, abs=1e-4) and worth["optimal"] == pytest.approx(0.54203, abs=1e-5)
