"""The knobs of a bandit page: the arms, who pulls them, and the seed."""

from functools import partial

import streamlit as st

from pages.parts.bandits.player import COMPARE, HAND, WATCH, ArmsPlayer
from pages.parts.knobs import knob_widgets
from rl.agents import AGENTS
from rl.agents.bandits.hand import Hand
from rl.dice import MAX_SEED
from rl.envs.testbed import Testbed
from rl.knob import knobs

ALGORITHMS = {slug: kind for slug, kind in AGENTS.items() if kind.family == Testbed.family and kind is not Hand}
"""What can be watched and compared, by short name."""
FRONT = {"eps": ["epsilon", "alpha"], "optimistic": ["initial", "alpha"], "ucb": ["c", "alpha"]}
"""Knobs shown at once; of the other algorithms it is all of them."""
MODES = {HAND: ":material/touch_app:", WATCH: ":material/smart_toy:", COMPARE: ":material/stacked_line_chart:"}
WIDTH = [5, 4, 4]  # of widgets beside each other


def modes(me: ArmsPlayer) -> None:
    """Draws the choice of what to do here."""
    key = "bandits.mode"
    first: str | None = me.mode
    if key in st.session_state and st.session_state[key] != me.mode:  # the mode was changed elsewhere
        st.session_state[key], first = me.mode, None
    st.segmented_control("What to do", list(MODES), key=key, default=first, required=True, width="stretch",
                         format_func=lambda mode: f"{MODES[mode]} {mode}", label_visibility="collapsed",
                         on_change=lambda: me.choose_mode(st.session_state[key] or me.mode))


def controls(me: ArmsPlayer) -> None:
    """Draws the knobs of the arms and of the algorithm; what is seldom moved is in a popover."""
    with st.container(gap="small"):
        testbed(me)
        if not me.is_hand:
            _algorithm(me)
        more, seed, over = st.columns(WIDTH, vertical_alignment="bottom")
        with more.popover("More", icon=":material/tune:", width="stretch", help="All other settings"):
            _others(me)
        with seed:
            _seed(me)
        over.button("Start over", key="run.restart", icon=":material/restart_alt:", width="stretch",
                    help="The same arms from the first pull on, with these settings.", on_click=me.restart)


def testbed(me: ArmsPlayer) -> None:
    """Draws what decides the arms."""
    for column, name in zip(st.columns(WIDTH), Testbed.front, strict=True):
        with column:
            knob_widgets("world", me.env, [name], partial(me.turn, "env"))


def _algorithm(me: ArmsPlayer) -> None:
    key = "bandits.agent"
    st.session_state[key] = me.agent.slug
    first, *rest = st.columns(WIDTH)
    first.selectbox("algorithm", list(ALGORITHMS), format_func=lambda slug: ALGORITHMS[slug].title, key=key,
                    help=f"Who pulls. {me.agent.source}.", on_change=lambda: me.choose_agent(st.session_state[key]))
    for column, name in zip(rest, front(me.agent), strict=False):
        with column:
            knob_widgets("agent", me.agent, [name], partial(me.turn, "agent"))


def front(agent: object) -> list[str]:
    """Names the knobs that an algorithm is known for."""
    return FRONT.get(agent.slug) or list(knobs(agent))  # type: ignore[attr-defined]


def _others(me: ArmsPlayer) -> None:
    st.markdown(f"**{me.env.title}**")
    seldom = [name for name in knobs(me.env) if name not in Testbed.front]
    knob_widgets("world", me.env, seldom, partial(me.turn, "env"))
    others = [] if me.is_hand else [name for name in knobs(me.agent) if name not in front(me.agent)[: len(WIDTH) - 1]]
    if others:
        st.markdown(f"**{me.agent.title}**")
        knob_widgets("agent", me.agent, others, partial(me.turn, "agent"))


def _seed(me: ArmsPlayer) -> None:
    key = "run.seed"
    st.session_state[key] = me.timeline.seed
    st.number_input("seed", 0, MAX_SEED, key=key, on_change=lambda: me.choose_seed(st.session_state[key] or 0),
                    help="Decides the arms and all luck: the same seed is the same bandit, whoever pulls.")
