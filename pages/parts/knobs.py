"""Settings as widgets: every field of an environment or an agent becomes a slider, a choice or a text."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from rl.knob import Knob, knobs

LABELS = {
    "epsilon": "ε  exploration", "alpha": "α  step size", "gamma": "γ  discount", "initial": "initial value",
    "epsilon_last": "ε  at the end", "schedule": "ε  schedule",
}
"""What every algorithm calls the same; other names are given where a setting is declared."""


def knob_widgets(prefix: str, settings: Any, names: list[str], turned: Callable[[str, Any], None]) -> None:
    """Draws one widget for each named knob, showing ``settings``; a move calls ``turned`` with its name and value."""
    for name in names:
        field, knob = knobs(settings)[name]
        key = f"{prefix}.{type(settings).__name__}.{name}"
        now = _shown(getattr(settings, name), knob, field.default)
        show(key, now)

        def moved(name: str = name, key: str = key) -> None:
            turned(name, st.session_state[key])

        _widget(knob, _label(name, knob), key, now, moved)


def _label(name: str, knob: Knob) -> str:
    return knob.label or LABELS.get(name, name.replace("_", " "))


def show(key: str, value: Any) -> None:
    """Sets a widget only where it shows something else: setting it would undo a move that is still on its way."""
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value


def _shown(value: Any, knob: Knob, default: Any) -> Any:
    return value if isinstance(default, str) else type(default)(value)


def _widget(knob: Knob, label: str, key: str, now: Any, moved: Callable[[], None]) -> None:
    """Draws it with its value as the default too: in a popover it is first mounted when that is opened, maybe many
    reruns after `show` has set it, and would then show its low end and soon send that as a move."""
    if knob.options:
        st.selectbox(label, knob.options, knob.options.index(now), key=key, help=knob.help, on_change=moved)
    elif knob.low is None or knob.high is None:
        st.text_input(label, now, key=key, help=knob.help, on_change=moved)
    else:
        number = type(now)
        st.slider(label, number(knob.low), number(knob.high), now, step=number(knob.step or 1), key=key,
                  help=knob.help, on_change=moved, format=_digits(knob))


def _digits(knob: Knob) -> str | None:
    """Says how a number is written where two decimals do not show its steps."""
    fine = knob.step is not None and 0 < knob.step < 0.01
    return f"%.{len(f'{knob.step:.10f}'.rstrip('0').split('.')[1])}f" if fine else None
