"""The knobs of a run: the world, the agent, the seed. Each move is an edit at the moment shown."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from pages.parts.knobs import knob_widgets
from pages.parts.player import Player
from rl.dice import MAX_SEED
from rl.envs import ENVS
from rl.envs.grid_presets import PRESETS
from rl.envs.grid_world import GridWorld
from rl.knob import knobs
from rl.timeline import Timeline

OVER = "Learns anew with these settings. Moving a knob keeps what was learned and changes what comes after."
WIDTH = 3  # widgets beside each other


def controls(me: Player, front: list[str]) -> None:
    """Draws all knobs: the world's and the agent's ``front`` ones at once, the others in a popover."""
    with st.container(gap="small"):
        _in_row([partial(_environment, me), *(partial(_world_knob, me, name) for name in me.env.front)])
        _in_row([partial(_agent_knob, me, name) for name in front])
        more, seed, over = st.columns(WIDTH, vertical_alignment="bottom")
        with more.popover("More", icon=":material/tune:", width="stretch", help="All other settings"):
            _others(me, front)
        with seed:
            _seed(me)
        over.button("Start over", key="run.restart", icon=":material/restart_alt:", width="stretch", help=OVER,
                    on_click=me.restart)


def _in_row(widgets: list[Callable[[], None]]) -> None:
    for column, draw in zip(st.columns(WIDTH), widgets, strict=False):
        with column:
            draw()


def _others(me: Player, front: list[str]) -> None:
    others = [name for name in knobs(me.env) if name not in me.env.front]
    if others:
        st.markdown(f"**{me.env.title}**")
        _presets(me)
    for name in others:
        _world_knob(me, name)
    st.markdown(f"**{me.agent.title}**")
    for name in knobs(me.agent):
        if name not in front:
            _agent_knob(me, name)


def _world_knob(me: Player, name: str) -> None:
    knob_widgets("world", me.env, [name], partial(me.turn, "env"))


def _agent_knob(me: Player, name: str) -> None:
    knob_widgets("agent", me.agent, [name], partial(me.turn, "agent"))


def _environment(me: Player) -> None:
    key = "world.slug"
    st.session_state[key] = me.env.slug
    st.selectbox("environment", list(ENVS), format_func=lambda slug: ENVS[slug].title, key=key, help=me.env.idea,
                 on_change=lambda: me.set(env=ENVS[st.session_state[key]]()))


def _presets(me: Player) -> None:
    if not isinstance(me.env, GridWorld):
        return
    names = [preset.name for preset in PRESETS]
    here = next((p for p in PRESETS if p.world == me.env), None)
    st.session_state["world.preset"] = here.name if here else None
    st.selectbox("map", names, key="world.preset", placeholder="your own", on_change=lambda: _choose(me),
                 help="Maps worth playing with. Learning starts anew on another map.")
    if here:
        st.caption(here.notice)


def _choose(me: Player) -> None:
    world = next((p.world for p in PRESETS if p.name == st.session_state["world.preset"]), None)
    if world is not None:
        me.play(Timeline(world, me.agent, me.timeline.seed), 0)


def _seed(me: Player) -> None:
    key = "run.seed"
    st.session_state[key] = me.timeline.seed
    st.number_input("seed", 0, MAX_SEED, key=key, on_change=lambda: me.restart(st.session_state[key] or 0),
                    help="Decides all the luck of a run: the same seed and settings always give the same run.")
