"""Dyna-Q, Dyna-Q+ and prioritised sweeping: by hand, against their boxes, and the figures of S&B chapter 8."""

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rl.agents.control.dyna_q import DynaQ
from rl.agents.control.dyna_q_plus import DynaQPlus
from rl.agents.control.prioritised_sweeping import NONE, PrioritisedSweeping
from rl.agents.control.priority_queue import pop, push
from rl.agents.control.q_learning import QLearning
from rl.changes import changes
from rl.dice import PLAN, uniform
from rl.envs.dyna_maze import DynaMaze
from rl.envs.frozen_lake import FrozenLake
from rl.envs.taxi import Taxi
from rl.run import advance, begin
from rl.timeline import Timeline
from rl.trials import run_trials
from rl.truth import greedy_start_value, solution
from tests.agents.textbook import assert_like_the_book, pick
from tests.agents.worlds import SETTINGS, WORLDS, way
from tests.strategies import TableWorld, same

KINDS = [DynaQ, DynaQPlus, PrioritisedSweeping]
TWO = TableWorld((((((1.0, 0, 1.0, False),), ((1.0, 0, 2.0, False),))),), (1.0,), horizon=50)  # one state, two actions


def q_of(world, agent, *moments):
    return [Timeline(world, agent).at(t).memory.q[:, 0].tolist() for t in moments]


class TestByHand:
    def test_dyna_plays_over_again_what_it_remembers(self):
        agent = DynaQ(alpha=0.5, gamma=0.5, planning=1)
        # Once for real and once in the head: 2, then 3; the end is worth nothing.
        assert q_of(way(4), agent, 1) == [[3, 0]]
        # The goal's value cannot reach the first state before it is planned or visited again.
        assert q_of(way(0, 4), replace(agent, planning=0), 2, 3) == [[0, 2, 0], [0.5, 2, 0]]

    def test_what_it_imagines_after_a_time_limit_goes_on(self):
        # Real: 1 + .5 * 8 = 5 from 8: 6.5; in the head the same action, ending nothing: 6.5 + .5 (1 + 3.25 - 6.5).
        agent = DynaQ(alpha=0.5, gamma=0.5, planning=1, initial=8.0)
        assert q_of(way(1, loops=True, horizon=1), agent, 1) == [[5.375]]

    def test_curiosity_pays_for_what_was_not_tried(self):
        agent = DynaQPlus(alpha=0.5, gamma=0.5, planning=1, kappa=0.25, epsilon=0.0)
        for seed in range(20):
            run = Timeline(TWO, agent, seed)
            a = int(run.steps(0, 1).action[0])
            real, paid = 0.5 * (a + 1.0), a + 1.0
            imagined = 0 if uniform(seed, 0, PLAN + 1) < 0.5 else 1
            q = run.at(1).memory.q[0]
            if imagined == a:  # tried right now: no bonus
                assert q[a] == real + 0.5 * (paid + 0.5 * real - real) and q[1 - a] == 0
            else:  # never tried in the one step there was: stays, pays 0, and the bonus of .25 sqrt(1)
                assert q[1 - a] == 0.5 * (0.25 + 0.5 * real) and q[a] == real

    def test_curiosity_grows_with_the_root_of_the_time(self):
        agent = DynaQPlus(alpha=1.0, gamma=0.0, planning=100, kappa=0.1, epsilon=1.0)
        memory = Timeline(TWO, agent, 3).at(40).memory
        tau = 40 - memory.last_tried[0]
        assert memory.q[0] == pytest.approx([1 + 0.1 * sqrt(tau[0]), 2 + 0.1 * sqrt(tau[1])])
        assert min(tau) == 0

    def test_sweeping_carries_a_surprise_back_at_once(self):
        agent = PrioritisedSweeping(alpha=1.0, gamma=0.5, planning=3)
        run = Timeline(way(0, 0, 8), agent)
        assert run.at(2).memory.q[:, 0].tolist() == [0, 0, 0, 0] and run.at(2).memory.updates.sum() == 0
        assert run.at(3).memory.q[:, 0].tolist() == [2, 4, 8, 0]
        log = run.steps(0, 4)
        assert log.updated_state.tolist() == [-1, -1, 2, -1]  # the most urgent; in the fourth step nothing is wrong
        assert (log.old[2], log.target[2], log.new[2]) == (0, 8, 8)

    def test_sweeping_keeps_what_it_has_no_time_for(self):
        agent = PrioritisedSweeping(alpha=1.0, gamma=0.5, planning=1)
        run = Timeline(way(0, 0, 8), agent)
        assert run.at(3).memory.q[:, 0].tolist() == [0, 0, 8, 0]
        assert run.at(3).memory.priority[:, 0].tolist() == [0, 4, 0, 0]
        assert run.at(4).memory.q[:, 0].tolist() == [0, 4, 8, 0]
        assert run.at(4).memory.priority[:, 0].tolist() == [2, 0, 0, 0]

    def test_sweeping_leaves_small_errors_alone(self):
        agent = PrioritisedSweeping(alpha=1.0, gamma=0.5, planning=3, theta=0.5)
        assert q_of(way(0, 0, 1), agent, 3) == [[0, 0, 1, 0]]  # an error of .5 is not above .5


