"""What was made again, drawn beside what was published."""

import numpy as np
import plotly.graph_objects as go

from rl.experiments.book.making import Drawing
from rl.figures.bandits import line_style
from rl.figures.curves import thinned
from rl.figures.theme import EXPLORE, figure

HEIGHT = 360


def book_figure(drawing: Drawing) -> go.Figure:
    """Draws lines, and each published number as a diamond with its tolerance."""
    chart = figure(drawing.x, drawing.y, HEIGHT)
    for number, (name, line) in enumerate(drawing.lines.items()):
        at = thinned(len(line.x))
        mode = "lines+markers" if len(line.x) <= 30 else "lines"
        chart.add_scatter(x=line.x[at], y=line.y[at], mode=mode, line=line_style(number), name=name,
                          hovertemplate="%{y:.4g}")
    if drawing.marks:
        x, y, tolerance = np.array(drawing.marks).T
        chart.add_scatter(x=x, y=y, mode="markers", name="published", hovertemplate="published: %{y:.4g}",
                          marker={"symbol": "diamond-open", "size": 10, "color": EXPLORE, "line": {"width": 2}},
                          error_y={"type": "data", "array": tolerance, "thickness": 1.5, "width": 4})
    if drawing.log:
        chart.update_xaxes(type="log", rangemode="normal")
    if drawing.low is not None:
        chart.update_yaxes(range=[drawing.low, max(float(np.nanmax(line.y)) for line in drawing.lines.values()) + 5])
    return chart
