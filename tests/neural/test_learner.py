"""What the neural agents share: advantages, the order of learning, and whole updates against plain float64 ones."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rl.agents.neural.actor_critic import NetActorCritic
from rl.agents.neural.learner import (
    CLIPPED,
    DIVERGENCE,
    ENTROPY,
    EPISODES,
    ERROR,
    FILLED,
    NORM,
    ROWS,
    UPDATES,
    advantages,
    is_due,
    prepare,
    shuffle,
    standardise,
)
from rl.agents.neural.learning import MOST_EPOCHS
from rl.agents.neural.ppo import PPO
from rl.agents.neural.reinforce import NetReinforce
from rl.envs.acrobot import Acrobot
from rl.envs.cart import Cart
from rl.envs.mountain_car import MountainCar
from rl.knob import knobs
from rl.run import begin
from rl.tape import RUNNING, TERMINATED, TRUNCATED
from rl.timeline import Timeline
from tests.neural import reference
from tests.neural.reference import Adam, Batch

AGENT, WORLD = NetActorCritic(width=8), Cart()


def kept(ended, seed=0, **columns):
    """A memory that holds steps, random but for what is given, and room to judge them."""
    memory, random = begin(WORLD, AGENT, seed).memory, np.random.default_rng(seed)
    memory.counts[FILLED] = n = len(ended)
    for name, column in (("reward", random.normal(size=n)), ("judged", random.normal(size=n)),
                         ("ahead", random.normal(size=n)), ("ended", ended), *columns.items()):
        getattr(memory, name)[:n] = column
    nets = prepare(WORLD.model, 8, 2, 0, 4)
    nets.advantage[:] = nets.target[:] = 0.0  # a loop does not care what it finds there
    return memory, nets, n


@given(st.lists(st.sampled_from([RUNNING, RUNNING, RUNNING, TERMINATED, TRUNCATED]), min_size=1, max_size=30),
       st.sampled_from([0.0, 0.3, 0.95, 1.0]), st.sampled_from([0.0, 0.9, 0.99, 1.0]), st.integers(0, 99))
def test_advantages_are_the_sum_of_what_the_critic_missed(ended, lam, gamma, seed):
    memory, nets, n = kept(ended, seed)
    advantages(memory, nets, n, gamma, lam)
    expected = reference.generalised_advantages(
        *(column[:n] for column in (memory.reward, memory.judged, memory.ahead, memory.ended)), gamma, lam)
    assert nets.advantage[:n] == pytest.approx(expected, abs=1e-12)
    assert nets.target[:n] == pytest.approx(expected + memory.judged[:n], abs=1e-12)
    assert not nets.advantage[n:].any()


def test_an_advantage_by_hand():
    """Rewards 1, 1, 1, values 2, 3, 4, then the end; gamma .5, lambda .5.

    delta = 1 + .5 3 - 2 = .5, 1 + .5 4 - 3 = 0, 1 - 4 = -3; advantages -3, 0 - .75, .5 - .1875.
    """
    memory, nets, n = kept([0, 0, TERMINATED], reward=[1, 1, 1], judged=[2, 3, 4], ahead=[3, 4, 0])
    advantages(memory, nets, n, 0.5, 0.5)
    assert nets.advantage[:3].tolist() == [0.3125, -0.75, -3] and nets.target[:3].tolist() == [2.3125, 2.25, 1]


@pytest.mark.parametrize(("last", "ahead"), [(TERMINATED, 0.0), (TRUNCATED, 5.0), (RUNNING, 5.0)])
def test_lambda_1_is_the_return_and_what_the_critic_says_lies_beyond_a_cut(last, ahead):
    """Two steps of one episode, then two of another that is over, cut by a time limit, or only cut off here."""
    memory, nets, n = kept([0, TERMINATED, 0, last], reward=[1, 2, 3, 4], judged=[9, 8, 7, 6], ahead=[8, 0, 6, ahead])
    advantages(memory, nets, n, 0.5, 1.0)
    assert nets.target[:4].tolist() == [2, 2, 3 + 0.5 * (4 + 0.5 * ahead), 4 + 0.5 * ahead]


def test_lambda_0_looks_one_step_ahead_and_a_short_sight_none():
    memory, nets, n = kept([0, TRUNCATED, 0, TERMINATED], ahead=[1, 2, 3, 0])
    advantages(memory, nets, n, 0.5, 0.0)
    assert nets.target[:4] == pytest.approx(memory.reward[:4] + 0.5 * memory.ahead[:4])
    advantages(memory, nets, n, 0.0, 1.0)
    assert nets.target[:4] == pytest.approx(memory.reward[:4])


def test_standard_advantages_have_mean_0_and_deviation_1():
    advantage = np.array([4.0, 8, 4, 8, 99])
    standardise(advantage, 4)
    assert advantage == pytest.approx([-1, 1, -1, 1, 99])
    equal = np.full(3, 5.0)
    standardise(equal, 3)
    assert not equal.any()


@given(st.integers(1, 200), st.integers(0, 2**31 - 1), st.integers(0, 10**6))
def test_a_shuffle_is_a_permutation_that_leaves_the_rest_alone(n, seed, number):
    order = np.full(201, -1)
    shuffle(order, n, seed, number)
    assert sorted(order[:n]) == list(range(n)) and (order[n:] == -1).all()


def test_every_order_of_three_is_as_likely_and_the_next_epochs_differs():
    order, orders = np.zeros(3, int), []
    for number in range(6000):
        shuffle(order, 3, 5, number)
        orders.append(tuple(order))
    counts = np.unique(orders, axis=0, return_counts=True)[1]
    assert len(counts) == 6 and np.abs(counts - 1000).max() < 5 * (6000 * 5 / 36) ** 0.5
    long = np.zeros((2, 64), int)
    for epoch in range(2):
        shuffle(long[epoch], 64, 5, 7 * MOST_EPOCHS + epoch)
    assert (long[0] != long[1]).any() and knobs(PPO)["epochs"][1].high < MOST_EPOCHS  # or two updates' would be equal


@pytest.mark.parametrize("world", [Cart(), Acrobot(), MountainCar()], ids=["cart", "acrobot", "mountaincar"])
@pytest.mark.parametrize("kind", [NetReinforce, NetActorCritic, PPO], ids=lambda kind: kind.slug)
def test_a_new_policy_takes_all_actions_with_nearly_the_same_chance(kind, world):
    for seed in range(5):
        for layers, activation in ((1, "relu"), (2, "tanh"), (3, "relu")):
            agent = kind(width=32, layers=layers, activation=activation)
            pi = Timeline(world, agent, seed).at(1).memory.pi[0]
            assert pi.sum() == pytest.approx(1) and np.abs(pi - 1 / len(pi)).max() < 0.02
            assert len(set(pi)) > 1


@pytest.mark.parametrize(("filled", "episodes", "steps", "after", "due"), [
    (31, 0, 32, ROWS, False), (32, 0, 32, ROWS, True), (500, 0, 32, ROWS, True), (500, 1, ROWS, 2, False),
    (500, 2, ROWS, 2, True), (ROWS - 2, 0, ROWS, 2, False), (ROWS - 1, 0, ROWS, 2, True)])
def test_it_is_time_to_learn_after_so_many_steps_or_episodes_or_when_there_is_no_room(
        filled, episodes, steps, after, due):
    memory = begin(WORLD, AGENT, 0).memory
    memory.counts[:] = filled, episodes, 3
    assert is_due(memory, steps, after) == due


class Twin:
    """The same two nets in float64, with Adam's numbers as a memory has them."""

    def __init__(self, run):
        memory, agent = run.memory, run.agent
        shapes, activation = agent.shapes(run.env.model), agent.nets()[2]
        self.actor_net, self.critic_net = ((tuple(sizes), activation) for sizes in shapes)
        steps = [round(np.log(power) / np.log(0.9)) for power in memory.decay[::2]]
        self.actor, self.critic = (
            Adam(flat, *(m.astype(np.float64) for m in moments), t) for flat, moments, t in zip(
                (memory.actor, memory.critic),
                ((memory.actor_mean, memory.actor_square), (memory.critic_mean, memory.critic_square)),
                steps, strict=True))

    def learn(self, batch, target, agent, loss):
        """Moves both nets once; returns the policy it began with, the norm of its slope, and the critic's error."""
        logits = reference.out(self.actor.theta, *self.actor_net, batch.x)
        g = reference.slope(self.actor.theta, *self.actor_net, batch.x, reference.by_rows(loss, logits))
        self.actor.step(reference.cut_to(g, agent.longest), agent.alpha)
        values = reference.out(self.critic.theta, *self.critic_net, batch.x)
        h = reference.slope(self.critic.theta, *self.critic_net, batch.x, (values - target[:, None]) / len(target))
        self.critic.step(reference.cut_to(h, agent.longest), agent.alpha_v)
        return reference.policy(logits), np.sqrt((g**2).sum()), ((values[:, 0] - target) ** 2).mean()


