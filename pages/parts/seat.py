"""Where a page and a session meet: each page keeps one player a session, and its stage talks to that one."""

from typing import Any

import streamlit as st

from pages.parts.arrival import open_player
from pages.parts.events import hear
from pages.parts.player import Player
from pages.parts.stage.stage import stage
from rl.link import View


def seat(page: str, preset: View, kind: type[Player] = Player) -> Any:
    """Returns this session's player of a page: on the first visit at the run of the link, or else at the preset."""
    key = f"{page}.player"
    if key not in st.session_state:
        st.session_state[key] = open_player(st.query_params.to_dict(), preset, kind)
    return st.session_state[key]


def live_stage(me: Player, page: str, bare: bool = False) -> None:
    """Shows a player's run; what the learner does there is heard before the page is drawn again.

    A bare stage shows the world alone, without controls.
    """
    key = f"{page}.stage"

    def heard() -> None:
        told = st.session_state.get(key) or {}  # a page may have put its stage away since
        if event := told.get("event"):
            hear(me, event)

    stage(me.data() | {"bare": bare}, key, heard)
