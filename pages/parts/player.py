"""A learner's seat at a run: which run, which moment, and what they do next. The link spells it out."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from pages.parts import scene
from pages.parts.scenery import scenery
from rl.agents.base import Agent
from rl.agents.control.q_learning import QLearning
from rl.envs.base import World
from rl.knob import knobs
from rl.ledger import ledger
from rl.link import View
from rl.timeline import Timeline

VIEWS = ("values", "best", "policy", "visits", "error")
"""What the cells of any world can show."""


@dataclass
class Player:
    """The state of one page in one browser tab. The stage's events and the knobs change it; drawing only reads it."""

    reactions: ClassVar[dict[str, Callable[[Any, Any], None]]] = {}
    """What a page of its own kind does on further events of the stage than `events.REACTIONS`: kind -> (me, event)."""

    agents: ClassVar[Collection[type[Agent]]] = (QLearning,)
    """Whose runs the page can show."""

    timeline: Timeline
    t: int = 0
    end: int = 0  # the furthest moment reached
    playing: bool = False  # as the stage last said
    autoplay: bool | None = None  # said to the stage once, when the page opens; afterwards play and pause are its own
    view: str | None = None  # what the cells show
    speed: float = 8.0
    ack: int = 0
    stamp: int = 1
    at: int | None = None
    ask: int | None = None
    asked: int = 0  # questions so far: the stage answers each number once
    pending: tuple[World, Agent] | None = None
    entry: tuple[int, int] | None = None  # the state and action whose ledger is open
    note: str | None = None
    opened: int = 0  # runs opened from the page: the stage comes into sight when it shows another
    sent: tuple[int, int] = (0, 0)
    behind: ClassVar[int] = scene.BEHIND
    _chunk: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.playing = self.playing or bool(self.autoplay)
        self.look_at(self.t)

    @property
    def views(self) -> tuple[str, ...]:
        """What the cells can show: what any world's can, and the further tables of this agent."""
        return *VIEWS, *(table.name for table in self.agent.tables)

    @property
    def last(self) -> int:
        """The last moment that can be shown."""
        return self.timeline.last

    # what is on screen -------------------------------------------------------------------------------------------

    @property
    def env(self) -> World:
        return self.pending[0] if self.pending else self.timeline.settings(self.t).env

    @property
    def agent(self) -> Agent:
        return self.pending[1] if self.pending else self.timeline.settings(self.t).agent

    @property
    def run_id(self) -> str:
        """Names the run and its map, so that the browser knows when to replace what it has."""
        return f"{self.line_id}-{scene.one_map(self.timeline, self.t)[0]}"

    @property
    def line_id(self) -> str:
        """Names the run, whatever its map at the moment."""
        return scene.line_id(self.timeline)

    def data(self) -> dict[str, Any]:
        """Everything the stage is sent."""
        env, agent = self.timeline.settings(self.t)[1:]
        if not self.sent[0] <= self.t <= self.sent[1]:  # a stage that is mounted anew has no other steps than these
            self.send(*scene.stretch(self.t, self.speed, self.behind))
        return scenery(env, agent) | self._chunk | {
            "run": self.run_id, "line": self.line_id, "t": self.t, "last": self.last,
            "border": self.sent[1] == scene.one_map(self.timeline, self.t)[1] < self.timeline.last,
            "ack": self.ack, "stamp": self.stamp, "at": self.at, "playing": self.autoplay, "end": self.end,
            "marks": scene.marks(self.timeline), "seed": self.timeline.seed,
            "share": scene.share(View(self.timeline, 0, 0)), "view": self.view, "speed": self.speed, "ask": self.ask,
            "equation": [token._asdict() for token in agent.equation], "bold": agent.title, "note": self.note,
            "ledger": self._ledger(), "opened": self.opened,
        }

    def _ledger(self) -> dict[str, Any] | None:
        if self.entry is None:
            return None
        return scene.ledger_rows(ledger(self.timeline, self.t, *self.entry), *self.entry)

    # going somewhere ---------------------------------------------------------------------------------------------

    def look_at(self, t: int) -> None:
        """Moves the playhead and fetches the steps around it."""
        self.t = self.at = min(t, self.last)
        self.end = max(self.end, self.t)
        self.stamp += 1
        self.send(*scene.stretch(self.t, self.speed, self.behind))

    def send(self, t0: int, t1: int) -> None:
        """Fetches the steps t0 to t1 - 1 for the stage, as far as they are on the map of moment ``t``."""
        first, last = self.stretch_of_map()
        start = max(t0, first)
        self.sent = start, max(start, min(t1, last))
        self._chunk = self.chunk(*self.sent)

    def stretch_of_map(self) -> tuple[int, int]:
        """Between which moments around ``t`` steps can be sent at a time."""
        return scene.one_map(self.timeline, self.t)[0], scene.farthest(self.timeline, self.t)

    def chunk(self, t0: int, t1: int) -> dict[str, Any]:
        """The steps t0 to t1 - 1 as the stage takes them; a page that shows more of a step adds to it."""
        return scene.chunk(self.timeline, t0, t1)

    def arrive(self, query: Mapping[str, str]) -> None:
        """Takes from a link what it says beyond the run: nothing here; on some pages, how it is looked at."""

    def play(self, timeline: Timeline, t: int) -> None:
        """Goes on with another run, or a branch of this one, from moment ``t``."""
        self.timeline, self.end, self.entry, self.pending, self.ask = timeline, t, None, None, None
        self.look_at(t)

    def open(self, view: View) -> None:
        """Shows another run, as a link would."""
        self.note = None
        self.opened += 1
        self.play(view.timeline, view.t)
        self.end = max(self.end, view.end)

    # knobs -------------------------------------------------------------------------------------------------------

    def turn(self, part: str, name: str, value: Any) -> None:
        """Takes one knob of the "env" or the "agent"; a value that it cannot have leaves a note."""
        settings: World | Agent = getattr(self, part)  # as they are now: two knobs may be moved at once
        if name not in knobs(settings):
            return
        try:
            self.set(**{part: replace(settings, **{name: value})})
        except ValueError as error:
            self.note = f"This cannot be set: {error}"

    def set(self, env: World | None = None, agent: Agent | None = None) -> None:
        """Takes a moved knob: an edit at the moment shown. While playing only the stage knows which one that is."""
        self.note = None
        wanted = env or self.env, agent or self.agent
        if not wanted[1].can_play(wanted[0]):
            self.note = f"{wanted[1].title} cannot play {wanted[0].title} with these settings."
            return
        if self.playing and self._fits(wanted[0]):
            self.asked += 1
            self.pending, self.ask = wanted, self.asked
        else:
            self.pending = wanted
            self.apply_pending()

    def _fits(self, env: World) -> bool:
        here = self.timeline.settings(self.t).env
        return type(env) is type(here) and env.fits(here)

    def apply_pending(self) -> None:
        """Makes the edit of a moved knob at moment ``t``."""
        if self.pending is None:
            return
        (env, agent), self.pending, self.ask = self.pending, None, None
        if not self._fits(env):
            self.note = "Another world: learning starts anew."
            return self.play(Timeline(env, agent, self.timeline.seed), 0)
        try:
            edited = self.timeline.edited(self.t, env, agent)
        except ValueError as error:
            self.note = str(error)
        else:
            note = self.branch_off(edited, self.end - self.t)
            self.play(edited, self.t)
            self.note = note

    def branch_off(self, timeline: Timeline, later: int) -> str | None:
        """Takes leave of ``later`` steps that an edited run does not share; returns what to say of it."""
        return f"A new branch from here: the {later:,} later steps were left behind." if later > 0 else None

    def restart(self, seed: int | None = None) -> None:
        """Starts learning over, with the settings now in force."""
        try:
            self.play(Timeline(self.env, self.agent, self.timeline.seed if seed is None else seed), 0)
        except ValueError as error:
            self.note = str(error)
