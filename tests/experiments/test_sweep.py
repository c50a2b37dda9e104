"""A sweep in the background: complete, cancelled, resumed, waiting in line, left alone, and always the same numbers."""

import threading
import time
from dataclasses import dataclass, replace

import numpy as np
import pytest

from rl import trials
from rl.agents.control.q_learning import QLearning
from rl.envs.cliff_walking import CliffWalking
from rl.envs.grid_world import GridWorld
from rl.experiments import config
from rl.experiments import sweep as sweeps
from rl.experiments.config import Experiment
from rl.experiments.queue import Queue
from rl.experiments.sweep import Sweep
from rl.experiments.work import Task, attempt, measured
from tests.experiments.lab import MINUTE, SMALL, same, swept, until

TINY = replace(SMALL, seeds=2, episodes=5)


@dataclass(frozen=True)
class Held(QLearning):
    """Learns only while `gate` is open."""

    gate = threading.Event()
    slug = "held"
    title = "Held"

    def new_memory(self, model, seed):
        assert self.gate.wait(MINUTE)
        return super().new_memory(model, seed)


@pytest.fixture
def gate():
    Held.gate.clear()
    yield Held.gate
    Held.gate.set()


def held(**changes):
    return replace(TINY, envs=(CliffWalking(),), agents=(Held(),), **changes)


def test_a_sweep_is_its_blocks_in_the_order_of_seeds():
    results = swept(SMALL)
    assert results.done.all() and results.finished == list(range(12)) and results.common.all()
    assert results.returns.shape == (12, 12, 40)
    task = Task(SMALL.episodes, SMALL.patience, SMALL.threshold, SMALL.last, SMALL.stride)
    for number, condition in enumerate(SMALL.plan.conditions):
        block = measured(condition.timeline, range(5, 17), task)
        assert np.array_equal(results.returns[number], block.returns, equal_nan=True)
        assert np.array_equal(results.measured[number, :, 0], block.measured[:, 0], equal_nan=True)


def test_threads_and_the_sizes_of_blocks_change_nothing(monkeypatch):
    usual = swept(SMALL)
    monkeypatch.setattr(sweeps, "AIM", 0.001)
    assert same(usual, swept(SMALL, threads=1)) and same(usual, swept(SMALL, threads=5))


def test_a_cancelled_sweep_goes_on_to_the_same_numbers(monkeypatch):
    monkeypatch.setattr(sweeps, "AIM", 0.001)
    whole, sweep = swept(SMALL), Sweep(SMALL, Queue(1))
    seen = [0]
    while sweep.progress().state != "done":
        sweep.resume()
        until(lambda: sweep.progress().done > seen[-1] or sweep.progress().state == "done")
        sweep.cancel()
        assert sweep.progress().state in ("cancelled", "done")
        if len(seen) % 2:
            assert sweep.wait(MINUTE)  # and at times go on at once, while the last blocks still come in
        seen.append(sweep.progress().done)
    assert len(seen) > 3 and sweep.wait(MINUTE)
    assert same(whole, sweep.snapshot())
    sweep.start()
    assert sweep.progress().state == "done"


def test_no_run_is_made_twice(monkeypatch):
    made = []

    def noted(condition, places, timeline, first_seed, task, stopped):
        made.extend((condition, place) for place in places)
        return attempt(condition, places, timeline, first_seed, task, stopped)

    monkeypatch.setattr(sweeps, "attempt", noted)
    monkeypatch.setattr(sweeps, "AIM", 0.001)
    sweep = Sweep(SMALL, Queue(1))
    for _ in range(3):
        sweep.start()
        until(lambda: len(made) > 20)
        sweep.cancel()
        assert sweep.wait(MINUTE)
    sweep.start()
    assert sweep.wait(MINUTE) and len(made) == len(set(made)) == SMALL.runs


def test_first_come_is_first_served():
    line, first, second = Queue(1), object(), object()
    line.join(first)
    line.join(second)
    assert not line.enter(second, 0.01) and line.enter(first, 0.01)
    assert not line.enter(second, 0.01) and line.ahead(second) == 1
    line.leave()
    assert line.enter(second, 0.01) and line.ahead(second) == 0


