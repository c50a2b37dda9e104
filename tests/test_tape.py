"""The learning loop and its log, held against tables made by hand and a loop written a second time."""

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rl.agents.control.q_learning import QLearning
from rl.dice import ACTION, EXPLORE, START, TIE, WORLD, uniform
from rl.envs.frozen_lake import FrozenLake
from rl.envs.grid_world import GridWorld
from rl.run import advance, begin
from rl.tape import RUNNING, TERMINATED, TRUNCATED, EpisodeLog, StepLog, blank, cut, joined
from tests.strategies import TableWorld, agents, same, seeds, worlds

CHAIN = (((((1.0, 1, 1.0, False),),), (((1.0, 0, 2.0, True),),)))  # 0 pays 1 and leads to 1, which pays 2 and ends
LOOP = ((((1.0, 0, 1.0, False),),),)  # one state that pays 1 for ever
HALF = QLearning(alpha=0.5, gamma=0.9)


def played(env, agent, steps, seed=0):
    run = begin(env, agent, seed)
    log, episodes = advance(run, steps, step_rows=steps, episode_rows=steps)
    return run, log, episodes


def test_a_run_of_a_chain_is_the_one_made_by_hand():
    run, log, episodes = played(TableWorld(CHAIN, (1.0, 0.0)), HALF, 5)
    expected = {
        "state": [0, 1, 0, 1, 0], "action": [0] * 5, "reward": [1, 2, 1, 2, 1], "next_state": [1, 0, 1, 0, 1],
        "ended": [RUNNING, TERMINATED, RUNNING, TERMINATED, RUNNING],
        "old": [0, 0, 0.5, 1, 1.2], "target": [1, 2, 1 + 0.9 * 1, 2, 1 + 0.9 * 1.5], "new": [0.5, 1, 1.2, 1.5, 1.775],
        "epsilon": [0.1] * 5, "episode": [0, 0, 1, 1, 2], "k": [0, 1, 0, 1, 0], "ret": [1, 3, 1, 3, 1]}
    for name, column in expected.items():
        assert getattr(log, name).tolist() == pytest.approx(column, abs=1e-15), name
    assert [column.tolist() for column in episodes] == [[3, 3], [2, 2], [2, 4]]
    assert run.memory.q.tolist() == [[pytest.approx(1.775)], [1.5]]
    assert run.memory.visits.tolist() == [[3], [2]]
    assert run.clock.counts.tolist() == [5, 1, 2, 1]
    assert run.clock.ret.tolist() == [1]


def test_truncation_still_bootstraps():
    _, log, episodes = played(TableWorld(LOOP, horizon=3), HALF, 4)
    assert log.ended.tolist() == [RUNNING, RUNNING, TRUNCATED, RUNNING]
    assert log.target.tolist() == pytest.approx([1, 1.45, 1.8775, 2.283625])  # the third is 1 + .9 * .975
    assert log.new.tolist() == pytest.approx([0.5, 0.975, 1.42625, 1.8549375])
    assert log.k.tolist() == [0, 1, 2, 0]
    assert [column.tolist() for column in episodes] == [[3], [3], [3]]


def test_termination_does_not_bootstrap():
    ends = ((((1.0, 0, 1.0, True),),),)
    _, log, _ = played(TableWorld(ends), HALF, 3)
    assert log.target.tolist() == [1, 1, 1]
    assert log.new.tolist() == [0.5, 0.75, 0.875]


def test_a_goal_reached_with_the_last_step_is_a_goal():
    _, log, _ = played(TableWorld(CHAIN, (1.0, 0.0), horizon=2), HALF, 4)
    assert log.ended.tolist() == [RUNNING, TERMINATED] * 2


def test_optimism_fills_the_table_but_not_the_states_no_episode_goes_on_from():
    env = GridWorld(map="S.#/..H/C.G")
    q = begin(env, QLearning(initial=5.0), 0).memory.q
    assert q.tolist() == [[value] * 4 for value in (5, 5, 0, 5, 5, 0, 0, 5, 0)]


def test_optimism_tries_every_action_before_any_twice():
    still = TableWorld(((tuple(((1.0, 0, 0.0, False),) for _ in range(6))),))
    run, log, _ = played(still, QLearning(initial=10.0, epsilon=0.0, alpha=0.5, gamma=0.5), 12, seed=4)
    assert sorted(log.action[:6].tolist()) == list(range(6))
    assert run.memory.visits.tolist() == [[2] * 6]


