"""Shows plotly figures that change in place: no flicker, and zoom kept, while a run goes on.

`st.plotly_chart` builds its chart anew whenever the data change, which loses a zoom every few seconds while playing.
This component hands the same figure to plotly.js's own `react`, with the copy of plotly.js the plotly package ships.
Serving that file takes two classes of Streamlit's that are not public: where they are missing, `st.plotly_chart` it is.
"""

from functools import cache
from pathlib import Path
from typing import Any

import plotly
import plotly.graph_objects as go
import streamlit as st

HERE = Path(__file__).parent
LIBRARY = "stepwise-plotly"
CONFIG = {"displayModeBar": False, "responsive": True}


def plot(figure: go.Figure, key: str, alt: str) -> None:
    """Shows a figure; under the same ``key`` the next one takes its place. ``alt`` says in words what it shows."""
    if not serve_library():
        st.plotly_chart(figure, key=key, config=CONFIG, alt=alt)
        return
    mount = renderer((HERE / "plot.js").read_text(encoding="utf-8"))
    mount(key=key, data={"figure": figure.to_json(), "alt": alt, "config": CONFIG,
                         "library": f"_stcore/bidi-components/{LIBRARY}.js/plotly.min.js"})


@cache
def renderer(js: str) -> Any:
    """Registers the component, once for every version of its file."""
    return st.components.v2.component("stepwise_plot", js=js, isolate_styles=False)


@cache
def serve_library() -> bool:
    """Lets the server hand out plotly.js; tells whether it can."""
    try:
        from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
        from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

        manifest = ComponentManifest(LIBRARY, plotly.__version__, [ComponentConfig("js", "package_data")])
        get_bidi_component_manager().register_from_manifest(manifest, Path(plotly.__file__).parent)
    except (ImportError, AttributeError, TypeError):
        return False
    return True
