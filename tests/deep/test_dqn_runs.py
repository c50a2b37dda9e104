"""A run of a deep Q-network is a place one can go to: rewound, stopped, edited or sent as a link it is the same."""

import csv
import io
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rl.agents import AGENTS
from rl.agents.control.q_learning import QLearning
from rl.agents.deep import base
from rl.agents.deep.base import BY_ERROR, HUBER, ON
from rl.agents.deep.memory import BATCH, FILLED, MOST_BATCH, NEXT, NORM, TRAIL, UPDATES, resized
from rl.agents.dqn import DQN
from rl.agents.neural.ppo import PPO
from rl.envs.acrobot import Acrobot
from rl.envs.cart import Cart
from rl.envs.cart_pole import CartPole
from rl.envs.cliff_walking import CliffWalking
from rl.envs.frozen_lake import FrozenLake
from rl.envs.grid_world import GridWorld
from rl.envs.gym_live import GymLive
from rl.envs.maximisation_bias import MaximisationBias
from rl.envs.mountain_car import MountainCar
from rl.envs.testbed import Testbed
from rl.experiments.conditions import unfit
from rl.export import steps_csv, tables_npz
from rl.jit import COMPILED, plain
from rl.keyframes import Track
from rl.link import View, from_query_string, to_query_string
from rl.nets import ACTIVATIONS
from rl.optimisers import adam
from rl.policies import greedy
from rl.replay import ACTION, BORN, ENDED, REWARD, STEPS, latest, leaves_of
from rl.rivals import rivals
from rl.run import FOREVER, advance, begin, changed
from rl.tape import RUNNING, TERMINATED, TRUNCATED, EpisodeLog, StepLog, Tape, blank, joined
from rl.timeline import Timeline
from rl.truth import solution
from tests.deep import reference as dqn
from tests.neural import reference
from tests.strategies import same, same_place
from tests.test_standalone import played

SMALL = DQN(width=8, layers=1, batch=12, capacity=70, warmup=15, span=100, alpha=0.005)
EVERYTHING = replace(SMALL, double="on", dueling="on", draws=BY_ERROR, n=3, loss=HUBER, target="copied now and then",
                     period=7, every=2, activation="tanh", layers=2)
GRID = GridWorld(map="S..H/.C.G", horizon=30, slip=0.3, rewards="2=0.125_5=-0.3")
WORLDS = (Cart(horizon=60), Acrobot(horizon=45), GRID)
RUNS = [Timeline(world, agent, 3) for world in WORLDS for agent in (SMALL, EVERYTHING)]
VARIANTS = {
    "plain": {}, "double": {"double": "on"}, "dueling": {"dueling": "on"}, "prioritised": {"draws": BY_ERROR},
    "in proportion": {"draws": BY_ERROR, "favour": 1.0, "beta": 1.0}, "three steps": {"n": 3},
    "ten steps": {"n": 10, "gamma": 0.7}, "Huber": {"loss": HUBER}, "copied": {"target": "copied now and then",
    "period": 5}, "no target net": {"target": "none"}, "tau 1": {"tau": 1.0}, "no memory": {"capacity": 1},
    "no endings": {"endings": "off"}, "tanh": {"activation": "tanh"}, "now and then": {"every": 3},
    "coordinates": {"sees": "coordinates"}, "short slopes": {"longest": 0.01}, "all at once": {
        name: getattr(EVERYTHING, name) for name in ("double", "dueling", "draws", "n", "loss", "target", "period")},
}
runs = pytest.mark.parametrize("run", RUNS, ids=lambda run: f"{run.env.slug}-{run.agent.draws.split()[-1]}")
variants = pytest.mark.parametrize("changes", VARIANTS.values(), ids=VARIANTS)


def in_one_go(run, steps):
    """The place after so many steps from the start, without keyframes, and the log."""
    place = begin(run.env, run.agent, run.seed)
    return place, advance(place, steps, FOREVER, steps, steps)


def kept(memory):
    """The transitions of a memory, oldest first, with their priorities."""
    places = latest(memory.counts, len(memory.rows), len(memory.rows))
    return memory.rows[places], memory.priority[places]


