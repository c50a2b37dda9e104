"""A figure of what was bought at which price."""

from collections.abc import Mapping
from html import escape

import plotly.graph_objects as go

from rl.costs import QUANTITIES, Bought
from rl.figures.bandits import line_style
from rl.figures.theme import figure


def bought_figure(runs: Mapping[str, Bought], quantity: str) -> go.Figure:
    """Draws the return of each run against one of QUANTITIES. Raises KeyError for any other."""
    chart = figure(QUANTITIES[quantity], "return of the episode", 260)
    spent = [float(getattr(run, quantity)[-1]) for run in runs.values() if len(run.returns)]
    for number, (name, run) in enumerate(runs.items()):
        chart.add_scatter(x=getattr(run, quantity), y=run.returns, mode="lines", line=line_style(number),
                          name=escape(name, quote=False), hovertemplate="%{y:.4g}")  # plotly takes names for HTML
    if len(spent) > 1 and min(spent) > 0 and max(spent) > 20 * min(spent):
        chart.update_xaxes(type="log", rangemode="normal")
    return chart
