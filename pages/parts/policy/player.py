"""The seat at the page of policy gradients: one run at a time, at one of three scales; the others wait as left."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pages.parts.branching.player import BranchingPlayer
from pages.parts.events import REACTIONS
from pages.parts.policy import arrow, network
from pages.parts.policy.scales import ARROW, NETWORK, SCALES, Scale, scale_of
from rl.agents.base import Agent
from rl.agents.neural.base import Neural
from rl.arrows import has_arrow
from rl.link import View
from rl.timeline import Timeline

OTHER_NET = "Another network: learning starts anew."
FEWER = {ARROW.name: 40, NETWORK.name: 1500}
"""Steps sent ahead at most, where each of them takes work to look into."""

SKIPS = (10, 100, 1000)
"""Steps that the stage offers to skip at a time."""


@dataclass
class PolicyPlayer(BranchingPlayer):
    """A player whose agent learns a policy: by the exact gradient, in a table, or in a net."""

    agents: ClassVar[Collection[type[Agent]]] = tuple(kind for scale in SCALES for kind in scale.kinds)
    behind: ClassVar[int] = 40
    left: dict[str, View] = field(default_factory=dict)  # the run of each scale, as it was left

    def __post_init__(self) -> None:
        self.speed = self.scale.speed
        super().__post_init__()

    @property
    def scale(self) -> Scale:
        """Which of the three is shown: its run says so."""
        return scale_of(self.timeline.agent)

    def choose_scale(self, name: str | None) -> None:
        """Goes to another scale, where its run was left, or to its preset."""
        scale = next((scale for scale in SCALES if scale.name == name), self.scale)
        if scale is self.scale:
            return
        self.left[self.scale.name] = self.shown
        fresh = scale.name not in self.left
        view = self.left.get(scale.name, scale.preset)
        self.other, self.here, self.view, self.note, self.speed = None, None, None, None, scale.speed
        self.play(view.timeline, view.t)
        self.end = max(self.end, view.end)
        self.autoplay = self.playing = fresh

    def open(self, view: View) -> None:
        if scale_of(view.timeline.agent) is not self.scale:
            self.left[self.scale.name] = self.shown
            self.other, self.here, self.view = None, None, None
            self.speed = scale_of(view.timeline.agent).speed
        super().open(view)

    # what is sent ------------------------------------------------------------------------------------------------

    def send(self, t0: int, t1: int) -> None:
        most = FEWER.get(self.scale.name)
        super().send(t0, min(t1, max(t0, self.t) + most) if most else t1)

    def chunk(self, t0: int, t1: int) -> dict[str, Any]:
        if self.scale is NETWORK:  # a second body is not drawn
            return super(BranchingPlayer, self).chunk(t0, t1) | network.moments(self.timeline, t0, t1)
        sent = super().chunk(t0, t1)
        return sent | arrow.moments(self.timeline, t0, t1) if has_arrow(self.timeline, t0) else sent

    def _beside(self, t0: int, t1: int) -> dict[str, Any]:
        sent = super()._beside(t0, t1)
        if self.rival is None or not has_arrow(self.rival, t0):
            return sent
        return sent | arrow.moments(self.rival, t0, t1) | {"world": arrow.world(self.rival, self.t)}

    def data(self) -> dict[str, Any]:
        sent = super().data()
        if self.scale is NETWORK:
            return sent | {"world": network.world(self.env), "names": network.NAMES}
        if self.scale is ARROW:
            own = {"world": arrow.world(self.timeline, self.t)} if has_arrow(self.timeline, self.t) else {}
            return sent | own | {"names": arrow.NAMES}
        return sent

    # knobs -------------------------------------------------------------------------------------------------------

    def apply_pending(self) -> None:
        if self.pending and isinstance(self.pending[1], Neural):
            env, agent = self.pending
            if not agent.same_nets(self.timeline.settings(self.t).agent):
                self.pending, self.ask = None, None
                self.play(Timeline(env, agent, self.timeline.seed), 0)
                self.note = OTHER_NET
                return
        super().apply_pending()

    def skip(self, event: Any) -> None:
        """Goes on by some episodes; the one of an ascent never ends, so by as many of its steps."""
        if self.scale is not ARROW:
            REACTIONS["episodes"](self, event)
        elif event.get("n") in SKIPS:
            self.look_at(self.t + event["n"])

    reactions: ClassVar[dict[str, Any]] = {"episodes": skip}
