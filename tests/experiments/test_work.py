"""A block of seeds says what its runs come to, and is the same whenever and however it is made."""

import numpy as np
import pytest

from rl.agents.control.q_learning import QLearning
from rl.envs.cart_pole import CartPole
from rl.envs.cliff_walking import CliffWalking
from rl.envs.frozen_lake import FrozenLake
from rl.envs.grid_world import GridWorld
from rl.experiments.measures import EXACT, MEASURES, area, first_above, online_return
from rl.experiments.work import Task, attempt, measured, numbers_of
from rl.timeline import Timeline
from rl.trials import play, run_trials
from rl.truth import greedy_start_value

NAN, INF = float("nan"), float("inf")
CLIFF = Timeline(CliffWalking(), QLearning(alpha=0.5, gamma=1.0))
TASK = Task(60, 200_000, -60.0, 20)


def column(block, name):
    return block.measured[:, list(MEASURES).index(name)]


def test_a_block_is_the_trials_and_what_follows_from_them():
    block, trials = measured(CLIFF, range(3, 8), TASK), run_trials(CLIFF, range(3, 8), 60)
    assert np.array_equal(block.returns, trials.returns) and np.array_equal(block.lengths, trials.lengths)
    assert block.returns.dtype == np.float32
    assert column(block, "online").tolist() == trials.returns[:, 40:].mean(axis=1).tolist()
    assert column(block, "area").tolist() == trials.returns.sum(axis=1).tolist()
    assert column(block, "steps").tolist() == column(block, "updates").tolist() == trials.lengths.sum(axis=1).tolist()
    assert set(column(block, "memory")) == {48 * 4 * 16.0}  # a value and a count for every state and action
    for seed, greedy in zip(range(3, 8), column(block, "greedy"), strict=True):
        end = Timeline(CLIFF.env, CLIFF.agent, seed)
        assert greedy == greedy_start_value(CLIFF.env, 1.0, end.at(end.after_episodes(0, 60)).memory.q)
    assert (column(block, "seconds") > 0).all()


def test_a_block_is_the_same_in_parts():
    whole, first, second = (measured(CLIFF, seeds, TASK) for seeds in (range(6), range(2), range(2, 6)))
    exact = [list(MEASURES).index(name) for name in EXACT]
    assert np.array_equal(whole.measured[:, exact], np.vstack([first.measured, second.measured])[:, exact])
    assert np.array_equal(whole.returns, np.vstack([first.returns, second.returns]))


def test_curves_of_many_episodes_are_averaged_and_the_measures_are_not():
    fine, coarse = measured(CLIFF, range(3), TASK), measured(CLIFF, range(3), TASK._replace(stride=25))
    exact = [list(MEASURES).index(name) for name in EXACT]
    assert np.array_equal(fine.measured[:, exact], coarse.measured[:, exact])
    returns = run_trials(CLIFF, range(3), 60).returns
    expected = np.stack([returns[:, :25].mean(1), returns[:, 25:50].mean(1), returns[:, 50:].mean(1)], axis=1)
    assert coarse.returns == pytest.approx(expected, rel=1e-6)


def test_a_seed_that_never_gets_done_is_told_from_one_that_does():
    trap = Timeline(GridWorld(map="S..........G"), QLearning(epsilon=0.0, alpha=0.0, initial=-1.0))
    block = measured(trap, [0], Task(5, 30, 0.0, 2))
    assert np.isnan(block.returns[0, -1]) and np.isnan(column(block, "online")[0])
    assert column(block, "steps").tolist() == [30] and column(block, "steps_to").tolist() == [INF]


def test_an_edit_of_the_world_is_part_of_a_condition():
    edited = CLIFF.edited(300, env=CliffWalking(slippery="yes"))
    plain, changed = measured(CLIFF, [4], TASK), measured(edited, [4], TASK)
    assert changed.returns[0].tolist() == run_trials(edited, [4], 60).returns[0].tolist() != plain.returns[0].tolist()
    run, curves = play(edited, 4, 60)
    assert run.env == CliffWalking(slippery="yes")
    assert numbers_of(run, curves, TASK)["greedy"] == column(changed, "greedy")[0]


def test_where_no_table_of_transitions_is_known_there_is_no_exact_value():
    from rl.agents.binned_q_learning import BinnedQLearning
    block = measured(Timeline(CartPole(), BinnedQLearning()), [1], Task(5, 10_000, 0.0, 2))
    assert np.isnan(column(block, "greedy")[0]) and column(block, "online")[0] > 5


def test_what_goes_wrong_becomes_a_sentence():
    class Broken(QLearning):
        def new_memory(self, model, seed):
            raise IndexError("no such thing")

    class Refused(QLearning):
        def new_memory(self, model, seed):
            raise ValueError("This world is too large for it.")

    assert attempt(7, (0, 1), CLIFF, 0, TASK).block.returns.shape == (2, 60)
    for kind, said in ((Broken, "It cannot be run: IndexError: no such thing"),
                       (Refused, "This world is too large for it.")):
        outcome = attempt(7, (0, 1), Timeline(FrozenLake(), kind()), 0, TASK)
        assert (outcome.condition, outcome.places, outcome.block) == (7, (0, 1), said)


def test_measures_of_hand_made_returns():
    returns, lengths = np.array([1.0, 5.0, 3.0, 4.0, 6.0]), np.array([10.0, 20.0, 30.0, 40.0, 50.0])
    assert online_return(returns, 2) == 5.0 and online_return(returns, 99) == 3.8 and area(returns) == 19.0
    # means of two: 3, 4, 3.5, 5
    assert first_above(returns, lengths, 3.0, 2) == (30, 2)
    assert first_above(returns, lengths, 3.9, 2) == (60, 3)
    assert first_above(returns, lengths, 5.0, 2) == (150, 5)
    assert first_above(returns, lengths, 5.1, 2) == first_above(returns, lengths, 0.0, 6) == (INF, INF)
    assert first_above(returns, lengths, 5.0, 1) == (30, 2)


def test_a_gap_is_neither_reached_nor_averaged_away():
    returns, lengths = np.array([1.0, 2.0, 3.0, NAN]), np.array([1.0, 1.0, 1.0, NAN])
    assert np.isnan(online_return(returns, 2)) and np.isnan(area(returns))
    assert first_above(returns, lengths, 2.5, 2) == (3, 3) and first_above(returns, lengths, 2.6, 2) == (INF, INF)
