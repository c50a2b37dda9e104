"""What the runs on screen have cost, and what it bought."""

import streamlit as st

from pages.parts.escape import plain
from pages.parts.player import Player
from pages.parts.plot.plot import plot
from rl.costs import QUANTITIES, Cost, bought, cost
from rl.figures.costs import bought_figure
from rl.timeline import Timeline

SAYS = ("What learning has cost, measured on this server just now, and the return it bought (mean of the last "
        "episodes). Planning spends updates to save steps; traces and long memories cost time.")
UNITS = ((1 << 20, "MB"), (1 << 10, "kB"), (1, "B"))


def costs(me: Player, runs: dict[str, Timeline], prefix: str, window: int) -> None:
    """Draws a table of steps, updates, computation time and memory, and the return against one of them."""
    st.markdown(cost_table(me, runs))
    key = f"{prefix}.cost"
    quantity = st.segmented_control("return against", list(QUANTITIES), default="steps", key=key,
                                    format_func=QUANTITIES.__getitem__, help="What learning is paid in.")
    found = {name: bought(run, me.end, window) for name, run in runs.items()}
    plot(bought_figure(found, quantity or "steps"), f"{prefix}.bought", SAYS)


def cost_table(me: Player, runs: dict[str, Timeline]) -> str:
    """Lists what runs have cost up to the furthest moment looked at."""
    return "\n".join(["| | steps | updates | computation | memory |", "|-|-:|-:|-:|-:|",
                      *(_row(name, cost(run, me.end)) for name, run in runs.items())])


def _row(name: str, spent: Cost) -> str:
    return f"| {plain(name)} | {spent.steps:,} | {spent.updates:,} | {_time(spent.seconds)} | {_size(spent.memory)} |"


def _time(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{1000 * seconds:.3g} ms"


def _size(n: int) -> str:
    unit, name = next(pair for pair in UNITS if n >= pair[0] or pair[0] == 1)
    return f"{n / unit:.3g} {name}"
