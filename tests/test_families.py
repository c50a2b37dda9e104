"""Worlds and agents come in families: an agent meets only worlds it can play, and says so in a sentence."""

import pytest

from rl.agents import AGENTS
from rl.agents.control.q_learning import QLearning
from rl.agents.dqn import DQN
from rl.agents.human import Human
from rl.envs import ENVS, WORLDS
from rl.envs.base import Env
from rl.envs.cart_pole import CartPole
from rl.envs.frozen_lake import FrozenLake
from rl.envs.grid_world import GridWorld
from rl.link import BadLink, from_query_string
from rl.run import begin, changed
from rl.timeline import Edit, Timeline

PAIRS = [(env, agent) for env in WORLDS.values() for agent in AGENTS.values()]
UNLISTED = [pair for pair in PAIRS if not pair[0].listed and pair[1]().looks_up]
TOO_LARGE = [pair for pair in PAIRS if pair[0].family == pair[1].family and pair not in UNLISTED
             and not pair[1]().can_play(pair[0])]  # who solves a world at every step solves small ones
AT_HOME_IN_BOTH = [(env, DQN) for env in ENVS.values()]  # a net takes the place of a table, too
STRANGERS = UNLISTED + TOO_LARGE + [
    pair for pair in PAIRS if pair[0].family != pair[1].family and pair not in AT_HOME_IN_BOTH]
FRIENDS = [pair for pair in PAIRS if pair not in STRANGERS]


def pairs(of):
    return pytest.mark.parametrize(("env", "agent"), of, ids=lambda kind: kind.slug)


def test_every_family_has_a_world_an_agent_and_a_person():
    assert {kind.family for kind in WORLDS.values()} == {kind.family for kind in AGENTS.values()}
    people = {kind.family for kind in AGENTS.values() if kind.title == "You"}
    assert people == {kind.family for kind in WORLDS.values()}


def test_only_who_climbs_the_true_objective_needs_small_worlds():
    assert {agent.slug for _, agent in TOO_LARGE} == {"ascent"}


def test_the_tabular_worlds_are_those_with_a_table():
    assert {kind for kind in WORLDS.values() if kind.family == "tabular" and kind.listed} == set(ENVS.values())
    assert all(issubclass(kind, Env) for kind in ENVS.values())


@pairs(STRANGERS)
def test_an_agent_of_another_family_is_refused_in_a_sentence(env, agent):
    says = f"{agent.title} cannot play {env.title}: it is made for other worlds."
    with pytest.raises(ValueError) as refused:
        Timeline(env(), agent())
    assert str(refused.value) == says
    with pytest.raises(BadLink) as unread:
        from_query_string(f"v=1&env={env.slug}&agent={agent.slug}")
    assert says in str(unread.value)


@pairs(FRIENDS)
def test_an_agent_plays_every_world_of_its_family(env, agent):
    run = Timeline(env(), agent(), 3)
    steps = 30 if run.last else 0
    states, actions = env().shape
    shape = (states,) if agent.learns == "v" else (states, actions)
    memory = run.at(30).memory
    assert len(run.steps(0, 30)) == steps
    assert getattr(memory, agent.learns).shape == memory.visits.shape == shape
    assert from_query_string(f"v=1&env={env.slug}&agent={agent.slug}&seed=3").timeline == run


def test_an_edit_brings_no_agent_of_another_family():
    with pytest.raises(ValueError, match="cannot play FrozenLake"):
        Timeline(FrozenLake(), QLearning()).edited(5, agent=AGENTS["binned"]())
    with pytest.raises(ValueError, match="cannot play CartPole"):
        Timeline(FrozenLake(), QLearning(), 0, (Edit(5, CartPole(), QLearning()),))
    with pytest.raises(BadLink, match="cannot play"):
        from_query_string("v=1&env=lake&agent=q&edits=5,agent:ucb")


def test_a_world_of_another_family_fits_nothing():
    assert not CartPole().fits(FrozenLake()) and not FrozenLake().fits(CartPole())
    assert not CartPole(bins_spin=4).fits(CartPole())  # as many states or not, they mean something else
    assert FrozenLake(success=0.5).fits(FrozenLake())


def test_agents_that_remember_alike_may_take_turns():
    run = begin(FrozenLake(), QLearning(), 3)
    assert changed(run, run.env, Human("01")).agent == Human("01")
    turn = Timeline(FrozenLake(), QLearning(alpha=0.5), 3).edited(40, agent=Human("0" * 45))
    assert turn.last == 45 and len(turn.steps(0, 100)) == 45
    assert turn.steps(38, 45).action.tolist()[2:] == [0] * 5


def test_agents_that_learn_other_things_are_told_apart():
    class Other(QLearning):
        title = "Other"
        learns = "v"

    run = begin(FrozenLake(), QLearning(), 3)
    with pytest.raises(ValueError, match=r"^Other learns other things than Q-learning: start over instead\.$"):
        changed(run, run.env, Other())
    with pytest.raises(ValueError, match="This world has other states"):
        changed(run, GridWorld(), QLearning())
