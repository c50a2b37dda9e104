"""What the stage tells the server: where the learner is, and what they did there."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from pages.parts.player import VIEWS, Player
from pages.parts.scene import stretch
from rl.dice import MAX_SEED
from rl.envs.base import Env
from rl.timeline import MAX_STEP, Timeline

Event = Mapping[str, Any]
PASSIVE = ("at", "more", "here")
"""What the stage says by itself as it plays: a note to the learner outlives it."""


def hear(me: Player, event: Event) -> None:
    """Takes an event of the stage; one that came twice, or makes no sense, is passed over."""
    seq, t = event.get("seq"), event.get("t")
    if not _whole(seq, me.ack + 1, 2**53) or not _whole(t, 0, MAX_STEP):
        return
    me.ack, me.at, me.autoplay = seq, None, None
    me.note = me.note if event.get("kind") in PASSIVE else None
    me.t, me.end, me.playing = t, max(me.end, t), bool(event.get("playing"))
    me.view = event.get("view") if event.get("view") in VIEWS else me.view
    me.speed = _speed(event.get("speed"), me.speed)
    me.apply_pending()
    REACTIONS.get(str(event.get("kind")), _here)(me, event)


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
    start = me.sent[1] if me.sent[0] <= me.t <= me.sent[1] else me.t
    me.send(start, max(start, stretch(max(start, me.t), me.speed)[1]))


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
    n_states, n_actions = me.env.mdp.cdf.shape[:2]
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


def repainted(env: Env, cells: str, rewards: Any) -> Env:
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
    "jump": lambda me, event: me.look_at(me.t),
    "episodes": _episodes,
    "restart": lambda me, event: me.restart(),
    "seed": lambda me, event: me.restart((me.timeline.seed + 1) % (MAX_SEED + 1)),
    "cell": _cell,
    "close": _close,
    "map": _map,
}
