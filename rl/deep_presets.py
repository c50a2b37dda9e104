"""Settings with which a deep Q-network learns each of the worlds of its page."""

from dataclasses import replace

from rl.agents.dqn import DQN
from rl.envs.grid_world import GridWorld

GRID = GridWorld(map="S......./..#..H../..#...../..####../....H.../.H....#./...#..#./...#...G")
"""An 8 x 8 world with walls and pits: small enough to be solved exactly, large enough to need looking ahead."""

PRESETS = {
    "grid": DQN(alpha=0.001, span=4000, warmup=500),
    "cart": DQN(alpha=0.001),
    "mountaincar": DQN(alpha=0.001, span=20_000, capacity=50_000),
    "acrobot": DQN(alpha=0.001, span=10_000),
}


def trained(slug: str) -> DQN:
    """Returns the settings of a world for a net that was trained before: it explores little."""
    return replace(PRESETS[slug], start="trained", epsilon=0.02, schedule="constant")
