"""The seat at the bandit page: an algorithm's run or one pulled by hand, and the other kind of run on the same arms."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, cast

import numpy as np

from pages.parts.arrival import open_player
from pages.parts.bandits.sent import axis, behind, sentence, step_sizes
from pages.parts.player import Player
from pages.parts.stage.stage import pack
from rl.agents import AGENTS
from rl.agents.bandits.base import Bandit
from rl.agents.bandits.epsilon_greedy import EpsilonGreedy
from rl.agents.bandits.hand import Hand
from rl.agents.base import Agent
from rl.agents.human import LETTERS
from rl.envs import WORLDS
from rl.envs.base import World
from rl.envs.testbed import Testbed
from rl.link import View
from rl.timeline import Timeline

HAND, WATCH, COMPARE = "Pull yourself", "Watch an algorithm", "Compare"
MOST, FASTEST = 1000, 500.0
"""Steps sent at once, and a second: every one brings what lay behind it."""
KEPT = 50
"""Hand-played runs that a session remembers."""


@dataclass
class ArmsPlayer(Player):
    """A player at a bandit; runs pulled by hand, and the last algorithm watched, are kept for their bandit."""

    agents: ClassVar[Collection[type[Agent]]] = [kind for kind in AGENTS.values() if issubclass(kind, Bandit)]
    behind: ClassVar[int] = 80
    comparing: bool = False
    watched: View = field(default_factory=lambda: View(Timeline(Testbed(), EpsilonGreedy()), 0, 0))
    by_hand: dict[tuple[World, int], Timeline] = field(default_factory=dict)
    settings: dict[str, Agent] = field(default_factory=dict)  # the knobs of each algorithm, as they were left

    # which run ---------------------------------------------------------------------------------------------------

    @property
    def is_hand(self) -> bool:
        return isinstance(self.timeline.agent, Hand)

    @property
    def mode(self) -> str:
        """What the learner does here; of a link, its agent says it."""
        return COMPARE if self.comparing else HAND if self.is_hand else WATCH

    def choose_mode(self, mode: str | None) -> None:
        """Changes between pulling, watching and comparing; each finds its run of this bandit as it was left."""
        self._keep()
        self.comparing = mode == COMPARE
        if self.comparing:  # the stage is put away: it can answer nothing
            self.playing, self.autoplay = False, None
        if mode == HAND and not self.is_hand:
            mine = self.by_hand.get(self.bandit, Timeline(self.timeline.env, Hand(), self.timeline.seed))
            self.show(View(mine, mine.last, mine.last), playing=False)
            self.opened += 1  # the stage gets the keys
        elif mode == WATCH and self.is_hand:
            known = same_bandit(self.watched.timeline, self.timeline)
            self.show(self.watched if known else self._fresh(), playing=True)

    def show(self, view: View, playing: bool) -> None:
        """Goes to a run, and plays it or not."""
        self.note = None
        self.play(view.timeline, view.t)
        self.end = max(self.end, view.end)
        self.autoplay = self.playing = playing

    def _fresh(self) -> View:
        agent = self.watched.timeline.settings(self.watched.t).agent
        return View(Timeline(self.timeline.env, agent, self.timeline.seed), 0, 0)

    def _keep(self) -> None:
        """Remembers the run shown, as the last of its kind."""
        if not self.is_hand:
            self.watched = View(self.timeline, self.t, self.end)
        elif self.timeline.last or self.bandit in self.by_hand:
            self.by_hand[self.bandit] = self.timeline
            while len(self.by_hand) > KEPT:
                del self.by_hand[next(iter(self.by_hand))]

    @property
    def bandit(self) -> tuple[World, int]:
        """Whose arms these are, and whose luck."""
        return self.timeline.env, self.timeline.seed

    @property
    def mine(self) -> Timeline | None:
        """The last run pulled by hand on this bandit, if any arm was pulled."""
        run = self.timeline if self.is_hand else self.by_hand.get(self.bandit)
        return run if run and run.last else None

    @property
    def rival(self) -> Timeline:
        """An algorithm's run on this bandit: the one shown, or the last watched."""
        if not self.is_hand:
            return self.timeline
        return self.watched.timeline if same_bandit(self.watched.timeline, self.timeline) else self._fresh().timeline

    def __post_init__(self) -> None:
        super().__post_init__()
        self._keep()

    def play(self, timeline: Timeline, t: int) -> None:
        self._keep()
        super().play(timeline, t)
        if self.is_hand:
            self._keep()

    def open(self, view: View) -> None:
        self.comparing = False
        super().open(view)

    def restart(self, seed: int | None = None) -> None:
        """Starts over, on these arms or on others; whoever pulls by hand has pulled none yet."""
        agent = Hand() if self.is_hand else self.agent
        self.play(Timeline(self.env, agent, self.timeline.seed if seed is None else seed), 0)

    def choose_agent(self, slug: str) -> None:
        """Lets another algorithm play, from the first pull on: what it does with others' pulls says little of it."""
        if slug == self.agent.slug:  # Streamlit also calls when a widget is put away
            return
        self.settings[self.agent.slug] = self.agent
        self.note = None
        self.play(Timeline(self.env, self.settings.get(slug) or AGENTS[slug](), self.timeline.seed), 0)
        self.autoplay = self.playing = True

    def choose_seed(self, seed: int) -> None:
        """Starts over on the arms of another seed."""
        if seed != self.timeline.seed:
            self.restart(seed)

    def apply_pending(self) -> None:
        if self.pending and not self._fits(self.pending[0]):  # other arms: no pull is of any of them
            self.pending = self.pending[0], Hand() if self.is_hand else self.pending[1]
        super().apply_pending()

    # what is sent ------------------------------------------------------------------------------------------------

    def send(self, t0: int, t1: int) -> None:
        super().send(t0, min(t1, max(t0, self.t) + MOST))

    def chunk(self, t0: int, t1: int) -> dict[str, Any]:
        sizes = {"alpha": pack(step_sizes(self.timeline, t0, t1).astype(np.float32))}
        return (sent := super().chunk(t0, t1)) | behind(self.timeline, t0, t1) | {"steps": sent["steps"] | sizes}

    def data(self) -> dict[str, Any]:
        env, agent = self.timeline.settings(self.t)[1:]
        score = agent.score_name if isinstance(agent, Bandit) else ""
        start = "Pull an arm: click its column, or press its number." if self.is_hand else None
        return super().data() | {"bandit": {"hand": self.is_hand, "score": score, **axis(env, self.timeline.seed)},
                                 "start": start, "fastest": FASTEST}

    # by hand -----------------------------------------------------------------------------------------------------

    def pull(self, arm: Any) -> None:
        """Pulls an arm at the moment shown; the pulls after it are left behind."""
        if not self.is_hand or arm not in range(self.timeline.env.shape[1]):
            return
        try:
            agent = Hand(pulls=self.timeline.settings(self.t).agent.pulls[: self.t] + LETTERS[arm])
        except ValueError as error:
            self.note = f"That was the last pull of this run: {error}"
            return
        left = self.end - self.t
        edits = tuple(edit._replace(agent=agent) for edit in self.timeline.edits if edit.step <= self.t)
        self.play(replace(self.timeline, agent=agent, edits=edits), self.t + 1)
        self.note = f"A new branch from here: the {left:,} later pulls were left behind." if left else None

    reactions = {
        "pull": lambda me, event: me.pull(event.get("arm")),
        "episodes": lambda me, event: None,  # a bandit's only episode never ends
    }


def same_bandit(one: Timeline, other: Timeline) -> bool:
    """Tells whether two runs began on the same arms with the same luck."""
    return (one.env, one.seed) == (other.env, other.seed)


def arms_player(query: Mapping[str, str], preset: View) -> ArmsPlayer:
    """Sits down at the bandit of a link, or at the preset; a link to something else leaves a note, not an error."""
    try:
        if WORLDS.get(query.get("env", Testbed.slug).split(",")[0], Testbed) is not Testbed:
            raise ValueError("this link belongs to another page.")
        return _seated(query, preset)
    except ValueError as error:  # not a bandit, or pulls of arms that it does not have
        me = _seated({}, preset)
        me.note = f"{sentence(error)} Here is the usual start instead."
        return me


def _seated(query: Mapping[str, str], preset: View) -> ArmsPlayer:
    return cast(ArmsPlayer, open_player({"env": Testbed.slug, **query} if "v" in query else query, preset, ArmsPlayer))
