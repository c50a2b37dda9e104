"""What a learner sees of a deep Q-network is what the run did: its diagnostics, batches, maps and the net laid open."""

from dataclasses import replace
from itertools import product

import gymnasium
import numpy as np
import pytest

from rl.agents.control.q_learning import QLearning
from rl.agents.deep.memory import BATCH, ERROR, FILLED, LOSS, NORM, UPDATES
from rl.agents.dqn import DQN
from rl.deep_batch import batch_of
from rl.deep_brink import AHEAD, body_brink, says, table_brink
from rl.deep_greedy import EXAM, FRESH, greedy_episodes, limits, values_of
from rl.deep_net import picture
from rl.deep_presets import GRID, trained
from rl.deep_study import judgement, stored, studied_at, training
from rl.deep_surface import VARIABLES, first, surface, variables
from rl.envs.acrobot import Acrobot
from rl.envs.cart import Cart
from rl.envs.frozen_lake import FrozenLake
from rl.envs.maximisation_bias import MaximisationBias
from rl.envs.mountain_car import MountainCar
from rl.nets import ACTIVATIONS
from rl.physics import begin as place
from rl.replay import ENDED, EXTRA
from rl.run import begin
from rl.tape import TERMINATED
from rl.timeline import Timeline
from rl.truth import solution
from tests.deep import reference
from tests.neural import reference as plain_nets

SMALL = {"width": 8, "layers": 1, "batch": 6, "warmup": 20, "alpha": 0.01, "capacity": 80}
CART = Timeline(Cart(), DQN(double="on", **SMALL), 2)
LAKE = Timeline(FrozenLake(), DQN(n=3, dueling="on", loss="Huber", draws="by error", **SMALL), 2)
CAR = Timeline(MountainCar(horizon=30), DQN(every=3, **SMALL), 2)
SWING = Timeline(Acrobot(horizon=30), DQN(activation="tanh", **{**SMALL, "layers": 2}), 2)
RUNS = pytest.mark.parametrize("run", [CART, LAKE, CAR, SWING], ids=lambda run: run.env.slug)
BODIES = pytest.mark.parametrize("run", [CART, CAR, SWING], ids=lambda run: run.env.slug)
EXACT = {"rel": 2e-5, "abs": 2e-5}  # single precision beside double


def plain_values(run, t, kept, which="net"):
    """Q of sights, (n, A), by numpy; minus infinity where a state does not have an action."""
    agent, scene = run.agent, run.agent.model_of(run.env)
    kept = np.asarray(kept, float)
    q = reference.values(getattr(run.at(t).memory, which), agent, scene, reference.inputs(scene, kept))
    if scene.mdp.missing.size:
        q[scene.mdp.missing[kept[:, 0].astype(int)]] = -np.inf
    return q


def rows_at(run, t):
    memory = run.at(t).memory
    return memory.rows[: memory.counts[FILLED]]


# what nets are worth ------------------------------------------------------------------------------

@RUNS
def test_values_are_what_numpy_makes_of_the_weights(run):
    scene = run.agent.model_of(run.env)
    kept = rows_at(run, 70)[:, : scene.kept]
    for which in ("net", "target"):
        found = values_of(run.at(70), kept, getattr(run.at(70).memory, which))
        assert found == pytest.approx(plain_values(run, 70, kept, which), **EXACT)


def test_an_action_that_a_state_does_not_have_is_worth_minus_infinity():
    run = begin(MaximisationBias(), DQN(**SMALL), 0)
    states = np.arange(run.env.shape[0])[:, None]
    assert np.array_equal(np.isneginf(values_of(run, states)), run.env.mdp.missing)


def test_greedy_episodes_are_those_of_gymnasiums_cart():
    run, env = begin(Cart(), replace(trained("cart"), epsilon=0.0), 0), gymnasium.make("CartPole-v1").unwrapped
    shaken = np.random.default_rng(0).normal(0, 0.06, len(run.memory.net))  # or none falls
    run.memory.net[:] += shaken.astype(np.float32)
    found, body = greedy_episodes(run, 6), np.zeros(4)
    scene = run.agent.model_of(run.env)
    for i in range(6):
        place(run.env.model.kind, body, EXAM, FRESH + i)
        env.reset()
        env.state, k, over = tuple(body), 0, False
        while not over and k < 500:
            sight = np.float32(env.state)[None].astype(float)
            q = reference.values(run.memory.net, run.agent, scene, sight)
            over, k = env.step(int(q.argmax()))[2], k + 1
        assert (found.returned[i], found.length[i], found.terminal[i]) == (k, k, over)
        if over:
            assert found.discounted[i] == pytest.approx((1 - 0.99**k) / 0.01)
        else:  # what a value is about does not end at the time limit
            assert found.discounted[i] > (1 - 0.99**500) / 0.01 and found.discounted[i] <= 100
    assert found.terminal.any() and not found.terminal.all()


