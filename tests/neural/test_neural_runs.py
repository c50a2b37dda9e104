"""A neural run is a place one can go to: rewound, stopped, edited or sent as a link it is the same to the last bit."""

import csv
import io
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rl.agents import AGENTS
from rl.agents.neural.actor_critic import NetActorCritic
from rl.agents.neural.learner import DIVERGENCE, FILLED, ROWS, UPDATES, prepare
from rl.agents.neural.learning import learn_clipped
from rl.agents.neural.ppo import PPO
from rl.agents.neural.reinforce import NetReinforce
from rl.envs.acrobot import Acrobot
from rl.envs.cart import Cart
from rl.envs.mountain_car import MountainCar
from rl.export import steps_csv, tables_npz
from rl.jit import COMPILED, plain
from rl.keyframes import Track
from rl.link import View, from_query_string, to_query_string
from rl.physics import begin as begin_body
from rl.run import FOREVER, advance, begin, changed
from rl.tape import TERMINATED, EpisodeLog, StepLog, Tape, blank, joined
from rl.timeline import Timeline
from tests.neural import reference
from tests.strategies import same, same_place
from tests.test_standalone import played

SMALL = (NetReinforce(width=8, alpha=0.01), NetActorCritic(width=8, steps=20, alpha=0.01),
         PPO(width=8, steps=48, batch=20, epochs=2, alpha=0.01))
WORLDS = (Cart(horizon=60), Acrobot(horizon=45))
RUNS = [Timeline(world, agent, 3) for world in WORLDS for agent in SMALL]
runs = pytest.mark.parametrize("run", RUNS, ids=lambda run: f"{run.agent.slug}-{run.env.slug}")
agents = pytest.mark.parametrize("agent", SMALL, ids=lambda agent: agent.slug)


def in_one_go(run, steps):
    """The place after so many steps from the start, without keyframes, and the log."""
    place = begin(run.env, run.agent, run.seed)
    return place, advance(place, steps, FOREVER, steps, steps)


@runs
def test_a_run_that_is_stopped_and_goes_on_is_the_same(run):
    """One step at a time, from a copy each time, over more than one update."""
    whole, (steps, episodes) = in_one_go(run, 150)
    place, logs = begin(run.env, run.agent, run.seed), []
    for t in range(1, 151):
        place = place.copy()
        logs.append(advance(place, t, FOREVER, 1, 1))
    assert same_place(place, whole) and place.memory.counts[UPDATES] >= 3
    assert same(joined([log[0] for log in logs]), steps) and same(joined([log[1] for log in logs]), episodes)


@runs
def test_going_back_replays_the_run_to_the_last_bit(run):
    whole, (steps, episodes) = in_one_go(run, 5000)
    assert same_place(run.at(5000), whole) and same(run.steps(0, 5000), steps) and same(run.episodes(5000), episodes)
    for t in (4321, 17, 2048, 2047, 2049, 960, 959, 961, 0):  # keyframes are 2048 apart, PPO's updates 48
        place = run.at(t)
        assert same_place(place, in_one_go(run, t)[0])
        advance(place, 5000)
        assert same_place(place, whole)
    assert not same(run.at(959).memory[4:5], run.at(961).memory[4:5]) or run.agent.slug == "netreinforce"


@agents
def test_keyframes_hold_all_there_is(agent):
    track = Track("key", begin(WORLDS[0], agent, 8))
    assert track.spacing == agent.stride(WORLDS[0].model) == 2048
    assert same_place(track.run_at(6000), in_one_go(Timeline(WORLDS[0], agent, 8), 6000)[0])


WIDE = {"width": 128, "layers": 3}


