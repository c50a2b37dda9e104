"""Nets that were trained before, to start from: made by ``python -m rl.deep_training``, which says how."""

from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

from rl.mdp import TabularMDP
from rl.nets import Singles, count
from rl.scenes import TABLE, Scene

FOLDER = Path(__file__).parent / "nets"
NONE_HERE = ("there is no trained net for this world and this network: choose the network that this world comes with, "
             "or start with a new net.")


def name_of(scene: Scene, activation: str) -> str:
    """Names the file of a world's trained net: what it plays, its inputs, its actions, and what its units do.

    A table of states goes by what follows what: of another table the same inputs say something else.
    """
    world = f"table{_sum(scene.mdp):08x}" if scene.kind == TABLE else f"body{scene.kind}"
    return f"{world}_{scene.sight}_{scene.actions}_{activation}"


def _sum(mdp: TabularMDP) -> int:
    return crc32(b"".join(part.tobytes() for part in (mdp.cdf, mdp.next_state, mdp.reward, mdp.terminal)))


def trained_net(scene: Scene, activation: str, sizes: Any) -> Singles:
    """Returns the weights of a trained net. Raises ValueError where there is none of this shape."""
    path = FOLDER / f"{name_of(scene, activation)}.npy"
    net: Singles = np.load(path, allow_pickle=False) if path.exists() else np.zeros(0, np.float32)
    if len(net) != count(sizes):
        raise ValueError(NONE_HERE)
    return net