@given(worlds, agents, seeds)
@settings(max_examples=40)
def test_the_columns_of_the_log_agree_with_each_other(env, agent, seed):
    run, log, episodes = played(env, agent, 400, seed)
    over, mdp = log.ended != RUNNING, env.mdp
    assert np.allclose(log.old + agent.alpha * (log.target - log.old), log.new, rtol=1e-12, atol=1e-12)
    assert np.array_equal(log.episode, np.cumsum(over) - over)
    begins = np.flatnonzero(np.r_[True, over[:-1]])
    assert np.array_equal(log.k, np.arange(400) - begins[log.episode])
    assert np.array_equal(log.state[1:][~over[:-1]], log.next_state[:-1][~over[:-1]])
    for n, (first, last) in enumerate(zip(begins, np.flatnonzero(over), strict=False)):
        assert log.ret[first : last + 1].tolist() == pytest.approx(np.cumsum(log.reward[first : last + 1]).tolist())
        assert (episodes.ret[n], episodes.length[n], episodes.end[n]) == (log.ret[last], last + 1 - first, last + 1)
        assert (log.ended[last] == TRUNCATED) <= (last + 1 - first == mdp.horizon)
    assert len(episodes) == over.sum() == run.episode
    assert np.array_equal(run.memory.visits.sum(), 400)


class Straightforward:
    """Q-learning once more: a dictionary, Python's own loops, and the environment's outcomes looked up one by one."""

    def __init__(self, env, agent, seed):
        self.mdp, self.agent, self.seed = env.mdp, agent, seed
        self.actions = range(self.mdp.cdf.shape[1])
        dead = {s for s in range(len(self.mdp.cdf)) if self.mdp.absorbing[s]}
        self.q = defaultdict(lambda: agent.initial, {(s, a): 0.0 for s in dead for a in self.actions})

    def epsilon(self, episode):
        a, done = self.agent, episode / self.agent.span
        if a.schedule == "constant":
            return a.epsilon
        share = max(0.0, 1 - done) if a.schedule == "linear" else 2.0**-done
        return a.epsilon_last + (a.epsilon - a.epsilon_last) * share

    def choose(self, s, t, epsilon):
        if uniform(self.seed, t, EXPLORE) < epsilon:
            return list(self.actions)[int(uniform(self.seed, t, ACTION) * len(self.actions))]
        best = max(self.q[s, a] for a in self.actions)
        ties = [a for a in self.actions if self.q[s, a] == best]
        return ties[int(uniform(self.seed, t, TIE) * len(ties))]

    def start(self, episode):
        return int(np.searchsorted(self.mdp.start_cdf, uniform(self.seed, episode, START), side="right"))

    def play(self, steps):
        alpha, gamma = self.agent.alpha, self.agent.gamma
        episode, k, s, rows = 0, 0, self.start(0), []
        for t in range(steps):
            a = self.choose(s, t, self.epsilon(episode))
            outcome = int(np.searchsorted(self.mdp.cdf[s, a], uniform(self.seed, t, WORLD), side="right"))
            s_next, r = int(self.mdp.next_state[s, a, outcome]), float(self.mdp.reward[s, a, outcome])
            terminated = bool(self.mdp.terminal[s, a, outcome])
            ahead = 0.0 if terminated else gamma * max(self.q[s_next, b] for b in self.actions)
            self.q[s, a] += alpha * (r + ahead - self.q[s, a])
            rows.append((s, a, r, s_next, self.q[s, a], episode, k))
            s, k = s_next, k + 1
            if terminated or k == self.mdp.horizon:
                episode, k = episode + 1, 0
                s = self.start(episode)
        return rows


@given(worlds, agents, seeds)
@settings(max_examples=40)
def test_a_loop_written_a_second_time_gives_the_same_run(env, agent, seed):
    rows = Straightforward(env, agent, seed).play(300)
    log = played(env, agent, 300, seed)[1]
    mine = zip(log.state, log.action, log.reward, log.next_state, log.new, log.episode, log.k, strict=True)
    assert [tuple(row) for row in mine] == rows


@given(st.integers(0, 60), st.integers(0, 10))
def test_a_tape_shorter_than_the_run_keeps_its_beginning(rows, episode_rows):
    agent, run = QLearning(), begin(FrozenLake(), QLearning(), 3)
    log, episodes = advance(run, 50, step_rows=rows, episode_rows=episode_rows)
    _, full, all_episodes = played(FrozenLake(), agent, 50, 3)
    assert same(log, cut(full, 0, rows))
    assert same(episodes, cut(all_episodes, 0, episode_rows))


def test_logs_are_joined_end_to_end_and_cut_into_copies():
    full = played(FrozenLake(), QLearning(), 30)[1]
    assert same(joined([cut(full, 0, 11), blank(StepLog, 0), cut(full, 11, 30)]), full)
    piece = cut(full, 5, 7)
    piece.reward[:] = 99
    assert 99 not in full.reward
    assert (len(piece), len(blank(EpisodeLog, 4))) == (2, 4)
