"""Where blocks of work are done: threads of this machine through joblib, or a Dask cluster.

A job is a function and its arguments. Jobs are asked for one after the other, as soon as there is room for more, and
results come as they are ready, so that whoever asks for less simply stops giving.
"""

import importlib
import os
import time
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from joblib import Parallel, delayed

CLUSTER = "STEPWISE_DASK"
"""The environment variable that names a cluster: tcp://host:8786."""
WAIT = 10.0
"""Seconds to wait for a cluster, for its first worker, and for another when the last is lost."""
POLL = 0.5
"""Seconds between two looks at whether anybody still waits, and anybody works."""
FETCH = 3.0
"""Seconds that a result may take on its way before it is looked whether its worker is still there."""

Job = tuple[Callable[..., Any], tuple[Any, ...]]


class NoCluster(Exception):
    """A cluster that cannot be used; the message says why in one sentence."""


def cluster_address() -> str:
    """Returns the address of the cluster to be used, or nothing."""
    return os.environ.get(CLUSTER, "").strip()


def streamed(jobs: Iterator[Job], threads: int, stopped: Callable[[], bool]) -> Iterator[Any]:
    """Yields the results of jobs as they are ready. Raises NoCluster, and what a job raises.

    When it is ``stopped``, what is under way on a cluster is called off.
    """
    address = cluster_address()
    return from_cluster(jobs, address, stopped) if address else from_threads(jobs, threads)


def from_threads(jobs: Iterator[Job], threads: int) -> Iterator[Any]:
    """Does jobs in threads: the compiled loops leave them free to run at once."""
    parallel = Parallel(n_jobs=threads, prefer="threads", return_as="generator_unordered", batch_size=1)
    yield from parallel(delayed(function)(*arguments) for function, arguments in jobs)


def from_cluster(jobs: Iterator[Job], address: str, stopped: Callable[[], bool]) -> Iterator[Any]:
    """Does jobs on a Dask cluster, twice as many in flight as it has cores; a worker that is lost is made up for.

    Dask is spoken to directly: joblib's own way there never hears of a job that was given up, and would wait for ever.
    """
    with _connected(address) as client:
        cores = _cores(client, address)
        dask = importlib.import_module("dask.distributed")
        try:
            sent = {_sent(client, job) for job in islice(jobs, 2 * cores)}
            for found in _found(client, dask, sent, stopped, address):
                yield from found
                sent |= {_sent(client, job) for job in islice(jobs, len(found))}
        except (OSError, TimeoutError, dask.CancelledError, dask.KilledWorker) as error:
            raise NoCluster(f"The Dask cluster at {address[:80]} was lost: {type(error).__name__}.") from error
        except (ImportError, RuntimeError) as error:  # jobs say themselves what is wrong with them
            raise NoCluster(f"The workers of the Dask cluster at {address[:80]} cannot do this work: is it the same "
                            f"Stepwise there? ({type(error).__name__})") from error


def _found(client: Any, dask: Any, sent: set[Any], stopped: Callable[[], bool], address: str) -> Iterator[list[Any]]:
    """Yields what is ready of what was sent, again and again. Raises NoCluster where nobody works any more."""
    alive = time.monotonic()
    while sent:
        if stopped():
            client.cancel(list(sent))
            return
        found = _fetched(client, dask, sent)
        if found or client.ncores():
            alive = time.monotonic()
        elif time.monotonic() - alive > WAIT:
            client.cancel(list(sent))
            raise NoCluster(f"The Dask cluster at {address[:80]} has lost all its workers.")
        yield found


def _fetched(client: Any, dask: Any, sent: set[Any]) -> list[Any]:
    """Waits a little, and takes out of ``sent`` what is ready. Returns the results."""
    found: list[Any] = []
    try:
        with client.as_current():
            ready = dask.wait(list(sent), timeout=POLL, return_when="FIRST_COMPLETED").done
        for future in ready:
            found.append(future.result(timeout=FETCH))
            sent.remove(future)
    except TimeoutError:  # nothing is ready, or it was lost with its worker, and will be made again
        pass
    return found


def _sent(client: Any, job: Job) -> Any:
    function, arguments = job
    return client.submit(function, *arguments, pure=False)


def _connected(address: str) -> Any:
    try:
        dask = importlib.import_module("dask.distributed")
    except ImportError:
        raise NoCluster(f"{CLUSTER} is set, but Dask is not installed here: pip install 'dask[distributed]'.") from None
    try:
        return dask.Client(address, timeout=WAIT, set_as_default=False)
    except (OSError, ValueError, TypeError):
        raise NoCluster(f"No Dask cluster answers at {address[:80]} ({CLUSTER}).") from None


def _cores(client: Any, address: str) -> int:
    try:
        client.wait_for_workers(1, timeout=WAIT)
    except TimeoutError:
        raise NoCluster(f"The Dask cluster at {address[:80]} has no workers.") from None
    return int(sum(client.ncores().values()))