@pytest.mark.parametrize("world", [Cart(horizon=1), Cart(), Acrobot()], ids=lambda x: f"{x.slug}{x.horizon}")
@pytest.mark.parametrize("agent", [
    NetActorCritic(width=4, steps=1), NetActorCritic(width=4, steps=20), NetReinforce(width=4, batch=4),
    NetReinforce(width=4, alpha=0.0), PPO(width=4, steps=33, batch=16, epochs=4), PPO(width=4, steps=64, batch=512)],
    ids=lambda agent: f"{agent.slug}-{getattr(agent, 'steps', 0) or agent.batch}")
def test_weights_are_moved_no_more_often_than_is_paid_for(agent, world):
    """Adam's power of beta_1 counts its steps."""
    steps = 33 * 64
    moved = np.log(Timeline(world, agent, 2).at(steps).memory.decay[[0, 2]]) / np.log(0.9)
    assert moved[0] == pytest.approx(moved[1]) and 1 <= moved[0] <= steps * agent.moves(world.model) + 1e-6
    if not isinstance(agent, NetReinforce) or world.horizon == 1:
        assert moved[0] > 0.9 * steps * agent.moves(world.model)


def test_work_is_as_measured():
    """Nanoseconds a step, over the 110 of a unit: what a run may take is at most so long."""
    for agent, world, measured in [
            (PPO(), Cart(), 14_062), (PPO(width=4, layers=1, batch=16, epochs=20), Cart(), 6_836),
            (PPO(batch=16, epochs=20, **WIDE), Cart(), 739_111), (NetActorCritic(steps=1), Cart(), 18_051),
            (NetActorCritic(steps=1, **WIDE), Cart(), 382_411), (NetReinforce(**WIDE), Cart(horizon=1), 365_987)]:
        assert measured / 110 < agent.work(world.model) < measured / 55, agent


def test_heavy_runs_are_remembered_right_after_they_have_learned():
    """So no update is replayed on the way to a moment; and what is remembered of a run stays below 100 MB."""
    model = Cart().model
    for agent in (PPO(epochs=20, batch=16, **WIDE), NetActorCritic(steps=1, **WIDE), NetReinforce(**WIDE)):
        run = Timeline(Cart(), agent, 1)
        spacing, size = agent.stride(model), sum(array.nbytes for array in agent.new_memory(model, 1))
        assert 64 <= spacing < 2048 and spacing % agent.together == 0 and run.last / spacing * size < 100e6
    assert PPO().stride(model) == NetActorCritic().stride(model) == 2048


def test_a_chance_that_comes_to_nothing_has_a_logarithm():
    """The policy becomes certain against what was done: an exponential of -800 is 0 in double precision."""
    agent = PPO(alpha=0.05, alpha_v=0.05, longest=100.0, gamma=1.0, clip=1.0, epochs=20, batch=16, lam=1.0,
                activation="relu", steps=511, layers=3)
    check_finite(Cart(), agent, 2, 600)


@pytest.mark.skipif(not COMPILED, reason="numba is not here, or turned off")
def test_such_an_update_is_the_same_compiled_and_plain():
    agent, ends = PPO(width=4, layers=1, steps=32, batch=16, epochs=2), []
    for learn in (learn_clipped, plain(learn_clipped)):
        memory = begin(Cart(), agent, 2).memory
        memory.sight[:32], memory.chance[:32], memory.counts[FILLED] = 1.0, 0.5, 32
        memory.reward[:32] = np.arange(32)
        memory.actor[-2:] = 2000.0, -2000.0
        memory.action[:32] = np.arange(32) % 2
        nets = prepare(Cart().model, *agent.nets(), 16)
        learn(memory, nets, 2, 0.99, 0.95, 0.01, 0.01, 0.1, 0.5, 2, 16, 0.2)
        ends.append([*memory])
        assert np.isfinite(memory.report).all() and memory.report[DIVERGENCE] > 300
    assert same(*ends)


