"""The map as the learner has painted it: taken where it can be played, and refused with one sentence where not."""

from dataclasses import replace

import numpy as np
import pytest

from pages.parts.player import Player
from rl.agents.control.q_learning import QLearning
from rl.envs.frozen_lake import FrozenLake
from rl.envs.grid_world import GridWorld
from rl.timeline import Timeline
from tests.pages.saying import say

WORLD = GridWorld(map="S..G/...H/....", slip=0.2)
RUN = Timeline(WORLD, QLearning(alpha=0.4), 3)
PAINTED = "S..G.#.....C"


def test_learning_goes_on_in_the_painted_world_where_that_is_wanted():
    me = Player(RUN, 250)
    say(me, "map", 260, cells=PAINTED, rewards=[[6, -2.5], [1, 0.125]], keep=True)
    world = replace(WORLD, map="S..G/.#../...C", rewards="6=-2.5_1=0.125")
    assert me.timeline == RUN.edited(260, world) and (me.t, me.note) == (260, None)
    assert np.array_equal(me.timeline.at(260).memory.q, RUN.at(260).memory.q)


def test_learning_starts_anew_in_the_painted_world_otherwise():
    me = Player(RUN, 250)
    say(me, "map", 260, cells=PAINTED, rewards=[])
    assert me.timeline == Timeline(replace(WORLD, map="S..G/.#../...C"), RUN.agent, 3) and (me.t, me.note) == (0, None)


def test_rewards_keep_all_their_digits():
    me = Player(RUN, 250)
    say(me, "map", 260, cells=PAINTED, rewards=[[6, 0.1234567]])
    assert me.env.picture().rewards == ((6, 0.1234567),)


BAD = {
    "without a goal": {"cells": "S..........."},
    "without a way": {"cells": "S#.G##......"},
    "empty": {"cells": ""},
    "ragged": {"cells": "S..G..."},
    "huge": {"cells": "S" + "." * 30_000 + "G"},
    "of strange cells": {"cells": "S..G<b>.é..."},
    "of other states, to go on": {"cells": "S..G", "keep": True},
    "no text": {"cells": None},
    "missing": {},
    "with rewards off the map": {"cells": PAINTED, "rewards": [[99, 1]]},
    "with endless rewards": {"cells": PAINTED, "rewards": [[1, float("inf")]]},
    "with rewards that are no numbers": {"cells": PAINTED, "rewards": [[1, float("nan")]]},
    "with huge cells": {"cells": PAINTED, "rewards": [[float("inf"), 1]]},
    "with huge rewards": {"cells": PAINTED, "rewards": [[1, 10**400]]},
    "with two rewards in a cell": {"cells": PAINTED, "rewards": [[1, 1], [1, 2]]},
    "with rewards that are no pairs": {"cells": PAINTED, "rewards": [1, 2]},
    "with too short rewards": {"cells": PAINTED, "rewards": [[1]]},
    "without rewards": {"cells": PAINTED, "rewards": None},
    "with words for rewards": {"cells": PAINTED, "rewards": [["a", "b"]]},
    "with rewards that are no list": {"cells": PAINTED, "rewards": 5},
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
@pytest.mark.parametrize("keep", [True, False])
def test_a_map_that_cannot_be_played_changes_nothing_and_says_why_in_one_sentence(bad, keep):
    me = Player(RUN, 250, 600)
    say(me, "map", 260, **({"rewards": [], "keep": keep} | bad))
    assert (me.timeline, me.t, me.end) == (RUN, 260, 600)
    assert me.note.startswith("This map cannot be used: ") and me.note.endswith(".") and len(me.note) < 200
    assert not any(word in me.note for word in ("Error", "KeyError", "unpack", "iterable", "'cells'", "NoneType"))


def test_a_lake_cannot_be_painted():
    me = Player(Timeline(FrozenLake(), QLearning(), 3), 50)
    say(me, "map", 50, cells="S" * 15 + "G", rewards=[])
    assert isinstance(me.env, FrozenLake) and "only a grid world can be painted" in me.note