def test_the_greedy_way_through_the_grid_is_counted_step_by_step():
    found = greedy_episodes(begin(GRID, trained("grid"), 0), 3)
    best, n = solution(GRID, trained("grid").gamma), int(found.length[0])
    assert found.discounted == pytest.approx(best.start) and found.terminal.all()
    assert found.returned == pytest.approx(1.0 - 0.04 * n) and n == 14


@pytest.mark.parametrize(("horizon", "gamma", "limit", "reach"), [
    (500, 0.99, 500, 688),  # .99^688 < .001
    (200, 1.0, 200, 1000), (0, 0.9, 200, 200), (0, 0.0, 200, 200), (1000, 0.999, 1000, 1000), (30, 0.5, 30, 30)])
def test_episodes_are_cut_short_and_sums_are_not(horizon, gamma, limit, reach):
    assert limits(horizon, gamma) == (limit, reach)


# states on the brink ------------------------------------------------------------------------------

@pytest.mark.parametrize("name", ["CartPole-v1", "MountainCar-v0", "Acrobot-v1"])
def test_what_is_on_the_brink_is_so_in_gymnasium_whatever_is_done(name):
    """Nothing saves a doomed cart within five steps; a car and an acrobot can be there within five."""
    world = {"CartPole-v1": Cart(), "MountainCar-v0": MountainCar(), "Acrobot-v1": Acrobot()}[name]
    env, gamma = gymnasium.make(name).unwrapped, 0.9
    found = body_brink(world.model.kind, gamma)
    assert len(found.at) == len(found.truth) > 20
    for body, truth in list(zip(found.at, found.truth, strict=True))[:: len(found.at) // 8]:
        sums = [_played(env, body[: 2 if world.slug == "mountaincar" else 4], plan, gamma)
                for plan in product(range(len(world.actions)), repeat=AHEAD)]
        known = [total for total, over in sums if over]
        assert max(known) == pytest.approx(truth) and (len(known) == len(sums) or world.slug != "cart")


def _played(env, body, plan, gamma):
    env.reset()
    env.state, total, over = np.array(body), 0.0, False
    for k, a in enumerate(plan):
        if not over:
            r, over = env.step(a)[1:3]
            total += gamma**k * r
    return total, over


def test_of_a_grid_it_is_the_steps_into_pits_and_they_are_worth_q_star():
    found, best = table_brink(GRID, 0.9), solution(GRID, 0.9)
    s, a = found.at.astype(int).T
    assert (GRID.mdp.terminal[s, a, 0] & (GRID.mdp.reward[s, a, 0] < 0)).all() and len(s) >= 8
    assert np.array_equal(found.truth, best.q[s, a]) and "badly" in says(GRID)


# diagnostics --------------------------------------------------------------------------------------

@RUNS
def test_diagnostics_are_what_can_be_read_off_the_run(run):
    found = training(run, 150)
    scene = run.agent.model_of(run.env)
    assert found.moments.tolist() == studied_at(run, 150) and found.moments[-1] == 150
    memory, rows = run.at(150).memory, rows_at(run, 150)
    last = {name: getattr(found, name)[-1] for name in found._fields}
    assert [last["loss"], last["error"], last["norm"]] == memory.report[[LOSS, ERROR, NORM]].tolist()
    assert last["filled"] == len(rows) == 80
    q = np.sort(plain_values(run, 150, rows[:, : scene.kept]), axis=1)
    assert last["value"] == pytest.approx(q[:, -1].mean(), **EXACT)
    assert last["gap"] == pytest.approx((q[:, -1] - q[:, -2]).mean(), **EXACT)
    assert last["endings"] == np.mean(rows[:, -EXTRA + ENDED] == TERMINATED)
    assert last["drift"] == pytest.approx(
        np.linalg.norm(memory.net - memory.target) / np.linalg.norm(memory.net), rel=1e-5)
    games = greedy_episodes(run.at(150))
    assert [last["greedy"], last["low"], last["high"], last["returned"], last["start_value"]] == [
        games.returned.mean(), games.returned.min(), games.returned.max(), games.discounted.mean(), games.value.mean()]


def test_a_table_is_held_against_its_optimum():
    found, best = training(LAKE, 300), solution(LAKE.env, LAKE.agent.gamma)
    q = plain_values(LAKE, 300, np.arange(16)[:, None])
    s = np.flatnonzero(best.visitable)
    assert found.truth_error[-1] == pytest.approx(np.sqrt(np.mean((q.max(1) - best.v)[s] ** 2)), **EXACT)
    right = [best.q[i, q[i].argmax()] >= best.v[i] - 1e-9 for i in s]
    assert found.optimal[-1] == pytest.approx(np.mean(right))
    pairs = table_brink(LAKE.env, LAKE.agent.gamma).at.astype(int)
    assert found.doomed[-1] == pytest.approx(q[pairs[:, 0], pairs[:, 1]].mean(), **EXACT)
    assert np.isnan(training(CART, 60).truth_error).all() and np.isnan(training(CART, 60).optimal).all()


@RUNS
def test_before_anything_is_learned_there_is_nothing_to_be_said_of_a_batch(run):
    found = training(run, 10)
    assert np.isnan([found.loss, found.error, found.norm]).all() and (found.drift == 0).all()
    assert np.isnan(found.value[0]) and found.filled[0] == 0 and np.isfinite(found.greedy).all()


def test_going_on_leaves_what_was_found_as_it_was_and_edits_count_from_where_they_are():
    short, edited = training(CART, 100), CART.edited(100, capacity=10, target="none")
    at = training(edited, 160)
    both = np.isin(at.moments, short.moments)
    assert np.array_equal(at.greedy[both], short.greedy[np.isin(short.moments, at.moments)])
    assert at.filled[-1] == 10 and at.drift[-1] >= 0


@pytest.mark.parametrize("study", [training, batch_of, picture])
def test_of_an_agent_without_a_net_there_is_nothing_to_study(study):
    with pytest.raises(TypeError, match="no net"):
        study(Timeline(FrozenLake(), QLearning(), 0), 50)


def test_one_value_has_no_gap():
    assert np.isnan(judgement(np.zeros((0, 2)))).all()
    assert judgement(np.array([[1.0], [3.0]]))[0] == 2 and np.isnan(judgement(np.array([[1.0]]))[1])
    assert judgement(np.array([[1.0, 4.0, 2.0], [5.0, -np.inf, -np.inf], [0.0, -1.0, -np.inf]])) == (3.0, 1.5)


def test_a_sample_of_the_memory_is_spread_from_the_oldest_to_the_newest():
    memory, scene = CART.at(150).memory, CART.agent.model_of(CART.env)
    n, following = len(memory.rows), 150 % len(memory.rows)
    assert np.array_equal(stored(memory, scene, 2), memory.rows[[following, following - 1], :4])
    assert len(stored(memory, scene)) == n and len(stored(memory, scene, 7)) == 7


# batches ------------------------------------------------------------------------------------------

@RUNS
def test_a_batch_adds_up_line_by_line_and_is_what_the_step_learned_from(run):
    t = 91  # the one who learns every third step does so there
    found, before, memory = batch_of(run, t), run.at(t - 1).memory, run.at(t).memory
    assert found.step == t - 1 and found.update == memory.counts[UPDATES]
    assert found.place.tolist() == memory.picked[: memory.counts[BATCH]].tolist()
    scene = run.agent.model_of(run.env)
    rows = reference.taken_apart(scene, memory.rows[found.place])
    assert found.target == pytest.approx(
        reference.targets(before.net, before.target, run.agent, scene, rows), **EXACT)
    q = reference.values(before.net, run.agent, scene, rows.before)[np.arange(len(rows.a)), rows.a]
    assert found.q == pytest.approx(q, **EXACT) and found.error == pytest.approx(found.target - found.q)
    ahead = np.where(found.terminal, 0.0, found.ahead)
    assert found.reward + found.discount * ahead == pytest.approx(found.target, **EXACT)
    assert found.loss.mean() == pytest.approx(memory.report[LOSS], **EXACT)
    assert found.share.sum() == pytest.approx(1) and (found.age >= 0).all() and (found.steps <= run.agent.n).all()
    assert [bool(name) for name in found.best] == (~found.terminal).tolist()
    assert set(found.action) <= {action.name for action in run.env.actions}


def test_terminal_transitions_look_at_nothing_ahead():
    found = next(batch for batch in (batch_of(CART, t) for t in range(60, 120)) if batch.terminal.any())
    i = int(np.flatnonzero(found.terminal)[0])
    assert np.isnan(found.ahead[i]) and found.discount[i] == 0 and found.target[i] == found.reward[i]
    assert (found.ended[i], found.best[i]) == ("terminal", "")


@pytest.mark.parametrize(("run", "t"), [(CART, 0), (CART, 15), (CAR, 62), (CAR, 63)])
def test_a_step_that_learned_nothing_has_no_batch(run, t):
    learned = run.at(t).memory.counts[UPDATES] - run.at(max(0, t - 1)).memory.counts[UPDATES]
    assert (batch_of(run, t) is None) == (learned == 0)


def test_one_step_in_three_has_a_batch_where_it_learns_every_third():
    assert sum(batch_of(CAR, t) is not None for t in range(61, 91)) == 10


# maps ---------------------------------------------------------------------------------------------

@BODIES
def test_a_map_is_the_net_over_two_variables_and_all_else_as_it_is_now(run):
    x, y = first(run.env)
    found, body, scene = surface(run, 77, x, y, 5), run.at(77).memory.body, run.agent.model_of(run.env)
    assert found.trace[-1] == pytest.approx([body[found.x.place] * found.x.scale, body[found.y.place] * found.y.scale])
    for i, j in product(range(5), repeat=2):
        other = body.copy()
        other[found.x.place], other[found.y.place] = found.xs[j] / found.x.scale, found.ys[i] / found.y.scale
        q = reference.values(run.at(77).memory.net, run.agent, scene, _sight(run.env, other)[None])[0]
        assert found.value[i, j] == pytest.approx(q.max(), **EXACT) and found.action[i, j] == q.argmax()
    assert len(found.held) == len(variables(run.env)) - 2


def _sight(world, body):
    """What is seen of a body, said again here: see rl/physics.py."""
    if world.slug == "cart":
        return np.array(body, float)
    if world.slug == "mountaincar":
        return np.array([(body[0] + 0.3) / 0.9, body[1] / 0.07])
    return np.array([np.cos(body[0]), np.sin(body[0]), np.cos(body[1]), np.sin(body[1]), body[2], body[3]])


@BODIES
def test_the_path_on_a_map_is_where_the_episode_has_been(run):
    t, (x, y) = 77, first(run.env)
    start = t - int(run.at(t).clock.counts[3])
    found = surface(run, t, x, y, 3)
    been = np.array([run.at(k).memory.body[[found.x.place, found.y.place]] for k in range(start, t + 1)])
    assert found.trace == pytest.approx(been * [found.x.scale, found.y.scale], abs=1e-4)


def test_any_two_variables_make_a_map_and_nothing_else_does():
    for run in (CART, SWING):
        names = [one.name for one in VARIABLES[run.env.model.kind]]
        for x, y in product(names, repeat=2):
            if x == y:
                with pytest.raises(ValueError, match="two of these"):
                    surface(run, 30, x, y, 3)
            else:
                assert surface(run, 30, x, y, 3).value.shape == (3, 3)
    with pytest.raises(ValueError, match="position"):
        surface(CART, 30, "angle", "colour")
    with pytest.raises(TypeError, match="no body"):
        surface(LAKE, 30, "angle", "spin")


# the net laid open --------------------------------------------------------------------------------

@RUNS
def test_a_picture_holds_what_every_unit_does_now(run):
    t = 90
    found, memory, scene = picture(run, t), run.at(t).memory, run.agent.model_of(run.env)
    kept = np.array([[memory.body[0]]]) if run.env.family == "tabular" else _sight(run.env, memory.body)[None]
    inputs = reference.inputs(scene, kept)
    values = plain_nets.through(memory.net, reference.sizes(run.agent, scene),
                                ACTIVATIONS.index(run.agent.activation), inputs)
    assert found.inputs == pytest.approx(values[0][0], **EXACT) and len(found.input_names) == len(found.inputs)
    for layer, expected in zip(found.layers, values[1:], strict=True):
        assert layer.activation == pytest.approx(expected[0], **EXACT)
    assert found.q == pytest.approx(plain_values(run, t, kept)[0], **EXACT)
    apart = np.concatenate([np.append(layer.weights, layer.biases) for layer in found.layers])
    assert apart.astype(np.float32).tolist() == memory.net.tolist()
    assert len(found.output_names) == len(found.layers[-1].biases) and found.sample == 80


@BODIES
def test_a_unit_that_says_the_same_of_all_that_is_stored_is_called_dead(run):
    """Large steps kill relu units and drive tanh units to their ends."""
    wild = replace(run, agent=replace(run.agent, alpha=0.01, width=32, batch=32)).edited(60, gamma=1.0, target="none")
    found, kept = picture(wild, 900), stored(wild.at(900).memory, wild.agent.model_of(wild.env))
    values = plain_nets.through(wild.at(900).memory.net, reference.sizes(wild.agent, wild.agent.model_of(wild.env)),
                                ACTIVATIONS.index(wild.agent.activation), kept)
    for layer, units in zip(found.layers[:-1], values[1:-1], strict=True):
        still = (np.abs(units) > 0.999).all(0) if wild.agent.activation == "tanh" else (units <= 0).all(0)
        assert np.array_equal(layer.dead, still)
    assert not found.layers[-1].dead.any() and (run is SWING or any(layer.dead.any() for layer in found.layers))
    assert not any(layer.dead.any() for layer in picture(run, 0).layers) and picture(run, 0).sample == 0
