"""Gradient ascent as a run: each step by hand, the book's optimum, plateaus, and the promises of every agent."""

import sys
from dataclasses import replace
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rl.agents.control.q_learning import QLearning
from rl.agents.policy.ascent import FOLLOWS, IN_THE_HEAD, MOST_EPISODES, Ascent, is_small
from rl.agents.policy.reinforce import Reinforce
from rl.agents.policy.slope import SPAN, kept_near
from rl.changes import changes, stacked
from rl.envs import ENVS
from rl.envs.cliff_walking import CliffWalking
from rl.envs.five_by_five import FiveByFive
from rl.envs.frozen_lake import FrozenLake
from rl.envs.grid_world import GridWorld
from rl.envs.gym_live import GymLive
from rl.envs.maximisation_bias import MaximisationBias
from rl.envs.short_corridor import ShortCorridor
from rl.envs.taxi import Taxi
from rl.envs.three_arms import ThreeArms
from rl.gradient_cloud import sampled, state_values
from rl.jit import plain
from rl.knob import knobs
from rl.link import View, from_query_string, to_query_string
from rl.natural_gradient import natural_gradient
from rl.policy_gradient import available, exact_gradient, objective, softmax
from rl.run import FOREVER, advance, begin
from rl.standalone import standalone
from rl.tape import EpisodeLog, StepLog, Tape, blank, joined
from rl.timeline import Timeline
from tests.strategies import same, same_place, seeds

EXACT, NATURAL, SAMPLE = FOLLOWS
WORLDS = [ThreeArms(), ShortCorridor(), FrozenLake(), GridWorld(map="S..H/.#C./...G", slip=0.2),
          MaximisationBias(actions_in_b=4), FiveByFive()]
worlds = st.sampled_from(WORLDS)


def values(knob):
    if knob.options:
        return st.sampled_from(knob.options)
    return st.integers(1, 12) if knob.whole else st.floats(knob.low, knob.high, allow_subnormal=False)


agents = st.builds(Ascent, **{name: values(knob) for name, (_, knob) in knobs(Ascent).items()})


def worth(run, gamma=1.0):
    return objective(run.env.mdp, run.memory.pi, gamma)


@pytest.mark.parametrize("follows", FOLLOWS)
@pytest.mark.parametrize("sees", ["the state", "nothing"])
@pytest.mark.parametrize("env", [ThreeArms(), ShortCorridor(), GridWorld(map="S..G/.#.H/....", slip=0.2)], ids=repr)
def test_a_step_is_theta_plus_alpha_times_the_direction_it_follows(env, sees, follows):
    agent = Ascent(follows=follows, sees=sees, alpha=0.03, batch=4, preference=0.5, baseline="value of the state")
    run, mdp = Timeline(env, agent, 9), env.mdp
    theta = run.at(5).memory.theta[:1] if sees == "nothing" else run.at(5).memory.theta
    if follows == SAMPLE:
        b = state_values(mdp, theta, 1.0)
        g = sampled(mdp, theta, b, 1.0, 0.0, 9, 5 * MOST_EPISODES, 4, 1).samples.reshape(theta.shape)
    else:
        g = (exact_gradient if follows == EXACT else natural_gradient)(mdp, theta, 1.0)
    there = available(mdp)
    after = run.at(6).memory
    assert after.theta[there] == pytest.approx(np.broadcast_to(theta + 0.03 * g, there.shape)[there])
    assert after.gradient[there] == pytest.approx(np.broadcast_to(g, there.shape)[there])
    assert after.pi == pytest.approx(softmax(after.theta, mdp)) and not after.gradient[~there].any()


def test_the_first_step_among_three_arms_by_hand():
    """pi = 1/3: the gradient is (q - mean q) / 3 = (0, 1/6, -1/6)."""
    log = Timeline(ThreeArms(), Ascent(alpha=0.6)).steps(0, 1)
    assert (log.state[0], log.updated_state[0], log.next_state[0], log.ended[0], log.k[0]) == (0, 0, 0, 0, 0)
    assert log.updated_action[0] == log.action[0] and log.action[0] in (1, 2)
    assert abs(log.target[0]) == pytest.approx(1 / 6) and log.baseline[0] == log.old[0] == 0
    assert abs(log.new[0]) == pytest.approx(0.1) and log.alpha[0] == 0.6 and log.chance[0] == pytest.approx(1 / 3)
    chances = np.exp([0, 0.1, -0.1]) / np.exp([0, 0.1, -0.1]).sum()
    assert log.reward[0] == pytest.approx(0.5) and log.ret[0] == pytest.approx(chances @ [0.5, 1, 0])