def before_and_after(run, t):
    """The twin of what was there before the update of step ``t - 1``, the memory after it, and what it learned from."""
    before, after = run.at(t - 1), run.at(t).memory
    n, agent = before.memory.counts[FILLED] + 1, run.agent
    assert after.counts.tolist() == [0, 0, before.memory.counts[UPDATES] + 1]
    log = run.steps(t - n, t)
    assert same_columns(after, log, n)
    lam = getattr(agent, "lam", 1.0)
    advantage = reference.generalised_advantages(
        *(column[:n] for column in (after.reward, after.judged, after.ahead, after.ended)), agent.gamma, lam)
    batch = Batch(after.sight[:n].astype(np.float64), after.action[:n], advantage, after.chance[:n])
    return Twin(before), after, batch, advantage + after.judged[:n]


def same_columns(memory, log, n):
    """Tells whether the steps kept are those of the log."""
    pairs = ((memory.action, log.action), (memory.reward, log.reward), (memory.ended, log.ended),
             (memory.chance, log.chance), (memory.judged, log.baseline))
    return all((ours[:n] == theirs).all() for ours, theirs in pairs)


def check_nets(twin, memory, within):
    assert memory.actor == pytest.approx(twin.actor.theta, abs=within)
    assert memory.critic == pytest.approx(twin.critic.theta, abs=within)


