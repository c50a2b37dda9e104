"""A run as a link: short, versioned, and read with suspicion.

``v=1&env=lake,size:8x8&agent=q,alpha:0.5&seed=3&edits=412,epsilon:0~900,env.success:1&t=1200&end=5000``. Only what
differs from the defaults is spelled out; an edit lists what it changes, the world's settings marked ``env.``, and
``env:grid`` or ``agent:q`` where it is another kind.
"""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, unquote, urlencode

from rl.agents import AGENTS
from rl.envs import WORLDS
from rl.knob import knobs, parse
from rl.patch import patched, spelled
from rl.timeline import MAX_EDITS, MAX_STEP, Edit, Timeline

VERSION = "1"
LONGEST = 8000
"""Characters of one parameter; browsers and proxies cut longer addresses."""
LONGEST_MESSAGE = 180
"""Characters of what is said about a bad link: a strange character quoted from it may take ten of them."""


class BadLink(ValueError):
    """A link that cannot be read; the message says what is wrong in one sentence."""

    def __init__(self, message: str) -> None:
        super().__init__(message if len(message) <= LONGEST_MESSAGE else message[: LONGEST_MESSAGE - 1] + "…")


class View(NamedTuple):
    """A timeline and what is looked at: moment ``t`` of a run shown up to ``end``."""

    timeline: Timeline
    t: int
    end: int


def to_query(view: View) -> dict[str, str]:
    """Spells a view out as query parameters."""
    timeline = view.timeline
    query = {"v": VERSION, "env": spell(timeline.env), "agent": spell(timeline.agent), "seed": str(timeline.seed)}
    if timeline.edits:
        query["edits"] = "~".join(_spell_edit(timeline, edit) for edit in timeline.edits)
    query["t"] = str(view.t)
    if view.end > view.t:
        query["end"] = str(view.end)
    return query


def to_query_string(view: View) -> str:
    """Spells a view out as the part of an address behind the question mark."""
    return urlencode(to_query(view), safe=",:~/.")


def from_query_string(text: str) -> View:
    """Reads a view from the part of an address behind the question mark. Raises BadLink."""
    return from_query(dict(parse_qsl(text)))


def from_query(query: Mapping[str, str]) -> View:
    """Reads a view from query parameters, whatever somebody may have typed there. Raises BadLink."""
    try:
        return _read(query)
    except BadLink:
        raise
    except ValueError as error:
        raise BadLink(f"This link cannot be read: {error}") from None


def _read(query: Mapping[str, str]) -> View:
    if query.get("v", VERSION) != VERSION:
        raise BadLink("This link was made by another version of Stepwise; only its newest links open here.")
    if any(len(value) > LONGEST for value in query.values()):
        raise BadLink("This link is too long to be one of ours.")
    env = build(WORLDS, query.get("env", "lake"), "environment")
    agent = build(AGENTS, query.get("agent", "q"), "agent")
    timeline = Timeline(env, agent, _whole("seed", query.get("seed", "0")))
    timeline.at(0)  # says at once when the agent, a person's moves for example, does not fit the world
    edits = query.get("edits", "").split("~") if query.get("edits") else []
    if len(edits) > MAX_EDITS:
        raise BadLink(f"This link has more than {MAX_EDITS} edits.")
    for edit in edits:
        timeline = with_edit(timeline, edit)
    t = _whole("t", query.get("t", "0"))
    return View(timeline, t, max(t, _whole("end", query.get("end", "0"))))


def _whole(name: str, value: str) -> int:
    if not value.isascii() or not value.isdigit() or len(value) > 10:
        raise BadLink(f"In this link {name} must be a whole number; got {value[:40]!r}.")
    if name in ("t", "end") and int(value) > MAX_STEP:
        raise BadLink(f"A run ends at step {MAX_STEP:,}; this link asks for step {int(value):,}.")
    return int(value)


def spell(settings: Any) -> str:
    """Spells a world or an agent as its kind and what differs from its defaults."""
    changed = {f.name: getattr(settings, f.name) for f in fields(settings) if getattr(settings, f.name) != f.default}
    return ",".join([settings.slug, *_pairs(changed)])


def _pairs(values: Mapping[str, Any]) -> list[str]:
    return [f"{name}:{_quoted(value)}" for name, value in values.items()]


def _quoted(value: Any) -> str:
    return quote(str(value), safe="/.#=").replace("~", "%7E")  # edits are joined by ~


def _spell_edit(timeline: Timeline, edit: Edit) -> str:
    _, env, agent = timeline.settings(edit.step - 1)
    changes = _differing(env, edit.env, "env", "env.") | _differing(agent, edit.agent, "agent", "")
    return ",".join([str(edit.step), *_pairs(changes)])


def _differing(old: Any, new: Any, what: str, prefix: str) -> dict[str, Any]:
    """Lists the knobs that differ; of another kind of thing, its kind and what differs from its defaults."""
    kind = {} if type(old) is type(new) else {what: new.slug}
    old = type(new)() if kind else old
    pairs = {name: (getattr(old, name), getattr(new, name)) for name in knobs(new)}
    return kind | {prefix + name: _change(*pair) for name, pair in pairs.items() if pair[0] != pair[1]}


def _change(old: Any, new: Any) -> Any:
    return spelled(old, new) if isinstance(new, str) else new


def _split(text: str) -> tuple[str, dict[str, str]]:
    head, *pairs = text.split(",")
    if any(":" not in pair for pair in pairs):
        raise BadLink(f"This link cannot be read: {text[:60]!r} is not a list of settings.")
    return head, {name: unquote(value) for name, value in (pair.split(":", 1) for pair in pairs)}


def build(kinds: Mapping[str, type], text: str, what: str) -> Any:
    """Undoes `spell`. Raises ValueError for what is no world or agent."""
    slug, values = _split(text)
    if slug not in kinds:
        raise BadLink(f"This link names an {what} that does not exist here: {slug[:40]!r}.")
    return kinds[slug](**{name: parse(kinds[slug], name, value) for name, value in values.items()})


def with_edit(timeline: Timeline, text: str) -> Timeline:
    """Adds an edit to a run, spelled as in a link: ``412,epsilon:0``. Raises ValueError for what is no edit."""
    step, values = _split(text)
    t = _whole("the step of an edit", step)
    if not 0 < t <= MAX_STEP or (timeline.edits and t <= timeline.edits[-1].step):
        raise BadLink("The edits in this link are not in order.")
    _, env, agent = timeline.settings(t)
    env = build(WORLDS, values.pop("env"), "environment") if "env" in values else env
    agent = build(AGENTS, values.pop("agent"), "agent") if "agent" in values else agent
    return timeline.edited(t, _changed(env, values, "env."), _changed(agent, values, ""))


def _changed(settings: Any, values: Mapping[str, str], prefix: str) -> Any:
    mine = {name.removeprefix(prefix): v for name, v in values.items() if name.startswith("env.") == bool(prefix)}
    now = {f.name: getattr(settings, f.name) for f in fields(settings)}
    whole = {name: patched(now[name], v) if isinstance(now.get(name), str) else v for name, v in mine.items()}
    return type(settings)(**now | {name: parse(settings, name, value) for name, value in whole.items()})
