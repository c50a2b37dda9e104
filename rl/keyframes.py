"""Remember a run at regular steps, so that any moment of it is a short replay away.

A `Track` is one stretch of a run under unchanged settings. Tracks are shared by everybody who looks at the same run and
forgotten, least recently used first, when together they take more than `BUDGET` bytes: what is forgotten is recomputed.
What a keyframe has in common with the one before is kept once.
"""

from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from dataclasses import replace
from threading import Lock, RLock
from typing import Any

import numpy as np

from rl.blocks import packed, unpacked
from rl.run import FOREVER, Run, advance
from rl.tape import EpisodeLog, each, joined

BUDGET = 256 * 2**20
EMPTY = 500
"""Bytes that a keyframe takes beside its arrays."""
RECENT, FAR = 4, 32
"""Where steps are heavy so many places are remembered beside the keyframes, each so many steps from any other: a page
comes back to where it has just been."""
SHORTEST = 2**14
"""Steps between keyframes: at least this many (half a millisecond to replay), more where the tables are large."""


class Frame:
    """A place to come back to."""

    def __init__(self, run: Run, before: "Frame | None" = None) -> None:
        old = before.memory if before else [None] * len(run.memory)
        kept = [packed(array, like) for array, like in zip(run.memory, old, strict=True)]
        self.run, self.step = replace(run, memory=None, clock=each(run.clock, np.copy)), run.step
        self.kind = type(run.memory)
        self.memory: list[Any] = [copy for copy, _ in kept]
        self.bytes = sum(size for _, size in kept)

    def place(self) -> Run:
        """Returns the run as it stood, to be moved freely."""
        memory = self.kind(*map(unpacked, self.memory))
        return replace(self.run, memory=memory, clock=each(self.run.clock, np.copy))


class Track:
    """A run from one moment on, with settings that do not change."""

    def __init__(self, key: Hashable, start: Run) -> None:
        self.key = key
        self.frames = [Frame(start)]
        self.episodes: list[EpisodeLog] = []  # those that ended between frame i and frame i + 1
        self.lock = RLock()
        self.frame_bytes = EMPTY + sum(array.nbytes for array in start.memory)
        self.bytes = self.frame_bytes
        apart = start.env.stride or start.agent.stride(start.agent.model_of(start.env))
        self.spacing = apart or max(SHORTEST, 1 << self.frame_bytes.bit_length())
        self.recent: deque[Frame] = deque()  # the newest last
        self.most_recent = RECENT if apart else 0

    @property
    def reach(self) -> int:
        """The furthest moment that no new keyframe is needed for."""
        return self.frames[-1].step + self.spacing - 1

    def frame_before(self, step: int) -> int:
        """Returns the index of the last keyframe not after ``step``, making what is missing."""
        index = max(0, step - self.frames[0].step) // self.spacing
        with self.lock:
            while len(self.frames) <= index:
                run = self.frames[-1].place()
                log = advance(run, run.step + self.spacing, FOREVER, 0, self.spacing)[1]
                self.episodes.append(log)
                self.frames.append(Frame(run, self.frames[-1]))
                new = self.frames[-1].bytes + EMPTY
                shelf.grow(self.key, self, new + sum(column.nbytes for column in log))
        return index

    def run_at(self, step: int) -> Run:
        """Returns the run as it stood at ``step``, to be moved freely."""
        frame = self.frames[self.frame_before(step)]
        with self.lock:
            near = max([frame, *(place for place in self.recent if place.step <= step)], key=lambda place: place.step)
        run = near.place()
        advance(run, step)
        if self.most_recent and run.step - near.step >= FAR:
            self._keep(Frame(run, frame))
        return run

    def _keep(self, place: Frame) -> None:
        with self.lock:
            self.recent.append(place)
            old = [self.recent.popleft()] if len(self.recent) > self.most_recent else []
        shelf.grow(self.key, self, place.bytes + EMPTY - sum(frame.bytes + EMPTY for frame in old))

    def episodes_until(self, step: int) -> EpisodeLog:
        """Lists the episodes that ended on this track up to the moment ``step``."""
        index = self.frame_before(step)
        run = self.frames[index].place()
        last = advance(run, step, FOREVER, 0, max(0, step - run.step))[1]
        return joined([*self.episodes[:index], last])


class Shelf:
    """The tracks that are remembered, the least recently used first, and the bytes they take together."""

    def __init__(self) -> None:
        self.tracks: OrderedDict[Hashable, Track] = OrderedDict()
        self.bytes = 0
        self.lock = Lock()

    def get(self, key: Hashable) -> Track | None:
        """Looks a track up, which makes it the most recently used."""
        with self.lock:
            if key in self.tracks:
                self.tracks.move_to_end(key)
            return self.tracks.get(key)

    def put(self, key: Hashable, new: Track) -> Track:
        """Keeps a track, unless there is one of that key already, and returns the one that is kept."""
        with self.lock:
            found = self.tracks.setdefault(key, new)
            self.bytes += found.bytes if found is new else 0
            self._forget_oldest()
        return found

    def grow(self, key: Hashable, track: Track, by: int) -> None:
        """Counts what a track has grown by, if it is still remembered."""
        with self.lock:
            track.bytes += by
            self.bytes += by if self.tracks.get(key) is track else 0
            self._forget_oldest()

    def _forget_oldest(self) -> None:
        while self.bytes > BUDGET and len(self.tracks) > 1:
            self.bytes -= self.tracks.popitem(last=False)[1].bytes


shelf = Shelf()


def track(key: Hashable, start: Callable[[], Run]) -> Track:
    """Returns the track known by ``key``; makes it from ``start()`` when nobody has been there lately."""
    return shelf.get(key) or shelf.put(key, Track(key, start()))
