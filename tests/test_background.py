"""Work in the background: done once whoever asks, in turns, given up when nobody looks, and always the same numbers."""

import threading
import time
from dataclasses import replace

import numpy as np
import pytest

from rl import background
from rl.agents.control.q_learning import QLearning
from rl.agents.neural.actor_critic import NetActorCritic
from rl.agents.neural.ppo import PPO
from rl.background import BROKEN, CANCELLED, DONE, FAILED, LEFT, RUNNING, WAITING, Line, band_job
from rl.envs.cart import Cart
from rl.envs.cliff_walking import CliffWalking
from rl.tape import EpisodeLog
from rl.timeline import Timeline
from rl.training import SLICE, WINDOW, episodes_of, grid, returns_at

MINUTE = 60.0
ONE, TWO, THREE = (Timeline(CliffWalking(), QLearning(alpha=alpha)) for alpha in (0.1, 0.2, 0.3))
LOG = EpisodeLog(np.array([1.0, 2.0, 6.0]), np.array([10, 20, 30]), np.array([10, 30, 60]))


class Odd(Exception):
    """What nobody expects."""


class Stage:
    """Takes the place of the runs: each lasts while the gate is closed, and says when it began and how it ended."""

    def __init__(self):
        self.gate, self.moved = threading.Event(), threading.Condition()
        self.begun, self.given_up, self.now, self.peak = [], 0, 0, 0
        self.raises = {}

    def __call__(self, timeline, seed, steps, pause):
        with self.moved:
            self.begun.append((timeline.agent.alpha, seed))
            self.now += 1
            self.peak = max(self.peak, self.now)
            self.moved.notify_all()
        try:
            while not self.gate.is_set():
                pause()
                time.sleep(0.001)
            if timeline.agent.alpha in self.raises:
                raise self.raises[timeline.agent.alpha]
            return LOG._replace(ret=LOG.ret + seed)
        except background.GivenUp:
            self.given_up += 1
            raise
        finally:
            with self.moved:
                self.now -= 1
                self.moved.notify_all()

    def wait(self, said):
        with self.moved:
            assert self.moved.wait_for(said, MINUTE)


@pytest.fixture
def stage(monkeypatch):
    made = Stage()
    monkeypatch.setattr(background, "episodes_of", made)
    yield made
    made.gate.set()


def until(line, said):
    with line.lock:
        assert line.lock.wait_for(said, MINUTE)


def idle(line):
    until(line, lambda: not line.under_way.total() and not line.waiting)


def test_the_curves_are_those_of_running_the_seeds_one_by_one():
    """An edit comes in the middle, and each seed of the job is the run of that seed on the other pages."""
    run = Timeline(Cart(), NetActorCritic(), 7).edited(700, alpha=0.01)
    line = Line(threads=2)
    job = line.job(run, (3, 1, 4), 2000)
    idle(line)
    assert (job.state, job.done, job.total, job.error) == (DONE, 3, 3, "")
    assert job.steps.tolist() == np.arange(10, 2001, 10).tolist()
    own = [returns_at(replace(run, seed=seed).episodes(2000), job.steps) for seed in (3, 1, 4)]
    assert np.array_equal(job.curves, own) and np.ptp(job.curves, axis=0).max() > 1


def test_the_same_settings_are_run_once_whatever_the_seed_beside_them(stage):
    line = Line(threads=1)
    job = line.job(ONE, range(2), 60)
    assert line.job(replace(ONE, seed=9), (0, 1), 60) is job
    assert line.job(ONE, range(2), 61) is not job and line.job(TWO, range(2), 60) is not job
    stage.gate.set()
    idle(line)
    assert len(stage.begun) == 6


def test_all_of_a_server_ask_the_same_line(stage):
    stage.gate.set()
    job = band_job(ONE, (0,), 60)
    assert band_job(replace(ONE, seed=3), [0], 60) is job and job.line is background.line
    idle(background.line)


def test_jobs_take_turns_and_a_new_one_is_first(stage):
    line = Line(threads=1)
    line.job(ONE, range(3), 60)
    stage.wait(lambda: stage.begun == [(0.1, 0)])
    two, three = line.job(TWO, range(3), 60), line.job(THREE, (5,), 60)
    assert (two.state, three.state) == (WAITING, WAITING)
    stage.gate.set()
    idle(line)
    assert stage.begun == [(0.1, 0), (0.2, 0), (0.3, 5), (0.1, 1), (0.2, 1), (0.1, 2), (0.2, 2)]


def test_no_more_run_at_once_than_there_are_threads(stage):
    line = Line(threads=2)
    jobs = [line.job(run, range(4), 60) for run in (ONE, TWO, THREE)]
    stage.wait(lambda: stage.now == 2)
    stage.gate.set()
    idle(line)
    assert stage.peak == 2 and all(job.state == DONE for job in jobs) and len(stage.begun) == 12


def test_finished_seeds_are_seen_while_others_run_in_the_order_of_seeds(stage):
    line = Line(threads=1)
    job = line.job(ONE, (8, 5), 60)
    assert job.curves.shape == (0, 60) and (job.done, job.total, job.state) == (0, 2, RUNNING)
    stage.gate.set()
    idle(line)
    assert job.curves[:, -1].tolist() == [8 + 3.0, 5 + 3.0]  # the mean of 1, 2 and 6


