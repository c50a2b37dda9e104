"""Prediction: the value of a policy that stays as it is, against paper, textbook code and exact solutions."""

from dataclasses import replace

import numpy as np
import pytest

from rl.agents.control.q_learning import QLearning
from rl.agents.prediction.base import ENDLESS
from rl.agents.prediction.monte_carlo import MonteCarloPrediction
from rl.agents.prediction.n_step_td import MOST, NStepTD
from rl.agents.prediction.td import TD
from rl.agents.prediction.td_lambda import TDLambda
from rl.envs.cliff_walking import CliffWalking
from rl.envs.frozen_lake import FrozenLake
from rl.envs.grid_world import GridWorld
from rl.envs.maximisation_bias import MaximisationBias
from rl.envs.random_walk import RandomWalk
from rl.planning import policy_values, value_iteration
from rl.run import FOREVER, advance, begin, changed
from rl.tape import RUNNING, TERMINATED
from rl.timeline import Timeline
from rl.truth import policy_truth, rms_error
from rl.updates import HUGE, td_lambda, td_lambda_average
from tests.strategies import TableWorld

KINDS = [TD, NStepTD, TDLambda, MonteCarloPrediction]
GRID = GridWorld(map="S..H/.C.G", horizon=13, slip=0.3, rewards="2=0.125_5=-0.3")
WORLDS = [FrozenLake(), GRID, RandomWalk(19, -1.0), MaximisationBias()]

ROW = TableWorld((  # 0 -> 1 -> 2 -> the end, paying 1, 2, 4; nothing to choose
    (((1.0, 1, 1.0, False),),), (((1.0, 2, 2.0, False),),), (((1.0, 3, 4.0, True),),), (((1.0, 3, 0.0, True),),)),
    (1.0, 0.0, 0.0, 0.0))
LOOP = TableWorld(((((1.0, 1, 1.0, False),),), (((1.0, 0, 2.0, False),),)), (1.0, 0.0), horizon=3)  # 0, 1, 0: cut


def values(world, agent, *moments):
    return [Timeline(world, agent).at(t).memory.v.tolist() for t in moments]


