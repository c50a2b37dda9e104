"""What a camera sees of a run, and what a body feels: for worlds whose state is no cell of a map."""

import base64
from typing import Any

from rl.envs.cart_pole import CartPole
from rl.frames import frame, landings, observations
from rl.mdp import Floats
from rl.timeline import Timeline

Note = dict[str, Any]


def filmed(timeline: Timeline, t0: int, notes: list[Note]) -> list[Note]:
    """Adds to the notes of the steps from ``t0`` on the picture after each, and to the first the one before it."""
    if not notes or not isinstance(timeline.env, CartPole):
        return notes
    before, after = observations(timeline, t0, t0 + len(notes)), landings(timeline, t0, t0 + len(notes))
    full = [note | {"says": [_observed(body, note), *note["says"][1:]], "after": picture(landed)}
            for note, body, landed in zip(notes, before, after, strict=False)]
    return [full[0] | {"frame": picture(before[0])}, *full[1:]]


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
