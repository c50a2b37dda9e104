"""SARSA(lambda) and Q(lambda): by hand, against a sweep of the whole table, and where they are something simpler."""

from dataclasses import replace

import numpy as np
import pytest

from rl.agents.control.q_lambda import QLambda
from rl.agents.control.q_learning import QLearning
from rl.agents.control.sarsa import Sarsa
from rl.agents.control.sarsa_lambda import SarsaLambda
from rl.agents.control.traces import TRACES
from rl.envs.cliff_walking import CliffWalking
from rl.envs.frozen_lake import FrozenLake
from rl.envs.grid_world import GridWorld
from rl.tape import TRUNCATED
from rl.timeline import Timeline
from rl.updates import FAINT, HUGE
from tests.agents import textbook
from tests.agents.worlds import SETTINGS, WORLDS, way
from tests.strategies import TableWorld, same

every_kind = pytest.mark.parametrize("kind", [SarsaLambda, QLambda], ids=lambda kind: kind.slug)
every_trace = pytest.mark.parametrize("traces", TRACES)


@every_kind
@every_trace
def test_a_way_of_three_steps_by_hand(kind, traces):
    timeline = Timeline(way(1, 2, 4), kind(alpha=0.5, gamma=0.5, lam=0.5, traces=traces))
    # Errors 1, 2, 4; a trace falls to a quarter each step: .5 * 1; + .5 * 2 * (1/4, 1); + .5 * 4 * (1/16, 1/4, 1)
    assert timeline.at(1).memory.q[:, 0].tolist() == [0.5, 0.0, 0.0, 0.0]
    assert timeline.at(2).memory.q[:, 0].tolist() == [0.75, 1.0, 0.0, 0.0]
    assert timeline.at(3).memory.q[:, 0].tolist() == [0.875, 1.5, 2.0, 0.0]
    assert timeline.at(3).memory.trace[:, 0].tolist() == [1 / 64, 1 / 16, 1 / 4, 0.0]  # still to be seen
    assert timeline.at(4).memory.trace[:, 0].tolist() == [1 / 4, 0.0, 0.0, 0.0]
    log = timeline.steps(0, 4)
    assert log.target.tolist() == [1.0, 2.0, 4.0, 1.75] and log.alpha.tolist() == [0.5] * 4
    assert timeline.at(4).agent.updates(timeline.at(4).memory) == 1 + 2 + 3 + 1


@every_kind
@pytest.mark.parametrize(("traces", "second", "share"), [("accumulating", 1.0625, 0.75), ("replacing", 0.875, 0.5)])
def test_another_visit_adds_to_a_trace_or_replaces_it(kind, traces, second, share):
    # Q: 0, .5; then the error 1 + .5 * .5 - .5 = .75 along a trace of 1.5 or 1
    timeline = Timeline(way(1, loops=True), kind(alpha=0.5, gamma=0.5, lam=1.0, traces=traces))
    assert [timeline.at(t).memory.q[0, 0] for t in (1, 2)] == [0.5, second]
    assert timeline.steps(1, 2).alpha.tolist() == [share]


@every_kind
def test_truncation_still_bootstraps(kind):
    timeline = Timeline(way(1, 1, loops=True, horizon=2), kind(alpha=1.0, gamma=0.5, initial=4.0, lam=0.5))
    log = timeline.steps(0, 2)
    assert log.ended.tolist() == [0, TRUNCATED] and log.target.tolist() == [3.0, 2.5]
    assert timeline.at(2).memory.q[:, 0].tolist() == [3.0 - 1.5 / 4, 2.5]


@every_kind
@every_trace
@pytest.mark.parametrize("settings", SETTINGS, ids=("usual", "eager", "averages"))
@pytest.mark.parametrize("env", WORLDS, ids=lambda env: env.slug)
def test_it_is_the_box_that_sweeps_the_whole_table(kind, traces, env, settings):
    box = {SarsaLambda: textbook.sarsa_lambda, QLambda: textbook.q_lambda}[kind]
    if traces == "accumulating" and settings.get("alpha") == 0.5:
        settings = settings | {"alpha": 0.05}  # larger steps diverge
    textbook.assert_like_the_book(box, env, kind(lam=0.8, traces=traces, **settings), steps=1500)