def test_a_cancelled_sweep_says_how_far_it_came_and_keeps_that(gate):
    sweep = Sweep(held(), Queue(1))
    assert sweep.progress().sentence == "Not started."
    sweep.start()
    until(lambda: sweep.progress().state == "running")
    sweep.cancel()
    gate.set()
    assert sweep.wait(MINUTE)
    progress = sweep.progress()
    assert progress.state == "cancelled" and 0 < progress.done <= progress.total == 6
    assert progress.sentence == f"Cancelled after {progress.done} of 6 runs."
    results = sweep.snapshot()
    assert results.done.sum() == progress.done and np.isfinite(results.measured[results.done][:, 0]).all()
    assert np.isnan(results.measured[~results.done]).all()


def test_a_snapshot_does_not_change_any_more(gate):
    sweep = Sweep(held(), Queue(1))
    sweep.start()
    early = sweep.snapshot()
    gate.set()
    assert sweep.wait(MINUTE)
    assert not early.done.any() and sweep.snapshot().done.all()


def test_others_wait_in_line_and_are_told(gate):
    line = Queue(1)
    first, second, third = (Sweep(held(first_seed=seed), line) for seed in range(3))
    for sweep in (first, second, third):
        sweep.start()
    until(lambda: first.progress().state == "running")
    assert [sweep.progress().ahead for sweep in (first, second, third)] == [0, 1, 2]
    assert second.progress().sentence == "Waiting in line: 1 other experiment first."
    assert third.progress().sentence == "Waiting in line: 2 other experiments first."
    second.cancel()
    until(lambda: third.progress().ahead == 1)
    gate.set()
    assert all(sweep.wait(MINUTE) for sweep in (first, second, third))
    assert [sweep.progress().state for sweep in (first, second, third)] == ["done", "cancelled", "done"]
    assert (line.running, line.line) == (0, [])


def test_after_its_turn_a_sweep_lets_the_next_go_first_and_ends_as_if_it_had_not(monkeypatch):
    large, small = replace(SMALL, seeds=40), replace(SMALL, first_seed=99)
    whole, line = swept(large), Queue(1)
    monkeypatch.setattr(sweeps, "AIM", 0.001)
    monkeypatch.setattr(sweeps, "TURN", 0.03)
    first, second = Sweep(large, line), Sweep(small, line)
    first.start()
    until(lambda: first.progress().state == "running")
    second.start()
    until(lambda: first.progress().state == "waiting")
    progress = first.progress()
    assert progress.done > 0 and progress.ahead == 1
    assert progress.sentence.endswith(f"first. {progress.done} of 480 runs so far.")
    assert first.wait(MINUTE) and second.wait(MINUTE)
    assert first.progress().state == second.progress().state == "done" and (line.running, line.line) == (0, [])
    assert same(first.snapshot(), whole) and same(second.snapshot(), swept(small))


def test_without_a_line_a_turn_has_no_end(monkeypatch):
    monkeypatch.setattr(sweeps, "AIM", 0.001)
    monkeypatch.setattr(sweeps, "TURN", 0.0)
    sweep = Sweep(SMALL, line := Queue(1))
    monkeypatch.setattr(line, "join", lambda who, join=line.join: (joined.append(who), join(who)))
    joined = []
    sweep.start()
    assert sweep.wait(MINUTE) and sweep.progress().state == "done" and len(joined) == 1


def test_a_sweep_that_was_sent_back_can_be_cancelled_in_line(gate, monkeypatch):
    monkeypatch.setattr(sweeps, "TURN", 0.0)
    line = Queue(1)
    first, second = Sweep(held(seeds=40), line), Sweep(held(first_seed=77), line)
    first.start()
    until(lambda: first.progress().state == "running")
    second.start()
    until(lambda: second.progress().ahead == 1)
    gate.set()
    until(lambda: first.progress().state == "waiting" or second.progress().state == "done")
    first.cancel()
    assert first.wait(MINUTE) and second.wait(MINUTE)
    assert first.progress().state == "cancelled" and (line.running, line.line) == (0, [])


def test_one_long_run_can_be_cancelled(monkeypatch):
    endless = Experiment((GridWorld(map="S.G"),), (QLearning(alpha=0.0, epsilon=0.0, initial=-1.0),), seeds=1,
                         episodes=10_000)
    assert endless.patience >= 2_000_000
    begun = threading.Event()
    monkeypatch.setattr(trials, "SLICE", 100)
    monkeypatch.setattr(trials, "advance", lambda *a, advance=trials.advance: (begun.set(), advance(*a))[1])
    sweep = Sweep(endless, Queue(1), threads=1)
    sweep.start()
    assert begun.wait(MINUTE)
    sweep.cancel()
    assert sweep.wait(MINUTE) and sweep.progress().done == 0