ONCE = {
    "actor-critic": (Cart(), NetActorCritic(width=16), 64),
    "its third update, ReLU": (Cart(), NetActorCritic(width=12, layers=3, activation="relu", entropy=0.1), 192),
    "cut short, on the acrobot": (Acrobot(horizon=13), NetActorCritic(width=16, steps=40, lam=0.5, longest=0.05), 80),
    "one step at a time": (Cart(), NetActorCritic(width=8, steps=1), 5),
    "REINFORCE, an episode cut short": (Acrobot(horizon=30), NetReinforce(width=12, entropy=0.02), 60),
    "REINFORCE, two episodes": (Cart(horizon=9), NetReinforce(width=12, batch=2, longest=100.0), 18),
}


@pytest.mark.parametrize(("world", "agent", "t"), ONCE.values(), ids=ONCE)
def test_an_update_is_that_of_a_textbook_in_float64(world, agent, t):
    """-mean (A ln pi + bonus H) and the mean of (V - target)^2 / 2, each cut to the longest norm, then Adam."""
    twin, memory, batch, target = before_and_after(Timeline(world, agent, 2), t)
    assert np.abs(memory.actor - twin.actor.theta).max() > 0.5 * agent.alpha
    pi, norm, error = twin.learn(batch, target, agent, lambda out: reference.policy_loss(out, batch, agent.entropy))
    check_nets(twin, memory, 1e-5)
    spread = -(pi * np.log(pi)).sum(1).mean()
    assert memory.report[[ENTROPY, NORM, ERROR]] == pytest.approx([spread, norm, error], rel=1e-4)
    assert memory.report[[CLIPPED, DIVERGENCE]] == pytest.approx([0, 0], abs=1e-9)


