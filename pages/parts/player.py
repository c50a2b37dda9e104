"""A learner's seat at a run: which run, which moment, and what they do next. Kept in the session, spelled in the link."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from zlib import crc32

from pages.parts import scene
from rl.agents.base import Agent
from rl.envs import ENVS
from rl.envs.base import Env
from rl.ledger import ledger
from rl.link import BadLink, View, from_query, to_query_string
from rl.timeline import MAX_STEP, Timeline


@dataclass
class Player:
    """The state of one page in one browser tab. The stage's events and the knobs change it; drawing only reads it."""

    timeline: Timeline
    t: int = 0
    end: int = 0  # the furthest moment reached
    playing: bool = False  # as the stage last said
    autoplay: bool | None = None  # said to the stage once, when the page opens; afterwards play and pause are its own
    view: str | None = None
    speed: float = 8.0
    ack: int = 0
    stamp: int = 1
    at: int | None = None
    ask: int | None = None
    pending: tuple[Env, Agent] | None = None
    entry: tuple[int, int] | None = None  # the state and action whose ledger is open
    note: str | None = None
    sent: tuple[int, int] = (0, 0)
    _chunk: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.look_at(self.t)

    # what is on screen -------------------------------------------------------------------------------------------

    @property
    def env(self) -> Env:
        return self.pending[0] if self.pending else self.timeline.settings(self.t).env

    @property
    def agent(self) -> Agent:
        return self.pending[1] if self.pending else self.timeline.settings(self.t).agent

    @property
    def run_id(self) -> str:
        """Names the run, so that the browser knows when to replace what it has."""
        return f"{crc32(to_query_string(View(self.timeline, 0, 0)).encode()):08x}"

    def data(self) -> dict[str, Any]:
        """Everything the stage is sent."""
        env, agent = self.timeline.settings(self.t)[1:]
        return self._chunk | scene.scenery(env, agent.gamma) | {  # type: ignore[attr-defined]
            "run": self.run_id, "ack": self.ack, "stamp": self.stamp, "at": self.at, "playing": self.autoplay,
            "end": self.end, "marks": scene.marks(self.timeline), "seed": self.timeline.seed,
            "share": scene.share(View(self.timeline, 0, 0)), "view": self.view, "speed": self.speed, "ask": self.ask,
            "equation": [token._asdict() for token in agent.equation], "bold": agent.title, "note": self.note,
            "ledger": self._ledger(),
        }

    def _ledger(self) -> dict[str, Any] | None:
        if self.entry is None:
            return None
        return scene.ledger_rows(ledger(self.timeline, self.t, *self.entry), *self.entry)

    # going somewhere ---------------------------------------------------------------------------------------------

    def look_at(self, t: int) -> None:
        """Moves the playhead and fetches the steps around it."""
        self.t = self.at = min(t, MAX_STEP)
        self.end = max(self.end, self.t)
        self.stamp += 1
        self._send(*scene.stretch(self.t, self.speed))

    def _send(self, t0: int, t1: int) -> None:
        self.sent = t0, t1
        self._chunk = scene.chunk(self.timeline, t0, t1)

    def play(self, timeline: Timeline, t: int) -> None:
        """Goes on with another run, or a branch of this one, from moment ``t``."""
        self.timeline, self.end, self.entry, self.pending, self.ask = timeline, t, None, None, None
        self.look_at(t)

    # knobs -------------------------------------------------------------------------------------------------------

    def set(self, env: Env | None = None, agent: Agent | None = None) -> None:
        """Takes a moved knob: an edit at the moment shown. While playing only the stage knows which one that is."""
        self.note = None
        wanted = env or self.env, agent or self.agent
        if self.playing and self._fits(wanted[0]):
            self.pending, self.ask = wanted, (self.ask or 0) + 1
        else:
            self.pending = wanted
            self._apply_pending()

    def _fits(self, env: Env) -> bool:
        here = self.timeline.settings(self.t).env
        return type(env) is type(here) and env.mdp.cdf.shape[:2] == here.mdp.cdf.shape[:2]

    def _apply_pending(self) -> None:
        if self.pending is None:
            return
        (env, agent), self.pending, self.ask = self.pending, None, None
        if not self._fits(env):
            self.note = "Another world: learning starts anew."
            return self.play(Timeline(env, agent, self.timeline.seed), 0)
        try:
            self.play(self.timeline.edited(self.t, env, agent), self.t)
        except ValueError as error:
            self.note = str(error)

    def restart(self, seed: int | None = None) -> None:
        """Starts learning over, with the settings now in force."""
        self.play(Timeline(self.env, self.agent, self.timeline.seed if seed is None else seed), 0)

    # the stage's events ------------------------------------------------------------------------------------------

    def handle(self, event: Mapping[str, Any]) -> None:
        """Takes an event of the stage; one that came twice, or makes no sense, is passed over."""
        seq, t = event.get("seq"), event.get("t")
        if not isinstance(seq, int) or seq <= self.ack or not isinstance(t, int) or not 0 <= t <= MAX_STEP:
            return
        self.ack, self.note, self.at, self.autoplay = seq, None, None, None
        self.t, self.end = t, max(self.end, t)
        self.playing = bool(event.get("playing"))
        self.view, self.speed = _known_view(event.get("view")), _speed(event.get("speed"), self.speed)
        reaction = getattr(self, f"_on_{event.get('kind')}", None)
        self._apply_pending()
        if reaction is not None:
            reaction(event)

    def _on_more(self, event: Mapping[str, Any]) -> None:
        start = self.sent[1] if self.sent[0] <= self.t <= self.sent[1] else self.t
        self._send(start, max(start, scene.stretch(max(start, self.t), self.speed)[1]))

    def _on_jump(self, event: Mapping[str, Any]) -> None:
        self.look_at(self.t)

    def _on_episodes(self, event: Mapping[str, Any]) -> None:
        n = event.get("n")
        if n == -1:
            return self.look_at(self.timeline.episode_before(self.t))
        if n in (1, 10, 100, 1000):
            before = self.timeline.at(self.t).episode
            self.look_at(self.timeline.after_episodes(self.t, n))
            if self.timeline.at(self.t).episode < before + n:
                self.note = "Stopped there: this episode does not come to an end. Try more exploration."

    def _on_restart(self, event: Mapping[str, Any]) -> None:
        self.restart()

    def _on_seed(self, event: Mapping[str, Any]) -> None:
        self.restart(self.timeline.seed + 1)

    def _on_cell(self, event: Mapping[str, Any]) -> None:
        s, a = event.get("state"), event.get("action")
        n_states, n_actions = self.env.mdp.cdf.shape[:2]
        if isinstance(s, int) and isinstance(a, int) and 0 <= s < n_states and 0 <= a < n_actions:
            self.entry = s, a

    def _on_close(self, event: Mapping[str, Any]) -> None:
        self.entry = None

    def _on_map(self, event: Mapping[str, Any]) -> None:
        try:
            env = replace(self.env, map=str(event.get("cells")), rewards=str(event.get("rewards", "")))
            keep = bool(event.get("keep")) and self._fits(env)
            timeline = self.timeline.edited(self.t, env) if keep else Timeline(env, self.agent, self.timeline.seed)
            self.play(timeline, self.t if keep else 0)
        except (ValueError, TypeError) as error:
            self.note = str(error)


def _known_view(view: Any) -> str | None:
    return view if view in ("values", "best", "visits", "error", "policy") else None


def _speed(speed: Any, otherwise: float) -> float:
    usable = isinstance(speed, int | float) and 0.1 <= speed <= 10_000
    return float(speed) if usable else otherwise


def open_player(query: Mapping[str, str], preset: View) -> Player:
    """Sits down at the run of a link, or at the preset when there is none; a bad link leaves a note, not an error."""
    if "env" not in query and "v" not in query:
        return Player(preset.timeline, preset.t, preset.end, autoplay=True)
    try:
        view = from_query(query)
    except BadLink as error:
        return Player(preset.timeline, preset.t, preset.end, autoplay=True, note=f"{error} Here is the usual start instead.")
    return Player(view.timeline, view.t, view.end, autoplay=False, view=_known_view(query.get("view")))


def default_env(slug: str) -> Env:
    """Makes an environment as it is usually met."""
    return ENVS[slug]()
