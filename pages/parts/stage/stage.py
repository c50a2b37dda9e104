"""Mounts the stage: the browser part that plays the steps the server computed."""

import base64
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, cast

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from pages.parts.assets import served_script

HERE = Path(__file__).parent
LIBRARY = "stepwise-stage"
SCRIPTS = (  # put into one module scope; what runs at load time uses only what stands before it
    "base", "colours", "changes", "tables", "transitions", "replay", "tape", "shapes", "things", "chances", "cell",
    "agent", "canvas", "world", "bars", "armaxis", "armpainter", "arms", "film", "bodies", "qbars", "body", "simplex",
    "curve", "landpainter", "landscape", "market", "words", "spots", "dots", "drawn", "memory", "equation", "table",
    "ledger", "buttons", "scrubber", "controls", "status", "editor", "messages", "player", "phases", "diagram",
    "forecast", "moves", "loop", "view", "pointer", "beside", "keys", "layout", "acts", "address", "stage", "mount",
)
STYLES = ("panels", "arms", "body", "landscape", "market", "loop", "beside", "memory", "stage")
"""What narrow screens change comes last."""
KINDS = {"f8": ("f8", np.float64), "f4": ("f4", np.float32), "i": ("i4", np.int32), "u1": ("u1", np.uint8),
         "u2": ("u2", np.uint16), "b": ("u1", np.uint8)}


def pack(array: NDArray[Any]) -> dict[str, str]:
    """Turns an array into what the browser unpacks: floats and unsigned integers as they are, else 32-bit integers, or
    bytes; in base64."""
    kind = array.dtype.kind
    name, dtype = KINDS[f"{kind}{array.dtype.itemsize}" if kind in "fu" else kind]
    data = np.ascontiguousarray(array, np.dtype(dtype).newbyteorder("<"))
    return {"type": name, "data": base64.b64encode(data.tobytes()).decode("ascii")}


@cache
def read(name: str) -> str:
    """Reads one of the files beside this one, without indents and whole-line comments: fewer bytes to load."""
    lines = (line.strip() for line in (HERE / name).read_text(encoding="utf-8").splitlines())
    return "\n".join(line for line in lines if line and not line.startswith(("//", "/**", "* ")))


def renderer(js: str, css: str) -> Any:
    """Returns the component of these files. The script brings the style along."""
    script = f"const STYLE = {json.dumps(css)};\n{js}"
    return _component(script, served_script(LIBRARY, script))


@cache
def _component(script: str, file: str | None) -> Any:
    if file is None:
        return st.components.v2.component("stepwise_stage", js=script)
    return st.components.v2.component(f"{LIBRARY}.js", js=file)


def stage(data: dict[str, Any], key: str, heard: Callable[[], None] = lambda: None) -> dict[str, Any] | None:
    """Shows the stage and returns what the learner did on it since the last run of the page, or None.

    ``heard`` is called before the page is run again, when ``st.session_state[key]["event"]`` holds it.
    """
    js = "\n".join(read(f"{name}.js") for name in SCRIPTS)
    css = "\n".join(read(f"{name}.css") for name in STYLES)
    mount = renderer(js, css)
    result = mount(data=data, key=key, on_event_change=heard)
    return cast("dict[str, Any] | None", result.event)
