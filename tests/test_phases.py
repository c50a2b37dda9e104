"""A step taken apart: what each phase says is what the engine did, die by die and number by number."""

import numpy as np
import pytest

from rl.agents.binned_q_learning import BinnedQLearning
from rl.agents.control.q_learning import QLearning
from rl.agents.human import Human
from rl.agents.pilot import Pilot
from rl.dice import EXPLORE, WORLD, shown, uniform
from rl.envs import ENVS
from rl.envs.base import Action
from rl.envs.blackjack import Blackjack
from rl.envs.cart_pole import CartPole
from rl.envs.frozen_lake import FrozenLake
from rl.envs.grid_world import GridWorld
from rl.envs.taxi import Taxi
from rl.phases import NAMES, _die, epsilon_greedy_chances, epsilon_greedy_dice, number, phases, world_dice
from rl.policies import epsilon_greedy
from rl.timeline import Timeline
from tests.strategies import TableWorld, smaller

N = 600
LAKE = Timeline(FrozenLake(), QLearning(alpha=0.5, epsilon=0.3, initial=0.5), 3)


def hit(die):
    return die.parts[die.hit][1]


@pytest.mark.parametrize("epsilon", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("slug", ENVS)
def test_the_dice_shown_are_the_dice_that_decided(slug, epsilon):
    run = Timeline(smaller(ENVS[slug]), QLearning(alpha=0.5, epsilon=epsilon), 11)
    log, found = run.steps(0, N), phases(run, 0, N)
    names = [action.name for action in run.env.actions]
    assert len(found) == N
    for step, action, explored in zip(found, log.action, log.explored, strict=True):
        assert (hit(step.choice[0]) == "explore") == explored
        tied = step.row.count(max(step.row))
        assert len(step.choice) == (2 if explored or tied > 1 else 1)
        chosen = hit(step.choice[1]) if len(step.choice) == 2 else names[int(np.argmax(step.row))]
        assert chosen == names[action]
        assert all(0 <= die.roll < 1 and sum(length for length, _ in die.parts) == pytest.approx(1)
                   for die in (*step.choice, *step.luck))


@pytest.mark.parametrize("slug", ENVS)
def test_the_worlds_die_fell_on_what_happened(slug):
    run = Timeline(smaller(ENVS[slug]), QLearning(alpha=0.5, epsilon=0.3), 11)
    log, mdp = run.steps(0, N), run.env.mdp
    for t, step in enumerate(phases(run, 0, N)):
        s, a = log.state[t], log.action[t]
        happens = np.flatnonzero(mdp.probability[s, a] > 0)
        assert len(step.luck) == (len(happens) > 1)
        for die in step.luck:
            k = happens[die.hit]
            came = log.next_state[t], log.reward[t], log.ended[t] == 1
            assert (mdp.next_state[s, a, k], mdp.reward[s, a, k], mdp.terminal[s, a, k]) == came
            assert die.roll == uniform(11, t, WORLD)
            assert np.allclose([length for length, _ in die.parts], mdp.probability[s, a, happens])


@pytest.mark.parametrize(("roll", "hit"), [(0.0, 1), (0.25, 1), (0.4999, 1), (0.5, 2), (0.9999999, 2)])
def test_a_roll_at_the_edge_belongs_to_the_part_above_it(roll, hit):
    """As in the engine: explore if roll < epsilon, so never at epsilon 0."""
    assert _die("?", roll, [(0.0, "never"), (0.5, "low"), (0.5, "high")]).hit == hit


def test_dice_named_by_hand_on_the_ice():
    (die,) = world_dice(FrozenLake(), 0, 3, 3, 0)  # up, in the corner: to either side or ahead, each a third
    assert [text for _, text in die.parts] == ["right", "stay", "stay"]
    assert [length for length, _ in die.parts] == pytest.approx([1 / 3] * 3)
    assert world_dice(FrozenLake(success=1.0), 0, 3, 3, 0) == ()


def test_two_ways_into_one_place_make_one_chance():
    """Up in the corner of the ice: ahead and to the left there is only the edge, so it stays with chance 2/3."""
    said = {step.says[2].split(": ")[1] for step in phases(LAKE, 0, N)
            if "“stay”" in step.says[2] and "“up”" in step.says[2] and step.says[0].endswith("row 1, column 1.")}
    assert said == {"“stay”, a chance of 67 %."}


@pytest.mark.parametrize(("row", "epsilon", "chances"), [
    ([1, 2, 3, 0], 0.2, [0.05, 0.05, 0.85, 0.05]),
    ([1, 3, 3, 0], 0.2, [0.05, 0.45, 0.45, 0.05]),
    ([0, 0, 0, 0], 0.2, [0.25] * 4),
    ([1, 2, 3, 0], 0.0, [0, 0, 1, 0]),
    ([1, 2, 3, 0], 1.0, [0.25] * 4),
    ([-1e300, 0, 0, -0.0], 0.0, [0, 1 / 3, 1 / 3, 1 / 3]),
])
def test_chances_are_the_exact_ones_of_epsilon_greedy(row, epsilon, chances):
    assert epsilon_greedy_chances(np.array(row, float), epsilon) == pytest.approx(chances, abs=1e-15)


def test_chances_are_how_often_each_action_is_taken():
    q = np.array([[0.5, 2.0, -1.0, 2.0, 0.0]])
    taken = np.bincount([epsilon_greedy(q, 0, 0.3, 5, t)[0] for t in range(20_000)], minlength=5) / 20_000
    assert taken == pytest.approx(epsilon_greedy_chances(q[0], 0.3), abs=0.012)  # 3.5 standard deviations
    assert epsilon_greedy_chances(q[0], 0.3).sum() == pytest.approx(1)


def test_chances_of_every_step_sum_to_one():
    assert all(sum(step.chances) == pytest.approx(1) for step in phases(LAKE, 0, N))


@pytest.mark.parametrize("epsilon", [0.0, 0.1, 0.3, 1.0])
def test_dice_of_any_row_name_the_action_that_is_taken(epsilon):
    names, rng = list("abcdef"), np.random.default_rng(0)
    for t in range(3000):
        row = rng.integers(0, 3, 6).astype(float)  # many ties
        action, explored = epsilon_greedy(row[None], 0, epsilon, 7, t)
        dice = epsilon_greedy_dice(row, epsilon, 7, t, names)
        assert (hit(dice[0]) == "explore") == explored
        assert (hit(dice[1]) if len(dice) == 2 else names[int(row.argmax())]) == names[action]


def test_the_row_is_the_table_before_the_update():
    log = LAKE.steps(100, 400)
    for t, step in zip(range(100, 400), phases(LAKE, 100, 400), strict=True):
        row = LAKE.at(t).memory.q[log.state[t - 100]]
        assert np.array_equal(step.row, row)
        assert row[log.action[t - 100]] == log.old[t - 100]


@pytest.mark.parametrize("changes", [{"initial": 3.0}, {"alpha": 0.05}, {"epsilon": 1.0}, {"gamma": 0.0}])
def test_rows_and_rules_change_with_an_edit(changes):
    run = LAKE.edited(20, **changes)
    log, found = run.steps(0, 60), phases(run, 0, 60)
    for t in range(60):
        assert np.array_equal(found[t].row, run.at(t).memory.q[log.state[t]])
        assert f"ε = {0.3 if t < 20 else changes.get('epsilon', 0.3):.3g}" in found[t].says[1]
        assert f"α = {0.5 if t < 20 else changes.get('alpha', 0.5):.3g}" in found[t].says[4]


def test_phases_from_the_middle_are_those_from_the_beginning():
    run = LAKE.edited(30, initial=2.0).edited(45, alpha=0.1)
    assert phases(run, 0, 80)[40:] == phases(run, 40, 80)


LINE = TableWorld(((((1.0, 1, 2.0, False),), ((1.0, 0, 0.0, False),)),
                   (((1.0, 0, 5.0, True),), ((1.0, 1, 0.0, False),))))


def test_the_sentences_of_two_steps_worked_out_by_hand():
    """State 0 pays 2 and leads to 1, which pays 5 and ends it; alpha 0.5, gamma 0.9, greedy, all values 0 at first."""
    run = Timeline(LINE, QLearning(alpha=0.5, gamma=0.9, epsilon=0.0), 3)
    log = run.steps(0, 40)
    first = int(np.flatnonzero((log.state == 0) & (log.action == 0) & (log.old == 0))[0])
    says = phases(run, first, first + 1)[0].says
    assert says[0] == "The agent is told where it is: state 0."
    assert says[2] == "It does “0”, and here the world has only one answer to that."
    assert says[3] == "The reward is 2, the next state state 1."
    assert says[4] == ("The target is the reward and what is ahead: 2 + 0.9 × 0 = 2. "
                       "Q moves the part α = 0.5 of the way there: 0 → 1.")
    end = int(np.flatnonzero((log.state == 1) & (log.action == 0))[0])
    says = phases(run, end, end + 1)[0].says
    assert says[3].endswith("The episode ends here.")
    assert says[4] == ("Nothing comes after the end, so the target is the reward alone, 5. "
                       "Q moves the part α = 0.5 of the way there: 0 → 2.5.")
    steps = int(log.k[end]) + 1
    assert says[5] == f"The episode is over: {steps} steps, return 7. The next one starts at state 0."


def test_every_sentence_of_an_update_holds_the_numbers_of_the_log():
    log = LAKE.steps(0, N)
    for step, old, target, new in zip(phases(LAKE, 0, N), log.old, log.target, log.new, strict=True):
        assert f"{number(old)} → {number(new)}." in step.says[4]
        assert f" = {number(target)}." in step.says[4] or f"alone, {number(target)}." in step.says[4]


def test_what_is_ahead_is_the_best_value_of_the_next_state():
    log = LAKE.steps(200, 500)
    for t, step in zip(range(200, 500), phases(LAKE, 200, 500), strict=True):
        best = LAKE.at(t).memory.q[log.next_state[t - 200]].max()
        if log.ended[t - 200] != 1:
            assert f"0.99 × {number(best)} =" in step.says[4]


def test_no_discount_and_no_step_size():
    blind, rigid = (Timeline(LINE, QLearning(alpha=a, gamma=g), 3) for a, g in ((0.5, 0.0), (0.0, 0.9)))
    assert any("2 + 0 × max Q = 2." in step.says[4] for step in phases(blind, 0, 20))
    assert {step.says[4] for step in phases(rigid, 0, 20)} == {
        "Its step size α is 0: it learns nothing, and the table stays as it is."}


def test_a_time_limit_is_not_an_end():
    short = Timeline(GridWorld(horizon=4), QLearning(alpha=0.5), 3)
    says = phases(short, 3, 4)[0].says
    assert says[3].endswith("Time is up.")
    assert says[4].startswith("The target is the reward and what is ahead")
    assert says[5].startswith("The episode is over: 4 steps, return ")
    assert "Time is up" not in " ".join(text for step in phases(short, 0, 3) for text in step.says)


def test_the_next_episode_starts_where_it_does():
    run = Timeline(Taxi(), QLearning(alpha=0.5), 3)
    end = int(run.episodes(2000).end[0])
    start = run.env.state_name(int(run.steps(end, end + 1).state[0]))
    assert phases(run, end - 1, end)[0].says[5].endswith(f"The next one starts at {start}.")


def test_a_person_rolls_no_dice():
    run = Timeline(FrozenLake(), Human(moves="1221"), 3)
    for step, action in zip(phases(run, 0, 4), (1, 2, 2, 1), strict=True):
        assert (step.choice, step.chances) == ((), ())
        assert step.says[1] == f"You chose {run.env.actions[action].name}."
        assert len(step.luck) == 1
    assert len(phases(run, 0, 50)) == 4 and phases(run, 4, 50) == []


def test_blackjack_names_the_card_that_was_drawn():
    run = Timeline(Blackjack(), QLearning(epsilon=1.0), 3)
    log, found = run.steps(0, 300), phases(run, 0, 300)
    hits = [hit(step.luck[0]) for step, action in zip(found, log.action, strict=True) if action == 1]
    assert all(text.startswith("You drew a") for text in hits) and len(set(hits)) == 10
    sticks = [hit(step.luck[0]) for step, action in zip(found, log.action, strict=True) if action == 0]
    assert all(text.startswith("The dealer ") for text in sticks)
    bust = next(i for i in range(300) if log.action[i] == 1 and log.ended[i])
    assert found[bust].says[3] == "The reward is −1. The episode ends here."  # no "next state: you 19" for a hand of 29


def test_taxi_names_who_is_where():
    run = Timeline(Taxi(rainy="yes"), QLearning(epsilon=1.0), 3)
    log = run.steps(0, 200)
    for step, s in zip(phases(run, 0, 200), log.state, strict=True):
        assert step.says[0] == f"The agent is told where it is: {run.env.state_name(int(s))}."
        assert all(hit(die) in ("left", "right", "up", "down", "stay") for die in step.luck)


@pytest.mark.parametrize("agent", [BinnedQLearning(epsilon=0.3), Pilot(moves="01" * 30)])
def test_a_pole_has_phases_too(agent):
    run = Timeline(CartPole(), agent, 3)
    log = run.steps(0, 60)
    found = phases(run, 0, 60)
    assert [step.luck for step in found] == [()] * 60
    for step, action, explored in zip(found, log.action, log.explored, strict=True):
        assert len(step.says) == len(NAMES)
        assert f"“{run.env.actions[action].name}”" in step.says[2]
        assert not step.choice or (hit(step.choice[0]) == "explore") == explored


def test_a_roll_never_looks_like_the_other_side_of_epsilon():
    assert [shown(roll) for roll in (0.0996, 0.1, 0.29999, 0.999999, 0.0)] == ["0.09", "0.10", "0.29", "0.99", "0.00"]
    run = Timeline(FrozenLake(), QLearning(epsilon=0.1), 3)
    for t, step in enumerate(phases(run, 0, N)):
        roll = float(step.says[1].split("shows ")[1].split(",")[0])
        assert (roll < 0.1) == (uniform(3, t, EXPLORE) < 0.1)


@pytest.mark.parametrize(("x", "text"), [
    (-0.5, "−0.5"), (1e-13, "0"), (-1e-13, "0"), (-1102.0, "−1,102"), (1e300, "1e+300"), (20, "20"),
                                         (0.98765, "0.988")])
def test_numbers_as_a_learner_reads_them(x, text):
    assert number(x) == text


def test_moves_on_a_grid_are_named_by_their_direction():
    assert [action for action in GridWorld().actions if action == Action("up", 0, -1)]
    run = Timeline(GridWorld(slip=0.5), QLearning(epsilon=1.0), 3)
    names = {hit(die) for step in phases(run, 0, 400) for die in step.luck}
    assert names <= {"left", "right", "up", "down", "stay"}
