"""A seat from which runs are kept beside each other: nothing is lost to a knob, and any two can be compared."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from pages.parts import scene
from pages.parts.player import Player
from pages.parts.scene import edit_text
from pages.parts.scenery import scenery
from rl.agents import AGENTS
from rl.branches import Difference, Tree, agents_of, clean, first_difference, read, same_until, spell, with_agent
from rl.link import BadLink, View
from rl.timeline import Timeline

KEPT = "A new branch from here. The later steps are kept as “{}”, under Branches."


@dataclass
class BranchingPlayer(Player):
    """A player with a tree of branches. The run shown is one of them, or (``here`` is None) not kept yet."""

    tree: Tree = field(default_factory=Tree)
    here: int | None = None
    other: int | None = None  # the branch shown beside this one
    branched: bool = False  # whether the run about to be shown was made a branch just now

    # keeping -----------------------------------------------------------------------------------------------------

    @property
    def shown(self) -> View:
        """The run as it stands."""
        return View(self.timeline, self.t, self.end)

    def keep(self) -> int:
        """Sees to it that the run shown is in the tree, as far as it has come; returns its key there."""
        if self.here is None or self.here not in self.tree:
            self.tree = self.tree.grown(self.shown)
            self.here = self.tree.branches[-1].key
        else:
            self.tree = self.tree.seen(self.here, self.shown)
        return self.here

    def branch_off(self, timeline: Timeline, later: int) -> str | None:
        """Keeps the run that is left where an edit leaves steps behind, and makes the edited one a branch of it."""
        if later <= 0:
            return self._turned_on(timeline)
        try:
            parent = self.keep()
            self.tree = self.tree.grown(View(timeline, self.t, self.t), _edited(timeline), parent, self.t)
        except ValueError as error:
            return f"The {later:,} later steps were left behind. {error}"
        self.here, self.branched = self.tree.branches[-1].key, True
        return KEPT.format(self.tree[parent].name)

    def _turned_on(self, timeline: Timeline) -> str | None:
        """Goes on turning the knob that made this branch: its name follows, unless it was given one."""
        if self.here is None or self.here not in self.tree:
            return None
        branch = self.tree[self.here]
        if branch.parent is None or branch.at != self.t:
            return None
        if branch.name == clean(_edited(self.timeline)):
            self.tree = self.tree.renamed(self.here, _edited(timeline))
        return KEPT.format(self.tree[branch.parent].name)

    def go_to(self, key: int) -> None:
        """Shows a branch, where it was left; the run shown so far is kept."""
        if key not in self.tree or key == self.here:
            return
        self.note = None
        try:
            self.here = self.keep() if self.end or self.here else None
        except ValueError as error:
            self.note = str(error)
            return
        view = self.tree[key].view
        self.other = None if self.other == key else self.other
        self.play(view.timeline, view.t)
        self.here, self.end = key, max(self.end, view.end)

    def play(self, timeline: Timeline, t: int) -> None:
        """Goes on with another run; one that does not share the past of the branch shown is not that branch."""
        if not (self.branched or (t > 0 and same_until(timeline, self.timeline, t))):
            self.here = None
        self.branched = False
        super().play(timeline, t)

    def throw_away(self, key: int) -> None:
        """Takes a branch out of the tree; the one shown goes on without being kept."""
        if key in self.tree:
            self.tree = self.tree.without(key)
        self.here = None if self.here == key else self.here
        if self.other == key:
            self.compare(None)

    def rename(self, key: int, name: str) -> None:
        """Gives a branch another name."""
        if key in self.tree:
            self.tree = self.tree.renamed(key, name)

    # comparing ---------------------------------------------------------------------------------------------------

    def compare(self, key: int | None) -> None:
        """Shows a branch beside this run, moved by the same playhead; None puts it away."""
        self.other = key if key is not None and key in self.tree and key != self.here else None
        self.look_at(min(self.t, self.last))

    def compare_with(self, slug: str) -> None:
        """Lets another algorithm play the same world on the same dice, with the settings they share, and compares."""
        try:
            self.keep()
            twin = with_agent(self.timeline, AGENTS[slug])
            self.tree = self.tree.grown(View(twin, self.t, self.end), AGENTS[slug].title, None, 0)
        except ValueError as error:
            self.note = str(error)
        else:
            self.compare(self.tree.branches[-1].key)

    @property
    def rival(self) -> Timeline | None:
        """The run shown beside this one."""
        return self.tree[self.other].view.timeline if self.other is not None and self.other in self.tree else None

    @property
    def difference(self) -> Difference:
        """Where this run and the one beside it part, as far as they were looked at."""
        if self.rival is None:
            return Difference(None, None)
        return _difference(self.timeline, self.rival, max(self.end, self.sent[1]))

    # what is sent ------------------------------------------------------------------------------------------------

    @property
    def last(self) -> int:
        """The last moment both runs have."""
        return min(self.timeline.last, self.rival.last) if self.rival else self.timeline.last

    @property
    def run_id(self) -> str:
        beside = f"-{scene.line_id(self.rival)}-{scene.one_map(self.rival, self.t)[0]}" if self.rival else ""
        return super().run_id + beside

    def stretch_of_map(self) -> tuple[int, int]:
        first, last = super().stretch_of_map()
        if self.rival is None:
            return first, last
        return max(first, scene.one_map(self.rival, self.t)[0]), min(last, scene.farthest(self.rival, self.t))

    def chunk(self, t0: int, t1: int) -> dict[str, Any]:
        mine = super().chunk(t0, t1)
        return mine | {"beside": self._beside(t0, t1)} if self.rival else mine

    def _beside(self, t0: int, t1: int) -> dict[str, Any]:
        assert self.rival is not None and self.other is not None
        _, env, agent = self.rival.settings(self.t)
        name = self.tree[self.here].name if self.here in self.tree else "this run"
        return scene.chunk(self.rival, t0, t1) | scenery(env, agent) | {
            "title": self.tree[self.other].name, "mine": name, "bold": agent.title,
            "equation": [token._asdict() for token in agent.equation]}

    def data(self) -> dict[str, Any]:
        sent = super().data()
        found = [t for t in self.difference if t is not None]
        return sent | {"last": self.last, "differs": min(found, default=None), "share": sent["share"] + self._spelled()}

    def _spelled(self) -> str:
        """Spells the branches out in a link; the run shown is the link's own."""
        text = spell(self.tree)
        places = {"here": self.here, "with": self.other}
        chosen = "".join(f"&{name}={key}" for name, key in places.items() if key is not None)
        return f"&branches={quote(text, safe='')}{chosen}" if text else ""

    def arrive(self, query: Mapping[str, str]) -> None:
        if "branches" in query:
            self.tree = read(query["branches"])
            if not all(type(agent) in type(self).agents for b in self.tree.branches for agent in agents_of(b.view)):
                self.tree = Tree()
                raise BadLink("This link's branches belong to another page.")
            self.here = _key(query.get("here"), self.tree)
            self.compare(_key(query.get("with"), self.tree))
        else:
            self.here = None


def _edited(timeline: Timeline) -> str:
    """Names a run by its last edit."""
    return edit_text(timeline, -1) if timeline.edits else "other settings"


def _key(text: str | None, tree: Tree) -> int | None:
    key = int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else None
    return key if key in tree else None


@lru_cache(maxsize=256)
def _difference(one: Timeline, other: Timeline, end: int) -> Difference:
    return first_difference(one, other, end)
