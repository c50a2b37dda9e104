"""Measure how fast Stepwise is: ``python -m tests.bench [names]``, or ``make bench``.

Names are those of ``MEASUREMENTS``; without any, all are taken, which needs about nine minutes. Nothing is asserted:
the table says what was measured in this one run, what the design promises, and whether that was met. Ratios compare two
sides that take turns within one run, as medians of CPU time, so they hold on a busy machine and on another one.
Absolute times are wall-clock times of this machine: take them while it does nothing else.

    agents     every tabular algorithm against its plain loop (tutorials.py), with Gymnasium's step
    tutorial   learning against the plain Gymnasium loop that most people would write (tutorial.py)
    c          learning against the same loop in C at -O3, bit for bit the same work (q_learning.c); needs gcc
    seeds      the hundred runs behind a curve's band
    moments    going to any step of a long run
    bandits    eight algorithms on 2000 bandits, and epsilon-greedy against the usual book code
    experiment three agents at ten step sizes from thirty seeds, as the laboratory does it
    neural     PPO and actor-critic against Stable-Baselines3 (where it is installed: it and PyTorch are optional),
               REINFORCE against plain numpy around Gymnasium's step, and PPO until CartPole-v1 is solved
    deep       DQN against Stable-Baselines3 and lean PyTorch (lean_torch_dqn.py; both where they are installed), the
               bytes of its replay memory and its keyframes, and how long a new process takes until it learns
    planning   value iteration on 40,000 states (no target)
    page       in Chromium: first paint, a knob's answer, the stage's frames and what they cost the server
    students   thirty simulated students playing at once, each a WebSocket speaking the page's own protocol

Kernels are compiled, and the server is warm, before anything is timed. The last two start the real app on a free port
of this machine, talk to 127.0.0.1 only, and stop it again; they read the server's costs from /proc, so need Linux.
"""

import sys
from collections.abc import Callable

from tests.bench import agents, bandits, browser, deep, engine, experiments, learning, neural, students
from tests.bench.measure import Row

MEASUREMENTS: dict[str, Callable[[], list[Row]]] = {
    "agents": agents.against_tutorials,
    "tutorial": learning.against_tutorial,
    "c": learning.against_c,
    "seeds": engine.hundred_seeds,
    "moments": engine.moments,
    "bandits": bandits.pulls,
    "experiment": experiments.step_sizes,
    "neural": neural.measured,
    "deep": deep.measured,
    "planning": engine.planning,
    "page": browser.page,
    "students": students.classroom,
}
MET = {True: "yes", False: "NO", None: ""}
HEADER = Row("name", "measured", "target"), "met?"


def table(rows: list[Row]) -> str:
    """Lays rows out in columns."""
    cells = [(*HEADER[0][:3], HEADER[1]), *((*row[:3], MET[row.met]) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join("  ".join(f"{cell:{width}}" for cell, width in zip(line, widths, strict=True)).rstrip()
                     for line in cells)


def main() -> None:
    names = sys.argv[1:] or list(MEASUREMENTS)
    unknown = set(names) - set(MEASUREMENTS)
    if unknown:
        sys.exit(f"No measurement is called {', '.join(sorted(unknown))}. There are: {', '.join(MEASUREMENTS)}.")
    rows: list[Row] = []
    for name in names:
        print(f"measuring: {name} ...", file=sys.stderr, flush=True)
        rows += MEASUREMENTS[name]()
    print(table(rows))


if __name__ == "__main__":
    main()
