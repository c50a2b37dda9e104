"""The seat at the loop page: a run taken apart step by step, a person who may be the agent, and what they foretell."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np

from pages.parts.loop.film import filmed, still
from pages.parts.player import Player
from rl.agents.base import Agent
from rl.agents.human import LETTERS, Human
from rl.agents.pilot import Pilot
from rl.envs.base import World
from rl.guesses import QUESTIONS, Guess, judge
from rl.phases import Die, Phases, phases
from rl.rivals import LEARNERS
from rl.timeline import Timeline

WATCH, PLAY, PREDICT = MODES = ("watch", "play", "predict")
PEOPLE: dict[str, type[Agent]] = {kind.family: kind for kind in (Human, Pilot)}
KEPT = 200
"""Predictions a session remembers."""
FASTEST = 20.0
"""Steps a second: every step brings its phases along, so there are fewer of them."""


@dataclass
class LoopPlayer(Player):
    """A player whose stage shows the six phases of every step."""

    agents: ClassVar[Collection[type[Agent]]] = (*PEOPLE.values(), *LEARNERS.values())
    behind: ClassVar[int] = 16
    speed: float = 0.2
    mode: str = WATCH
    fog: bool = False
    question: str = QUESTIONS[0]
    guessed: dict[tuple[str, int], Guess] = field(default_factory=dict)  # by run and step
    made: int = 0  # moves of the person so far: the stage plays the phases of each new one

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.agent.slug in {kind.slug for kind in PEOPLE.values()}:
            self.mode, self.autoplay, self.playing = PLAY, None, False

    # what is on screen -------------------------------------------------------------------------------------------

    def chunk(self, t0: int, t1: int) -> dict[str, Any]:
        notes = [_note(phase) for phase in phases(self.timeline, t0, t1)]
        pictures = {"notes": filmed(self.timeline, t0, notes), "still": still(self.timeline, t1)}
        return super().chunk(t0, t1) | pictures

    def data(self) -> dict[str, Any]:
        sent = super().data()
        fog = self._seen() if self.fog and self.mode == PLAY else None
        loop = {"mode": self.mode, "fog": fog, "made": self.made, "question": self.question,
                "guesses": self._verdicts()}
        if fog is not None:  # nobody in fog knows the exact values
            sent["q_star"] = None
        return sent | {"loop": loop, "fastest": FASTEST, "share": sent["share"] + self._manner()}

    def _manner(self) -> str:
        """Spells out in a link how the run is looked at, beyond what the run says itself."""
        return "&mode=predict" * (self.mode == PREDICT) + "&fog=1" * (self.fog and self.mode == PLAY)

    def _seen(self) -> list[int]:
        """Lists the states a person has been in."""
        log = self.timeline.steps(0, self.t)
        here = self.timeline.at(self.t).clock.counts[1]
        return np.unique([*log.state, *log.next_state, here]).tolist()

    @property
    def guesses(self) -> tuple[Guess, ...]:
        """All predictions made here, the latest last."""
        return tuple(self.guessed.values())

    def _verdicts(self) -> dict[str, Any]:
        return {str(step): {"right": guess.right, "says": guess.says} for (run, step), guess in self.guessed.items()
                if run == self.line_id}

    # who acts ----------------------------------------------------------------------------------------------------

    def arrive(self, query: Mapping[str, str]) -> None:
        self.fog = query.get("fog") == "1"
        if self.mode != PLAY:
            self.mode = PREDICT if query.get("mode") == PREDICT else WATCH

    def choose_mode(self, mode: str) -> None:
        """Changes between watching, acting and predicting; only who acts begins a new run."""
        if mode == self.mode or mode not in MODES:
            return
        was, self.mode, self.note = self.mode, mode, None
        if PLAY in (was, mode):
            self.enter(self.env)
            self.autoplay = self.playing = mode == WATCH
        self.opened += 1

    def enter(self, env: World) -> None:
        """Begins in a world, as whoever acts here now."""
        kinds = PEOPLE if self.mode == PLAY else LEARNERS
        agent = self.agent if self.agent.slug == kinds[env.family].slug else kinds[env.family]()
        self.play(Timeline(env, _afresh(agent), self.timeline.seed), 0)
        self.opened += 1  # the stage gets the keys

    def open(self, view: Any) -> None:
        is_person = view.timeline.agent.slug in {kind.slug for kind in PEOPLE.values()}
        self.mode = PLAY if is_person else (WATCH if self.mode == PLAY else self.mode)
        if is_person:
            self.autoplay = self.playing = False
        super().open(view)

    def restart(self, seed: int | None = None) -> None:
        self.play(Timeline(self.env, _afresh(self.agent), self.timeline.seed if seed is None else seed), 0)

    def apply_pending(self) -> None:
        """Makes the edit of a moved knob; a person's later moves are left behind, as any later steps are."""
        if self.pending and self.mode == PLAY:
            env, agent = self.pending
            self.timeline, self.pending = _until(self.timeline, self.t), (env, _afresh(agent, self.t))
        super().apply_pending()

    def move(self, action: Any) -> None:
        """Takes a person's choice at the moment shown; what they did after it is left behind."""
        before = _until(self.timeline, self.t)
        agent: Any = before.settings(self.t).agent
        there = range(min(self.env.shape[1], len(LETTERS)))
        if self.mode != PLAY or action not in there or not hasattr(agent, "moves"):
            return
        try:
            longer = replace(agent, moves=f"{agent.moves}{LETTERS[action]}")
        except ValueError as error:
            self.note = f"That was the last move of this run: {error}"
            return
        self.made += 1
        self.play(_acted(before, longer), self.t + 1)

    def guess(self, step: Any, said: Any) -> None:
        """Keeps a prediction of the update in a step, once for each."""
        if not isinstance(said, int | float) or not isinstance(step, int) or (self.line_id, step) in self.guessed:
            return
        try:
            guess = judge(self.timeline, step, self.question, float(said))
        except (ValueError, OverflowError) as error:
            self.note = f"This was not kept: {error}"
        else:
            self.guessed |= {(self.line_id, step): guess}
            self.guessed = dict(list(self.guessed.items())[-KEPT:])

    reactions = {
        "move": lambda me, event: me.move(event.get("action", -1)),
        "guess": lambda me, event: me.guess(event.get("step"), event.get("said")),
    }


def _afresh(agent: Any, moves: int = 0) -> Agent:
    """An agent who has done nothing yet, or a person who has made only so many moves."""
    return replace(agent, moves=agent.moves[:moves]) if hasattr(agent, "moves") else agent


def _until(timeline: Timeline, t: int) -> Timeline:
    """The run as far as moment ``t``: later edits are gone, and a person's later moves."""
    before = replace(timeline, edits=tuple(edit for edit in timeline.edits if edit.step <= t))
    return _acted(before, _afresh(before.settings(t).agent, t))


def _acted(timeline: Timeline, agent: Agent) -> Timeline:
    """Gives a run its agent with other moves."""
    if not timeline.edits:
        return replace(timeline, agent=agent)
    return replace(timeline, edits=(*timeline.edits[:-1], timeline.edits[-1]._replace(agent=agent)))


def _note(found: Phases) -> dict[str, Any]:
    dice = {name: [_die(die) for die in getattr(found, name)] for name in ("choice", "luck")}
    numbers = {name: [float(f"{x:.4g}") for x in getattr(found, name)] for name in ("row", "chances")}
    return {"says": found.says, **numbers, **dice}


def _die(die: Die) -> dict[str, Any]:
    return die._asdict() | {"roll": float(f"{die.roll:.4g}")}