def test_a_blind_policy_climbs_to_the_best_in_the_corridor():
    """S&B example 13.1: p = 2 - sqrt 2 and -11.657."""
    run = Timeline(ShortCorridor(), Ascent(sees="nothing", preference=2.0, alpha=0.02)).at(400)
    assert run.memory.pi[:3, 1] == pytest.approx(np.full(3, 2 - np.sqrt(2)), abs=1e-9)
    assert run.clock.ret[0] == pytest.approx(-11.6569, abs=1e-4)


def test_steps_too_large_leap_from_corner_to_corner_for_ever():
    run = Timeline(ShortCorridor(), Ascent(sees="nothing", preference=2.0, alpha=0.1))
    chance, right = run.steps(390, 400).chance, [run.at(t).memory.pi[0, 1] for t in (398, 399)]
    assert (np.minimum(chance, 1 - chance) < 1e-6).all()
    assert abs(right[0] - right[1]) > 0.99


def test_samples_reach_the_corridors_optimum_within_their_error():
    """The optimum is 2 - sqrt 2; small steps of large batches end near it."""
    agent = Ascent(sees="nothing", follows=SAMPLE, batch=50, alpha=0.01, baseline="value of the state")
    seen = np.array([Timeline(ShortCorridor(), agent, 4).at(t).memory.pi[0, 1] for t in range(400, 801, 20)])
    assert seen.mean() == pytest.approx(2 - np.sqrt(2), abs=0.02) and seen.std() < 0.05


def test_who_sees_the_corridor_learns_the_way_and_blind_steps_keep_all_states_alike():
    assert worth(Timeline(ShortCorridor(), Ascent(alpha=1.0)).at(400)) == pytest.approx(-3, abs=0.01)
    blind = Timeline(ShortCorridor(), Ascent(sees="nothing", follows=SAMPLE)).at(50).memory
    assert (blind.pi[:3] == blind.pi[0]).all() and not blind.pi[3].any()


def test_the_natural_gradient_leaves_the_plateau_of_a_wrong_corner_much_sooner():
    """Nearly sure of arm 1, worth 0.5, the exact gradient is nearly flat; the natural one is the advantage as ever."""
    steps = {}
    for follows in (EXACT, NATURAL):
        ret = Timeline(ThreeArms(), Ascent(follows=follows, preference=4.0)).steps(0, 2000).ret
        steps[follows] = int(np.argmax(ret > 0.9))
    assert 0 < 5 * steps[NATURAL] < steps[EXACT]


def test_the_natural_gradient_finds_the_shortest_way_along_the_cliff():
    """Thirteen steps; a step of the exact gradient as long jumps to a corner, seventeen steps long, and stays."""
    natural, exact = (Timeline(CliffWalking(), Ascent(follows=f)).at(1000) for f in (NATURAL, EXACT))
    assert worth(natural) == pytest.approx(-13, abs=0.01) and worth(exact) < -16


def test_the_entropy_bonus_keeps_a_policy_from_its_corner():
    run = Timeline(ThreeArms(), Ascent(entropy=0.5, alpha=1.0)).at(1000)
    best = np.exp(np.array([0.5, 1.0, 0.0]) / 0.5)  # of a bandit with a bonus beta: pi ~ exp(q / beta)
    assert run.memory.pi[0] == pytest.approx(best / best.sum(), abs=1e-9)
    assert run.clock.ret[0] == pytest.approx(run.memory.pi[0] @ [0.5, 1.0, 0.0])


def test_where_nothing_is_finite_the_exact_gradient_stays_and_samples_go_on():
    still = Timeline(FiveByFive(), Ascent()).at(20)
    assert np.isnan(still.clock.ret[0]) and not still.memory.theta.any() and still.memory.counts[0] == 20
    moved = Timeline(FiveByFive(), Ascent(follows=SAMPLE)).at(2).memory
    assert moved.theta.any() and np.isfinite(moved.theta).all() and moved.counts.tolist() == [2, 2, 2]