@pytest.mark.skipif(not COMPILED, reason="numba is not here, or turned off")
@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.slug)
@pytest.mark.parametrize("agent", [
    *(replace(agent, width=6) for agent in SMALL),
    PPO(width=5, layers=1, activation="relu", steps=32, batch=16, epochs=3, entropy=0.1, alpha=0.05, longest=0.05),
    NetActorCritic(width=4, layers=3, steps=7, entropy=0.2, lam=0.5, gamma=0.5)],
    ids=lambda agent: f"{agent.slug}-{agent.width}")
def test_a_compiled_run_is_the_plain_one_to_the_last_bit(world, agent):
    ends = []
    for loop in (type(agent).loop, plain(type(agent).loop)):
        place, tape = begin(world, agent, 5), Tape(0, 0, blank(StepLog, 90), blank(EpisodeLog, 90))
        loop(world.model, 5, place.memory, place.clock, tape, 90, FOREVER, *agent.parameters())
        ends.append([*tape.steps, *tape.episodes, *place.memory, *place.clock])
    assert same(*ends) and place.memory.counts[UPDATES] >= 1


@agents
def test_knobs_change_in_mid_run_and_the_past_stays(agent):
    run = Timeline(Cart(), agent, 6)
    still = run.edited(100, alpha=0.0, alpha_v=0.0)
    assert same(still.steps(0, 100), run.steps(0, 100)) and same_place(still.at(99), run.at(99))
    assert same(still.at(100).memory, run.at(100).memory)
    nets = [(now.actor, now.critic) for now in (still.at(t).memory for t in (100, 400))]
    assert same(*nets) and not same(nets[0], run.at(400).memory[3:7:3])
    assert still.at(400).memory.counts[UPDATES] > still.at(100).memory.counts[UPDATES]
    other = run.edited(100, gamma=0.5, entropy=0.1, longest=5.0)
    assert not same([other.at(300).memory.actor], [run.at(300).memory.actor])


def test_the_three_hand_their_nets_on_to_each_other():
    run = Timeline(Cart(), SMALL[0], 2).edited(150, agent=SMALL[1]).edited(290, agent=SMALL[2]).edited(
        450, agent=SMALL[0]).edited(700, env=Cart(horizon=30))
    for edit, agent in zip(run.edits, (*SMALL[1:], SMALL[0], SMALL[0]), strict=True):
        before, after = replace(run, edits=run.edits[: run.edits.index(edit)]).at(edit.step), run.at(edit.step)
        assert same(before.memory, after.memory) and same(before.clock, after.clock) and after.agent == agent
    place, log = begin(run.env, run.agent, 2), []
    for start, stop in pairwise([0, 150, 290, 450, 700, 1000]):
        _, env, agent = run.settings(start)
        place = changed(place, env, agent) if start else place
        log.append(advance(place, stop, FOREVER, stop - start)[0])
    assert same_place(place, run.at(1000)) and same(joined(log), run.steps(0, 1000))
    assert run.steps(700, 1000).k.max() <= 30 + run.steps(700, 701).k[0]


def test_steps_that_were_kept_are_learned_from_by_whoever_comes_next():
    """REINFORCE has kept an episode of 450 steps so far; PPO of 64 steps an update learns from them all at once."""
    run = Timeline(Acrobot(), SMALL[0], 1).edited(450, agent=replace(SMALL[2], steps=64))
    before, after = run.at(450).memory, run.at(451).memory
    assert before.counts.tolist() == [450, 0, 0] and after.counts.tolist() == [0, 0, 1]
    assert not same([before.actor], [after.actor])


def test_four_episodes_of_500_steps_fit_and_more_are_cut():
    run = Timeline(Acrobot(), NetReinforce(width=4, batch=4, alpha=0.0), 1)
    filled = [int(run.at(t).memory.counts[FILLED]) for t in (1999, 2000)]
    assert filled == [1999, 0] and ROWS > 4 * 500
    patient = Timeline(Acrobot(), PPO(width=4, steps=2047, epochs=1), 1)
    assert [patient.at(t).memory.counts.tolist() for t in (2046, 2047)] == [[2046, 4, 0], [0, 0, 1]]


