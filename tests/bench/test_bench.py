"""The benchmark compares like with like: its C loop does the same work bit for bit, and its tutorial loop learns."""

import importlib.util
import shutil

import gymnasium
import numpy as np
import pytest

from rl.agents import AGENTS
from rl.agents.control.q_learning import QLearning
from rl.bandit_study import Study
from rl.envs.frozen_lake import FrozenLake
from rl.planning import policy_values
from rl.run import FOREVER, advance, begin
from tests.bench import bandits, deep, in_c, neural, tutorial, tutorial_reinforce, tutorials
from tests.bench.learning import WORLDS

STEPS = 20_000


@pytest.mark.skipif(not shutil.which("gcc"), reason="needs gcc")
@pytest.mark.parametrize("name", WORLDS)
@pytest.mark.parametrize("agent", [QLearning(), QLearning(alpha=0.5, gamma=1.0, epsilon=0.3)], ids=["usual", "eager"])
def test_c_and_the_engine_agree_bit_for_bit(name: str, agent: QLearning) -> None:
    ours, theirs = (begin(WORLDS[name], agent, 7) for _ in range(2))
    log = advance(ours, STEPS, FOREVER, 0, STEPS)[1]
    log_in_c = in_c.advance(theirs, STEPS, STEPS)
    for mine, other in zip((*ours.memory, *ours.clock, *log[:2]), (*theirs.memory, *theirs.clock, *log_in_c[:2]),
                           strict=True):
        np.testing.assert_array_equal(mine, other)
    assert len(log) > 20


def test_the_tutorial_loop_learns_the_way_along_the_cliff() -> None:
    learned = tutorial.learn(gymnasium.make("CliffWalking-v1"), 15_000, 0.5, 1.0, 0.1, seed=0)
    assert np.mean(learned.returns[-50:]) > -80  # Sutton & Barto's figure 6.4 shows about -50 at epsilon 0.1
    assert np.mean(learned.returns[:10]) < -150


@pytest.mark.parametrize("slug", tutorials.LOOPS)
def test_the_plain_loops_learn_what_the_agents_do(slug: str) -> None:
    env = gymnasium.make("FrozenLake-v1", is_slippery=False)
    env.reset(seed=1)
    env.action_space.seed(1)
    if AGENTS[slug].learns == "q":
        q = tutorials.LOOPS[slug](env, AGENTS[slug](alpha=0.5, gamma=0.9, epsilon=0.5), 4000, np.random.default_rng(1))
        assert np.unravel_index(q.argmax(), q.shape) == (14, 2)  # right, into the goal
        assert q.max() == pytest.approx(1.0, abs=0.15)
    elif AGENTS[slug].learns == "pi":
        theta = tutorials.LOOPS[slug](env, AGENTS[slug](alpha=1.0, gamma=0.9), 8000, np.random.default_rng(1))
        s, way = 0, []
        while s not in way and s < 15:  # the likeliest actions lead to the goal, past the holes
            way.append(s)
            s = int(FrozenLake(success=1.0).mdp.next_state[s, theta[s].argmax(), 0])
        assert s == 15
    else:
        v = tutorials.LOOPS[slug](env, AGENTS[slug](alpha=0.05, gamma=0.9), 20_000, np.random.default_rng(1))
        mdp = FrozenLake(success=1.0).mdp
        assert v == pytest.approx(policy_values(mdp, np.full((16, 4), 0.25), 0.9), abs=0.15)


def test_the_books_bandit_loop_earns_what_ours_does() -> None:
    rewards = bandits.book(200, 200, 0.1, np.random.default_rng(3))
    study = Study(bandits.BED, (bandits.AGENT,), 2000, 200)
    while not study.advance(60.0):
        pass
    ours = study.result(bandits.AGENT).reward.mean[-50:].mean()
    assert rewards[:, -50:].mean() == pytest.approx(ours, abs=5 * 0.6 / np.sqrt(200))  # the arms differ


def test_the_plain_reinforce_learns_to_balance() -> None:
    """In 8,000 steps; random pushes last 22 steps on average."""
    env = gymnasium.make("CartPole-v1")
    env.reset(seed=2)
    returns = tutorial_reinforce.learn(env, neural.NetReinforce(), 8000, np.random.default_rng(2))
    assert np.mean(returns[:10]) < 50 and np.mean(returns[-10:]) > 100


def test_without_stable_baselines3_the_benchmark_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert [row[1:] for row in neural.against_sb3()] == [(neural.MISSING, ">= 10 x", None)] * 2


@pytest.mark.parametrize("name", neural.OURS)
def test_both_sides_of_the_comparison_have_the_same_settings(name: str) -> None:
    """Theirs are the arguments of Stable-Baselines3; whatever is not named there is its default, as ours here."""
    ours, theirs = neural.OURS[name], neural.THEIRS[name]
    assert (ours.alpha, ours.alpha_v, ours.gamma, ours.lam, ours.longest) == (0.0003, 0.0003, 0.99, 0.95, 0.5)
    assert (ours.width, ours.layers, ours.activation, ours.entropy) == (64, 2, "tanh", 0.0)
    assert ours.steps == theirs["n_steps"] and neural.STEPS % ours.steps == neural.THEIR_STEPS % ours.steps == 0
    if name == "PPO":
        assert (ours.batch, ours.epochs, ours.clip) == (theirs["batch_size"], theirs["n_epochs"], theirs["clip_range"])


def test_without_pytorch_the_benchmark_of_dqn_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert [row[1:] for row in deep.against_torch()] == [(neural.MISSING, ">= 25 x", None),
                                                         (neural.MISSING, ">= 10 x", None)]


def test_all_three_sides_of_the_comparison_of_dqn_have_the_same_settings() -> None:
    """Theirs are the arguments of Stable-Baselines3; the lean one reads ours."""
    ours, theirs = deep.OURS, deep.THEIRS
    assert (ours.alpha, ours.gamma, ours.batch) == (theirs["learning_rate"], theirs["gamma"], theirs["batch_size"])
    assert (ours.every, 1, ours.warmup) == (theirs["train_freq"], theirs["gradient_steps"], theirs["learning_starts"])
    assert (ours.capacity, ours.longest) == (theirs["buffer_size"], theirs["max_grad_norm"])
    assert (ours.target, 1.0, ours.period) == ("copied now and then", theirs["tau"], theirs["target_update_interval"])
    assert ours.schedule == "constant"
    assert ours.epsilon == theirs["exploration_initial_eps"] == theirs["exploration_final_eps"]
    assert [ours.width] * ours.layers == theirs["policy_kwargs"]["net_arch"] and ours.activation == "relu"
    assert (ours.loss, ours.double, ours.dueling, ours.draws, ours.n) == ("Huber", "off", "off", "evenly", 1)


def test_our_side_takes_a_gradient_step_for_each_step_after_the_warmup_and_learns() -> None:
    side = deep.ours()
    side.learn(4000)
    side.learn(4000)
    assert side.updates() == 7000 and side.weights == 4610  # (4 + 1) 64 + (64 + 1) 64 + (64 + 1) 2
    assert np.mean(side.returns()[-10:]) > 2 * np.mean(side.returns()[:10])
    rows = deep.same_work({"ours": side}, {"ours": 4000}), deep.both_learn({"ours": side})
    assert [row.met for row in rows] == [False, True]  # the benchmark would have taken more steps


def test_fifty_thousand_transitions_are_counted_with_their_sum_tree() -> None:
    """13 numbers of four bytes, a priority, and 2 x 65,536 sums of eight bytes."""
    assert [row.measured for row in deep.replay_bytes()] == ["2.8 MB", "3.85 MB"]
