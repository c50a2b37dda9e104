"""n-step SARSA and tree backup: by hand, against their boxes, and where they are something simpler."""

from dataclasses import replace

import numpy as np
import pytest

from rl.agents.control.expected_sarsa import ExpectedSarsa
from rl.agents.control.n_step_sarsa import MOST_STEPS, NStepSarsa
from rl.agents.control.q_learning import QLearning
from rl.agents.control.sarsa import Sarsa
from rl.agents.control.tree_backup import TreeBackup
from rl.envs.frozen_lake import FrozenLake
from rl.envs.grid_world import GridWorld
from rl.tape import TRUNCATED
from rl.timeline import Timeline
from rl.updates import branch_value, n_step_return
from tests.agents import textbook
from tests.agents.worlds import SETTINGS, WORLDS, way
from tests.strategies import TableWorld, same

every_kind = pytest.mark.parametrize("kind", [NStepSarsa, TreeBackup], ids=lambda kind: kind.slug)


def test_an_n_step_return_discounts_each_reward_once_more():
    rewards = np.zeros(128)
    rewards[[126, 127, 0, 1]] = [9.0, 1.0, 2.0, 4.0]  # steps 254 to 257 in a ring
    assert n_step_return(rewards, 255, 258, 0.5, 16.0) == 1 + 1 + 1 + 2
    assert n_step_return(rewards, 255, 256, 0.5, 16.0) == 9.0
    assert n_step_return(rewards, 255, 258, 0.0, 16.0) == 1.0


@pytest.mark.parametrize(("s", "a", "epsilon", "expected"), [
    (0, 0, 0.0, 2.0), (0, 1, 0.0, 8.0),  # greedy: what follows action 0 does not count
    (0, 0, 0.5, 3.5), (0, 1, 0.5, 6.25),  # .75 * 2 + .25 * 8; .25 * 1 + .75 * 8
    (1, 0, 0.0, 6.0),  # of two equals each is taken half of the time: .5 * 8 + .5 * 4
    (2, 0, 1.0, 8.0),  # the other action is missing
])
def test_a_branch_counts_as_often_as_it_is_taken(s, a, epsilon, expected):
    q = np.array([[1.0, 2.0], [4.0, 4.0], [-5.0, -np.inf]])
    assert branch_value(q, s, a, 8.0, epsilon) == expected


@every_kind
def test_a_way_of_three_steps_by_hand(kind):
    timeline = Timeline(way(1, 2, 4), kind(alpha=0.5, gamma=0.5, n=2))
    log = timeline.steps(0, 6)
    assert log.updated_state.tolist() == [-1, 0, 2, -1, 0, 2]  # at the end the last two: the log names the last
    assert log.target[[1, 2, 4, 5]].tolist() == [2.0, 4.0, 2.5, 4.0]  # 1 + .5 * 2 + .25 * (0, then 2)
    assert log.new[[1, 2, 4, 5]].tolist() == [1.0, 2.0, 1.75, 3.0]
    assert timeline.at(2).memory.q[:, 0].tolist() == [1.0, 0.0, 0.0, 0.0]
    assert timeline.at(3).memory.q[:, 0].tolist() == [1.0, 2.0, 2.0, 0.0]  # 2 + .5 * 4 from the second step
    assert timeline.at(6).memory.q[:, 0].tolist() == [1.75, 3.0, 3.0, 0.0]
    assert timeline.at(5).memory.visits[:, 0].tolist() == [2, 2, 1, 0]
    assert timeline.at(5).memory.updates[:, 0].tolist() == [2, 1, 1, 0]


@every_kind
def test_truncation_still_bootstraps_in_every_update_that_waited(kind):
    agent = kind(alpha=1.0, gamma=0.5, initial=4.0, n=3)
    timeline = Timeline(way(1, 1, loops=True, horizon=2), agent)
    assert timeline.steps(0, 2).ended.tolist() == [0, TRUNCATED]
    # first 1 + .5 + .25 * 4 = 2.5 from where it began; then 1 + .5 * 2.5
    assert timeline.at(2).memory.q[:, 0].tolist() == [2.5, 2.25]


def test_tree_backup_by_hand():
    # Two states, two actions each; from 0 both lead to 1, from 1 both end. Optimistic tables say which is taken.
    both = ((1.0, 1, 1.0, False),)
    env = TableWorld(((both, both), (((1.0, 2, 8.0, True),), ((1.0, 2, 2.0, True),)), (((1.0, 2, 0.0, True),),) * 2),
                     (1.0, 0.0, 0.0))
    timeline = Timeline(env, TreeBackup(alpha=1.0, gamma=0.5, n=2, epsilon=0.5, initial=4.0), 3)
    log = timeline.steps(0, 2)
    a, reward = log.action[1], log.reward[1]
    assert reward == (8.0, 2.0)[a]
    ahead = 0.5 * reward + 0.5 * 4.0  # both look alike, so each is taken half of the time
    assert timeline.at(2).memory.q[0, log.action[0]] == 1 + 0.5 * ahead
    assert timeline.at(2).memory.q[1, a] == reward


