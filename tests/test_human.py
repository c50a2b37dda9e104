"""A person's run: their moves and nothing else decide it, beside the dice of the world."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rl.agents.binned_q_learning import BinnedQLearning
from rl.agents.control.q_learning import QLearning
from rl.agents.human import LETTERS, MOST_MOVES, Human, as_actions, check_moves
from rl.agents.pilot import Pilot
from rl.envs.blackjack import Blackjack
from rl.envs.cart_pole import CartPole
from rl.envs.cliff_walking import CliffWalking
from rl.envs.frozen_lake import FrozenLake
from rl.envs.taxi import Taxi
from rl.jit import plain
from rl.link import BadLink, View, from_query_string, to_query_string
from rl.run import advance, begin
from rl.tape import StepLog
from rl.timeline import Timeline
from tests.strategies import same, same_place

moves = st.text(LETTERS[:4], max_size=120)
STEPS = [name for name in StepLog._fields if name not in ("epsilon", "explored")]


def equal(one, other):
    return all(np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True) for name in STEPS)


def copied(agent, log):
    """Spells out what an agent did, as a person's moves."""
    kind = {"tabular": Human, "cart pole": Pilot}[agent.family]
    return kind("".join(LETTERS[a] for a in log.action), agent.alpha, agent.gamma)


@pytest.mark.parametrize(("env", "agent"), [
    (FrozenLake(), QLearning(alpha=0.3, gamma=0.9, epsilon=0.5)), (Taxi(), QLearning(alpha=0.7, epsilon=0.2)),
    (CliffWalking(), QLearning(epsilon=1.0)), (Blackjack(), QLearning(alpha=0.5, epsilon=0.5)),
    (CartPole(), BinnedQLearning(alpha=0.4, epsilon=0.5))], ids=repr)
def test_a_person_who_does_what_an_agent_did_learns_what_it_learned(env, agent):
    theirs = Timeline(env, agent, 9)
    mine = Timeline(env, copied(agent, theirs.steps(0, 600)), 9)
    assert equal(mine.steps(0, 600), theirs.steps(0, 600))
    assert same(mine.at(600).memory, theirs.at(600).memory) and same(mine.at(600).clock, theirs.at(600).clock)
    assert same(mine.episodes(600), theirs.episodes(600))


@given(moves, st.integers(0, 150), st.integers(0, 2**31 - 1))
@settings(max_examples=40)
def test_a_moment_reached_by_going_back_is_the_moment_reached_by_playing(text, t, seed):
    timeline = Timeline(FrozenLake(), Human(text), seed)
    run = begin(timeline.env, timeline.agent, seed)
    advance(run, t)
    assert same_place(timeline.at(t), run)
    assert run.step == min(t, len(text))


@given(moves, moves)
@settings(max_examples=40)
def test_more_moves_keep_the_past(first, more):
    short, long = (Timeline(CliffWalking(), Human(text), 4) for text in (first, first + more))
    assert same(short.steps(0, len(first))[:9], long.steps(0, len(first))[:9])
    assert same(short.at(len(first)).memory, long.at(len(first)).memory)


@given(moves, st.integers(1, 2000))
@settings(max_examples=40)
def test_a_run_ends_with_its_last_move(text, beyond):
    run, n = Timeline(FrozenLake(), Human(text), 4), len(text)
    assert run.last == n == len(run.steps(0, n + beyond)) == run.at(n + beyond).step
    assert len(run.steps(n, n + beyond)) == 0
    assert run.after_episodes(n, 5) == n
    assert same(run.episodes(n + beyond), run.episodes(n))


def test_a_run_without_moves_stands_at_its_start():
    run = Timeline(Taxi(), Human(), 4)
    assert (run.last, run.at(10).step, len(run.episodes(10))) == (0, 0, 0)
    assert run.at(0).clock.counts[1] == run.env.first_state(4, 0)


@pytest.mark.parametrize(("env", "agent"), [(FrozenLake(), Human("0123" * 40)), (CartPole(), Pilot("0110" * 40))])
def test_compiled_and_plain_are_the_same(env, agent):
    """Beside the tests of every agent, which make no moves of a person's."""
    runs = [begin(env, agent, 3) for _ in range(2)]
    for run, loop in zip(runs, (type(agent).loop, plain(type(agent).loop)), strict=True):
        from rl.tape import EpisodeLog, Tape, blank
        run.tape = Tape(0, 0, blank(StepLog, 160), blank(EpisodeLog, 160))
        loop(env.model, 3, run.memory, run.clock, run.tape, 500, 500, *agent.parameters())
    one, other = runs
    assert same(one.memory, other.memory) and same(one.clock, other.clock) and one.step == 160
    assert equal(one.tape.steps, other.tape.steps) and same(one.tape.episodes, other.tape.episodes)


@pytest.mark.parametrize("run", [
    Timeline(Taxi(), Human("012345", alpha=0.25), 8), Timeline(CartPole(), Pilot("0101"), 8),
    Timeline(FrozenLake(), Human("0123", gamma=0.5), 2).edited(2, alpha=0.1),
    Timeline(FrozenLake(), Human("0123"), 2).edited(2, agent=Human("01230000", alpha=0.2)),
    Timeline(FrozenLake(), Human("0000"), 2).edited(2, agent=Human("0012")),
], ids=repr)
def test_a_link_brings_the_moves_back(run):
    assert from_query_string(to_query_string(View(run, 2, 4))) == View(run, 2, 4)


def test_the_longest_run_fits_into_a_link():
    run = Timeline(FrozenLake(), Human("0123" * (MOST_MOVES // 4)), 2)
    assert from_query_string(to_query_string(View(run, 0, 0))).timeline == run


@pytest.mark.parametrize(("text", "n", "words"), [
    ("0" * (MOST_MOVES + 1), 4, "at most 5,000 moves"), ("4", 4, "0 to 3, one an action"), ("-", 36, "0 to z"),
    ("A", 36, "0 to z"), ("²", 36, "0 to z"), (" ", 4, "0 to 3"), ("2", 2, "0 to 1")])
def test_moves_that_cannot_be_are_refused_in_a_sentence(text, n, words):
    with pytest.raises(ValueError, match=words) as refused:
        check_moves(text, n)
    assert str(refused.value).count(".") == 1


def test_letters_are_actions_in_order():
    assert as_actions("09az").tolist() == [0, 9, 10, 35] and as_actions("").dtype == np.int64
    check_moves("0123456789abcdefghijklmnopqrstuvwxyz")


@pytest.mark.parametrize("query", [
    "env=lake&agent=human,moves:4", "env=lake&agent=human,moves:z", "env=cartpole&agent=pilot,moves:2",
    "env=lake&agent=human,moves:0123&edits=2,moves:01999999", "env=lake&agent=human,moves:00&edits=2,moves:01999999",
    "env=cartpole&agent=pilot,moves:0101&edits=2,moves:0122", "env=lake&agent=q&edits=3,agent:human,moves:99999",
    f"env=lake&agent=human,moves:{'0' * 5001}", "env=lake&agent=human,moves:Ω"])
def test_a_link_with_actions_that_do_not_exist_is_refused_before_anything_is_played(query):
    """Compiled loops do not check their indices: such a move would read and write beyond the table."""
    with pytest.raises(BadLink, match=r"moves"):
        from_query_string(f"v=1&{query}&seed=3&t=2")
