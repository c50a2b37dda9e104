"""Policy gradients on a table: by hand, against the boxes with episodes kept, and where they are something simpler.

S&B is Sutton & Barto, Reinforcement Learning: An Introduction, 2nd edition.
"""

from dataclasses import replace
from itertools import islice

import numpy as np
import pytest

from rl.agents import AGENTS
from rl.agents.policy.actor_critic import ActorCritic
from rl.agents.policy.actor_critic_traces import ActorCriticTraces
from rl.agents.policy.reinforce import Reinforce
from rl.agents.policy.reinforce_baseline import ReinforceBaseline
from rl.dice import ACTION, uniform
from rl.envs.cliff_walking import CliffWalking
from rl.envs.frozen_lake import FrozenLake
from rl.envs.grid_world import GridWorld
from rl.envs.maximisation_bias import MaximisationBias
from rl.envs.short_corridor import ShortCorridor
from rl.policy_gradient import available, exact_gradient
from rl.policy_truth import exactly
from rl.run import FOREVER, advance, begin, changed
from rl.tape import TRUNCATED
from rl.timeline import Timeline
from rl.truth import solution
from rl.updates import HUGE
from tests.agents.textbook import Game
from tests.agents.worlds import WORLDS
from tests.strategies import TableWorld, same

KINDS = [Reinforce, ReinforceBaseline, ActorCritic, ActorCriticTraces]
every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.slug)
every_critic = pytest.mark.parametrize("kind", KINDS[1:], ids=lambda kind: kind.slug)
SETTINGS = [{}, {"alpha": 0.4, "gamma": 1.0}, {"sees": "nothing", "gamma": 0.9}]


def fork(*rewards, loops=False, horizon=0):
    """A way of as many steps as rewards, on which both actions do the same, and an end (or the beginning again)."""
    n = len(rewards)
    steps = [(1.0, (s + 1) % n if loops else s + 1, float(r), not loops and s == n - 1) for s, r in enumerate(rewards)]
    table = tuple(((step,), (step,)) for step in steps)
    end = () if loops else ((((1.0, n, 0.0, True),),) * 2,)
    return TableWorld(table + end, (1.0, *[0.0] * (len(table) + len(end) - 1)), horizon)


def started(world, agent, values):
    """A run whose critic begins with these values."""
    run = begin(world, agent, 0)
    run.memory.v[:] = values
    return run


def preference(memory, log):
    """The preferences of what was done in each step of a log, and whether those of the other action mirror them."""
    own, other = memory.theta[log.state, log.action], memory.theta[log.state, 1 - log.action]
    assert (own == -other).all()
    return own.tolist()


