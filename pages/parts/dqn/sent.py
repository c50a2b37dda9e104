"""What the stage is sent of a deep Q-network: its values at every moment, and its replay memory as it changes."""

from typing import Any

import numpy as np

from pages.parts.stage.stage import pack
from rl.agents.deep.base import ON, DeepAgent
from rl.agents.deep.memory import ENDINGS, ERROR, LOSS
from rl.deep_moments import Moments, Recall, Transitions, watch
from rl.deep_surface import bodies_of, first, variables
from rl.envs.base import World
from rl.mdp import Floats
from rl.replay import EXTRA
from rl.timeline import Timeline

NAMES = {"table": "Q(s, a) of the net", "untried": "never tried: a guess", "guesses": True}
"""A net says something of all states: what it was never told is drawn too, under a veil."""
BEHIND = 40
"""Steps sent from before the playhead."""
LARGEST = 440_000
"""Bytes sent at a time at most, base64 makes them a third more; but no fewer steps than these ahead, and no more."""
LEAST, MOST = 30, 600
COLUMNS = 150
"""Bytes of a step whatever the world: the columns of its log, and what it stored."""
LEVELS = 255
CODED = ("action", "ended", "steps", "reward")
NONE = 2**16 - 1
"""Where there is no place: a memory has fewer."""


def moments(timeline: Timeline, t0: int, t1: int) -> dict[str, Any]:
    """Packs the moments t0 to t1, and the replay memory all through them."""
    found, recall = watch(timeline, t0, t1)
    return {"moments": _rows(timeline, t0, found), "replay": _replay(timeline, t0, found, recall)}


def beside(timeline: Timeline, t0: int, t1: int) -> dict[str, Any]:
    """Packs the moments of a run that is shown beside another: without its replay memory."""
    return {"moments": _rows(timeline, t0, watch(timeline, t0, t1)[0])}


def world(env: World) -> dict[str, Any] | None:
    """Describes a world that is a body to the stage; None where it is drawn as every other table."""
    return {"kind": "body", "body": env.slug, "tie": 0} if variables(env) else None


def farthest(timeline: Timeline, t: int) -> int:
    """Returns up to which moment steps are sent at a time from moment ``t`` on."""
    _, env, agent = timeline.settings(t)
    assert isinstance(agent, DeepAgent)
    states, actions = env.shape
    table = not variables(env)
    held = min(agent.capacity, t) * (6 if table else 3 + len(variables(env)))
    step = 4 * states * actions + 3 * agent.batch + COLUMNS
    return min(timeline.last, t + int(np.clip((LARGEST - held) / step - BEHIND, LEAST, MOST)))


def fastest(timeline: Timeline, t: int) -> float:
    """Returns how many steps a second can be played: what is sent at a time lasts two seconds then."""
    return float(f"{max(LEAST, farthest(timeline, t) - t) / 2:.1g}")


def _rows(timeline: Timeline, t0: int, found: Moments) -> dict[str, Any]:
    columns = {"q": found.q, "target": found.target, "report": found.report[:, [LOSS, ERROR, ENDINGS]]}
    if variables(timeline.settings(t0).env):
        columns |= {"body": found.body, "landed": found.landed}
    packed = {name: {"width": rows.shape[1], **pack(rows.astype(np.float32))} for name, rows in columns.items()}
    return packed | {"fill": {"width": 2, **pack(found.fill.astype(np.int32))}}


def _replay(timeline: Timeline, t0: int, found: Moments, recall: Recall) -> dict[str, Any]:
    env = timeline.settings(t0).env
    numbers = recall.held.kept.shape[1]
    known = [one.name for one in variables(env)]
    return {
        "capacity": recall.capacity, "bytes": 4 * (2 * numbers + EXTRA + 1),  # and a priority
        "variables": [{"name": one.name, "unit": one.unit, "low": one.low, "high": one.high} for one in variables(env)],
        "pair": [known.index(name) for name in first(env)] if known else [],
        "start": int(recall.held.place[0]) if len(recall.held.place) else 0,
        "held": _transitions(env, recall.held), "stored": _transitions(env, recall.stored),
        "first": pack(recall.first.astype(np.int32)), "place": pack(recall.stored.place.astype(np.uint16)),
        "rules": [_rule(timeline, t) for t in [t0, *(one.moment for one in recall.resizes)]],
        "batch": {"width": found.batch.shape[1], "errors": _sizes(np.abs(found.errors)),
                  "places": pack(np.where(found.batch < 0, NONE, found.batch).astype(np.uint16))},
    }