@pytest.mark.parametrize("changes", [
    {}, {"clip": 0.01, "alpha": 0.02}, {"entropy": 0.1, "batch": 48, "activation": "relu"}], ids=str)
def test_an_update_of_ppo_is_that_of_algorithm_1_in_float64(changes):
    """Three passes in small batches, in our order; 40 is no multiple of 16. The report adds up all small batches."""
    agent = replace(PPO(width=12, steps=40, batch=16, epochs=3), **changes)
    run, t = Timeline(Acrobot(horizon=23), agent, 4), 120
    twin, memory, batch, target = before_and_after(run, t)
    batch = batch._replace(advantage=(batch.advantage - batch.advantage.mean()) / (batch.advantage.std() + 1e-8))
    order, report = np.zeros(40, int), np.zeros(5)
    for epoch in range(3):
        shuffle(order, 40, run.seed, (memory.counts[UPDATES] - 1) * MOST_EPOCHS + epoch)
        for start in range(0, 40, agent.batch):
            rows = order[start : start + agent.batch]
            part = Batch(*(column[rows] for column in batch))
            pi, norm, error = twin.learn(part, target[rows], agent, lambda out, part=part: reference.clipped_loss(
                out, part, agent.entropy, agent.clip))
            ratio = pi[np.arange(len(rows)), part.a] / part.before
            clipped = np.where(part.advantage > 0, ratio > 1 + agent.clip, ratio < 1 - agent.clip)
            report += len(rows) / 120 * np.array([
                -(pi * np.log(pi)).sum(1).mean(), norm, clipped.mean(), (ratio - 1 - np.log(ratio)).mean(), error])
    check_nets(twin, memory, 2e-5)
    assert memory.report == pytest.approx(report, rel=1e-3, abs=1e-6)
    assert (memory.report[CLIPPED] > 0.2) == (agent.clip == 0.01)


def test_the_steps_kept_are_what_the_body_showed_and_the_critic_said():
    agent = NetActorCritic(width=12, steps=64, alpha_v=0.05)
    run = Timeline(Acrobot(horizon=25), agent, 3)
    memory, twin = run.at(127).memory, Twin(run.at(64))
    bodies = np.array([run.at(t).memory.body for t in range(64, 127)])
    assert memory.counts.tolist() == [63, 3, 1]
    sight = np.stack([np.cos(bodies[:, 0]), np.sin(bodies[:, 0]), np.cos(bodies[:, 1]), np.sin(bodies[:, 1]),
                      bodies[:, 2], bodies[:, 3]], 1)
    assert memory.sight[:63] == pytest.approx(sight, abs=1e-6)
    values = reference.out(twin.critic.theta, *twin.critic_net, sight)[:, 0]
    pi = reference.policy(reference.out(twin.actor.theta, *twin.actor_net, sight))
    assert memory.judged[:63] == pytest.approx(values, abs=1e-5)
    assert memory.chance[:63] == pytest.approx(pi[np.arange(63), memory.action[:63]], abs=1e-6)
    goes_on = memory.ended[:62] == RUNNING
    assert (memory.ahead[:62][goes_on] == memory.judged[1:63][goes_on]).all() and goes_on.sum() == 59
    assert np.isfinite(memory.ahead[:63]).all() and (memory.ahead[:63] != 0).all()  # cut short, it has a value


def test_a_termination_has_nothing_ahead():
    memory = Timeline(Cart(), NetActorCritic(width=8, steps=512), 1).at(400).memory
    over = memory.ended[:400] == TERMINATED
    assert memory.counts[EPISODES] == over.sum() > 5
    assert ((memory.ahead[:400] == 0) == over).all()