class TestByHand:
    def test_actor_critic_learns_after_every_step_and_later_ones_count_less(self):
        run = begin(fork(0, 4), ActorCritic(alpha=0.5, gamma=0.5, alpha_v=0.5), 0)
        log, _ = advance(run, 2, FOREVER, 2)
        # Nothing is known at first, so the first error is 0; the second is 4, times gamma^1: .5 * .5 * 4 * (1 - 1/2)
        assert preference(run.memory, log) == [0.0, 0.5] and run.memory.v.tolist() == [0, 2, 0]
        assert log.alpha.tolist() == [0.5, 0.25] and log.target.tolist() == [0, 4] and log.baseline.tolist() == [0, 0]
        log, _ = advance(run, 3, FOREVER, 1)
        assert (log.target[0], log.baseline[0], log.chance[0]) == (1.0, 0.0, 0.5)  # .5 * V(1); and .5 * 1 * (1 - 1/2)
        assert log.new[0] == 0.25 and run.memory.v.tolist() == [0.5, 2, 0]

    def test_the_softmax_of_what_was_preferred_is_the_next_policy(self):
        run = begin(fork(2), ActorCritic(alpha=0.5, alpha_v=0.5), 0)
        log, _ = advance(run, 2, FOREVER, 2)
        p = 1 / (1 + np.exp(-1.0))  # of preferences .5 and -.5
        likely = p if log.action[0] == log.action[1] else 1 - p
        assert log.chance == pytest.approx([0.5, likely], rel=1e-15)
        assert log.target[1] - log.baseline[1] == 1.0
        assert log.new[1] - log.old[1] == pytest.approx(0.5 * 1.0 * (1 - likely), rel=1e-14)

    def test_reinforce_learns_when_the_episode_is_over(self):
        run = begin(fork(1, 4), Reinforce(alpha=1.0, gamma=0.5), 0)
        first, _ = advance(run, 1, FOREVER, 1)
        assert not run.memory.theta.any() and first.updated_state[0] == -1 and np.isnan(first.baseline[0])
        last, _ = advance(run, 2, FOREVER, 1)
        log = Timeline(run.env, run.agent, 0).steps(0, 2)
        assert preference(run.memory, log) == [1.5, 1.0]  # G = 1 + .5 * 4, times 1/2; and gamma * 4 / 2
        assert (last.updated_state[0], last.updated_action[0]) == (0, first.action[0])
        assert (last.old[0], last.target[0], last.new[0], last.baseline[0], last.alpha[0]) == (0, 3, 1.5, 0, 1)

    def test_a_baseline_is_what_the_episode_began_with(self):
        run = started(fork(1, 4), ReinforceBaseline(alpha=1.0, gamma=0.5, alpha_v=0.5), [1, 2, 0])
        log, _ = advance(run, 2, FOREVER, 2)
        assert preference(run.memory, log) == [1.0, 0.5]  # (3 - 1) / 2, and .5 * (4 - 2) / 2
        assert run.memory.v.tolist() == [2, 3, 0]
        assert (log.target[1], log.baseline[1]) == (3, 1)

    def test_values_learn_from_one_visit_after_the_other_as_in_the_box(self):
        run = started(fork(1, loops=True, horizon=3), ReinforceBaseline(alpha=0.0, gamma=1.0, alpha_v=0.5), [8])
        advance(run, 3)
        v = 8.0
        for g in (3 + 8, 2 + 8, 1 + 8):  # what was seen, and the value where it was cut
            v += 0.5 * (g - v)
        assert run.memory.v.tolist() == [v]

    def test_truncation_still_bootstraps(self):
        # 0, 1, cut with 0 reached: 1 + .5 * 8 and 2 + .5 * 8 against 8
        run = started(fork(1, 2, loops=True, horizon=2), ActorCritic(alpha=1.0, gamma=0.5, alpha_v=0.0), [8, 8])
        log, _ = advance(run, 2, FOREVER, 2)
        assert log.ended.tolist() == [0, TRUNCATED] and log.target.tolist() == [5, 6]
        assert preference(run.memory, log) == [-1.5, -0.5]

    def test_a_return_cut_short_goes_on_as_the_state_reached_is_worth(self):
        # 1 + .5 * 2 + .25 * 1 against 1, and 2 + .5 * 1 against 2, times .5
        run = started(fork(1, 2, loops=True, horizon=2), ReinforceBaseline(alpha=1.0, gamma=0.5, alpha_v=0.0), [1, 2])
        log, _ = advance(run, 2, FOREVER, 2)
        assert log.target[1] == 2.25 and preference(run.memory, log) == [0.625, 0.125]

    def test_plain_reinforce_counts_what_it_has_seen_of_an_episode_cut_short(self):
        run = begin(fork(1, 2, loops=True, horizon=2), Reinforce(alpha=1.0, gamma=0.5), 0)
        log, _ = advance(run, 2, FOREVER, 2)
        assert log.target[1] == 2.0 and preference(run.memory, log) == [1.0, 0.5]

    @every_critic
    def test_after_the_end_nothing_is_ahead_wherever_it_leaves_the_agent(self, kind):
        again = TableWorld((((((1.0, 0, 2.0, True),),) * 2),), (1.0,))
        log, _ = advance(started(again, kind(), [8]), 3, FOREVER, 3)
        assert log.target.tolist() == [2, 2, 2] and log.baseline[0] == 8

    def test_a_trace_carries_an_error_back(self):
        agent = ActorCriticTraces(alpha=1.0, gamma=0.5, alpha_v=0.5, lam=0.5, lam_v=0.5)
        run = begin(fork(0, 4), agent, 0)
        log, _ = advance(run, 1, FOREVER, 1)
        assert run.memory.trace[0, log.action[0]] == 0.125 and run.memory.trace_v.tolist() == [0.25, 0, 0]
        advance(run, 2)
        log = Timeline(run.env, agent, 0).steps(0, 2)
        # the error 4 along traces 1/8 (1/2, faded to a quarter) and 1/4 (gamma^1 / 2); V: .5 * 4 * (1/4, 1)
        assert preference(run.memory, log) == [0.5, 1.0] and run.memory.v.tolist() == [0.5, 2, 0]
        assert log.alpha.tolist() == [0.5, 0.25]

    def test_a_blind_agent_moves_the_preferences_of_all_states(self):
        run = begin(fork(0, 4), ActorCritic(alpha=0.5, gamma=0.5, alpha_v=0.5, sees="nothing"), 0)
        log, _ = advance(run, 2, FOREVER, 2)
        theta = np.zeros(2)
        theta[log.action[1]], theta[1 - log.action[1]] = 0.5, -0.5
        assert run.memory.theta.tolist() == [theta.tolist(), theta.tolist(), [0, 0]]
        assert run.memory.v.tolist() == [2, 2, 0] and run.memory.pi[2].tolist() == [0, 0]
        assert (run.memory.pi[0] == run.memory.pi[1]).all()