class TestByHand:
    """Initial values 8, gamma .5 and alpha .5 where nothing else is said."""

    def test_td_learns_after_every_step(self):
        assert values(ROW, TD(alpha=0.5, gamma=0.5, initial=8.0), 1, 2, 3, 4) == [
            [6.5, 8, 8, 0],  # 8 + .5 (1 + .5 * 8 - 8)
            [6.5, 7, 8, 0],  # 8 + .5 (2 + .5 * 8 - 8)
            [6.5, 7, 6, 0],  # 8 + .5 (4 - 8): termination, nothing is added
            [5.5, 7, 6, 0],  # 6.5 + .5 (1 + .5 * 7 - 6.5)
        ]

    def test_td_bootstraps_where_a_time_limit_ends_the_episode(self):
        run = Timeline(LOOP, TD(alpha=0.5, gamma=0.5, initial=8.0))
        assert run.steps(0, 3).target.tolist() == [5, 2 + 0.5 * 6.5, 1 + 0.5 * 6.625]
        assert run.episodes(3).length.tolist() == [3]

    def test_two_step_td_learns_a_step_late_and_catches_up_at_the_end(self):
        assert values(ROW, NStepTD(alpha=0.5, gamma=0.5, initial=8.0, n=2), 1, 2, 3) == [
            [8, 8, 8, 0],
            [6, 8, 8, 0],  # 8 + .5 (1 + .5 * 2 + .25 * 8 - 8)
            [6, 6, 6, 0],  # 2 + .5 * 4 = 4, and 4 alone
        ]
        log = Timeline(ROW, NStepTD(n=2)).steps(0, 3)
        assert log.updated_state.tolist() == [-1, 0, 2] and np.isnan(log.old[0])

    def test_two_step_td_bootstraps_where_a_time_limit_ends_the_episode(self):
        # Step 2: V(0) = 8 + .5 (1 + 1 + .25 V(0) - 8) = 6. Step 3: V(1) = 8 + .5 (2 + .5 + .25 V(1) - 8) = 6.25, from
        # what is reached, state 1; then V(0) = 6 + .5 (1 + .5 V(1) - 6) = 5.0625.
        agent = NStepTD(alpha=0.5, gamma=0.5, initial=8.0, n=2)
        assert values(LOOP, agent, 2, 3) == [[6, 8], [5.0625, 6.25]]

    def test_another_n_in_mid_episode_leaves_no_state_out(self):
        run = Timeline(ROW, NStepTD(alpha=0.5, gamma=0.5, n=3)).edited(2, n=1)
        assert run.at(3).memory.updates.tolist() == [1, 1, 1, 0]
        # In step 3 all three are updated in turn, by returns of one step each: V(0) = .5, V(1) = 1, V(2) = 2.
        assert run.at(3).memory.v.tolist() == [0.5, 1, 2, 0]
        longer = Timeline(ROW, NStepTD(alpha=0.5, gamma=0.5, n=1)).edited(2, n=3)
        assert longer.at(3).memory.updates.tolist() == [1, 1, 1, 0]

    def test_td_lambda_shares_an_error_by_traces(self):
        run = Timeline(ROW, TDLambda(alpha=0.5, gamma=0.5, initial=8.0, lam=0.5))
        # Errors: 1 + 4 - 8 = -3, 2 + 4 - 8 = -2, 4 - 8 = -4; a trace fades by .25 a step.
        assert run.at(1).memory.v.tolist() == [6.5, 8, 8, 0]
        assert run.at(2).memory.v.tolist() == [6.5 - 0.25, 7, 8, 0]
        assert run.at(3).memory.v.tolist() == [6.25 - 0.125, 7 - 0.5, 6, 0]
        assert run.at(3).memory.trace.tolist() == [0.0625, 0.25, 1, 0]
        assert run.at(4).memory.trace.tolist() == [1, 0, 0, 0]  # a new episode

    @pytest.mark.parametrize(("traces", "expected"), [("accumulating", 1.25), ("replacing", 1.0)])
    def test_a_state_met_again_has_a_trace_of_either_kind(self, traces, expected):
        memory = Timeline(LOOP, TDLambda(gamma=1.0, lam=0.5, traces=traces)).at(3).memory
        assert memory.trace.tolist() == [expected, 0.5]

    def test_monte_carlo_learns_when_the_episode_is_over(self):
        assert values(ROW, MonteCarloPrediction(alpha=0.5, gamma=0.5, initial=8.0), 2, 3) == [
            [8, 8, 8, 0],
            [5.5, 6, 6, 0],  # returns 4, 2 + 2 = 4 and 1 + 2 = 3
        ]
        log = Timeline(ROW, MonteCarloPrediction(gamma=0.5)).steps(0, 3)
        assert log.updated_state.tolist() == [-1, -1, 0] and log.target[2] == 3

    @pytest.mark.parametrize(("visit", "expected"), [
        ("first", [1 + 1 + 0.25 + 0.125 * 8, 2 + 0.5 + 0.25 * 8]),
        # the second visit to 0 returns 1 + .5 * 8 = 5, which is learned first: 6.5; then 3.25
        ("every", [0.5 * (6.5 + 3.25) * 2 - 6.5, 2 + 0.5 + 0.25 * 8])])
    def test_monte_carlo_bootstraps_where_a_time_limit_ends_the_episode(self, visit, expected):
        agent = MonteCarloPrediction(alpha=0.5, gamma=0.5, initial=8.0, visit=visit)
        run = Timeline(LOOP, agent).at(3).memory
        first, second = expected
        before = 8 if visit == "first" else 6.5
        assert run.v.tolist() == pytest.approx([before + 0.5 * (first - before), 8 + 0.5 * (second - 8)])

    @pytest.mark.parametrize("kind", KINDS)
    def test_an_average_of_what_always_is_the_same_is_just_that(self, kind):
        agent = kind(alpha_schedule="1/n", gamma=1.0, **({"lam": 1.0} if kind is TDLambda else {}))
        agent = replace(agent, n=3) if kind is NStepTD else agent
        expected = [7.0, 6, 4, 0]
        if kind is TD:
            assert values(ROW, agent, 3) == [[1.0, 2, 4, 0]]
        else:
            assert values(ROW, agent, 3)[0] == pytest.approx(expected)
            assert values(ROW, agent, 300)[0] == pytest.approx(expected)


