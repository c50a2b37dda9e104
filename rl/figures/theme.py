"""The colours of the house, readable in light and dark themes and by colour-blind people (after Okabe & Ito, 2008)."""

from typing import Any

import plotly.graph_objects as go

ACCENT = "#6E6ADE"
ROLES = {"reward": "#D98200", "old": "#2E8FD0", "target": "#C2569B", "new": "#0A9A74"}
"""The same quantity has the same colour in the equation, on the stage and in the curves."""
EXPLORE = "#E4572E"
GREY = "#8A8F98"
DIVERGING = {"low": "#C8553D", "mid": "#F4F3EF", "mid_dark": "#2A2D36", "high": "#2F7FB8"}
COUNTS = ["#FFF7DB", "#CFE3B4", "#7FC1A6", "#3B8EA5", "#2B4C7E"]


def palette() -> dict[str, Any]:
    """The colours as the stage wants them."""
    return {**ROLES, **DIVERGING, "accent": ACCENT, "explore": EXPLORE, "count": COUNTS}


def tint(colour: str, opacity: float) -> str:
    """Makes a hex colour translucent."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"


def figure(x: str, y: str, height: int = 300) -> go.Figure:
    """Makes an empty figure with axis titles; zoom survives updates as long as the run stays the same."""
    grid = {"gridcolor": tint(GREY, 0.18), "zerolinecolor": tint(GREY, 0.35), "linecolor": tint(GREY, 0.35)}
    return go.Figure(layout={  # at once: plotly checks the whole layout at every later change
        "height": height, "margin": {"l": 50, "r": 10, "t": 28, "b": 40}, "hovermode": "x unified",
        "uirevision": "keep",
        "legend": {"orientation": "h", "x": 0, "y": 1.01, "yanchor": "bottom", "font": {"size": 11}},
        "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)",
        "xaxis": {"title": {"text": x, "standoff": 6}, "rangemode": "tozero", **grid},
        "yaxis": {"title": {"text": y, "standoff": 6}, "automargin": True, **grid},
    })