@pytest.mark.parametrize("changes", [{"width": 12}, {"layers": 3}, {"activation": "relu"}])
@agents
def test_another_network_is_refused_in_a_sentence(agent, changes):
    with pytest.raises(ValueError) as refused:
        Timeline(Cart(), agent).edited(100, **changes)
    assert str(refused.value) == "another network: what was learned does not fit into it. Start over instead."
    other = next(small for small in SMALL if small is not agent)
    with pytest.raises(ValueError, match="another network"):
        Timeline(Cart(), agent).edited(100, agent=replace(other, **changes))
    assert agent.same_nets(other) and not agent.same_nets(replace(other, **changes))


@runs
def test_a_link_leads_back_to_the_run(run):
    edited = run.edited(50, alpha=0.0123, entropy=0.05).edited(90, agent=PPO(width=8, lam=0.5)).edited(
        120, env=replace(run.env, horizon=20))
    for view in (View(run, 70, 90), View(edited, 130, 160)):
        read = from_query_string(to_query_string(view))
        assert read == view and same_place(read.timeline.at(view.t), view.timeline.at(view.t))
    assert AGENTS[run.agent.slug] is type(run.agent)


@pytest.mark.parametrize("run", [
    Timeline(Cart(), PPO(width=4, steps=64, epochs=1), 1).edited(100, alpha=0.01).edited(
        150, agent=NetReinforce(width=4)),
    Timeline(Acrobot(horizon=50), NetActorCritic(width=4, activation="relu", entropy=0.1), 2)], ids=["edited", "relu"])
def test_the_script_to_take_away_repeats_the_run(run, tmp_path):
    rows, printed = played(run, 180, tmp_path)
    for column, expected in zip(("return", "length", "end"), run.episodes(180), strict=True):
        assert [float(row[column]) for row in rows] == expected.tolist() and len(rows) > 2
    assert printed.endswith(f"{run.at(180).memory.pi}\n")


@runs
def test_the_steps_and_the_nets_can_be_taken_away(run):
    with np.load(io.BytesIO(tables_npz(run, 100)), allow_pickle=False) as read:
        assert all(same([read[name]], [array]) for name, array in run.at(100).memory._asdict().items())
    rows = list(csv.DictReader(io.StringIO(steps_csv(run, 100))))
    for name in ("reward", "target", "baseline", "chance", "k"):
        assert [float(row[name]) for row in rows] == getattr(run.steps(0, 100), name).tolist()


@runs
def test_two_seeds_are_two_runs(run):
    other = replace(run, seed=4)
    assert (run.at(0).memory.actor != other.at(0).memory.actor).any()
    assert (run.at(0).memory.body != other.at(0).memory.body).any()
    assert (run.steps(0, 100).action != other.steps(0, 100).action).any()


@runs
def test_every_number_of_the_log_follows_from_what_it_saw_and_knew(run):
    log, (actor, critic) = run.steps(0, 200), run.agent.shapes(run.env.model)
    for t in (*range(0, 200, 7), 47, 95):  # 47 and 95: then PPO learns
        now, then = run.at(t).memory, run.at(t + 1).memory
        row = now.counts[FILLED]
        sight, after = then.sight[row].astype(np.float64), look(run, t + 1)
        chance = reference.policy(reference.out(now.actor, actor, 0, sight[None]))[0]
        value, ahead = (reference.out(now.critic, critic, 0, seen[None])[0, 0] for seen in (sight, after))
        assert then.pi[0] == pytest.approx(chance, abs=1e-6) and then.pi.sum() == pytest.approx(1)
        assert log.chance[t] == then.pi[0, log.action[t]] and log.baseline[t] == pytest.approx(value, abs=1e-5)
        if log.ended[t] == 0:  # else the body has begun anew
            assert log.target[t] == pytest.approx(log.reward[t] + 0.99 * ahead, abs=1e-5)
    over = log.ended == TERMINATED
    assert (log.target[over] == log.reward[over]).all() and over.any() == isinstance(run.env, Cart)
    assert log.old == pytest.approx(np.log(log.chance), rel=1e-12) and np.array_equal(log.old, log.new)
    assert (log.alpha == 0.01).all() and np.isnan(log.epsilon).all() and not log.explored.any()
    assert not log.state.any() and not log.updated_state.any() and (log.updated_action == log.action).all()
    assert run.at(200).memory.visits.tolist() == [np.bincount(log.action, minlength=len(run.env.actions)).tolist()]