def put_right(game, q, updates, pair, r, ahead):
    updates[pair] += 1
    q[pair] += game.alpha(updates[pair]) * (r + ahead - q[pair])


def after(game, q, outcome):
    _, s_next, terminated = outcome
    return 0.0 if terminated else game.agent.gamma * q[s_next].max()


def dyna(game):
    """Sections 8.2 and 8.3: a dictionary remembers what came of each action, in the order of first meetings."""
    q, updates, model, last = game.table(), np.zeros(game.mdp.cdf.shape[:2], int), {}, {}
    plus = isinstance(game.agent, DynaQPlus)
    while True:
        s, over = game.start(), False
        while not over:
            a, t = game.choose(q, s), game.t
            *outcome, over = game.take(s, a)
            put_right(game, q, updates, (s, a), outcome[0], after(game, q, outcome))
            model.setdefault(s, {})[a], last[s, a] = outcome, t + 1
            for i in range(game.agent.planning):
                then = pick(list(model), uniform(game.seed, t, PLAN + 2 * i))
                choices = np.flatnonzero(q[then] > -np.inf) if plus else list(model[then])
                b = pick(choices, uniform(game.seed, t, PLAN + 2 * i + 1))
                imagined = model[then].get(b, (0.0, then, False))
                bonus = game.agent.kappa * sqrt(t + 1 - last.get((then, b), 0)) if plus else 0.0
                put_right(game, q, updates, (then, b), imagined[0] + bonus, after(game, q, imagined))
            yield q
            s = outcome[1]


def sweeping(game):
    """Section 8.4: the queue is a dictionary, searched for its largest entry, and the model for all that led there."""
    q, updates, model, queue = game.table(), np.zeros(game.mdp.cdf.shape[:2], int), {}, {}

    def consider(pair):
        urgency = abs(model[pair][0] + after(game, q, model[pair]) - q[pair])
        if urgency > game.agent.theta:
            queue[pair] = max(urgency, queue.get(pair, 0.0))

    while True:
        s, over = game.start(), False
        while not over:
            a = game.choose(q, s)
            *outcome, over = game.take(s, a)
            model[s, a] = outcome
            consider((s, a))
            for _ in range(game.agent.planning):
                if not queue:
                    break
                first = min(queue, key=lambda pair: (-queue[pair], pair))
                del queue[first]
                put_right(game, q, updates, first, model[first][0], after(game, q, model[first]))
                for pair, (_, s_next, terminated) in model.items():
                    if s_next == first[0] and not terminated:
                        consider(pair)
            yield q
            s = outcome[1]


OWN = [(dyna, DynaQ(planning=3)), (dyna, DynaQ(planning=0)), (dyna, DynaQPlus(planning=4, kappa=0.01)),
       (sweeping, PrioritisedSweeping(planning=4)), (sweeping, PrioritisedSweeping(planning=1, theta=0.02))]


