"""What runs and which algorithms belong to a seat."""

from collections.abc import Collection

from pages.parts.branching.player import BranchingPlayer
from pages.parts.player import Player
from rl.agents.base import Agent
from rl.timeline import Timeline


def on_screen(me: Player) -> dict[str, Timeline]:
    """Names the runs that are shown: this one, and the one beside it."""
    rival = me.rival if isinstance(me, BranchingPlayer) else None
    if rival is None:
        return {me.agent.title: me.timeline}
    assert isinstance(me, BranchingPlayer) and me.other is not None
    mine = me.tree[me.here].name if me.here in me.tree else f"this run ({me.agent.title})"
    return {mine: me.timeline, f"{me.tree[me.other].name} ({me.other})": rival}


def relatives(me: Player) -> Collection[type[Agent]]:
    """Lists the algorithms that learn the same in the same worlds, to hold this one's code against."""
    if not isinstance(me, BranchingPlayer):
        return ()
    mine = me.agent.family, me.agent.learns
    return [kind for kind in type(me).agents if (kind.family, kind.learns) == mine]
