"""What there is to choose on the loop page: to watch, to act or to predict; where; and who acts."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from pages.parts.controls import grid_presets, seed_and_over, settings
from pages.parts.knobs import show
from pages.parts.loop.player import PLAY, PREDICT, WATCH, LoopPlayer
from rl.envs import WORLDS
from rl.envs.grid_world import GridWorld
from rl.guesses import QUESTIONS
from rl.rivals import LEARNERS

PLACES = [kind for kind in WORLDS.values() if kind.family in LEARNERS]
MODES = {WATCH: ":material/visibility: Watch", PLAY: ":material/sports_esports: Be the agent",
         PREDICT: ":material/psychology: Predict"}
CHARACTERS = {"Q-learning": (0.1, 0.5), "greedy": (0.0, 0.5), "random": (1.0, 0.0)}
"""Who acts: how often at random (epsilon), and how far an update moves (alpha)."""
WIDTH = 164  # px of a choice: two beside each other on a phone
ASKED = {QUESTIONS[0]: "the new Q-value", QUESTIONS[1]: "the next greedy action"}


def choices(me: LoopPlayer) -> None:
    """Draws everything that can be chosen in one row; the rest is a click away."""
    widgets: list[Callable[[LoopPlayer], None]] = [_place, _map] if isinstance(me.env, GridWorld) else [_place]
    widgets.append({WATCH: _character, PLAY: _fog, PREDICT: _question}[me.mode])
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="loop-choices"):
        for draw in (_mode, *widgets, _more):
            draw(me)


def _select(label: str, options: list[Any], now: Any, key: str, chosen: Callable[[Any], None], words: str,
            name: Callable[[Any], str] = str) -> None:
    show(key, now)

    def turned() -> None:
        if st.session_state[key] != now:  # a widget that goes away may say its value once more
            chosen(st.session_state[key])

    st.selectbox(label, options, format_func=name, key=key, help=words, placeholder="your own", width=WIDTH,
                 on_change=turned)


def _mode(me: LoopPlayer) -> None:
    key = "loop.mode"
    show(key, me.mode)
    st.segmented_control("What do you want to do?", list(MODES), format_func=MODES.__getitem__, key=key,
                         help="Watch an agent, take its place, or say beforehand what it will learn.",
                         on_change=lambda: me.choose_mode(st.session_state[key] or me.mode))


def _place(me: LoopPlayer) -> None:
    _select("environment", [kind.slug for kind in PLACES], me.env.slug, "loop.place",
            lambda slug: me.enter(WORLDS[slug]()), me.env.idea, lambda slug: WORLDS[slug].title)


def _map(me: LoopPlayer) -> None:
    grid_presets(me, "loop.preset", me.enter, WIDTH)


def _character(me: LoopPlayer) -> None:
    agent: Any = me.agent
    now = _name_of(agent.epsilon, agent.alpha)
    _select("who acts", list(CHARACTERS), now, "loop.character", partial(_become, me),
            "Q-learning explores a little and learns; greedy never explores; random never looks at its table, and "
            "never learns. Changed in mid-run, it goes on from here.")


def _name_of(epsilon: float, alpha: float) -> str | None:
    if 0 < epsilon < 1:
        return "Q-learning"
    return {(0, True): "greedy", (1, False): "random"}.get((epsilon, alpha > 0))


def _become(me: LoopPlayer, name: str | None) -> None:
    agent: Any = me.agent
    if name in CHARACTERS:
        epsilon, alpha = CHARACTERS[name]
        me.set(agent=replace(agent, epsilon=epsilon, alpha=alpha))


def _fog(me: LoopPlayer) -> None:
    key = "loop.fog"
    show(key, me.fog)
    st.toggle("fog", key=key, on_change=lambda: setattr(me, "fog", st.session_state[key]),
              help="Hides the map: all you know is where you have been and what it paid. So it is for the agent.")


def _question(me: LoopPlayer) -> None:
    _select("what to predict", list(QUESTIONS), me.question, "loop.question", lambda q: setattr(me, "question", q),
            "Before an update is shown: what the value will become, or which action will then look best.",
            ASKED.__getitem__)


def _more(me: LoopPlayer) -> None:
    with st.popover("More", icon=":material/tune:", help="All other settings"):
        seed_and_over(me, st.columns(2, vertical_alignment="bottom"))
        settings(me, ["moves"])