def _rule(timeline: Timeline, t: int) -> dict[str, Any]:
    """Says how the memory is kept and learned from, since moment ``t``."""
    agent = timeline.settings(t).agent
    assert isinstance(agent, DeepAgent)
    return {"moment": t, "capacity": agent.capacity, "endings": agent.endings == ON, "warmup": agent.warmup,
            "every": agent.every, "edit": any(edit.step == t for edit in timeline.edits)}


def _transitions(env: World, many: Transitions) -> dict[str, Any]:
    """Packs transitions, oldest first; what came after one is left away where the sight of a later one says it."""
    since = np.diff(many.born, prepend=many.born[:1])
    return (_bodies(env, many) if variables(env) else _states(many)) | {
        "n": len(many.born), "coded": _coded(many), "born": int(many.born[0]) if len(many.born) else 0,
        "since": pack(_narrow(since)), "error": _sizes(many.error),
    }


def _states(many: Transitions) -> dict[str, Any]:
    return {name: pack(_narrow(rows[:, 0])) for name, rows in (("kept", many.kept), ("after", many.after))}


def _narrow(numbers: np.ndarray) -> np.ndarray:
    return numbers.astype(np.uint8 if numbers.max(initial=0) <= LEVELS else np.int32)


def _bodies(env: World, many: Transitions) -> dict[str, Any]:
    lone = np.flatnonzero(~_followed(many))
    return {"kept": _scaled(_read(env, many.kept)), "lone": pack(lone.astype(np.int32)),
            "after": _scaled(_read(env, many.after[lone]))}


def _followed(many: Transitions) -> np.ndarray:
    """Tells of which transitions what came after is where a later one begins, (n,)."""
    then = many.born + many.steps
    at = np.minimum(np.searchsorted(many.born, then), len(then) - 1)
    return (many.ended == 0) & (many.born[at] == then)


def _read(env: World, sights: np.ndarray) -> Floats:
    """Reads the numbers of a body off sights, in the units they are shown in."""
    bodies = bodies_of(env.model.kind, sights.astype(np.float64))
    return np.stack([bodies[:, one.place] * one.scale for one in variables(env)], axis=1)


def _scaled(rows: Floats) -> dict[str, Any]:
    """Packs numbers (n, k) in a byte each, from the least to the largest of their column."""
    low, high = (rows.min(axis=0), rows.max(axis=0)) if len(rows) else (np.zeros(rows.shape[1]),) * 2
    part = (rows - low) / np.where(high > low, high - low, 1)
    return {"low": low.tolist(), "high": high.tolist(), "data": pack(np.round(part * LEVELS).astype(np.uint8))}


def _sizes(errors: Floats) -> dict[str, Any]:
    """Packs sizes of errors in a byte each, the small ones finer; what is no number is as large as the largest."""
    finite = errors[np.isfinite(errors)]
    top = float(finite.max(initial=0.0))
    part = np.sqrt(np.nan_to_num(errors, nan=top, posinf=top) / (top or 1.0))
    return {"top": top, "data": pack(np.round(part * LEVELS).astype(np.uint8))}


def _coded(many: Transitions) -> dict[str, Any]:
    """Packs what there are few different kinds of: these, and in a byte which of them each is."""
    rows = np.stack([getattr(many, name) for name in CODED], axis=1).astype(np.float32)
    kinds, which = np.unique(rows, axis=0, return_inverse=True)
    few = len(kinds) <= LEVELS + 1
    columns = (kinds if few else rows).T
    return {"kinds": {name: pack(column) for name, column in zip(CODED, columns, strict=True)},
            "which": pack(which.astype(np.uint8)) if few else None}
