"""The replay memory against naive oracles: a deque for the ring, cumulative sums for the tree, counts for the draws."""

from collections import deque

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rl.dice import REPLAY, uniform
from rl.jit import COMPILED, plain
from rl.replay import (
    append,
    build,
    draw_by_priority,
    draw_evenly,
    find,
    latest,
    leaves_of,
    power,
    set_priority,
)
from tests.strategies import same

priorities = st.lists(st.just(0.0) | st.floats(2**-16, 2**20, width=32), min_size=1, max_size=70).filter(any)
wholes = st.lists(st.integers(0, 9), min_size=1, max_size=70).filter(any)  # whose sums are exact


def tree_of(priority):
    tree = np.full(2 * leaves_of(len(priority)), np.nan)  # what is there before it is built means nothing
    build(np.array(priority, np.float32), tree)
    return tree


@given(st.integers(1, 9), st.lists(st.floats(-9, 9, width=32), max_size=60), st.integers(0, 12))
def test_the_ring_keeps_the_newest_as_a_deque_does(size, values, n):
    rows, fill, oracle = np.zeros((size, 2), np.float32), np.zeros(2, np.int64), deque(maxlen=size)
    for i, value in enumerate(values):
        place = append(rows, fill, np.array([value, i], np.float32))
        oracle.append((value, i))
        assert place == i % size and rows[place].tolist() == [value, i]
        assert fill.tolist() == [len(oracle), (i + 1) % size]
    assert [tuple(row) for row in rows[latest(fill, size, size)].tolist()] == list(oracle)
    assert [tuple(row) for row in rows[latest(fill, size, n)].tolist()] == list(oracle)[max(0, len(oracle) - n) :]


@given(st.integers(1, 5000))
def test_leaves_are_the_least_power_of_two_with_room(n):
    assert leaves_of(n) == 1 << (n - 1).bit_length()


@given(priorities)
def test_every_node_of_the_tree_is_the_sum_of_its_two(priority):
    tree = tree_of(priority)
    leaves = len(tree) // 2
    assert tree[leaves : leaves + len(priority)].tolist() == [np.float32(p) for p in priority]
    assert not tree[leaves + len(priority) :].any() and tree[0] == 0.0
    assert np.array_equal(tree[1:leaves], tree[2::2] + tree[3::2])
    assert tree[1] == pytest.approx(np.sum(priority), rel=1e-12)


@given(priorities, st.lists(st.tuples(st.integers(0, 69), st.floats(0, 2**20, width=32)), max_size=40), st.booleans())
def test_a_tree_changed_leaf_by_leaf_is_the_one_built_at_once_to_the_last_bit(priority, changes, from_nothing):
    tree, now = tree_of([0.0] * len(priority) if from_nothing else priority), np.array(priority, np.float32)
    if from_nothing:
        for i in reversed(range(len(now))):
            set_priority(tree, i, now[i])
    for i, value in changes:
        i %= len(now)
        now[i] = value
        set_priority(tree, i, now[i])
    assert tree.tobytes() == tree_of(now).tobytes()


@given(wholes, st.data())
def test_a_leaf_is_found_as_in_a_cumulative_sum(priority, data):
    tree, ends = tree_of(priority), np.cumsum(priority)
    for mass in {0.0, *ends[:-1].tolist(), data.draw(st.floats(0, float(ends[-1]), exclude_max=True))}:
        if mass < ends[-1]:
            assert find(tree, float(mass)) == np.searchsorted(ends, mass, side="right"), mass
    assert find(tree, np.nextafter(float(ends[-1]), 0)) == np.flatnonzero(priority)[-1]


@given(priorities, st.floats(0, 1, exclude_max=True), st.integers(1, 256))
def test_rounding_never_leads_to_a_leaf_without_priority(priority, die, parts):
    """Up to the whole sum, where nothing but rounding leads, and beyond."""
    tree = tree_of(priority)
    ends = np.cumsum(np.array(priority, np.float32).astype(np.float64))
    for mass in (die * tree[1], (parts - 1 + die) / parts * tree[1], tree[1], tree[1] * (1 + 1e-15)):
        leaf = find(tree, mass)
        assert leaf < len(priority) and priority[leaf] > 0
        exact = min(int(np.searchsorted(ends, mass, side="right")), len(priority) - 1)
        near = np.abs(ends - mass).min() <= 1e-9 * ends[-1]
        assert near or leaf == exact


class Counted(np.ndarray):
    """A tree that counts how often it is read."""

    reads = 0

    def __getitem__(self, key):
        Counted.reads += 1
        return super().__getitem__(key)


