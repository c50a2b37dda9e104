"""The seat at the page of deep Q-networks: one run at a time, in one of four places; the others wait as left."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from pages.parts.branching.player import BranchingPlayer
from pages.parts.dqn import sent
from pages.parts.dqn.places import PLACES, TABLE, Place, anew, place_of
from pages.parts.dqn.traveller import Traveller, slice_of
from rl.agents.base import Agent
from rl.agents.dqn import DQN
from rl.link import View
from rl.timeline import Timeline

OTHER_NET = "Another network: learning starts anew."
OTHER_START = "Learning starts anew, from {}."
STARTS = {"new": "a new net", "trained": "a net that was trained before"}


@dataclass
class DqnPlayer(Traveller):
    """A player whose agent is a deep Q-network."""

    agents: ClassVar[Collection[type[Agent]]] = (DQN,)
    behind: ClassVar[int] = sent.BEHIND
    left: dict[str, View] = field(default_factory=dict)  # the run of each place, as it was left

    def __post_init__(self) -> None:
        self.speed = self.place.speed
        if self.timeline == TABLE.preset.timeline and self.end <= TABLE.preset.end:
            self.timeline.at(max(self.t, self.end))  # what every visitor sees first is computed once for all
        super().__post_init__()

    @property
    def place(self) -> Place:
        """Where it learns: its run says so."""
        return place_of(self.timeline.env)

    @property
    def is_listed(self) -> bool:
        """Whether the states of its world have names."""
        return self.timeline.env.family == "tabular"

    def runs(self) -> list[Timeline]:
        return super().runs() if self.is_listed else [self.timeline]  # a second body is not drawn

    # going to another run ----------------------------------------------------------------------------------------

    def choose(self, name: str | None) -> None:
        """Goes to another place, where its run was left, or to its preset."""
        place = next((place for place in PLACES if place.name == name), self.place)
        if place is self.place:
            return
        fresh, view = place.name not in self.left, self.left.get(place.name, place.preset)
        self.note, self.playing = None, fresh
        self._leave_for(view)
        self.play(view.timeline, view.t)
        self.be_known(view.end)
        if self.way is None:
            self.autoplay = self.playing = fresh

    def _leave_for(self, view: View) -> None:
        """Remembers the run shown where the next one is in another place."""
        place = place_of(view.timeline.env)
        if place is not self.place:
            self.left[self.place.name] = self.shown
            self.other, self.here, self.view, self.speed = None, None, None, place.speed

    def open(self, view: View) -> None:
        self._leave_for(view)
        super().open(view._replace(end=0))
        self.be_known(view.end)

    def start_trained(self) -> None:
        """Begins with a net that has learned this world before, and plays."""
        timeline = Timeline(self.place.env, self.place.trained, self.timeline.seed)
        if self._can_begin(timeline):
            self.open(View(timeline, 0, 0))
            self.autoplay = self.playing = True

    def play(self, timeline: Timeline, t: int) -> None:
        """Goes on with another run; where no trained net fits its world it begins with a new one."""
        if not timeline.edits and not is_there(timeline):
            timeline = replace(timeline, agent=anew(timeline.agent))
        super().play(timeline, t)

    def _can_begin(self, timeline: Timeline) -> bool:
        """Tells whether a run can begin, and says why where it cannot."""
        try:
            timeline.at(0)
        except ValueError as error:
            self.note = f"Not here: {error}"
            return False
        return True

    # what is sent ------------------------------------------------------------------------------------------------

    def send(self, t0: int, t1: int) -> None:
        super().send(*((self.t, self.t + 1) if self.way else (t0, t1)))

    def stretch_of_map(self) -> tuple[int, int]:
        first, last = super().stretch_of_map()
        ahead = min(sent.farthest(self.timeline, self.t), self.t + slice_of(self.timeline))
        return first, max(self.t, min(last, ahead))

    def chunk(self, t0: int, t1: int) -> dict[str, Any]:
        mine = super().chunk(t0, t1) if self.is_listed else super(BranchingPlayer, self).chunk(t0, t1)
        return mine | sent.moments(self.timeline, t0, t1)

    def _beside(self, t0: int, t1: int) -> dict[str, Any]:
        assert self.rival is not None
        return super()._beside(t0, t1) | sent.beside(self.rival, t0, t1)

    def data(self) -> dict[str, Any]:
        world = sent.world(self.env)
        return super().data() | {"names": sent.NAMES, "fastest": sent.fastest(self.timeline, self.t)} | (
            {"world": world} if world else {})

    # knobs -------------------------------------------------------------------------------------------------------

    def apply_pending(self) -> None:
        if self.pending and isinstance(self.pending[1], DQN):
            env, agent = self.pending
            now = self.timeline.settings(self.t).agent
            assert isinstance(now, DQN)
            other_start = agent.start != now.start
            if other_start or not agent.same_net(now):
                self.pending, self.ask = None, None
                fresh = Timeline(env, agent if other_start else anew(agent), self.timeline.seed)
                if self._can_begin(fresh):
                    self.play(fresh, 0)
                    self.note = OTHER_START.format(STARTS[agent.start]) if other_start else OTHER_NET
                return
        super().apply_pending()


def is_there(timeline: Timeline) -> bool:
    """Tells whether there is a net to begin a run with."""
    try:
        timeline.at(0)
    except ValueError:
        return False
    return True
