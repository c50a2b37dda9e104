"""Remember a run at regular steps, so that any moment of it is a short replay away.

A `Track` is one stretch of a run under unchanged settings. Tracks are shared by everybody who looks at the same run and
forgotten, least recently used first, when together they take more than `BUDGET` bytes: what is forgotten is recomputed.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock, RLock

from rl.run import FOREVER, Run, advance
from rl.tape import EpisodeLog, joined

BUDGET = 256 * 2**20
SHORTEST = 2**14
"""Steps between keyframes: at least this many (half a millisecond to replay), more where the tables are large."""


class Track:
    """A run from one moment on, with settings that do not change."""

    def __init__(self, start: Run) -> None:
        self.frames: list[Run] = [start]
        self.episodes: list[EpisodeLog] = []  # those that ended between frame i and frame i + 1
        self.lock = RLock()
        self.frame_bytes = 500 + sum(array.nbytes for array in start.memory)
        self.bytes = self.frame_bytes
        self.spacing = max(SHORTEST, 1 << self.frame_bytes.bit_length())

    def frame_before(self, step: int) -> int:
        """Returns the index of the last keyframe not after ``step``, making what is missing."""
        index = max(0, step - self.frames[0].step) // self.spacing
        with self.lock:
            while len(self.frames) <= index:
                run = self.frames[-1].copy()
                log = advance(run, run.step + self.spacing, FOREVER, 0, self.spacing)[1]
                self.episodes.append(log)
                self.frames.append(run)
                self.bytes += self.frame_bytes + sum(column.nbytes for column in log)
        return index

    def run_at(self, step: int) -> Run:
        """Returns the run as it stood at ``step``, to be moved freely."""
        run = self.frames[self.frame_before(step)].copy()
        advance(run, step)
        return run

    def episodes_until(self, step: int) -> EpisodeLog:
        """Lists the episodes that ended on this track up to the moment ``step``."""
        index = self.frame_before(step)
        run = self.frames[index].copy()
        last = advance(run, step, FOREVER, 0, max(0, step - run.step))[1]
        return joined([*self.episodes[:index], last])


_tracks: OrderedDict[Hashable, Track] = OrderedDict()
_lock = Lock()


def track(key: Hashable, start: Callable[[], Run]) -> Track:
    """Returns the track known by ``key``; makes it from ``start()`` when nobody has been there lately."""
    with _lock:
        found = _tracks.get(key)
    if found is None:
        found = Track(start())
    with _lock:
        found = _tracks.setdefault(key, found)
        _tracks.move_to_end(key)
        _forget_oldest()
    return found


def _forget_oldest() -> None:
    total = sum(known.bytes for known in _tracks.values())
    while total > BUDGET and len(_tracks) > 1:
        total -= _tracks.popitem(last=False)[1].bytes