@pytest.mark.parametrize("changed", SETTINGS, ids=str)
@pytest.mark.parametrize(("box", "agent"), OWN, ids=["dyna", "dyna 0", "dyna plus", "sweeping", "sweeping 1"])
@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.slug)
def test_it_does_what_the_box_says(world, box, agent, changed):
    assert_like_the_book(box, world, replace(agent, **changed), steps=1200)


@pytest.mark.parametrize("changed", SETTINGS, ids=str)
def test_without_planning_dyna_is_q_learning(changed):
    runs = [Timeline(FrozenLake(), kind, 4) for kind in (QLearning(**changed), DynaQ(planning=0, **changed))]
    assert np.array_equal(*(run.at(3000).memory.q for run in runs))
    assert same(*(run.steps(0, 3000) for run in runs))


def test_without_curiosity_and_a_choice_dyna_plus_is_dyna():
    runs = [Timeline(way(1, -2, 3, 4), kind, 4) for kind in (DynaQ(), DynaQPlus(kappa=0.0))]
    assert np.array_equal(*(run.at(500).memory.q for run in runs))


class TestTheModel:
    @pytest.mark.parametrize("kind", KINDS)
    def test_it_is_what_each_action_did_last(self, kind):
        run = Timeline(FrozenLake(), kind(), 5)
        memory, log = run.at(2000).memory, run.steps(0, 2000)
        last = {pair: t for t, pair in enumerate(zip(log.state.tolist(), log.action.tolist(), strict=True))}
        for (s, a), t in last.items():
            assert memory.last_tried[s, a] == t + 1
            assert memory.model_next[s, a] == log.next_state[t] and memory.model_reward[s, a] == log.reward[t]
            assert memory.model_terminal[s, a] == (log.ended[t] == 1)
        assert (memory.last_tried > 0).sum() == len(last)

    @pytest.mark.parametrize("kind", KINDS)
    def test_every_update_in_the_head_is_counted_and_seen(self, kind):
        run = Timeline(DynaMaze(), kind(planning=5, alpha=0.5, initial=1.0), 2)
        memory = run.at(1000).memory
        assert run.agent.updates(memory) == memory.updates.sum()
        assert run.agent.updates(memory) == (6000 if kind is not PrioritisedSweeping else 5000 - 5)
        found = changes(run, 600, 700)
        n_values = memory.q.size
        seen = np.add.reduceat(found.entry < n_values, found.first[:-1])
        assert seen.mean() > 2

    def test_another_agent_hands_over_its_values_and_no_model(self):
        run = Timeline(DynaMaze(), QLearning(), 1)
        for kind in KINDS:
            later = run.edited(500, agent=kind())
            assert np.array_equal(later.at(500).memory.q, run.at(500).memory.q)
            assert (later.at(501).memory.last_tried > 0).sum() == 1
            assert np.array_equal(later.at(500).memory.updates, run.at(500).memory.visits)
        back = run.edited(500, agent=DynaQ()).edited(600, agent=DynaQPlus()).edited(700, agent=QLearning())
        assert back.at(700).memory.q.shape == (54, 4)
        assert (back.at(650).memory.last_tried > 0).sum() > 10  # Dyna-Q+ goes on with the model of Dyna-Q

    @given(st.integers(0, 10**6), st.integers(1, 400), st.floats(0, 1), st.sampled_from(WORLDS))
    @settings(max_examples=40)
    def test_lists_and_queue_hold_together(self, seed, steps, alpha, world):
        memory = Timeline(world, PrioritisedSweeping(epsilon=0.5, alpha=alpha, planning=3), seed).at(steps).memory
        known, n_actions = (memory.last_tried > 0) & ~memory.model_terminal, memory.q.shape[1]
        for s in range(len(memory.q)):
            listed, i, previous = [], memory.into[s], NONE
            while i != NONE:
                assert memory.before[i] == previous
                listed.append(divmod(int(i), n_actions))
                i, previous = memory.after[i], i
            assert sorted(listed) == list(zip(*np.nonzero(known & (memory.model_next == s)), strict=True))
        queued, priority = memory.heap[: memory.queued[0]], memory.priority.ravel()
        assert sorted(queued) == np.flatnonzero(priority > 0).tolist()
        assert memory.place[queued].tolist() == list(range(len(queued)))


