"""Runs that were kept beside each other: where two of them part, and the tree they make."""

from dataclasses import dataclass, replace
from itertools import takewhile
from typing import NamedTuple

import numpy as np

from rl.agents.base import Agent
from rl.knob import carried
from rl.link import LONGEST, BadLink, View, from_query_string, to_query_string
from rl.tape import StepLog
from rl.timeline import Timeline

HAPPENED = ("state", "action", "reward", "next_state", "ended")
LEARNED = ("updated_state", "updated_action", "old", "target", "new")
BLOCK = 2**13
MOST = 12
"""Branches a tree holds; more cannot be told apart."""
LONGEST_NAME = 40


class Difference(NamedTuple):
    """The first step in which two runs differ; None where they do not, as far as was looked."""

    learned: int | None  # in which something else was learned
    happened: int | None  # in which something else was done, or came of it


def first_difference(one: Timeline, other: Timeline, end: int) -> Difference:
    """Compares two runs step by step, up to moment ``end``. What they share by their settings is passed over."""
    learned = happened = None
    end = min(end, one.last, other.last)
    for start in range(_shared(one, other), end, BLOCK):
        logs = [run.steps(start, min(start + BLOCK, end)) for run in (one, other)]
        happened = _first(logs, HAPPENED, start)
        learned = _first(logs, LEARNED, start) if learned is None else learned
        if happened is not None:
            break
    return Difference(learned, happened)


def same_until(one: Timeline, other: Timeline, t: int) -> bool:
    """Tells whether two runs have the same settings in every step before ``t``."""
    return _shared(one, other) >= min(t, one.last, other.last)


def agents_of(view: View) -> list[Agent]:
    """Lists the agents that play a run, one after the other."""
    return [view.timeline.agent, *(edit.agent for edit in view.timeline.edits)]


def with_agent(timeline: Timeline, kind: type[Agent]) -> Timeline:
    """Lets another algorithm play the same worlds on the same dice, with the settings both have, edits included.

    Raises ValueError where it cannot.
    """
    twin = Timeline(timeline.env, carried(timeline.agent, kind), timeline.seed)
    for step, env, agent in timeline.edits:
        twin = twin.edited(step, env, carried(agent, kind))
    return twin


def _shared(one: Timeline, other: Timeline) -> int:
    """Returns up to which step two runs are the same because their settings are."""
    if (one.env, one.agent, one.seed) != (other.env, other.agent, other.seed):
        return 0
    pairs = zip(one.edits, other.edits, strict=False)
    n = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    return min([edit.step for run in (one, other) for edit in run.edits[n : n + 1]], default=min(one.last, other.last))


def _first(logs: list[StepLog], columns: tuple[str, ...], start: int) -> int | None:
    pairs = ([np.nan_to_num(np.asarray(getattr(log, name), np.float64)) for log in logs] for name in columns)
    unlike = np.flatnonzero(np.any([a != b for a, b in pairs], axis=0))
    return start + int(unlike[0]) if len(unlike) else None


@dataclass(frozen=True)
class Branch:
    """A run that was kept, and where it left the one it came from."""

    key: int
    name: str
    view: View
    parent: int | None = None  # key of the branch it came from
    at: int = 0  # the moment it left it


@dataclass(frozen=True)
class Tree:
    """The branches that were kept, in the order they were made. Every change makes a new tree."""

    branches: tuple[Branch, ...] = ()
    next_key: int = 1

    def __getitem__(self, key: int) -> Branch:
        """Finds a branch. Raises KeyError."""
        found = [branch for branch in self.branches if branch.key == key]
        if not found:
            raise KeyError(key)
        return found[0]

    def __contains__(self, key: object) -> bool:
        return any(branch.key == key for branch in self.branches)

    def grown(self, view: View, name: str = "", parent: int | None = None, at: int = 0) -> "Tree":
        """Keeps one run more. Raises ValueError with a sentence where there are too many already."""
        if len(self.branches) >= MOST:
            raise ValueError(f"There are {MOST} branches already: throw one away first.")
        branch = Branch(self.next_key, clean(name) or f"Run {self.next_key}", view, parent, at)
        return Tree((*self.branches, branch), self.next_key + 1)

    def renamed(self, key: int, name: str) -> "Tree":
        """Gives a branch another name; an empty one leaves it as it is."""
        return self._with(replace(self[key], name=clean(name) or self[key].name))

    def seen(self, key: int, view: View) -> "Tree":
        """Remembers how far a branch has come."""
        return self._with(replace(self[key], view=view))

    def without(self, key: int) -> "Tree":
        """Throws a branch away; those that came from it now come from where it came from."""
        gone = self[key]
        left = (b if b.parent != key else replace(b, parent=gone.parent) for b in self.branches if b.key != key)
        return replace(self, branches=tuple(left))

    def _with(self, branch: Branch) -> "Tree":
        return replace(self, branches=tuple(branch if b.key == branch.key else b for b in self.branches))

    def in_order(self) -> list[tuple[int, Branch]]:
        """Lists the branches with their depth, each behind the one it came from."""
        return self._below(None, 0)

    def _below(self, parent: int | None, depth: int) -> list[tuple[int, Branch]]:
        mine = [b for b in self.branches if b.parent == parent]
        return [entry for b in mine for entry in [(depth, b), *self._below(b.key, depth + 1)]]


def clean(name: str) -> str:
    """Makes one short line of a name."""
    return " ".join(name.split())[:LONGEST_NAME]


def spell(tree: Tree) -> str:
    """Writes a tree as text for a link: a branch a line, of key, parent, moment, name and run; "" if it is too long."""
    lines = [f"{b.key};{'' if b.parent is None else b.parent};{b.at};{b.name.replace(';', ',')};"
             f"{to_query_string(b.view)}" for b in tree.branches]
    text = "\n".join(lines)
    return text if len(text) <= LONGEST else ""


def read(text: str) -> Tree:
    """Reads what `spell` wrote, whatever somebody may have made of it. Raises BadLink."""
    branches: list[Branch] = []
    for line in text.split("\n")[:MOST] if text else []:
        key, parent, at, name, query = (line.split(";", 4) + [""] * 5)[:5]
        if not (key.isascii() and key.isdigit() and len(key) < 6 and at.isascii() and at.isdigit() and len(at) < 8):
            raise BadLink("The branches in this link cannot be read.")
        known = {str(b.key): b.key for b in branches}
        if int(key) in known.values():
            raise BadLink("The branches in this link cannot be read.")
        branches.append(Branch(int(key), clean(name) or f"Run {key}", from_query_string(query), known.get(parent),
                               int(at)))
    return Tree(tuple(branches), max((b.key for b in branches), default=0) + 1)