def test_a_run_in_slices_is_the_run(monkeypatch):
    whole = swept(SMALL)
    monkeypatch.setattr(trials, "SLICE", 37)
    assert same(whole, swept(SMALL))


def test_what_is_done_is_looked_at_and_not_copied():
    sweep = Sweep(TINY, Queue(1))
    assert sweep.snapshot() is not sweep.results
    sweep.start()
    assert sweep.wait(MINUTE) and sweep.snapshot() is sweep.results
    assert sweep.results.nbytes == 12 * 2 * (1 + 2 * 4 * 5 + 8 * 9)


def test_two_slots_hold_two_sweeps(gate):
    line = Queue(2)
    three = [Sweep(held(first_seed=seed), line) for seed in range(3)]
    for sweep in three:
        sweep.start()
    until(lambda: [sweep.progress().state for sweep in three] == ["running", "running", "waiting"])
    gate.set()
    assert all(sweep.wait(MINUTE) and sweep.progress().state == "done" for sweep in three)


@pytest.mark.parametrize("in_line", [True, False])
def test_a_sweep_that_nobody_looks_at_stops_and_can_go_on(gate, in_line):
    line = Queue(1)
    before = Sweep(held(), line)
    if in_line:
        before.start()
        until(lambda: before.progress().state == "running")
    sweep = Sweep(held(first_seed=9, seeds=40), line, unseen=0.2)
    sweep.start()
    time.sleep(0.5)
    if not in_line:
        gate.set()
    assert sweep.wait(MINUTE)
    progress = sweep.progress()
    assert progress.state == "left" and progress.sentence.endswith("nobody was looking.")
    gate.set()
    sweep.unseen = MINUTE
    sweep.resume()
    assert sweep.wait(MINUTE) and sweep.progress().state == "done" and before.wait(MINUTE)


@dataclass(frozen=True)
class Faulty(QLearning):
    """Fails from one step size on."""

    slug = "faulty"
    title = "Faulty"

    def new_memory(self, model, seed):
        if self.alpha > 0.4:
            raise ValueError("This step size is too much for it.")
        return super().new_memory(model, seed)


def test_what_fails_does_not_stop_the_others():
    both = replace(SMALL, agents=(QLearning(), Faulty()))
    results, fine = swept(both), swept(replace(SMALL, agents=(QLearning(),)))
    faulty = [c for c, x in enumerate(both.plan.conditions) if x.agent == "Faulty" and dict(x.values)["alpha"] > 0.4]
    assert results.errors == dict.fromkeys(faulty, "This step size is too much for it.") and len(faulty) == 4
    assert not results.done[faulty].any() and results.common.all()
    good = [c for c, x in enumerate(both.plan.conditions) if x.agent == "Q-learning"]
    assert np.array_equal(results.returns[good], fine.returns, equal_nan=True)
    sweep = Sweep(both, Queue(1))
    sweep.start()
    sweep.wait(MINUTE)
    assert sweep.progress().sentence == "Done: 96 of 144 runs. 4 of 12 conditions cannot be run."


def test_a_fault_of_the_machine_is_no_silence(monkeypatch):
    def no_memory(jobs, threads, stopped):
        raise OSError("no space left")
        yield

    monkeypatch.setattr(sweeps, "streamed", no_memory)
    monkeypatch.setattr(threading, "excepthook", lambda told: None)
    sweep = Sweep(TINY, line := Queue(1))
    sweep.start()
    assert sweep.wait(MINUTE) and sweep.progress().state == "failed"
    assert sweep.progress().sentence == "Something went wrong on this server." and line.running == 0
    monkeypatch.undo()
    sweep.resume()
    assert sweep.wait(MINUTE) and same(sweep.snapshot(), swept(TINY))


def test_many_seeds_have_coarser_curves(monkeypatch):
    many = Experiment((CliffWalking(),), (QLearning(),), seeds=4, episodes=50, last=10)
    fine = swept(many)
    assert fine.episode.tolist() == list(range(1, 51))
    monkeypatch.setattr(config, "MOST_CELLS", 52)
    coarse = swept(many)
    assert (coarse.returns.shape, fine.returns.shape, many.stride) == ((1, 4, 13), (1, 4, 50), 4)
    assert coarse.episode.tolist() == [2.5 + 4 * i for i in range(12)] + [49.5]
    assert coarse.returns[0, :, 0] == pytest.approx(fine.returns[0, :, :4].mean(axis=1))
    assert coarse.of("online").tolist() == fine.of("online").tolist()
