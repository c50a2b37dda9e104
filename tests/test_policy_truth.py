"""A learned policy held against the exact solution, which is found by brute force or on paper."""

from dataclasses import replace

import numpy as np
import pytest

from rl import policy_truth
from rl.agents import AGENTS
from rl.agents.control.q_learning import QLearning
from rl.agents.policy.actor_critic import ActorCritic
from rl.agents.policy.reinforce import Reinforce
from rl.agents.policy.reinforce_baseline import ReinforceBaseline
from rl.envs.cliff_walking import CliffWalking
from rl.envs.five_by_five import FiveByFive
from rl.envs.frozen_lake import FrozenLake
from rl.envs.grid_world import GridWorld
from rl.envs.maximisation_bias import MaximisationBias
from rl.envs.short_corridor import ShortCorridor
from rl.envs.taxi import Taxi
from rl.envs.testbed import Testbed
from rl.figures.curves import Mark
from rl.figures.policy import critic_curve, entropy_curve, worth_curve
from rl.planning import policy_values, start_value
from rl.policy_truth import PolicyCurves, best_blind_value, exactly, mean_entropy, policy_curves
from rl.timeline import Timeline
from rl.truth import moments, solution
from tests.strategies import TableWorld

LAKE = Timeline(FrozenLake(), ActorCritic(alpha=1.0), 4).edited(700, alpha=0.3).edited(1500, gamma=0.9)
CORRIDOR = ShortCorridor()


def played_out(env, gamma, pi, steps=3000):
    """Values by plain sweeps, and the mean entropy by following where the start leads."""
    mdp, v = env.mdp, np.zeros(len(env.mdp.cdf))
    goes = np.where(mdp.terminal, 0.0, mdp.probability)
    for _ in range(steps):
        v = (pi * (mdp.probability * mdp.reward + gamma * goes * v[mdp.next_state]).sum(axis=2)).sum(axis=1)
    entropy = -(pi * np.log(np.where(pi > 0, pi, 1))).sum(axis=1)
    at, seen, total = mdp.start.copy(), 0.0, 0.0
    for k in range(steps):
        seen, total = seen + gamma**k * (at @ entropy), total + gamma**k * at.sum()
        ahead = np.zeros(len(at))
        np.add.at(ahead, mdp.next_state, at[:, None, None] * pi[:, :, None] * goes)
        at = ahead
    return v, seen / total


def test_every_curve_is_what_brute_force_finds():
    curves = policy_curves(LAKE, 2000, points=10)
    assert curves.step[[0, -1]].tolist() == [0, 2000] and {700, 1500} <= set(curves.step)
    for i, t in enumerate(curves.step.astype(int)):
        run = LAKE.at(t)
        v, entropy = played_out(run.env, run.agent.gamma, run.memory.pi)
        assert curves.episode[i] == run.episode and np.isnan(curves.blind[i])
        assert curves.worth[i] == pytest.approx(v[0], abs=1e-9)
        assert curves.optimum[i] == solution(run.env, run.agent.gamma).start
        assert curves.critic[i] == pytest.approx(np.abs(run.memory.v - v)[~run.env.mdp.absorbing].max(), abs=1e-9)
        assert curves.entropy[i] == pytest.approx(entropy, abs=1e-9)
    assert curves.entropy[0] == pytest.approx(np.log(4)) and np.ptp(curves.worth) > 0.005


@pytest.mark.parametrize(("env", "gamma"), [(GridWorld(slip=0.2), 0.95), (CORRIDOR, 1.0), (MaximisationBias(), 1.0)],
                         ids=lambda thing: getattr(thing, "slug", None))
def test_the_equations_and_the_sweeps_agree(env, gamma):
    pi = Timeline(env, ActorCritic(), 1).at(400).memory.pi
    worth, v, entropy = exactly(env, gamma, pi)
    assert worth == pytest.approx(start_value(env.mdp, policy_values(env.mdp, pi, gamma)), abs=1e-7)
    assert entropy == pytest.approx(mean_entropy(env.mdp, pi, gamma), abs=1e-6)
    swept, followed = played_out(env, gamma, pi)
    assert v[env.mdp.visitable] == pytest.approx(swept[env.mdp.visitable], abs=1e-6)
    assert entropy == pytest.approx(followed, abs=1e-6)


def test_the_policy_at_random_is_worth_in_the_lake_what_is_known():
    # Every one of 100 random walks in 71 finds the goal: .0139 without a discount (shared/REFERENCES: FrozenLake 4x4).
    curves = policy_curves(Timeline(FrozenLake(), Reinforce(gamma=1.0), 1), 0)
    assert curves.worth[0] == pytest.approx(0.0139, abs=5e-5) and curves.optimum[0] == pytest.approx(14 / 17)


