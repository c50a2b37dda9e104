"""A net as a picture: columns of units, shaded by what they do now, and their weights between them."""

import html
from typing import Any

import numpy as np
import plotly.graph_objects as go

from rl.deep_net import Layer, NetPicture
from rl.figures.theme import DIVERGING, EXPLORE, GREY, figure, tint
from rl.mdp import Bools, Floats, Ints

SIGNED = [[0.0, DIVERGING["low"]], [0.5, tint(GREY, 0.10)], [1.0, DIVERGING["high"]]]
"""What is near 0 lets the page shine through, be it light or dark."""
MOST = 128
"""Inputs that are drawn, at most: some of many, among them those that are not 0."""
UNITS, WEIGHTS, SPOKEN, GAP = 1.0, 3.2, 1.9, 0.45
"""Widths of a column of units, of a matrix, of what comes out, and of what is between."""
PLAIN = {"showgrid": False, "zeroline": False, "ticks": "", "showticklabels": False, "fixedrange": True,
         "title": {"text": ""}}


def net_figure(p: NetPicture) -> go.Figure:
    """Draws the net from left to right: its inputs, and for each layer the weights and then the units.

    In a matrix each column is an input and each row a unit, next to that unit. Dead units have a cross.
    """
    chart = figure("", "", 360)
    spans, inputs = _spans(len(p.layers)), drawn_inputs(p.inputs)
    seen, names = p.inputs[inputs], [p.input_names[i] for i in inputs]
    _units(chart, 0, spans[0], seen, names, np.zeros(len(seen), np.bool_), f"sees<br>{len(p.inputs)}")
    for i, layer in enumerate(p.layers):
        is_last = i == len(p.layers) - 1
        into = inputs if i == 0 else np.arange(len(layer.weights))
        units = list(p.output_names) if is_last else [f"unit {j + 1}" for j in range(len(layer.biases))]
        _matrix(chart, 2 * i + 1, spans[2 * i + 1], layer, into, names, units)
        _units(chart, 2 * i + 2, spans[2 * i + 2], layer.activation, units, layer.dead, _heading(layer, p, is_last))
        names = units
    chart.data[-1].update(texttemplate="%{z:.3~g}", textfont={"size": 10})
    chart.update_layout(hovermode="closest", showlegend=False, margin={"l": 8, "r": 8, "t": 44, "b": 10})
    return chart


def _heading(layer: Layer, p: NetPicture, is_last: bool) -> str:
    if is_last:
        return f"says<br>{len(layer.biases)}"
    dead = f"{layer.dead.sum()} dead" if p.sample else "&nbsp;"
    return f"{len(layer.biases)} units<br>{dead}"


def drawn_inputs(inputs: Floats) -> Ints:
    """Chooses the inputs that are drawn: all, or of many some, among them those that are not 0."""
    if len(inputs) <= MOST:
        return np.arange(len(inputs))
    return np.union1d(np.arange(0, len(inputs), -(-len(inputs) // (MOST // 2))), np.flatnonzero(inputs)[: MOST // 2])


def _spans(layers: int) -> list[tuple[float, float]]:
    """Divides the width among columns and matrices, in turn."""
    widths = [UNITS, *([WEIGHTS, UNITS] * layers)]
    widths[-1] = SPOKEN
    total, found, at = sum(widths) + GAP * (len(widths) - 1), [], 0.0
    for width in widths:
        found.append((at / total, min(1.0, (at + width) / total)))
        at += width + GAP
    return found


def _units(chart: go.Figure, number: int, span: tuple[float, float], values: Floats, names: list[str], dead: Bools,
           heading: str) -> None:
    """Draws a column of units, the first on top."""
    most = max(float(np.abs(values[np.isfinite(values)]).max(initial=0.0)), 1e-9)
    said = [[f"{html.escape(name)}: {value:.4g}{', dead' if gone else ''}".replace("-", "−")]
            for name, value, gone in zip(names, values, dead, strict=True)]
    chart.add_heatmap(z=values[:, None], text=said, zmin=-most, zmax=most, **_look(number))
    crosses = np.flatnonzero(dead)
    if len(crosses):
        chart.add_scatter(x=np.zeros(len(crosses)), y=crosses, mode="markers", hoverinfo="skip",
                          marker={"symbol": "x-thin", "size": 5, "line": {"color": EXPLORE, "width": 1.4}},
                          xaxis=_axis("x", number), yaxis=_axis("y", number))
    _place(chart, number, span)
    chart.add_annotation(x=(span[0] + span[1]) / 2, y=1.0, xref="paper", yref="paper", text=heading, showarrow=False,
                         yanchor="bottom", font={"size": 10}, align="center")


def _matrix(chart: go.Figure, number: int, span: tuple[float, float], layer: Layer, into: Ints, names: list[str],
            units: list[str]) -> None:
    """Draws weights: a column for each input, a row for each unit."""
    weights, apart = layer.weights[into].T, layer.apart[into].T
    most = max(float(np.quantile(np.abs(weights[np.isfinite(weights)]), 0.99)) if weights.size else 0.0, 1e-9)
    x, y = [html.escape(name) for name in names], [html.escape(name) for name in units]
    chart.add_heatmap(z=weights, customdata=apart, zmin=-most, zmax=most, **{**_look(number), "hovertemplate":
                      "%{meta[0]} %{x} to %{y}: %{z:.3~g}<br>to the target net: %{customdata:+.2~g}<extra></extra>"},
                      meta=["weight"])
    _place(chart, number, span)
    chart.update_layout({_axis("xaxis", number): {"tickvals": list(range(len(x))), "ticktext": x},
                         _axis("yaxis", number): {"tickvals": list(range(len(y))), "ticktext": y}})


def _look(number: int) -> dict[str, Any]:
    return {"colorscale": SIGNED, "showscale": False, "xaxis": _axis("x", number), "yaxis": _axis("y", number),
            "hovertemplate": "%{text}<extra></extra>", "xgap": 0, "name": ""}


def _axis(name: str, number: int) -> str:
    """Names the axis of a panel, counted from 0."""
    return name if number == 0 else f"{name}{number + 1}"


def _place(chart: go.Figure, number: int, span: tuple[float, float]) -> None:
    frame = {**PLAIN, "showline": True, "mirror": True, "linecolor": tint(GREY, 0.45)}
    chart.update_layout({
        _axis("xaxis", number): {**frame, "domain": list(span), "anchor": _axis("y", number), "rangemode": "normal"},
        _axis("yaxis", number): {**frame, "anchor": _axis("x", number), "autorange": "reversed"}})
