"""What a camera sees of a run, and what a body feels: for worlds whose state is no cell of a map."""

import base64
from typing import Any

import numpy as np

from rl.frames import frame, landings, observations
from rl.mdp import Floats
from rl.timeline import Timeline

Note = dict[str, Any]


def filmed(timeline: Timeline, t0: int, notes: list[Note]) -> list[Note]:
    """Adds to the notes of the steps from ``t0`` on the picture after each, and where none is known the one before."""
    if not notes or timeline.env.drawn_as != "film":
        return notes
    before, after = observations(timeline, t0, t0 + len(notes)), landings(timeline, t0, t0 + len(notes))
    full = [note | {"says": [_observed(body, note), *note["says"][1:]], "after": picture(landed)}
            for note, body, landed in zip(notes, before, after, strict=False)]
    begins = [0, *(np.flatnonzero(timeline.steps(t0, t0 + len(notes)).ended[:-1]) + 1)]
    return [note | {"frame": picture(before[i])} if i in begins else note for i, note in enumerate(full)]


def still(timeline: Timeline, t: int) -> str | None:
    """The picture of a moment before anything is done in it."""
    return picture(observations(timeline, t, t)[0]) if timeline.env.drawn_as == "film" else None


def _observed(body: Floats, note: Note) -> str:
    x, speed, angle, spin = body
    numbers = f"position {x:+.2f} m, speed {speed:+.2f} m/s, angle {angle * 57.2958:+.1f}°, spin {spin:+.2f} rad/s"
    where = note["says"][0].split(": ", 1)[-1]
    return f"The agent is told four numbers: {numbers}. For its table it rounds them: {where}".replace("-", "−")


def picture(body: Floats) -> str:
    """Gymnasium's own picture of a body as an address an image can show."""
    try:
        return "data:image/png;base64," + base64.b64encode(frame(body)).decode("ascii")
    except ImportError:
        return ""