# The textbook, from a run's log: an episode is a list of (state, reward, next state), and terminated or not.

def episodes_of(log):
    episode = []
    for s, r, s_next, ended in zip(log.state, log.reward, log.next_state, log.ended, strict=True):
        episode.append((int(s), float(r), int(s_next)))
        if ended != RUNNING:
            yield episode, ended == TERMINATED
            episode = []


def by_td(v, episode, terminated, a, counts, rate):
    for i, (s, r, s_next) in enumerate(episode):
        last = terminated and i == len(episode) - 1
        counts[s] += 1
        v[s] += rate(counts[s]) * (r + (0 if last else a.gamma * v[s_next]) - v[s])


def by_n_steps(v, episode, terminated, a, counts, rate):
    end, states = len(episode), [s for s, _, _ in episode] + [episode[-1][2]]
    for t in range(end + a.n - 1):
        tau = t - a.n + 1
        if 0 <= tau < end:
            stop = min(tau + a.n, end)
            g = sum(a.gamma ** (i - tau) * episode[i][1] for i in range(tau, stop))
            if stop < end or not terminated:
                g += a.gamma ** (stop - tau) * v[states[stop]]
            counts[states[tau]] += 1
            v[states[tau]] += rate(counts[states[tau]]) * (g - v[states[tau]])


def by_traces(v, episode, terminated, a, counts, rate):
    z = np.zeros(len(v))
    for i, (s, r, s_next) in enumerate(episode):
        last = terminated and i == len(episode) - 1
        counts[s] += 1
        z *= a.gamma * a.lam
        z[s] = 1 if a.traces == "replacing" else z[s] + 1
        delta = r + (0 if last else a.gamma * v[s_next]) - v[s]
        v += np.array([rate(max(1, n)) for n in counts]) * delta * z


def by_returns(v, episode, terminated, a, counts, rate):
    g = 0.0 if terminated else v[episode[-1][2]]
    for i in range(len(episode) - 1, -1, -1):
        s, r, _ = episode[i]
        g = r + a.gamma * g
        if a.visit == "every" or s not in [state for state, _, _ in episode[:i]]:
            counts[s] += 1
            v[s] += rate(counts[s]) * (g - v[s])


TEXTBOOK = [
    *((kind(), book) for kind, book in zip(KINDS, (by_td, by_n_steps, by_traces, by_returns), strict=True)),
    (NStepTD(n=1), by_n_steps), (NStepTD(n=3, gamma=0.7), by_n_steps), (NStepTD(n=MOST, alpha=0.9), by_n_steps),
    (TDLambda(lam=0.9, gamma=0.8, traces="replacing"), by_traces), (TDLambda(lam=0.3), by_traces),
    (MonteCarloPrediction(visit="every"), by_returns), (MonteCarloPrediction(gamma=0.9), by_returns),
    (MonteCarloPrediction(visit="every", alpha=1.0, gamma=0.5), by_returns),
]


@pytest.mark.parametrize("schedule", ["constant", "1/n", "linear"])
@pytest.mark.parametrize(("agent", "book"), TEXTBOOK, ids=lambda it: getattr(it, "__name__", None) or str(it))
@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.slug)
def test_it_does_what_the_textbook_says(world, agent, book, schedule):
    agent = replace(agent, alpha_schedule=schedule, span=30, initial=0.5)
    run = Timeline(world, agent, 5)
    end = int(run.episodes(4000).end[-1])
    v, counts = begin(world, agent, 5).memory.v.copy(), [0] * len(world.mdp.cdf)
    for number, (episode, terminated) in enumerate(episodes_of(run.steps(0, end))):
        def rate(n, number=number):
            steps = {"constant": agent.alpha, "1/n": 1 / n, "linear": agent.alpha * max(0, 1 - number / 30)}
            return steps[schedule]
        book(v, episode, terminated, agent, counts, rate)
    np.testing.assert_allclose(run.at(end).memory.v, v, rtol=1e-9, atol=1e-11)


