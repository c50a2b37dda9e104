"""Small environments of somebody else's, as Gymnasium has them: made for tests, and registered by them."""

import gymnasium
from gymnasium.spaces import Box, Discrete, MultiDiscrete, Tuple


class Lane(gymnasium.Env):
    """Five cells in a row: from the middle to the right end for 1; a quarter of all steps goes the other way.

    It keeps its table to itself, counts its actions from 3, and its cells from 10.
    """

    observation_space = Discrete(5, start=10)
    action_space = Discrete(2, start=3)

    def __init__(self, patience=0):
        self.patience = patience  # steps after which it cuts an episode short by itself

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.cell, self.steps = 2, 0
        return 10 + self.cell, {}

    def step(self, action):
        assert self.action_space.contains(action)
        move = 2 * (action - 3) - 1
        self.cell = max(0, self.cell + (move if self.np_random.random() < 0.75 else -move))
        self.steps += 1
        done = self.cell == 4
        return 10 + self.cell, float(done), done, 0 < self.patience <= self.steps, {}


class Listed(gymnasium.Env):
    """Two states and a table that is handed in."""

    observation_space, action_space = Discrete(2), Discrete(2)

    def __init__(self, table=None):
        self.P = table

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return 0, {}

    def step(self, action):
        return 1, 0.0, True, False, {}


class Shown(Listed):
    """Observations and actions of any kind."""

    def __init__(self, observations=None, actions=None, shows=0):
        self.observation_space, self.action_space = observations or Discrete(2), actions or Discrete(2)
        self.shows = shows

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return self.shows, {}


SPACES = {"box": Box(0, 1), "many": MultiDiscrete([3, 4], start=[1, 0]), "tuple": Tuple((Discrete(3), Discrete(4))),
          "mixed": Tuple((Discrete(2), Box(0, 1))),
          "large": MultiDiscrete([100, 100])}


def register(name, kind, limit=None, **kwargs):
    """Registers an environment under a name of these tests, once."""
    if f"tests/{name}-v0" not in gymnasium.registry:
        gymnasium.register(f"tests/{name}-v0", kind, max_episode_steps=limit, kwargs=kwargs)
    return f"tests/{name}-v0"
