"""The same sweep on a Dask cluster: the same numbers, even when a worker dies, and a sentence when there is none."""

import os
import signal
import socket
from dataclasses import replace

import pytest

from rl.experiments import pool
from rl.experiments import sweep as sweeps
from rl.experiments.pool import CLUSTER
from rl.experiments.queue import Queue
from rl.experiments.sweep import Sweep
from tests.experiments.lab import MINUTE, SMALL, same, swept, until

LARGER = replace(SMALL, seeds=60, episodes=150, last=50)


@pytest.fixture(scope="module")
def cluster():
    """Two workers, each a process of its own."""
    from dask.distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0") as local:
        yield local


@pytest.fixture
def on_cluster(cluster, monkeypatch):
    monkeypatch.setenv(CLUSTER, cluster.scheduler_address)


def swept_here(experiment):
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(CLUSTER, raising=False)
        return swept(experiment)


@pytest.mark.slow
def test_a_cluster_gives_the_numbers_of_threads_bit_for_bit(on_cluster):
    assert same(swept(SMALL), swept_here(SMALL))


@pytest.mark.slow
def test_a_sweep_survives_the_death_of_a_worker(on_cluster, cluster, monkeypatch):
    monkeypatch.setattr(sweeps, "AIM", 0.02)  # many small blocks
    sweep = Sweep(LARGER, Queue(1))
    sweep.start()
    until(lambda: sweep.progress().done > LARGER.runs // 10 or sweep.progress().state == "failed")
    with pool._connected(cluster.scheduler_address) as client:
        victim = sorted(client.run(os.getpid).values())[0]
    os.kill(victim, signal.SIGKILL)
    early = sweep.progress()
    assert sweep.wait(2 * MINUTE)
    assert early.done < early.total and sweep.progress().state == "done"
    assert same(sweep.snapshot(), swept_here(LARGER))


@pytest.mark.slow
def test_a_sweep_on_a_cluster_can_be_cancelled_and_goes_on_anywhere(on_cluster, monkeypatch):
    monkeypatch.setattr(sweeps, "AIM", 0.001)
    sweep = Sweep(SMALL, Queue(1))
    sweep.start()
    until(lambda: sweep.progress().done > 0 or sweep.progress().state == "failed")
    sweep.cancel()
    assert sweep.wait(MINUTE) and 0 < sweep.progress().done < sweep.progress().total
    monkeypatch.delenv(CLUSTER)
    sweep.resume()
    assert sweep.wait(MINUTE) and same(sweep.snapshot(), swept_here(SMALL))


def sentence(monkeypatch, address):
    """What is said of a cluster that cannot be used."""
    monkeypatch.setenv(CLUSTER, address)
    monkeypatch.setattr(pool, "WAIT", 0.5)
    sweep = Sweep(SMALL, line := Queue(1))
    sweep.start()
    assert sweep.wait(MINUTE) and line.running == 0
    progress = sweep.progress()
    assert progress.state == "failed" and progress.done == 0
    monkeypatch.delenv(CLUSTER)
    sweep.resume()  # here, then
    assert sweep.wait(MINUTE) and sweep.progress().state == "done"
    return progress.sentence


def test_a_cluster_that_does_not_answer_gets_a_sentence(monkeypatch):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    assert sentence(monkeypatch, address) == f"No Dask cluster answers at {address} (STEPWISE_DASK)."


@pytest.mark.parametrize("address", ["nonsense://x", "tcp://", "tcp://host:port", "x" * 300])
def test_what_is_no_address_gets_a_sentence(monkeypatch, address):
    assert sentence(monkeypatch, address) == f"No Dask cluster answers at {address[:80]} (STEPWISE_DASK)."


def test_a_missing_dask_is_named(monkeypatch):
    def missing(name):
        raise ImportError(name)

    monkeypatch.setattr(pool.importlib, "import_module", missing)
    assert "Dask is not installed here: pip install" in sentence(monkeypatch, "tcp://127.0.0.1:1")


@pytest.mark.slow
def test_a_cluster_without_workers_gets_a_sentence(monkeypatch):
    from dask.distributed import LocalCluster

    with LocalCluster(n_workers=0, processes=False, dashboard_address="127.0.0.1:0") as local:
        assert "has no workers" in sentence(monkeypatch, local.scheduler_address)


@pytest.mark.slow
@pytest.mark.parametrize("cancelled", [True, False])
def test_a_sweep_whose_workers_all_went_away_ends_and_frees_its_slot(monkeypatch, cancelled):
    from dask.distributed import LocalCluster

    monkeypatch.setattr(sweeps, "AIM", 0.02)
    monkeypatch.setattr(pool, "WAIT", MINUTE if cancelled else 1.0)
    with LocalCluster(n_workers=1, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0") as local:
        monkeypatch.setenv(CLUSTER, local.scheduler_address)
        sweep = Sweep(LARGER, line := Queue(1))
        sweep.start()
        until(lambda: sweep.progress().done > 0 or sweep.progress().state == "failed")
        local.scale(0)
        until(lambda: not local.scheduler_info["workers"])
        assert sweep.progress().state == "running"
        if cancelled:
            sweep.cancel()
        assert sweep.wait(MINUTE / 2) and line.running == 0
    assert sweep.progress().state == ("cancelled" if cancelled else "failed")
    assert cancelled or "has lost all its workers" in sweep.progress().sentence
    monkeypatch.delenv(CLUSTER)
    sweep.resume()
    assert sweep.wait(MINUTE) and same(sweep.snapshot(), swept_here(LARGER))