class Softmax(Game):
    """A game played by a softmax of preferences, one row for each state or, for a blind agent, one for all."""

    def begin(self):
        self.there = available(self.mdp)
        blind = self.agent.sees == "nothing"
        self.row = np.zeros(len(self.there), int) if blind else np.arange(len(self.there))
        n_rows = 1 if blind else len(self.there)
        self.theta, self.v = np.zeros((n_rows, self.there.shape[1])), np.zeros(n_rows)

    def pi(self, s):
        theta = np.where(self.there[s], self.theta[self.row[s]], -np.inf)
        weight = np.exp(theta - theta.max())
        return weight / weight.sum()

    def act(self, s):
        """Returns an action, and grad ln pi of it."""
        pi = self.pi(s)
        a = int(np.searchsorted(np.cumsum(pi), uniform(self.seed, self.t, ACTION), side="right"))
        return a, (np.arange(len(pi)) == a) - pi


def reinforce(game):
    """Boxes of sections 13.3 and 13.4, with all gradients at the policy that acted, and whole episodes kept."""
    alpha, gamma, alpha_v = game.agent.alpha, game.agent.gamma, getattr(game.agent, "alpha_v", None)
    while True:
        s, over, episode = game.start(), False, []
        while not over:
            a, slope = game.act(s)
            r, s_next, terminated, over = game.take(s, a)
            episode.append((game.row[s], slope, r))
            s = s_next
            if not over:
                yield game
        before, g, returns = game.v.copy(), 0.0, []
        if alpha_v is not None and not terminated:
            g = before[game.row[s]]
        for _, _, r in reversed(episode):
            g = r + gamma * g
            returns.append(g)
        for k, ((row, slope, _), g) in enumerate(zip(episode, reversed(returns), strict=True)):
            game.theta[row] += alpha * gamma**k * (g - before[row]) * slope
            if alpha_v is not None:
                game.v[row] += alpha_v * (g - game.v[row])
        yield game


def actor_critic(game):
    """The boxes of section 13.5, with a trace of everything; those of one step have lambda 0."""
    agent, lam, lam_v = game.agent, getattr(game.agent, "lam", 0.0), getattr(game.agent, "lam_v", 0.0)
    while True:
        s, over, i = game.start(), False, 1.0
        z, z_v = np.zeros(game.theta.shape), np.zeros(game.v.shape)
        while not over:
            a, slope = game.act(s)
            r, s_next, terminated, over = game.take(s, a)
            delta = r + (0 if terminated else agent.gamma * game.v[game.row[s_next]]) - game.v[game.row[s]]
            z, z_v = agent.gamma * lam * z, agent.gamma * lam_v * z_v
            z[game.row[s]] += i * slope
            z_v[game.row[s]] += 1
            game.v += agent.alpha_v * delta * z_v
            game.theta += agent.alpha * delta * z
            i *= agent.gamma
            s = s_next
            yield game


BOXES = {Reinforce: reinforce, ReinforceBaseline: reinforce, ActorCritic: actor_critic, ActorCriticTraces: actor_critic}


@every_kind
@pytest.mark.parametrize("settings", SETTINGS, ids=("usual", "undiscounted", "blind"))
@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.slug)
def test_it_does_what_the_box_says(kind, world, settings):
    if kind is ActorCriticTraces:
        settings = settings | {"lam": 0.8, "lam_v": 0.3}
    agent, steps = kind(**settings), 700  # rounding grows tenfold every 150 steps where moves are large
    game = Softmax(world.mdp, agent, 3)
    game.begin()
    next(islice(BOXES[kind](game), steps - 1, None))
    run = Timeline(world, agent, 3)
    log, memory = run.steps(0, steps), run.at(steps).memory
    assert list(zip(log.state.tolist(), log.action.tolist(), strict=True)) == game.log
    acts, there = game.there.any(axis=1), game.there
    size = 1 + np.abs(game.theta).max()
    assert np.abs((memory.theta - game.theta[game.row])[there]).max() < 1e-9 * size
    if kind is not Reinforce:
        assert np.abs(memory.v - game.v[game.row])[acts].max() < 1e-9 * (1 + np.abs(game.v).max())
    if world is not WORLDS[1]:  # nobody comes to the end along the cliff so soon
        assert np.abs(memory.theta[there]).max() > 0


