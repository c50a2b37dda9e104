"""A seat at a run whose steps are work: what lies far ahead is computed in slices, and seen to grow."""

from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from pages.parts.branching.player import BranchingPlayer
from pages.parts.events import REACTIONS
from rl.timeline import Timeline

SLICE = 2_000_000
"""Work of a slice, in steps of Q-learning: about a sixth of a second."""
MOST_EPISODES = 1000
NO_END = "Stopped there, at the end of the run: the episode does not come to an end."


class Way(NamedTuple):
    """Where a page is headed."""

    t: int  # the moment to be shown, unless the episode below is over before
    end: int  # up to where the run is to be known
    begun: float  # how far it was at first, in steps or episodes
    episode: int | None = None
    playing: bool = False  # whether to play on from there


def slice_of(timeline: Timeline) -> int:
    """Returns how many steps a slice of a run has."""
    return max(1, int(SLICE / timeline.work))


def within(timeline: Timeline, t: int) -> int:
    """Returns the furthest moment up to ``t`` that is no more than a slice away."""
    return min(t, timeline.ready(t) + slice_of(timeline))


@dataclass
class Traveller(BranchingPlayer):
    """A player that nobody has to wait for: pages call `go_on` as long as there is a ``way`` to go."""

    way: Way | None = None
    turns: int = 0  # slices asked for so far

    def __post_init__(self) -> None:
        end, self.end = self.end, 0
        super().__post_init__()
        self.be_known(end)

    def runs(self) -> list[Timeline]:
        """Lists the runs that are shown."""
        return [self.timeline, *([self.rival] if self.rival else [])]

    @property
    def progress(self) -> float:
        """How much of the way is behind it, 0 to 1."""
        if self.way is None:
            return 1.0
        goal, now = float(max(self.way.t, self.way.end)), float(max(self.t, self.end if self._is_there() else 0))
        if self.way.episode is not None:
            goal, now = float(self.way.episode), float(self.timeline.at(self.t).episode)
        return min(1.0, max(0.0, (now - self.way.begun) / max(1.0, goal - self.way.begun)))

    def counted(self) -> int:
        """Returns a number for the next slice of work, another one each time."""
        self.turns += 1
        return self.turns

    # setting out -------------------------------------------------------------------------------------------------

    def look_at(self, t: int) -> None:
        self._set_out(Way(min(t, self.last), 0, 0.0))

    def play(self, timeline: Timeline, t: int) -> None:
        super().play(timeline, t)
        self.end = self.t if self.way else self.end

    def be_known(self, end: int) -> None:
        """Sees to it that the run is known up to a moment."""
        end = min(end, self.last)
        if self.way:
            self.way = self.way._replace(end=end)
        elif within(self.timeline, end) < end:
            self._halt(Way(self.t, end, float(self.timeline.ready(end)), playing=self.playing))
        else:
            self.end = max(self.end, end)

    def skip(self, event: Any) -> None:
        """Goes on by some episodes, or back."""
        n = event.get("n")
        if not isinstance(n, int) or isinstance(n, bool) or not 1 <= n <= MOST_EPISODES:
            return REACTIONS["episodes"](self, event)
        episode = self.timeline.at(self.t).episode
        self._set_out(Way(self.last, 0, float(episode), episode + n))

    reactions: ClassVar[dict[str, Any]] = {"episodes": skip}

    def _set_out(self, way: Way) -> None:
        """Goes as far as one slice does; the rest is left to `go_on`, while the stage stands still."""
        playing, self.way = self.playing, way
        near = min(within(run, way.t) for run in self.runs())
        self._come_to(near)
        if self.way:
            begun = way.begun if way.episode is not None else float(near)
            self._halt(self.way._replace(begun=begun, playing=playing))

    def _halt(self, way: Way) -> None:
        self.way = way
        self.autoplay = self.playing = False

    def stop(self) -> None:
        """Stays where it has come to."""
        self.way = None
        self.look_at(self.t)

    # on the way --------------------------------------------------------------------------------------------------

    def go_on(self) -> None:
        """Computes one slice more of what lies ahead. A learner who plays on has changed their mind."""
        if self.way is None or self.playing:
            self.way = None
            return
        last, playing = max(self.way.t, self.way.end), self.way.playing
        here = min(within(run, last) for run in self.runs())
        self._come_to(here)
        if self.way is None:
            self.autoplay = self.playing = playing

    def _come_to(self, t: int) -> None:
        """Shows the run at moment ``t``, or at the end of the way where that comes before."""
        assert self.way is not None
        for run in self.runs():
            run.at(t)
        if self.way.episode is not None and t > self.t and self.timeline.at(t).episode >= self.way.episode:
            more = self.way.episode - self.timeline.at(self.t).episode
            self.way = self.way._replace(t=self.timeline.after_episodes(self.t, more, t - self.t))
        if self._is_there():
            self.end = max(self.end, t)
        if t >= self.way.t and max(t, self.end) >= self.way.end:
            self.note = NO_END if self._is_lost(t) else self.note
            t, self.way = self.way.t, None
        super().look_at(min(t, self.way.t) if self.way else t)

    def _is_there(self) -> bool:
        return self.way is not None and self.t >= self.way.t

    def _is_lost(self, t: int) -> bool:
        """Whether the run ends before the episode does."""
        return self.way is not None and self.way.episode is not None and (
            self.timeline.at(min(t, self.way.t)).episode < self.way.episode)