def look(run, t):
    """What is seen at moment ``t``."""
    body = run.at(t).memory.body
    angles = [turn for angle in body[:2] for turn in (np.cos(angle), np.sin(angle))]
    return body if isinstance(run.env, Cart) else np.array([*angles, *body[2:]])


@runs
def test_episodes_are_as_long_as_their_steps_and_returns(run):
    steps, episodes = run.steps(0, 900), run.episodes(900)
    last = np.flatnonzero(steps.ended)
    assert episodes.end.tolist() == (last + 1).tolist() and len(last) > 10
    assert episodes.length.tolist() == np.diff([0, *(last + 1)]).tolist() == (steps.k[last] + 1).tolist()
    assert episodes.ret.tolist() == [part.sum() for part in np.split(steps.reward, last + 1)[:-1]]
    assert run.agent.updates(run.at(900).memory) == run.at(900).memory.counts[UPDATES]
    for episode, end in enumerate(episodes.end[:5], 1):
        body = np.zeros(4)
        begin_body(run.env.model.kind, body, run.seed, episode)
        assert (run.at(int(end)).memory.body == body).all()


KNOBS = {"alpha": (0.0, 0.05), "alpha_v": (0.0, 0.05), "gamma": (0.0, 1.0), "entropy": (0.0, 0.2),
         "longest": (0.01, 100.0), "layers": (1, 3), "activation": ("tanh", "relu")}
OWN = {NetReinforce: {"batch": (1, 4)}, NetActorCritic: {"steps": (1, 512), "lam": (0.0, 1.0)},
       PPO: {"clip": (0.01, 1.0), "epochs": (1, 20), "steps": (32, 2047), "batch": (16, 512), "lam": (0.0, 1.0)}}


def check_finite(world, agent, seed, steps):
    """Nothing a run leaves behind is infinite or no number, but for the value nobody has asked for yet."""
    place = begin(world, agent, seed)
    log = advance(place, steps, FOREVER, steps)[0]
    assert all(np.isfinite(array).all() for name, array in place.memory._asdict().items() if name != "value"), agent
    assert all(np.isfinite(column).all() for column in (log.chance, log.baseline, log.target, log.old))
    assert (log.chance > 0).all() and (log.chance <= 1).all()


@given(st.sampled_from(list(OWN)).flatmap(lambda kind: st.fixed_dictionaries(
    {name: st.sampled_from(ends) for name, ends in (KNOBS | OWN[kind]).items()}).map(
        lambda ends: kind(width=4, **ends))), st.sampled_from(
            [Cart(), Acrobot(), MountainCar(), Cart(horizon=1)]), st.integers(0, 99))
@settings(max_examples=60)
def test_no_knob_makes_a_number_that_is_none(agent, world, seed):
    check_finite(world, agent, seed, 2500)


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_the_wildest_knobs_make_no_number_that_is_none(activation):
    wild = {"alpha": 0.05, "alpha_v": 0.05, "longest": 100.0, "width": 32, "layers": 3, "activation": activation}
    for agent in (PPO(clip=1.0, epochs=20, steps=32, batch=16, gamma=1.0, lam=1.0, **wild),
                  NetActorCritic(steps=1, gamma=1.0, **wild), NetReinforce(entropy=0.2, gamma=1.0, **wild)):
        for world in (Cart(), Acrobot()):
            check_finite(world, agent, 1, 2000)
