"""How a learner arrives at a page: by a link, or at the preset; a bad link leaves a note and no error."""

from collections.abc import Mapping

from pages.parts.player import Player
from rl.link import BadLink, View, from_query


def open_player(query: Mapping[str, str], preset: View, kind: type[Player] = Player) -> Player:
    """Sits down at the run of a link, or at the preset when there is none; a bad link leaves a note, not an error."""
    if "env" not in query and "v" not in query:
        return kind(preset.timeline, preset.t, preset.end, autoplay=True)
    try:
        return _seated(query, kind)
    except BadLink as error:
        note = f"{error} Here is the usual start instead."
        return kind(preset.timeline, preset.t, preset.end, autoplay=True, note=note)


def _seated(query: Mapping[str, str], kind: type[Player]) -> Player:
    view = from_query(query)
    first = view.timeline.settings(0)
    if any(type(settings.agent) not in kind.agents for settings in (first, *view.timeline.edits)):
        raise BadLink("This link belongs to another page.")
    cells = query.get("view")
    me = kind(view.timeline, view.t, view.end, autoplay=False)
    me.view = cells if cells in me.views else me.view
    me.arrive(query)
    return me