@runs
def test_a_run_that_is_stopped_and_goes_on_is_the_same(run):
    """One step at a time, from a copy each time; the replay memory is full after 70."""
    whole, (steps, episodes) = in_one_go(run, 150)
    place, logs = begin(run.env, run.agent, run.seed), []
    for t in range(1, 151):
        place = place.copy()
        logs.append(advance(place, t, FOREVER, 1, 1))
    assert same_place(place, whole) and place.memory.counts[UPDATES] == len(range(15 + run.agent.every // 2, 150,
                                                                                 run.agent.every))
    assert same(joined([log[0] for log in logs]), steps) and same(joined([log[1] for log in logs]), episodes)


@variants
def test_every_variant_may_stop_in_the_middle(changes):
    for world in (WORLDS[0], GRID):
        run = Timeline(world, replace(SMALL, **changes), 5)
        whole, (steps, _) = in_one_go(run, 130)
        parts, logs = begin(run.env, run.agent, 5), []
        for stop in (1, 14, 16, 17, 69, 71, 72, 130):
            logs.append(advance(parts, stop, FOREVER, stop)[0])
        assert same_place(parts, whole) and same(joined(logs), steps)


@runs
def test_going_back_replays_the_run_to_the_last_bit(run):
    whole, (steps, episodes) = in_one_go(run, 5000)
    assert same_place(run.at(5000), whole) and same(run.steps(0, 5000), steps) and same(run.episodes(5000), episodes)
    for t in (4321, 17, 2048, 2047, 2049, 0):  # keyframes are some power of two apart
        place = run.at(t)
        assert same_place(place, in_one_go(run, t)[0])
        advance(place, 5000)
        assert same_place(place, whole)


@pytest.mark.parametrize("capacity", [70, 10_000])
def test_keyframes_hold_all_there_is(capacity):
    """Small arrays whole, large ones in blocks that are shared."""
    run = Timeline(WORLDS[0], replace(EVERYTHING, capacity=capacity, width=64), 8)
    track = Track("key", begin(run.env, run.agent, 8))
    assert track.spacing == run.agent.stride(run.agent.model_of(run.env))
    for t in (6500, 2100, 6400, 2100, 6501):
        assert same_place(track.run_at(t), in_one_go(run, t)[0])


@pytest.mark.skipif(not COMPILED, reason="numba is not here, or turned off")
@variants
def test_a_compiled_run_is_the_plain_one_to_the_last_bit(changes):
    for world in (WORLDS[0], Acrobot(horizon=20), FrozenLake() if "sees" in changes else GRID):
        agent, ends = replace(SMALL, **{"width": 4, "batch": 5, "capacity": 30, "warmup": 11, **changes}), []
        for loop in (DQN.loop, plain(DQN.loop)):
            place, tape = begin(world, agent, 5), Tape(0, 0, blank(StepLog, 50), blank(EpisodeLog, 50))
            loop(agent.model_of(world), 5, place.memory, place.clock, tape, 50, FOREVER, *agent.parameters())
            ends.append([*tape.steps, *tape.episodes, *place.memory, *place.clock])
        assert same(*ends) and place.memory.counts[UPDATES] >= 12


@runs
def test_every_number_of_the_log_follows_from_what_it_saw_and_knew(run):
    agent, scene, log = run.agent, run.agent.model_of(run.env), run.steps(0, 200)
    for t in range(0, 200, 7):
        now, then = run.at(t), run.at(t + 1)
        before, after = look(now)[None], look(then)[None]
        a = log.action[t]
        q, new = (dqn.values(place.memory.net, agent, scene, before)[0] for place in (now, then))
        assert log.old[t] == pytest.approx(q[a], abs=1e-5) and log.new[t] == pytest.approx(new[a], abs=1e-5)
        if log.ended[t] == RUNNING:  # else the body has begun anew
            judge = dqn.values(now.memory.target, agent, scene, after)[0]
            best = (dqn.values(now.memory.net, agent, scene, after)[0] if agent.double == ON else judge).argmax()
            assert log.target[t] == pytest.approx(log.reward[t] + 0.99 * judge[best], abs=1e-5)
        if not log.explored[t]:
            assert q[a] == pytest.approx(q.max(), abs=1e-5)
        shown = then.memory.q if run.env is GRID else then.memory.q[:1]
        eyes = scene.looks if run.env is GRID else after
        assert shown == pytest.approx(dqn.values(then.memory.net, agent, scene, eyes), abs=1e-5)
    over = log.ended == TERMINATED
    assert (log.target[over] == log.reward[over]).all() and over.any() == (not isinstance(run.env, Acrobot))
    cut = log.ended == TRUNCATED
    assert (log.target[cut] != log.reward[cut]).all() and (cut.any() or isinstance(run.env, Cart))
    assert (log.alpha == 0.005).all() and np.isnan(log.chance).all() and np.isnan(log.baseline).all()
    assert log.epsilon == pytest.approx(0.02 + 0.98 * np.maximum(0, 1 - np.arange(200) / 100))
    assert (log.updated_state == log.state).all() and (log.updated_action == log.action).all()
    visits = np.zeros_like(run.at(200).memory.visits)
    np.add.at(visits, (log.state, log.action), 1)
    assert np.array_equal(run.at(200).memory.visits, visits)


