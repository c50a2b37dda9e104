"""Buttons that do harm on purpose: each takes away, at this moment, a part that keeps learning from collapsing."""

from functools import partial
from typing import Any, NamedTuple

import streamlit as st

from pages.parts.dqn.player import DqnPlayer
from rl.agents.dqn import DQN
from rl.envs.base import World
from rl.knob import knobs


class Harm(NamedTuple):
    """A knob turned the wrong way."""

    slug: str
    label: str
    knob: str
    value: Any
    does: str


HARMS = (
    Harm("endings", "Forget endings", "endings", "off",
         "Terminal transitions are gone from the memory, and no new ones are kept: no target knows any more that "
         "something comes to an end there."),
    Harm("hundred", "Keep last 100", "capacity", 100,
         "The memory holds the newest 100 transitions: all batches are of the last few episodes, and what was learned "
         "elsewhere is overwritten."),
    Harm("memory", "No memory", "capacity", 1,
         "Each batch is the transition that just happened, over and over: what follows each other looks alike, so "
         "the net leans from one side to the other."),
    Harm("target", "No target net", "target", "none",
         "The net that learns says itself what it should learn: a value that grows pulls up its own target."),
)
FAILURES = "Forget failures"
"""What the first is called where only failures end an episode."""
ASK = "Do harm on purpose, from this moment on, and see what collapses:"
WIDTHS = [15, 14, 12, 14]
BACK = " Pressed again it is set back from here on; what it has forgotten stays forgotten."


def harms(me: DqnPlayer) -> None:
    """Draws the buttons in a row; one that is in force sets back what it did."""
    done = [harm for harm in HARMS if in_force(me.agent, harm)]
    with st.container(gap=None):
        st.caption(" ".join(harm.does for harm in done) or ASK)
        for place, harm in zip(st.columns(WIDTHS, gap="xsmall"), HARMS, strict=True):
            place.button(label(harm, me.env), key=f"harm.{harm.slug}", help=harm.does + BACK, width="stretch",
                         type="primary" if harm in done else "secondary", on_click=partial(press, me, harm))


def label(harm: Harm, env: World) -> str:
    """Names a button in a world."""
    return FAILURES if harm.slug == "endings" and env.slug == "cart" else harm.label


def in_force(agent: DQN, harm: Harm) -> bool:
    """Whether the harm is done."""
    return bool(getattr(agent, harm.knob) == harm.value)


def press(me: DqnPlayer, harm: Harm) -> None:
    """Does the harm from this moment on, or sets it back."""
    me.turn("agent", harm.knob, before(me, harm) if in_force(me.agent, harm) else harm.value)


def before(me: DqnPlayer, harm: Harm) -> Any:
    """Returns what a knob was before it was turned the wrong way: as last in this run, or as it comes."""
    harmful = [other.value for other in HARMS if other.knob == harm.knob]
    agents = [me.timeline.agent, *(edit.agent for edit in me.timeline.edits if edit.step <= me.t)]
    values = [getattr(agent, harm.knob) for agent in agents]
    return next((value for value in reversed(values) if value not in harmful), knobs(DQN)[harm.knob][0].default)