class TestSpecialCases:
    @pytest.mark.parametrize("schedule", ["constant", "1/n"])
    @pytest.mark.parametrize("agent", [NStepTD(n=1), TDLambda(lam=0.0), TDLambda(lam=0.0, traces="replacing")])
    def test_one_step_and_no_trace_are_td(self, agent, schedule):
        settings = {"alpha": 0.3, "gamma": 0.9, "initial": 1.0, "alpha_schedule": schedule}
        one, other = (Timeline(GRID, a, 2).at(3000).memory.v for a in (TD(**settings), replace(agent, **settings)))
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-13)

    def test_a_long_n_and_lambda_one_are_monte_carlo_where_no_state_repeats(self):
        settings = {"alpha": 0.3, "gamma": 0.9, "policy": "optimal", "initial": 2.0}
        agents = [MonteCarloPrediction(**settings), MonteCarloPrediction(visit="every", **settings),
                  NStepTD(n=MOST, **settings), TDLambda(lam=1.0, **settings)]
        world = GridWorld(map="S..#/.C.G", slip=0.0, step_reward=-0.25)
        first, *others = (Timeline(world, agent, 2).at(500).memory.v for agent in agents)
        for other in others[:2]:
            np.testing.assert_allclose(first, other, rtol=0, atol=1e-12)
        kinds = [Timeline(world, TDLambda(lam=0.7, traces=traces, **settings), 2).at(500).memory.v
                 for traces in ("accumulating", "replacing")]
        assert np.array_equal(*kinds)

    @pytest.mark.parametrize("kind", KINDS)
    def test_nothing_is_learned_about_where_nobody_comes(self, kind):
        memory = Timeline(GRID, kind(initial=0.5), 1).at(2000).memory
        never = memory.visits == 0
        assert never.any()
        assert set(memory.v[never]) <= {0.0, 0.5}


