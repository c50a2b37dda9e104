"""The knobs of a run: the world, the agent, the seed. Each move is an edit at the moment shown."""

from collections.abc import Callable, Collection, Iterable
from functools import partial
from typing import Any, Literal

import streamlit as st

from pages.parts.knobs import knob_widgets, show
from pages.parts.player import Player
from rl.dice import MAX_SEED
from rl.envs import ENVS
from rl.envs.base import World
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
        seed_and_over(me, (seed, over))


def _in_row(widgets: list[Callable[[], None]]) -> None:
    for column, draw in zip(st.columns(WIDTH), widgets, strict=False):
        with column:
            draw()


def _others(me: Player, front: list[str]) -> None:
    if isinstance(me.env, GridWorld):
        st.caption(grid_presets(me, "world.preset", partial(_begin_in, me), "stretch"))
    settings(me, [*me.env.front, *front])


def _begin_in(me: Player, world: World) -> None:
    me.play(Timeline(world, me.agent, me.timeline.seed), 0)


def settings(me: Player, but: Collection[str] = ()) -> None:
    """Draws the knobs of the world and of the agent, but for some, under their names."""
    for thing, draw in ((me.env, _world_knob), (me.agent, _agent_knob)):
        names = [name for name in knobs(thing) if name not in but]
        if names:
            st.markdown(f"**{thing.title}**")
        for name in names:
            draw(me, name)


def _world_knob(me: Player, name: str) -> None:
    knob_widgets("world", me.env, [name], partial(me.turn, "env"))


def _agent_knob(me: Player, name: str) -> None:
    knob_widgets("agent", me.agent, [name], partial(me.turn, "agent"))


def _environment(me: Player) -> None:
    key = "world.slug"
    st.session_state[key] = me.env.slug
    st.selectbox("environment", list(ENVS), format_func=lambda slug: ENVS[slug].title, key=key, help=me.env.idea,
                 on_change=lambda: me.set(env=ENVS[st.session_state[key]]()))


def grid_presets(me: Player, key: str, chosen: Callable[[World], None], width: int | Literal["stretch"]) -> str:
    """Draws the choice of a map worth playing with; returns what to notice on the present one.

    Whatever else is turned, the map stays the same: a choice that let go of it would be sent again by a browser that
    has not heard yet, and begin anew.
    """
    here = next((p for p in PRESETS if (p.world.map, p.world.rewards) == (me.env.map, me.env.rewards)), None)
    show(key, here.name if here else None)
    worlds = {preset.name: preset.world for preset in PRESETS}

    def turned() -> None:
        if st.session_state[key] in worlds:
            chosen(worlds[st.session_state[key]])

    st.selectbox("map", list(worlds), list(worlds).index(here.name) if here else None, key=key,
                 placeholder="your own", on_change=turned, width=width,
                 help="Maps worth playing with. Learning starts anew on another map.")
    return here.notice if here else ""


def seed_and_over(me: Player, places: Iterable[Any]) -> None:
    """Draws the seed and the button that starts anew, each in its place."""
    seed, over = places
    with seed:
        _seed(me)
    over.button("Start over", key="run.restart", icon=":material/restart_alt:", width="stretch", help=OVER,
                on_click=me.restart)


def _seed(me: Player) -> None:
    key = "run.seed"
    st.session_state[key] = me.timeline.seed
    st.number_input("seed", 0, MAX_SEED, key=key, on_change=lambda: me.restart(st.session_state[key] or 0),
                    help="Decides all the luck of a run: the same seed and settings always give the same run.")
