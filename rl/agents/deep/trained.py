"""Nets that were trained before, to start from: made by ``python -m rl.agents.deep.trained``, which says how."""

from pathlib import Path
from typing import Any

import numpy as np

from rl.nets import Singles, count
from rl.scenes import TABLE, Scene

FOLDER = Path(__file__).parent / "nets"
NONE_HERE = ("there is no trained net for this world and this network: choose two hidden layers of 64 relu units "
             "without dueling heads, and a world as it comes; or start with a new net.")


def name_of(scene: Scene) -> str:
    """Names the file of a world's trained net."""
    return f"{'table' if scene.kind == TABLE else scene.kind}_{scene.sight}_{scene.actions}"


def trained_net(scene: Scene, sizes: Any) -> Singles:
    """Returns the weights of a trained net. Raises ValueError where there is none of this shape."""
    path = FOLDER / f"{name_of(scene)}.npy"
    net: Singles = np.load(path, allow_pickle=False) if path.exists() else np.zeros(0, np.float32)
    if len(net) != count(sizes):
        raise ValueError(NONE_HERE)
    return net