class TestThePolicy:
    def test_at_random_means_any_action_there_is(self):
        assert np.array_equal(TD().chances(FrozenLake().mdp), np.full((16, 4), 0.25))
        chances = TD().chances(MaximisationBias().mdp)
        assert chances[0].tolist() == [0.5, 0.5, *[0] * 8] and chances[1].tolist() == [0.1] * 10
        actions = Timeline(MaximisationBias(), TD()).steps(0, 3000)
        assert set(actions.action[actions.state == 0]) == {0, 1}
        assert set(actions.action[actions.state == 1]) == set(range(10))

    def test_an_optimal_policy_shares_ties_and_is_worth_the_optimum(self):
        world, agent = GridWorld(map="S../.../..G", slip=0.0, step_reward=-1.0), TD(policy="optimal", gamma=0.9)
        assert sorted(agent.chances(world.mdp)[0]) == [0, 0, 0.5, 0.5]  # down or right
        assert policy_truth(world, agent) == pytest.approx(value_iteration(world.mdp, 0.9), abs=1e-9)
        lake = policy_truth(FrozenLake(), TD(policy="optimal"))
        assert lake[0] == pytest.approx(14 / 17, abs=1e-9)

    def test_half_and_half_is_half_of_each(self):
        mdp = FrozenLake().mdp
        random, optimal, half = (TD(policy=p, gamma=0.9).chances(mdp) for p in ("random", "optimal", "half and half"))
        assert np.array_equal(half, (random + optimal) / 2)
        log = Timeline(FrozenLake(), TD(policy="half and half", gamma=0.9), 3).steps(0, 40_000)
        at_start = np.bincount(log.action[log.state == 0], minlength=4) / (log.state == 0).sum()
        assert at_start == pytest.approx(half[0], abs=0.02)

    def test_without_an_optimum_it_says_so(self):
        forever = TableWorld((((((1.0, 0, 1.0, False),),) * 2),))
        for policy in ("optimal", "half and half"):
            with pytest.raises(ValueError) as refused:
                begin(forever, TD(policy=policy), 0)
            assert str(refused.value) == ENDLESS
        with pytest.raises(ValueError, match="no optimal policy"):
            Timeline(forever, TD()).edited(3, policy="optimal")
        assert Timeline(forever, TD(policy="optimal", gamma=0.5)).at(3).step == 3
        assert policy_truth(forever, TD()).tolist() == [np.inf]

    def test_an_edit_of_world_or_policy_is_followed_at_once(self):
        run = Timeline(FrozenLake(), TD(), 1).edited(50, policy="optimal", gamma=0.9)
        assert np.array_equal(run.at(50).memory.policy, run.at(50).agent.chances(FrozenLake().mdp))
        assert np.array_equal(run.at(49).memory.policy, np.full((16, 4), 0.25))
        other = run.edited(80, FrozenLake(success=0.9))
        assert np.array_equal(other.at(80).memory.policy, other.at(80).agent.chances(FrozenLake(success=0.9).mdp))

    def test_a_late_initial_value_is_for_states_never_visited(self):
        run = Timeline(CliffWalking(), TD(), 1).edited(20, initial=5.0)
        memory, world = run.at(20).memory, CliffWalking()
        never = (memory.visits == 0) & ~world.mdp.absorbing
        assert (memory.v[never] == 5).all() and (memory.v[memory.visits > 0] < 0).all()
        assert (memory.v[world.mdp.absorbing] == 0).all()

    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize("after", KINDS)
    def test_values_are_handed_on_to_another_of_the_kind_and_no_further(self, kind, after):
        run = Timeline(RandomWalk(19), kind(), 4)
        later = run.edited(77, agent=after(policy="optimal", gamma=0.9))
        assert np.array_equal(later.at(77).memory.v, run.at(77).memory.v)
        assert np.array_equal(later.at(77).memory.visits, run.at(77).memory.visits)
        assert later.at(500).memory.visits.sum() == 500
        if after in (NStepTD, MonteCarloPrediction) and kind is not after:  # 1/n goes on where it was
            assert np.array_equal(later.at(77).memory.updates, run.at(77).memory.visits)
        with pytest.raises(ValueError, match="learns other things"):
            changed(run.at(5), run.env, QLearning())

    def test_an_episode_given_up_leaves_nothing_behind(self):
        # After two steps of ROW the state the agent is in becomes the end: it begins anew, in a world of two steps.
        table = (ROW.table[0], (((1.0, 3, 20.0, True),),), (((1.0, 2, 0.0, True),),), ROW.table[3])
        short = replace(ROW, table=table)
        for agent in (NStepTD(n=3, alpha=1.0), MonteCarloPrediction(alpha=1.0), MonteCarloPrediction(visit="every")):
            memory = Timeline(ROW, replace(agent, alpha=1.0)).edited(2, short).at(4).memory
            assert memory.v.tolist() == [21, 20, 0, 0] and memory.updates.tolist() == [1, 1, 0, 0]
        assert Timeline(ROW, TDLambda(lam=1.0)).edited(2, short).at(3).memory.trace.tolist() == [1, 0, 0, 0]


