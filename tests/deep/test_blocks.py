"""Arrays kept as blocks come back to the last bit, and what two copies have in common is there once."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rl.blocks import BLOCK, Blocks, packed, unpacked

DTYPES = (np.float32, np.float64, np.int64, np.uint8, np.bool_)
sizes = st.sampled_from([0, 1, BLOCK // 8, BLOCK // 8 + 1, BLOCK // 4, BLOCK // 4 + 1, BLOCK, BLOCK + 1, 3 * BLOCK + 5])
odd = st.sampled_from([np.nan, -0.0, 0.0, np.inf, -np.inf, 1.5])


@st.composite
def arrays(draw, dtype=None, size=None):
    """An array of any bits that its type has, NaN and minus zero among them; maybe a matrix, maybe not contiguous."""
    n, kind = draw(sizes) if size is None else size, np.dtype(draw(st.sampled_from(DTYPES)) if dtype is None else dtype)
    flat = np.random.default_rng(draw(st.integers(0, 9))).integers(0, 2, n).astype(kind)
    if kind.kind == "f" and n:
        flat[:: draw(st.integers(1, 50))] = draw(odd)
    shapes = [flat, flat.reshape(1, n), np.repeat(flat, 2)[::2]] + ([flat.reshape(2, n // 2).T] if n % 2 == 0 else [])
    return draw(st.sampled_from(shapes))


def equal(one, other):
    """Tells whether two arrays are the same: type, shape and every bit."""
    return (one.dtype, one.shape, one.tobytes()) == (other.dtype, other.shape, other.tobytes())


@given(arrays())
def test_what_was_packed_comes_back_to_the_last_bit_and_is_a_copy(array):
    kept, size = packed(array)
    back = unpacked(kept)
    assert equal(back, array) and size == array.nbytes and back.flags.writeable
    assert not np.shares_memory(back, array) and not np.shares_memory(back, unpacked(kept))
    before = back.copy()
    if array.size:
        back.reshape(-1)[:] = 1 - back.reshape(-1) if back.dtype != np.bool_ else ~back.reshape(-1)
    assert equal(unpacked(kept), before)


@given(st.data())
def test_a_copy_that_shares_comes_back_as_one_that_does_not(data):
    """Whatever the earlier one was: of another shape or type, an array that was copied whole, or nothing."""
    array = data.draw(arrays())
    like = packed(data.draw(arrays(array.dtype, array.size) | arrays()))[0]
    for earlier in (like, packed(array)[0], packed(array, like)[0], None):
        kept, size = packed(array, earlier)
        assert equal(unpacked(kept), array) and 0 <= size <= array.nbytes


@given(st.integers(0, 4 * BLOCK // 8 - 1), odd, st.sampled_from([np.nan, 2.0]))
def test_one_changed_number_costs_one_block(place, old, new):
    array = np.full(4 * BLOCK // 8, old)
    first, cost = packed(array)
    assert (cost, len(first.pieces)) == (4 * BLOCK, 4)
    assert packed(array.copy(), first)[1] == 0  # NaN too
    array[place] = new
    second, more = packed(array, first)
    changed = np.float64(old).tobytes() != np.float64(new).tobytes()
    assert more == changed * BLOCK
    shared = [a is b for a, b in zip(first.pieces, second.pieces, strict=True)]
    assert shared == [not (changed and i == place // (BLOCK // 8)) for i in range(4)]
    assert unpacked(first)[place].tobytes() == np.float64(old).tobytes()


def test_minus_zero_is_not_zero():
    array = np.zeros(BLOCK)
    first = packed(array)[0]
    array[5] = -0.0
    kept, more = packed(array, first)
    assert more == BLOCK and np.signbit(unpacked(kept)[5]) and not np.signbit(unpacked(first)).any()


@pytest.mark.parametrize("other", [np.zeros(BLOCK // 4, np.int64), np.zeros((2, BLOCK // 8)), np.zeros(BLOCK // 4 + 1)],
                         ids=["type", "shape", "length"])
def test_nothing_is_shared_with_another_type_shape_or_length(other):
    array = np.zeros(BLOCK // 4)
    kept, cost = packed(array, packed(other)[0])
    assert cost == array.nbytes and equal(unpacked(kept), array)


def test_small_arrays_are_copied_whole():
    array = np.arange(BLOCK // 8)
    kept, cost = packed(array, array)
    assert not isinstance(kept, Blocks) and cost == BLOCK and not np.shares_memory(kept, array)


@given(st.lists(st.lists(st.tuples(st.integers(0, 8 * BLOCK // 4 - 1), odd), max_size=4), min_size=1, max_size=8))
def test_a_chain_of_copies_keeps_each_and_counts_every_piece_once(edits):
    array = np.zeros(8 * BLOCK // 4, np.float32)
    chain, sizes, truth, last = [], [], [], None
    for edit in edits:
        for place, value in edit:
            array[place] = value
        last, size = packed(array, last)
        chain.append(last)
        sizes.append(size)
        truth.append(array.copy())
    assert all(equal(unpacked(kept), then) for kept, then in zip(chain, truth, strict=True))
    pieces = {id(piece): piece.nbytes for kept in chain for piece in kept.pieces}
    assert sum(sizes) == sum(pieces.values())