def test_a_cancelled_job_stops_and_goes_on_only_when_it_is_told_to(stage):
    line = Line(threads=1)
    job = line.job(ONE, range(2), 60)
    stage.wait(lambda: stage.now == 1)
    job.cancel()
    idle(line)
    assert (job.state, stage.given_up, stage.begun) == (CANCELLED, 1, [(0.1, 0)])
    assert line.job(ONE, range(2), 60) is job and job.state == CANCELLED
    stage.gate.set()
    job.resume()
    idle(line)
    assert (job.state, job.done) == (DONE, 2) and stage.begun == [(0.1, 0), (0.1, 0), (0.1, 1)]
    job.cancel()
    assert job.state == DONE


def test_a_job_resumed_before_its_run_has_noticed_still_runs_every_seed_once(stage):
    line = Line(threads=1)
    job = line.job(ONE, range(3), 60)
    stage.wait(lambda: stage.now == 1)
    with line.lock:  # the run cannot look meanwhile
        job.cancel()
        job.resume()
    stage.wait(lambda: stage.given_up == 1)
    stage.gate.set()
    idle(line)
    assert sorted(job.found) == [0, 1, 2] and not job.todo


def test_a_job_nobody_looks_at_stops_and_goes_on_when_somebody_does(stage):
    now = [0.0]
    line = Line(threads=1, unseen=20.0, clock=lambda: now[0])
    job, other = line.job(ONE, range(2), 60), line.job(TWO, range(1), 60)
    stage.wait(lambda: stage.now == 1)
    now[0] = 20.0
    assert not line.is_held(job)
    now[0] = 20.5
    idle(line)
    assert (job.held, other.held, stage.given_up, stage.begun) == (LEFT, LEFT, 1, [(0.1, 0)])
    assert other.curves.shape == (0, 60)
    stage.wait(lambda: stage.begun[-1] == (0.2, 0))
    stage.gate.set()
    idle(line)
    assert (other.state, job.held) == (DONE, LEFT)
    assert job.done == 0  # to ask is to look
    idle(line)
    assert job.state == DONE


def test_who_looks_keeps_a_job_going(stage):
    now = [0.0]
    line = Line(threads=1, unseen=20.0, clock=lambda: now[0])
    job = line.job(ONE, range(1), 60)
    for _ in range(5):
        now[0] += 15.0
        assert job.state == RUNNING and job.done == 0
    assert not job.held


def test_a_failing_job_says_so_in_a_sentence_and_holds_nobody_up(stage):
    stage.raises = {0.1: ValueError("This cannot be."), 0.2: KeyError("x")}
    stage.gate.set()
    line = Line(threads=1)
    jobs = [line.job(run, range(2), 60) for run in (ONE, TWO, THREE)]
    idle(line)
    assert [job.state for job in jobs] == [FAILED, FAILED, DONE]
    assert [job.error for job in jobs] == ["This cannot be.", "KeyError: 'x'", ""]
    stage.raises = {}
    jobs[0].resume()
    idle(line)
    assert (jobs[0].state, jobs[0].error) == (DONE, "")


def test_what_nobody_expects_is_reported_where_the_server_runs_and_the_line_goes_on(stage, monkeypatch):
    seen = []
    monkeypatch.setattr(threading, "excepthook", lambda args: seen.append(args.exc_type))
    stage.raises = {0.1: Odd("secret")}
    stage.gate.set()
    line = Line(threads=1)
    jobs = [line.job(run, range(2), 60) for run in (ONE, TWO)]
    idle(line)
    assert (jobs[0].state, jobs[0].error, jobs[1].state) == (FAILED, BROKEN, DONE)
    while not seen:  # the thread says so after it has given its turn back
        time.sleep(0.001)
    assert seen == [Odd]


def test_the_job_nobody_asked_for_longest_is_forgotten(stage):
    line = Line(threads=1, most=2)
    one, two = line.job(ONE, range(2), 60), line.job(TWO, range(2), 60)
    assert line.job(ONE, range(2), 60) is one
    line.job(THREE, range(2), 60)
    assert two.state == CANCELLED and list(line.jobs.values()) == [one, line.job(THREE, range(2), 60)]
    stage.gate.set()
    idle(line)
    assert {alpha for alpha, _ in stage.begun} == {0.1, 0.3}


def test_a_run_can_be_stopped_every_few_milliseconds_of_work():
    """No more work than SLICE steps of Q-learning lies between two pauses, PPO's updates spread over its steps."""
    run, pauses = Timeline(Cart(), PPO(), 0), []
    log = episodes_of(run, 5, 3000, lambda: pauses.append(1))
    assert len(pauses) >= 3000 * run.work / SLICE > 5
    assert all(np.array_equal(a, b) for a, b in zip(log, replace(run, seed=5).episodes(3000), strict=True))


def test_a_curve_is_the_mean_return_of_the_episode_under_way_and_those_before_it():
    at = np.array([1.0, 10.0, 11.0, 30.0, 31.0, 60.0, 99.0])
    assert returns_at(LOG, at, 1).tolist() == [1, 1, 2, 2, 6, 6, 6]
    assert returns_at(LOG, at, 2).tolist() == [1, 1, 1.5, 1.5, 4, 4, 4]
    assert WINDOW == 10 and np.isnan(returns_at(EpisodeLog(*np.zeros((3, 0))), at)).all()


@pytest.mark.parametrize("steps", [0, 1, 7, 200, 1000, 12_345])
def test_the_moments_of_a_curve_are_even_and_end_with_the_last(steps):
    at = grid(steps)
    assert len(at) == min(200, steps) and (not steps or at[-1] == steps)
    assert np.allclose(np.diff(at, prepend=0.0), steps / max(1, len(at)))
