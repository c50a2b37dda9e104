"""Compiled kernels that are older than a source they may be made from are forgotten."""

import os

import pytest

from rl.kernels import forget_stale


@pytest.fixture
def engine(tmp_path):
    (tmp_path / "loop.py").write_text("@jit\ndef loop(): ...\n")
    (tmp_path / "lesson.py").write_text("TEXT = ''\n")
    (tmp_path / "__pycache__").mkdir()
    for name in ("loop.nbi", "loop.1.nbc"):
        (tmp_path / "__pycache__" / name).touch()
    age(tmp_path, "loop.py", 100)
    age(tmp_path, "lesson.py", 100)
    return tmp_path


def age(engine, name, seconds):
    path = engine / name
    then = path.stat().st_mtime - seconds
    os.utime(path, (then, then))


def test_kernels_newer_than_every_source_are_kept(engine):
    assert forget_stale(engine) == 0
    assert len(list(engine.rglob("*.nb?"))) == 2


def test_one_newer_jitted_source_is_enough_to_forget_them_all(engine):
    age(engine, "__pycache__/loop.nbi", 200)
    assert forget_stale(engine) == 2
    assert not list(engine.rglob("*.nb?"))


def test_a_newer_text_changes_nothing(engine):
    age(engine, "lesson.py", -1000)
    assert forget_stale(engine) == 0


def test_without_kernels_there_is_nothing_to_do(tmp_path):
    assert forget_stale(tmp_path) == 0