class TestTheBestBlindPolicy:
    def test_of_the_short_corridor_is_the_one_of_the_book(self):
        # S&B example 13.1: about -11.6
        assert best_blind_value(CORRIDOR, 1.0) == pytest.approx(-6 - 4 * np.sqrt(2), abs=1e-9)
        curves = policy_curves(Timeline(CORRIDOR, Reinforce(gamma=1.0, sees="nothing"), 1), 100)
        assert (curves.blind == best_blind_value(CORRIDOR, 1.0)).all() and curves.worth[0] == pytest.approx(-12.0)
        assert (curves.optimum == -3).all()

    @pytest.mark.parametrize(("p", "value"), [(0.95, -44.21), (0.05, -82.11)])
    def test_is_better_than_the_books_epsilon_greedy_ones(self, p, value):
        pi = np.array([[1 - p, p]] * 3 + [[0.0, 0.0]])
        assert exactly(CORRIDOR, 1.0, pi)[0] == pytest.approx(value, abs=0.005)

    @pytest.mark.parametrize(("env", "gamma"), [(FrozenLake(), 0.99), (GridWorld(), 0.9), (CliffWalking(), 1.0)],
                             ids=lambda thing: getattr(thing, "slug", None))
    def test_is_beaten_by_none_of_many_others(self, env, gamma):
        best = best_blind_value(env, gamma)
        shares = np.random.default_rng(0).dirichlet(np.full(4, 0.5), 300)
        found = [exactly(env, gamma, np.where(env.mdp.absorbing[:, None], 0.0, share))[0] for share in shares]
        assert max(found) < best + 1e-9 and best < solution(env, gamma).start
        assert np.isfinite(best) and max(found) > best - 0.5 * abs(best)

    def test_shares_what_a_missing_action_would_get_among_the_others(self):
        # In A left leads to B, where all ten actions lose .1 on average; right ends. Left alone is missing nowhere.
        assert best_blind_value(MaximisationBias(), 1.0) == pytest.approx(0.0, abs=1e-9)

    def test_is_the_better_of_two_peaks(self):
        # All of action 0 is worth 1, all of action 1 is worth 1.1, and in between there is a valley.
        right = ((1.0, 2, 0.0, True),)
        table = ((((1.0, 1, 0.0, False),), ((1.0, 3, 0.0, False),)), (((1.0, 2, 1.0, True),), right),
                 (((1.0, 2, 0.0, True),),) * 2, (right, ((1.0, 2, 1.1, True),)))
        assert best_blind_value(TableWorld(table, (1.0, 0, 0, 0)), 1.0) == pytest.approx(1.1)

    def test_is_not_looked_for_in_a_large_world(self):
        assert np.isnan(best_blind_value(Taxi(), 0.9))


class TestWithoutAnEnd:
    def test_a_policy_that_never_arrives_is_worth_minus_infinity(self):
        pi = np.array([[1.0, 0.0]] * 3 + [[0.0, 0.0]])
        worth, v, entropy = exactly(CORRIDOR, 1.0, pi)
        assert worth == -np.inf and np.isneginf(v[:2]).all() and entropy == 0.0

    def test_one_that_hardly_ever_arrives_is_too(self):
        p = 1e-14
        assert exactly(CORRIDOR, 1.0, np.array([[1 - p, p]] * 3 + [[0.0, 0.0]]))[0] == -np.inf
        pi = np.array([[0.98, 0.0, 1e-12, 0.02 - 1e-12]] * 48)  # away from the goal, up and left, but for luck
        assert exactly(CliffWalking(), 1.0, np.where(CliffWalking().mdp.absorbing[:, None], 0, pi))[0] == -np.inf

    def test_what_is_paid_for_ever_is_infinite(self):
        curves = policy_curves(Timeline(FiveByFive(), ActorCritic(gamma=1.0, alpha=0.0), 1), 50)
        assert np.isinf(curves.worth).all() and np.isinf(curves.critic).all()
        assert curves.entropy == pytest.approx(np.log(4))  # of the steps of an episode without an end


@pytest.mark.parametrize(("states", "points"), [("LARGE", 5), ("HUGE", 3)])
def test_a_large_world_has_fewer_points(states, points, monkeypatch):
    run = Timeline(FrozenLake(), ActorCritic(), 5)
    usual = policy_curves(run, 320, 40)
    monkeypatch.setattr(policy_truth, states, 15)
    monkeypatch.setattr(policy_truth, "FEWER", 5)
    monkeypatch.setattr(policy_truth, "FEW", 3)
    fewer = policy_curves(run, 320, 40)
    assert len(fewer.step) == len(moments(320, points)) < len(usual.step) == len(moments(320, 40))
    shared = [list(usual.step).index(step) for step in fewer.step]
    assert np.allclose(fewer.worth, usual.worth[shared], atol=1e-9)