class TestPublished:
    """S&B is Sutton & Barto, 2nd edition. Tolerances are 4 standard deviations of a batch of 100 runs."""

    def errors(self, world, agent, episodes, seeds=100):
        """Root mean squared errors over the states after each of so many episodes, (seeds, len(episodes))."""
        truth, errors = policy_truth(world, agent), []
        for seed in range(seeds):
            run = begin(world, agent, seed)
            for episode in episodes:
                advance(run, FOREVER, episode)
                errors.append(rms_error(run.memory.v, truth, world.mdp.visitable))
        return np.reshape(errors, (seeds, len(episodes)))

    def error_after(self, agent):
        return self.errors(RandomWalk(), replace(agent, initial=0.5), [100]).mean()

    def early_error(self, agent, seeds=100):
        """The error over the 19 states, averaged over the first 10 episodes and 100 runs."""
        return self.errors(RandomWalk(19, -1.0), agent, range(1, 11), seeds).mean()

    def test_the_random_walk_is_worth_sixths(self):
        world = RandomWalk()
        truth = policy_truth(world, TD())
        assert truth.tolist() == pytest.approx([0, *(i / 6 for i in range(1, 6)), 0], abs=1e-9)
        assert rms_error(begin(world, TD(initial=0.5), 0).memory.v, truth, world.mdp.visitable) == pytest.approx(
            0.2357, abs=5e-5)
        wide = policy_truth(RandomWalk(19, -1.0), TD())
        assert wide[1:20] == pytest.approx(np.arange(-9, 10) / 10, abs=1e-9)

    @pytest.mark.parametrize(("alpha", "expected", "spread"), [
        (0.05, 0.035, 0.002), (0.1, 0.055, 0.002), (0.15, 0.070, 0.003)])
    def test_td_on_the_random_walk(self, alpha, expected, spread):  # example 6.2
        assert self.error_after(TD(alpha=alpha)) == pytest.approx(expected, abs=4 * spread)

    @pytest.mark.parametrize(("alpha", "expected"), [(0.01, 0.097), (0.02, 0.082), (0.03, 0.093), (0.04, 0.107)])
    def test_monte_carlo_on_the_random_walk(self, alpha, expected):  # example 6.2, where every visit counts
        agent = MonteCarloPrediction(alpha=alpha, visit="every")
        assert self.error_after(agent) == pytest.approx(expected, abs=4 * 0.004)

    def test_four_steps_are_best_on_the_19_states(self):  # figure 7.2
        best = {n: min(self.early_error(NStepTD(n=n, alpha=a)) for a in alphas) for n, alphas in {
            1: (0.8, 0.9), 2: (0.5, 0.6), 4: (0.3, 0.4, 0.5), 8: (0.2, 0.3), 16: (0.1, 0.2), 64: (0.02, 0.05)}.items()}
        assert min(best, key=best.get) == 4
        assert best[4] == pytest.approx(0.265, abs=0.012)
        assert best[1] > best[2] > best[4] < best[8] < best[16] < best[64]
        assert best[1] == pytest.approx(0.35, abs=0.02)
        # Figure 7.2: with n = 512 the curve begins near .55 and climbs at once.
        assert self.early_error(NStepTD(n=512, alpha=0.1)) == pytest.approx(0.55, abs=0.03)

    def test_traces_do_as_well_as_n_steps(self):  # figure 12.6
        best = {lam: min(self.early_error(TDLambda(lam=lam, alpha=a)) for a in alphas) for lam, alphas in {
            0.0: (0.8, 0.9), 0.4: (0.6, 0.7), 0.8: (0.3, 0.4), 0.9: (0.15, 0.2), 0.95: (0.1,), 0.99: (0.03, 0.05),
            1.0: (0.01, 0.02)}.items()}
        assert min(best, key=best.get) == 0.8
        assert best[0.0] > best[0.4] > best[0.8] < best[0.9] < best[0.95] < best[0.99] < best[1.0]
        assert best[0.8] == pytest.approx(0.265, abs=0.015)
        # where the lambda-return of figure 12.3 is still fine, large steps with long traces are not
        assert self.early_error(TDLambda(lam=0.95, alpha=0.4), 20) > 0.6

    @pytest.mark.parametrize(("kind", "near"), [
        (TD, 0.05), (NStepTD, 0.02), (TDLambda, 0.02), (MonteCarloPrediction, 0.02)])  # 1/n is slow to forget guesses
    def test_averages_come_to_the_exact_values(self, kind, near):
        world = FrozenLake()
        agent = kind(policy="half and half", gamma=0.95, alpha_schedule="1/n")
        memory = Timeline(world, agent, 3).at(1_000_000).memory
        truth = policy_values(world.mdp, agent.chances(world.mdp), 0.95)
        assert np.abs(memory.v - truth)[world.mdp.visitable].max() < near


def test_values_that_diverge_along_traces_stay_numbers():
    v = Timeline(RandomWalk(99), TDLambda(alpha=1.0, lam=1.0, traces="accumulating"), 1).at(100_000).memory.v
    assert np.isfinite(v).all() and np.abs(v).max() == HUGE


@pytest.mark.parametrize("error", [1e100, -1e100])
def test_no_update_along_traces_leads_beyond_what_is_huge(error):
    v, w, trace = np.zeros(3), np.zeros(3), np.array([0.0, 1.0, 500.0])
    td_lambda(v, trace, error, 0.5)
    td_lambda_average(w, trace, error, np.array([1, 2, 2]))
    assert v.tolist() == w.tolist() == [0, error / 2, np.copysign(HUGE, error)]
