"""Compiles ``q_learning.c`` with gcc -O3 into a temporary folder and calls it."""

import ctypes
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from numpy.typing import NDArray

from rl.agents.control.q_learning import QLearning
from rl.mdp import TabularMDP
from rl.run import Run
from rl.tape import EpisodeLog, blank, cut

SOURCE = Path(__file__).with_name("q_learning.c")
FLAGS = ("-O3", "-std=c11", "-ffp-contract=off", "-shared", "-fPIC")


class Mdp(ctypes.Structure):
    """Mirrors the struct of the same name in the C file."""

    _fields_ = [
        *((name, ctypes.c_int64) for name in ("states", "actions", "outcomes", "horizon")),
        *((name, ctypes.c_void_p) for name in ("cdf", "reward", "start_cdf", "next_state", "terminal")),
    ]


class Clock(ctypes.Structure):
    """Mirrors the struct of the same name in the C file."""

    _fields_ = [*((name, ctypes.c_int64) for name in ("step", "state", "episode", "k")), ("ret", ctypes.c_double)]


@cache
def library() -> ctypes.CDLL:
    """Compiles once a process. Raises RuntimeError where there is no gcc."""
    compiler = shutil.which("gcc")
    if compiler is None:
        raise RuntimeError("no gcc here")
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "q_learning.so"
        subprocess.run([compiler, *FLAGS, str(SOURCE), "-o", str(out)], check=True, stdin=subprocess.DEVNULL)
        return ctypes.CDLL(str(out))


def pointer(array: NDArray) -> ctypes.c_void_p:
    return ctypes.c_void_p(array.ctypes.data)


def as_struct(mdp: TabularMDP) -> Mdp:
    columns = (mdp.cdf, mdp.reward, mdp.start_cdf, mdp.next_state, mdp.terminal)
    return Mdp(*mdp.cdf.shape, mdp.horizon, *map(pointer, columns))


def advance(run: Run, stop_step: int, episode_rows: int) -> EpisodeLog:
    """Does what `rl.run.advance` does for Q-learning with constant rates; the log lacks the column ``end``."""
    agent = run.agent
    assert isinstance(agent, QLearning) and agent.schedule == "constant"
    log: EpisodeLog = blank(EpisodeLog, episode_rows)
    counts, ret = run.clock
    clock, rates = Clock(*counts.tolist(), ret[0]), (agent.alpha, agent.gamma, agent.epsilon)
    library().q_learning_loop(
        ctypes.byref(as_struct(run.env.mdp)), ctypes.c_uint64(run.seed), *map(pointer, run.memory),
        ctypes.byref(clock), ctypes.c_int64(stop_step), *map(ctypes.c_double, rates),
        pointer(log.ret), pointer(log.length), ctypes.c_int64(episode_rows))
    counts[:], ret[0] = (clock.step, clock.state, clock.episode, clock.k), clock.ret
    return cut(log, 0, min(episode_rows, clock.episode))
