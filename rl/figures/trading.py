"""Pictures of trading: wealth over days, what is held in each sight, many seeds side by side, and how readers did."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from rl.figures.bandits import line_style
from rl.figures.theme import DIVERGING, EXPLORE, GREY, figure, tint
from rl.mdp import Floats

HELD = ("held short", "held flat", "held long")
SCALE = [[0.0, DIVERGING["low"]], [0.5, "#B9BCC4"], [1.0, DIVERGING["high"]]]
WORDS = ("short", "flat", "long")


def equity_figure(wealth: Mapping[str, Floats], dates: Any = None, edges: Sequence[int] = ()) -> go.Figure:
    """Draws wealth day by day on a logarithmic scale, one line each; ``dates`` (D + 1,) where there are any."""
    chart = figure("test day" if dates is None else "", "wealth, from 1", 320)
    for number, (name, line) in enumerate(wealth.items()):
        x = np.arange(len(line)) if dates is None else dates
        chart.add_scatter(x=x, y=line, mode="lines", line=line_style(number) | {"width": 1.6}, name=name,
                          hovertemplate="%{y:.3f}")
    chart.add_hline(1.0, line={"color": tint(GREY, 0.5), "width": 1})
    for edge in edges:
        chart.add_vline(edge if dates is None else dates[edge], line={"color": EXPLORE, "width": 1, "dash": "dot"})
    chart.update_yaxes(type="log")
    chart.update_xaxes(rangemode="normal")
    return chart


def policy_map(position: Floats, rows: Sequence[str], columns: Sequence[str]) -> go.Figure:
    """Draws what is held next, -1 to 1, by what is seen and what was held: ``position`` is (rows, columns, 3)."""
    chart = make_subplots(1, 3, shared_yaxes=True, subplot_titles=HELD, horizontal_spacing=0.03)
    chart.update_layout(height=max(200, 110 + 34 * len(rows)), margin={"l": 10, "r": 10, "t": 30, "b": 60},
                        paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)", uirevision="keep")
    for held in range(3):
        z = position[:, :, held]
        words = np.where(np.isnan(z), "never met", np.array(WORDS)[np.nan_to_num(z).round().astype(int) + 1])
        chart.add_heatmap(z=z, x=list(columns), y=list(rows), customdata=words, zmin=-1, zmax=1, colorscale=SCALE,
                          showscale=False, xgap=2, ygap=2, row=1, col=held + 1,
                          hovertemplate="%{y}, %{x}: %{customdata}<extra></extra>")
    chart.update_yaxes(autorange="reversed", automargin=True)
    chart.update_xaxes(tickangle=-60, tickfont={"size": 10})
    chart.update_annotations(font={"size": 12})
    return chart


def seeds_figure(arms: Mapping[str, Floats], label: str, reference: float | None = None) -> go.Figure:
    """Draws every seed of every arm as a dot, and their median as a line."""
    chart = figure(label, "", 90 + 34 * max(1, len(arms)))
    for number, (name, found) in enumerate(arms.items()):
        spread = 0.25 * np.sin(2.4 * np.arange(len(found)))  # apart from each other, the same every time
        colour = line_style(number)["color"]
        chart.add_scatter(x=found, y=number + spread, mode="markers", name=name, showlegend=False,
                          marker={"size": 6, "color": colour, "opacity": 0.65},
                          customdata=[f"seed {seed}" for seed in range(len(found))],
                          hovertemplate="%{customdata}: %{x:.2f}<extra>" + name + "</extra>")
        if len(found):
            middle = float(np.median(found))
            chart.add_scatter(x=[middle, middle], y=[number - 0.38, number + 0.38], mode="lines", showlegend=False,
                              line={"color": colour, "width": 3}, hovertemplate="median %{x:.2f}<extra></extra>")
    if reference is not None:
        chart.add_vline(reference, line={"color": tint(GREY, 0.8), "width": 1, "dash": "dot"})
    chart.update_yaxes(tickvals=list(range(len(arms))), ticktext=list(arms), autorange="reversed", showgrid=False)
    chart.update_layout(hovermode="closest")
    chart.update_xaxes(rangemode="normal", zeroline=True)
    return chart


def line_figure(lines: Mapping[str, tuple[Floats, Floats]], x: str, y: str, diagonal: bool = False) -> go.Figure:
    """Draws some curves, each (x, y), with dots on them."""
    chart = figure(x, y, 300)
    for number, (name, (across, up)) in enumerate(lines.items()):
        chart.add_scatter(x=across, y=up, mode="lines+markers", line=line_style(number), marker={"size": 6}, name=name,
                          hovertemplate="%{y:.2f}")
    if diagonal:
        chart.add_scatter(x=[0, 1], y=[0, 1], mode="lines", line={"color": tint(GREY, 0.6), "dash": "dot"},
                          name="as often as said", hoverinfo="skip")
    chart.update_xaxes(rangemode="normal")
    return chart