@given(st.lists(st.tuples(st.integers(0, 15), st.sampled_from([0.5, 1.0, 2.0, 3.5])) | st.none(), max_size=80))
def test_a_queue_lets_out_the_most_urgent_first(orders):
    heap, place, priority, n, expected = np.zeros(16, np.int64), np.zeros(16, np.int64), np.zeros(16), 0, {}
    for order in orders:
        if order:
            i, urgency = order
            n = push(heap, place, priority, n, i, urgency)
            expected[i] = max(urgency, expected.get(i, 0.0))
        elif expected:
            first = min(expected, key=lambda i: (-expected[i], i))
            assert pop(heap, place, priority, n) == first
            n -= 1
            del expected[first]
        assert {i: p for i, p in enumerate(priority.tolist()) if p} == expected and n == len(expected)


class TestPublished:
    """S&B is Sutton & Barto, 2nd edition; numbers of figure 8.2 were measured with independent code."""

    @pytest.mark.parametrize(("planning", "expected", "slack"), [(5, 6, 1), (50, 3, 0)])
    def test_planning_shortens_the_way_through_the_maze(self, planning, expected, slack):  # figure 8.2
        agent = DynaQ(planning=planning, alpha=0.1, gamma=0.95, epsilon=0.1)
        lengths = run_trials(Timeline(DynaMaze(), agent), range(300), 10).lengths
        assert lengths.min() == 14
        assert 1 + np.argmax(lengths.mean(axis=0) <= 20) == pytest.approx(expected, abs=slack)

    def rewards(self, kind, before, after, at, *moments):
        """Goals reached by some moments, averaged over 20 seeds, in a maze that changes at step ``at``."""
        agent = kind(planning=50, alpha=0.5, gamma=0.95, epsilon=0.1)
        runs = [Timeline(DynaMaze(before), agent, seed).edited(at, DynaMaze(after)) for seed in range(20)]
        ends = [run.episodes(moments[-1]).end for run in runs]
        return [np.mean([(end <= t).sum() for end in ends]) for t in moments]

    def test_curiosity_gets_over_a_blocked_way_sooner(self):  # figure 8.4
        maze = ("blocking: gap right", "blocking: gap left", 1000, 1000, 3000)
        (_, dull), (early, curious) = self.rewards(DynaQ, *maze), self.rewards(DynaQPlus, *maze)
        assert early == pytest.approx(65, abs=8)
        assert curious > 1.5 * dull
        assert curious == pytest.approx(150, abs=10)

    def test_only_curiosity_finds_a_shortcut(self):  # figure 8.5
        maze = ("shortcut: closed", "shortcut: open", 3000, 3000, 6000)
        (before, dull), (early, curious) = self.rewards(DynaQ, *maze), self.rewards(DynaQPlus, *maze)
        # The way around takes 16 steps, the shortcut 10: without it nobody gets more than 188 goals in 3000 steps.
        assert dull - before < 188 < curious - early
        assert curious > dull + 50

    def test_sweeping_needs_a_fraction_of_the_updates(self):  # example 8.4: five to ten times fewer than Dyna-Q
        def spent(kind, seed):
            run = begin(DynaMaze(), kind(planning=5, alpha=0.5, gamma=0.95), seed)
            while greedy_start_value(run.env, 0.95, run.memory.q) < solution(run.env, 0.95).start - 1e-9:
                advance(run, run.step + 50)
            return run.agent.updates(run.memory)

        dyna, swept = (np.median([spent(kind, seed) for seed in range(9)]) for kind in (DynaQ, PrioritisedSweeping))
        assert swept < dyna / 5

    def test_sweeping_solves_the_taxi(self):
        agent = PrioritisedSweeping(alpha=1.0, gamma=0.95)
        run = Timeline(Taxi(), agent, 1).at(100_000)
        best = solution(Taxi(), 0.95)
        assert greedy_start_value(run.env, 0.95, run.memory.q) == pytest.approx(best.start, abs=1e-3)
