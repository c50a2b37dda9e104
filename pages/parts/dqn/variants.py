"""The variants of the algorithm as switches, each beside the line that it changes, as it runs with it and without."""

import html
from collections.abc import Callable
from functools import lru_cache, partial
from typing import NamedTuple

import streamlit as st

from pages.parts.dqn.lines import decided_by, line_with
from pages.parts.dqn.player import DqnPlayer
from pages.parts.knobs import show
from rl.agents.deep import learning, memory
from rl.agents.dqn import DQN
from rl.knob import knobs

STEPS = 3
"""What the n-step switch sets n to."""
INTRO = "Each switch changes one line of the loop. The line that runs is marked; both are read off the source."
STYLE = """<style>
.dqn-line { font-size: 0.8rem; line-height: 1.45; border-left: 3px solid transparent; padding: 0 0 0 .6rem; opacity: .5;
  margin: .15rem 0; }
.dqn-line.runs { border-color: #6E6ADE; opacity: 1; }
.dqn-line b { font-weight: 600; }
.dqn-line code { display: block; white-space: pre-wrap; background: none; color: inherit; padding: 0;
  font-size: 0.75rem; }
</style>"""


class Line(NamedTuple):
    """A way to do something: the formula, and the code."""

    value: str  # of the knob
    formula: str
    code: str


class Variant(NamedTuple):
    """A knob that changes one line."""

    knob: str
    lines: Callable[[], list[Line]]
    on: str = ""  # the value of the switch that is on; where there is none it is a choice


def _pair(function: Callable[..., None], switch: str, off: tuple[str, str], on: tuple[str, str]) -> list[Line]:
    """Lists the two lines a switch chooses from, given the knob's value and the formula of each."""
    with_it, without = decided_by(function, switch)
    return [Line(*off, without), Line(*on, with_it)]


def _heads() -> list[Line]:
    plain = line_with(memory.read_values, "q[a] = ")
    return [Line("off", "Q(s,a) = an output each", plain),
            Line("on", "Q(s,a) = V(s) + A(s,a) − mean A(s,·)", decided_by(memory.read_values, "nets.dueling")[0])]


def _draws() -> list[Line]:
    by_error, evenly = decided_by(learning.draw, "prioritised")
    return [Line("evenly", "P(i) = 1 / N", evenly.splitlines()[0]),
            Line("by error", "P(i) ∝ (|error| + ϵ)^exponent, weight ∝ (N P(i))^−β", by_error)]


def _steps() -> list[Line]:
    return [Line("off", "y = R + γ max Q(S′,a;θ⁻)", ""),
            Line("on", "y = R + γ R′ + … + γⁿ max Q(Sₙ,a;θ⁻)", line_with(memory.gather_steps, "total += "))]


def _follows() -> list[Line]:
    averaged, rest = decided_by(learning.follow, "follows == AVERAGED")
    copied = rest.splitlines()[-1].strip()
    return [Line("none", "θ⁻ = θ, always", copied), Line("copied now and then", "θ⁻ ← θ every few updates", copied),
            Line("averaged", "θ⁻ ← θ⁻ + τ (θ − θ⁻)", averaged.splitlines()[-1].strip())]


VARIANTS = (
    Variant("double", lambda: _pair(learning.aim, "double", ("off", "y = R + γ max Q(S′,a;θ⁻)"),
                                    ("on", "y = R + γ Q(S′, argmax Q(S′,a;θ); θ⁻)")), "on"),
    Variant("target", _follows),
    Variant("draws", _draws, "by error"),
    Variant("loss", lambda: _pair(learning.improve, "huber", ("squared", "slope of e² / 2: e"),
                                  ("Huber", "slope of Huber's loss: e, at most 1")), "Huber"),
    Variant("n", _steps, "on"),
    Variant("dueling", _heads, "on"),
)
SWITCHES = {"double": "Double DQN", "draws": "Prioritised replay", "loss": "Huber loss", "n": "n-step targets",
            "dueling": "Dueling heads", "target": "Target net"}


@lru_cache(maxsize=16)
def lines(name: str) -> tuple[Line, ...]:
    """Lists the lines a variant chooses from, by the knob's name."""
    return tuple(next(variant for variant in VARIANTS if variant.knob == name).lines())


def value_of(agent: DQN, name: str) -> str:
    """Says which of the lines of a variant an agent runs."""
    return ("on" if agent.n > 1 else "off") if name == "n" else str(getattr(agent, name))


def variants(me: DqnPlayer) -> None:
    """Draws the switches, each with its lines."""
    st.caption(INTRO)
    st.html(STYLE)
    for variant in VARIANTS:
        left, right = st.columns([3, 5], gap="small")
        with left:
            _switch(me, variant)
        right.html(told(me.agent, variant.knob))


def _switch(me: DqnPlayer, variant: Variant) -> None:
    name, key, now = variant.knob, f"variant.{variant.knob}", value_of(me.agent, variant.knob)
    knob = knobs(me.agent)[name][1]
    if variant.on:
        show(key, now == variant.on)
        st.toggle(SWITCHES[name], now == variant.on, key=key, help=knob.help, on_change=partial(_switched, me, variant))
    else:
        show(key, now)
        st.selectbox(SWITCHES[name], knob.options, knob.options.index(now), key=key, help=knob.help,
                     on_change=lambda: me.turn("agent", name, st.session_state[key]))


def _switched(me: DqnPlayer, variant: Variant) -> None:
    on = st.session_state[f"variant.{variant.knob}"]
    if variant.knob == "n":
        me.turn("agent", "n", STEPS if on else 1)
    else:
        me.turn("agent", variant.knob, variant.on if on else lines(variant.knob)[0].value)


def told(agent: DQN, name: str) -> str:
    """Spells the lines of a variant as HTML, the one that runs marked."""
    now = value_of(agent, name)
    return "".join(_line(line, line.value == now) for line in lines(name))


def _line(line: Line, runs: bool) -> str:
    code = f"<code>{html.escape(line.code)}</code>" if line.code else ""
    mark = ' class="dqn-line runs"' if runs else ' class="dqn-line"'
    return f"<div{mark}><b>{html.escape(line.formula)}</b>{code}</div>"
