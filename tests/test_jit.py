"""Compiling where numba is there, and running without it, without a disk to write on, or without being asked to."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from rl import dice, policies
from rl.jit import COMPILED, jit, plain, source_function

ROOT = Path(__file__).parents[1]
RUN = """
from rl.agents.control.q_learning import QLearning
from rl.envs.frozen_lake import FrozenLake
from rl.jit import COMPILED
from rl.timeline import Timeline
print(COMPILED, Timeline(FrozenLake(), QLearning(initial=1.0), 5).at(500).memory.q.sum().hex())
"""
NOWHERE = """
import numba.core.caching as caching
for kind in caching.CacheImpl._locator_classes:
    kind.from_function = classmethod(lambda cls, function, path: None)  # as where nothing can be written
import numba
try:
    numba.njit(cache=True)(lambda x: x)
except RuntimeError as error:
    assert "no locator available" in str(error)
else:
    raise AssertionError("this numba caches elsewhere; find out where")
"""
ABSENT = """
import sys
sys.modules["numba"] = None
"""


@jit
def twice(x):
    return 2 * x


@jit
def four_times(x):
    return twice(twice(x))


def output(code, cwd=ROOT, **environment):
    ours = ("NUMBA", "STEPWISE", "PYTHONPATH")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    result = subprocess.run([sys.executable, "-W", "error", "-c", code], cwd=cwd, env={**kept, **environment},
                            capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return result.stdout.split()


@pytest.fixture(scope="module")
def expected():
    return output(RUN)[1]


@pytest.mark.skipif(not COMPILED, reason="numba is not here, or turned off")
def test_a_jitted_function_is_compiled_and_has_a_plain_source():
    assert hasattr(twice, "py_func")
    assert source_function(twice) is twice.py_func
    assert source_function(source_function(twice)) is source_function(twice)


def test_a_plain_twin_calls_nothing_that_is_compiled():
    twin = plain(four_times)
    assert twin(3) == four_times(3) == 12
    assert twin("ab") == "ab" * 4  # what numba would refuse to type in `2 * x`
    assert not hasattr(twin.__globals__["twice"], "py_func")
    original = source_function(four_times).__globals__["twice"]
    assert hasattr(original, "py_func") == COMPILED  # it keeps what it had


def test_a_plain_twin_reaches_all_the_way_down():
    roll = plain(policies.epsilon_greedy).__globals__["uniform"]
    assert (roll.__globals__["u64"], roll.__globals__["mix"].__globals__["u64"]) == (int, int)
    assert roll(3, 14, dice.TIE) == dice.uniform(3, 14, dice.TIE)


def test_numba_is_turned_off_by_the_environment(expected):
    assert output(RUN, STEPWISE_PLAIN="1") == ["False", expected]
    assert output(RUN, STEPWISE_PLAIN="0") == output(RUN, STEPWISE_PLAIN="") == ["True", expected]


def test_everything_works_without_numba(expected):
    assert output(ABSENT + RUN) == ["False", expected]


def test_numbas_own_switch_turns_it_off_too(expected):
    assert output(RUN, NUMBA_DISABLE_JIT="1") == ["False", expected]


def test_nothing_can_be_written_and_yet_it_compiles(tmp_path, expected):
    package = tmp_path / "elsewhere"
    shutil.copytree(ROOT / "rl", package / "rl", ignore=shutil.ignore_patterns("__pycache__"))
    assert output(NOWHERE + RUN, cwd=package, HOME="/dev/null") == ["True", expected]
    assert not list(package.rglob("*.nbi"))