def look(place):
    """What is seen at a place, as it goes into the net."""
    body = place.memory.body
    if isinstance(place.env, GridWorld):
        return np.eye(8)[place.clock.counts[1]]
    angles = [turn for angle in body[:2] for turn in (np.cos(angle), np.sin(angle))]
    return body if isinstance(place.env, Cart) else np.array([*angles, *body[2:]])


@variants
@pytest.mark.parametrize("world", [WORLDS[1], GRID], ids=lambda world: world.slug)
def test_the_batch_of_a_step_is_what_moved_the_net(changes, world):
    """What the memory shows of a step: where it drew, Q, targets, weights, the report, and both nets after it."""
    run = Timeline(world, replace(SMALL, **changes), 9)
    agent, scene, learned = run.agent, run.agent.model_of(world), 0
    for t in (15, 33, 90, 91, 92, 129):
        now, then = run.at(t).memory, run.at(t + 1).memory
        if then.counts[UPDATES] == now.counts[UPDATES]:
            assert t % agent.every and same([now.net, now.target], [then.net, then.target])
            continue
        learned, n = learned + 1, then.counts[BATCH]
        rows = dqn.taken_apart(scene, then.rows[then.picked[:n]])
        wanted = dqn.targets(now.net, now.target, agent, scene, rows)
        valued = dqn.values(now.net, agent, scene, rows.before)[np.arange(n), rows.a]
        assert n == 12 and (then.picked[:n] < then.counts[FILLED]).all()
        assert then.wanted[:n] == pytest.approx(wanted, abs=1e-4)
        assert then.valued[:n] == pytest.approx(valued, abs=1e-4)
        slope = dqn.slope(now.net, agent, scene, rows, wanted, then.weight[:n])
        error = wanted - valued
        terminal = np.mean(rows.ended == TERMINATED)
        expected = [dqn.loss(now.net, agent, scene, rows, wanted, then.weight[:n]), np.abs(error).mean(),
                    np.linalg.norm(slope), valued.mean(), wanted.mean(), terminal]
        assert then.report == pytest.approx(expected, rel=1e-3, abs=1e-4)
        assert then.net == pytest.approx(stepped(now, slope, agent), abs=2e-4)
        assert_target_follows(agent, now, then)
    assert learned >= 2


def stepped(memory, slope, agent):
    """Where Adam takes the net of a memory."""
    net, mean, square, decay = (np.array(x) for x in (memory.net, memory.mean, memory.square, memory.decay))
    adam(net, reference.cut_to(slope, agent.longest).astype(np.float32), mean, square, decay, agent.alpha)
    return net


def assert_target_follows(agent, now, then):
    if agent.target == "averaged":
        assert then.target == pytest.approx((1 - agent.tau) * now.target + agent.tau * then.net, abs=1e-6)
    else:
        copies = agent.target == "none" or then.counts[UPDATES] % agent.period == 0
        assert np.array_equal(then.target, then.net if copies else now.target)