def test_no_action_is_lost_however_large_a_step_and_a_rows_mean_stays():
    there = np.array([[True, True, True], [True, True, False]])
    near = kept_near(np.array([[40.0, 0.0, 2.0], [1.0, 2.0, -np.inf]]), there)
    assert near[0].max() - near[0].min() == pytest.approx(SPAN) and near[0].sum() == pytest.approx(42)
    assert near[1].tolist() == [1, 2, -np.inf]
    run = Timeline(CliffWalking(), Ascent(alpha=10.0)).at(30).memory
    assert np.ptp(run.theta, axis=1).max() <= SPAN + 1e-9 and run.pi[available(CliffWalking().mdp)].min() > 1e-8


@given(agents, worlds, seeds)
@settings(max_examples=25)
def test_policies_stay_policies_and_the_log_says_what_became_of_its_entry(agent, env, seed):
    run = Timeline(env, agent, seed)
    log, memory, there = run.steps(0, 40), run.at(40).memory, available(env.mdp)
    assert memory.pi.sum(axis=1)[there.any(axis=1)] == pytest.approx(1, abs=1e-12) and not memory.pi[~there].any()
    assert np.isfinite(memory.theta[there]).all() and len(log) == 40
    if env.mdp.missing.size:
        assert (memory.theta[env.mdp.missing] == -np.inf).all()
    moved = log.old + log.alpha * (log.target - log.baseline)
    assert np.abs(log.new - moved).max() <= 1e-9 * (1 + np.abs(log.alpha * log.target)).max()
    assert there[log.updated_state, log.updated_action].all() and ((log.chance > 0) & (log.chance <= 1)).all()
    assert np.array_equal(log.reward[1:], log.ret[:-1], equal_nan=True) and log.k.tolist() == list(range(40))
    for t in (0, 17, 39):
        place = int(log.updated_state[t]), int(log.updated_action[t])
        assert (run.at(t).memory.theta[place], run.at(t + 1).memory.theta[place]) == (log.old[t], log.new[t])


@given(agents, worlds, seeds, st.lists(st.integers(0, 60), max_size=4))
@settings(max_examples=15)
def test_a_run_that_stops_and_goes_on_is_the_run_in_one_go(agent, env, seed, stops):
    whole, parts = begin(env, agent, seed), begin(env, agent, seed)
    log = advance(whole, 60, FOREVER, 60)[0]
    pieces = [advance(parts, stop, FOREVER, 60)[0] for stop in [*sorted(stops), 60]]
    assert same_place(parts, whole) and same(joined(pieces), log)


@given(st.lists(agents, min_size=3, max_size=3), worlds, seeds)
@settings(max_examples=15)
def test_going_back_and_forth_over_edits_is_playing_on_and_a_link_says_it_all(three, env, seed):
    run = Timeline(env, three[0], seed).edited(13, agent=three[1]).edited(31, agent=three[2])
    again = joined([run.steps(start, start + 10) for start in range(40, -10, -10)][::-1])
    assert same(again, run.steps(0, 50))
    assert from_query_string(to_query_string(View(run, 3, 40))) == View(run, 3, 40)
    found, seen = changes(run, 32, 50), stacked(run.at(32))
    for i in range(18):
        part = slice(found.first[i], found.first[i + 1])
        seen[found.entry[part]] = found.now[part]
    assert np.array_equal(seen, stacked(run.at(50)))


@pytest.mark.parametrize("follows", FOLLOWS)
def test_a_plain_run_is_the_compiled_one_bit_for_bit(follows):
    agent, found = Ascent(follows=follows, batch=2, entropy=0.1, sees="nothing", alpha=0.01), []
    for loop in (Ascent.loop, plain(Ascent.loop)):
        run = begin(ShortCorridor(), agent, 5)
        tape = Tape(0, 0, blank(StepLog, 40), blank(EpisodeLog, 0))
        loop(run.env.model, 5, run.memory, run.clock, tape, 40, FOREVER, *agent.parameters())
        found.append([*tape.steps, *run.memory, *run.clock])
    assert same(*found)


