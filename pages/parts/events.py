"""What the stage tells the server: where the learner is, and what they did there."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from pages.parts.player import Player
from pages.parts.scene import stretch
from rl.dice import MAX_SEED
from rl.envs.base import World
from rl.timeline import MAX_STEP, Timeline

Event = Mapping[str, Any]
ABOUT_A_PLACE = ("at", "more", "here", "jump", "episodes", "map")
PASSIVE = ("at", "more", "here")
"""What the stage says by itself as it plays: a note to the learner outlives it."""


def hear(me: Player, event: Any) -> None:
    """Takes an event of the stage; one that came twice, or makes no sense, is passed over.

    An event carries the moment shown, ``t``, and which run and which placing by the server (``stamp``) it was sent
    under. One from before the last placing says nothing of where the learner is now: the rest of it still counts.
    """
    if not isinstance(event, Mapping) or not _whole(event.get("seq"), me.ack + 1, 2**53):
        return
    me.ack, me.autoplay, me.playing = event["seq"], None, bool(event.get("playing"))
    me.view = event.get("view") if event.get("view") in me.views else me.view
    me.speed = _speed(event.get("speed"), me.speed)
    kind = str(event.get("kind"))
    if _is_late(me, event):
        if kind not in ABOUT_A_PLACE and kind not in me.reactions:
            REACTIONS.get(kind, _here)(me, event)
    elif _whole(event.get("t"), 0, MAX_STEP):
        _react(me, kind, event)


def _is_late(me: Player, event: Event) -> bool:
    return event.get("run", me.run_id) != me.run_id or event.get("stamp", me.stamp) != me.stamp


def _react(me: Player, kind: str, event: Event) -> None:
    me.at, me.note = None, me.note if kind in PASSIVE else None
    me.t, me.end = event["t"], max(me.end, event["t"])
    me.apply_pending()
    {**REACTIONS, **me.reactions}.get(kind, _here)(me, event)


def _whole(value: Any, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _speed(speed: Any, otherwise: float) -> float:
    usable = isinstance(speed, int | float) and 0.1 <= speed <= 10_000
    return float(speed) if usable else otherwise


def _here(me: Player, event: Event) -> None:
    """Nothing more to do: where the learner is has been noted."""


def _more(me: Player, event: Event) -> None:
    if me.at is not None:  # an edit has just sent another run
        return
    known = me.sent[0] <= me.t <= me.sent[1]
    behind, ahead = stretch(max(me.t, me.sent[1]) if known else me.t, me.speed, me.behind)
    me.send(max(me.sent[0], me.t - me.behind) if known else behind, ahead)


def _jump(me: Player, event: Event) -> None:
    to = event.get("to", me.t)
    if _whole(to, 0, MAX_STEP):
        me.look_at(to)


def _episodes(me: Player, event: Event) -> None:
    n = event.get("n")
    if n == -1:
        return me.look_at(me.timeline.episode_before(me.t))
    if not _whole(n, 1, 1000):
        return
    goal = me.timeline.at(me.t).episode + n
    me.look_at(me.timeline.after_episodes(me.t, n))
    if me.timeline.at(me.t).episode < goal:
        me.note = "Stopped there, after a million steps or at the end of the run: the episode does not come to an end."


def _cell(me: Player, event: Event) -> None:
    n_states, n_actions = me.env.shape
    if _whole(event.get("state"), 0, n_states - 1) and _whole(event.get("action"), 0, n_actions - 1):
        me.entry = event["state"], event["action"]


def _close(me: Player, event: Event) -> None:
    me.entry = None


def _map(me: Player, event: Event) -> None:
    try:
        env = repainted(me.env, str(event.get("cells")), event.get("rewards"))
        keep = bool(event.get("keep"))
        timeline = me.timeline.edited(me.t, env) if keep else Timeline(env, me.agent, me.timeline.seed)
    except ValueError as error:
        me.note = f"This map cannot be used: {error}"
    else:
        me.play(timeline, me.t if keep else 0)


def repainted(env: World, cells: str, rewards: Any) -> World:
    """Makes a grid world with other cells, one character each, row by row, and other [cell, reward] pairs."""
    picture = env.picture()
    if picture is None or not picture.editable:
        raise ValueError("only a grid world can be painted; choose it as the environment first.")
    rows = "/".join(cells[i : i + picture.cols] for i in range(0, len(cells), picture.cols))
    return replace(env, map=rows, rewards=_spelled(rewards))  # type: ignore[call-arg]


def _spelled(rewards: Any) -> str:
    try:
        return "_".join(f"{int(cell)}={float(value):.15g}" for cell, value in rewards)
    except (ValueError, TypeError, OverflowError):
        raise ValueError("the rewards are not a list of cells with a number each.") from None


REACTIONS: dict[str, Callable[[Player, Event], None]] = {
    "more": _more,
    "jump": _jump,
    "episodes": _episodes,
    "restart": lambda me, event: me.restart(),
    "seed": lambda me, event: me.restart((me.timeline.seed + 1) % (MAX_SEED + 1)),
    "cell": _cell,
    "close": _close,
    "map": _map,
}