@pytest.mark.parametrize(("traced", "one"), [(SarsaLambda(lam=0.0), Sarsa()), (QLambda(lam=0.0), QLearning())],
                         ids=lambda agent: agent.slug)
@every_trace
def test_without_lambda_it_is_the_method_of_one_step(traced, one, traces):
    settings = {"epsilon": 0.3, "initial": 0.5, "alpha": 0.4, "gamma": 0.9}
    logs = [Timeline(GridWorld(slip=0.2), replace(agent, **settings), 2).steps(0, 3000) for agent in
            (replace(traced, traces=traces), one)]
    assert same(*logs)


@every_kind
def test_lambda_one_with_averages_is_monte_carlo_where_no_state_repeats(kind):
    lucky = tuple((((0.5, s + 1, 1.0, s == 3), (0.5, s + 1, -2.0, s == 3)),) for s in range(4))
    env = TableWorld((*lucky, (((1.0, 4, 0.0, True),),)), (1.0, 0.0, 0.0, 0.0, 0.0))
    timeline = Timeline(env, kind(alpha_schedule="1/n", lam=1.0, gamma=0.9), 6)
    rewards = timeline.steps(0, 400).reward.reshape(100, 4)
    returns = [(rewards[:, s:] @ 0.9 ** np.arange(4 - s)).mean() for s in range(4)]
    assert timeline.at(400).memory.q[:4, 0] == pytest.approx(returns, abs=1e-12)


@every_kind
def test_the_two_kinds_of_traces_are_one_where_nothing_is_done_twice(kind):
    runs = [Timeline(way(*range(12)), kind(traces=traces), 1) for traces in TRACES]
    assert same(runs[0].at(500).memory, runs[1].at(500).memory)
    assert same(runs[0].steps(0, 500), runs[1].steps(0, 500))


def test_q_lambda_cuts_traces_before_an_action_that_is_not_greedy_and_only_there():
    timeline = Timeline(FrozenLake(), QLambda(epsilon=0.5, alpha=0.5, initial=0.2), 2)
    log, cuts = timeline.steps(0, 400), 0
    for t in range(400):
        before, after = timeline.at(t).memory, timeline.at(t + 1).memory
        s, a = log.state[t], log.action[t]
        explores = before.q[s, a] < before.q[s].max()
        if explores or log.k[t] == 0:
            assert np.argwhere(after.trace).tolist() == [[s, a]]
        else:
            assert (after.trace > 0).sum() == len({*map(tuple, np.argwhere(before.trace)), (s, a)})
        cuts += explores and (before.trace > 0).sum() > 1
    assert cuts > 20


@every_kind
@every_trace
def test_the_list_of_recent_pairs_is_the_traces_that_are_not_zero(kind, traces):
    timeline = Timeline(GridWorld(slip=0.3), kind(lam=0.5, gamma=0.5, epsilon=1.0, traces=traces), 3)
    for t in range(0, 400, 7):
        memory = timeline.at(t).memory
        listed = memory.recent[: memory.counts[0]]
        assert sorted(listed.tolist()) == np.argwhere(memory.trace).tolist()
        assert (memory.trace[tuple(listed.T)] >= FAINT).all()
    assert memory.counts[0] < 60  # a quarter each step: the faintest is forgotten after 50


def test_values_that_diverge_stay_numbers():
    agent = SarsaLambda(alpha=1.0, gamma=1.0, lam=1.0, traces="accumulating", epsilon=0.3)
    q = Timeline(CliffWalking(), agent, 1).at(30_000).memory.q
    assert np.isfinite(q).all() and np.abs(q).max() == HUGE


def test_traces_are_handed_on_between_the_two_and_begin_anew_after_another():
    timeline = Timeline(FrozenLake(), QLambda(epsilon=1.0), 2)
    t = int(np.flatnonzero(timeline.steps(0, 100).k == 4)[0])
    traces = timeline.at(t).memory.trace
    assert np.array_equal(timeline.edited(t, agent=SarsaLambda()).at(t).memory.trace, traces) and traces.any()
    fresh = Timeline(FrozenLake(), QLearning(epsilon=1.0), 2).edited(t, agent=QLambda()).at(t)
    assert not fresh.memory.trace.any() and fresh.agent.updates(fresh.memory) == t
