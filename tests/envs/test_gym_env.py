"""Anybody's Gymnasium environment with a table: read as it is, or refused in one sentence."""

import sys

import gymnasium
import numpy as np
import pytest
from gymnasium.spaces import Discrete

from rl.agents.control.q_learning import QLearning
from rl.envs.cliff_walking import CliffWalking
from rl.envs.frozen_lake import FrozenLake
from rl.envs.gym_env import GymTable
from rl.envs.taxi import Taxi
from rl.link import BadLink, from_query_string
from rl.timeline import Timeline
from tests.envs.gym_worlds import SPACES, Lane, Listed, Shown, register

END = [(1.0, 1, 0.0, True)]


@pytest.mark.parametrize(("id", "ours"), [
    ("FrozenLake-v1", FrozenLake()), ("FrozenLake8x8-v1", FrozenLake(size="8x8")), ("Taxi-v4", Taxi()),
    ("CliffWalking-v1", CliffWalking())])
def test_gymnasiums_own_are_read_as_they_are(id, ours):
    assert all(np.array_equal(one, other) for one, other in zip(GymTable(id).mdp, ours.mdp, strict=True))
    assert [action.name for action in GymTable(id).actions][:2] == ["action 0", "action 1"]


def test_what_is_learned_there_is_what_is_learned_in_ours():
    theirs, ours = (Timeline(env, QLearning(), 4).at(3000).memory.q for env in (GymTable("Taxi-v4"), Taxi()))
    assert np.array_equal(theirs, ours)


def test_a_package_of_somebody_elses_is_read_too():
    id = register("Coin", Listed, 30, table={0: {0: [(0.5, 0, 1.0, False), (0.5, 1, 2.0, True)], 1: END},
                                             1: {0: END, 1: END}})
    mdp = GymTable(id).mdp
    assert mdp.probability[0, 0].tolist() == [0.5, 0.5] and mdp.reward[0, 0].tolist() == [1.0, 2.0]
    assert mdp.horizon == 30 and mdp.start.tolist() == [1, 0] and mdp.absorbing.tolist() == [False, True]


@pytest.mark.parametrize(("id", "says"), [
    ("FrozenLak-v1", r"there is no Gymnasium environment 'FrozenLak-v1' here\. Did you mean FrozenLake-v1 or .*\?"),
    ("", r"there is no Gymnasium environment '' here\."),
    ("x" * 9999, rf"there is no Gymnasium environment '{'x' * 60}' here\."),
    ("os:Taxi-v4", r"there is no Gymnasium environment 'os:Taxi-v4' here\. Did you mean Taxi-v4\?"),
    ("CartPole-v1", r"the observations of CartPole-v1 are a Box space; a table needs Discrete ones\."),
    ("Blackjack-v1", r"the observations of Blackjack-v1 are a Tuple space; a table needs Discrete ones\."),
    ("Ant-v5", r"Ant-v5 cannot be made here: .*mujoco.*\."),
    ("stepwise/CarRental-v0", r"stepwise/CarRental-v0 is a world of this program: choose it by its name\.")])
def test_an_id_that_cannot_be_played_is_refused_in_a_sentence(id, says):
    with pytest.raises(ValueError, match=rf"(?is)^{says}$"):
        GymTable(id)


def test_a_link_never_makes_it_import_a_module():
    sys.modules.pop("this", None)
    with pytest.raises(BadLink, match="no Gymnasium environment"):
        from_query_string("v=1&env=gym,id:this:Taxi-v4&agent=q")
    assert "this" not in sys.modules


def test_a_link_to_it_opens_the_same_run():
    assert from_query_string("v=1&env=gym,id:Taxi-v4&agent=q").timeline.env == GymTable("Taxi-v4")


@pytest.mark.parametrize(("name", "table", "says"), [
    ("Half", {0: {0: [(0.5, 0, 0.0, False)], 1: END}, 1: {0: END, 1: END}}, "probabilities must be non-negative"),
    ("Away", {0: {0: [(1.0, 7, 0.0, False)], 1: END}, 1: {0: END, 1: END}}, "a state that does not exist"),
    ("Short", {0: {0: END, 1: END}}, "a state that does not exist"),
    ("Wide", {0: {0: END, 1: END, 2: END}, 1: {0: END, 1: END}}, "it has other states or actions than"),
    ("Gap", {0: {0: END, 5: END}, 1: {0: END, 1: END}}, "1"),
    ("Nan", {0: {0: [(1.0, 1, float("nan"), True)], 1: END}, 1: {0: END, 1: END}}, "a reward is not a number"),
    ("Words", "none", "."), ("Nothing", None, "has no len"),
    ("Long", {0: {0: [(1e-6, 1, 0.0, True)] * 200_001, 1: END}, 1: {0: END, 1: END}}, "it has 200,004 outcomes")])
def test_a_table_that_is_none_is_refused_in_a_sentence(name, table, says):
    id = register(name, Listed, table=table)
    with pytest.raises(ValueError, match=rf"^the table of transitions P of {id} cannot be used: .*{says}.*\.$"):
        GymTable(id)


def test_without_a_table_or_with_too_many_states_it_is_refused():
    with pytest.raises(ValueError, match="has no table of transitions P: it is only known by acting in it"):
        GymTable(register("Lane", Lane))
    large = register("Large", Listed, table={})
    Listed.observation_space = Discrete(2000)
    try:
        with pytest.raises(ValueError, match="has 2,000 states and 2 actions; 1,000 and 100 are the most"):
            GymTable(large)
    finally:
        Listed.observation_space = Discrete(2)
    with pytest.raises(ValueError, match="the actions of tests/Box-v0 are a Box space"):
        GymTable(register("Box", Shown, actions=SPACES["box"]))


def test_an_environment_is_closed_after_it_was_read(monkeypatch):
    closed = []
    monkeypatch.setattr(Listed, "close", lambda self: closed.append(self))
    GymTable(register("Closed", Listed, table={s: dict.fromkeys(range(2), END) for s in range(2)}))
    assert len(closed) == 1


def test_the_default_is_one_of_gymnasiums():
    assert GymTable().id in gymnasium.registry and GymTable().shape == (64, 4)
