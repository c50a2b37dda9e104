"""Monte Carlo control: against paper, the book's boxes, and the exact optimum of Blackjack."""

from dataclasses import replace

import numpy as np
import pytest

from rl.agents.control.monte_carlo import MonteCarlo
from rl.agents.control.n_step_sarsa import NStepSarsa
from rl.agents.control.q_learning import QLearning
from rl.dice import ACTION, START, uniform
from rl.envs.blackjack import Blackjack
from rl.envs.frozen_lake import FrozenLake
from rl.envs.grid_world import GridWorld
from rl.planning import optimal_actions
from rl.run import FOREVER, advance, begin
from rl.timeline import Timeline
from rl.truth import greedy_start_value, solution
from tests.agents.textbook import assert_like_the_book, expectation, pick
from tests.agents.worlds import SETTINGS, SHORT, WORLDS, way
from tests.strategies import TableWorld

ANYWHERE = "exploring starts"


def q_of(world, agent, t):
    return Timeline(world, agent).at(t).memory.q[:, 0].tolist()


def test_all_is_learned_when_the_episode_is_over():
    agent = MonteCarlo(gamma=0.5, initial=8.0, alpha=0.5, alpha_schedule="constant")
    assert q_of(way(1, 2, 4), agent, 2) == [8, 8, 8, 0]
    assert q_of(way(1, 2, 4), agent, 3) == [5.5, 6, 6, 0]  # returns 4, 2 + .5 * 4 = 4, 1 + .5 * 4 = 3
    log = Timeline(way(1, 2, 4), agent).steps(0, 3)
    assert log.updated_state.tolist() == [-1, -1, 0] and (log.old[2], log.target[2], log.new[2]) == (8, 3, 5.5)


def test_a_value_is_the_average_of_returns():
    coin = TableWorld((((((0.5, 0, 1.0, True), (0.5, 0, 0.0, True))),),))
    run = Timeline(coin, MonteCarlo(initial=5.0), 7)
    assert run.at(300).memory.q[0, 0] == pytest.approx(run.steps(0, 300).reward.mean())


def test_where_a_time_limit_ends_the_episode_its_target_still_bootstraps():
    # 0, 1, 0, cut with 1 reached, worth 8: the first visit to 0 returns 1 + .5 * 2 + .25 * 1 + .125 * 8 = 3.25, and
    # that to 1 returns 2 + .5 * 1 + .25 * 8 = 4.5; the second visit to 0 does not count.
    agent = MonteCarlo(gamma=0.5, initial=8.0, alpha=0.5, alpha_schedule="constant")
    assert q_of(way(1, 2, loops=True, horizon=3), agent, 3) == [8 + 0.5 * (3.25 - 8), 8 + 0.5 * (4.5 - 8)]


def test_an_episode_given_up_leaves_nothing_behind():
    # After two steps the state the agent is in becomes the end: it begins anew, in a world of two steps.
    long = way(1, 2, 4)
    table = (long.table[0], (((1.0, 3, 20.0, True),),), (((1.0, 2, 0.0, True),),), long.table[3])
    memory = Timeline(long, MonteCarlo(gamma=1.0)).edited(2, replace(long, table=table)).at(4).memory
    assert memory.q[:, 0].tolist() == [21, 20, 0, 0] and memory.updates[:, 0].tolist() == [1, 1, 0, 0]


def monte_carlo(game):
    """Section 5.4, and 5.3 where starts explore; with whole episodes kept in a list."""
    q, updates, exploring = game.table(), np.zeros(game.mdp.cdf.shape[:2], int), game.agent.starts == ANYWHERE
    while True:
        s, over, episode = game.start(), False, []
        if exploring:
            s = pick(np.flatnonzero(game.mdp.visitable), uniform(game.seed, game.episode, START))
        while not over:
            a = game.choose(q, s)
            if exploring and not episode:
                a = pick(np.flatnonzero(q[s] > -np.inf), uniform(game.seed, game.t, ACTION))
            r, s_next, terminated, over = game.take(s, a)
            episode.append(((s, a), r))
            s = s_next
            if not over:
                yield q
        g = 0.0 if terminated else expectation(q, s, game.epsilon)
        for t in range(len(episode) - 1, -1, -1):
            g = episode[t][1] + game.agent.gamma * g
            pair = episode[t][0]
            if pair not in [earlier for earlier, _ in episode[:t]]:
                updates[pair] += 1
                q[pair] += game.alpha(updates[pair]) * (g - q[pair])
        yield q


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
@pytest.mark.parametrize("starts", ["epsilon-soft", ANYWHERE])
@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.slug)
def test_it_does_what_the_box_says(world, starts, settings):
    settings = {"alpha_schedule": "constant", **settings}
    assert_like_the_book(monte_carlo, world, MonteCarlo(starts=starts, **settings))