def test_the_script_to_take_away_goes_on_like_the_run(monkeypatch):
    run = Timeline(ShortCorridor(), Ascent(follows=SAMPLE, batch=3), 5).edited(10, agent=Ascent(follows=NATURAL))
    taken_away = ModuleType("taken_away")
    monkeypatch.setitem(sys.modules, "taken_away", taken_away)
    exec(compile(standalone(run, 30), "run.py", "exec", dont_inherit=True), vars(taken_away))
    (_, *first), (_, *then) = taken_away.SETTINGS
    mine = taken_away.begin(*first, 5)
    taken_away.advance(mine, 10)
    mine = taken_away.changed(mine, *then)
    taken_away.advance(mine, 30)
    assert same(mine.memory, run.at(30).memory)


def test_visits_are_those_of_the_imagined_episodes():
    """Twelve steps an episode at first, six of them in cell 1."""
    memory = Timeline(ShortCorridor(), Ascent(follows=SAMPLE, batch=200, alpha=0.0)).at(50).memory
    assert memory.visits.sum(axis=1) / memory.counts[1] == pytest.approx([6, 4, 2, 0], rel=0.1)
    assert memory.counts.tolist()[:2] == [50, 10_000] and Ascent().updates(memory) == 50
    assert not Timeline(ShortCorridor(), Ascent()).at(50).memory.visits.any()


def test_a_large_batch_cuts_its_episodes_sooner_so_that_a_step_stays_a_step():
    run = Timeline(FiveByFive(), Ascent(follows=SAMPLE, batch=200)).at(1)
    assert run.memory.visits.sum() == IN_THE_HEAD and run.memory.counts.tolist() == [1, 200, 200]


def test_only_small_worlds_with_a_table_are_climbed():
    playable = {slug for slug, kind in ENVS.items() if Ascent().can_play(kind)}
    assert {"lake", "corridor", "arms3", "grid", "cliff", "walk"} <= playable
    assert not playable & {"taxi", "cars", "gambler", "blackjack", "bias", "windy"}
    assert is_small(MaximisationBias(actions_in_b=6)) and not Ascent().can_play(GymLive())
    with pytest.raises(ValueError, match=r"^Gradient ascent cannot play Taxi: it is made for other worlds\.$"):
        Timeline(Taxi(), Ascent())
    with pytest.raises(ValueError, match="cannot play Grid world"):
        Timeline(GridWorld(map="S......./" + "......../" * 7 + ".......G"), Ascent())


def test_a_run_is_as_long_as_its_work_allows():
    assert Timeline(ShortCorridor(), Ascent()).last == 10_000
    assert Timeline(ShortCorridor(), Ascent(follows=SAMPLE, batch=200)).last == 1333


def test_walls_painted_and_eyes_opened_in_mid_run_leave_a_policy_behind():
    open_, walled = GridWorld(map="S../..G"), GridWorld(map="S.#/..G")
    memory = Timeline(open_, Ascent(sees="nothing")).edited(9, walled).edited(20, sees="the state").at(40).memory
    assert not memory.pi[2].any() and not memory.theta[2].any() and memory.pi[[0, 1, 3, 4]].sum() == pytest.approx(4)
    blinded = Timeline(open_, Ascent()).edited(9, sees="nothing").at(9).memory
    assert (blinded.theta[:5] == Timeline(open_, Ascent()).at(9).memory.theta[0]).all()


def test_a_learner_of_policies_hands_its_preferences_on_and_others_do_not():
    run = Timeline(ShortCorridor(), Reinforce(), 1).edited(300, agent=Ascent())
    assert run.at(300).memory.theta == pytest.approx(Timeline(ShortCorridor(), Reinforce(), 1).at(300).memory.theta)
    assert worth(run.at(700)) > worth(run.at(300))
    back = Timeline(ShortCorridor(), Ascent(), 1).edited(50, agent=Reinforce())
    assert back.at(50).memory.theta == pytest.approx(back.at(49).memory.theta, abs=0.5)
    with pytest.raises(ValueError, match="start over"):
        Timeline(ShortCorridor(), QLearning()).edited(10, agent=Ascent())
    assert replace(Ascent(), preference=1).parameters() == Ascent().parameters()
