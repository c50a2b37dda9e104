"""Large arrays kept as blocks, so that two copies share what they have in common.

A replay memory of megabytes changes in a few rows between two keyframes of a run: only those rows are kept again.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

BLOCK = 2**13
"""Bytes of a block; an array of fewer is copied as it is."""


@dataclass(frozen=True)
class Blocks:
    """An array in pieces, in their order."""

    shape: tuple[int, ...]
    pieces: tuple[NDArray[Any], ...]


def packed(array: NDArray[Any], like: Any = None) -> tuple[Any, int]:
    """Copies an array as blocks, those that are the same in ``like``, an earlier copy, shared with it.

    Returns the copy, and the bytes it takes beyond what it shares. What is equal bit for bit is the same: NaN is.
    """
    if array.nbytes <= BLOCK:
        return array.copy(), array.nbytes
    flat, size = np.ascontiguousarray(array).reshape(-1), BLOCK // array.itemsize
    old = like.pieces if isinstance(like, Blocks) and like.shape == array.shape else ()
    pieces, fresh = [], 0
    for i, start in enumerate(range(0, len(flat), size)):
        piece = flat[start : start + size]
        if i < len(old) and piece.dtype == old[i].dtype and piece.tobytes() == old[i].tobytes():
            pieces.append(old[i])
        else:
            pieces.append(piece.copy())
            fresh += piece.nbytes
    return Blocks(array.shape, tuple(pieces)), fresh


def unpacked(kept: Any) -> NDArray[Any]:
    """Returns a new array of what was packed."""
    if isinstance(kept, Blocks):
        return np.concatenate(kept.pieces).reshape(kept.shape)
    copy: NDArray[Any] = kept.copy()
    return copy
