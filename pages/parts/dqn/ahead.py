"""The line above the lab: which world, how to begin, and how far a run that is trained ahead has come."""

from typing import Any

import streamlit as st

from pages.parts.again.again import again
from pages.parts.dqn.places import PLACES
from pages.parts.dqn.player import DqnPlayer
from pages.parts.knobs import show

TRAINED = "A net that learned this world before, with an empty memory and little exploration. Your run is left."
WRAPPED = "<style>.st-key-dqn-place div { flex-wrap: wrap; }</style>"
"""On a phone the names of the worlds have no room beside each other."""
AHEAD = "Training ahead: step {t:,}"


def places(me: DqnPlayer) -> None:
    """Draws the choice of the world, and says what it shows; or how far it has come on its way."""
    key, names = "dqn.place", [place.name for place in PLACES]
    show(key, me.place.name)
    me.go_on()
    st.html(WRAPPED)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.pills("world", names, default=me.place.name, key=key, required=True, width="content",
                 label_visibility="collapsed", help="Each of the four has a run of its own.",
                 format_func={place.name: f"{place.icon} {place.name}" for place in PLACES}.__getitem__,
                 on_change=lambda: me.choose(st.session_state[key]))
        st.button("Start from a trained net", key="dqn.trained", icon=":material/school:", help=TRAINED,
                  on_click=me.start_trained)
        news = st.empty()  # at once in each other's place: a run that is broken off leaves nothing behind
        if me.way:
            _on_the_way(me, news.container(horizontal=True, vertical_alignment="center"))
        else:
            news.caption(me.place.says)


def _on_the_way(me: DqnPlayer, place: Any) -> None:
    place.progress(me.progress, AHEAD.format(t=max(me.t, me.end)), width=260)
    place.button("Stop", key="dqn.stop", icon=":material/stop:", on_click=me.stop, help="Stay where it has come.")


def ahead(me: DqnPlayer) -> None:
    """Asks for the next slice as soon as this one is on screen. It takes room, if only a little."""
    again("dqn.ahead", me.counted() if me.way else None)