@pytest.mark.parametrize("slug", ["reinforce", "baseline", "ac", "aclambda", "ascent"])
def test_whoever_has_a_policy_is_judged(slug):
    curves = policy_curves(Timeline(CORRIDOR, AGENTS[slug](), 1), 60)
    assert np.isfinite(curves.worth).all() and np.isfinite(curves.entropy).all()
    assert np.isnan(curves.critic).all() == (slug in ("reinforce", "ascent"))


def test_whoever_has_none_is_told_so_and_a_world_without_a_table_too():
    with pytest.raises(TypeError, match=r"^Q-learning has no policy of its own, only values to act by\.$"):
        policy_curves(Timeline(CORRIDOR, QLearning(), 1), 60)
    with pytest.raises(TypeError, match="has no table of transitions"):
        policy_curves(Timeline(Testbed(), AGENTS["gradient"](), 1), 60)


def named(figure):
    return {trace.name: trace for trace in figure.data if trace.name}


class TestFigures:
    RUN = Timeline(CORRIDOR, ReinforceBaseline(gamma=1.0, alpha=2**-6, sees="nothing"), 1)

    def test_the_worth_is_drawn_under_both_optima(self):
        curves = policy_curves(self.RUN, 400)
        figure = worth_curve(curves, [Mark(3, "α → 0.1")], 4)
        lines = named(figure)
        assert list(lines) == ["optimal policy", "best blind policy", "policy now"]
        assert np.array_equal(lines["policy now"].y, curves.worth) and (lines["best blind policy"].y < -11.6).all()
        assert lines["policy now"].x[-1] == curves.episode[-1]
        assert len(figure.layout.shapes) == 2 and figure.layout.annotations[0].text == "α → 0.1"

    def test_there_is_no_blind_line_for_one_that_sees(self):
        seeing = policy_curves(Timeline(CORRIDOR, ReinforceBaseline(), 1), 400)
        assert list(named(worth_curve(seeing, [], 0))) == ["optimal policy", "policy now"]

    def test_a_policy_that_never_arrives_is_marked_below_the_line(self):
        x = np.arange(3.0)
        curves = PolicyCurves(x, x, np.array([-12.0, -np.inf, -14.0]), *np.full((4, 3), -3.0))
        lines = named(worth_curve(curves, [], 0))
        never = lines["policy never arrives (−∞)"]
        assert (list(never.x), list(never.y)) == ([1], [-14.0]) and np.isnan(lines["policy now"].y[1])
        for worth in (np.full(3, -np.inf), np.array([-np.inf, np.nan, np.inf])):
            nothing = replaced(curves, worth=worth, optimum=np.full(3, np.inf), blind=np.full(3, np.nan))
            assert "policy never arrives (−∞)" in named(worth_curve(nothing, [], 0))

    def test_critic_and_entropy_are_drawn_as_they_are(self):
        curves = policy_curves(self.RUN, 400)
        critic, entropy = critic_curve(curves, [], 1), entropy_curve(curves, [], 1)
        assert np.array_equal(critic.data[0].y, curves.critic) and np.array_equal(entropy.data[0].y, curves.entropy)
        assert "v_π" in critic.layout.yaxis.title.text and "nats" in entropy.layout.yaxis.title.text
        endless = replaced(curves, critic=np.full_like(curves.critic, np.inf))
        assert np.isnan(critic_curve(endless, [], 1).data[0].y).all()


def replaced(curves, **columns):
    return PolicyCurves(**(curves._asdict() | columns))


def test_curves_of_a_continued_run_keep_what_was_judged():
    run = Timeline(FrozenLake(), replace(ActorCritic(), alpha=0.5), 9)
    short, long = policy_curves(run, 1000, 20), policy_curves(run, 1200, 20)
    kept = [list(long.step).index(step) for step in short.step[:-1]]
    assert all(np.array_equal(a[:-1], b[kept], equal_nan=True) for a, b in zip(short, long, strict=True))


def test_a_moved_knob_leaves_the_past_as_it_was_judged(monkeypatch):
    run, asked = Timeline(FrozenLake(), ActorCritic(alpha=0.25), 9), []
    policy_curves(run, 1000, 20)
    monkeypatch.setattr(policy_truth, "exactly", lambda *args: asked.append(1) or exactly(*args))
    policy_curves(run.edited(1000, alpha=0.1), 1000, 20)
    assert len(asked) == 1  # the moment of the edit itself
