"""Lets the browser ask for the next slice of long work, once it has drawn the last one.

`st.fragment(run_every=...)` asks by the clock, whether the browser keeps up or not, and `st.rerun` overtakes knobs that
are being moved. Here each slice is an event of the page like any other: it carries the knobs as they stand.
"""

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from pages.parts.assets import served_script

FILE = Path(__file__).with_suffix(".js")
LIBRARY = "stepwise-again"


BREAK = 40
"""Milliseconds in which clicks and moves of knobs come first."""


def again(key: str, turn: int | None, after: int = BREAK) -> None:
    """Has the fragment around it run again, ``after`` ms after this one is on screen; not if ``turn`` is None.

    ``turn`` must differ from the last one.
    """
    script = FILE.read_text(encoding="utf-8")
    data = {"turn": turn, "after": after}
    _component(script, served_script(LIBRARY, script))(key=key, data=data, on_again_change=lambda: None)


@cache
def _component(script: str, file: str | None) -> Any:
    if file is None:
        return st.components.v2.component("stepwise_again", js=script)
    return st.components.v2.component(f"{LIBRARY}.js", js=file)
