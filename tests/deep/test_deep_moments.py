"""What the stage is told of a deep Q-network: every moment as the run has it, and its replay memory at each of them."""

import numpy as np
import pytest

from rl.agents.deep.memory import BATCH, FILLED, NEXT, UPDATES
from rl.agents.dqn import DQN
from rl.deep_moments import watch
from rl.envs.cart import Cart
from rl.envs.frozen_lake import FrozenLake
from rl.envs.mountain_car import MountainCar
from rl.physics import act_on
from rl.timeline import Timeline

SMALL = {"width": 8, "layers": 1, "batch": 6, "warmup": 20, "alpha": 0.01}
CART = Timeline(Cart(), DQN(capacity=50, every=3, **SMALL), 2)
LAKE = Timeline(FrozenLake(), DQN(capacity=40, n=3, double="on", dueling="on", **SMALL), 2)
EDITED = (Timeline(Cart(), DQN(capacity=50, n=4, **SMALL), 3).edited(90, capacity=20)
          .edited(110, endings="off", batch=9).edited(117, n=10)
          .edited(140, capacity=1, endings="on", draws="by error").edited(160, capacity=64))
CAR = Timeline(MountainCar(horizon=20), CART.agent)
RUNS = pytest.mark.parametrize(("timeline", "t0", "t1"), [
    (CART, 0, 90), (LAKE, 35, 90), (EDITED, 60, 200), (EDITED, 90, 110), (CAR, 10, 70),
])


@RUNS
def test_every_moment_is_what_the_run_has_there(timeline, t0, t1):
    found, _ = watch(timeline, t0, t1)
    for t in range(t0, t1 + 1):
        i, memory = t - t0, timeline.at(t).memory
        assert np.array_equal(found.q[i], memory.q.ravel())
        assert found.fill[i].tolist() == memory.counts[[FILLED, UPDATES]].tolist()
        if timeline.env.family == "physics":
            assert np.array_equal(found.body[i], memory.body)
        n = memory.counts[BATCH] if t and memory.counts[UPDATES] > timeline.at(t - 1).memory.counts[UPDATES] else 0
        assert found.batch[i].tolist() == [*memory.picked[:n], *[-1] * (found.batch.shape[1] - n)]
        assert np.array_equal(found.errors[i, :n], (memory.wanted - memory.valued)[:n])
        assert np.isnan(found.errors[i, n:]).all()
        assert np.array_equal(found.report[i], memory.report if n else np.full(6, np.nan), equal_nan=True)


@RUNS
def test_the_memory_of_every_moment_can_be_rebuilt_from_what_each_step_stored(timeline, t0, t1):
    """As the stage does it: over the oldest goes the newest, and an edit lays everything out anew."""
    _, recall = watch(timeline, t0, t1)
    ring = dict(zip(recall.held.place.tolist(), rows_of(recall.held), strict=True))
    new, capacity, resizes = rows_of(recall.stored), recall.capacity, {one.moment: one for one in recall.resizes}
    following = (int(recall.held.place[-1]) + 1) % capacity if ring else 0
    for t in range(t0, t1 + 1):
        for k in range(*recall.first[t - t0 - 1 : t - t0 + 1]) if t > t0 else ():
            following = int(recall.stored.place[k])
            ring[following] = new[k]
            following = (following + 1) % capacity
        if t in resizes:
            ends = timeline.at(t).memory.rows.shape[1] - 2
            order = [ring[(following - len(ring) + i) % capacity] for i in range(len(ring))]
            order = [row for row in order if resizes[t].endings or row[ends] != 1][-resizes[t].capacity :]
            capacity, ring = resizes[t].capacity, dict(enumerate(order))
            following = len(ring) % capacity
        memory = timeline.at(t).memory
        filled = int(memory.counts[FILLED])
        assert sorted(ring) == list(range(filled)) and len(memory.rows) == capacity, t
        assert following == memory.counts[NEXT]
        assert filled == 0 or np.array_equal(np.array([ring[i] for i in range(filled)]), memory.rows[:filled]), t


def rows_of(kept):
    """The rows of a replay memory, put together again."""
    extra = (kept.action, kept.reward, kept.steps, kept.ended, kept.born)
    return np.column_stack([kept.kept, kept.after, *extra]).astype(np.float32)


def test_a_step_stores_none_one_or_all_that_waits_when_an_episode_ends():
    _, recall = watch(EDITED, 0, 90)
    stored, log = np.diff(recall.first), EDITED.steps(0, 90)
    k = log.k + 1
    assert np.array_equal(stored, np.where(log.ended > 0, np.minimum(k, 4), k >= 4))
    _, without = watch(EDITED, 110, 140)
    assert not (without.held.ended == 1).any() and not (without.stored.ended == 1).any()


def test_a_body_lands_where_its_step_led_and_the_next_episode_begins_elsewhere():
    found, log = watch(CART, 0, 90)[0], CART.steps(0, 90)
    assert log.ended.any()
    for t in range(90):
        body = found.body[t].copy()
        act_on(CART.env.model.kind, body, log.action[t])
        assert np.array_equal(found.landed[t + 1], body)
        assert np.array_equal(found.landed[t + 1], found.body[t + 1]) == (log.ended[t] == 0)


def test_the_target_net_is_asked_about_the_state_of_the_moment():
    for timeline in (CART, LAKE):
        found, _ = watch(timeline, 60, 90)
        for t in (60, 75, 90):
            run = timeline.at(t)
            scene = run.agent.model_of(run.env)
            sight = scene.looks[run.clock.counts[1]] if len(scene.looks) else run.memory.body.astype(np.float32)
            assert found.target[t - 60] == pytest.approx(by_hand(run, run.memory.target, sight), abs=1e-6)
            assert found.target[t - 60] != pytest.approx(by_hand(run, run.memory.net, sight), abs=1e-6)


def by_hand(run, net, sight):
    """Q(s, .) by matrices, one hidden layer of relu."""
    width, inputs, actions = 8, len(sight), run.env.shape[1]
    outputs = actions + (run.agent.dueling == "on")
    w1, b1 = net[: inputs * width].reshape(inputs, width), net[inputs * width :][:width]
    rest = net[(inputs + 1) * width :]
    out = np.maximum(sight @ w1 + b1, 0) @ rest[: width * outputs].reshape(width, outputs) + rest[width * outputs :]
    return out[:actions] if outputs == actions else out[actions] + out[:actions] - out[:actions].mean()


@pytest.mark.parametrize("timeline", [CART, LAKE])
def test_errors_of_what_is_held_are_by_the_nets_of_the_moment(timeline):
    t = 90
    held, run = watch(timeline, t, t)[1].held, timeline.at(t)
    scene = run.agent.model_of(run.env)
    for i in (0, 7, len(held.place) - 1):
        sights = [held.kept[i], held.after[i]]
        before, after = [scene.looks[int(s[0])] if len(scene.looks) else s for s in sights]
        ahead, chooser = (by_hand(run, net, after) for net in (run.memory.target, run.memory.net))
        best = ahead[np.argmax(chooser if run.agent.double == "on" else ahead)]
        share = 0.0 if held.ended[i] == 1 else run.agent.gamma ** held.steps[i]
        error = held.reward[i] + share * best - by_hand(run, run.memory.net, before)[held.action[i]]
        assert held.error[i] == pytest.approx(abs(error), abs=1e-5)
