"""What the stage is sent of a neural run: the body at every moment, and the chances its actions were drawn by."""

from typing import Any

import numpy as np

from pages.parts.stage.stage import pack
from rl.bodies import bodies
from rl.envs.base import World
from rl.timeline import Timeline

NAMES = {"untried": "", "table": "Policy"}


def moments(timeline: Timeline, t0: int, t1: int) -> dict[str, Any]:
    """Packs the moments t0 to t1."""
    found = bodies(timeline, t0, t1)._asdict()
    return {"moments": {name: {"width": rows.shape[1], **pack(np.asarray(rows, np.float32))}
                        for name, rows in found.items()}}


def world(env: World) -> dict[str, Any]:
    """Describes the world to the stage."""
    return {"kind": "body", "body": env.slug, "tie": 0}