@pytest.mark.parametrize("sees", ["the state", "nothing"])
@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.slug)
def test_without_lambda_traces_are_the_method_of_one_step(world, sees):
    settings = {"alpha": 0.2, "alpha_v": 0.3, "gamma": 0.9, "sees": sees}
    one, other = (Timeline(world, agent, 2).at(2000).memory for agent in
                  (ActorCritic(**settings), ActorCriticTraces(lam=0.0, lam_v=0.0, **settings)))
    there = one.theta > -np.inf
    np.testing.assert_allclose(one.theta[there], other.theta[there], rtol=1e-9, atol=1e-10)
    np.testing.assert_allclose(one.v, other.v, rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.slug)
def test_a_critic_that_learns_nothing_leaves_plain_reinforce(world):
    agents = Reinforce(alpha=0.3), ReinforceBaseline(alpha=0.3, alpha_v=0.0)
    one, other = (Timeline(world, agent, 2) for agent in agents)
    assert same(one.steps(0, 3000), other.steps(0, 3000))
    assert np.array_equal(one.at(3000).memory.theta, other.at(3000).memory.theta)


@every_kind
def test_where_there_is_one_state_the_blind_see_all_there_is(kind):
    lucky = TableWorld((tuple(((0.5, 0, r, True), (0.5, 0, -r, True)) for r in (1.0, 3.0)),), (1.0,))
    one, other = (Timeline(lucky, kind(sees=sees), 4).at(500).memory for sees in ("the state", "nothing"))
    assert same(one, other)


class TestTheEstimate:
    """One episode's move is, on average, a step along the true gradient (S&B eq. 13.8), whatever the baseline."""

    WORLD, N = ShortCorridor(horizon=0), 3000

    def moves(self, kind, gamma, sees, values=None, alpha=2**-20):
        moves = []
        for seed in range(self.N):
            run = begin(self.WORLD, kind(alpha=alpha, gamma=gamma, sees=sees), seed)
            if values is not None:
                run.memory.v[:3] = values
            advance(run, FOREVER, 1)
            moves.append(run.memory.theta[:3] / alpha)
        return np.array(moves)

    @pytest.mark.parametrize(("gamma", "sees"), [(1.0, "the state"), (0.8, "the state"), (1.0, "nothing"),
                                                 (0.8, "nothing")])
    def test_of_whole_episodes_is_unbiased(self, gamma, sees):
        theta = np.zeros((1 if sees == "nothing" else 4, 2))
        exact = np.broadcast_to(exact_gradient(self.WORLD.mdp, theta, gamma), (4, 2))[:3]
        spread = []
        baseline = [-12, -10, -6] if sees == "the state" else [-9, -9, -9]
        for kind, values in ((Reinforce, None), (ReinforceBaseline, baseline)):
            moves = self.moves(kind, gamma, sees, values)
            assert np.abs(moves.mean(axis=0) - exact).max() < 5 * moves.std(axis=0).max() / np.sqrt(self.N)
            spread.append(moves.var(axis=0).sum())
        assert gamma < 1 or spread[1] < spread[0] / 2  # a baseline changes the variance

    def test_of_one_step_is_unbiased_where_the_critic_is_right(self):
        gamma, v = 0.8, np.zeros(4)
        exact = exact_gradient(self.WORLD.mdp, np.zeros((4, 2)), gamma)[:3]
        v[:] = exactly(self.WORLD, gamma, available(self.WORLD.mdp) / 2)[1]
        moves, agent = [], ActorCritic(alpha=2**-20, gamma=gamma, alpha_v=0.0)
        for seed in range(self.N):
            run = begin(self.WORLD, agent, seed)
            run.memory.v[:] = v
            advance(run, FOREVER, 1)
            moves.append(run.memory.theta[:3] * 2**20)
        moves = np.array(moves)
        assert np.abs(moves.mean(axis=0) - exact).max() < 5 * moves.std(axis=0).max() / np.sqrt(self.N)


@pytest.mark.parametrize(("world", "agent", "episodes", "short"), [
    (GridWorld(), ActorCritic(), 1000, 0.05), (GridWorld(), ActorCriticTraces(), 1000, 0.05),
    (ShortCorridor(), Reinforce(), 1000, 0.1), (ShortCorridor(), ReinforceBaseline(alpha=0.05), 1000, 0.1)],
    ids=lambda thing: getattr(thing, "slug", None))
def test_it_comes_near_the_optimum(world, agent, episodes, short):
    run = begin(world, agent, 1)
    advance(run, 10**6, episodes)
    worth, _, entropy = exactly(world, agent.gamma, run.memory.pi)
    best = solution(world, agent.gamma).start
    assert best - short < worth < best and entropy < 0.5