@every_kind
@pytest.mark.parametrize("n", [3, MOST_STEPS])
@pytest.mark.parametrize("settings", SETTINGS, ids=("usual", "eager", "averages"))
@pytest.mark.parametrize("env", WORLDS, ids=lambda env: env.slug)
def test_it_is_the_book_s_box(kind, env, settings, n):
    boxes = {NStepSarsa: textbook.n_step_sarsa, TreeBackup: textbook.tree_backup}
    steps = 2000 if n < MOST_STEPS else 600
    textbook.assert_like_the_book(boxes[kind], env, kind(n=n, **settings), steps=steps)


@pytest.mark.parametrize("env", WORLDS, ids=lambda env: env.slug)
def test_the_greedy_target_is_the_box_with_a_greedy_policy(env):
    agent = TreeBackup(n=5, target="greedy", epsilon=0.4, initial=0.5)
    textbook.assert_like_the_book(textbook.tree_backup, env, agent, steps=2000)


@pytest.mark.parametrize(("many", "one"), [
    (NStepSarsa(n=1), Sarsa()), (TreeBackup(n=1), ExpectedSarsa()), (TreeBackup(n=1, target="greedy"), QLearning())],
    ids=lambda agent: agent.slug)
def test_one_step_is_the_method_of_one_step(many, one):
    settings = {"epsilon": 0.3, "initial": 0.5, "alpha": 0.4}
    logs = [Timeline(GridWorld(slip=0.2), replace(agent, **settings), 2).steps(0, 3000) for agent in (many, one)]
    target = logs[0]._fields.index("target")  # the one-step methods log old + error, which rounds
    assert same(*([*log[:target], *log[target + 1 :]] for log in logs))
    assert logs[0].target == pytest.approx(logs[1].target, abs=1e-14)


def test_more_steps_than_an_episode_has_make_it_monte_carlo():
    agent = NStepSarsa(n=MOST_STEPS, alpha_schedule="1/n", gamma=0.9, epsilon=1.0)
    timeline = Timeline(FrozenLake(), agent, 4)
    end = timeline.after_episodes(0, 300)
    log, returns = timeline.steps(0, end), {}
    assert timeline.episodes(end).length.max() < MOST_STEPS
    for episode in range(300):
        g, rows = 0.0, np.flatnonzero(log.episode == episode)
        for t in rows[::-1]:
            g = log.reward[t] + 0.9 * g
            returns.setdefault((log.state[t], log.action[t]), []).append(g)
    q = timeline.at(end).memory.q
    for place, seen in returns.items():
        assert q[place] == pytest.approx(np.mean(seen), abs=1e-12)


@every_kind
def test_a_smaller_n_lets_those_catch_up_that_waited(kind):
    timeline = Timeline(way(*range(1, 9)), kind(n=6, alpha=1.0, gamma=1.0)).edited(4, n=2)
    assert timeline.at(4).memory.waiting[0] == 4
    assert timeline.at(5).memory.waiting[0] == 1
    assert timeline.at(5).memory.q[:, 0].tolist() == [3.0, 5.0, 7.0, 9.0] + [0.0] * 5  # two rewards each


@every_kind
def test_what_waited_is_dropped_when_the_episode_begins_anew(kind):
    timeline = Timeline(GridWorld(map="S..../....G"), kind(n=50, epsilon=1.0), 1)
    t = int(np.flatnonzero(timeline.steps(0, 400).next_state == 2)[0]) + 1
    walled = timeline.edited(t, env=GridWorld(map="S.#../....G"))  # a wall where it stands
    assert walled.at(t).clock.counts[3] == 0 and walled.at(t).memory.waiting[0] > 0
    assert walled.at(t + 1).memory.waiting[0] == 1


def test_a_switch_between_the_two_keeps_what_waits():
    timeline = Timeline(way(*range(1, 9)), NStepSarsa(n=4, alpha=1.0, gamma=1.0)).edited(3, agent=TreeBackup(
        n=4, alpha=1.0, gamma=1.0))
    assert timeline.at(4).memory.q[0, 0] == 10.0
    other = timeline.edited(5, agent=Sarsa())
    assert np.array_equal(other.at(5).memory.q, timeline.at(5).memory.q)
    assert other.edited(7, agent=NStepSarsa()).at(7).memory.updates[:, 0].tolist() == [1] * 7 + [0, 0]
