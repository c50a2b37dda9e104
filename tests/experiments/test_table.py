"""Results as files: every number reads back as it was, and every row leads to the run it is of."""

import csv
import io

import numpy as np
import pyarrow.parquet
import pytest

from rl.agents.control.q_learning import QLearning
from rl.envs.cliff_walking import CliffWalking
from rl.envs.frozen_lake import FrozenLake
from rl.envs.grid_world import GridWorld
from rl.experiments.config import Experiment
from rl.experiments.measures import MEASURES
from rl.experiments.results import blank_results
from rl.experiments.table import links, run_link, table, to_csv, to_parquet, typical_link
from rl.link import from_query_string
from tests.experiments.lab import swept

MIXED = Experiment(
    (CliffWalking(), FrozenLake()), (QLearning(), QLearning(epsilon=0.3)),
    (("alpha", (0.1, 1.0)), ("env.success", (1.0, 0.5)), ("schedule", ("constant", "linear"))), 3, 8, 20,
    threshold=0.9, last=5)


@pytest.fixture(scope="module")
def results():
    return swept(MIXED)


def test_there_is_a_row_for_each_run_with_what_it_was_and_came_to(results):
    columns = table(results)
    assert list(columns) == ["condition", "environment", "agent", "alpha", "env.success", "schedule", "seed", *MEASURES,
                             "link"]
    assert {len(column) for column in columns.values()} == {24 * 3}
    assert columns["seed"] == [8, 9, 10] * 24
    assert columns["env.success"][:3] == [None] * 3 and set(columns["env.success"]) == {None, 1.0, 0.5}
    for number, name in enumerate(MEASURES):
        assert np.array_equal(columns[name], results.measured[:, :, number].ravel(), equal_nan=True)
    assert INF in columns["steps_to"] and not np.isnan(columns["steps_to"]).any()


INF = float("inf")


def test_csv_reads_back_to_the_last_digit(results):
    columns = table(results)
    rows = list(csv.DictReader(io.StringIO(to_csv(columns))))
    for name in MEASURES:
        assert np.array_equal([float(row[name]) for row in rows], columns[name], equal_nan=True)
    assert [row["env.success"] for row in rows[:4]] == [""] * 4 and rows[0]["condition"] == columns["condition"][0]


def test_parquet_reads_back_to_the_last_bit(results):
    columns = table(results)
    read = pyarrow.parquet.read_table(io.BytesIO(to_parquet(columns))).to_pydict()
    assert list(read) == list(columns)
    for name, column in columns.items():
        if name in MEASURES:
            assert np.array_equal(read[name], column, equal_nan=True)
        else:
            assert read[name] == column


def test_a_column_of_words_and_numbers_becomes_words():
    read = pyarrow.parquet.read_table(io.BytesIO(to_parquet({"x": [1.5, "no", None]}))).to_pydict()
    assert read == {"x": ["1.5", "no", None]}


def test_a_link_opens_the_very_run_at_its_end(results):
    columns = table(results)
    for row in range(0, 72, 7):
        view = from_query_string(columns["link"][row])
        assert view.timeline.seed == columns["seed"][row] and view.t == columns["steps"][row]
        assert view.timeline.episodes(view.t).ret[-5:].mean() == columns["online"][row]


def test_a_link_keeps_an_edit_of_the_world():
    moved = Experiment((GridWorld(map="S..G/...."),), (QLearning(),), seeds=2, episodes=30, last=5,
                       edits=("40,env.map:S#.G/....",))
    results = swept(moved)
    view = from_query_string(links(results, 0)[1])
    assert [edit.env.map for edit in view.timeline.edits] == ["S#.G/...."] and view.timeline.seed == 1
    assert view.timeline.episodes(view.t).ret[-5:].mean() == results.of("online")[0, 1]


def test_the_typical_run_is_the_median(results):
    online = results.of("online")[5]
    seed = from_query_string(typical_link(results, 5, "online")).timeline.seed
    assert online[seed - 8] == np.median(online)


def test_what_is_not_done_has_no_row_and_no_link(results):
    nothing = blank_results(MIXED)
    assert {len(column) for column in table(nothing).values()} == {0}
    assert links(nothing, 0) == ["", "", ""] and typical_link(nothing, 0, "online") == ""
    some = results.copy()
    some.done[0, 1] = False
    assert table(some)["seed"][:3] == [8, 10, 8] and links(some, 0)[1] == ""
    assert to_csv(table(nothing)).count("\n") == 1 and len(to_parquet(table(nothing))) > 100


def test_a_run_longer_than_a_link_may_be_opens_at_its_last_step():
    assert from_query_string(run_link(MIXED.plan.conditions[0], 3, 9e9)).t == 2_000_000