@runs
def test_the_replay_memory_holds_the_steps_of_the_log(run):
    log, agent = run.steps(0, 200), run.agent
    for t in (1, 16, 69, 70, 71, 200):
        memory = run.at(t).memory
        rows, tail = kept(memory)[0], kept(memory)[0][:, -5:]
        assert len(rows) <= 70 and (len(rows) == 70) == (t >= 70 + agent.n - 1)
        assert np.all(np.diff(tail[:, BORN]) == 1)
        for row in tail[:: max(1, len(tail) // 9)]:
            born, steps = int(row[BORN]), int(row[STEPS])
            part = slice(born, born + steps)
            assert row[ACTION] == log.action[born] and row[ENDED] == log.ended[born + steps - 1]
            assert row[REWARD] == pytest.approx(log.reward[part] @ 0.99 ** np.arange(steps), rel=1e-6)
            assert not log.ended[part][:-1].any() and (steps == agent.n or row[ENDED] != RUNNING)
        if run.env is GRID:
            born, last = tail[:, BORN].astype(int), (tail[:, BORN] + tail[:, STEPS]).astype(int) - 1
            assert np.array_equal(rows[:, 0], log.state[born]) and np.array_equal(rows[:, 1], log.next_state[last])
        else:
            sights = [look(run.at(int(born))) for born in tail[::9, BORN]]
            assert not sights or rows[::9, : len(sights[0])] == pytest.approx(np.array(sights), abs=1e-6)


@pytest.mark.parametrize("every", [1, 3, 7])
def test_it_learns_every_so_many_steps_after_it_has_warmed_up(every):
    run = Timeline(WORLDS[0], replace(SMALL, every=every, warmup=20), 1)
    found = [int(run.at(t).memory.counts[UPDATES]) for t in range(60)]
    assert found == [sum(s >= 20 and s % every == 0 for s in range(t)) for t in range(60)]
    assert Timeline(WORLDS[0], replace(SMALL, warmup=0), 1).at(1).memory.counts[UPDATES] == 1
    assert Timeline(WORLDS[0], replace(SMALL, warmup=0, n=3), 1).at(2).memory.counts[UPDATES] == 0  # nothing there


def test_an_ending_that_is_not_kept_leaves_nothing_to_learn_from():
    run = Timeline(Cart(horizon=1), replace(SMALL, warmup=0, endings="off"), 1)
    assert run.at(40).memory.counts[[FILLED, UPDATES]].tolist() == [40, 40]  # cut short by time, which is no fall
    fatal = GridWorld(map="SG", slip=0.0)
    only = Timeline(fatal, replace(SMALL, warmup=0, endings="off", sees="coordinates"), 1)
    log, memory = only.steps(0, 60), only.at(60).memory
    assert memory.counts[FILLED] == (log.ended != TERMINATED).sum() and (log.ended == TERMINATED).any()


@pytest.mark.parametrize("capacity", [1, 20, 70, 100, 50_000])
def test_another_capacity_keeps_the_newest(capacity):
    run = Timeline(WORLDS[0], replace(SMALL, draws=BY_ERROR), 4)
    rows, priority = kept(run.at(100).memory)
    edited = run.edited(100, capacity=capacity)
    now, then = edited.at(100).memory, edited.at(190).memory
    assert len(now.rows) == len(now.priority) == capacity
    assert now.counts[NEXT] == (30 if capacity == 70 else min(70, capacity) % capacity)  # where nothing is edited, 30
    assert same(kept(now), (rows[-capacity:], priority[-capacity:]))
    assert same([now.net, now.mean, now.q], [run.at(100).memory.net, run.at(100).memory.mean, run.at(100).memory.q])
    assert kept(then)[0][:, -5 + BORN].tolist() == list(range(190 - min(capacity, 160), 190))
    assert not now.rows[now.counts[FILLED] :].any() and not now.priority[now.counts[FILLED] :].any()
    assert len(run.at(100).memory.rows) == 70  # the past is as it was


def test_who_forgets_endings_forgets_those_that_are_there_and_keeps_no_new_ones():
    run = Timeline(WORLDS[0], SMALL, 4)
    edited = run.edited(100, endings="off")
    before, now, then = (kept(place.memory)[0] for place in (run.at(100), edited.at(100), edited.at(400)))
    ended = before[:, -5 + ENDED] == TERMINATED
    assert 0 < ended.sum() < 10 and np.array_equal(now, before[~ended])
    assert not (then[:, -5 + ENDED] == TERMINATED).any() and len(then) == 70
    assert (edited.steps(300, 400).ended == TERMINATED).any()
    back = edited.edited(400, endings="on")
    assert np.array_equal(kept(back.at(400).memory)[0], then)
    assert (kept(back.at(500).memory)[0][:, -5 + ENDED] == TERMINATED).any()


def test_the_worst_may_be_forgotten_and_all_of_it_too():
    """A memory of nothing but endings is left empty, and fills again."""
    memory = begin(WORLDS[0], SMALL, 1).memory
    memory.counts[[FILLED, NEXT]] = 5
    memory.rows[:5, -5 + ENDED] = TERMINATED
    empty = resized(memory, 70, False)
    assert empty.counts[[FILLED, NEXT]].tolist() == [0, 0] and not empty.rows.any()


def test_prioritised_replay_switched_on_late_begins_with_all_alike():
    run = Timeline(WORLDS[1], SMALL, 4)
    edited = run.edited(100, draws=BY_ERROR, favour=1.0)
    now, then = edited.at(100).memory, edited.at(101).memory
    assert (now.priority == 1).all() and now.highest[0] == 1
    drawn = then.picked[:12]
    expected = np.abs(then.wanted[:12] - then.valued[:12]) + 1e-5
    assert then.priority[drawn] == pytest.approx(expected, rel=1e-6)
    assert (np.delete(then.priority, drawn) == 1).all() and then.highest[0] == max(1, expected.max())
    back = edited.edited(200, draws="evenly")
    assert (back.at(201).memory.weight[:12] == 1).all()
    assert same(kept(edited.at(200).memory), kept(back.at(200).memory))


def test_a_new_transition_can_be_drawn_by_priority_in_the_very_step_that_brought_it():
    """Where the memory is empty otherwise, and where all else has next to no priority."""
    run = Timeline(WORLDS[0], replace(SMALL, draws=BY_ERROR, warmup=0), 2)
    assert (run.at(1).memory.picked[:12] == 0).all()
    place = run.at(50)
    place.memory.priority[:50] = 1e-5
    advance(place, 51)
    assert (place.memory.picked[:12] == 50).all()


@pytest.mark.parametrize(("n", "later"), [(1, 10), (10, 1), (3, 5)])
def test_another_number_of_steps_to_a_target(n, later):
    run = Timeline(WORLDS[1], replace(SMALL, n=n), 4).edited(100, n=later)
    before, now, then = (run.at(t).memory for t in (99, 100, 160))
    assert before.counts[TRAIL] == min(n - 1, 99 % 45) and now.counts[TRAIL] == 0
    steps, ended, born = kept(then)[0][:, [-5 + STEPS, -5 + ENDED, -5 + BORN]].T
    assert set(steps[(ended == RUNNING) & (born < 100)]) <= {n} and set(steps[(ended == RUNNING) & (born >= 100)]) == {
        later}
    assert (born >= 100).sum() == 60 - (min(later - 1, 160 - 135))


@pytest.mark.parametrize("world", [WORLDS[0], GRID], ids=lambda world: world.slug)
def test_knobs_change_in_mid_run_and_the_past_stays(world):
    run = Timeline(world, EVERYTHING, 6)
    still = run.edited(100, alpha=0.0)
    assert same(still.steps(0, 100), run.steps(0, 100)) and same_place(still.at(99), run.at(99))
    assert same([still.at(100).memory.net], [still.at(300).memory.net])
    assert not same([still.at(100).memory.net], [run.at(300).memory.net])
    assert still.at(300).memory.counts[UPDATES] > still.at(100).memory.counts[UPDATES]
    for changes in ({"gamma": 0.5}, {"double": "off"}, {"loss": "squared"}, {"target": "none"}, {"draws": "evenly"},
                    {"n": 1}, {"every": 1}, {"longest": 0.01}, {"batch": 3}, {"beta": 1.0}, {"period": 2}):
        other = run.edited(100, **changes)
        assert not same([other.at(200).memory.net], [run.at(200).memory.net]), changes
        assert not changes.get("batch") or other.at(200).memory.counts[BATCH] == 3


def test_a_batch_may_be_larger_than_the_memory_and_than_before():
    run = Timeline(WORLDS[0], replace(SMALL, capacity=5, batch=2), 1).edited(100, batch=MOST_BATCH)
    memory = run.at(150).memory
    assert memory.counts[BATCH] == MOST_BATCH and set(memory.picked) == set(range(5))


def test_edits_in_a_row_are_played_as_they_come():
    run = Timeline(Cart(horizon=60), EVERYTHING, 2).edited(150, capacity=30, n=1).edited(290, draws="evenly").edited(
        450, endings="off").edited(700, env=Cart(horizon=30)).edited(800, capacity=500, endings="on", draws=BY_ERROR)
    place, log = begin(run.env, run.agent, 2), []
    for start, stop in pairwise([0, 150, 290, 450, 700, 800, 1000]):
        _, env, agent = run.settings(start)
        place = changed(place, env, agent) if start else place
        log.append(advance(place, stop, FOREVER, stop - start)[0])
    assert same_place(place, run.at(1000)) and same(joined(log), run.steps(0, 1000))
    assert run.steps(700, 1000).k.max() <= 30 + run.steps(700, 701).k[0]


WALLED = GridWorld(map="S.../..../...G", horizon=30)


def test_a_map_painted_over_in_mid_run_goes_on():
    """The agent that finds itself in a wall, or in a goal, begins its episode anew; what it knows stays."""
    run = Timeline(WALLED, SMALL, 1)
    t = next(t for t in range(101, 200) if run.at(t).clock.counts[1] == 5)
    for cell in "#G":
        edited = run.edited(t, env=replace(WALLED, map=f"S.../.{cell}../...G"))
        place = edited.at(t)
        assert place.clock.counts[1] == 0 and place.clock.counts[3] == 0
        assert same([place.memory.net, *kept(place.memory)], [run.at(t).memory.net, *kept(run.at(t).memory)])
        log = edited.steps(t, t + 300)
        assert log.state[0] == 0 and len(log) == 300 and not (log.state == 5).any()
        memory = edited.at(t + 300).memory
        assert np.isfinite(memory.q).all() and memory.counts[UPDATES] == t + 300 - 15
    free = run.edited(t, env=replace(WALLED, map="S#../..../...G"))
    assert free.steps(t, t + 1).state[0] == 5 and free.at(t).clock.counts[1] == 5


@pytest.mark.parametrize("changes", [{"width": 12}, {"layers": 2}, {"activation": "tanh"}, {"dueling": "on"},
                                     {"sees": "coordinates"}], ids=lambda changes: next(iter(changes)))
def test_another_network_is_refused_in_a_sentence(changes):
    run = Timeline(FrozenLake(), SMALL)
    with pytest.raises(ValueError) as refused:
        run.edited(100, **changes)
    assert str(refused.value) == "another network: what was learned does not fit into it. Start over instead."
    assert not SMALL.same_net(replace(SMALL, **changes)) and SMALL.same_net(replace(SMALL, capacity=3, n=10))


def test_what_others_remember_is_no_replay_memory():
    for world, agent in ((FrozenLake(), QLearning()), (Cart(), PPO(width=8))):
        with pytest.raises(ValueError, match="start over instead"):
            Timeline(world, agent).edited(50, agent=SMALL)
        assert not SMALL.same_net(agent)
    with pytest.raises(ValueError, match="start over instead"):
        Timeline(Cart(), SMALL).edited(50, agent=PPO(width=8))


def test_a_table_may_take_over_what_the_net_says():
    run = Timeline(GRID, SMALL, 1)
    taken = run.edited(300, agent=QLearning())
    there = run.at(300).memory.visits > 0
    assert np.array_equal(taken.at(300).memory.q[there], run.at(300).memory.q[there])
    assert len(taken.steps(300, 400)) == 100


@runs
def test_a_link_leads_back_to_the_run(run):
    edited = run.edited(50, alpha=0.00123, capacity=33).edited(90, draws=BY_ERROR, n=2, endings="off").edited(
        120, env=replace(run.env, horizon=20))
    for view in (View(run, 70, 90), View(edited, 130, 160)):
        read = from_query_string(to_query_string(view))
        assert read == view and same_place(read.timeline.at(view.t), view.timeline.at(view.t))
    assert AGENTS["dqn"] is DQN


@pytest.mark.parametrize("run", [
    Timeline(Cart(horizon=40), replace(EVERYTHING, width=4), 1).edited(60, capacity=20, endings="off", n=1),
    Timeline(GRID, replace(SMALL, width=4, sees="coordinates"), 2).edited(
        70, env=GridWorld(map="S..#/.C.G", slip=0.1), double="on")], ids=["body", "table"])
def test_the_script_to_take_away_repeats_the_run(run, tmp_path):
    rows, printed = played(run, 120, tmp_path)
    for column, expected in zip(("return", "length", "end"), run.episodes(120), strict=True):
        assert [float(row[column]) for row in rows] == expected.tolist() and len(rows) > 2
    assert printed.endswith(f"{run.at(120).memory.q}\n")


@runs
def test_the_steps_and_the_memory_can_be_taken_away(run):
    with np.load(io.BytesIO(tables_npz(run, 100)), allow_pickle=False) as read:
        assert all(same([read[name]], [array]) for name, array in run.at(100).memory._asdict().items())
    rows = list(csv.DictReader(io.StringIO(steps_csv(run, 100))))
    for name in ("reward", "target", "old", "new", "epsilon", "k"):
        assert [float(row[name]) for row in rows] == getattr(run.steps(0, 100), name).tolist()


@runs
def test_two_seeds_are_two_runs(run):
    other = replace(run, seed=4)
    assert (run.at(0).memory.net != other.at(0).memory.net).any()
    assert (run.steps(0, 100).action != other.steps(0, 100).action).any()
    assert same([run.at(0).memory.net], [run.at(0).memory.target])
    drawn = [timeline.at(80).memory.picked for timeline in (run, other)]
    assert (drawn[0] != drawn[1]).any() and (run.at(82).memory.picked != drawn[0]).any()


@runs
def test_episodes_are_as_long_as_their_steps_and_returns(run):
    steps, episodes = run.steps(0, 900), run.episodes(900)
    last = np.flatnonzero(steps.ended)
    assert episodes.end.tolist() == (last + 1).tolist() and len(last) > 10
    assert episodes.length.tolist() == np.diff([0, *(last + 1)]).tolist() == (steps.k[last] + 1).tolist()
    assert episodes.ret == pytest.approx([part.sum() for part in np.split(steps.reward, last + 1)[:-1]])
    assert run.agent.updates(run.at(900).memory) == run.at(900).memory.counts[UPDATES]


def test_it_plays_small_tables_and_bodies_and_nothing_else(monkeypatch):
    small = GridWorld(map=f"S{20 * '.'}/{20 * '.'}G")
    for world in (Cart(), Acrobot(), MountainCar(), FrozenLake(), CliffWalking(), MaximisationBias(), GRID, small):
        assert SMALL.can_play(world) and SMALL.can_play(type(world)) and unfit(world, SMALL) == ""
    for world in (Testbed(), CartPole(), GymLive()):
        assert not SMALL.can_play(world) and "cannot play" in unfit(world, SMALL)
    monkeypatch.setattr(base, "MOST_STATES", 15)
    assert SMALL.can_play(GRID) and not SMALL.can_play(FrozenLake()) and SMALL.can_play(FrozenLake)


def test_actions_that_are_missing_are_never_taken_nor_looked_at():
    world = MaximisationBias()
    run = Timeline(world, replace(SMALL, gamma=1.0, epsilon=0.5), 3)
    log, memory = run.steps(0, 600), run.at(600).memory
    missing = world.mdp.missing
    assert not missing[log.state, log.action].any() and not memory.visits[missing].any()
    assert np.array_equal(np.isneginf(memory.q), missing)
    assert all(np.isfinite(array).all() for name, array in memory._asdict().items() if name != "q")
    assert all(np.isfinite(column).all() for column in (log.old, log.target, log.new))


def test_a_net_on_a_small_grid_finds_the_best_policy_and_its_values():
    """With one input a state it can hold any table: what it says comes near the exact solution."""
    world = GridWorld(map="S.../.#H./...G", horizon=50)
    agent = DQN(width=32, layers=1, alpha=0.003, gamma=0.9, batch=32, epsilon_last=0.3, span=1500, warmup=200)
    run, best = Timeline(world, agent, 1), solution(world, 0.9)
    q = run.at(6000).memory.q
    there = ~world.mdp.absorbing & (run.at(6000).memory.visits.min(axis=1) > 20)
    assert there.sum() >= 8
    assert np.abs(q - best.q)[there].max() < 0.1 and np.all(
        best.q[there, q[there].argmax(1)] > best.q[there].max(1) - 1e-9)


def test_rivals_play_beside_it():
    assert [rival.name for rival in rivals(GRID, 0.9, 1, 5)] == ["the best policy", "Q-learning", "acting at random"]


@pytest.mark.parametrize("draws", ["evenly", BY_ERROR])
def test_fifty_thousand_transitions_of_cartpole_take_less_than_5_mb(draws):
    agent = DQN(capacity=50_000, draws=draws)
    memory = agent.new_memory(agent.model_of(Cart()), 0)
    tree = dqn.room(agent, agent.model_of(Cart()), memory, 64).tree
    size = memory.rows.nbytes + memory.priority.nbytes + tree.nbytes
    assert size < 5e6 and memory.rows.shape == (50_000, 13) and len(tree) == (draws == BY_ERROR) * 2 * 65_536


@pytest.mark.parametrize("changes", [{}, {"draws": BY_ERROR, "capacity": 50_000}], ids=["default", "large"])
def test_the_keyframes_of_60000_steps_of_cartpole_take_less_than_20_mb(changes):
    """Learning every 100 steps here, which leaves them as large: between two of them the nets are others anyway."""
    track = Track("bytes", begin(Cart(), DQN(every=100, **changes), 1))
    assert track.run_at(60_000).step == 60_000 and len(track.frames) == 60_000 // track.spacing + 1
    frames = [*track.frames, *track.recent]
    pieces = {id(piece): piece.nbytes for frame in frames for array in frame.memory
              for piece in getattr(array, "pieces", [array])}
    columns = sum(column.nbytes for log in track.episodes for column in log)
    assert track.bytes == sum(pieces.values()) + columns + 500 * len(frames) < 20e6
    whole = sum(array.nbytes for array in track.frames[0].place().memory)
    assert track.bytes < 0.7 * len(frames) * whole


def test_what_was_learned_and_the_new_rows_are_all_a_keyframe_adds():
    """Rows of 13 numbers, four arrays of the size of the net, each in blocks; and what is too small for them."""
    track = Track("bytes", begin(Cart(), DQN(every=100), 1))
    track.run_at(9000)
    net, block = 4 * track.frames[0].place().memory.net.nbytes, 2**13
    added = [frame.bytes for frame in track.frames[4:]]
    least = 52 * track.spacing + net
    assert all(least < size < least + 5 * block for size in added), [size - least for size in added]


KNOBS = {"alpha": (0.0, 0.01), "gamma": (0.0, 1.0), "longest": (0.01, 100.0), "layers": (1, 3),
         "batch": (1, MOST_BATCH), "activation": ACTIVATIONS, "capacity": (1, 50_000), "draws": ("evenly", BY_ERROR),
         "favour": (0.0, 1.0), "beta": (0.0, 1.0), "endings": ("off", "on"),
         "target": ("copied now and then", "averaged", "none"),
         "period": (1, 10_000), "tau": (0.0, 1.0), "double": ("off", "on"), "dueling": ("off", "on"), "n": (1, 10),
         "loss": ("squared", HUBER), "every": (1, 100), "warmup": (0, 300), "epsilon": (0.0, 1.0)}


@given(st.fixed_dictionaries({name: st.sampled_from(ends) for name, ends in KNOBS.items()}).map(
    lambda ends: DQN(width=4, **ends)), st.sampled_from([Cart(), MountainCar(), Cart(horizon=1), GRID]),
    st.integers(0, 99))
@settings(max_examples=40)
def test_no_knob_makes_a_number_that_is_none(agent, world, seed):
    place = begin(world, agent, seed)
    log = advance(place, 700, FOREVER, 700)[0]
    assert all(np.isfinite(array).all() for array in place.memory), agent
    assert all(np.isfinite(column).all() for column in (log.old, log.target, log.new))
    assert not place.memory.counts[UPDATES] or place.memory.report[NORM] >= 0


def test_ties_are_broken_by_a_coin():
    q = np.zeros((1, 2))
    assert {int(greedy(q, 0, seed, 3)) for seed in range(20)} == {0, 1}


def test_the_tree_has_room_for_every_capacity():
    assert [leaves_of(n) for n in (1, 2, 3, 50_000)] == [1, 2, 4, 65_536]
