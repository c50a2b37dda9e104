"""What the stage is sent: a stretch of a run as compact columns, and the world it happens in."""

from typing import Any
from zlib import crc32

import numpy as np

from pages.parts.stage.stage import pack
from rl.agents.base import Agent, Table
from rl.changes import Changes, changes, stacked
from rl.knob import knobs
from rl.ledger import Ledger
from rl.link import View, to_query_string
from rl.run import Run
from rl.tape import StepLog
from rl.timeline import MAX_STEP, Edit, Timeline
from rl.updates import q_learning

BEHIND = 120
"""Steps sent from before the playhead, so that stepping back needs no message."""
AHEAD_SECONDS = 4.0
"""The stage asks for more when 1.5 seconds are left: so often, too, the curves are redrawn."""
LEAST, MOST = 40, 12_000
MOST_LOOKED_INTO, MOST_UNLISTED = 2_000, 500
"""Steps sent at most ahead of the playhead where each is looked into for all it changed: a tenth of a second; and where
the world is slow to play, besides."""


def stretch(t: int, speed: float, behind: int = BEHIND) -> tuple[int, int]:
    """Chooses which steps to send around moment ``t`` for playing at ``speed`` steps a second."""
    ahead = int(min(MOST, max(LEAST, speed * AHEAD_SECONDS)))
    return max(0, t - behind), min(MAX_STEP, t + ahead)


def farthest(timeline: Timeline, t: int) -> int:
    """Returns up to which moment steps are sent at a time from moment ``t`` on."""
    last = one_map(timeline, t)[1]
    _, env, agent = timeline.settings(t)
    return min(last, t + (MOST_LOOKED_INTO if env.listed else MOST_UNLISTED)) if _is_looked_into(agent) else last


def _is_looked_into(agent: Agent) -> bool:
    """Whether a step may change more than the log names: of a policy it names a preference, which is another table."""
    return agent.updates_many or agent.learns == "pi"


def one_map(timeline: Timeline, t: int) -> tuple[int, int]:
    """Returns between which moments around ``t`` the map stays as it is, and the algorithm: what is sent at a time."""
    changes = [e.step for e in timeline.edits if _repaints(timeline, e) or _other_agent(timeline, e)]
    return max([0, *(s for s in changes if s <= t)]), min([timeline.last, *(s for s in changes if s > t)])


def _repaints(timeline: Timeline, edit: Edit) -> bool:
    before, after = (env.picture() for env in (timeline.settings(edit.step - 1).env, edit.env))
    return (before and (before.cells, before.rewards)) != (after and (after.cells, after.rewards))


def _other_agent(timeline: Timeline, edit: Edit) -> bool:
    return type(timeline.settings(edit.step - 1).agent) is not type(edit.agent)


def chunk(timeline: Timeline, t0: int, t1: int) -> dict[str, Any]:
    """Packs the steps t0 to t1 - 1, the tables as they stood before them, and what each step changed in those.

    Where a step changes the one entry its log names, nothing more is sent of it; where it changes all of them, a page
    adds the tables of all moments (`pages.parts.dqn.sent`).
    """
    run = timeline.at(t0)
    listed = _is_looked_into(run.agent) and not run.agent.updates_all
    return {
        "t0": t0, "t1": t1, "begins": int(timeline.at(t1).clock.counts[1]),
        "values": pack(stacked(run)), "tables": _tables(run.agent), "width": _width(run),
        "changes": _packed(changes(timeline, t0, t1)) if listed else None,
        "clock": {"episode": run.episode, "k": int(run.clock.counts[3]), "ret": float(run.clock.ret[0])},
        "steps": _columns(timeline, t0, t1),
    }


def _columns(timeline: Timeline, t0: int, t1: int) -> dict[str, Any]:
    log = timeline.steps(t0, t1)
    gamma = _discounts(timeline, t0, t1)
    discount = np.where(log.ended == 1, 0.0, gamma)
    ahead = log.target - log.reward
    bootstrap = np.divide(ahead, discount, out=np.zeros_like(ahead), where=discount > 0)
    if (gamma == 0).any():  # the target says nothing of what lies ahead then
        bootstrap = np.where((gamma == 0) & (log.ended != 1), _unseen(timeline, t0, log), bootstrap)
    compared = np.where(np.isnan(log.baseline), log.old, log.baseline)
    exact = {"old": log.old, "target": log.target, "new": log.new}  # in full: nearly equal is not tied
    floats = {"reward": log.reward, "bootstrap": bootstrap, "alpha": log.alpha, "gamma": discount,
              "epsilon": log.epsilon, "error": log.target - compared, "ret": log.ret}
    if timeline.settings(t0).agent.learns == "pi":
        floats |= {"chance": log.chance, "rest": 1 - log.chance, "baseline": log.baseline}
    whole = {name: getattr(log, name) for name in
             ("state", "action", "next_state", "updated_state", "updated_action", "episode", "k")}
    bytes_ = {"explored": log.explored, "ended": log.ended}
    return ({name: pack(column) for name, column in exact.items()}
            | {name: pack(np.asarray(column, np.float32)) for name, column in floats.items()}
            | {name: pack(np.asarray(column, np.int32)) for name, column in whole.items()}
            | {name: pack(np.asarray(column, np.uint8)) for name, column in bytes_.items()})


