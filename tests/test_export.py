"""What can be taken away reads back as the logs and the tables."""

import csv
import io

import numpy as np
import pytest

from rl import export
from rl.agents.control.q_learning import QLearning
from rl.envs import ENVS
from rl.envs.grid_world import GridWorld
from rl.export import ENDINGS, episodes_csv, steps_csv, tables_npz
from rl.timeline import Timeline

WORLDS = [*(kind() for kind in ENVS.values()), GridWorld(map="S..H/...G", horizon=5, slip=0.3)]


@pytest.fixture(params=WORLDS, ids=repr)
def run(request):
    return Timeline(request.param, QLearning(epsilon=0.3, initial=0.5), 2).edited(300, alpha=0.7)


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_the_steps_read_back_to_the_last_bit(run):
    log, read = run.steps(0, 1000), rows(steps_csv(run, 1000))
    assert [int(row["step"]) for row in read] == list(range(1000))
    for name in set(log._fields) - {"ended", "explored"}:
        assert np.array_equal([float(row[name]) for row in read], getattr(log, name), equal_nan=True), name
    assert [row["explored"] == "1" for row in read] == log.explored.tolist()
    assert [row["ended"] for row in read] == [ENDINGS[ended] for ended in log.ended.tolist()]


def test_the_episodes_read_back_to_the_last_bit(run):
    log, read = run.episodes(3000), rows(episodes_csv(run, 3000))
    assert [int(row["episode"]) for row in read] == list(range(1, len(log) + 1))
    for column, values in zip(("return", "length", "end"), log, strict=True):
        assert [float(row[column]) for row in read] == values.tolist()


def test_the_tables_read_back_to_the_last_bit(run):
    memory = run.at(700).memory
    with np.load(io.BytesIO(tables_npz(run, 700)), allow_pickle=False) as read:
        assert sorted(read.files) == ["q", "visits"]
        assert np.array_equal(read["q"], memory.q) and np.array_equal(read["visits"], memory.visits)


def test_of_a_long_run_the_newest_steps_are_kept(run, monkeypatch):
    monkeypatch.setattr(export, "MOST_ROWS", 7)
    read = rows(steps_csv(run, 50))
    assert [int(row["step"]) for row in read] == list(range(43, 50))
    assert [float(row["new"]) for row in read] == run.steps(43, 50).new.tolist()


def test_a_run_that_has_not_begun_has_a_header_and_no_rows(run):
    assert rows(steps_csv(run, 0)) == rows(episodes_csv(run, 0)) == []
    assert steps_csv(run, 0).startswith("step,state,action,") and episodes_csv(run, 0) == "episode,return,length,end\n"
