"""The knobs of a run: the world, the agent, the seed. Each move is an edit at the moment shown."""

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, Literal, TypeVar

import streamlit as st

from pages.parts.branching.panel import panel
from pages.parts.branching.player import BranchingPlayer
from pages.parts.knobs import knob_widgets, show
from pages.parts.player import Player
from rl.agents import AGENTS
from rl.agents.base import Agent
from rl.dice import MAX_SEED
from rl.envs import WORLDS
from rl.envs.base import World
from rl.envs.grid_presets import PRESETS
from rl.envs.grid_world import GridWorld
from rl.knob import carried, knobs
from rl.timeline import Timeline

OVER = "Learns anew with these settings. Moving a knob keeps what was learned and changes what comes after."
WIDTH = 3  # widgets beside each other
Groups = Mapping[str, Collection[str]]
T = TypeVar("T")


def controls(me: Player, front: list[str], kinds: Collection[type[Agent]] = (),
             button: Callable[[], None] | None = None, groups: Groups = MappingProxyType({}),
             world: bool = True) -> None:
    """Draws all knobs: the world's and the agent's ``front`` ones at once, the others in a popover.

    ``kinds`` are the algorithms to choose from, if there is a choice; each one's own first knob is at the front too.
    A page's own ``button`` takes the place of the seed, which is then in the popover. ``groups`` of the agent's knobs
    have a heading of their own there. A page that chooses the ``world`` itself has it, and its knobs, in there too.
    """
    front, several = [name for name in front if name in knobs(me.agent)], len(_playable(me)) > 1
    mine = own_knobs(me.agent, kinds, front)[:1]
    worlds = me.env.front[: 2 if kinds and several else None] if world else ()
    choices = [partial(_algorithm, me, kinds)] if kinds else []
    places = [partial(_environment, me)] if several else []
    with st.container(gap="small"):
        if world:
            for widgets in _rows([*choices, *places, *(partial(_world_knob, me, name) for name in worlds)]):
                _in_row(widgets)
        for names in _rows([*front, *mine]):
            _in_row([partial(_agent_knob, me, name) for name in names])
        keeps = isinstance(me, BranchingPlayer)
        more, *branches, seed, over = st.columns(WIDTH + keeps, vertical_alignment="bottom")
        with more.popover("More", icon=":material/tune:", width="stretch", help="All other settings"):
            if not world:
                _environment(me)
            _others(me, [*worlds, *front, *mine], groups)
            if button:
                _seed(me)
        for place in branches:
            with place:
                panel(me, kinds)
        with seed:
            (button or partial(_seed, me))()
        _over(me, over)


def own_knobs(agent: Agent, kinds: Collection[type[Agent]], but: Collection[str]) -> list[str]:
    """Lists the knobs an algorithm has and not all of its relatives."""
    return [name for name in knobs(agent) if name not in but and not all(name in knobs(kind) for kind in kinds)]


def _rows(things: list[T]) -> list[list[T]]:
    """Puts knobs into rows: one, as long as they fit."""
    return [things] if len(things) <= WIDTH + 1 else [things[i : i + WIDTH] for i in range(0, len(things), WIDTH)]


def _in_row(widgets: list[Callable[[], None]]) -> None:
    widths = [1] * WIDTH if len(widgets) <= WIDTH else [5, 5, *[4] * (len(widgets) - 2)]  # names are longer than knobs
    for column, draw in zip(st.columns(widths), widgets, strict=False):
        with column:
            draw()


def _others(me: Player, shown: Collection[str], groups: Groups) -> None:
    if isinstance(me.env, GridWorld):
        st.caption(grid_presets(me, "world.preset", partial(_begin_in, me), "stretch"))
    settings(me, {*shown, *(name for names in groups.values() for name in names)})
    for heading, names in groups.items():
        st.markdown(f"**{heading}**")
        for name in names:
            _agent_knob(me, name)


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


def _playable(me: Player) -> dict[str, type[World]]:
    """Lists the worlds this agent can play, by their short names."""
    return {slug: kind for slug, kind in WORLDS.items() if me.agent.can_play(kind)}


def _environment(me: Player) -> None:
    key, worlds = "world.slug", _playable(me)
    show(key, me.env.slug)
    st.selectbox("environment", list(worlds), list(worlds).index(me.env.slug), key=key, help=me.env.idea,
                 format_func=lambda slug: worlds[slug].title,
                 on_change=lambda: me.set(env=worlds[st.session_state[key]]()))


def _algorithm(me: Player, kinds: Collection[type[Agent]]) -> None:
    key, titles = "agent.slug", {kind.slug: kind.short or kind.title for kind in kinds}
    show(key, me.agent.slug)
    st.selectbox("algorithm", list(titles), list(titles).index(me.agent.slug), key=key,
                 format_func=lambda slug: titles[slug], help=f"{me.agent.title}: {me.agent.source}. Another "
                 "one goes on from here with what was learned so far.",
                 on_change=lambda: me.set(agent=carried(me.agent, AGENTS[st.session_state[key]])))


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
    _over(me, over)


def _over(me: Player, place: Any) -> None:
    place.button("Start over", key="run.restart", icon=":material/restart_alt:", width="stretch", help=OVER,
                on_click=me.restart)


def _seed(me: Player) -> None:
    key = "run.seed"
    st.session_state[key] = me.timeline.seed
    st.number_input("seed", 0, MAX_SEED, key=key, on_change=lambda: me.restart(st.session_state[key] or 0),
                    help="Decides all the luck of a run: the same seed and settings always give the same run.")
