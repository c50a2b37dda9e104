"""Shows plotly figures that change in place: no flicker, and zoom kept, while a run goes on.

`st.plotly_chart` builds its chart anew whenever the data change, which loses a zoom every few seconds while playing.
This component hands the same figure to plotly.js's own `react`, with the copy of plotly.js the plotly package ships.
Where that file cannot be served, `st.plotly_chart` it is.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import plotly
import plotly.graph_objects as go
import streamlit as st

from pages.parts.assets import serve

HERE = Path(__file__).parent
LIBRARY = "stepwise-plotly"
CONFIG = {"displayModeBar": False, "responsive": True}


def plot(figure: go.Figure, key: str, alt: str, clicked: Callable[[str], None] | None = None) -> None:
    """Shows a figure; under the same ``key`` the next one takes its place. ``alt`` says in words what it shows.

    ``clicked`` is called with the text that a clicked point carries as ``customdata``.
    """
    if not serve_library():
        st.plotly_chart(figure, key=key, config=CONFIG, alt=alt)
        return

    def heard() -> None:
        point = (st.session_state.get(key) or {}).get("point")
        if clicked and isinstance(point, str):
            clicked(point)

    mount = renderer((HERE / "plot.js").read_text(encoding="utf-8"))
    mount(key=key, on_point_change=heard, data={
        "figure": figure.to_json(), "alt": alt, "config": CONFIG, "clickable": clicked is not None,
        "library": f"_stcore/bidi-components/{LIBRARY}.js/plotly.min.js"})


@cache
def renderer(js: str) -> Any:
    """Registers the component, once for every version of its file."""
    return st.components.v2.component("stepwise_plot", js=js, isolate_styles=False)


def serve_library() -> bool:
    """Lets the server hand out plotly.js; tells whether it can."""
    return serve(LIBRARY, Path(plotly.__file__).parent, "package_data")