class TestEdits:
    def test_a_policy_is_handed_on_from_one_to_the_next(self):
        run = begin(ShortCorridor(), ActorCritic(alpha=0.3), 2)
        advance(run, 101)
        for kind in (*KINDS, AGENTS["ascent"], *KINDS[::-1]):
            new = changed(run, run.env, kind())
            assert all(np.array_equal(getattr(new.memory, name), getattr(run.memory, name))
                       for name in ("theta", "visits")), kind
            assert new.memory.pi == pytest.approx(run.memory.pi, abs=1e-15)
            if hasattr(run.memory, "v") and hasattr(new.memory, "v"):
                assert np.array_equal(new.memory.v, run.memory.v)
            advance(new, new.step + 40)
            run = new

    @every_kind
    def test_one_just_blinded_goes_by_the_preferences_of_where_it_was_most(self, kind):
        run = Timeline(FrozenLake(), kind(alpha=1.0), 2)
        before, after = (timeline.at(900).memory for timeline in (run, run.edited(900, sees="nothing")))
        most = before.visits.sum(axis=1).argmax()
        acts = ~FrozenLake().mdp.absorbing
        assert before.theta.any() and (after.theta[acts] == before.theta[most]).all()
        assert (after.pi[acts] == before.pi[most]).all() and not after.pi[~acts].any()
        later = run.edited(900, sees="nothing").edited(1500, alpha=0.3)
        assert np.array_equal(later.at(1500).memory.theta, run.edited(900, sees="nothing").at(1500).memory.theta)

    @every_kind
    def test_a_repainted_world_is_acted_in_where_it_is_open(self, kind):
        one, other = GridWorld(map="S.#./..../..HG", slip=0.2), GridWorld(map="S.../.#../..HG", slip=0.2)
        run = Timeline(one, kind(alpha=0.5), 1).edited(300, env=other)
        memory = run.at(300).memory
        assert ((memory.pi.sum(axis=1) > 0) == ~other.mdp.absorbing).all() and (memory.pi[2] == 0.25).all()
        for t in (300, 302, 2000):
            later = run.at(t).memory
            assert np.isfinite(later.theta).all() and not later.pi[5].any()
            assert kind is Reinforce or (later.v[other.mdp.absorbing] == 0).all()

    @every_critic
    def test_values_stay_0_where_nothing_goes_on(self, kind):
        for sees in ("the state", "nothing"):
            memory = Timeline(CliffWalking(), kind(sees=sees, alpha=0.01), 1).at(2000).memory
            assert (memory.v[CliffWalking().mdp.absorbing] == 0).all() and memory.v.any()


@every_kind
@pytest.mark.parametrize("sees", ["the state", "nothing"])
def test_preferences_that_run_away_stay_numbers(kind, sees):
    more = {"alpha_v": 1.0} if kind is not Reinforce else {}
    if kind is ActorCriticTraces:
        more |= {"lam": 1.0, "lam_v": 1.0}
    agent = kind(alpha=2.0, gamma=1.0, sees=sees, **more)
    for world in (replace(CliffWalking(), slippery="yes"), MaximisationBias(), ShortCorridor(horizon=500)):
        memory = Timeline(world, agent, 1).at(30_000).memory
        assert all(np.isfinite(array[array > -np.inf]).all() for array in memory)
        assert np.abs(memory.theta[memory.theta > -np.inf]).max() <= HUGE


@every_kind
def test_what_is_pending_of_an_episode_is_listed_and_nothing_else(kind):
    world = GridWorld(slip=0.3)
    timeline = Timeline(world, kind(), 3)
    log = timeline.steps(0, 400)
    for t in range(1, 400, 7):
        memory = timeline.at(t).memory
        if kind is ActorCritic:
            assert memory.weight[0] == pytest.approx(0.99 ** (log.k[t - 1] + 1))
            continue
        visited = {int(s) for s in log.state[t - 1 - log.k[t - 1] : t]}
        n, listed = ((memory.counts[0], memory.recent) if kind is ActorCriticTraces else (memory.first[0], memory.met))
        rows = {int(s) for s in listed[:n]}
        assert rows == set(np.flatnonzero(memory.listed).tolist()) and len(rows) == n
        assert rows <= visited if kind is ActorCriticTraces else rows == visited  # faint traces are forgotten
        shown = memory.trace if kind is ActorCriticTraces else memory.score
        assert set(np.flatnonzero(np.abs(shown).sum(axis=1)).tolist()) <= rows
