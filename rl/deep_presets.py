"""Settings with which a deep Q-network learns each of the worlds of its page."""

from dataclasses import replace

from rl.agents.dqn import DQN
from rl.envs.grid_world import GridWorld

GRID = GridWorld(map="S......./..#..H../..#...../..####../....H.../.H....#./...#..#./...#...G")
"""An 8 x 8 world with walls and pits: small enough to be solved exactly, large enough to need looking ahead."""

# MountainCar pays nothing on the way, so what is new must look better than what is known. To nets of relu units it did
# not: in 100,000 steps none of three came to the flag. All of three nets of tanh units did.
PRESETS = {
    "grid": DQN(span=4000, warmup=500),
    "cart": DQN(),
    "mountaincar": DQN(span=10_000, epsilon_last=0.1, capacity=50_000, activation="tanh"),
    "acrobot": DQN(span=10_000),
}


def trained(slug: str) -> DQN:
    """Returns the settings of a world for a net that was trained before: it explores little."""
    return replace(PRESETS[slug], start="trained", epsilon=0.02, schedule="constant")