def test_a_long_n_is_monte_carlo_where_nothing_repeats():
    settings = {"alpha": 0.3, "gamma": 0.9, "initial": 2.0, "alpha_schedule": "constant"}
    one, other = (Timeline(way(1, -2, 3, 4, 5), kind(**settings), 2).at(500).memory.q
                  for kind in (MonteCarlo, lambda **more: NStepSarsa(n=100, **more)))
    np.testing.assert_allclose(one, other, rtol=0, atol=1e-12)


class TestExploringStarts:
    WORLD = GridWorld(map="S.#./..#./.H.#/...G", slip=0.0)  # the two cells at the top right are out of reach

    def test_every_state_and_action_begins_episodes_equally_often(self):
        log = Timeline(SHORT, MonteCarlo(starts=ANYWHERE), 3).steps(0, 100_000)
        first = log.k == 0
        states = np.flatnonzero(SHORT.mdp.visitable)
        counts = np.zeros(SHORT.shape)
        np.add.at(counts, (log.state[first], log.action[first]), 1)
        n = first.sum()
        expected = n / (len(states) * 4)
        assert np.abs(counts[states] - expected).max() < 5 * np.sqrt(expected)
        assert counts.sum() == counts[states].sum() and log.explored[first].all()

    def test_the_state_shown_before_the_first_step_is_the_one_it_starts_in(self):
        run = Timeline(FrozenLake(), MonteCarlo(starts=ANYWHERE), 5)
        assert run.at(0).clock.counts[1] == run.steps(0, 1).state[0]
        ends = run.episodes(400).end
        assert [run.at(int(end)).clock.counts[1] for end in ends] == run.steps(0, 500).state[ends].tolist()

    def test_no_episode_begins_where_none_could_end(self):
        log = Timeline(self.WORLD, MonteCarlo(starts=ANYWHERE), 1).steps(0, 5000)
        assert set(log.state[log.k == 0]) == set(np.flatnonzero(self.WORLD.mdp.visitable)) and 3 not in log.state

    def test_another_world_has_other_starts(self):
        run = Timeline(self.WORLD, MonteCarlo(starts=ANYWHERE), 1).edited(
            100, GridWorld(map="S.../..../.H.#/...G", slip=0.0))
        log = run.steps(100, 5000)
        assert {3, 7} <= set(log.state[log.k == 0])

    def test_switched_on_late_they_explore_from_the_next_episode_on(self):
        run = Timeline(FrozenLake(), MonteCarlo(), 1).edited(100, starts=ANYWHERE)
        log = run.steps(0, 3000)
        early = log.state[:100][log.k[:100] == 0]
        assert set(early) == {0} and len(set(log.state[100:][log.k[100:] == 0])) == FrozenLake().mdp.visitable.sum()


def test_returns_go_on_being_averaged_after_another_agent():
    run = Timeline(FrozenLake(), QLearning(), 1).edited(300, agent=MonteCarlo())
    before, after = run.at(299).memory, run.at(300).memory
    assert after.updates.sum() == after.visits.sum() == 300 and before.visits.sum() == 299
    assert np.isfinite(run.at(2000).memory.q).all()


@pytest.mark.parametrize("seed", [1, 2])
def test_exploring_starts_find_the_best_strategy_of_blackjack(seed):
    # S&B example 5.3 and figure 5.2; the truth is from exact planning.
    world = Blackjack()
    best = solution(world, 1.0)
    run = begin(world, MonteCarlo(starts=ANYWHERE, epsilon=0.0, gamma=1.0), seed)
    advance(run, FOREVER, 100_000)
    assert greedy_start_value(world, 1.0, run.memory.q) == pytest.approx(best.start, abs=0.01)
    advance(run, FOREVER, 500_000)
    assert greedy_start_value(world, 1.0, run.memory.q) == pytest.approx(best.start, abs=0.001)
    wrong = ~optimal_actions(best.q)[np.arange(len(best.v)), run.memory.q.argmax(axis=1)]
    assert wrong[best.visitable].sum() <= 6
    assert np.abs(run.memory.q - best.q)[best.visitable].max() < 0.2


def test_epsilon_soft_policies_find_almost_the_best_strategy_of_blackjack():
    world = Blackjack()
    run = begin(world, MonteCarlo(gamma=1.0), 1)
    advance(run, FOREVER, 300_000)
    assert greedy_start_value(world, 1.0, run.memory.q) == pytest.approx(solution(world, 1.0).start, abs=0.01)
