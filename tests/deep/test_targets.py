"""What a deep Q-network learns from a batch, variant by variant: targets and slopes by hand, and against float64."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rl.agents.deep.base import BY_ERROR, HUBER, ON
from rl.agents.deep.learning import (
    AVERAGED,
    COPIED,
    NONE,
    aim,
    draw,
    follow,
    improve,
    target_of,
    value_slopes,
)
from rl.agents.deep.memory import BATCH, FILLED, TRAIL, UPDATES, evaluate, read_values, remember
from rl.agents.dqn import DQN
from rl.envs.acrobot import Acrobot
from rl.envs.cart import Cart
from rl.envs.maximisation_bias import MaximisationBias
from rl.replay import ENDED, build, latest, leaves_of, power
from rl.tape import RUNNING, TERMINATED, TRUNCATED
from tests.deep import reference as dqn
from tests.deep.reference import put_table, stage, transition
from tests.neural import reference
from tests.strategies import TableWorld

FOUR = TableWorld((((((1.0, 0, 0.0, False),),) * 2,) * 4), (1.0, 0.0, 0.0, 0.0))
TABLE = DQN(width=4, layers=1, gamma=0.5, capacity=20, longest=100.0)
Q = np.array([[1, 2], [3, 5], [-1, 4], [0, 0.0]])
JUDGED = np.array([[10, 20], [7, 6], [8, -2], [1, 0.0]])
ADVANTAGES = np.array([[1, 3, 10], [4, 0, -2], [2, 2, 1], [0, 8, 0.0]])  # two advantages and the value of the state
BATCH_BY_HAND = [transition(0, 1, 1.0, 1), transition(1, 0, -2.0, 2), transition(2, 1, 3.0, 0, ended=TERMINATED),
                 transition(3, 0, 4.0, 2, ended=TRUNCATED), transition(0, 0, 5.0, 1, steps=3)]


def by_hand(agent=TABLE, rows=BATCH_BY_HAND, **more):
    """A batch of transitions between four states, of which net and target net say what the tables above say."""
    memory, nets, scene = stage(agent, FOUR, rows, **more)
    put_table(memory.net, Q)
    put_table(memory.target, JUDGED)
    return memory, nets, scene


def wanted(agent, **more):
    memory, nets, scene = by_hand(agent, **more)
    aim(memory, nets, scene, agent.gamma, agent.double == ON)
    return memory.wanted[: memory.counts[BATCH]].tolist()


def improved(agent, memory, nets, scene):
    """Takes a gradient step; returns the slope it took."""
    improve(memory, nets, scene, agent.alpha, agent.longest, agent.loss == HUBER, agent.draws == BY_ERROR, agent.favour)
    return nets.room.slope.astype(np.float64)


def test_targets_by_hand():
    """1 + .5 max(7, 6), -2 + .5 max(8, -2), 3 alone, 4 + .5 max(8, -2), 5 + .125 max(7, 6)."""
    assert wanted(TABLE) == [4.5, 2.0, 3.0, 8.0, 5.875]


def test_double_dqn_lets_one_choose_and_the_other_judge():
    """The net prefers action 1 in states 1 and 2, of which the target net thinks 6 and -2."""
    assert wanted(replace(TABLE, double="on")) == [4.0, -3.0, 3.0, 3.0, 5.75]


@pytest.mark.parametrize(("gamma", "expected"), [(0.0, [1, -2, 3, 4, 5]), (1.0, [8, 6, 3, 12, 12])])
def test_a_discount_of_0_or_1(gamma, expected):
    assert wanted(replace(TABLE, gamma=gamma)) == expected


def test_a_termination_ends_the_future_and_a_time_limit_does_not():
    ends = [transition(0, 0, 1.0, 1, ended=ended) for ended in (RUNNING, TERMINATED, TRUNCATED)]
    assert wanted(TABLE, rows=ends) == [4.5, 1.0, 4.5]
    ends = [transition(0, 0, 1.0, 1, 10, ended) for ended in (RUNNING, TERMINATED, TRUNCATED)]
    assert wanted(TABLE, rows=ends) == [1 + 7 * 0.5**10, 1.0, 1 + 7 * 0.5**10]


@pytest.mark.parametrize("n", [1, 3, 10])
def test_a_target_of_n_steps_looks_at_the_net_n_steps_ahead(n):
    assert wanted(TABLE, rows=[transition(0, 0, 1.0, 1, n)]) == [1 + 0.5**n * 7]
    assert wanted(replace(TABLE, double="on"), rows=[transition(0, 0, 1.0, 1, n)]) == [1 + 0.5**n * 6]


def test_values_of_dueling_heads_by_hand():
    """10 + (1, 3) - 2, -2 + (4, 0) - 2, 1 + (2, 2) - 2, 0 + (0, 8) - 4."""
    agent = replace(TABLE, dueling="on")
    memory, nets, scene = stage(agent, FOUR, BATCH_BY_HAND)
    put_table(memory.net, ADVANTAGES)
    found = np.empty((4, 2))
    for s in range(4):
        nets.seen[0] = s
        evaluate(memory.net, nets, scene, nets.room, nets.seen, found[s])
    assert found.tolist() == [[9, 11], [0, -4], [1, 1], [-4, 4]]


def test_targets_of_dueling_heads_by_hand():
    """The target net judges state 1 at (0, -4), state 2 at (1, 1); the net prefers action 1 in state 1."""
    for double, expected in (("off", [1.0, -1.5, 3.0, 4.5, 5.0]), ("on", [-1.0, -1.5, 3.0, 4.5, 4.5])):
        agent = replace(TABLE, dueling="on", double=double)
        memory, nets, scene = stage(agent, FOUR, BATCH_BY_HAND)
        put_table(memory.target, ADVANTAGES)
        put_table(memory.net, ADVANTAGES[:, [1, 0, 2]])
        aim(memory, nets, scene, 0.5, double == "on")
        assert memory.wanted[:5].tolist() == expected


@pytest.mark.parametrize("dueling", [False, True])
def test_the_slope_in_what_comes_out_of_a_net_is_that_of_its_value(dueling):
    agent = replace(TABLE, dueling="on" if dueling else "off")
    nets = stage(agent, Acrobot(), np.zeros((1, 17), np.float32))[1]
    out, found = np.array([[0.3, -0.7, 1.1, 2.0][: 3 + dueling]], np.float32), np.zeros((1, 3 + dueling), np.float32)
    for a in range(3):
        value_slopes(nets, -1.5, a, found, 0)
        exact = reference.differences(lambda flat, a=a: -1.5 * dqn.heads(flat[None], 3, dueling)[0, a], out[0])
        assert found[0] == pytest.approx(exact, abs=1e-6)
        read_values(nets, out, 0, nets.ahead)
        assert nets.ahead == pytest.approx(dqn.heads(out.astype(float), 3, dueling)[0], abs=1e-6)


def test_a_slope_by_hand():
    """Errors y - Q: 2.5, -1, -1, 8, 4.875; a fifth of each, downhill, into its own entry of the table."""
    memory, nets, scene = by_hand()
    aim(memory, nets, scene, 0.5, False)
    slope = improved(TABLE, memory, nets, scene)
    last = slope[20:28].reshape(4, 2)
    assert last == pytest.approx(np.array([[-4.875, -2.5], [1, 0], [0, 1], [-8, 0]]) / 5, abs=1e-6)
    assert memory.valued[:5].tolist() == [2, 3, 4, 0, 1] and memory.counts[UPDATES] == 1
    assert slope[28:] == pytest.approx(last.sum(0), abs=1e-6)


def test_hubers_loss_pulls_no_harder_beyond_an_error_of_1():
    memory, nets, scene = by_hand(replace(TABLE, loss=HUBER))
    memory.wanted[:5] = np.array([2, 3, 4, 0, 1]) + np.array([2.5, -1, -0.25, 8, -4])
    slope = improved(replace(TABLE, loss=HUBER), memory, nets, scene)[20:28].reshape(4, 2)
    assert slope == pytest.approx(np.array([[1, -1], [1, 0], [0, 0.25], [-1, 0]]) / 5, abs=1e-6)
    assert memory.report[0] == pytest.approx((2 + 0.5 + 0.25**2 / 2 + 7.5 + 3.5) / 5)
    memory, nets, scene = by_hand()
    memory.wanted[:5] = np.array([2, 3, 4, 0, 1]) + np.array([2.5, -1, -0.25, 8, -4])
    improved(TABLE, memory, nets, scene)
    assert memory.report[0] == pytest.approx((2.5**2 + 1 + 0.25**2 + 64 + 16) / 10)


def test_the_report_says_what_the_batch_was_like():
    """Mean |error| 17.375 / 5, Q 10 / 5, target 23.375 / 5, one ending in five; the norm is that before it is cut."""
    agent = replace(TABLE, longest=0.01)
    memory, nets, scene = by_hand(agent)
    memory.report[:] = 99.0
    aim(memory, nets, scene, 0.5, False)
    slope = improved(agent, memory, nets, scene)
    squares = 2.5**2 + 1 + 1 + 64 + 4.875**2
    rows = dqn.taken_apart(scene, memory.rows[:5])
    flat = np.zeros_like(memory.net)
    put_table(flat, Q)
    whole = dqn.slope(flat, agent, scene, rows, memory.wanted[:5], np.ones(5))
    expected = [squares / 10, 17.375 / 5, np.linalg.norm(whole), 2.0, 23.375 / 5, 0.2]
    assert memory.report == pytest.approx(expected, rel=1e-6)
    assert np.linalg.norm(slope) == pytest.approx(0.01, rel=1e-5)


def test_importance_weights_scale_what_each_pulls():
    memory, nets, scene = by_hand()
    memory.weight[:5] = 1.0, 0.5, 0.25, 0.125, 0.0
    aim(memory, nets, scene, 0.5, False)
    last = improved(TABLE, memory, nets, scene)[20:28].reshape(4, 2)
    assert last == pytest.approx(np.array([[0, -2.5], [0.5, 0], [0, 0.25], [-1, 0]]) / 5, abs=1e-6)
    assert memory.report[1] == pytest.approx(17.375 / 5)  # what is reported is not weighted


def test_what_is_drawn_twice_pulls_twice():
    memory, nets, scene = by_hand(picked=[0, 0, 1, 0])
    aim(memory, nets, scene, 0.5, False)
    last = improved(TABLE, memory, nets, scene)[20:28].reshape(4, 2)
    assert last == pytest.approx(np.array([[0, -7.5], [1, 0], [0, 0], [0, 0]]) / 4, abs=1e-6)


def test_errors_become_priorities():
    agent = replace(TABLE, draws=BY_ERROR, favour=0.5)
    memory, nets, scene = by_hand(agent, picked=[0, 3, 3])
    aim(memory, nets, scene, 0.5, False)
    improved(agent, memory, nets, scene)
    assert memory.priority[:5] == pytest.approx([(2.5 + 1e-5) ** 0.5, 1, 1, (8 + 1e-5) ** 0.5, 1])
    assert memory.highest[0] == memory.priority[3] and not memory.priority[5:].any()
    tree = np.empty(2 * leaves_of(20))
    build(memory.priority, tree)
    assert tree.tobytes() == nets.tree.tobytes()


def test_an_error_of_nothing_is_not_forgotten_and_one_that_is_no_number_changes_none():
    agent = replace(TABLE, draws=BY_ERROR, favour=1.0)
    memory, nets, scene = by_hand(agent, picked=[0, 1, 2])
    memory.wanted[:3] = 2.0, np.inf, np.nan  # the first is what the net says
    before = memory.net.copy()
    improved(agent, memory, nets, scene)
    assert memory.priority[:3] == pytest.approx([1e-5, 1, 1]) and memory.highest[0] == 1
    assert np.array_equal(memory.net, before) and memory.report[2] == 0.0 and nets.tree[1] > 4


def test_without_favour_all_priorities_are_equal():
    agent = replace(TABLE, draws=BY_ERROR, favour=0.0)
    memory, nets, scene = by_hand(agent)
    aim(memory, nets, scene, 0.5, False)
    improved(agent, memory, nets, scene)
    assert (memory.priority[:5] == 1).all() and nets.tree[1] == 5


@pytest.mark.parametrize("draws", ["evenly", BY_ERROR])
def test_a_batch_is_drawn_from_what_is_there(draws):
    agent = replace(TABLE, draws=draws)
    memory, nets, scene = by_hand(agent)
    memory.priority[:5] = 0, 1, 0, 2, 0
    nets = dqn.room(agent, scene, memory, 200)
    memory.weight[:] = 99.0
    draw(memory, nets, 200, draws == BY_ERROR, 1.0, 3, 4)
    found = np.bincount(memory.picked[:200], minlength=5)
    assert memory.counts[BATCH] == 200 and len(found) == 5 and (memory.weight[200:] == 99).all()
    if draws == BY_ERROR:  # 5/3 and 10/3 times as often as evenly: weights .6 and .3, over .6
        assert (found > 0).tolist() == [False, True, False, True, False]
        assert found[3] == pytest.approx(2 * found[1], abs=2)
        assert memory.weight[:200] == pytest.approx(np.where(memory.picked[:200] == 1, 1.0, 0.5))
    else:
        assert (found > 20).all() and (memory.weight[:200] == 1).all()


def moved(follows, period=1, tau=0.0, updates=1):
    memory = by_hand()[0]
    memory.counts[UPDATES] = updates
    before = memory.target.copy()
    follow(memory, follows, period, tau)
    return before, memory.net, memory.target


def test_limits_of_the_running_average():
    before, net, target = moved(AVERAGED, tau=0.0)
    assert np.array_equal(target, before) and not np.array_equal(target, net)
    before, net, target = moved(AVERAGED, tau=1.0)
    assert target == pytest.approx(net, abs=1e-6)
    before, net, target = moved(AVERAGED, tau=0.25)
    assert target == pytest.approx(0.75 * before + 0.25 * net, abs=1e-6)


def test_a_running_average_after_k_steps_holds_1_less_tau_to_the_k_of_what_it_was():
    memory, _, _ = by_hand()
    before = memory.target.astype(np.float64)
    for _ in range(40):
        follow(memory, AVERAGED, 1, 0.1)
    assert memory.target == pytest.approx(memory.net + 0.9**40 * (before - memory.net), abs=1e-5)


@pytest.mark.parametrize(("period", "copies"), [(1, [1, 2, 3, 4, 5, 6, 7]), (3, [3, 6]), (7, [7]), (10, [])])
def test_a_copy_is_made_every_so_many_gradient_steps(period, copies):
    found = []
    for updates in range(1, 8):
        before, net, target = moved(COPIED, period, 0.5, updates)
        assert np.array_equal(target, net) or np.array_equal(target, before)
        found += [updates] if np.array_equal(target, net) else []
    assert found == copies


def test_without_a_target_net_the_one_that_learns_is_its_own_judge():
    _, net, target = moved(NONE, 10_000)
    assert np.array_equal(net, target) and not np.shares_memory(net, target)


VARIANTS = [dict(zip(("double", "dueling", "loss", "activation", "layers"), values, strict=True)) for values in (
    ("off", "off", "squared", "relu", 2), ("on", "off", "squared", "tanh", 2), ("off", "on", HUBER, "tanh", 1),
    ("on", "on", HUBER, "relu", 3), ("off", "on", "squared", "tanh", 3), ("off", "off", HUBER, "tanh", 2))]


def random_rows(scene, n, seed=1):
    random, rows = np.random.default_rng(seed), []
    for _ in range(n):
        before, after = random.normal(size=(2, scene.kept)) if len(scene.looks) == 0 else random.integers(
            len(scene.looks), size=(2, 1))
        rows.append(transition(before, random.integers(2), random.normal(0, 3), after, random.integers(1, 11),
                               random.choice([RUNNING, RUNNING, TERMINATED, TRUNCATED])))
    return rows


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda v: "-".join(map(str, v.values())))
@pytest.mark.parametrize("world", [Cart(), Acrobot(), FOUR, MaximisationBias()], ids=lambda world: world.slug)
def test_the_whole_step_is_that_of_float64(world, variant):
    """Targets, the slope in every weight, by the book and by differences, and where Adam takes the net with it."""
    agent = DQN(width=6, gamma=0.9, capacity=30, longest=0.05, alpha=0.003, **variant)
    memory, nets, scene = stage(agent, world, random_rows(agent.model_of(world), 30), [7, 3, 29, 7, 0, 11, 12], seed=4)
    memory.weight[:7] = np.linspace(0.1, 1, 7)
    before, rows = memory.net.astype(np.float64), dqn.taken_apart(scene, memory.rows[memory.picked[:7]])
    expected = dqn.targets(before, memory.target, agent, scene, rows)
    aim(memory, nets, scene, agent.gamma, agent.double == ON)
    assert memory.wanted[:7] == pytest.approx(expected, abs=1e-5)
    slope = improved(agent, memory, nets, scene)
    exact = dqn.slope(before, agent, scene, rows, expected, memory.weight[:7])
    assert exact == pytest.approx(reference.differences(
        lambda flat: dqn.loss(flat, agent, scene, rows, expected, memory.weight[:7]), before), abs=1e-6)
    assert memory.report[2] == pytest.approx(np.linalg.norm(exact), rel=1e-4) and np.linalg.norm(exact) > 0.05
    assert slope == pytest.approx(reference.cut_to(exact, 0.05), abs=1e-5)
    adam = reference.Adam(before)
    adam.step(reference.cut_to(exact, 0.05), 0.003)
    far = np.abs(slope) > 1e-5  # where it is nearly 0, its sign may be lost, and Adam's first step with it
    assert memory.net[far] == pytest.approx(adam.theta[far], abs=1e-5)
    assert memory.valued[:7] == pytest.approx(
        dqn.values(before, agent, scene, rows.before)[np.arange(7), rows.a], abs=1e-5)


def test_an_action_that_is_missing_is_never_looked_ahead_to():
    world = MaximisationBias()
    there = ~world.mdp.missing
    s = int(np.flatnonzero((there.sum(1) > 1) & (there.sum(1) < there.shape[1]))[0])
    for double in ("off", "on"):
        agent = DQN(width=len(there), layers=1, gamma=1.0, capacity=5, double=double)
        memory, nets, scene = stage(agent, world, [transition(s, 0, 0.0, s)])
        table = np.where(there, np.arange(there.shape[1]), 1000.0)
        put_table(memory.net, table)
        put_table(memory.target, table)
        aim(memory, nets, scene, 1.0, double == "on")
        assert memory.wanted[0] == np.flatnonzero(there[s])[-1] < 1000


def test_the_target_of_a_single_step_is_the_one_its_transition_has():
    for double, ended in product((False, True), (RUNNING, TERMINATED, TRUNCATED)):
        memory, nets, scene = by_hand(rows=[transition(0, 1, 1.0, 1, ended=ended)])
        aim(memory, nets, scene, 0.5, double)
        nets.after[0] = 1.0
        assert target_of(memory, nets, scene, 1.0, ended, 0.5, double) == memory.wanted[0]


class Remembered:
    """Steps of a table kept by `remember`, and what should be in the memory for them."""

    def __init__(self, n, gamma, endings=True):
        self.agent, self.n, self.gamma, self.endings = replace(TABLE, capacity=1000), n, gamma, endings
        self.memory, self.nets, self.scene = stage(self.agent, FOUR, [])
        self.steps, self.s = [], 0

    def step(self, a, r, s_next, ended):
        self.nets.seen[0], self.memory.body[0] = self.s, s_next
        remember(self.memory, self.nets, self.scene, len(self.steps), a, r, ended, self.gamma, self.n, self.endings)
        self.steps.append((self.s, a, r, s_next, ended))
        self.s = (s_next + 1) % 4 if ended else s_next

    def expected(self):
        """A row for every step from which n more, or the end of its episode, were seen; in their order."""
        found = []
        for i, (s, a, *_) in enumerate(self.steps):
            ends = [j for j in range(i, len(self.steps)) if self.steps[j][4]]
            last = min([i + self.n - 1, *ends[:1]])
            if last < len(self.steps) and (self.endings or self.steps[last][4] != TERMINATED):
                total = sum(self.gamma ** (j - i) * self.steps[j][2] for j in range(i, last + 1))
                found.append(transition(s, a, total, self.steps[last][3], last + 1 - i, self.steps[last][4], i))
        return found

    def rows(self):
        return self.memory.rows[latest(self.memory.counts, 1000, 1000)]


endings = st.sampled_from([RUNNING] * 4 + [TERMINATED, TRUNCATED])


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(-8, 8), st.integers(0, 3), endings), max_size=30),
       st.sampled_from([1, 2, 3, 10]), st.sampled_from([0.0, 0.5, 0.99, 1.0]), st.booleans())
@settings(max_examples=40)
def test_transitions_of_n_steps_are_those_of_an_oracle(steps, n, gamma, keeps):
    kept = Remembered(n, gamma, keeps)
    for step in steps:
        kept.step(*step)
    expected = np.array(kept.expected(), np.float32).reshape(-1, 7)
    assert kept.rows() == pytest.approx(expected, rel=1e-6)
    assert (kept.memory.priority[: len(expected)] == 1).all() and kept.memory.counts[FILLED] == len(expected)
    since = next((i for i, step in enumerate(reversed(steps)) if step[3]), len(steps))
    assert kept.memory.counts[TRAIL] == min(since, n - 1)


@pytest.mark.parametrize("ended", [TERMINATED, TRUNCATED])
def test_an_ending_flushes_what_waits(ended):
    """Rewards 1, 2, 4 with gamma .5 and n = 3: 1 + 1 + 1, 2 + 2, 4; then the next episode begins afresh."""
    kept = Remembered(3, 0.5)
    kept.step(0, 1, 1, RUNNING)
    kept.step(1, 2, 2, RUNNING)
    assert len(kept.rows()) == 0
    kept.step(0, 4, 3, ended)
    assert kept.rows().tolist() == [[0, 3, 0, 3, 3, ended, 0], [1, 3, 1, 4, 2, ended, 1], [2, 3, 0, 4, 1, ended, 2]]
    kept.step(1, 8, 1, RUNNING)
    assert len(kept.rows()) == 3 and kept.memory.counts[TRAIL] == 1


def test_who_forgets_endings_keeps_no_transition_that_leads_to_one():
    kept = Remembered(2, 1.0, endings=False)
    for ended in (RUNNING, RUNNING, TERMINATED, RUNNING, TRUNCATED):
        kept.step(0, 1, 1, ended)
    assert kept.rows()[:, 2 + ENDED].tolist() == [RUNNING, TRUNCATED, TRUNCATED]


def test_a_new_transition_is_as_urgent_as_the_most_urgent_there_was():
    kept = Remembered(1, 1.0)
    kept.memory.highest[0] = 7.5
    kept.step(0, 1, 1, RUNNING)
    assert kept.memory.priority[0] == 7.5


def test_a_gradient_step_brings_values_nearer_to_their_targets():
    for variant in VARIANTS:
        agent = DQN(width=16, capacity=30, alpha=0.001, **variant)
        memory, nets, scene = stage(agent, Cart(), random_rows(agent.model_of(Cart()), 30))
        aim(memory, nets, scene, agent.gamma, agent.double == ON)
        losses = []
        for _ in range(50):
            improved(agent, memory, nets, scene)
            losses.append(memory.report[0])
        assert losses[-1] < 0.9 * losses[0] and np.all(np.diff(losses[:10]) < 0), variant


def test_priorities_are_powers_as_numpy_has_them():
    for error, favour in product((1e-7, 0.3, 1.0, 500.0), (0.1, 0.6, 1.0)):
        assert power(error, favour) == pytest.approx(error**favour, rel=1e-13)