def _tables(agent: Agent) -> list[dict[str, str]]:
    usual = [Table(agent.learns, "Values", "", "value"), Table("visits", "Visits", "How often each was tried.")]
    return [table._asdict() for table in (*usual, *agent.tables)]


def _width(run: Run) -> int:
    """How many values a state has."""
    return 1 if run.agent.learns == "v" else int(getattr(run.memory, run.agent.learns).shape[1])


def _packed(found: Changes) -> dict[str, Any]:
    return {"first": pack(found.first.astype(np.int32)), "entry": pack(found.entry.astype(np.int32)),
            "was": pack(found.was), "now": pack(found.now)}


def _unseen(timeline: Timeline, t0: int, log: StepLog) -> np.ndarray:
    """Returns what Q-learning would look ahead to if it did not count for 0; NaN for others, whose log says nothing."""
    run = timeline.at(t0)
    return _best_ahead(run.memory.q, log) if type(run.agent).update is q_learning else np.full(len(log), np.nan)


def _best_ahead(q: np.ndarray, log: StepLog) -> np.ndarray:
    """Returns max_a Q(s', a) as it stood before each step, by making the updates again."""
    best = np.empty(len(log))
    for i, (s, a, s_next, new) in enumerate(zip(log.state, log.action, log.next_state, log.new, strict=True)):
        best[i] = q[s_next].max()
        q[s, a] = new
    return best


def _discounts(timeline: Timeline, t0: int, t1: int) -> np.ndarray:
    gamma = np.empty(t1 - t0)
    for start in [t0, *(e.step for e in timeline.edits if t0 < e.step < t1)]:
        gamma[start - t0 :] = timeline.settings(start).agent.discount
    return gamma


def line_id(timeline: Timeline) -> str:
    """Names a run, whatever its map at the moment."""
    return f"{crc32(to_query_string(View(timeline, 0, 0)).encode()):08x}"


def marks(timeline: Timeline) -> list[dict[str, Any]]:
    """Lists a run's edits: when, and what changed in words."""
    return [{"t": edit.step, "text": edit_text(timeline, i)} for i, edit in enumerate(timeline.edits)]


def edit_text(timeline: Timeline, index: int) -> str:
    """Says what an edit changed."""
    edit = timeline.edits[index]
    before = timeline.settings(edit.step - 1)
    pairs = [(before.agent, edit.agent), (before.env, edit.env)]
    return ", ".join(change for old, new in pairs for change in _changes(old, new))


def _changes(old: Any, new: Any) -> list[str]:
    if type(old) is not type(new):
        return [f"{old.title} → {new.title}"]
    pairs = [(name, getattr(old, name), getattr(new, name)) for name in knobs(new)]
    return [f"{name} {_short(before)} → {_short(after)}" for name, before, after in pairs if before != after]


def _short(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float | int) else (value if len(value) < 12 else "…")


def ledger_rows(found: Ledger, s: int, a: int) -> dict[str, Any]:
    """Lays a ledger out as the stage's rows: step, reward, target, error, new value."""
    log = found.log
    compared = np.where(np.isnan(log.baseline), log.old, log.baseline)
    error = np.where(np.isnan(log.target), log.new - log.old, log.target - compared)
    columns = zip(found.steps, log.reward, log.target, error, log.new, strict=True)
    rows = [[step, *(None if np.isnan(x) else float(f"{x:.6g}") for x in numbers)] for step, *numbers in columns]
    return {"state": s, "action": a, "total": found.total, "shown": len(rows), "rows": rows}


def share(view: View) -> str:
    """Spells the run out for a link; the stage adds the moment it shows."""
    return to_query_string(View(view.timeline, 0, 0)).replace("&t=0", "")