@pytest.mark.parametrize("n", [1, 2, 100, 4096, 50_000])
def test_to_find_or_change_one_of_n_touches_so_many_nodes_as_n_has_binary_digits(n):
    tree = tree_of(np.ones(n)).view(Counted)
    depth = (n - 1).bit_length()
    for work, most in ((lambda: plain(find)(tree, n - 0.5), 3 * depth),
                       (lambda: plain(set_priority)(tree, n // 2, 2.0), 2 * depth)):
        Counted.reads = 0
        work()
        assert depth <= Counted.reads <= most


def drawn_evenly(filled, n, seeds, t=7):
    """The places drawn from one memory, (seeds, n)."""
    picked = np.zeros((len(seeds), n), np.int64)
    for row, seed in zip(picked, seeds, strict=True):
        draw_evenly(np.array([filled, 0]), seed, t, row)
    return picked


def drawn(priority, n, draws, beta=0.4):
    """Places and weights drawn by priority at so many moments, (draws, n) each."""
    tree, picked, weight = tree_of(priority), np.zeros((draws, n), np.int64), np.zeros((draws, n))
    for t in range(draws):
        draw_by_priority(tree, len(priority), beta, 3, t, picked[t], weight[t])
    return picked, weight


def assert_frequencies(picked, chance):
    """Chi-square of the counts: its mean is the number of cells less 1, its variance twice that."""
    cells = chance > 0
    counts, expected = np.bincount(picked.ravel(), minlength=len(chance)), picked.size * chance
    assert len(counts) == len(chance) and not counts[~cells].any()
    free = cells.sum() - 1
    assert ((counts - expected)[cells] ** 2 / expected[cells]).sum() <= free + 5 * np.sqrt(2 * free)


@pytest.mark.parametrize("filled", [1, 2, 7, 64, 500])
def test_even_draws_are_even_and_the_same_one_may_come_twice(filled):
    picked = drawn_evenly(filled, 64, range(600))
    assert_frequencies(picked, np.full(filled, 1 / filled))
    different = np.mean([len(np.unique(row)) for row in picked])
    assert different == pytest.approx(filled * (1 - (1 - 1 / filled) ** 64), rel=0.02)


def test_each_place_of_a_batch_has_its_own_die_at_each_moment():
    picked = drawn_evenly(10**6, 64, [5])[0]
    assert picked.tolist() == [int(uniform(5, 7, REPLAY + i) * 10**6) for i in range(64)]
    assert len({*picked.tolist(), *drawn_evenly(10**6, 64, [5], 8)[0].tolist()}) == 128
    assert np.array_equal(picked[:10], drawn_evenly(10**6, 10, [5])[0])  # a smaller batch is a part of it


@pytest.mark.parametrize("priority", [
    [1.0], [1, 2, 3, 4], [5, 0, 0, 1, 0, 2, 0], [0.001, 1000], np.arange(100.0), 1.0 / (1 + np.arange(300))],
    ids=lambda priority: str(len(priority)))
def test_draws_by_priority_are_in_proportion_to_it(priority):
    """One from each of as many equal parts, which makes counts steadier than chance does: the bound still holds."""
    priority = np.asarray(priority, np.float64)
    picked, _ = drawn(priority, 32, 1500)
    assert_frequencies(picked, priority / priority.sum())
    first = drawn(priority, 1, 6000)[0]
    assert_frequencies(first, priority / priority.sum())


def test_every_batch_has_one_from_each_part_of_the_sum():
    picked, weight = drawn(np.ones(64), 64, 50)
    assert (picked == np.arange(64)).all() and (weight == 1).all()
    halves = drawn(np.ones(64), 2, 50)[0]
    assert (halves[:, 0] < 32).all() and (halves[:, 1] >= 32).all() and len(np.unique(halves)) > 30


@given(wholes, st.sampled_from([0.0, 0.4, 1.0]), st.integers(1, 64))
def test_importance_weights_are_those_of_the_paper(priority, beta, n):
    """(N P(i))^-beta over the largest of the batch (Schaul et al., 2016, algorithm 1)."""
    picked, weight = drawn(priority, n, 3, beta)
    chance = np.array(priority) / np.sum(priority)
    for places, found in zip(picked, weight, strict=True):
        expected = (len(priority) * chance[places]) ** -beta
        assert found == pytest.approx(expected / expected.max(), rel=1e-12) and found.max() == 1.0
    assert beta > 0 or (weight == 1.0).all()


def test_importance_weights_by_hand():
    """Priorities 1, 3: chances 1/4, 3/4 of N = 2; (2 / 4)^-1 = 2 and (6 / 4)^-1 = 2/3, over 2: 1 and 1/3."""
    picked, weight = drawn([1.0, 3.0], 4, 5, 1.0)
    assert (picked == [0, 1, 1, 1]).all() and weight == pytest.approx(np.array([[1, 1 / 3, 1 / 3, 1 / 3]] * 5))
    assert drawn([1.0, 3.0], 4, 5, 0.5)[1][:, 1] == pytest.approx(3**-0.5)


def test_with_a_full_correction_every_transition_counts_the_same_on_average():
    """What is drawn k times as often counts a k-th."""
    priority = np.array([1.0, 2, 3, 10])
    picked, weight = drawn(priority, 16, 2000, 1.0)
    pull = np.bincount(picked.ravel(), weight.ravel(), minlength=4)
    assert pull == pytest.approx(np.full(4, pull.mean()), rel=0.03)
    assert np.bincount(picked.ravel(), minlength=4)[3] > 8 * np.bincount(picked.ravel(), minlength=4)[0]


@given(st.floats(1e-30, 1e30), st.floats(-1, 1))
def test_a_power_is_a_power(x, exponent):
    assert power(x, exponent) == pytest.approx(x**exponent, rel=1e-12)
    assert power(x, 0.0) == 1.0


@pytest.mark.skipif(not COMPILED, reason="numba is not here, or turned off")
@given(priorities, st.sampled_from([0.0, 0.4, 1.0]), st.integers(0, 2**31 - 1))
def test_draws_are_the_same_compiled_and_plain(priority, beta, seed):
    ends = []
    for make, draw in ((build, draw_by_priority), (plain(build), plain(draw_by_priority))):
        tree, picked, weight = np.zeros(2 * leaves_of(len(priority))), np.zeros(9, np.int64), np.zeros(9)
        make(np.array(priority, np.float32), tree)
        draw(tree, len(priority), beta, seed, 11, picked, weight)
        ends.append([tree, picked, weight])
    assert same(*ends)
